"""Members with a value of their own: the groups in a group, each with a description."""

from __future__ import annotations

from typing import Any

import pytest

from stashsync.fields import Memberships, Quoted, RawList, RawMap, Wrong
from stashsync.fields.references import exchanged, reference_list
from tests.fields.fakes import NEW

MEMBERS = Memberships("group", "groupDescription", "description")


def member(**parts: str) -> RawMap:
    """Return a member as it is read from a manifest."""
    return RawMap(parts.items())


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (RawList(["Walk", "Swim"]), [["Walk"], ["Swim"]]),
        (RawList([member(group="Walk", description=" one ")]), [["Walk", "one"]]),
        (RawList([member(group="Walk", description="null")]), [["Walk", None]]),
        (RawList([]), []),
        ("null", []),
        (
            RawMap({"add": RawList(["Walk"]), "remove": RawList(["Swim"])}.items()),
            {"add": [["Walk"]], "remove": [["Swim"]]},
        ),
    ],
    ids=str,
)
def test_members_are_names_or_mappings(raw: Any, value: Any) -> None:
    """The members keep their order."""
    assert MEMBERS.parse(raw) == value


@pytest.mark.parametrize(
    ("raw", "words", "path"),
    [
        (RawList([member(name="Walk")]), "unknown key 'name'", (0, "name")),
        (RawList([member(description="one")]), "has no `group`", (0,)),
        (RawList([member(group=" ")]), "a blank entry", (0, "group")),
        ("Walk", "a list is wanted", ()),
        (RawList([member(group="Walk"), "Swim", Quoted("walk")]), "'walk' is listed twice", (2,)),
        (RawMap({"add": RawList(["Walk", "Walk"])}.items()), "is listed twice", ("add", 1)),
    ],
    ids=str,
)
def test_what_is_no_member_is_refused_at_its_place(raw: Any, words: str, path: Any) -> None:
    """The error has the place of the wrong key."""
    with pytest.raises(Wrong, match=words) as caught:
        MEMBERS.parse(raw)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("desired", "after"),
    [
        ([["2"], ["1"]], [["2", None], ["1", "one"]]),
        ([["1", "else"], ["3", None]], [["1", "else"], ["3", None]]),
        ([], []),
        ({"add": [["3", "three"]], "remove": []}, [["1", "one"], ["2", None], ["3", "three"]]),
        ({"add": [["1", "new"]], "remove": [["2"]]}, [["1", "new"]]),
        ({"add": [], "remove": [["9"]]}, [["1", "one"], ["2", None]]),
    ],
    ids=str,
)
def test_a_member_that_is_only_named_keeps_its_description(desired: Any, after: Any) -> None:
    """A value that is not mentioned is not managed; the order of a whole list is."""
    observed = [["1", "one"], ["2", None]]
    assert MEMBERS.settle(desired, observed) == after
    assert MEMBERS.settle(desired, after) == after


def test_what_the_server_sends_is_read_written_and_sent() -> None:
    """A blank description is none."""
    wire = [
        {"group": {"id": "1"}, "description": "one"},
        {"group": {"id": "2"}, "description": ""},
        {"group": {"id": "3"}, "description": None},
    ]
    observed = MEMBERS.read(wire)
    assert observed == [["1", "one"], ["2", None], ["3", None]]
    assert MEMBERS.written(observed) == [{"group": "1", "description": "one"}, "2", "3"]
    assert MEMBERS.write(observed, None, NEW) == [
        {"group_id": "1", "description": "one"},
        {"group_id": "2"},
        {"group_id": "3"},
    ]


def test_references_are_exchanged_where_they_are() -> None:
    """Sets are sorted again, members keep their order and what they carry."""
    other = {"1": "9", "2": None, "3": "3"}.get
    assert exchanged(["1", "2", "3"], other) == ["3", "9"]
    assert exchanged([["1", "one"], ["2", None], ["3"]], other) == [["9", "one"], ["3"]]
    assert (exchanged("1", other), exchanged("2", other), exchanged(None, other)) == (
        "9",
        None,
        None,
    )
    assert exchanged([], other) == []
    assert reference_list([["1", "one"], ["3", None]]) == ["1", "3"]
