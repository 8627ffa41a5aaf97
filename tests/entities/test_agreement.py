"""Answers about one end of a relation, and how the other end follows them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import (
    Gallery,
    Group,
    GroupDescription,
    PlainIdentityMap,
    Scene,
    SceneGroup,
    Studio,
    Tag,
    decode_rows,
)
from tests.support.scripts import Wire, made, play


async def tag_and_scene(client: StashClient, **scene: Any) -> tuple[Any, Any]:
    """Return a tag whose scenes are loaded, and a scene whose tags are."""
    await made(client, ("tag", {"name": "Macro"}), ("scene", {"title": "Harbour", **scene}))
    tag, it = await client.find_tag("1"), await client.find_scene("1")
    assert tag
    assert it
    return await client.store.populate(tag, ["scenes"]), it


def test_a_reading_between_an_edit_and_its_saving_undoes_neither() -> None:
    """The scene is read again without its new tag, which is not saved yet; then the tag is saved.

    Nothing is left to save afterwards, and the scene keeps its new tag.
    """

    async def story(client: StashClient, wire: Wire) -> None:
        tag, scene = await tag_and_scene(client)
        tag.scenes.append(scene)
        await client.store.populate(scene, force_refetch=True)
        assert scene.tags == [tag]
        await client.store.save(tag)
        wire.forget()
        await client.store.save_all()
        assert wire.mutations == []
        assert scene.tags == [tag]

    play(story)


def test_a_move_survives_a_reading_of_the_former_owner() -> None:
    """The former studio is read again, and the server still has the scene there."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("studio", {"name": "North"}), ("studio", {"name": "South"}))
        await made(client, ("scene", {"title": "Harbour", "studio_id": "1"}))
        north, south = (await client.find_studios()).studios
        (scene,) = (await client.find_scenes()).scenes
        for studio in (north, south):
            await client.store.populate(studio, ["scenes"])
        south.scenes.append(scene)  # type: ignore[union-attr]
        await client.store.populate(north, ["scenes"], force_refetch=True)
        assert (scene.studio, south.scenes, north.scenes) == (south, [scene], [])
        await client.store.save_all()
        client.store.invalidate_all()
        again = await client.find_scene("1")
        assert again
        assert again.studio_id == "2"

    play(story)


def test_a_removal_survives_a_reading_until_it_is_saved() -> None:
    """The scene is read again, with its former tag, before the removal is saved."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag, scene = await tag_and_scene(client, tag_ids=["1"])
        tag.scenes.remove(scene)
        await client.store.populate(scene, force_refetch=True)
        assert scene.tags == []
        await client.store.save_all()
        assert list(wire.inputs())[2:] == [
            {"ids": ["1"], "tag_ids": {"ids": ["1"], "mode": "REMOVE"}}
        ]
        assert not scene.is_dirty()

    play(story)


def test_an_end_that_is_first_read_before_the_other_one_is_saved_follows_it() -> None:
    """When the edit was made, it was not loaded and could not be changed."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "Macro"}), ("scene", {"title": "Harbour"}))
        tag: Any = await client.find_tag("1")
        assert tag
        await client.store.populate(tag, ["scenes"])
        tag.scenes.append(Scene.from_row({"id": "1"}, client.identity_map))
        scene = await client.find_scene("1")
        await client.store.save(tag)
        assert scene
        assert scene.tags == [tag]
        assert not scene.is_dirty()

    play(story)


