"""Fields that are fetched when they are needed, and filters over cached objects."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FragmentDefinitionNode, Visitor, parse, visit

from stashsync.client import StashClient
from stashsync.entities import Entity, Gallery, Group, Image, Performer, Scene, Studio, Tag
from stashsync.fields import FarEnd
from stashsync.sandbox import MediaFile, Sandbox
from stashsync.unset import UNSET, is_set
from tests.support.scripts import Wire, made, play


async def library(client: StashClient) -> None:
    """Create three studios below each other, two tags, two performers and four scenes."""
    await made(
        client,
        ("studio", {"name": "Root", "details": "top"}),
        ("studio", {"name": "Middle", "parent_id": "1"}),
        ("studio", {"name": "Leaf", "parent_id": "2"}),
        ("tag", {"name": "Macro"}),
        ("performer", {"name": "Ada", "favorite": True}),
        ("performer", {"name": "Ben"}),
    )
    await made(
        client,
        *(
            ("scene", {"title": f"Reel {n}", "studio_id": "3", "performer_ids": ["1"],
                       "rating100": 60 + 10 * n})
            for n in range(4)
        ),
    )  # fmt: skip


@pytest.mark.row("C22", "D18")
@pytest.mark.fault("8 omitted")
def test_what_was_not_read_is_missing() -> None:
    """First readings have all that can be set, but no far ends."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        performer = await client.find_performer("1")
        assert performer is not None
        assert {"id", "name", "birthdate", "tags", "custom_fields"} <= performer._received_fields
        assert store.missing_fields(performer, "scenes", "images", "name") == {"scenes", "images"}
        assert store.has_fields(performer, "name", "birthdate")
        assert not store.has_fields(performer, "name", "scenes")
        settable = {name for name, spec in Performer.kind().fields.items() if spec.reads}
        server = await client.capabilities()
        assert {
            name
            for name in settable
            if server.has_output("Performer", Performer.kind().fields[name].output)
        } <= performer._received_fields
        for found in (await client.find_performers()).performers:
            assert "name" in found._received_fields

    play(story)


def chosen(text: str) -> set[str]:
    """Return what a document reads of each object: in a fragment, or under `rows`."""
    found: set[str] = set()

    class Look(Visitor):
        def note(self, node: Any, *_: Any) -> None:
            if isinstance(node, FragmentDefinitionNode) or (
                node.alias and node.alias.value == "rows"
            ):
                names = (
                    getattr(selection, "name", None) for selection in node.selection_set.selections
                )
                found.update(name.value for name in names if name)

        enter_field = enter_fragment_definition = note

    visit(parse(text), Look())
    return found


@pytest.mark.row("B3", "D5")
@pytest.mark.fault("8 scenes")
@pytest.mark.parametrize("model", [Tag, Studio, Performer, Scene, Gallery, Image, Group])
def test_a_first_reading_asks_for_no_list_that_may_be_long(model: type[Entity]) -> None:
    """A performer may have thousands of scenes; reading the performer does not read them.

    What is below a tag or a studio is no such list.
    """
    kind = model.kind()
    long = {
        spec.output
        for name, spec in kind.all_fields.items()
        if isinstance(spec.meaning, FarEnd) and name != "children"
    }

    async def story(client: StashClient, wire: Wire) -> None:
        await getattr(client, f"find_{kind.plural}")()
        await getattr(client, f"find_{kind.name}")("1")
        await client.store.get(model, "1")
        await client.store.find(model)
        assert [item async for item in client.store.find_iter(model)] == []
        assert len(wire.documents) == 5
        for text, _ in wire.documents:
            assert "id" in chosen(text)
            assert not chosen(text) & long

    play(story)


@pytest.mark.parametrize("name", ["tag", "studio"])
def test_a_first_reading_has_what_is_above_and_below(name: str) -> None:
    """One request, however it is read; parents and children come with their names."""

    async def story(client: StashClient, wire: Wire) -> None:
        to_parent = {"tag": ("parent_ids", ["1"]), "studio": ("parent_id", "1")}[name]
        await made(client, (name, {"name": "Top"}))
        await made(client, (name, {"name": "Low", **dict([to_parent])}))
        wire.forget()
        top = await getattr(client, f"find_{name}")("1")
        assert [child.name for child in top.children] == ["Low"]
        assert top.children[0].children is UNSET
        listed = getattr(await getattr(client, f"find_{name}s")(), f"{name}s")[1]
        assert listed is top.children[0]
        assert listed.children == []
        assert len(wire.documents) == 2

    play(story)


