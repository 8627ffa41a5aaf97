"""Finding, making, changing and deleting objects of every kind by the client's own methods."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from gql.transport.exceptions import TransportQueryError

from stashsync.client import StashClient
from stashsync.entities import Performer, Scene, Studio, Tag
from stashsync.errors import StashCapabilityError, StashFilterError, StashGraphQLError
from stashsync.sandbox import Sandbox
from stashsync.unset import UNSET
from tests.support.scripts import Wire, made, play

KINDS = {
    "scene": ("scenes", {"title": "a"}, {"title": "b"}),
    "performer": ("performers", {"name": "a"}, {"name": "b"}),
    "studio": ("studios", {"name": "a"}, {"name": "b"}),
    "tag": ("tags", {"name": "a"}, {"name": "b"}),
    "gallery": ("galleries", {"title": "a"}, {"title": "b"}),
    "group": ("groups", {"name": "a"}, {"name": "b"}),
}


@pytest.mark.row("B1", "B3", "B6", "B7", "B9", "B10")
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_made_found_changed_and_deleted(name: str) -> None:
    """Every call with the same id returns the same object."""
    plural, first, then = KINDS[name]

    async def story(client: StashClient, wire: Wire) -> None:
        call: Any = lambda method, *args: getattr(client, method)(*args)  # noqa: E731
        item = await call(f"create_{name}", first)
        assert not item.is_new()
        assert await call(f"find_{name}", item.id) is item
        assert await call(f"find_{name}", "999") is None
        assert await call(f"update_{name}", {"id": item.id, **then}) is item
        assert {key: getattr(item, key) for key in then} == then
        found = await call(f"find_{plural}")
        assert (found.count, getattr(found, plural), list(found)) == (1, [item], [item])
        assert await call(f"{name}_destroy", {"id": item.id}) is True
        assert (await call(f"find_{plural}")).count == 0
        with pytest.raises(StashGraphQLError):
            await call(f"{name}_destroy", {"id": item.id})

    play(story)


@pytest.mark.row("B6")
def test_objects_are_created_and_changed_as_well() -> None:
    """What exists already is refused, not silently taken."""

    async def story(client: StashClient, wire: Wire) -> None:
        alice = Performer(name="Alice")
        assert await client.create_performer(alice) is alice
        assert alice.birthdate is None
        alice.rating100 = 80
        await client.update_performer(alice)
        client.store.invalidate_all()
        (again,) = await client.find_performers()
        assert (again.id, again.rating100) == (alice.id, 80)
        with pytest.raises(StashGraphQLError, match="already exists"):
            await client.create_performer(Performer(name="Alice"))
        with pytest.raises(ValueError, match="no server knows it"):
            await client.update_performer(Performer(name="Ben"))
        with pytest.raises(ValueError, match="created already"):
            await client.create_performer(alice)
        with pytest.raises(TypeError):
            await client.create_performer(Tag(name="Alice"))  # type: ignore[arg-type]

    play(story)


@pytest.mark.row("B2", "H1")
def test_an_id_is_no_name() -> None:
    """A name is not looked for; what the server refuses is an error of gql, too."""

    async def story(client: StashClient, wire: Wire) -> None:
        await client.create_performer(Performer(name="Alice"))
        with pytest.raises(TransportQueryError):
            await client.find_performer("Alice")
        with pytest.raises(StashGraphQLError):
            await client.find_scene("invalid-id")

    play(story)


@pytest.mark.row("B4", "B9")
def test_results_come_in_pages() -> None:
    """Forty a page, from 1; keywords take precedence over `filter_`."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("tag", {"name": f"Lens {n:02}"}) for n in range(50)))
        first = await client.find_tags()
        assert (first.count, len(first.tags), first.tags[0].id) == (50, 40, "1")
        last = await client.find_tags(page=2)
        assert [len(last.tags), len(last.items), len(last)] == [10, 10, 10]
        ninth = await client.find_tags(filter_={"page": 9, "per_page": 3, "sort": "name"}, page=2)
        assert [tag.name for tag in ninth.tags] == ["Lens 03", "Lens 04", "Lens 05"]
        down = await client.find_tags(filter_={"sort": "name", "direction": "DESC"}, per_page=2)
        assert [tag.name for tag in down.tags] == ["Lens 49", "Lens 48"]
        assert len((await client.find_tags(per_page=-1)).tags) == 50
        assert [tag.name for tag in (await client.find_tags(q="Lens 07")).tags] == ["Lens 07"]
        with pytest.raises(ValueError, match="count from 1"):
            await client.find_tags(page=0)

    play(story)


