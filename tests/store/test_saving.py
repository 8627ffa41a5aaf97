"""Saving many objects: in waves, with an outcome for each; only saved fields become clean."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import (
    Gallery,
    Group,
    Performer,
    SavedFilter,
    Scene,
    SceneGroup,
    SceneMarker,
    Studio,
    Tag,
)
from stashsync.errors import (
    StashBatchError,
    StashCapabilityError,
    StashConnectionError,
    StashGraphQLError,
)
from stashsync.outcomes import Status
from stashsync.store import CascadeWarning
from stashsync.wire.operations import BatchOperation
from tests.support.scripts import Wire, made, play


@pytest.fixture(autouse=True)
def _no_cascade() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", CascadeWarning)
        yield


def test_what_is_edited_while_a_batch_is_in_flight_stays_to_be_saved() -> None:
    """The batch sends the values of the time of the call; the next one sends the rest."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "a"}), ("tag", {"name": "b"}))
        found: list[Any] = await client.store.find(Tag)
        first, second = found
        first.description, second.aliases = "sent", ["sent"]

        def meanwhile(text: str) -> bool:
            first.description, first.favorite = "too late", True
            second.aliases.append("too late")
            return False

        wire.forget()
        wire.breaks = meanwhile
        await client.store.save_batch([first, second])
        assert list(wire.inputs()) == [
            {"id": "1", "description": "sent"},
            {"id": "2", "aliases": ["sent"]},
        ]
        assert first.get_changed_fields() == {"description": "too late", "favorite": True}
        assert second.get_changed_fields() == {"aliases": ["sent", "too late"]}

    play(story)


@pytest.mark.row("E6")
def test_three_objects_of_three_kinds_are_one_request() -> None:
    """Clean ones are skipped; each mutation has only what was edited."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "a"}), ("scene", {"title": "b"}))
        await made(client, ("tag", {"name": "c"}), ("studio", {"name": "clean"}))
        first, second = await client.store.find(Scene)
        tag, studio = await client.find_tag("1"), await client.find_studio("1")
        assert tag
        assert studio
        first.title, second.rating100, tag.description = "New Title", 85, "Updated"
        wire.forget()
        result = await client.store.save_batch([first, studio, second, tag])
        assert len(wire.documents) == 1
        assert [item["id"] for item in wire.inputs()] == ["1", "2", "1"]
        assert wire.documents[0][1]["input1"] == {"id": "2", "rating100": 85}
        assert result.all_succeeded
        assert len(result) == 3
        assert not any(obj.is_dirty() for obj in (first, second, tag))
        assert (await client.store.save_batch([first, second, tag])).all_succeeded
        assert len(wire.documents) == 1

    play(story)


@pytest.mark.row("E6", "E10")
@pytest.mark.fault("2")
def test_a_new_tag_and_the_scene_that_uses_it_are_saved_once_each() -> None:
    """Fault 2: the tag is created once, in a wave of its own; the scene has its real id."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "a"}))
        scene = await client.find_scene("1")
        assert scene
        new_tag = Tag.new(name="Horror")
        client.store.add(new_tag)
        temporary = new_tag.id
        assert isinstance(scene.tags, list)
        scene.tags.append(new_tag)
        wire.forget()
        for order in ([new_tag, scene], [scene, new_tag]):
            await client.store.save_batch(order)
        assert len(wire.mutations) == 2
        assert list(wire.inputs()) == [{"name": "Horror"}, {"id": "1", "tag_ids": ["1"]}]
        assert client.store.get_cached(Tag, "1") is new_tag
        assert client.store.get_cached(Tag, temporary) is None
        assert (await client.find_tags()).count == 1

    play(story)


