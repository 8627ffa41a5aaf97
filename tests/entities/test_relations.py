"""Both ends of a relation are in step, where they are loaded, and at the same cost for any size."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import pytest

from stashsync.entities import (
    Gallery,
    Group,
    Image,
    Performer,
    PlainIdentityMap,
    Scene,
    SceneGroup,
    SceneMarker,
    Studio,
    Tag,
    decode_rows,
)
from stashsync.unset import UNSET


def studio(identifier: str, *scenes: str, home: PlainIdentityMap) -> Studio:
    """Return a studio whose scenes are loaded, as a filter query returns them."""
    made = Studio.from_row({"id": identifier, "name": f"Studio {identifier}"}, home)
    made.set_loaded("scenes", [Scene.from_row({"id": scene}, home) for scene in scenes])
    return made


def test_a_list_found_by_a_filter_is_loaded_and_keeps_edits() -> None:
    """As an answer about the object itself: clean lists follow, edited ones stay."""
    home = PlainIdentityMap()
    owner = studio("10", "1", home=home)
    assert not owner.is_dirty()
    assert "scenes" in owner._received_fields
    held = owner.scenes
    two, three = (Scene.from_row({"id": name}, home) for name in "23")
    owner.set_loaded("scenes", [two])
    assert held is owner.scenes
    assert held == [two]
    owner.add_scene(three)
    owner.set_loaded("scenes", [])
    assert owner.scenes == [two, three]
    assert {member.id for write in owner.pending_side_writes() for member in write.members} == set(
        "23"
    )


@pytest.mark.row("C15")
@pytest.mark.fault("10 stale")
def test_a_relation_to_one_moves_between_the_lists_of_the_other_end() -> None:
    """The former studio loses the scene and the new one gets it; only the scene was edited."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "studio": {"id": "10"}}, home)
    a, b = studio("10", "1", "2", home=home), studio("11", home=home)
    scene.studio = b
    assert scene not in a.scenes
    assert scene in b.scenes
    assert scene.is_dirty()
    assert not a.is_dirty()
    assert not b.is_dirty()
    scene.studio = None
    assert b.scenes == []


@pytest.mark.row("C15")
@pytest.mark.fault("10 looks loaded")
def test_a_list_that_is_not_loaded_stays_unknown() -> None:
    """A relation never makes the other end look as if it were known."""
    owner, other = Studio(id="10"), Tag(id="5")
    scene = Scene(id="1", studio=owner, tags=[other])
    assert owner.scenes is UNSET
    assert other.scenes is UNSET
    assert "scenes" not in owner._received_fields
    scene.tags.remove(other)
    assert other.scenes is UNSET


@pytest.mark.row("C16")
@pytest.mark.fault("10 stale")
def test_assigned_lists_update_the_other_ends_of_added_and_removed_objects() -> None:
    """On both ends, and each object once."""
    ada, bo, cy = (Performer(id=str(n), scenes=[]) for n in range(3))
    scene = Scene(id="1", performers=[ada, bo])
    scene.performers = [bo, cy, cy]
    assert scene.performers == [bo, cy]
    assert [item.scenes for item in (ada, bo, cy)] == [[], [scene], [scene]]
    scene.performers = []
    assert [item.scenes for item in (ada, bo, cy)] == [[], [], []]


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (lambda tags, new: tags.append(new), "abcn"),
        (lambda tags, new: tags.append(tags[0]), "abc"),
        (lambda tags, new: tags.extend([new, new]), "abcn"),
        (lambda tags, new: tags.insert(1, new), "anbc"),
        (lambda tags, new: tags.__setitem__(0, new), "nbc"),
        (lambda tags, new: tags.__setitem__(slice(0, 2), [new]), "nc"),
        (lambda tags, new: tags.__delitem__(1), "ac"),
        (lambda tags, new: tags.__iadd__([new]), "abcn"),
        (lambda tags, new: tags.__imul__(2), "abc"),
        (lambda tags, new: tags.pop(0), "bc"),
        (lambda tags, new: tags.remove(tags[1]), "ac"),
        (lambda tags, new: tags.clear(), ""),
        (lambda tags, new: tags.sort(key=lambda tag: tag.name, reverse=True), "cba"),
        (lambda tags, new: tags.reverse(), "cba"),
    ],
)
def test_every_edit_of_a_list_reaches_the_other_ends(edit: Any, after: str) -> None:
    """Every method and operator of a list is tried."""
    tags = [Tag(id=name, name=name, scenes=[]) for name in "abcn"]
    scene = Scene(id="1", tags=tags[:3])
    edit(scene.tags, tags[3])
    assert "".join(tag.id for tag in scene.tags) == after
    assert {tag.id for tag in tags if scene in tag.scenes} == set(after)
    assert all((tag in scene.tags) == (tag.id in after) for tag in tags)