@pytest.mark.row("B5", "D12")
@pytest.mark.fault("11 flags")
def test_raw_filters_pass_and_flags_are_unwrapped() -> None:
    """The texts write a flag as a criterion, which no server accepts."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(
            client,
            ("scene", {"title": "a", "rating100": 90, "organized": True}),
            ("scene", {"title": "b", "rating100": 70}),
        )
        high = {"rating100": {"value": 80, "modifier": "GREATER_THAN"}}
        assert [scene.title for scene in (await client.find_scenes(scene_filter=high)).scenes] == [
            "a"
        ]
        open_ = {"organized": {"value": False, "modifier": "EQUALS"}}
        assert [
            find_scene.title for find_scene in (await client.find_scenes(scene_filter=open_))
        ] == ["b"]
        with pytest.raises(StashGraphQLError):
            await client.find_scenes(scene_filter={"no_such_field": True})
        (by_query,) = (await client.queries.find_scenes(scene_filter=open_))["scenes"]
        assert by_query.title == "b"

    play(story)


def test_objects_in_raw_filters_stand_for_their_ids() -> None:
    """In the client's searches, the store's and those of `queries`; a new one has none yet."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag = await client.create_tag(Tag(name="Fog"))
        scene = await client.create_scene(Scene(title="a", tags=[tag]))
        criterion = {"value": [tag], "modifier": "INCLUDES"}
        assert (await client.find_scenes({"tags": criterion})).scenes == [scene]
        assert (await client.find_scenes({"NOT": {"tags": criterion}})).count == 0
        assert await client.store.find(Scene, tags=criterion) == [scene]
        found = await client.queries.find_scenes(scene_filter={"tags": criterion})
        assert found["scenes"] == [scene]
        with pytest.raises(StashFilterError, match="save this one first"):
            await client.find_scenes({"tags": {**criterion, "value": [Tag(name="Rain")]}})

    play(story)


@pytest.mark.row("B8")
def test_bulk_updates_read_back_everything_or_what_is_asked_for() -> None:
    """Lists are set as a whole, whichever the kind; fields that were not read count as old."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "x"}), ("tag", {"name": "y"}))
        await made(client, ("scene", {"title": "a"}), ("scene", {"title": "b"}))
        scenes = await client.bulk_scene_update({"ids": ["1", "2"], "tag_ids": ["1"]})
        assert [scene.tag_ids for scene in scenes] == [["1"], ["1"]]
        wire.forget()
        updated = await client.bulk_scene_update({"ids": ["1"], "rating100": 5}, return_fields="id")
        assert wire.mutations[0].splitlines()[1].endswith("{ id }")
        assert updated == scenes[:1]
        wire.forget()
        assert await client.store.get(Scene, "2") is scenes[1]
        assert wire.documents == [], "all of it was read back"
        assert await client.store.get(Scene, "1") is scenes[0]
        assert scenes[0].rating100 == 5
        assert len(wire.documents) == 1, "only its id was"
        tags = await client.bulk_tag_update({"ids": ["1", "2"], "aliases": {
            "values": [], "mode": "SET"}, "favorite": True})  # fmt: skip
        assert [tag.favorite for tag in tags] == [True, True]
        await client.bulk_tag_update({"ids": ["2"], "parent_ids": ["1"]}, return_fields="id")
        assert (await client.store.get(Tag, "2")).parent_ids == ["1"]  # type: ignore[union-attr]

    play(story)


@pytest.mark.row("B10")
def test_tags_are_merged_and_performers_where_the_server_can() -> None:
    """Sources are forgotten, and the destination is up to date."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "x"}), ("tag", {"name": "y"}))
        await client.find_tags()
        tag = await client.tags_merge(["2"], "1")
        assert (tag.id, tag.aliases) == ("1", ["y"])
        assert client.store.get_cached(Tag, "2") is None
        with pytest.raises(StashCapabilityError):
            await client.performer_merge(["2"], "1")

    play(story)