@pytest.mark.row("E6")
def test_only_what_needs_a_new_id_waits_for_the_next_document() -> None:
    """Independent creates and updates are one document, creates first."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "a"}), ("tag", {"name": "b"}))
        scene, tag = await client.find_scene("1"), await client.find_tag("1")
        assert scene
        assert tag
        fresh, person = Tag(name="c"), Performer(name="Ada")
        person.tags, tag.description, scene.tags = [fresh], "edited", [fresh]
        free = Studio(name="North")
        wire.forget()
        await client.store.save_batch([scene, tag, person, fresh, free])
        assert [list(variables.values()) for _, variables in wire.documents] == [
            [{"name": "c"}, {"name": "North"}, {"id": "1", "description": "edited"}],
            [{"name": "Ada", "tag_ids": ["2"]}, {"id": "1", "tag_ids": ["2"]}],
        ]
        assert not any(item.is_dirty() for item in (scene, tag, person, fresh, free))

    play(story)


def test_what_a_create_cannot_take_follows_in_a_last_document() -> None:
    """The object has its id by then."""

    async def story(client: StashClient, wire: Wire) -> None:
        scene = Scene(title="Harbour", resume_time=1.5)
        await client.store.save_batch([scene, Tag(name="a")])
        assert [list(variables.values()) for _, variables in wire.documents] == [
            [{"title": "Harbour"}, {"name": "a"}],
            [{"id": "1", "resume_time": 1.5}],
        ]
        assert not scene.is_dirty()

    play(story)


@pytest.mark.row("E6")
@pytest.mark.fault("2")
def test_what_may_bear_a_title_twice_is_made_once_all_the_same() -> None:
    """The server would not refuse a second gallery of that title, so they are counted."""

    async def story(client: StashClient, wire: Wire) -> None:
        gallery = Gallery.new(title="Harbour at night")
        scene = Scene.new(title="Harbour", galleries=[gallery])
        wire.forget()
        await client.store.save_batch([gallery, scene])
        assert [len(variables) for _, variables in wire.documents] == [1, 1]
        assert (await client.find_galleries()).count == 1
        assert (await client.find_scenes()).count == 1
        assert scene.gallery_ids == [gallery.id] == ["1"]

    play(story)


@pytest.mark.row("E10", "C16")
def test_new_objects_that_refer_to_each_other_are_arranged() -> None:
    """One wave for each level; cycles of optional references are cut."""

    async def story(client: StashClient, wire: Wire) -> None:
        root, leaf = Studio(name="Root"), Studio(name="Leaf")
        leaf.parent = root
        tag, person = Tag(name="Macro"), Performer(name="Ada")
        person.tags = [tag]
        scene = Scene(title="Reel", studio=leaf, performers=[person], tags=[tag])
        series = Group(name="Series", studio=root)
        scene.groups = [SceneGroup(group=series, scene_index=2)]
        marker = SceneMarker(title="", seconds=1.5, scene=scene, primary_tag=tag)
        wire.forget()
        await client.store.save_batch([marker, scene, person, leaf, series, tag, root])
        assert len(wire.mutations) == 4
        assert not any(o.is_dirty() for o in (marker, scene, person, leaf, series, tag, root))
        client.store.invalidate_all()
        again = await client.find_scene(scene.id)
        assert again
        assert again.studio_id == leaf.id
        assert again.groups
        (place,) = again.groups
        assert (place.group.id, place.scene_index) == (series.id, 2)  # type: ignore[union-attr]
        first, other = Tag(name="One", parents=[]), Tag(name="Other", parents=[])
        first.children = [other]
        assert other in first.unsaved_references()
        assert first in other.unsaved_references()
        await client.store.save_batch([first, other])
        client.store.invalidate_all()
        found = await client.store.get(Tag, other.id, fields=["children"])
        assert found
        assert found.parent_ids == [first.id]

    play(story)


@pytest.mark.row("D23", "E6")
def test_what_an_object_refers_to_is_saved_with_it_and_with_a_warning() -> None:
    """References of any depth are saved; the warning points at the line that saved."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag, person = Tag(name="Macro"), Performer(name="Ada")
        person.tags = [tag]
        scene = Scene(title="Reel", performers=[person])
        with pytest.warns(CascadeWarning) as warned:
            await client.store.save(scene)
        assert len(warned) == 2
        assert {item.filename for item in warned} == {__file__}
        assert not any(item.is_new() for item in (tag, person, scene))
        other = Scene(title="Other", tags=[Tag(name="Wide")])
        with pytest.warns(DeprecationWarning, match="save it before"):
            await client.store.save_batch([other])
        assert not other.is_new()

    play(story)


