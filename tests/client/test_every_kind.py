"""What holds for the client's methods of every kind alike."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from stashsync import StashClient, StashConnectionError
from stashsync.entities import (
    Entity,
    Gallery,
    Group,
    Image,
    Performer,
    SavedFilter,
    Scene,
    SceneMarker,
    Studio,
    Tag,
)
from stashsync.store.selections import base_fields
from tests.client.parts import scripted_client
from tests.support.meaning import name_field
from tests.support.scripts import Wire, made, play

KINDS: dict[str, tuple[str, type[Entity]]] = {
    "scene": ("scenes", Scene),
    "performer": ("performers", Performer),
    "studio": ("studios", Studio),
    "tag": ("tags", Tag),
    "gallery": ("galleries", Gallery),
    "image": ("images", Image),
    "group": ("groups", Group),
    "scene_marker": ("scene_markers", SceneMarker),
    "saved_filter": ("saved_filters", SavedFilter),
}
BULK = [name for name in KINDS if name != "saved_filter"]


@pytest.mark.row("B10")
def test_every_kind_has_a_mixin_that_has_its_methods() -> None:
    """The name of the mixin shows where `find_gallery` is defined."""
    mixins = {item.__name__: item for item in StashClient.__mro__}
    for name, (plural, model) in KINDS.items():
        mixin = mixins[f"{model.__name__}ClientMixin"]
        for method in (f"find_{name}", f"find_{plural}", f"update_{name}", f"{name}_destroy"):
            assert inspect.iscoroutinefunction(vars(mixin)[method]), method


@pytest.mark.row("B3", "B9")
@pytest.mark.parametrize("name", KINDS)
def test_what_was_found_has_a_count_and_a_list_named_after_the_kind(name: str) -> None:
    """Without results it has a count of 0 and an empty list."""
    plural, _ = KINDS[name]

    async def story(client: StashClient, wire: Wire) -> None:
        nothing = await getattr(client, f"find_{plural}")()
        assert (nothing.count, getattr(nothing, plural), bool(nothing)) == (0, [], False)
        await made(client, ("scene", {"title": "a"}), ("tag", {"name": "a"}))
        if name not in ("scene", "tag"):
            assert await getattr(client, f"find_{name}")("1") is None

    play(story)


@pytest.mark.row("C22")
@pytest.mark.parametrize("name", ["scene", "performer", "studio", "tag", "gallery", "group"])
def test_received_fields_are_the_same_however_an_object_was_read(name: str) -> None:
    """By its id, on a page, by a filter, in a loop: all that a first reading asks for."""
    plural, model = KINDS[name]

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, (name, {name_field(name): "a"}))
        kind, server = model.kind(), await client.capabilities()
        first = {"id"} | {
            field
            for field in base_fields(kind)
            if server.has_output(kind.type_name, kind.all_fields[field].output)
        }

        async def by_id() -> Any:
            return await getattr(client, f"find_{name}")("1")

        async def on_a_page() -> Any:
            return getattr(await getattr(client, f"find_{plural}")(), plural)[0]

        async def by_a_filter() -> Any:
            return await client.store.find_one(model)

        async def in_a_loop() -> Any:
            return await anext(client.store.find_iter(model))

        async def from_the_store() -> Any:
            return await client.store.get(model, "1")

        for read in (by_id, on_a_page, by_a_filter, in_a_loop, from_the_store):
            client.store.invalidate_all()
            assert (await read())._received_fields == first, read.__name__

    play(story)


@pytest.mark.row("B8")
@pytest.mark.parametrize("name", BULK)
def test_every_bulk_update_takes_plain_lists_and_reads_what_is_asked_for(name: str) -> None:
    """Lists become what the server takes; without `return_fields` all of a first reading comes."""
    _, model = KINDS[name]
    capable = play(_capabilities)

    async def story() -> None:
        given: dict[str, Any] = {"ids": ["1", "2"]}
        if name != "tag":
            given["tag_ids"] = ["5"]
        client, script = scripted_client([{"op0": [{"id": "1"}, {"id": "2"}]}] * 2)
        client._capabilities = capable
        update = getattr(client, f"bulk_{name}_update")
        updated = await update(given, return_fields="id")
        assert [type(item) for item in updated] == [model, model]
        assert [item.id for item in updated] == ["1", "2"]
        await update(given)
        minimal, full = (body["query"] for body in script.bodies)
        assert f"bulk{model.__name__}Update(input: $input0) {{ id }}" in minimal
        assert f"$input0: Bulk{model.__name__}UpdateInput!" in minimal
        for field in ("created_at", "updated_at"):
            assert field in full
        (sent,) = script.bodies[0]["variables"].values()
        assert sent["ids"] == ["1", "2"]
        if name != "tag":
            assert sent["tag_ids"] == {"ids": ["5"], "mode": "SET"}
            assert given["tag_ids"] == ["5"], "what was given is as it was"

    asyncio.run(story())


async def _capabilities(client: StashClient, wire: Wire) -> Any:
    return await client.capabilities()


@pytest.mark.row("B1", "H1")
@pytest.mark.parametrize("name", KINDS)
def test_a_failed_find_is_an_error_for_every_kind(name: str) -> None:
    """A failure is never returned as None or as an empty result."""
    plural, model = KINDS[name]

    async def story(client: StashClient, wire: Wire) -> None:
        wire.breaks = lambda text: True
        for read in (
            lambda: getattr(client, f"find_{name}")("1"),
            lambda: getattr(client, f"find_{plural}")(),
            lambda: client.store.get(model, "1"),
        ):
            with pytest.raises(StashConnectionError):
                await read()

    play(story)


@pytest.mark.row("B6")
def test_an_option_that_a_deletion_does_not_take_is_refused() -> None:
    """It is not left out silently."""

    async def story(client: StashClient, wire: Wire) -> None:
        with pytest.raises(
            ValueError, match="sceneMarkerDestroy takes no options, not delete_file"
        ):
            await client.scene_marker_destroy({"id": "1", "delete_file": True})
        assert wire.mutations == []

    play(story)
