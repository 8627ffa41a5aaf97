"""Lifetimes of cached objects, and what never expires."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stashsync.client import StashClient
from stashsync.entities import Scene, Studio, Tag
from stashsync.store import CacheStats, StashEntityStore
from stashsync.unset import UNSET
from tests.support.scripts import Wire, made, play


@pytest.mark.row("D1", "D2")
def test_a_store_has_its_constants_and_takes_a_ttl_in_three_forms() -> None:
    """A timedelta, seconds, or None for never; anything else is a TypeError."""

    async def story(client: StashClient, wire: Wire) -> None:
        assert StashEntityStore.DEFAULT_QUERY_BATCH == 40
        assert timedelta(minutes=30) == StashEntityStore.DEFAULT_TTL
        assert StashEntityStore.FIND_LIMIT == 1000
        for ttl in (timedelta(minutes=5), 300, None):
            StashEntityStore(client, default_ttl=ttl)
        for wrong in ("300", 1.5, True):
            with pytest.raises(TypeError):
                StashEntityStore(client, default_ttl=wrong)  # type: ignore[arg-type]

    play(story)


@pytest.mark.row("D1")
def test_objects_stay_fresh_for_the_lifetime_of_their_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half an hour by default, a number of seconds, or for ever; each store has its own setting."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "a"}))
        usual, short = client.store, StashEntityStore(client, default_ttl=300)
        same, ever = (StashEntityStore(client, ttl) for ttl in (timedelta(minutes=5), None))
        tag = await usual.get(Tag, "1")
        assert tag
        read = tag.read_at
        for passed, fresh in ((299, 4), (301, 2), (1799, 2), (1801, 1), (10**9, 1)):
            present = read + passed
            monkeypatch.setattr(client.identity_map, "now", lambda present=present: present)
            stores = (ever, usual, short, same)
            found = [item.get_cached(Tag, "1") for item in stores]
            assert found == [tag] * fresh + [None] * (4 - fresh), passed
        wire.forget()
        assert await ever.get(Tag, "1") is tag
        assert wire.documents == []
        assert await usual.get(Tag, "1") is tag
        assert len(wire.documents) == 1

    play(story)


@pytest.mark.row("D5", "D21")
def test_what_is_known_by_name_alone_is_read_in_full() -> None:
    """Names that come with a scene do not count as a reading of its tags, nor refresh them."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "a", "description": "long"}))
        await made(client, ("scene", {"title": "x", "tag_ids": ["1"]}))
        scene = await store.get(Scene, "1")
        assert scene
        assert scene.tags
        assert scene.tags[0].name == "a"
        assert scene.tags[0].description is UNSET
        assert not store.is_cached(Tag, "1")
        assert store.get_cached(Tag, "1") is None
        assert store.all_cached(Tag) == []
        tag = await store.get(Tag, "1")
        assert store.is_cached(Tag, "1")
        assert tag is scene.tags[0]
        assert tag.description == "long"
        before = tag.read_at
        await store.populate(scene, fields=["tags"], force_refetch=True)
        assert tag.read_at == before

    play(story)


@pytest.mark.row("D3")
def test_statistics_count_what_is_cached() -> None:
    """Objects are counted by type; one that is only referred to is not cached."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "a"}), ("tag", {"name": "b", "parent_ids": ["1"]}))
        await made(client, ("studio", {"name": "North"}))
        await store.find(Tag)
        await store.find(Studio)
        assert store.cache_stats() == CacheStats(3, {"Tag": 2, "Studio": 1}, 0)
        assert store.cache_size == 3
        store.set_ttl(Tag, 0)
        assert store.cache_stats().expired_count == 2

    play(story)


@pytest.mark.row("D21", "D4")
def test_what_has_expired_is_read_again_into_the_same_object() -> None:
    """None goes back to the default; a TTL of another type is a TypeError."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "a"}))
        tag = await store.get(Tag, "1")
        store.set_ttl(Tag, timedelta(0))
        assert store.get_cached(Tag, "1") is None
        assert not store.is_cached(Tag, "1")
        assert store.all_cached(Tag) == []
        wire.forget()
        assert await store.get(Tag, "1") is tag
        assert len(wire.documents) == 1
        store.set_ttl(Tag, None)
        assert store.get_cached(Tag, "1") is tag
        for wrong in ("1", 1.5, True):
            with pytest.raises(TypeError):
                store.set_ttl(Tag, wrong)  # type: ignore[arg-type]

    play(story)


@pytest.mark.row("D19", "D21")
@pytest.mark.fault("6 refetch", "6 expiry")
def test_an_unsaved_edit_neither_expires_nor_is_overwritten() -> None:
    """Fault 6: clean fields take the server's value, edited ones keep the edit."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "a", "description": "old"}))
        tag = await store.get(Tag, "1")
        assert tag is not None
        tag.description = "mine"
        store.set_ttl(Tag, 0)
        assert store.get_cached(Tag, "1") is tag
        await client.execute(
            'mutation { tagUpdate(input: {id: "1", name: "b", description: "theirs"}) { id } }'
        )
        await store.populate(tag, force_refetch=True)
        assert (tag.name, tag.description) == ("b", "mine")
        assert tag.get_changed_fields() == {"description": "mine"}
        await store.save(tag)
        assert (await client.find_tags()).tags[0].description == "mine"

    play(story)


@pytest.mark.row("D20")
def test_what_is_invalidated_is_read_again() -> None:
    """An object (by type and id, or itself), a type, or everything can be invalidated."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "a"}), ("tag", {"name": "b"}))
        await made(client, ("studio", {"name": "c"}))

        async def read() -> Tag:
            await store.find(Studio)
            return (await store.find(Tag))[0]

        tag = await read()
        store.invalidate(Tag, "1")
        assert not store.is_cached(Tag, "1")
        assert store.is_cached(Tag, "2")
        assert await read() is not tag
        store.invalidate(await read())
        assert not store.is_cached(Tag, "1")
        with pytest.raises(TypeError):
            store.invalidate(Tag)  # type: ignore[call-overload]
        await read()
        store.invalidate_type(Tag)
        assert store.cache_stats().by_type == {"Studio": 1}
        await read()
        store.invalidate_all()
        assert store.cache_size == 0

    play(story)
