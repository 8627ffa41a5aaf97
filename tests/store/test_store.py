"""The store: one object for an id, few readings, no lost edits."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import Scene, SceneMarker, Studio, Tag, VideoFile
from stashsync.errors import (
    StashConnectionError,
    StashGraphQLError,
    StashIntegrationError,
    StashRefusedError,
)
from stashsync.store import StashEntityStore
from stashsync.unset import UNSET
from tests.support.cascade import quietly
from tests.support.scripts import Wire, made, play


@pytest.mark.row("D5", "D9", "D15", "D16", "D17", "D19", "D23", "D25", "E6")
def test_defaults_of_the_store_are_as_documented() -> None:
    """The defaults of the store's methods."""

    def defaults(name: str) -> dict[str, Any]:
        given = inspect.signature(getattr(StashEntityStore, name)).parameters.values()
        return {item.name: item.default for item in given if item.default is not item.empty}

    assert defaults("__init__") == {"default_ttl": timedelta(minutes=30)}
    assert defaults("get") == {"fields": None}
    assert defaults("find_iter") == {"query_batch": 40}
    assert defaults("filter_and_populate") == {"batch_size": 50}
    assert defaults("filter_and_populate_with_stats") == {"batch_size": 50}
    assert defaults("populated_filter_iter") == {"populate_batch": 50, "yield_batch": 10}
    assert defaults("populate") == {"fields": None, "force_refetch": False}
    assert defaults("save") == {"_cascade_depth": 0}
    assert defaults("get_or_create") == {"create_if_missing": True}


@pytest.mark.row("A3", "A4", "A5")
@pytest.mark.fault("9")
def test_all_stores_of_a_client_have_the_same_objects_and_two_clients_none_in_common() -> None:
    """One identity map for each client: two servers never share an object."""

    async def story(client: StashClient, wire: Wire) -> Tag:
        await made(client, ("tag", {"name": "Macro"}))
        tag = await client.store.get(Tag, "1")
        assert tag is not None
        assert client.store is client.store
        assert await StashEntityStore(client).get(Tag, "1") is tag
        assert await client.find_tag("1") is tag
        assert client.client is client
        return tag

    first, other = play(story), play(story)
    assert first is not other


@pytest.mark.row("D4", "D5", "D26")
def test_an_object_is_fetched_once() -> None:
    """`get_cached` sends nothing; `get` asks where it must; `fields` always asks, for those too."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("studio", {"name": "North"}), ("studio", {"name": "South"}))
        wire.forget()
        assert store.get_cached(Studio, "1") is None
        assert not store.is_cached(Studio, "1")
        assert wire.documents == []
        studio = await store.get(Studio, "1")
        assert studio is not None
        assert await store.get(Studio, "1") is store.get_cached(Studio, "1") is studio
        assert store.is_cached(Studio, "1")
        assert len(wire.documents) == 1
        assert studio.scenes is UNSET
        assert await store.get(Studio, "1", fields=["scenes"]) is studio
        assert studio.scenes == []
        await client.execute('mutation { studioUpdate(input: {id: "1", name: "Up"}) { id } }')
        assert await store.get(Studio, "1") is studio
        assert studio.name == "North", "from the cache"
        assert await store.get(Studio, "1", fields=["name"]) is studio
        assert studio.name == "Up", "past the cache"
        assert await store.get(Studio, "99") is None

    play(story)


@pytest.mark.row("D5", "B1")
@pytest.mark.fault("5", "5 map_ids", "5 get_or_create")
def test_a_failure_is_never_taken_for_nothing() -> None:
    """A failed read raises; it returns neither None nor an empty list, and creates nothing."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        # whoever took a failure for nothing could make what is there already
        wire.breaks = lambda text: not text.startswith("mutation")
        for read in (
            lambda: store.get(Tag, "1"),
            lambda: store.get_many(Tag, ["1"]),
            lambda: store.find(Tag, name="a"),
            lambda: store.find_one(Tag, name="a"),
            lambda: store.get_or_create(Tag, name="a"),
            lambda: client.find_tag("1"),
            client.find_tags,
            lambda: client.map_tag_ids(["a"], create=True),
        ):
            with pytest.raises(StashConnectionError):
                await read()  # type: ignore[no-untyped-call]
        assert wire.mutations == []
        assert store.all_cached(Tag) == []

    play(story)


