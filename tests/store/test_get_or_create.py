"""`get_or_create`: one object for equal values, also with many calls at once."""

from __future__ import annotations

import asyncio

import pytest

from stashsync.client import StashClient
from stashsync.entities import Performer, Scene
from stashsync.store import StashEntityStore
from tests.support.scripts import Wire, made, play


@pytest.mark.row("D25", "C4")
def test_get_or_create_makes_what_is_not_there_once() -> None:
    """A new one is not saved, is cached, and is found by the next call."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("performer", {"name": "Alice"}))
        alice = await store.get_or_create(Performer, name="Alice")
        assert alice.id == "1"
        assert not alice._is_new
        bea = await store.get_or_create(Performer, name="Bea")
        assert bea._is_new
        assert len(bea.id) == 32
        assert store.is_cached(Performer, bea.id)
        assert await store.get_or_create(Performer, name="Bea") is bea
        assert wire.mutations == [wire.mutations[0]]  # that of Alice
        with pytest.raises(ValueError, match="there is no Performer"):
            await store.get_or_create(Performer, create_if_missing=False, name="Cleo")
        await store.save(bea)
        assert await store.get_or_create(Performer, name="Bea") is bea

    play(story)


@pytest.mark.row("D25", "A9")
def test_get_or_create_makes_one_where_many_ask_at_once() -> None:
    """The object may be new, or may have been saved while the server was answering."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        first, *others = await asyncio.gather(
            *(store.get_or_create(Scene, title="Reel", code=code) for code in "aaaab")
        )
        assert [other is first for other in others] == [True, True, True, False]
        late, reel = await asyncio.gather(
            store.get_or_create(Scene, title="Harbour"), _saved(store, Scene.new(title="Harbour"))
        )
        assert late is reel
        await store.save_all()
        assert (await client.find_scenes()).count == 3

    play(story)


async def _saved(store: StashEntityStore, scene: Scene) -> Scene:
    store.add(scene)
    await store.save(scene)
    return scene