def test_a_membership_put_in_by_hand_reaches_the_other_end_when_it_is_saved() -> None:
    """A list of parts does not report edits in place; saving finds them."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("group", {"name": "Tour"}), ("scene", {"title": "Harbour"}))
        found: Any = await client.find_group("1"), await client.find_scene("1")
        group, scene = found
        await client.store.populate(group, ["scenes"])
        scene.groups.append(SceneGroup(group=group, scene_index=3))
        await client.store.save(scene)
        assert group.scenes == [scene]
        assert not group.is_dirty()

    play(story)


def test_a_description_of_a_membership_is_kept_at_both_ends() -> None:
    """Otherwise saving the other end would remove the description from the server."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *(("group", {"name": name}) for name in ("Tour", "Day", "Year")))
        found: list[Any] = await client.store.get_many(Group, ["1", "2", "3"])
        tour, day, year = found
        await tour.add_sub_group(day, "the first")
        assert [(part.group, part.description) for part in day.containing_groups] == [
            (tour, "the first")
        ]
        assert not day.is_dirty()
        await tour.add_sub_group(day, "the second")
        year.sub_groups.append(GroupDescription(group=day, description="all of it"))
        await client.store.save_all()
        day.containing_groups[0].description = "the last"
        wire.forget()
        await client.store.save_all()
        assert list(wire.inputs()) == [
            {
                "id": "2",
                "containing_groups": [
                    {"group_id": "1", "description": "the last"},
                    {"group_id": "3", "description": "all of it"},
                ],
            }
        ]
        assert [part.description for part in tour.sub_groups] == ["the last"]
        assert not tour.is_dirty()

    play(story)


def test_members_that_came_or_went_at_the_server_do_so_at_the_other_end() -> None:
    """The other end changes if it was read before, and has nothing to save because of it."""

    async def story(client: StashClient, wire: Wire) -> None:
        tag, scene = await tag_and_scene(client)
        other = {"ids": ["1"], "tag_ids": {"ids": ["1"], "mode": "ADD"}}
        await client.mutate("bulkSceneUpdate", "input", "BulkSceneUpdateInput!", other, "id")
        await client.store.populate(scene, ["tags"], force_refetch=True)
        assert tag.scenes == [scene]
        other["tag_ids"] = {"ids": ["1"], "mode": "REMOVE"}
        await client.mutate("bulkSceneUpdate", "input", "BulkSceneUpdateInput!", other, "id")
        await client.store.populate(tag, ["scenes"], force_refetch=True)
        assert scene.tags == []
        assert not tag.is_dirty()
        assert not scene.is_dirty()

    play(story)


