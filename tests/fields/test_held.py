"""Values of objects in memory: read, copied as snapshots, and compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from stashsync.fields import (
    CustomFields,
    Meaning,
    NameSet,
    Ref,
    Refs,
    StashIds,
    Text,
    TextList,
)
from stashsync.fields.base import copied
from stashsync.unset import UNSET


class OwnList(list[Any]):
    """A list of a script's own class."""


def ids(objects: Iterable[Any]) -> list[str]:
    """Return the ids of objects, which are their texts; "gone" exists no more."""
    return [text for text in objects if text != "gone"]


@pytest.mark.parametrize(
    ("meaning", "wire", "held"),
    [
        (NameSet(), ["b", "a"], ["b", "a"]),
        (NameSet(), None, []),
        (TextList(), ["b", "a"], ["b", "a"]),
        (TextList(), None, []),
        (StashIds(), None, []),
        (StashIds(), [{"endpoint": "e", "stash_id": "1"}], [{"endpoint": "e", "stash_id": "1"}]),
        (CustomFields(), {"a": [1]}, {"a": [1]}),
        (Text(), "a", "a"),
    ],
)
def test_what_is_held_shares_nothing_with_the_answer(
    meaning: Meaning, wire: Any, held: Any
) -> None:
    """A script may edit it in place."""
    found = meaning.hold(wire)
    assert found == held
    assert wire is None or isinstance(wire, str) or found is not wire
    kept = meaning.snapshot(found)
    assert not meaning.differs(found, kept)
    assert isinstance(found, str) or kept is not found


@pytest.mark.parametrize(
    ("meaning", "before", "after", "differs"),
    [
        (NameSet(), ["b", "a"], ["a", "b"], False),
        (NameSet(), ["a", "a"], ["a"], True),
        (NameSet(), ["a"], None, True),
        (NameSet(), None, ["a"], True),
        (NameSet(), None, None, False),
        (TextList(), ["b", "a"], ["a", "b"], True),
        (CustomFields(), {"a": 1}, {"a": 2}, True),
        (Refs("tag"), ["1", "2"], ["2", "1"], False),
        (Refs("tag"), ["1", "2"], ["1"], True),
        (Refs("tag"), ["1", "2"], ["1", "3"], True),
        (Ref("studio"), "1", None, True),
        (Ref("studio"), None, None, False),
    ],
)
def test_an_edit_is_a_difference_to_what_was_kept(
    meaning: Meaning, before: Any, after: Any, differs: bool
) -> None:
    """The order of names and of references does not count."""
    assert meaning.differs(after, meaning.snapshot(before)) is differs


def test_copies_go_down_to_the_last_list() -> None:
    """Lists of a script's own classes become plain ones."""
    value: dict[str, Any] = {"a": OwnList([1, [2]]), "b": [3], "c": {"d": [4]}, "e": 5}
    found = copied(value["a"])
    assert (found, type(found)) == ([1, [2]], list)
    assert found[1] is not value["a"][1]
    whole = copied(value)
    assert whole == value
    assert whole["b"] is not value["b"]
    assert whole["c"]["d"] is not value["c"]["d"]


def test_references_are_linked_and_become_ids() -> None:
    """References to deleted objects are left out."""
    single, many = Ref("studio"), Refs("tag")
    assert single.linked("3") == {"3": UNSET}
    assert single.linked(None) == {}
    assert single.canonical("3", ids) == "3"
    assert single.canonical("gone", ids) is None
    assert single.canonical(None, lambda _: pytest.fail("no reference has no id")) is None
    assert many.linked(["1", "2"]) == {"1": UNSET, "2": UNSET}
    assert many.linked(None) == {}
    assert many.linked_before({"1"}) == {"1": UNSET}
    assert many.canonical(["1", "gone"], ids) == ["1"]
    assert Text().linked("x") == {}
    assert Text().canonical("x", ids) == "x"