@pytest.mark.row("E7")
def test_of_a_batch_that_fails_in_part_the_rest_is_saved() -> None:
    """Failed ones stay dirty and can be saved again; what depends on them is not sent."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("tag", {"name": "taken"}), ("scene", {"title": "a"}))
        good, bad, scene = Tag(name="Fine"), Tag(name="taken"), Scene(title="b")
        scene.tags = [bad]
        with pytest.raises(StashBatchError) as caught:
            await store.save_batch([good, bad, scene])
        result = caught.value.batch_result
        assert [item.status for item in result] == [
            Status.APPLIED, Status.FAILED, Status.SKIPPED,
        ]  # fmt: skip
        assert not good.is_dirty()
        assert bad.is_new()
        assert bad.is_dirty()
        assert scene.is_new()
        assert "which was not created" in str(result[2].error)
        bad.name = "free"
        await store.save_batch([good, bad, scene])
        assert not scene.is_dirty()

    play(story)


@pytest.mark.row("E3", "E7")
@pytest.mark.fault("3")
def test_results_survive_a_break_in_a_later_document() -> None:
    """Fault 3: created objects have their ids, so that saving again creates nothing twice."""

    async def story(client: StashClient, wire: Wire) -> None:
        tags = [Tag(name=f"Lens {n}") for n in range(300)]
        wire.breaks = lambda text: len(wire.mutations) == 1 and text.startswith("mutation")
        with pytest.raises(StashBatchError) as caught:
            await client.store.save_batch(tags)
        assert isinstance(caught.value.__cause__, StashConnectionError)
        result = caught.value.batch_result
        assert (len(result.succeeded), len(result)) == (250, 300)
        assert [tag.is_new() for tag in tags] == [False] * 250 + [True] * 50
        wire.breaks = lambda text: False
        again = await client.store.save_batch(tags)
        assert len(again) == 50
        assert (await client.find_tags()).count == 300

    play(story)


@pytest.mark.row("E6", "E7", "E9")
@pytest.mark.fault("4")
def test_a_failed_side_mutation_fails_the_batch_and_leaves_the_edit() -> None:
    """Fault 4: nothing is clean that the server has not taken."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("scene", {"title": "a"}), ("scene", {"title": "b"}))
        await made(client, ("tag", {"name": "x"}))
        scenes, tag = await store.find(Scene), await client.find_tag("1")
        assert tag
        await store.populate(tag, fields=["scenes"])
        tag.description = "both"
        tag.scenes = scenes
        wire.forget()
        wire.breaks = lambda text: "bulkSceneUpdate" in text
        with pytest.raises(StashBatchError) as caught:
            await store.save_batch([tag])
        assert [item.mutation_name for item in caught.value.batch_result] == [
            "tagUpdate", "bulkSceneUpdate",
        ]  # fmt: skip
        assert tag.get_changed_fields() == {"scenes": scenes}
        wire.breaks = lambda text: False
        wire.forget()
        await store.save_batch([tag])
        assert not tag.is_dirty()
        assert len(wire.mutations) == 1
        assert "{ id __typename }" in wire.mutations[0]
        store.invalidate_all()
        assert [item.tag_ids for item in await store.find(Scene)] == [["1"], ["1"]]

    play(story)


@pytest.mark.row("E6", "E7", "E9")
def test_side_mutations_of_what_succeeded_follow_what_failed() -> None:
    """After the batch, one object at a time; what failed keeps all of its edits."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, *(("scene", {"title": f"Reel {n}"}) for n in range(3)))
        await made(client, ("tag", {"name": "one"}), ("tag", {"name": "two"}))
        await made(client, ("tag", {"name": "taken"}))
        scenes = await store.find(Scene)
        good, bad, other = [await store.get(Tag, item, fields=["scenes"]) for item in "123"]
        assert good
        assert bad
        assert other
        good.description, good.scenes = "fine", scenes[:2]
        bad.name, bad.scenes = "taken", scenes[1:]
        other.scenes = scenes[2:]
        wire.forget()
        with pytest.raises(StashBatchError) as caught:
            await store.save_batch([good, bad, other])
        names = [item.mutation_name for item in caught.value.batch_result]
        assert names == ["tagUpdate", "tagUpdate", "bulkSceneUpdate", "bulkSceneUpdate"]
        assert [sorted(variables) for _, variables in wire.documents] == [
            ["input0", "input1"], ["input0"], ["input0"],
        ]  # fmt: skip
        assert not good.is_dirty()
        assert not other.is_dirty()
        assert bad.get_changed_fields() == {"name": "taken", "scenes": scenes[1:]}
        store.invalidate_all()
        assert [item.tag_ids for item in await store.find(Scene)] == [["1"], ["1"], ["3"]]

    play(story)


@pytest.mark.row("E8", "C8")
def test_everything_that_is_new_or_edited_is_saved_in_one_call() -> None:
    """New ones first; then there is nothing left to save."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, ("scene", {"title": "a"}), ("performer", {"name": "Ada"}))
        scene, person = await client.find_scene("1"), await client.find_performer("1")
        assert scene
        assert person
        scene.title, person.name = "Updated", "New Name"
        comedy = Tag.new(name="Comedy")
        store.add(comedy)
        wire.forget()
        result = await store.save_all()
        assert [item.mutation_name for item in result] == [
            "tagCreate", "sceneUpdate", "performerUpdate",
        ]  # fmt: skip
        assert len(wire.documents) == 1
        assert len(await store.save_all()) == 0

    play(story)


