"""Easy mistakes of scripts: names with spaces, ids in a text, lists taken before an edit."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from stashsync.client import StashClient
from stashsync.entities import Group, PlainIdentityMap, Scene, Tag
from tests.support.scripts import Wire, made, play


def test_a_name_with_white_space_around_it_is_the_name_that_the_server_keeps() -> None:
    """Otherwise a new object would be created, which the server would refuse."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("tag", {"name": "Macro"}))
        tag = await client.store.get_or_create(Tag, name=" macro\t")
        assert tag.id == "1"
        new = await client.store.get_or_create(Tag, name=" Night ")
        assert new.name == "Night"
        assert await client.store.get_or_create(Tag, name="NIGHT") is new
        assert (await client.store.save_all()).all_succeeded

    play(story)


def test_ids_are_a_list() -> None:
    """A text would be taken for a list of its characters."""
    scene: Any = Scene.from_row({"id": "1", "tags": [{"id": "12"}]}, PlainIdentityMap())
    for wrong in ("12", None, 12):
        with pytest.raises(ValueError, match="list"):
            scene.tag_ids = wrong
    assert not scene.is_dirty()


def test_a_list_of_ids_that_was_taken_before_does_not_undo_later_edits() -> None:
    """An edit of that list edits the relation as it is by then."""
    home = PlainIdentityMap()
    scene: Any = Scene.from_row({"id": "1", "tags": [{"id": "1"}, {"id": "2"}]}, home)
    ids = scene.tag_ids
    scene.tags.append(Tag.from_row({"id": "3"}, home))
    ids.append("4")
    assert scene.tag_ids == ["1", "2", "3", "4"]
    ids.remove("1")
    assert scene.tag_ids == ["2", "3", "4"]
    scene.tags = []
    ids.insert(0, "9")
    assert scene.tag_ids == ["9"]


def test_only_an_object_goes_into_a_relation() -> None:
    """The error names the class that is wanted."""
    scene: Any = Scene.from_row({"id": "1", "tags": []}, PlainIdentityMap())
    for wrong in ({"id": "1"}, "1", None, Group(name="x")):
        with pytest.raises(ValueError, match="a Tag is wanted here"):
            scene.tags.append(wrong)


def test_numbers_fit_into_json_and_into_the_server() -> None:
    """They are refused when they are set, not by half a batch."""
    scene, group = Scene(), Group(name="Tour")
    for wrong in (math.nan, math.inf):
        with pytest.raises(ValidationError, match="no finite number"):
            scene.resume_time = wrong
    with pytest.raises(ValidationError, match="out of range"):
        group.duration = 2**63
    group.duration = 2**63 - 1