def test_a_list_refuses_what_does_not_belong_and_what_is_not_there() -> None:
    """Before anything is changed."""
    scene = Scene(id="1", tags=[])
    with pytest.raises(ValueError, match="a Tag is wanted"):
        scene.tags.append(Studio(id="1"))
    with pytest.raises(ValueError, match="is not in tags"):
        scene.tags.remove(Tag(id="1"))
    assert scene.tags == []


def test_a_field_that_only_the_server_sets_cannot_be_set() -> None:
    """An edit that nothing could save is refused where it is made, not lost when it is saved."""
    scene = Scene(id="1", o_counter=3)
    for field, value in (("o_counter", 4), ("files", []), ("created_at", "now")):
        with pytest.raises(AttributeError, match=field):
            setattr(scene, field, value)
    scene.o_counter = UNSET
    performer = Performer.from_row({"id": "1", "groups": [{"id": "2"}]})
    with pytest.raises(AttributeError, match="groups"):
        performer.groups = []
    for edit in (
        lambda groups: groups.append(Group(id="3")),
        lambda groups: groups.remove(groups[0]),
        lambda groups: groups.clear(),
    ):
        with pytest.raises(AttributeError, match="groups"):
            edit(performer.groups)
    assert performer.groups[0].id == "2"


def test_a_list_that_was_replaced_is_a_plain_list() -> None:
    """Edits of it no longer reach the object."""
    tag = Tag(id="1", scenes=[])
    scene = Scene(id="1", tags=[])
    old = scene.tags
    scene.tags = []
    old.append(tag)
    assert tag in old
    old.remove(tag)
    old.extend([tag])
    old.insert(0, tag)
    assert scene.tags == []
    assert tag.scenes == []