def test_what_cannot_be_saved_is_refused_before_anything_is_sent() -> None:
    """A missing name, or a field that the server lacks."""
    from stashsync.sandbox import Sandbox

    async def story(client: StashClient, wire: Wire) -> None:
        with pytest.raises(ValueError, match="needs its name"):
            await client.store.save_batch([Tag(name="fine"), Tag(description="no name")])
        with pytest.raises(StashCapabilityError, match="sort_name"):
            await client.store.save_batch([Tag(name="fine"), Tag(name="x", sort_name="y")])
        assert wire.documents == []

    sandbox = Sandbox(release="0.27.2")
    try:
        play(story, sandbox)
    finally:
        sandbox.close()


@pytest.mark.parametrize(
    "names",
    [
        ["abc", "a_c", "100%"],
        ["ABC", "a_C", "other"],  # case aside
        ["a_c", "a%", "abc"],  # patterns among themselves
    ],
)
def test_names_with_wildcards_go_before_those_that_they_match(names: list[str]) -> None:
    """The server refuses `a_c` where `abc` is there already (docs/stash-behaviour.md#wildcards)."""

    async def story(client: StashClient, wire: Wire) -> None:
        await client.store.save_batch([Tag(name=name) for name in names])
        found = await client.store.find(Tag)
        assert sorted(str(item.name) for item in found) == sorted(names)

    play(story)


def test_only_the_saving_that_saves_another_object_along_warns_of_it() -> None:
    """A saving that waited for it finds it saved."""

    async def story(client: StashClient, wire: Wire) -> None:
        north = Studio.new(name="North")
        scenes = [Scene.new(title=title, studio=north) for title in ("a", "b")]
        with pytest.warns(CascadeWarning) as warned:
            await asyncio.gather(*(client.store.save(scene) for scene in scenes))
        assert len(warned) == 1
        assert "title='a'" in str(warned[0].message)
        assert [item.name for item in await client.store.find(Studio)] == ["North"]

    play(story)


@pytest.mark.row("E1", "E2", "E4")
def test_an_operation_keeps_its_result_and_its_error() -> None:
    """The document has one variable for each input; the result can be read by index."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "a"}))
        ops = [
            BatchOperation(
                mutation_name="sceneUpdate",
                input_type_name="SceneUpdateInput!",
                variables={"input": {"id": "1", "title": "Updated"}},
            ),
            BatchOperation(
                mutation_name="tagCreate",
                input_type_name="TagCreateInput!",
                variables={"input": {"name": "Action"}},
            ),
        ]
        assert ops[0].return_fields == "id __typename"
        wire.forget()
        result = await client.execute_batch(ops)
        assert " ".join(wire.documents[0][0].split()) == (
            "mutation Batch($input0: SceneUpdateInput!, $input1: TagCreateInput!) {"
            " op0: sceneUpdate(input: $input0) { id __typename }"
            " op1: tagCreate(input: $input1) { id __typename } }"
        )
        assert result[0].result == {"id": "1", "__typename": "Scene"}
        assert result[1].result == {"id": "1", "__typename": "Tag"}
        assert result[1].error is None
        assert result.all_succeeded
        assert (len(result), list(result), result.failed) == (2, ops, [])

    play(story)


@pytest.mark.row("E3", "E5")
def test_many_operations_are_cut_into_documents_and_all_accounted_for() -> None:
    """300 are two requests; the error of a failed one has all outcomes."""

    async def story(client: StashClient, wire: Wire) -> None:
        def operations(count: int, size: int) -> list[BatchOperation]:
            return [
                BatchOperation("tagCreate", "TagCreateInput!", {"input": {"name": f"{size}/{n}"}})
                for n in range(count)
            ]

        await client.execute_batch(operations(300, 250))
        assert len(wire.documents) == 2
        wire.forget()
        await client.execute_batch(operations(300, 100), max_batch_size=100)
        assert len(wire.documents) == 3
        with pytest.raises(StashBatchError) as caught:
            await client.execute_batch([*operations(1, 7), *operations(1, 100)])
        account: Any = caught.value.batch_result
        assert (len(account.succeeded), len(account.failed)) == (1, 1)
        assert account.failed[0].mutation_name == "tagCreate"
        assert account.succeeded[0].result["id"]

    play(story)


def test_a_saved_filter_is_saved_alone() -> None:
    """A failure of it would take the ids of all others in its document with it."""

    async def story(client: StashClient, wire: Wire) -> None:
        search = SavedFilter(mode="TAGS", name="mine", object_filter={"name": {"value": "a"}})
        await client.store.save_batch([search, Tag(name="b")])
        assert len(wire.mutations) == 2
        found = await client.find_saved_filters("TAGS")
        assert [saved_filter.name for saved_filter in found.saved_filters] == ["mine"]

    play(story)


def test_what_is_no_object_is_not_saved() -> None:
    """It is refused before anything is sent."""

    async def story(client: StashClient, wire: Wire) -> None:
        strange: Any = [Tag(name="a"), "b"]
        with pytest.raises(TypeError, match="not 'b'"):
            await client.store.save_batch(strange)
        assert wire.mutations == []

    play(story)


@pytest.mark.row("D23", "E6")
def test_a_new_object_at_a_far_end_is_saved_with_it() -> None:
    """It is created, and then the relation is there at both ends, with nothing left to save."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "a"}))
        tag: Any = await client.store.get(Tag, "1", fields=["scenes"])
        scene = Scene(title="n")
        tag.scenes.append(scene)
        with pytest.raises(ValueError, match="save Scene"):
            await tag.save(client)
        with pytest.warns(CascadeWarning):
            await client.store.save_batch([tag])
        assert not scene.is_new()
        assert not tag.is_dirty()
        assert not scene.is_dirty()
        found: Any = await client.find_scene(scene.id)
        assert found.tags == [tag]

    play(story)


