"""Saving edits: the mutations that are sent, and what is clean afterwards."""

from __future__ import annotations

import asyncio

import pytest

from stashsync.entities import (
    Folder,
    Gallery,
    GalleryChapter,
    Image,
    Performer,
    PlainIdentityMap,
    SavedFilter,
    Scene,
    SceneMarker,
    Studio,
    Tag,
)
from stashsync.errors import StashCapabilityError, StashError
from tests.entities.recorder import Recorder


@pytest.mark.row("C6")
def test_a_new_object_is_created_once_and_then_updated() -> None:
    """All set fields first, only edited ones later, nothing at all where nothing was edited."""
    client = Recorder()
    scene = Scene(title="Harbour", rating100=None)
    asyncio.run(scene.save(client))
    assert scene.id == "101"
    assert not scene.is_new()
    assert not scene.is_dirty()
    scene.rating100 = 70
    asyncio.run(scene.save(client))
    asyncio.run(scene.save(client))
    assert [(item.mutation, item.type_name, item.value) for item in client.sent] == [
        ("sceneCreate", "SceneCreateInput!", {"title": "Harbour", "rating100": None}),
        ("sceneUpdate", "SceneUpdateInput!", {"id": "101", "rating100": 70}),
    ]


def test_edits_made_while_saving_are_not_lost() -> None:
    """Only what was sent is clean, not what was edited before the answer came."""
    client = Recorder()
    tag = Tag.from_row({"id": "1", "name": "Old", "aliases": [], "favorite": False})
    tag.aliases.append("sent")

    def edit() -> None:
        tag.aliases.append("too late")

    client.meanwhile = edit
    write = tag.pending_write()
    assert write is not None
    client.meanwhile()
    write.settle({"id": "1"})
    assert write.value == {"id": "1", "aliases": ["sent"]}
    assert tag.get_changed_fields() == {"aliases": ["sent", "too late"]}


def test_a_refused_save_leaves_everything_to_be_saved() -> None:
    """Refused edits stay to be saved; an answer without the object is a failure too."""
    client = Recorder()

    def refuse(sent: object) -> None:
        raise StashError("no")

    client.answer = refuse
    tag = Tag(name="Macro")
    with pytest.raises(StashError, match="no"):
        asyncio.run(tag.save(client))
    assert tag.is_new()
    assert tag.is_dirty()
    gone = Tag.from_row({"id": "1", "name": "a"})
    gone.name = "b"
    client.answer = lambda sent: None
    with pytest.raises(StashError, match="not there"):
        asyncio.run(gone.save(client))
    assert gone.get_changed_fields() == {"name": "b"}


def test_what_a_create_cannot_take_follows_in_an_update() -> None:
    """The input of a create has no resume time, for example."""
    client = Recorder()
    scene = Scene(title="Harbour", resume_time=12.5, file_ids=["9"])
    asyncio.run(scene.save(client))
    assert [item.value for item in client.sent] == [
        {"title": "Harbour", "file_ids": ["9"]},
        {"id": "101", "resume_time": 12.5},
    ]
    assert not scene.is_dirty()
    scene.file_ids = ["10"]
    with pytest.raises(ValueError, match="only when a Scene is created"):
        asyncio.run(scene.save(client))


def test_a_field_that_a_release_lacks_is_an_error() -> None:
    """It is neither dropped nor marked clean."""
    client = Recorder({"TagUpdateInput": frozenset({"id", "name"})})
    tag = Tag.from_row({"id": "1", "name": "Macro"})
    tag.name = "Close-up"
    tag.sort_name = "macro"
    with pytest.raises(StashCapabilityError, match="sort_name"):
        asyncio.run(tag.save(client))
    assert client.sent == []
    assert set(tag.get_changed_fields()) == {"name", "sort_name"}


def test_a_new_object_needs_what_the_server_needs() -> None:
    """It is refused before anything is sent."""
    for entity, word in (
        (Tag(description="x"), "name"),
        (Gallery(code="x"), "title"),
        (SceneMarker(title="", seconds=1.0, primary_tag_id="1"), "scene"),  # type: ignore[call-arg]
    ):
        with pytest.raises(ValueError, match=word):
            asyncio.run(entity.to_input())
    for made in (Image(title="x"), Folder()):
        with pytest.raises(NotImplementedError):
            asyncio.run(made.save(Recorder()))


def test_a_marker_needs_its_scene_and_its_tag() -> None:
    """All of a marker, with the ids of what it refers to."""
    client = Recorder()
    marker = SceneMarker(title="Gate", seconds=4.5, scene=Scene(id="3"), primary_tag=Tag(id="8"))
    asyncio.run(marker.save(client))
    assert client.sent[0].value == {
        "title": "Gate",
        "seconds": 4.5,
        "scene_id": "3",
        "primary_tag_id": "8",
    }


def test_a_saved_filter_is_always_saved_whole() -> None:
    """One mutation creates and changes it, and clears what is left out."""
    client = Recorder()
    saved = SavedFilter.from_row(
        {"id": "4", "mode": "SCENES", "name": "Best", "object_filter": {"rating100": 1}}
    )
    asyncio.run(saved.save(client))
    assert client.sent == []
    saved.name = "Very best"
    asyncio.run(saved.save(client))
    assert client.sent[0].mutation == "saveFilter"
    assert client.sent[0].value == {
        "id": "4",
        "mode": "SCENES",
        "name": "Very best",
        "object_filter": {"rating100": 1},
    }


