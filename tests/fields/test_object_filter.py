"""Criteria of saved filters: names for ids, and everything else as it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.fields import ObjectFilter, Wrong
from stashsync.fields.object_filter import CRITERIA, NAME
from stashsync.fields.raw import as_raw

FILTER = ObjectFilter()
NAMES = {("tag", "1"): "Travel", ("tag", "2"): "Food", ("studio", "1"): "Northlight Media"}
IDS = {(kind, name): id_ for (kind, id_), name in NAMES.items()}


def name_of(kind: str, identifier: str) -> str | None:
    """Return the name of an object that is there."""
    return NAMES.get((kind, identifier))


def read_back(written: Any) -> Any:
    """Return what a manifest means, with ids."""
    parsed = FILTER.parse(as_raw(written))
    return FILTER.resolve(parsed, lambda _, kind, name: (IDS[kind, name], "now"))


def member(identifier: str, label: str = "then") -> dict[str, str]:
    """Return a member as the server has it."""
    return {"id": identifier, "label": label}


def tags(*items: Any, excluded: Any = (), depth: int = 0, modifier: str = "INCLUDES_ALL") -> Any:
    """Return a criterion as the server's pages write it."""
    value = {"items": [*items], "excluded": [*excluded], "depth": depth}
    return {"value": value, "modifier": modifier}


@pytest.mark.parametrize(
    ("server", "manifest"),
    [
        ({"tags": tags(member("2"), member("1"))}, {"tags": ["Food", "Travel"]}),
        (
            {"tags": tags(member("1"), excluded=[member("2")], depth=-1)},
            {
                "tags": {
                    "value": {"items": ["Travel"], "excluded": ["Food"], "depth": -1},
                    "modifier": "INCLUDES_ALL",
                }
            },
        ),
        ({"tags": tags(member("1"), member("9"))}, {"tags": ["Travel", member("9")]}),
        (
            {"parents": {"value": [member("1")], "modifier": "INCLUDES"}},
            {"parents": {"value": ["Northlight Media"], "modifier": "INCLUDES"}},
        ),
        ({"tags": {"modifier": "IS_NULL"}}, {"tags": {"modifier": "IS_NULL"}}),
        ({"tags": ["1"]}, {"tags": {"as_is": ["1"]}}),
        (
            {"tags": {"value": ["1"], "modifier": "INCLUDES"}},
            {"tags": {"as_is": {"value": ["1"], "modifier": "INCLUDES"}}},
        ),
        ({"tags": {"as_is": 1}}, {"tags": {"as_is": {"as_is": 1}}}),
        ({"galleries": {"value": [member("1")]}}, {"galleries": {"value": [member("1")]}}),
        (
            {"other": {"as_is": [None, True, 1, 1.5, "1"]}},
            {"other": {"as_is": [None, True, 1, 1.5, "1"]}},
        ),
    ],
    ids=str,
)
def test_what_is_written_means_the_same(server: Any, manifest: Any) -> None:
    """The form of the pages by names, every other form as it is."""
    assert FILTER.named(server, name_of) == manifest
    assert FILTER.same(read_back(manifest), server)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
MEMBERS = st.lists(st.sampled_from(["1", "2", "9"]).map(member) | JSON, max_size=3)
VALUES = (
    JSON
    | MEMBERS
    | st.fixed_dictionaries({"items": MEMBERS}, optional={"excluded": MEMBERS, "depth": JSON})
)
WHOLE = st.fixed_dictionaries({"value": VALUES}, optional={"modifier": JSON})
FILTERS = st.dictionaries(st.sampled_from([*CRITERIA, "other"]), JSON | VALUES | WHOLE, max_size=3)


@given(FILTERS)
def test_any_filter_can_be_written_and_means_the_same(server: Any) -> None:
    """Whatever another client has saved: nothing of it is lost, or guessed."""
    written = FILTER.named(server, name_of)
    parsed = FILTER.parse(as_raw(written))
    found = FILTER.resolve(
        parsed, lambda _, kind, name: (IDS.get((kind, name), f"no {kind} {name}"), "now")
    )
    assert FILTER.same(found, server)


def test_labels_and_order_mean_nothing() -> None:
    """The server's pages keep the label of the time of saving."""
    before = {"tags": tags(member("1", "Trips"), member("2"))}
    after = {"tags": tags(member("2"), member("1", "Travel"))}
    assert FILTER.same(before, after)
    assert FILTER.settle(after, before) is before
    assert not FILTER.same(before, {"tags": tags(member("1"))})
    assert not FILTER.same({"other": 1}, {"other": True})
    assert FILTER.same(None, {})


def test_ids_are_exchanged_and_none_is_there_twice() -> None:
    """After a merge two members can become the same one; unknown ids stay."""
    value = {"tags": tags(member("1"), member("2"), member("9")), "other": [member("1")]}
    found = FILTER.exchange(value, lambda _, id_: {"1": "2"}.get(id_), {("tag", "2"): "Meals"})
    assert found == {"tags": tags(member("2", "Meals"), member("9")), "other": [member("1")]}
    assert list(FILTER.ids_in(found)) == [("tag", "2"), ("tag", "9")]


def test_names_are_found_by_their_kind() -> None:
    """`parents` are studios in a list, and tags elsewhere."""
    value = FILTER.parse(
        as_raw({"parents": {"value": ["A"]}, "movies": ["B"], "scene_tags": ["C"], "other": ["D"]})
    )
    assert list(FILTER.names_in(value)) == [
        ("parents", "studio", "A"),
        ("movies", "group", "B"),
        ("scene_tags", "tag", "C"),
    ]
    renamed = FILTER.rename(value, lambda kind, name: None if kind == "tag" else name.lower())
    assert renamed["movies"]["value"]["items"] == [{NAME: "b"}]
    assert renamed["scene_tags"]["value"]["items"] == []


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"tags": "Travel"}, ("tags",)),
        ({"tags": [["Travel"]]}, ("tags", 0)),
        ({"tags": [{"name": "Travel"}]}, ("tags", 0)),
        ({"parents": ["Travel"]}, ("parents",)),
        ({"tags": {"value": {"items": "Travel"}}}, ("tags", "value", "items")),
        ({"other": {"a": [2**64]}}, ("other", "a", 0)),
    ],
    ids=str,
)
def test_what_is_no_criterion_is_refused_at_its_place(raw: Any, path: Any) -> None:
    """A typing mistake is no form of another client."""
    with pytest.raises(Wrong) as caught:
        FILTER.parse(as_raw(raw))
    assert caught.value.path == path