def test_two_new_objects_at_both_ends_of_a_relation_can_be_saved() -> None:
    """At the far end nothing waits, so that there is an order."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag: Any = Tag(name="a", scenes=[])
        scene = Scene(title="n", tags=[])
        tag.scenes.append(scene)
        assert scene.tags == [tag]
        await tag.save(client)
        await scene.save(client)
        assert not tag.is_dirty()
        found: Any = await client.find_scene(scene.id)
        assert found.tags == [tag]

    play(story)


def test_an_object_that_is_saved_twice_at_once_is_made_once() -> None:
    """By itself or in batches: the second saving waits, and has nothing left to send."""

    async def story(client: StashClient, wire: Wire) -> None:
        scene, other = Scene(title="x"), Scene(title="y")
        await asyncio.gather(
            scene.save(client),
            scene.save(client),
            client.store.save_batch([other, scene]),
            client.store.save_batch([scene, other]),
            client.store.save(other),
        )
        found = await client.find_scenes()
        assert [item.title for item in found.scenes] == ["x", "y"]

    play(story)


def test_a_saving_that_waits_for_another_one_goes_on_if_that_one_fails() -> None:
    """The object has not been created then, so it is sent."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "taken"}))
        tag = Tag(name="taken")

        async def rename_and_save() -> None:
            await asyncio.sleep(0)
            tag.name = "free"
            await tag.save(client)

        first, second = await asyncio.gather(
            tag.save(client), rename_and_save(), return_exceptions=True
        )
        assert isinstance(first, StashGraphQLError)
        assert second is None
        assert not tag.is_new()

    play(story)


@pytest.mark.parametrize("way", ["save", "save_batch"])
def test_an_edit_whose_outcome_is_unknown_is_to_be_saved_even_if_it_is_taken_back(way: str) -> None:
    """The server has carried it out, and the answer was lost: the old value has to be sent."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "a", "description": "old", "aliases": ["x"]}))
        tag: Any = await client.find_tag("1")
        send = wire.send

        async def unheard(*args: Any, **options: Any) -> Any:
            await send(*args, **options)
            raise StashConnectionError("the cable broke")

        tag.description, tag.aliases = "new", ["y"]
        wire.send = unheard  # type: ignore[method-assign]
        with pytest.raises((StashConnectionError, StashBatchError)):
            await (tag.save(client) if way == "save" else client.store.save_batch([tag]))
        wire.send = send  # type: ignore[method-assign]
        tag.description, tag.aliases = "old", ["x"]
        assert tag.get_changed_fields() == {"description": "old", "aliases": ["x"]}
        await client.store.save_all()
        assert not tag.is_dirty()
        (row,) = (await client.execute("{ allTags { description aliases } }"))["allTags"]
        assert row == {"description": "old", "aliases": ["x"]}

    play(story)