@pytest.mark.row("D6")
@pytest.mark.fault("12 one by id")
def test_many_objects_are_one_request() -> None:
    """Cached ones are not asked for, missing ones leave the others alone."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        ids = await made(client, *(("tag", {"name": f"Lens {n}"}) for n in range(100)))
        first = await store.get(Tag, ids[0])
        wire.forget()
        found = await store.get_many(Tag, ["999", *ids, ids[3]])
        assert len(wire.documents) == 1
        assert len(wire.documents[0][1]) == 100
        assert [item.id for item in found] == ids
        assert found[0] is first

    play(story)


@pytest.mark.row("D6")
def test_a_document_asks_for_250_objects_at_most() -> None:
    """More are several documents, one after the other; the order is that of the ids."""

    async def story(client: StashClient, wire: Wire) -> None:
        ids = await made(client, *(("tag", {"name": f"Lens {n}"}) for n in range(251)))
        wire.forget()
        assert [item.id for item in await client.store.get_many(Tag, ids[::-1])] == ids[::-1]
        assert [len(variables) for _, variables in wire.documents] == [250, 1]
        wire.forget()
        assert len(await client.store.get_many(Tag, ids)) == 251
        assert wire.documents == []

    play(story)


@pytest.mark.row("D6", "D5", "B1")
def test_markers_are_found_by_id_where_others_are_gone() -> None:
    """The only query that finds them takes many ids, and fails whole for one that is unknown."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "Gate"}), ("scene", {"title": "a"}))
        marker = {"title": "", "scene_id": "1", "primary_tag_id": "1"}
        await made(client, *(("sceneMarker", {**marker, "seconds": float(n)}) for n in range(3)))
        wire.forget()
        found = await store.get_many(SceneMarker, ["3", "1"])
        assert [(item.id, item.seconds) for item in found] == [("3", 2.0), ("1", 0.0)]
        assert len(wire.documents) == 1
        store.invalidate_all()
        found = await store.get_many(SceneMarker, ["9", "2", "8", "3"])
        assert [item.id for item in found] == ["2", "3"]
        assert await client.find_scene_marker("9") is None
        assert await store.get(SceneMarker, "2") is found[0]

    play(story)


@pytest.mark.row("D7", "D8")
def test_find_gives_all_that_match_and_refuses_more_than_its_limit() -> None:
    """One request; a ValueError that is a StashError too."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, *(("tag", {"name": f"Lens {n}"}) for n in range(5)))
        wire.forget()
        found = await store.find(Tag, name__contains="Lens")
        assert [item.id for item in found] == ["1", "2", "3", "4", "5"]
        assert len(wire.documents) == 1
        assert store.get_cached(Tag, "4") is found[3]
        assert await store.find_one(Tag, name="Lens 2") is found[2]
        assert await store.find_one(Tag, name="Tripod") is None
        store.FIND_LIMIT = 5  # type: ignore[misc]
        assert await store.find(Tag) == found, "so many are not too many"
        store.FIND_LIMIT = 4  # type: ignore[misc]
        with pytest.raises(ValueError, match="5 objects match, and find gives 4 at most") as caught:
            await store.find(Tag)
        assert isinstance(caught.value, StashIntegrationError)

    play(story)


@pytest.mark.row("D9")
def test_pages_are_fetched_as_the_loop_goes_on() -> None:
    """Nothing after a break, no empty page at the end."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, *(("tag", {"name": f"Lens {n}"}) for n in range(6)))
        wire.forget()
        async for tag in store.find_iter(Tag, query_batch=2):
            if tag.id == "3":
                break
        assert len(wire.documents) == 2
        wire.forget()
        assert [tag.id async for tag in store.find_iter(Tag, query_batch=3)] == list("123456")
        assert len(wire.documents) == 2
        with pytest.raises(ValueError, match="at least 1"):
            await anext(store.find_iter(Tag, query_batch=0))

    play(story)