@pytest.mark.row("D19")
def test_only_what_is_missing_is_fetched() -> None:
    """Far ends by a filter, other fields by id; nothing where nothing is missing."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        performer = await client.find_performer("1")
        assert performer is not None
        wire.forget()
        assert await store.populate(performer, fields=["scenes", "images"]) is performer
        assert is_set(performer.scenes)
        assert sorted(scene.id for scene in performer.scenes) == list("1234")
        assert performer.images == []
        assert {"scenes", "images"} <= performer._received_fields
        assert "findPerformer(" in wire.documents[0][0]
        assert " name " not in wire.documents[0][0].split("fragment")[1].split("scenes")[0]
        wire.forget()
        await store.populate(performer, fields=["scenes", "images"])
        await store.populate(performer)
        assert wire.documents == []
        await store.populate(performer, fields=["name"], force_refetch=True)
        assert len(wire.documents) == 1
        with pytest.raises(ValueError, match="no field 'nope'"):
            await store.populate(performer, fields=["nope"])

    play(story)


@pytest.mark.row("D19", "D14", "D18")
def test_nested_fields_are_fetched_level_by_level() -> None:
    """One request for each level, however many objects are on it."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        scenes = await store.find(Scene)
        assert scenes[0].studio
        assert store.missing_fields_nested(scenes[0], "title", "studio__parent__details") == {
            "studio__parent__details"
        }
        wire.forget()
        await store.populate(scenes[0], fields=["rating100", "studio__parent__details"])
        assert len(wire.documents) == 2
        parent: Any = scenes[0].studio.parent
        assert parent.name == "Middle"
        assert store.missing_fields_nested(scenes[0], "studio__parent__details") == set()
        wire.forget()
        everyone = await store.filter_and_populate(
            Scene, ["performers__birthdate"], lambda scene: True
        )
        assert len(everyone) == 4
        assert len(wire.documents) == 1  # four scenes, one performer

    play(story)


@pytest.mark.row("D19")
def test_a_nested_object_is_populated_by_itself() -> None:
    """It is the same object everywhere; one built by hand stands for the known one."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        scene = await client.find_scene("1")
        assert scene is not None
        assert scene.studio
        studio = scene.studio
        assert studio.details is UNSET
        scene.studio = await store.populate(studio, fields=["details"])
        assert scene.studio is studio
        assert not scene.is_dirty()
        assert await store.populate(Studio(id="3"), fields=["details"]) is studio
        with pytest.raises(ValueError, match="the server has none"):
            await store.populate(Studio(id="99"), fields=["details"])

    play(story)


@pytest.mark.row("D19")
@pytest.mark.fault("12 one by id")
def test_what_lists_lead_to_is_fetched_together() -> None:
    """One request for all performers of all scenes; without fields it is a first reading."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("performer", {"name": f"P {n}"}) for n in range(30)))
        ids = [str(n) for n in range(1, 31)]
        await made(client, ("scene", {"title": "a", "performer_ids": ids}))
        scene = await client.find_scene("1")
        assert scene
        assert isinstance(scene.performers, list)
        wire.forget()
        await client.store.populate(scene, fields=["performers__details"])
        assert len(wire.documents) == 1
        assert all(is_set(performer.details) for performer in scene.performers)
        client.store.invalidate_all()
        known = Scene(id="1")
        client.store.add(known)
        assert await client.store.populate(known) is known
        assert (known.title, len(known.performer_ids or ())) == ("a", 30)
        assert {"title", "performers", "created_at"} <= known._received_fields

    play(story)


