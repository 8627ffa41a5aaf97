"""Destroying and merging (docs/stash-behaviour.md#deletion)."""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.sandbox.library import Refusal
from tests.sandbox.library.desk import BOX, Desk


def stash_id(text: str) -> dict[str, str]:
    return {"endpoint": BOX, "stash_id": text, "updated_at": "2024-01-02T03:04:05Z"}


def destroy(desk: Desk, field: str, ids: list[str]) -> Any:
    return desk.library.mutate(field, {"ids": ids})


def test_children_of_a_destroyed_tag_become_roots(desk: Desk) -> None:
    desk.tag("Root")
    desk.tag("Middle", parent_ids=["1"], aliases=["between"])
    desk.tag("Leaf", parent_ids=["2"])
    desk.create("studio", "Northlight", tag_ids=["2"])
    assert desk.do("tagDestroy", id="2") is True
    assert desk.library.query("findTag", {"id": "2"}) is None
    assert desk.value("tag", 1, "children") == desk.value("tag", 3, "parents") == []
    assert desk.value("studio", 1, "tags") == []
    assert desk.tag("between", aliases=["Middle"]) == 4


def test_ids_never_come_back(desk: Desk) -> None:
    assert desk.tag("A", "B") == 2
    desk.do("tagDestroy", id="2")
    assert desk.tag("C") == 3


@pytest.mark.parametrize("kind", ["tag", "studio", "performer"])
def test_what_does_not_exist_cannot_be_destroyed(desk: Desk, kind: str) -> None:
    message = f"id 9 does not exist in {kind}s"
    assert desk.refusal(f"{kind}Destroy", id="9") == message
    message = 'converting id: strconv.Atoi: parsing "two": invalid syntax'
    assert desk.refusal(f"{kind}Destroy", id="two") == message


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["1", "77", "2"], "id 77 does not exist in tags"),
        (["1", "1"], "id 1 does not exist in tags"),
        (["1", "x"], 'converting ids: strconv.Atoi: parsing "x": invalid syntax'),
    ],
)
def test_several_are_destroyed_together_or_not_at_all(
    desk: Desk, ids: list[str], message: str
) -> None:
    desk.tag("A", "B")
    with pytest.raises(Refusal) as caught:
        destroy(desk, "tagsDestroy", ids)
    assert caught.value.message == message
    assert desk.found("findTags") == [1, 2]
    assert destroy(desk, "tagsDestroy", []) is True
    assert destroy(desk, "tagsDestroy", ["2", "1"]) is True
    assert desk.found("findTags") == []


def test_children_of_a_destroyed_studio_become_roots(desk: Desk) -> None:
    desk.create("studio", "Network")
    desk.create("studio", "Branch", parent_id="1")
    desk.do("studioDestroy", id="1")
    assert desk.value("studio", 2, "parent_studio") is None


def test_a_merge_unites_everything_but_the_fields_of_the_destination(desk: Desk) -> None:
    desk.tag("Grand")
    lost = {"description": "lost", "favorite": True}
    desk.tag("A", aliases=["sa"], parent_ids=["1"], stash_ids=[stash_id("1")], **lost)
    desk.tag("Child of A", parent_ids=["2"])
    desk.tag("B")
    desk.tag("Target", aliases=["tt"], sort_name="kept", stash_ids=[stash_id("1")])
    desk.create("performer", "Ada", tag_ids=["2", "4", "5"])
    desk.create("studio", "Northlight", tag_ids=["4"])
    desk.clock.forward(5)
    row = desk.do("tagsMerge", source=["2", "4"], destination="5")
    assert (row["sort_name"], row["description"], row["favorite"]) == ("kept", "", False)
    assert row["updated_at"] == row["created_at"]
    assert desk.of(row, "aliases") == ["A", "B", "sa", "tt"]
    assert desk.of(row, "stash_ids") == [stash_id("1"), stash_id("1")]
    assert desk.value("tag", 5, "parents") == ["Grand"]
    assert desk.value("tag", 5, "children") == ["Child of A"]
    assert desk.value("performer", 1, "tags") == desk.value("studio", 1, "tags") == ["Target"]
    assert desk.found("findTags") == [1, 3, 5]


