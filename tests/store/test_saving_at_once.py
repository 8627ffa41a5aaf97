"""Overlapping savings of the same objects."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import Scene, Tag
from stashsync.store import CascadeWarning
from stashsync.unset import is_set
from stashsync.wire.exchange import Answer
from tests.support.scripts import Wire, made, play


def first_is_late(wire: Wire, edit: Callable[[], None]) -> None:
    """Edit during the next mutation, and let it arrive after those that are sent behind it."""
    send, waiting = wire.send, [edit]

    async def late(text: str, variables: Any = None, **options: Any) -> Answer:
        if not text.startswith("mutation"):
            return await send(text, variables, **options)
        if waiting:
            waiting.pop()()
            await asyncio.sleep(0.02)
            return await send(text, variables, **options)
        answer = await send(text, variables, **options)
        await asyncio.sleep(0.05)
        return answer

    wire.send = late  # type: ignore[method-assign]


@pytest.mark.parametrize("direct", [False, True])
def test_an_older_value_never_overtakes_a_newer_one(direct: bool) -> None:
    """The server would keep what arrives last, and the newer one would be taken for saved."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "Fog"}))
        scene = await client.store.get(Scene, "1")
        assert scene is not None
        scene.title = "older"

        async def save() -> None:
            await (scene.save(client) if direct else client.store.save(scene))

        def edit() -> None:
            scene.title = "newer"

        first_is_late(wire, edit)
        first = asyncio.create_task(save())
        await asyncio.sleep(0.01)
        await asyncio.gather(first, save())
        data = await client.execute("{ findScene(id: 1) { title } }")
        assert data == {"findScene": {"title": "newer"}}
        assert not scene.is_dirty()

    play(story)


def test_the_two_ends_of_a_relation_never_overtake_each_other() -> None:
    """The list of one end is sent whole: it would undo what the other end has saved meanwhile."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "Fog"}), *(("tag", {"name": n}) for n in "ab"))
        (scene,) = await client.store.find(Scene)
        a, b = await client.store.find(Tag)
        await client.store.populate(b, ["scenes"])
        scene.tags = [a]

        def edit() -> None:
            assert is_set(b.scenes)
            b.scenes.append(scene)

        first_is_late(wire, edit)
        first = asyncio.create_task(client.store.save(scene))
        await asyncio.sleep(0.01)
        await asyncio.gather(first, client.store.save(b))
        assert not scene.is_dirty()
        assert not b.is_dirty()
        data = await client.execute("{ findScene(id: 1) { tags { id } } }")
        assert data == {"findScene": {"tags": [{"id": "1"}, {"id": "2"}]}}

    play(story)


@pytest.mark.parametrize("direct", [False, True])
def test_a_new_object_that_is_referred_to_meanwhile_waits_for_the_next_saving(
    direct: bool,
) -> None:
    """No server could accept its temporary id."""

    async def story(client: StashClient, wire: Wire) -> None:
        scene, first, second = Scene.new(title="Fog"), Tag.new(name="a"), Tag.new(name="b")
        client.store.add(scene)
        if not direct:
            scene.tags = [first]

        def edit() -> None:
            scene.tags = [*(scene.tags or ()), second]

        first_is_late(wire, edit)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CascadeWarning)
            await (scene.save(client) if direct else client.store.save(scene))
            assert second.is_new()
            assert scene.is_dirty()
            await client.store.save_all()
        data = await client.execute("{ findScene(id: 1) { tags { name } } }")
        assert data["findScene"]["tags"] == [{"name": n} for n in ("b" if direct else "ab")]

    play(story)