@pytest.mark.row("D17")
@pytest.mark.parametrize(("size", "seen"), [(1, [1, 3, 5]), (4, [2, 4, 5])])
def test_objects_are_compared_and_fetched_in_batches(size: int, seen: list[int]) -> None:
    """`yield_batch` objects are compared at a time; `populate_batch` fetched in one document."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("scene", {"title": f"Reel {n}"}) for n in range(5)))
        await client.store.find(Scene)
        wire.forget()
        looked: list[str] = []

        def odd(scene: Scene) -> bool:
            looked.append(scene.id)
            return int(scene.id) % 2 == 1

        counts = []
        async for scene in client.store.populated_filter_iter(
            Scene, ["scene_markers"], odd, populate_batch=2, yield_batch=size
        ):
            assert is_set(scene.scene_markers)
            counts.append(len(looked))
        assert counts == seen
        assert len(wire.documents) == 3

    play(story)


@pytest.mark.row("D13")
def test_cached_objects_are_filtered_without_a_request() -> None:
    """A filter is any predicate."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        await store.find(Performer)
        wire.forget()
        assert [item.name for item in store.filter(Performer, lambda p: bool(p.favorite))] == [
            "Ada"
        ]
        assert len(store.all_cached(Performer)) == 2
        assert store.all_cached(Tag) == []
        assert wire.documents == []

    play(story)


@pytest.mark.row("D14")
def test_a_strict_filter_wants_everything_to_be_there() -> None:
    """The error names what is missing, and of which object."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        await store.find(Scene)
        high = store.filter_strict(Scene, ["rating100"], lambda s: (s.rating100 or 0) >= 80)
        assert [item.title for item in high] == ["Reel 2", "Reel 3"]
        for field in ("scene_markers", "studio__details", "studio__parent__name"):
            with pytest.raises(ValueError, match=field):
                store.filter_strict(Scene, {field}, lambda s: True)

    play(story)


@pytest.mark.row("D15", "D16")
def test_what_a_filter_needs_is_fetched_first() -> None:
    """One request for each batch of incomplete objects, with statistics."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        scenes = await store.find(Scene)
        await store.populate(scenes[0], fields=["scene_markers"])
        wire.forget()
        found, stats = await store.filter_and_populate_with_stats(
            Scene, ["scene_markers", "title"], lambda s: not s.scene_markers, batch_size=2
        )
        assert found == scenes
        assert stats == {
            "total_cached": 4,
            "needed_population": 3,
            "populated_fields": ["scene_markers"],
            "matches": 4,
            "cache_hit_rate": 0.25,
        }
        assert len(wire.documents) == 2
        assert await store.filter_and_populate(Scene, ["title"], lambda s: s.id == "2") == [
            scenes[1]
        ]
        assert len(wire.documents) == 2
        empty = await store.filter_and_populate_with_stats(Tag, ["name"], lambda t: True)
        assert empty[1]["cache_hit_rate"] == 1.0

    play(story)


@pytest.mark.row("D17")
def test_a_populating_loop_fetches_as_it_goes_on() -> None:
    """No request after a break; objects deleted on the server are left out."""

    async def story(client: StashClient, wire: Wire) -> None:
        await library(client)
        store = client.store
        await store.find(Scene)
        await client.execute('mutation { sceneDestroy(input: {id: "2"}) }')
        wire.forget()
        seen = []
        async for scene in store.populated_filter_iter(
            Scene, ["scene_markers"], lambda s: True, populate_batch=2, yield_batch=1
        ):
            seen.append(scene.id)
            break
        assert len(wire.documents) == 1
        everything = store.populated_filter_iter(Scene, ["scene_markers"], lambda s: True)
        assert [item.id async for item in everything] == ["1", "3", "4"]
        assert not store.is_cached(Scene, "2")

    play(story)


@pytest.mark.row("D14", "D15")
def test_files_are_reached_through_their_owners() -> None:
    """`files__path` is there once the owner's files are."""
    sandbox = Sandbox()
    sandbox.media.append(MediaFile("/media/a/reel.mp4"))

    async def story(client: StashClient, wire: Wire) -> None:
        await client.wait_for_job(await client.metadata_scan())
        store = client.store
        (scene,) = await store.find(Scene)
        store.invalidate_all()
        scene = Scene(id=scene.id)
        store.add(scene)
        assert store.missing_fields_nested(scene, "files__path") == {"files__path"}
        large = await store.filter_and_populate(
            Scene, ["files__path", "files__size"], lambda s: any(f.size for f in s.files or ())
        )
        assert large == [scene]

    try:
        play(story, sandbox)
    finally:
        sandbox.close()