@pytest.mark.parametrize(
    ("source", "destination", "message"),
    [
        (["1"], "1", "cannot merge where source == destination"),
        (["3", "1"], "1", "cannot merge where source == destination"),
        (["1"], "99", "tag with id 99 not found"),
        (["99"], "1", "id 99 does not exist in tags"),
        (["4", "4"], "1", "id 4 does not exist in tags"),
        (["x"], "1", 'converting source ids: strconv.Atoi: parsing "x": invalid syntax'),
        (["1"], "x", 'converting destination id: strconv.Atoi: parsing "x": invalid syntax'),
        (
            ["3"],
            "1",
            'cannot apply tag "Mid" as a parent of "Top" as it is already a descendant (Top->Mid)',
        ),
        (
            ["1"],
            "3",
            'cannot apply tag "Mid" as a parent of "Low" as it is already a descendant (Low->Mid)',
        ),
    ],
)
def test_a_refused_merge_leaves_everything(
    desk: Desk, source: list[str], destination: str, message: str
) -> None:
    desk.tag("Top")
    desk.tag("Mid", parent_ids=["1"])
    desk.tag("Low", parent_ids=["2"])
    desk.tag("Aside")
    assert desk.refusal("tagsMerge", source=source, destination=destination) == message
    assert desk.found("findTags") == [1, 2, 3, 4]
    assert desk.value("tag", 1, "aliases") == []
    assert desk.value("tag", 2, "children") == ["Low"]


def test_a_merge_of_nothing_is_null(desk: Desk) -> None:
    assert desk.do("tagsMerge", source=[], destination="1") is None


def test_since_0_31_a_merge_leaves_the_hierarchy_and_takes_values() -> None:
    desk = Desk(release="0.31.0")
    desk.tag("Grand")
    desk.tag("A", parent_ids=["1"])
    desk.tag("Target")
    values = {"id": "3", "description": "both"}
    row = desk.do("tagsMerge", source=["2"], destination="3", values=values)
    assert row["description"] == "both"
    assert desk.of(row, "parents") == []


@pytest.fixture
def people(desk: Desk) -> Desk:
    desk.tag("Speaker", "Guest")
    belongings = {"alias_list": ["A."], "urls": ["u"], "custom_fields": {"k": 1}}
    desk.create("performer", "Ada", tag_ids=["1"], details="lost", **belongings)
    desk.create("performer", "Ben", tag_ids=["2"])
    desk.create("performer", "Cleo")
    return desk


def test_a_merge_of_performers_moves_assignments_only(people: Desk) -> None:
    people.do("performerMerge", source=["1"], destination="2")
    assert people.value("performer", 2, "tags") == ["Guest", "Speaker"]
    for field, empty in (("alias_list", []), ("urls", []), ("custom_fields", {}), ("details", "")):
        assert people.value("performer", 2, field) == empty
    assert people.found("findPerformers") == [2, 3]


def test_values_of_a_merge_are_stored_unchecked_but_answered_late(people: Desk) -> None:
    values = {"id": "2", "name": " ", "alias_list": ["Cleo"], "tag_ids": ["1"]}
    row = people.do("performerMerge", source=["3"], destination="2", values=values)
    assert row["name"] == "Ben"
    assert people.of(row, "alias_list") == ["Cleo"]
    assert people.get("performer", 2)["name"] == ""
    assert people.value("performer", 2, "tags") == ["Speaker"]


@pytest.mark.parametrize(
    ("source", "destination", "message"),
    [
        (["1"], "1", "destination performer cannot be in source list"),
        (["9"], "2", "finding source performers: performer with id 9 not found"),
        (["1"], "9", "updating performer: sql: no rows in result set"),
        (["x"], "9", 'converting source ids: strconv.Atoi: parsing "x": invalid syntax'),
    ],
)
def test_a_merge_of_performers_is_refused(
    people: Desk, source: list[str], destination: str, message: str
) -> None:
    assert people.refusal("performerMerge", source=source, destination=destination) == message
    assert people.found("findPerformers") == [1, 2, 3]


def test_a_merge_without_sources_gives_the_destination(people: Desk) -> None:
    assert people.do("performerMerge", source=[], destination="2")["id"] == 2


def test_a_merge_to_a_taken_name_is_an_error_of_the_table(people: Desk) -> None:
    values = {"id": "2", "name": "Ada"}
    message = people.refusal("performerMerge", source=["3"], destination="2", values=values)
    assert message.startswith("updating performer: updating performers: executing `UPDATE ")
    assert message.endswith("UNIQUE constraint failed: performers.name")


def test_a_null_flag_is_a_crash_in_a_merge_too(people: Desk) -> None:
    values = {"id": "2", "favorite": None}
    message = people.refusal("performerMerge", source=["3"], destination="2", values=values)
    assert message == "Internal system error. Error <null value not allowed in optional bool>"


def test_old_url_fields_cannot_be_merged(people: Desk) -> None:
    values = {"id": "2", "url": "x"}
    message = "Merging legacy performer URLs is not supported"
    assert people.refusal("performerMerge", source=["3"], destination="2", values=values) == message