@pytest.mark.row("D9")
@pytest.mark.parametrize("batch", [1, 2, 3, 7, 40])
def test_a_loop_that_changes_what_it_looks_for_skips_nothing(batch: int) -> None:
    """Scenes that were organized leave the result, and later ones move up into earlier pages."""

    async def story(client: StashClient, wire: Wire) -> None:
        ids = await made(client, *(("scene", {"title": f"Reel {n}"}) for n in range(11)))
        seen = []
        async for scene in client.store.find_iter(Scene, organized=False, query_batch=batch):
            seen.append(scene.id)
            if scene.id not in ("4", "5"):
                scene.organized = True
                await scene.save(client)
        assert seen == ids

    play(story)


@pytest.mark.row("D22", "C3", "C23")
def test_a_new_object_is_found_under_its_temporary_id_and_then_under_its_own() -> None:
    """`save` exchanges the key; `save` of the entity does it too."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        tag = Tag.new(name="Action")
        store.add(tag)
        before = tag.id
        assert store.get_cached(Tag, before) is tag
        await store.save(tag)
        assert store.get_cached(Tag, before) is None
        assert store.get_cached(Tag, tag.id) is tag
        other = Tag(name="Drama")
        await other.save(client)
        assert await client.find_tag(other.id) is other
        with pytest.raises(ValueError, match="another object with this id"):
            store.add(Tag(id=tag.id, name="x"))

    play(story)


@pytest.mark.row("D24", "B7", "C11")
def test_what_is_deleted_is_forgotten() -> None:
    """By the store, the entity or the client; a refusal is a ValueError."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, *(("scene", {"title": f"Reel {n}"}) for n in range(4)))
        first, second, third, fourth = await store.find(Scene)
        assert await store.delete(first, delete_file=False)
        assert await second.delete(client)
        assert await client.scene_destroy({"id": third.id})
        assert await client.scenes_destroy([fourth.id])
        assert store.all_cached(Scene) == []
        assert await store.find(Scene) == []
        with pytest.raises(ValueError, match="no server knows it"):
            await store.delete(Scene(title="new"))
        with pytest.raises(StashRefusedError):
            await store.delete(first)
        with pytest.raises(NotImplementedError):
            await store.delete(VideoFile(id="1"))

    play(story)


@pytest.mark.row("D23")
def test_a_refused_save_is_a_value_error_and_leaves_the_edit() -> None:
    """It is the server's own error, too."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "a"}))
        other = Tag(name="a")
        with pytest.raises(ValueError, match="already exists") as caught:
            await store.save(other)
        assert isinstance(caught.value, StashGraphQLError)
        assert other.is_new()
        assert other.is_dirty()
        wire.breaks = lambda text: text.startswith("mutation")
        with pytest.raises(StashConnectionError):
            await store.save(Tag(name="b"))

    play(story)


@pytest.mark.row("D23", "C6")
def test_no_temporary_id_is_ever_sent() -> None:
    """Where what an object refers to could not be made, the object is not sent; it stays new."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "taken"}), ("scene", {"title": "a"}))
        known = await client.find_scene("1")
        assert known
        tag = Tag(name="taken")
        known.tags, new = [tag], Scene(title="b", tags=[tag])
        wire.forget()
        for scene in (known, new):
            with pytest.raises(ValueError, match="save Tag"):
                await scene.save(client)
            assert wire.documents == []
            with quietly(), pytest.raises(ValueError, match="already exists"):
                await client.store.save(scene)
            assert [text.count("tagCreate") for text in wire.mutations] == [1]
            assert tag.id not in str(wire.documents)
            assert scene.get_changed_fields()["tags"] == [tag]
            wire.forget()
        assert tag.is_new()
        assert new.is_new()

    play(story)
