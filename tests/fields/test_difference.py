"""What differs inside maps and lists, for people to read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.fields.difference import MemberEdit, edits

REARRANGED = [("~", (0,), "p", "t"), ("~", (2,), "r", "p"), ("-", (3,), "s", None),
              ("-", (4,), "t", None)]  # fmt: skip
LENGTHENED = [("~", (0,), "a", "d"), ("~", (2,), "c", "x"), ("~", (3,), "d", "y"),
              ("+", (4,), None, "z")]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"b": 1, "a": 1}, {"a": 2, "c": 3}, [("~", ("a",), 1, 2), ("-", ("b",), 1, None), ("+", ("c",), None, 3)]),  # noqa: E501
        ({"a": 1}, {"a": "1"}, [("~", ("a",), 1, "1")]),
        ({"a": 1}, {"a": 1}, []),
        ({"a": ["x"]}, {"a": "x"}, [("~", ("a",), ["x"], "x")]),
        ({"a": "x"}, {"a": ["x"]}, [("~", ("a",), "x", ["x"])]),
        ({"a": ["x"]}, {"a": ["x", "y"]}, [("+", ("a", 1), None, "y")]),
        (["a", "b"], ["a", "c", "b"], [("+", (1,), None, "c")]),
        (["a", "b"], ["b"], [("-", (0,), "a", None)]),
        ([], [], []),
        (["a", "b"], ["a", "c"], [("~", (1,), "b", "c")]),
        (["x", "b", "c"], ["y", "b", "c"], [("~", (0,), "x", "y")]),
        (["p", "q", "r", "s", "t"], ["t", "q", "p"], REARRANGED),
        (["a", "b", "c", "d"], ["d", "b", "x", "y", "z"], LENGTHENED),
        ([{"a": 1, "b": 2}], [{"b": 3, "a": 0}], [("~", (0, "a"), 1, 0), ("~", (0, "b"), 2, 3)]),
    ],
)  # fmt: skip
def test_edits_say_what_came_went_and_changed(before: Any, after: Any, found: list[Any]) -> None:
    """Maps by key, lists by place."""
    assert edits(before, after) == [MemberEdit(*item) for item in found]


few = st.lists(st.sampled_from("abcd"), max_size=5)


@given(few, few)
def test_there_are_edits_exactly_where_lists_differ(before: list[str], after: list[str]) -> None:
    """Rearranged lists are DeepDiff's business, and no difference goes unseen."""
    found = edits(before, after)
    assert bool(found) == (before != after)
    assert len(before) - sum(item.sign == "-" for item in found) == len(after) - sum(
        item.sign == "+" for item in found
    )
