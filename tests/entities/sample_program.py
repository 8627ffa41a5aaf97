"""A program as users write it: checked by mypy in strict mode, and never run."""

from __future__ import annotations

from typing import Any, assert_never, assert_type

from stashsync.entities import (
    Gallery,
    GalleryChapter,
    Group,
    GroupDescription,
    Image,
    Job,
    Performer,
    Relation,
    SavedFilter,
    Saver,
    Scene,
    SceneGroup,
    SceneMarker,
    Studio,
    Tag,
    VideoFile,
)
from stashsync.kinds.helpers import Hierarchy
from stashsync.unset import UNSET, UnsetType, is_set


def process_field(value: str | None | UnsetType) -> str:
    """`is` narrows, on every branch."""
    if value is UNSET:
        return "not loaded"
    if value is None:
        return "null"
    assert_type(value, str)
    return value.upper()


def by_is_set(value: list[Tag] | None | UnsetType) -> int:
    """`is_set` narrows, where it is true and where it is not."""
    if not is_set(value):
        assert_type(value, UnsetType)
        return -1
    assert_type(value, list[Tag] | None)
    if value is None:
        return 0
    return len(value)


def all_three(value: int | None | UnsetType) -> str:
    """There is no fourth state."""
    match value:
        case UnsetType():
            return "unset"
        case None:
            return "null"
        case int():
            return str(value)
        case _:
            assert_never(value)


def build_input(**fields: Any) -> dict[str, Any]:
    """Return the fields without those that are UNSET."""
    return {name: value for name, value in fields.items() if value is not UNSET}


async def describe(client: Saver, scene: Scene) -> str:
    """Read, narrows, edits and saves."""
    assert_type(scene.id, str)
    assert_type(scene.title, str | None | UnsetType)
    if scene.studio:
        assert_type(scene.studio, Studio)
        if is_set(scene.studio.name):
            assert_type(scene.studio.name, str)
        if is_set(scene.studio.scenes):
            assert_type(scene in scene.studio.scenes, bool)
    names: list[str] = []
    for performer in scene.performers:
        assert_type(performer, Performer)
        names.append(performer.name.upper())
    if is_set(scene.files):
        assert_type(scene.files, list[VideoFile])
        print(max((file.size for file in scene.files if is_set(file.size)), default=0))
    scene.tags.append(Tag.new(name="Fog"))
    scene.tags[0].parents.remove(scene.tags[-1])
    del scene.tags[0]
    assert_type(sorted(scene.tags, key=lambda tag: len(tag.parents)), list[Tag])
    print(scene.files[0].size > 1_000_000, sorted(tag.name for tag in scene.tags))
    scene.custom_fields["shelf"] = 5
    if scene.rating100 is UNSET:
        scene.rating100 = 80
    elif scene.rating100 is not None:
        assert_type(scene.rating100, int)
    scene.details = None
    scene.details = UNSET
    scene.performers = []
    scene.studio = Studio(name="Northlight Media")
    await scene.save(client)
    return ", ".join(names)


async def relate(client: Saver, scene: Scene, gallery: Gallery) -> None:
    """Relations by object, by id and by helper, with and without `await`."""
    scene.performer_ids = ["1", "2"]
    assert_type(scene.tag_ids, list[str] | UnsetType)
    assert_type(scene.studio_id, str | None | UnsetType)
    scene.studio_id = None
    scene.add_tag(Tag(name="Macro"))
    assert_type(await scene.add_performer(Performer.new(name="Ada")), None)
    await scene.remove_performer(Performer(id="1"))
    scene.add_to_gallery(gallery)
    scene.remove_from_gallery(gallery)
    scene.remove_tag(Tag(id="2"))
    scene.set_studio(None)
    scene.groups = [SceneGroup(group=Group(name="Series"), scene_index=1)]
    scene.add_to_group(Group(id="1"), scene_index=2)
    group = Group(name="Box", sub_groups=[GroupDescription(group=Group(id="1"))])
    await group.save(client)
    image = Image(id="7")
    image.set_studio(Studio(id="1"))
    SceneMarker(title="", seconds=12.5, scene=scene, primary_tag=Tag(id="1"))
    SceneMarker(title="", seconds=12.5, scene_id="1", primary_tag_id="2", tag_ids=["3"])
    above = Studio(name="Above", image_path="https://studio.example/logo.png", tag_ids=["1"])
    studio = Studio(name="North", parent_studio=above)
    assert_type(studio.parent_studio, Studio | None | UnsetType)
    assert_type(studio.child_studios, list[Studio] | UnsetType)
    assert_type(Performer(name="Ada", alias_list=["A."]).alias_list, list[str] | UnsetType)
    studio.set_parent_studio(None)
    above.add_child_studio(studio)
    GalleryChapter(gallery=gallery, title="One", image_index=1)
    SavedFilter(mode="SCENES", name="Best", object_filter={})


async def life_of(client: Saver, scene: Scene) -> None:
    """Call what every object has."""
    assert_type(Tag.new(name="x"), Tag)
    assert_type(Scene.from_row({"id": "1"}), Scene)
    assert_type(scene.is_new(), bool)
    assert_type(scene._is_new, bool)
    assert_type(scene.is_dirty(), bool)
    assert_type(scene.get_changed_fields(), dict[str, Any])
    assert_type(scene._received_fields, frozenset[str])
    assert_type(await scene.to_input(), dict[str, Any])
    scene.mark_clean()
    scene.mark_dirty()
    scene.mark_dirty("title")
    scene.update_id("789")
    assert_type(await scene.delete(client, delete_file=True), bool)
    assert_type(Scene.__tracked_fields__, frozenset[str])
    assert_type(Scene.__field_conversions__, dict[str, str])
    assert_type(Scene.__relationships__, dict[str, Relation])
    assert_type(Scene.__side_mutations__, dict[str, str])
    assert_type(Scene.__destroy_input_type__, str | None)
    assert_type(Job(id="1").progress, float | None | UnsetType)


async def hierarchy(tag: Tag, studio: Studio) -> list[str]:
    """Names of all tags below, those that are loaded or all there are."""
    assert_type(tag.get_all_ancestors(), Hierarchy[Tag])
    assert_type(await tag.get_all_descendants(), Hierarchy[Tag])
    assert_type(studio.get_all_ancestors(), Hierarchy[Studio])
    tag.add_parent(Tag(name="Camera"))
    await tag.remove_child(Tag(id="4"))
    return [
        get_all_descendant.name
        for get_all_descendant in tag.get_all_descendants()
        if is_set(get_all_descendant.name)
    ]