def test_a_merge_unites_the_hierarchy_whatever_the_release() -> None:
    """v0.31 takes it from `values` alone; given values stand, the others are united."""

    async def story(client: StashClient, wire: Wire) -> None:
        names = ("x", "above x", "y", "above y", "below y")
        await made(client, *(("tag", {"name": name}) for name in names))
        for child, parents in (("1", ["2"]), ("3", ["4", "1"]), ("5", ["3"])):
            await client.update_tag({"id": child, "parent_ids": parents})
        values = {"description": "both"} if release == "0.31.1" else None
        tag = await client.tags_merge(["3"], "1", values)
        assert sorted(tag.parent_ids) == ["2", "4"]
        assert [child.id for child in (await client.find_tag("5")).parents] == ["1"]  # type: ignore[union-attr]
        assert tag.description == ("both" if values else "")

    for release in ("0.30.1", "0.31.1"):
        with Sandbox(release=release) as sandbox:
            play(story, sandbox)


@pytest.mark.row("A9")
def test_many_requests_run_at_once() -> None:
    """Reads and saves side by side, over one connection pool."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("scene", {"title": f"Reel {n}"}) for n in range(10)))
        scenes, performers, studios = await asyncio.gather(
            client.find_scenes(), client.find_performers(), client.find_studios()
        )
        assert (scenes.count, performers.count, studios.count) == (10, 0, 0)
        for scene in scenes.scenes:
            scene.organized = True
        await asyncio.gather(*[scene.save(client) for scene in scenes.scenes])
        assert (await client.find_scenes(scene_filter={"organized": True})).count == 10

    play(story)


@pytest.mark.row("C21", "C15", "C16", "C17", "C24")
@pytest.mark.fault("1", "10 stale")
def test_related_objects_are_those_of_the_client() -> None:
    """One object for one id; the other ends of relations follow where they are loaded."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("studio", {"name": "North"}), ("performer", {"name": "Ada"}))
        await made(client, ("performer", {"name": "Ben"}))
        await made(client, ("scene", {"title": "a", "studio_id": "1", "performer_ids": ["1"]}))
        scene = await client.find_scene("1")
        assert scene
        assert scene.studio
        assert scene.studio.name == "North"
        studio = await client.find_studio("1")
        assert studio is scene.studio
        assert studio.scenes is UNSET
        scene.performers = []
        await scene.save(client)
        ada, ben = (await client.find_performers()).performers
        sent = len(wire.mutations)
        await scene.add_performer(ben)
        scene.add_performer(ada)
        assert len(wire.mutations) == sent, "only saving sends anything"
        await scene.save(client)
        scene.performer_ids = ["2"]
        await scene.save(client)
        assert [item.get("performer_ids") for item in wire.inputs()][-3:] == [
            [], ["2", "1"], ["2"],
        ]  # fmt: skip
        await client.store.populate(studio, fields=["scenes"])
        scene.studio = None
        assert studio.scenes == []

    play(story)


@pytest.mark.row("C6", "C7", "C9", "C10")
@pytest.mark.fault("7 favorite", "7 ignore_auto_tag", "7 stash_ids")
def test_an_entity_saves_itself() -> None:
    """Create, then only what was edited; null clears, UNSET leaves alone."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag = Tag(name="Macro", favorite=True, ignore_auto_tag=True)
        await tag.save(client)
        person = Performer(name="Ada", stash_ids=[{"endpoint": "e", "stash_id": "i"}])
        await person.save(client)
        client.store.invalidate_all()
        read = await client.find_tag(tag.id)
        who = await client.find_performer(person.id)
        assert read
        assert who
        assert (read.favorite, read.ignore_auto_tag) == (True, True)
        assert who.stash_ids
        assert who.stash_ids[0]["stash_id"] == "i"
        scene = Scene(title="Reel", rating100=85, details="x")
        assert await scene.to_input() == {"title": "Reel", "rating100": 85, "details": "x"}
        await scene.save(client)
        scene.rating100, scene.details = None, UNSET
        assert await scene.to_input() == {"id": scene.id, "rating100": None}
        await scene.save(client)
        assert scene.get_changed_fields() == {}
        again = await client.find_scene(scene.id)
        assert again
        assert (again.rating100, again.details) == (None, "x")

    play(story)


@pytest.mark.row("G3", "G1")
def test_parts_of_the_client_share_its_objects() -> None:
    """Hierarchies are of the same objects as everything else."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("studio", {"name": "Root"}))
        await made(client, ("studio", {"name": "Leaf", "parent_id": "1"}))
        leaf = await client.find_studio("2")
        hierarchy = await client.find_studio_hierarchy("2")
        assert [item.name for item in hierarchy] == ["Root", "Leaf"]
        assert hierarchy[1] is leaf
        assert await client.find_studio_root("2") is hierarchy[0]
        assert client.store.is_cached(Studio, "1")
        assert await client.map_studio_ids([hierarchy[1], "Root"]) == ["2", "1"]

    play(story)