def test_an_edit_on_the_far_end_moves_the_near_one() -> None:
    """The studio was edited, so the studio has something to save; the scene shows the same."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "studio": {"id": "10"}}, home)
    a, b = studio("10", "1", home=home), studio("11", home=home)
    b.scenes.append(scene)
    assert scene.studio is b
    assert a.scenes == []
    assert b.is_dirty()
    assert not scene.is_dirty()
    assert not a.is_dirty()
    b.scenes.remove(scene)
    assert scene.studio is None


def test_where_the_far_end_cannot_save_the_near_one_does() -> None:
    """No bulk update moves markers between scenes, so it is the marker that is edited."""
    home = PlainIdentityMap()
    scene = Scene.from_row({"id": "1", "scene_markers": []}, home)
    marker = SceneMarker.from_row({"id": "2", "scene": {"id": "9"}}, home)
    scene.scene_markers.append(marker)
    assert marker.scene is scene
    assert marker.is_dirty()
    assert not scene.is_dirty()


def test_parents_and_children_are_two_ends_of_one_relation() -> None:
    """Scenes and galleries are such a pair of relations, too."""
    light, shade = Tag(id="1", parents=[], children=[]), Tag(id="2", parents=[], children=[])
    shade.parents = [light]
    assert light.children == [shade]
    light.children.clear()
    assert shade.parents == []
    scene, gallery = Scene(id="1", galleries=[]), Gallery(id="2", scenes=[])
    gallery.scenes.append(scene)
    assert scene.galleries == [gallery]
    root, leaf = Studio(id="1", children=[]), Studio(id="2")
    leaf.parent = root
    assert root.children == [leaf]


def test_groups_know_their_scenes_and_each_other() -> None:
    """A membership has two ends too; the number belongs to the near one."""
    series, part = Group(id="1", scenes=[], sub_groups=[]), Group(id="2", containing_groups=[])
    scene = Scene(id="1", groups=[SceneGroup(group=series, scene_index=3)])
    assert series.scenes == [scene]
    scene.groups = []
    assert series.scenes == []
    series.scenes.append(scene)
    assert [(item.group, item.scene_index) for item in scene.groups] == [(series, None)]
    series.scenes.remove(scene)
    assert scene.groups == []
    series.add_sub_group(part, "the first")
    assert [item.group for item in part.containing_groups] == [series]
    series.remove_sub_group(part)
    assert part.containing_groups == []


@pytest.mark.row("C21")
def test_there_is_one_object_for_an_id_in_all_relations() -> None:
    """One object for each id, across answers and at any depth."""
    home = PlainIdentityMap()
    rows = [
        {"id": str(n), "studio": {"id": "1"}, "tags": [{"id": "5", "name": "Macro"}]}
        for n in range(3)
    ]
    scenes = decode_rows(Scene, rows, home)
    assert len({scene.studio for scene in scenes}) == 1
    assert len({scene.tags[0] for scene in scenes}) == 1
    image = Image.from_row({"id": "1", "studio": {"id": "1", "name": "Northlight"}}, home)
    assert image.studio is scenes[0].studio
    assert scenes[2].studio.name == "Northlight"


def test_rows_that_refer_to_each_other_end() -> None:
    """A parent row with its children, whose rows have their parents."""
    row = {"id": "1", "children": [{"id": "2", "parents": [{"id": "1"}, {"id": "3"}]}]}
    light = Tag.from_row(row)
    assert light.children[0].parents[0] is light
    assert not light.is_dirty()


def calls(scenes: int, *, loaded: bool) -> int:
    """Count the calls, steps of generators included, that adding and removing one tag takes."""
    home = PlainIdentityMap()
    rows = [{"id": str(n), "tags": []} for n in range(scenes)]
    every = decode_rows(Scene, rows, home)
    tag = Tag.from_row({"id": "1"}, home)
    if loaded:
        tag.scenes = []
        tag.mark_clean()
    found = Counter[str]()
    sys.setprofile(lambda _, event, __: found.update([event]))
    try:
        for scene in every:
            scene.tags = [tag]
        for scene in reversed(every):
            scene.tags = []
    finally:
        sys.setprofile(None)
    return found["call"] + found["c_call"]


@pytest.mark.fault("13 quadratic")
@pytest.mark.parametrize("loaded", [False, True])
def test_one_tag_for_many_scenes_costs_the_same_for_each(loaded: bool) -> None:
    """Four times the scenes take four times as many calls, never 16 times as many."""
    calls(10, loaded=loaded)
    assert calls(400, loaded=loaded) < 5 * calls(100, loaded=loaded)


@pytest.mark.parametrize("gives", ["assign", "append", "insert"])
def test_an_edit_of_an_end_that_cannot_be_saved_is_saved_by_the_other_end(gives: str) -> None:
    """No mutation changes the children of a studio: so it is the child that has to be saved."""
    parent, child = Studio.new(name="North"), Studio.from_row({"id": "2", "name": "South"})
    parent.children = []
    match gives:
        case "assign":
            parent.children = [child]
        case "append":
            parent.children.append(child)
        case _:
            parent.children.insert(0, child)
    assert child.get_changed_fields() == {"parent": parent}


def test_an_edit_that_neither_end_could_save_is_refused() -> None:
    """The tags of a studio are sent as a whole list, and those of this one are not loaded."""
    tag, studio = Tag.from_row({"id": "1"}), Studio.from_row({"id": "2", "name": "South"})
    tag.set_loaded("studios", [])
    with pytest.raises(ValueError, match="not loaded"):
        tag.studios.append(studio)
    with pytest.raises(ValueError, match="not loaded"):
        tag.studios = [studio]
    with pytest.raises(ValueError, match="not loaded"):
        tag.studios[:] = [studio]
    assert tag.studios == []
    new = Studio.new(name="East")
    tag.studios.append(new)
    assert new.tags == [tag]
