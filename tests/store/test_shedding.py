"""Expired objects leave the memory, unless they are in use or have unsaved edits."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import Entity, Scene, Tag
from stashsync.store import StashEntityStore, cache
from tests.support.scripts import Wire, made, play


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SHED_FROM", 30)


def alive(model: type[Entity]) -> int:
    """How many objects of a class there are in memory."""
    gc.collect()
    return sum(type(get_object) is model for get_object in gc.get_objects())


def test_a_long_walk_does_not_keep_what_it_has_passed() -> None:
    """Objects in use, those they refer to, and edited ones stay, each once."""

    async def story(client: StashClient, wire: Wire) -> None:
        client.identity_map._shed_at = 30
        now = [0.0]
        client.identity_map.now = lambda: now[0]  # type: ignore[method-assign]
        await made(client, ("tag", {"name": "Macro"}), ("tag", {"name": "Night"}))
        for first in range(0, 300, 100):
            await made(
                client,
                *(("scene", {"title": f"scene {first + n}", "tag_ids": ["1"]}) for n in range(100)),
            )
        before, held = alive(Scene), dict[str, Any]()
        scene: Any
        async for scene in client.store.find_iter(Scene, query_batch=10):
            now[0] += 100
            if scene.id == "5":
                held["5"] = scene
            elif scene.id == "6":
                scene.urls.append("http://prints.example")
            elif scene.id == "7":
                scene.title = "renamed"
        assert alive(Scene) - before < 100
        assert await client.store.get(Scene, "5") is held["5"]
        fifth: Any = held["5"]
        assert fifth.tags[0] is client.identity_map.table(Tag)["1"]
        wire.forget()
        await client.store.save_all()
        assert sorted(map(str, wire.inputs())) == [
            "{'id': '6', 'urls': ['http://prints.example']}",
            "{'id': '7', 'title': 'renamed'}",
        ]

    play(story)


def test_what_is_fresh_for_one_of_the_stores_stays() -> None:
    """Each store has its own lifetime; a store that was deleted does not count."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("tag", {"name": f"tag {n}"}) for n in range(40)))
        store, hasty = client.store, StashEntityStore(client, default_ttl=0)
        await hasty.find(Tag)
        client.identity_map._shed_at = 0
        client.identity_map.shed()
        assert store.cache_size == 40
        store.set_ttl(Tag, 0)
        client.identity_map._shed_at = 0
        client.identity_map.shed()
        assert store.cache_size == 0
        patient = StashEntityStore(client, default_ttl=None)
        await hasty.find(Tag)
        client.identity_map._shed_at = 0
        client.identity_map.shed()
        assert patient.cache_size == 40

    play(story)
