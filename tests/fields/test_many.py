"""Lists, maps and references: valid values, and changes where only members are owned."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.fields import (
    CustomFields,
    Meaning,
    NameSet,
    Quoted,
    Ref,
    Refs,
    StashIds,
    TextList,
    Wrong,
    is_members,
)
from tests.fields.fakes import NEW, OLD, raw

A, B = "https://a.example/graphql", "https://b.example/graphql"


def pair(endpoint: str, item: str, at: str | None = None) -> dict[str, str]:
    """Return a stash_id as the server sends it."""
    return {"endpoint": endpoint, "stash_id": item} | ({"updated_at": at} if at else {})


@pytest.mark.parametrize(
    ("meaning", "written", "value"),
    [
        (NameSet(), ["b", " a ", "b"], ["a", "b"]),
        (NameSet(), ["Ann", "ann"], ["Ann", "ann"]),
        (NameSet(), "null", []),
        (NameSet(), [], []),
        (NameSet(), {"add": ["b", "a"]}, {"add": ["a", "b"], "remove": []}),
        (TextList(), ["b", "a", "b"], ["b", "a", "b"]),
        (TextList(), "~", []),
        (TextList(), {"remove": ["a"], "add": ["c", "b"]}, {"add": ["c", "b"], "remove": ["a"]}),
        (Refs("tag"), ["b", "B", "null"], ["b", "null"]),
        (Refs("tag"), "", []),
        (Refs("tag"), {"remove": ["x"]}, {"add": [], "remove": ["x"]}),
        (Ref("studio"), "null", None),
        (Ref("studio"), Quoted("null"), "null"),
        (Ref("studio"), " One ", "One"),
        (StashIds(), "null", None),
        (StashIds(), {}, {}),
        (StashIds(), {A: "1", B: ["2", "1", "2"]}, {A: ["1"], B: ["2", "1"]}),
        (StashIds(), {A: "null", B: []}, {A: [], B: []}),
        (CustomFields(), "null", None),
        (CustomFields(), {"a": "true", "b": Quoted("true"), "c": "No"}, {"a": 1, "b": "true", "c": "No"}),  # noqa: E501
        (CustomFields(), {"a": "2.0", "b": "2.5", "c": "007", "d": "-7"}, {"a": 2, "b": 2.5, "c": "007", "d": -7}),  # noqa: E501
        (CustomFields(), {"a": "null", "b": "e5", "c": " x "}, {"a": None, "b": "e5", "c": " x "}),
        (CustomFields(), {"é" * 32: "x"}, {"é" * 32: "x"}),
        (CustomFields(), {"a": "200.0", "b": "9007199254740991.0"}, {"a": 200, "b": 2**53 - 1}),
        (CustomFields(), {"Key": "FALSE", "key": "1e3"}, {"Key": 0, "key": 1000}),
    ],
)  # fmt: skip
def test_what_is_written_means(meaning: Meaning, written: Any, value: Any) -> None:
    """Sets come sorted, lists in their order, maps key by key."""
    assert meaning.parse(raw(written)) == value


@pytest.mark.parametrize(
    ("meaning", "written", "message", "hint", "path"),
    [
        (NameSet(), "a", "a list is wanted here, not text", "[one, two]", ()),
        (NameSet(), {}, "a list is wanted here", "write [] to clear it", ()),
        (NameSet(), {"ad": []}, "unknown key 'ad' in a list", "`add` and `remove`", ("ad",)),
        (NameSet(), ["a", " "], "a blank entry", "leave it out", (1,)),
        (NameSet(), {"add": "null"}, "a list is wanted here, not null", "[one, two]", ("add",)),
        (NameSet(), {"add": "x"}, "a list is wanted here, not text", "", ("add",)),
        (NameSet(), {"add": [["x"]]}, "a name is wanted here, not a list", "", ("add", 0)),
        (NameSet(), {"add": ["b", "a"], "remove": ["a"]}, "'a' is both", "keep one", ("add", 1)),
        (Refs("tag"), {"add": ["A"], "remove": ["a"]}, "'A' is both", "keep one", ("add", 0)),
        (TextList(), ["a", ""], "a blank entry", "leave it out", (1,)),
        (TextList(), "x", "a list is wanted here, not text", "", ()),
        (Ref("studio"), ["a"], "a name is wanted here, not a list", "", ()),
        (StashIds(), ["a"], "a mapping is wanted here, not a list", "the-id", ()),
        (StashIds(), {A: Quoted("")}, "a blank entry", "leave it out", (A,)),
        (StashIds(), {A: ["x", {}]}, "a name is wanted here, not a mapping", "", (A, 1)),
        (CustomFields(), "x", "a mapping is wanted here, not text", "{name: value}", ()),
        (CustomFields(), {"": "x"}, "must not be empty", "", ("",)),
        (CustomFields(), {" a": "x"}, "begin or end with white space", "", (" a",)),
        (CustomFields(), {"é" * 33: "x"}, "at most 64 bytes", "", ("é" * 33,)),
        (CustomFields(), {"a": ["x"]}, "not a list", "", ("a",)),
        (CustomFields(), {"a": str(2**63)}, "64 bits", "in quotes", ("a",)),
        (CustomFields(), {"a": "9" * 5000}, "64 bits", "in quotes", ("a",)),
        (CustomFields(), {"a": "1e-7"}, "cannot hold 1e-7 as a number", "in quotes", ("a",)),
        (CustomFields(), {"a": "1e30"}, "cannot hold 1e30 as a number", "in quotes", ("a",)),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(
    meaning: Meaning, written: Any, message: str, hint: str, path: tuple[Any, ...]
) -> None:
    """The path leads to the invalid member."""
    with pytest.raises(Wrong) as caught:
        meaning.parse(raw(written))
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("meaning", "wire", "value"),
    [
        (NameSet(), ["b", "a"], ["a", "b"]),
        (NameSet(), None, []),
        (TextList(), ["b", "a"], ["b", "a"]),
        (TextList(), None, []),
        (Refs("tag"), [{"id": "9"}, {"id": "10"}], ["10", "9"]),
        (Refs("tag"), [], []),
        (Refs("tag"), None, []),
        (Ref("studio"), {"id": "3"}, "3"),
        (Ref("studio"), None, None),
        (StashIds(), [pair(A, "1")], [pair(A, "1")]),
        (StashIds(), None, []),
        (CustomFields(), {"a": 1}, {"a": 1}),
        (CustomFields(), None, {}),
    ],
)
def test_what_the_server_sends_is_read(meaning: Meaning, wire: Any, value: Any) -> None:
    """References by id, sets sorted."""
    assert meaning.read(wire) == value


@pytest.mark.parametrize(
    ("meaning", "desired", "observed", "after"),
    [
        (NameSet(), ["a"], ["b"], ["a"]),
        (NameSet(), {"add": ["c", "a"], "remove": ["b"]}, ["a", "b"], ["a", "c"]),
        (NameSet(), {"remove": ["x"], "add": []}, ["a"], ["a"]),
        (NameSet(), {"remove": ["b"]}, ["a", "b"], ["a"]),
        (NameSet(), {"add": ["b"]}, ["a"], ["a", "b"]),
        (TextList(), ["b", "a"], ["a"], ["b", "a"]),
        (TextList(), {"add": ["c", "a"], "remove": ["b"]}, ["b", "a", "b"], ["a", "c"]),
        (Refs("tag"), {"add": ["+tag:1"], "remove": ["3"]}, ["3", "4"], ["+tag:1", "4"]),
        (Refs("tag"), ["4"], ["3"], ["4"]),
        (StashIds(), None, [pair(A, "1")], []),
        (StashIds(), {}, [pair(A, "1", "t")], [pair(A, "1", "t")]),
        (StashIds(), {A: []}, [pair(A, "1"), pair(B, "2", "t")], [pair(B, "2", "t")]),
        (StashIds(), {A: ["9", "1"]}, [pair(A, "1", "t"), pair(B, "2")],
         [pair(A, "1", "t"), pair(B, "2"), pair(A, "9")]),
        (StashIds(), {B: ["2"], A: ["1"]}, [], [pair(A, "1"), pair(B, "2")]),
        (CustomFields(), None, {"a": 1}, {}),
        (CustomFields(), {"b": 2, "a": None}, {"a": 1, "c": 3}, {"c": 3, "b": 2}),
    ],
)  # fmt: skip
def test_only_what_is_written_is_owned(
    meaning: Meaning, desired: Any, observed: Any, after: Any
) -> None:
    """Members and keys that the manifest does not mention stay as they are."""
    assert meaning.settle(desired, observed) == after
    assert meaning.settle(desired, after) == after


def test_stash_ids_that_stay_keep_their_time() -> None:
    """The list is replaced whole; without its time the server would stamp a pair anew."""
    after = [pair(A, "1", "2020-01-01T00:00:00Z"), pair(B, "2")]
    assert StashIds().selection("stash_ids", NEW) == "stash_ids { endpoint stash_id updated_at }"
    assert StashIds().selection("stash_ids", OLD) == "stash_ids { endpoint stash_id }"
    assert StashIds().write(after, [], NEW) == after
    assert StashIds().write(after, [], OLD) == [pair(A, "1"), pair(B, "2")]
    assert StashIds().write_new(after, OLD) == [pair(A, "1"), pair(B, "2")]
    assert StashIds().empty == []


def test_a_stash_id_that_a_merge_left_twice_is_written_once() -> None:
    """The server has no unique key for those of tags; in a manifest twice is once."""
    twice = [pair(A, "1"), pair(B, "2"), pair(B, "3"), pair(A, "1")]
    assert StashIds().written(twice) == {A: "1", B: ["2", "3"]}
    assert StashIds().settle({A: ["1"]}, twice) == twice


@pytest.mark.parametrize(
    ("after", "before", "server", "sent"),
    [
        ({}, {"a": 1}, NEW, {"full": {}}),
        ({"a": 2, "b": 1}, {"b": 1}, NEW, {"partial": {"a": 2}}),
        ({"a": 2}, {"a": 1, "b": 1}, NEW, {"partial": {"a": 2}, "remove": ["b"]}),
        ({"a": 1}, {"a": 1, "b": 1}, NEW, {"partial": {}, "remove": ["b"]}),
        ({"a": 1}, {"a": 1, "b": 1}, OLD, {"full": {"a": 1}}),
        ({"a": 2}, {"a": 1}, OLD, {"partial": {"a": 2}}),
    ],
)
def test_custom_fields_go_out_in_the_form_the_server_takes(
    after: Any, before: Any, server: Any, sent: Any
) -> None:
    """Null panics, `remove` is there since v0.30.0 (docs/stash-behaviour.md#custom-fields)."""
    assert CustomFields().write(after, before, server) == sent
    assert CustomFields().write_new(after, server) == after
    assert CustomFields().empty == {}


@pytest.mark.parametrize("meaning", [NameSet(), TextList(), Refs("tag")])
def test_lists_are_empty_at_first_and_sent_whole(meaning: Meaning) -> None:
    """A list is replaced whole by an update."""
    assert meaning.empty == []
    assert meaning.write(["a"], [], NEW) == ["a"]


def test_references_are_selected_by_id_and_know_their_kind() -> None:
    """Names of what is referred to are read elsewhere."""
    assert Refs("tag").selection("tags", NEW) == "tags { id }"
    assert Ref("studio").selection("parent_studio", NEW) == "parent_studio { id }"
    assert (Refs("tag").references(), Ref("studio").references()) == ("tag", "studio")
    assert (Refs("tag").output_type, Ref("studio").output_type) == ("[Tag!]!", "Studio")
    assert Ref("studio").empty is None


@pytest.mark.parametrize(("written", "kind"), [("9007199254740991.0", int), ("2.0", int),
                                               ("9007199254740992.0", float)])  # fmt: skip
def test_a_whole_number_is_one_up_to_where_floats_have_gaps(written: str, kind: type) -> None:
    """Beyond 2**53 the server's float is not exactly the number that was written."""
    assert type(CustomFields().parse(raw({"a": written}))["a"]) is kind


def test_members_are_distinguished_from_whole_values() -> None:
    """Only the form `{add, remove}` means members."""
    assert is_members({"add": []})
    assert not is_members({"add": [], "full": []})
    assert not is_members(["add"])


names = st.lists(st.sampled_from("abcdef"), unique=True)


@given(names, names, names)
def test_owning_members_changes_those_alone(
    add: list[str], remove: list[str], has: list[str]
) -> None:
    """What was there and is not removed stays; what is added is there."""
    remove = [item for item in remove if item not in add]
    after = NameSet().settle({"add": add, "remove": remove}, sorted(has))
    assert set(after) == (set(has) - set(remove)) | set(add)
