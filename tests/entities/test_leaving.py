"""Deleting objects, forgetting fields, and replacing ids."""

from __future__ import annotations

import asyncio
import json
import pickle
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import Group, Performer, Scene, SceneGroup, SceneMarker, Studio, Tag
from stashsync.entities.identity import PlainIdentityMap
from stashsync.unset import UNSET, is_set
from tests.support.scripts import Wire, made, play


def far(value: Any, *scenes: Scene) -> Any:
    """Return the same object, with these scenes loaded."""
    value.set_loaded("scenes", list(scenes))
    return value


def loaded(**fields: Any) -> tuple[Scene, Tag]:
    """Return a scene and its tag, both ends loaded."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "title": "a", "tags": [{"id": "7"}], **fields}, home)
    tag = far(Tag.from_row({"id": "7", "name": "t"}, home), scene)
    return scene, tag


def test_an_object_is_dumped_as_what_is_set_and_others_by_their_ids() -> None:
    """It is JSON, however the objects refer to each other."""
    scene, tag = loaded(groups=[{"group": {"id": "3"}, "scene_index": 2}], rating100=None)
    assert scene.model_dump() == {
        "id": "1",
        "title": "a",
        "tags": [{"id": "7"}],
        "groups": [{"group": {"id": "3"}, "scene_index": 2}],
        "rating100": None,
    }
    assert json.loads(tag.model_dump_json())["scenes"] == [{"id": "1"}]
    files = [{"id": "9", "path": "/a.mp4", "fingerprints": [{"type": "oshash", "value": "f"}]}]
    shown = Scene.from_row({"id": "2", "files": files}).model_dump()["files"]
    assert [item["path"] for item in shown] == ["/a.mp4"]
    assert shown[0]["fingerprints"][0]["value"] == "f"
    assert set(Tag(name="n").model_dump()) == {"id", "name"}
    assert scene.model_dump(include={"title"}) == {"title": "a"}
    assert set(scene.model_dump(exclude={"tags"}, exclude_none=True)) == {"id", "title", "groups"}


def test_a_relation_that_is_unset_leaves_the_other_end_as_the_server_has_it() -> None:
    """Neither end has anything to save then, and the former list is a plain list."""
    scene, tag = loaded()
    other = far(Tag.from_row({"id": "8", "name": "u"}, scene.identity_map))
    former: Any = scene.tags
    former.append(other)
    former.remove(tag)
    assert (tag.scenes, other.scenes) == ([], [scene])
    scene.tags = UNSET
    assert (tag.scenes, other.scenes) == ([scene], [])
    assert not any(item.is_dirty() for item in (scene, tag, other))
    former.append(other)
    assert other.scenes == []


def test_relations_to_one_and_memberships_are_unset_alike() -> None:
    """Each form goes back to what the server has."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "studio": {"id": "1"}, "groups": []}, home)
    old = far(Studio.from_row({"id": "1"}, home), scene)
    new = far(Studio.from_row({"id": "2"}, home))
    group = far(Group.from_row({"id": "3"}, home))
    scene.studio = new
    scene.groups = [SceneGroup(group=group)]
    assert (old.scenes, new.scenes, group.scenes) == ([], [scene], [scene])
    scene.studio = scene.groups = UNSET
    assert (old.scenes, new.scenes, group.scenes) == ([scene], [], [])
    assert not any(item.is_dirty() for item in (scene, old, new, group))
    marker = SceneMarker(title="m", seconds=1.0, scene=scene)
    marker.scene = UNSET
    assert marker.scene is UNSET


def test_a_field_that_is_deleted_is_unset() -> None:
    """The object can be used as before."""
    scene, _ = loaded()
    scene.title = "b"
    del scene.title
    assert not is_set(scene.title)
    assert not scene.is_dirty()
    assert asyncio.run(scene.to_input()) == {"id": "1"}


def test_an_object_cannot_be_pickled() -> None:
    """There would be two objects for one id; its data can be dumped."""
    with pytest.raises(TypeError, match="model_dump"):
        pickle.dumps(Tag(name="a"))


