"""A program as people write it with the library; mypy reads it in strict mode, nothing runs it."""

from __future__ import annotations

from typing import assert_type

from stashsync.types import (
    UNSET,
    Gallery,
    Group,
    Performer,
    Saver,
    Scene,
    SceneGroup,
    Studio,
    Tag,
    UnsetType,
    VideoFile,
    is_set,
)


async def describe(client: Saver, scene: Scene) -> str:
    """Reads, narrows, edits and saves."""
    assert_type(scene.title, str | None | UnsetType)
    if is_set(scene.studio) and scene.studio is not None:
        assert_type(scene.studio, Studio)
        if is_set(scene.studio.name):
            assert_type(scene.studio.name, str)
    names: list[str] = []
    if is_set(scene.performers):
        for performer in scene.performers:
            assert_type(performer, Performer)
            if is_set(performer.name):
                names.append(performer.name.upper())
    if is_set(scene.files):
        assert_type(scene.files, list[VideoFile])
    if scene.rating100 is UNSET:
        scene.rating100 = 80
    scene.details = None
    scene.details = UNSET
    scene.performer_ids = ["1", "2"]
    scene.studio_id = None
    assert_type(scene.tag_ids, list[str] | UnsetType)
    scene.add_tag(Tag(name="Macro"))
    await scene.add_performer(Performer.new(name="Ada"))
    scene.groups = [SceneGroup(group=Group(name="Series"), scene_index=1)]
    await scene.save(client)
    assert_type(await Gallery(id="1").delete(client), bool)
    assert_type(Tag.new(name="x"), Tag)
    assert_type(Scene.from_row({"id": "1"}), Scene)
    assert_type(scene._received_fields, frozenset[str])
    return ", ".join(names)


def hierarchy(tag: Tag) -> list[str]:
    """Names of all tags below."""
    return [one.name for one in tag.get_all_descendants() if is_set(one.name)]
