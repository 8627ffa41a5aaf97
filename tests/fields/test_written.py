"""Values that are written back into a manifest, and fields that manifests cannot set."""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.fields import Choice, CustomFields, Date, Meaning, StashIds, Text, Wrong
from stashsync.fields.memberships import Memberships
from stashsync.fields.raw import Word
from stashsync.fields.references import reference_list, type_name
from stashsync.fields.shown import FarEnd, Nested, NotInManifests, Opaque, Shown
from tests.fields.fakes import NEW

A, B = "https://a.example/graphql", "https://b.example/graphql"
CHOICE = Choice("GenderEnum", ("MALE", "FEMALE"))
OPAQUE = Opaque("SavedFindFilterType", "FindFilterType", "FindFilterType", "{ q page }")


@pytest.mark.parametrize(
    ("meaning", "observed", "written"),
    [
        (Date(), "1990-05", Word("1990-05")),
        (Date(), None, None),
        (CHOICE, "MALE", Word("MALE")),
        (CHOICE, None, None),
        (Text(), "MALE", "MALE"),
        (CustomFields(), {"a": 1}, {"a": 1}),
        (StashIds(), None, {}),
        (
            StashIds(),
            [
                {"endpoint": A, "stash_id": "1"},
                {"endpoint": B, "stash_id": "2", "updated_at": "t"},
                {"endpoint": A, "stash_id": "3"},
            ],
            {A: ["1", "3"], B: "2"},
        ),
    ],
)
def test_an_observed_value_is_written_as_people_would(
    meaning: Meaning, observed: Any, written: Any
) -> None:
    """Dates and choices need no quotes; an endpoint with one id has that id, not a list."""
    found = meaning.written(observed)
    assert found == written
    assert type(found) is type(written)


@pytest.mark.parametrize(
    "meaning", [Shown("Int"), OPAQUE, Nested("[VideoFile!]!"), FarEnd("scene", "tags")]
)
def test_what_manifests_cannot_set_is_refused(meaning: NotInManifests) -> None:
    """The schema accepts no value, and the error has a way out."""
    assert meaning.json_schema() == {"not": {}}
    with pytest.raises(Wrong) as caught:
        meaning.parse("x")
    assert caught.value.message == "manifests cannot set this field"
    assert caught.value.hint == "leave it out"


def test_what_is_read_for_scripts_alone_is_selected() -> None:
    """The content of a filter, ids of far ends, and memberships with their number."""
    groups = Memberships("group", "sceneGroup", "scene_index")
    assert OPAQUE.selection("find_filter", NEW) == "find_filter { q page }"
    assert Opaque("Map", "Map", "Map").selection("ui_options", NEW) == "ui_options"
    assert FarEnd("scene", "tags").selection("scenes", NEW) == "scenes { id }"
    assert FarEnd("sceneMarker", "tags").output_type == "[SceneMarker!]!"
    assert groups.selection("groups", NEW) == "groups { group { id } scene_index }"
    assert (groups.output_type, groups.create_type, groups.update_type) == (
        "[SceneGroup!]!",
        "[SceneGroupInput!]",
        groups.create_type,
    )
    assert (groups.references(), FarEnd("scene", "tags").references()) == ("group", "scene")
    assert groups.empty == []
    assert (Nested("[VideoFile!]!").many, Nested("ScenePathsType!").many) == (True, False)


def test_references_are_read_from_one_and_from_several() -> None:
    """Either may be empty, and the type of a kind is its capitalized name."""
    assert reference_list("3") == ["3"]
    assert reference_list(["4", "5"]) == ["4", "5"]
    assert reference_list(None) == []
    assert type_name("sceneMarker") == "SceneMarker"