def test_references_have_to_be_saved_first() -> None:
    """A temporary id never leaves the machine."""
    client = Recorder()
    new = Tag(name="Night")
    scene = Scene.from_row({"id": "1", "tags": []})
    scene.tags.append(new)
    assert scene.unsaved_references() == [new]
    with pytest.raises(ValueError, match="Night"):
        asyncio.run(scene.save(client))
    asyncio.run(new.save(client))
    asyncio.run(scene.save(client))
    assert client.sent[-1].value == {"id": "1", "tag_ids": ["101"]}


@pytest.mark.row("E9")
def test_an_edit_on_the_far_end_is_saved_by_bulk_updates() -> None:
    """Added and removed objects, five hundred at a time, of any kind."""
    client = Recorder()
    home = PlainIdentityMap()
    studio = Studio.from_row({"id": "1", "name": "Northlight"}, home)
    studio.images = [Image.from_row({"id": str(n), "studio": {"id": "1"}}, home) for n in (1, 2)]
    studio.mark_clean()
    came = [Image.from_row({"id": str(n)}, home) for n in range(10, 1210)]
    studio.images = [studio.images[0], *came]
    asyncio.run(studio.save(client))
    assert [item.mutation for item in client.sent] == ["bulkImageUpdate"] * 4
    assert client.sent[0].value == {"ids": ["2"], "studio_id": None}
    assert [len(item.value["ids"]) for item in client.sent] == [1, 500, 500, 200]
    assert client.sent[3].value["studio_id"] == "1"
    assert not studio.is_dirty()
    asyncio.run(studio.save(client))
    assert len(client.sent) == 4


def test_a_far_list_of_many_adds_and_removes() -> None:
    """The tag is added to the tags of the scenes, and does not replace them."""
    client = Recorder()
    home = PlainIdentityMap()
    tag = Tag.from_row({"id": "1"}, home)
    a, b = (Scene.from_row({"id": name, "tags": []}, home) for name in "ab")
    tag.scenes = [a]
    tag.mark_clean()
    a.mark_clean()
    tag.scenes = [b]
    asyncio.run(tag.save(client))
    assert [item.value for item in client.sent] == [
        {"ids": ["a"], "tag_ids": {"ids": ["1"], "mode": "REMOVE"}},
        {"ids": ["b"], "tag_ids": {"ids": ["1"], "mode": "ADD"}},
    ]
    assert not any(item.is_dirty() for item in (tag, a, b))


@pytest.mark.fault("4")
def test_what_a_side_mutation_did_not_do_stays_to_be_done() -> None:
    """The failure is raised, and only what was done is clean."""
    client = Recorder()
    tag = Tag.from_row({"id": "1"})
    a, b = Scene(id="a"), Scene(id="b")
    tag.scenes = [a]
    tag.mark_clean()
    tag.scenes = [b]

    def second_fails(sent: object) -> object:
        if len(client.sent) == 2:
            raise StashError("busy")
        return [{"id": "a"}]

    client.answer = second_fails
    with pytest.raises(StashError, match="busy"):
        asyncio.run(tag.save(client))
    (left,) = tag.pending_side_writes()
    assert left.joins
    assert left.members == (b,)


def test_two_new_objects_that_know_each_other_can_be_saved() -> None:
    """The scene sends its studio; that is enough for both ends."""
    client = Recorder()
    studio, scene = Studio(name="Northlight", scenes=[]), Scene(title="Harbour")
    scene.studio = studio
    asyncio.run(studio.save(client))
    asyncio.run(scene.save(client))
    assert [item.mutation for item in client.sent] == ["studioCreate", "sceneCreate"]
    assert client.sent[1].value["studio_id"] == studio.id
    assert not studio.is_dirty()


def test_a_relation_that_one_end_has_saved_is_saved() -> None:
    """The other end does not send it again."""
    client = Recorder()
    light, shade = (Tag.from_row({"id": n, "parents": [], "children": []}) for n in "12")
    shade.parents = [light]
    light.mark_dirty("children")
    asyncio.run(shade.save(client))
    assert client.sent[0].value == {"id": "2", "parent_ids": ["1"]}
    assert not light.is_dirty()


@pytest.mark.row("C11")
def test_deleting_uses_the_mutation_of_each_kind() -> None:
    """Input or id, one or many; what is deleted is forgotten."""
    client, home = Recorder(), PlainIdentityMap()
    scene = Scene.from_row({"id": "1"}, home)
    assert asyncio.run(scene.delete(client, delete_file=True)) is True
    assert Scene.from_row({"id": "1"}, home) is not scene
    asyncio.run(Gallery(id="2").delete(client))
    asyncio.run(SceneMarker(id="3").delete(client))
    asyncio.run(SavedFilter(id="4").delete(client))
    assert [tuple(item) for item in client.sent] == [
        ("sceneDestroy", "input", "SceneDestroyInput!", {"id": "1", "delete_file": True}),
        ("galleryDestroy", "input", "GalleryDestroyInput!", {"ids": ["2"]}),
        ("sceneMarkerDestroy", "id", "ID!", "3"),
        ("destroySavedFilter", "input", "DestroyFilterInput!", {"id": "4"}),
    ]
    with pytest.raises(NotImplementedError):
        asyncio.run(Folder(id="1").delete(client))
    with pytest.raises(ValueError, match="no server knows it"):
        asyncio.run(Performer(name="Ada").delete(client))
    with pytest.raises(ValueError, match="no options"):
        asyncio.run(GalleryChapter(id="1").delete(client, delete_file=True))
