"""Ids are texts, numbers or objects; a text is never taken for a list of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from stashsync.client import StashClient
from stashsync.entities import Studio, Tag
from stashsync.sandbox import Sandbox
from stashsync.wire.operations import BatchOperation
from stashsync.wire.transport import over_app

T = TypeVar("T")


def on_tags(count: int, action: Callable[[StashClient], Awaitable[T]]) -> tuple[T, list[str]]:
    """Return what `action` gives on a sandbox with so many tags, and the ids that are left."""

    async def story() -> tuple[T, list[str]]:
        with Sandbox(release="develop") as sandbox:
            for number in range(1, count + 1):
                sandbox.library.mutate("tagCreate", {"input": {"name": f"Tag {number}"}})
            sandbox.library.mutate("studioCreate", {"input": {"name": "Northlight"}})
            async with StashClient(over_app(sandbox.app)) as client:
                result = await action(client)
                left = await client.find_tags(per_page=-1, filter_={"sort": "id"})
                return result, [str(tag.id) for tag in left]

    return asyncio.run(story())


async def refused(call: Awaitable[Any]) -> str:
    with pytest.raises(TypeError) as caught:
        await call
    return str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.tags_destroy("12"),
        lambda client: client.tags_merge("12", "3"),
        lambda client: client.tags_merge({"source": "12", "destination": "3"}),
        lambda client: client.scenes_destroy("12"),
        lambda client: client.scenes_destroy({"ids": "12"}),
        lambda client: client.gallery_destroy({"ids": "12"}),
    ],
)
def test_an_id_in_the_place_of_a_list_is_refused(call: Callable[[StashClient], Any]) -> None:
    """The text "12" would be taken for the ids "1" and "2"."""
    message, left = on_tags(12, lambda client: refused(call(client)))
    assert message == "wants a list of ids, not '12'"
    assert len(left) == 12


def test_objects_stand_for_their_ids() -> None:
    """An object may be given wherever an id may be."""

    async def story(client: StashClient) -> None:
        first, second, third, fourth = await client.find_tags(filter_={"sort": "id"})
        assert await client.find_tag(first) is first  # type: ignore[arg-type]
        await client.bulk_tag_update({"ids": [first, "2"], "parent_ids": (third,)}, "id")
        found = await client.find_tag(2)
        assert found is not None
        assert [parent.id for parent in found.parents or ()] == ["3"]
        assert await client.tags_destroy([second, 4])  # type: ignore[list-item]
        assert fourth.id == "4"

    assert on_tags(4, story)[1] == ["1", "3"]


@pytest.mark.parametrize("given", [None, True, 1.5, object(), ["1"]])
def test_what_is_no_id_is_refused_before_anything_is_sent(given: Any) -> None:
    """The error is ours, not the server's about a text that is no number."""

    async def story(client: StashClient) -> None:
        for call in (client.find_tag, client.tag_destroy, client.find_studio_hierarchy):
            assert "wants an id or an object" in await refused(call(given))

    on_tags(1, story)


def test_an_object_that_is_not_saved_has_no_id_to_give() -> None:
    """Its temporary one means nothing to a server."""

    async def story(client: StashClient) -> None:
        with pytest.raises(ValueError, match="save it first"):
            await client.find_studio_root(Studio(name="New"))  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="save it first"):
            await client.tags_destroy([Tag(name="New")])  # type: ignore[list-item]
        with pytest.raises(ValueError, match="blank"):
            await client.find_tag("")

    on_tags(1, story)


def test_a_bulk_update_of_nothing_changes_nothing_and_one_without_ids_is_refused() -> None:
    """The server would answer null to both."""

    async def story(client: StashClient) -> None:
        assert await client.bulk_tag_update({"ids": [], "favorite": True}) == []
        with pytest.raises(ValueError, match="needs their ids"):
            await client.bulk_tag_update({"favorite": True})
        with pytest.raises(TypeError, match="wants a dict"):
            await client.bulk_tag_update(None)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="return_fields is a text"):
            await client.bulk_tag_update({"ids": ["1"]}, ["id"])  # type: ignore[arg-type]

    on_tags(1, story)


@pytest.mark.row("E2")
def test_operations_may_come_from_a_generator() -> None:
    """They are read more than once, and none may get lost."""

    async def story(client: StashClient) -> None:
        made: Any = (
            BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": name}})
            for name in ("Fog", "Rain")
        )
        assert len(await client.execute_batch(made)) == 2
        with pytest.raises(TypeError, match="wants BatchOperation objects, not 'x'"):
            await client.execute_batch(["x"])  # type: ignore[list-item]
        with pytest.raises(TypeError, match="max_batch_size is a whole number"):
            await client.execute_batch([], max_batch_size="5")  # type: ignore[arg-type]

    assert on_tags(0, story)[1] == ["1", "2"]
