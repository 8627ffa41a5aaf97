"""Edits are noticed: assignments, edits in place, and what a later answer does to them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stashsync.entities import Gallery, Group, Performer, PlainIdentityMap, Scene, SceneGroup, Tag
from stashsync.unset import UNSET

PERFORMER: dict[str, Any] = {
    "id": "7",
    "name": "Ada Lund",
    "alias_list": ["A. L.", "Ada"],
    "urls": ["https://a.example"],
    "favorite": False,
    "rating100": 40,
    "image_path": "http://stash/performer/7/image",
    "stash_ids": [{"endpoint": "https://db.example", "stash_id": "x"}],
    "custom_fields": {"lens": {"focal": 50}, "mount": "E"},
    "tags": [{"id": "1", "name": "Macro"}, {"id": "2", "name": "Night"}],
}


def ada(home: PlainIdentityMap | None = None) -> Performer:
    return Performer.from_row(PERFORMER, home)


def sent(entity: Any) -> dict[str, Any]:
    made: dict[str, Any] = asyncio.run(entity.to_input())
    return made


@pytest.mark.row("C7", "C10")
def test_only_what_was_edited_is_sent() -> None:
    """The id and the edited fields, under the names of the input."""
    performer = ada()
    assert not performer.is_dirty()
    assert performer.get_changed_fields() == {}
    performer.rating100 = 90
    performer.aliases = ["Ada"]
    assert performer.get_changed_fields() == {"rating100": 90, "aliases": ["Ada"]}
    assert sent(performer) == {"id": "7", "rating100": 90, "alias_list": ["Ada"]}
    performer.rating100 = 40
    performer.aliases = ["Ada", "A. L."]
    assert not performer.is_dirty(), "back where it was; the order of aliases does not count"


@pytest.mark.row("C8")
@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda p: p.aliases.append("Ada L."), "aliases"),
        (lambda p: p.urls.reverse() or p.urls.insert(0, "https://b.example"), "urls"),
        (lambda p: p.stash_ids[0].update(stash_id="y"), "stash_ids"),
        (lambda p: p.stash_ids.clear(), "stash_ids"),
        (lambda p: p.custom_fields.pop("mount"), "custom_fields"),
        (lambda p: p.custom_fields["lens"].update(focal=85), "custom_fields"),
        (lambda p: p.tags.pop(), "tags"),
        (lambda p: p.tags.clear(), "tags"),
        (lambda p: p.tags.append(Tag(id="3")), "tags"),
        (lambda p: p.tag_ids.append("3"), "tags"),
    ],
)
def test_edits_in_place_are_noticed(edit: Any, field: str) -> None:
    """A change needs no assignment to be noticed; an object marked clean has no changes."""
    performer = ada()
    edit(performer)
    assert list(performer.get_changed_fields()) == [field]
    performer.mark_clean()
    assert not performer.is_dirty()


@pytest.mark.row("C9")
def test_null_clears_and_unset_leaves_alone() -> None:
    """Three states of a field: a value, null, and UNSET."""
    performer = ada()
    performer.rating100 = None
    performer.urls = UNSET
    assert sent(performer) == {"id": "7", "rating100": None}
    assert "urls" not in performer._received_fields
    performer.merge_row({"id": "7", "urls": ["https://c.example"]})
    assert performer.urls == ["https://c.example"], "UNSET is not an edit"


@pytest.mark.row("C16")
@pytest.mark.fault("1")
def test_an_empty_list_clears() -> None:
    """An empty list is sent."""
    performer = ada()
    performer.tags = []
    performer.aliases = []
    performer.stash_ids = []
    assert sent(performer) == {"id": "7", "alias_list": [], "stash_ids": [], "tag_ids": []}
    assert sent(Scene(title="x", tags=[], urls=[])) == {"title": "x", "tag_ids": [], "urls": []}


@pytest.mark.fault("7 favorite", "7 ignore_auto_tag", "7 stash_ids", "7 images")
def test_flags_images_and_ids_of_other_databases_are_sent() -> None:
    """Every tracked field reaches the input."""
    tag = Tag.from_row({"id": "1", "favorite": False, "ignore_auto_tag": False, "image_path": "u"})
    tag.favorite = tag.ignore_auto_tag = True
    tag.image = "data:image/png;base64,AA=="
    tag.stash_ids = [{"endpoint": "https://db.example", "stash_id": "t"}]
    assert sent(tag) == {
        "id": "1",
        "favorite": True,
        "ignore_auto_tag": True,
        "image": "data:image/png;base64,AA==",
        "stash_ids": [{"endpoint": "https://db.example", "stash_id": "t"}],
    }
    performer = ada()
    performer.stash_ids = [{"endpoint": "https://db.example", "stash_id": "p"}]
    assert sent(performer) == {
        "id": "7",
        "stash_ids": [{"endpoint": "https://db.example", "stash_id": "p"}],
    }
    group = Group(name="Series", front_image="https://i.example/f.png", back_image=None)
    assert sent(group)["front_image"] == "https://i.example/f.png"
    scene = Scene(id="3", cover_image="https://i.example/c.png")
    assert sent(scene) == {"id": "3", "cover_image": "https://i.example/c.png"}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda fields: fields.update(mount="Z"), {"partial": {"mount": "Z"}}),
        (lambda fields: fields.pop("mount"), {"partial": {}, "remove": ["mount"]}),
        (lambda fields: fields.clear(), {"full": {}}),
    ],
)
def test_custom_fields_are_sent_as_their_difference(edit: Any, expected: Any) -> None:
    """Keys that others have set meanwhile stay."""
    performer = ada()
    edit(performer.custom_fields)
    assert sent(performer) == {"id": "7", "custom_fields": expected}


def test_custom_fields_that_were_never_read_are_set_whole() -> None:
    """Without a snapshot there is no difference; a new object sends them as they are."""
    assert sent(Performer(id="7", custom_fields={"a": 1}))["custom_fields"] == {"full": {"a": 1}}
    assert sent(Performer(name="B", custom_fields={"a": 1}))["custom_fields"] == {"a": 1}


@pytest.mark.row("C8")
def test_marking_dirty_sends_again() -> None:
    """The named fields, or all that are set; an image read from the server is no such field."""
    performer = ada()
    performer.mark_dirty("name")
    assert sent(performer) == {"id": "7", "name": "Ada Lund"}
    performer.mark_clean()
    performer.mark_dirty()
    assert "image" not in sent(performer)
    assert {"rating100", "tag_ids", "favorite"} <= sent(performer).keys()


@pytest.mark.row("D19")
@pytest.mark.fault("6 refetch")
def test_a_refetch_replaces_clean_fields_and_never_an_edit() -> None:
    """The snapshot is updated, the edit stays; the difference to the new snapshot is sent."""
    home = PlainIdentityMap()
    performer = ada(home)
    tags = performer.tags
    performer.rating100 = 90
    performer.aliases.append("Mine")
    performer.custom_fields["mount"] = "Z"
    again = Performer.from_row(
        {
            **PERFORMER,
            "name": "Ada",
            "rating100": 50,
            "alias_list": ["Theirs"],
            "custom_fields": {"mount": "L", "new": 1},
            "tags": [{"id": "2"}],
        },
        home,
    )
    assert again is performer
    assert performer.name == "Ada"
    assert performer.rating100 == 90
    assert performer.aliases == ["A. L.", "Ada", "Mine"]
    assert [tag.name for tag in performer.tags] == ["Night"]
    assert performer.tags is tags, "whoever holds the list sees what it is now"
    assert performer.custom_fields == {"mount": "Z", "new": 1}, "what others did is kept"
    assert sent(performer)["custom_fields"] == {"partial": {"mount": "Z"}}
    performer.rating100 = 50
    assert "rating100" not in performer.get_changed_fields(), "now it is what the server has"


@pytest.mark.row("C22")
def test_received_fields_are_those_of_answers() -> None:
    """Under the names of the class; they grow with each answer and do not shrink."""
    home = PlainIdentityMap()
    stub = Performer.from_row({"id": "7"}, home)
    assert stub._received_fields == {"id"}
    assert stub.name is UNSET
    full = ada(home)
    assert full is stub
    assert {"aliases", "image", "tags"} <= stub._received_fields
    Performer.from_row({"id": "7"}, home)
    assert "tags" in stub._received_fields
    assert Performer(name="New")._received_fields == frozenset()


def test_memberships_are_tracked_with_their_numbers() -> None:
    """A scene's place in a group is an edit like any other."""
    scene = Scene.from_row({"id": "1", "groups": [{"group": {"id": "5"}, "scene_index": None}]})
    assert not scene.is_dirty()
    scene.groups[0].scene_index = 4
    assert sent(scene) == {"id": "1", "groups": [{"group_id": "5", "scene_index": 4}]}
    scene.mark_clean()
    scene.groups.append(SceneGroup(group=Group(id="6")))
    assert sent(scene)["groups"] == [{"group_id": "5", "scene_index": 4}, {"group_id": "6"}]


@pytest.mark.row("C24")
def test_relations_can_be_set_by_id() -> None:
    """Known objects are used; for other ids there is an object with only its id."""
    home = PlainIdentityMap()
    performer = ada(home)
    night = performer.tags[1]
    assert performer.tag_ids == ["1", "2"]
    performer.tag_ids = ["2", "9"]
    assert performer.tags[0] is night
    assert performer.tags[1].name is UNSET
    assert home.table(Tag)["9"] is performer.tags[1]
    performer.tag_ids += ["8"]
    performer.tag_ids.remove("2")
    assert sent(performer) == {"id": "7", "tag_ids": ["9", "8"]}
    gallery = Gallery(title="Set", studio_id="4", tag_ids=["1"])  # type: ignore[call-arg]
    assert sent(gallery) == {"title": "Set", "studio_id": "4", "tag_ids": ["1"]}
    gallery.studio_id = None
    assert gallery.studio is None
    gallery.tag_ids = UNSET
    assert gallery.tag_ids is UNSET
    assert Scene().studio_id is UNSET