def test_an_object_that_leaves_a_list_may_have_another_owner() -> None:
    """Its owner is unknown until an answer has it; then the lists follow."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("studio", {"name": "North"}), ("studio", {"name": "South"}))
        await made(client, ("scene", {"title": "Harbour", "studio_id": "1"}))
        north, south = await client.store.get_many(Studio, ["1", "2"])
        for item in (north, south):
            await client.store.populate(item, ["scenes"])
        scene = await client.find_scene("1")
        assert scene
        await client.update_scene({"id": "1", "studio_id": "2"})
        assert scene.studio is south
        assert (north.scenes, south.scenes) == ([], [scene])
        assert not any(item.is_dirty() for item in (north, south, scene))

    play(story)


def test_taking_members_out_one_by_one_costs_the_same_for_any_length() -> None:
    """From the end, from the front, and from the other ends in between."""
    home = PlainIdentityMap()
    scenes = decode_rows(Scene, [{"id": str(n), "galleries": []} for n in range(1, 8001)], home)
    prints = Gallery.from_row({"id": "1", "scenes": []}, home)

    def emptied(first: int) -> float:
        prints.scenes = scenes[:first]
        held: Any = prints.scenes
        started = time.process_time()
        while len(held) > 2:
            held.pop()
            held.remove(held[0])
            del held[-1]
        return time.process_time() - started

    assert emptied(8000) < 60 * emptied(400) + 0.05
    prints.scenes = scenes[:9]
    held: Any = prints.scenes
    assert held.pop(2) is scenes[2]
    del held[0]
    held.remove(scenes[4])
    scenes[6].galleries = []
    held.append(scenes[2])
    assert held == [scenes[n] for n in (1, 3, 5, 8, 7, 2)]
    assert [scene for scene in scenes[:9] if scene.galleries] == [
        scenes[n] for n in (1, 2, 3, 5, 7, 8)
    ]
    with pytest.raises(IndexError):
        held.pop(6)


def test_an_answer_may_have_an_object_within_itself() -> None:
    """A custom document has an object below itself; there is one entity for it all the same."""
    home = PlainIdentityMap()
    inner = {"id": "1", "title": "Harbour", "galleries": [{"id": "1"}], "groups": []}
    row = {
        **inner,
        "galleries": [{"id": "1", "title": "Prints", "scenes": [inner]}],
        "groups": [{"group": {"id": "7", "name": "Tour"}, "scene_index": None}],
    }
    for _ in range(2):
        scene: Any = Scene.from_row(dict(row), home)
        (prints,) = scene.galleries
        assert prints.scenes == [scene]
        assert [part.group.name for part in scene.groups] == ["Tour"]
        assert not scene.is_dirty()
        assert not prints.is_dirty()


@pytest.mark.parametrize("loaded", [True, False])
@pytest.mark.parametrize("near", [True, False])
def test_a_scene_taken_from_one_studio_and_given_to_another_stays_there(
    loaded: bool, near: bool
) -> None:
    """Whichever is saved first: a removal from the former one afterwards would undo it."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("studio", {"name": "North"}), ("studio", {"name": "South"}))
        await made(client, ("scene", {"title": "Harbour", "studio_id": "1"}))
        found: list[Any] = await client.store.get_many(Studio, ["1", "2"])
        for item in found:
            await client.store.populate(item, ["scenes"])
        north, south = found
        scene: Any = await client.find_scene("1") if loaded else north.scenes[0]
        north.scenes.remove(scene)
        if near:
            scene.studio = south
        else:
            south.scenes.append(scene)
        wire.forget()
        await client.store.save_batch([south, north, scene])
        assert len(list(wire.inputs())) == 1
        fresh = await client.execute("{ findScene(id: 1) { studio { id } } }")
        assert fresh["findScene"]["studio"] == {"id": "2"}
        assert not any(item.is_dirty() for item in (north, south, scene))

    play(story)


@pytest.mark.parametrize("bond", [("tags", Tag), ("galleries", Gallery)])
def test_an_edit_that_goes_to_and_fro_between_the_ends_is_not_lost(bond: tuple[str, Any]) -> None:
    """The edit of one end is in the snapshot of the other one meanwhile."""
    field, model = bond
    home = PlainIdentityMap()
    scene: Any = Scene.from_row({"id": "1", field: []}, home)
    other: Any = model.from_row({"id": "7"}, home)
    other.set_loaded("scenes", [])
    for _ in range(2):
        other.scenes.append(scene)
        getattr(scene, field).remove(other)
        assert not scene.is_dirty()
        assert not other.is_dirty()
        setattr(scene, field, [other])
        assert scene.is_dirty() or other.is_dirty()
        other.scenes.remove(scene)
        assert not scene.is_dirty()
        assert not other.is_dirty()


def test_a_studio_that_changes_to_and_fro_is_sent() -> None:
    """It is sent although it looks unchanged: the snapshot may be out of date."""
    home = PlainIdentityMap()
    scene: Any = Scene.from_row({"id": "1", "studio": {"id": "1"}}, home)
    north: Any = scene.studio
    south, east = (Studio.from_row({"id": name}, home) for name in "23")
    for item in (south, east):
        item.set_loaded("scenes", [])
    north.set_loaded("scenes", [scene])
    south.scenes.append(scene)  # type: ignore[union-attr]
    scene.studio = east
    scene.studio = south
    assert scene.is_dirty() or south.is_dirty()
    scene.mark_clean()
    south.scenes.remove(scene)  # type: ignore[union-attr]
    scene.studio = east
    scene.studio = None
    assert scene.is_dirty() or south.is_dirty()
