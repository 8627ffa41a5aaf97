"""Helpers do their work when they are called, and can be awaited."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from stashsync.entities import Gallery, Group, Image, Performer, Scene, SceneMarker, Studio, Tag
from stashsync.unset import UNSET
from tests.entities.recorder import Library

CASES: list[tuple[Any, str, str, Any]] = [
    (Scene, "performer", "performers", Performer),
    (Scene, "tag", "tags", Tag),
    (Tag, "parent", "parents", Tag),
    (Tag, "child", "children", Tag),
    (Tag, "scene", "scenes", Scene),
    (Tag, "image", "images", Image),
    (Tag, "gallery", "galleries", Gallery),
    (Tag, "performer", "performers", Performer),
    (Tag, "group", "groups", Group),
    (Performer, "tag", "tags", Tag),
    (Performer, "scene", "scenes", Scene),
    (Performer, "image", "images", Image),
    (Performer, "gallery", "galleries", Gallery),
    (Studio, "tag", "tags", Tag),
    (Studio, "scene", "scenes", Scene),
    (Studio, "image", "images", Image),
    (Studio, "gallery", "galleries", Gallery),
    (Studio, "group", "groups", Group),
    (Gallery, "performer", "performers", Performer),
    (Gallery, "tag", "tags", Tag),
    (Gallery, "scene", "scenes", Scene),
    (Gallery, "image", "images", Image),
    (Image, "performer", "performers", Performer),
    (Image, "tag", "tags", Tag),
    (Group, "tag", "tags", Tag),
    (Group, "scene", "scenes", Scene),
    (SceneMarker, "tag", "tags", Tag),
]


@pytest.mark.row("C17", "C18", "C19", "C20")
@pytest.mark.parametrize(("model", "word", "field", "other"), CASES)
def test_adding_and_removing_work_with_and_without_await(
    model: Any, word: str, field: str, other: Any
) -> None:
    """Once is enough, and removing what is not there changes nothing."""
    owner, first, second = model(id="1", **{field: []}), other(id="2"), other(id="3")
    add, remove = getattr(owner, f"add_{word}"), getattr(owner, f"remove_{word}")
    add(first)
    add(first)

    async def awaited() -> None:
        await add(second)
        assert getattr(owner, field) == [first, second]
        await remove(first)

    asyncio.run(awaited())
    remove(first)
    assert getattr(owner, field) == [second]


@pytest.mark.row("C18")
def test_a_scene_has_helpers_for_its_studio_its_galleries_and_its_groups() -> None:
    """They cover a relation to one, one to many, and one to many with a number."""
    scene, gallery, studio = Scene(title="x"), Gallery(id="2", scenes=[]), Studio(id="3")
    group = Group(id="4", scenes=[])
    scene.add_to_gallery(gallery)
    scene.set_studio(studio)
    scene.add_to_group(group, 2)
    scene.add_to_group(group, 3)
    assert gallery.scenes == group.scenes == [scene]
    assert scene.studio is studio
    assert [(item.group, item.scene_index) for item in scene.groups] == [(group, 3)]
    scene.remove_from_gallery(gallery)
    scene.remove_from_group(group)
    scene.set_studio(None)
    assert (scene.galleries, scene.groups, scene.studio) == ([], [], None)


def test_the_other_helpers_of_relations_to_one() -> None:
    """They set a studio's parent, a marker's scene and tag, and an image's gallery."""
    root, leaf = Studio(id="1", children=[]), Studio(id="2")
    root.add_child(leaf)
    assert leaf.parent is root
    root.remove_child(leaf)
    leaf.set_parent(root)
    assert root.children == [leaf]
    marker, scene, tag = SceneMarker(id="1"), Scene(id="2", scene_markers=[]), Tag(id="3")
    marker.set_scene(scene)
    marker.set_primary_tag(tag)
    assert scene.scene_markers == [marker]
    image, gallery = Image(id="1", galleries=[]), Gallery(id="2", images=[])
    image.add_to_gallery(gallery)
    assert gallery.images == [image]
    image.remove_from_gallery(gallery)
    image.set_studio(root)
    inner, outer = Group(id="1", containing_groups=[]), Group(id="2", sub_groups=[])
    inner.add_containing_group(outer)
    assert [sub_group.group for sub_group in outer.sub_groups] == [inner]
    inner.remove_containing_group(outer)
    assert outer.sub_groups == []
    bearer = Studio(id="9", tags=[])
    tag.add_studio(bearer)
    assert bearer.tags == [tag]
    tag.remove_studio(bearer)
    marker.tags = []
    tag.add_scene_marker(marker)
    tag.remove_scene_marker(marker)
    assert bearer.tags == marker.tags == []


@pytest.mark.row("C17")
def test_what_is_not_loaded_is_fetched_first_if_the_helper_is_awaited() -> None:
    """A list that is not known is never sent as if it were empty."""
    library = Library({("Scene", "1"): {"tags": [{"id": "5"}]}})
    scene, tag = Scene.from_row({"id": "1"}, library), Tag(id="6")
    asyncio.run(_await(scene.add_tag(tag)))
    assert library.asked == [(["1"], {"tags"})]
    assert scene.tag_ids == ["5", "6"]
    other = Scene.from_row({"id": "2"}, library)
    pending = other.add_tag(tag)
    assert inspect.iscoroutine(pending)
    pending.close()
    assert other.tags is UNSET
    with pytest.raises(LookupError, match="not loaded"):
        Scene(id="3").add_tag(tag)
    new = Scene(title="new")
    new.add_tag(tag)
    assert new.tags == [tag]


async def _await(value: Any) -> Any:
    return await value


@pytest.mark.row("C19")
def test_ancestors_and_descendants_are_all_of_them_nearest_first() -> None:
    """Each once, and circles end."""
    root, left, right, leaf = (Tag(id=name, parents=[], children=[]) for name in "abcd")
    root.add_child(left)
    root.add_child(right)
    left.add_child(leaf)
    right.add_child(leaf)
    assert root.get_all_descendants() == [left, right, leaf]
    assert leaf.get_all_ancestors() == [left, right, root]
    assert root.get_all_descendants().complete
    assert asyncio.run(_await(root.get_all_descendants())) == [left, right, leaf]
    leaf.add_child(root)
    assert root.get_all_descendants() == [left, right, leaf]


@pytest.mark.row("C19", "G3")
def test_a_hierarchy_is_fetched_level_by_level_to_any_depth() -> None:
    """One request for each level, and none for what is known."""
    rows = {("Studio", str(n)): {"parent_studio": {"id": str(n + 1)}} for n in range(1, 6)}
    rows["Studio", "6"] = {"parent_studio": None}
    renamed = {key: {"parent": row["parent_studio"]} for key, row in rows.items()}

    class Studios(Library):
        async def load(self, entities: Any, fields: Any) -> None:
            self.asked.append(([entity.id for entity in entities], set(fields)))
            for entity in entities:
                entity.merge_row(
                    {"id": entity.id, "parent_studio": renamed["Studio", entity.id]["parent"]}
                )

    library = Studios({})
    studio = Studio.from_row({"id": "1", "parent_studio": {"id": "2"}}, library)
    known = studio.get_all_ancestors()
    assert [item.id for item in known] == ["2"]
    assert not known.complete
    whole = asyncio.run(_await(known))
    assert [item.id for item in whole] == ["2", "3", "4", "5", "6"]
    assert whole.complete
    assert [ids for ids, _ in library.asked] == [["2"], ["3"], ["4"], ["5"], ["6"]]
    with pytest.raises(LookupError):
        asyncio.run(_await(Studio(id="1").get_all_ancestors()))