def test_an_object_that_is_constructed_without_validation_is_an_entity() -> None:
    """It is new, and all given fields are to be sent."""
    tag = Tag.model_construct(name="a")
    assert tag.is_new()
    assert asyncio.run(tag.to_input()) == {"name": "a"}


def test_an_id_that_is_set_by_hand_is_where_the_object_is_kept() -> None:
    """One object for one id; an update goes to the object in the identity map."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "title": "a"}, home)
    scene.id = "7"
    assert home.table(Scene) == {"7": scene}
    assert not scene.is_new()
    scene.id = "new"
    assert scene.is_new()


def test_a_group_in_the_place_of_its_membership_means_it() -> None:
    """Any other value is refused when it is saved, and does no harm before."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "groups": []}, home)
    group = Group.from_row({"id": "3", "name": "g"}, home)
    groups: Any = scene.groups
    groups.append(group)
    assert asyncio.run(scene.to_input()) == {"id": "1", "groups": [{"group_id": "3"}]}
    groups.append("3")
    assert scene.is_dirty()
    with pytest.raises(ValueError, match="wants a SceneGroup, not '3'"):
        asyncio.run(scene.to_input())


def test_what_was_deleted_is_not_sent_any_more() -> None:
    """The server has removed it from relations; objects that still show it do not send it."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *[("tag", {"name": name}) for name in "abc"])
        await made(client, ("scene", {"title": "s", "tag_ids": ["1", "2"]}))
        await made(client, ("performer", {"name": "p", "tag_ids": ["1", "2"]}))
        scene: Any = await client.find_scene("1")
        performer: Any = await client.find_performer("1")
        first, second, third = await client.store.get_many(Tag, ["1", "2", "3"])
        assert await first.delete(client)
        scene.tags.append(third)
        wire.forget()
        await client.store.save(scene)
        assert [set(item["tag_ids"]) for item in wire.inputs()] == [{"2", "3"}]
        assert await client.tags_destroy(["2"])
        performer.tags.append(third)
        wire.forget()
        await client.store.save(performer)
        assert [item["tag_ids"] for item in wire.inputs()] == [["3"]]
        assert isinstance(performer, Performer)
        assert second.id == "2"

    play(story)


def test_a_merged_object_is_sent_as_its_destination() -> None:
    """Objects that show a source refer to the destination, as they do on the server."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, *[("tag", {"name": name}) for name in "abcd"])
        await made(client, ("scene", {"title": "s", "tag_ids": ["1", "2"]}))
        scene: Any = await client.find_scene("1")
        last = await client.store.get(Tag, "4")
        await client.tags_merge(["1"], "3")
        await client.tags_merge(["3"], "2")
        scene.tags.append(last)
        wire.forget()
        await client.store.save(scene)
        assert [item["tag_ids"] for item in wire.inputs()] == [["2", "4"]]
        fresh: Any = await client.find_scene("1")
        assert {tag.id for tag in fresh.tags} == {"2", "4"}

    play(story)


def test_a_deleted_object_leaves_relations_to_one_and_new_objects_too() -> None:
    """The studio that a scene was given, and the tags of an object that no store has seen."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("studio", {"name": "North"}), ("tag", {"name": "a"}))
        await made(client, ("tag", {"name": "b"}), ("scene", {"title": "Fog"}))
        (scene,), (studio,) = await client.store.find(Scene), await client.store.find(Studio)
        a, b = await client.store.find(Tag)
        scene.studio, scene.title = studio, "Ice"
        await client.store.delete(studio)
        new = Scene.new(title="Snow", tags=[a, b], studio=studio)
        await client.tags_merge([a.id], b.id)
        await client.store.save_batch([scene, new])
        found = await client.execute("{ allScenes { title studio { id } tags { id } } }")
        assert found["allScenes"] == [
            {"title": "Ice", "studio": None, "tags": []},
            {"title": "Snow", "studio": None, "tags": [{"id": b.id}]},
        ]
        assert not scene.is_dirty()
        assert not new.is_dirty()

    play(story)
