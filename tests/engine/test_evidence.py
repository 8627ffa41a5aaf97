"""Which entries of a baseline still apply if the library may have been replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from msgspec import structs

from stashsync.engine.baseline import Baseline
from stashsync.engine.evidence import believed
from stashsync.errors import Problem
from stashsync.state import Resource
from tests.planner.build import observed_state, performer, tag

WRITTEN = "2026-05-01T12:00:00+00:00"


def remembering(written: str = WRITTEN, kind: str = "tag", **objects: Any) -> Baseline:
    """Make a baseline: `_1="A"` is an object with id 1 of this name, or has these values."""
    values = {
        key.lstrip("_"): {"name": value} if isinstance(value, str) else value
        for key, value in objects.items()
    }
    return Baseline("library", {kind: values}, written=written)


def ids_believed(
    baseline: Baseline,
    observed: Sequence[Resource],
    times: Mapping[str, str] | None = None,
    *,
    marked: bool = True,
) -> tuple[set[str] | None, Problem | None, list[str]]:
    """Return the ids that still apply, the warning, and the ids whose times were read."""
    asked: list[str] = []

    async def read_times(_: str, ids: Sequence[str]) -> Mapping[str, str]:
        asked.extend(ids)
        return times or {}

    seen = observed_state(observed)
    found, warning = asyncio.run(believed(baseline, seen, read_times, marked=marked))
    left = None if found is None else {key for each in found.objects.values() for key in each}
    return left, warning, asked


def test_the_baseline_of_an_unchanged_library_applies_without_a_query() -> None:
    """Entries of missing objects are kept."""
    observed = [tag("A", id="1"), tag("b", id="2")]
    assert ids_believed(remembering(_1="A", _2="B", _3="C"), observed) == (
        {"1", "2", "3"},
        None,
        [],
    )


@pytest.mark.parametrize(("time", "left"), [
    ("2026-05-01T11:59:59Z", True),
    ("2026-05-01T14:00:01+02:00", True),
    ("2026-05-01T12:00:02Z", False),
    ("2026-05-01T13:00:02+01:00", False),
    ("", True),
])  # fmt: skip
def test_a_renamed_object_keeps_its_entry_unless_it_was_created_since(
    time: str, left: bool
) -> None:
    """The server's times have no fractions: a difference of a second is ignored."""
    times = {"1": time} if time else {}
    found, warning, asked = ids_believed(remembering(_1="A"), [tag("A2", id="1")], times)
    assert found == ({"1"} if left else set())
    assert warning is None
    assert asked == ["1"]


@pytest.mark.parametrize(("time", "left"), [
    ("2026-01-01T10:00:00Z", True),
    ("2026-01-01T09:59:59Z", True),
    ("2026-01-01T11:00:01Z", True),
    ("2026-01-01T09:59:58Z", False),
    ("2026-01-01T11:00:02Z", False),
])  # fmt: skip
def test_a_renamed_object_was_created_between_its_neighbours(time: str, left: bool) -> None:
    """A full import keeps the times of objects, and gives ids in the order of names."""
    early, late = "2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z"
    times = {"2": early, "3": early, "10": time, "12": late, "13": late}
    known = remembering(_2="N", _3="A", _9="gone", _10="B", _12="C", _13="D")
    there = [
        tag(name, id=each) for each, name in (("2", "N"), ("3", "A"), ("12", "C"), ("13", "D"))
    ]
    found, warning, asked = ids_believed(known, [*there, tag("Z", id="10")], times)
    assert found == {"2", "3", "9", "12", "13"} | ({"10"} if left else set())
    assert (warning is None) is left
    assert warning is None or "other objects than had their ids" in warning.message
    assert warning is None or 'tag "Z" (id 10)' in warning.message
    assert asked == ["10", "12", "13", "2", "3"]


@pytest.mark.parametrize("times", [("02", "01", "03"), ("01", "02", "")])
def test_times_that_are_in_no_order_or_few_show_nothing(times: tuple[str, str, str]) -> None:
    """A library that was imported before the baseline has ids in the order of names."""
    there = [tag(name, id=each) for each, name in (("1", "A"), ("2", "B"), ("3", "C"))]
    moments = {
        each: day and f"2026-01-{day}T10:00:00Z"
        for each, day in zip(("1", "2", "3", "4"), (*times, "01"), strict=True)
    }
    known = remembering(_1="A", _2="B", _3="C", _4="D")
    found, _, _ = ids_believed(known, [*there, tag("Z", id="4")], moments)
    assert found == {"1", "2", "3", "4"}


@pytest.mark.parametrize(("time", "left"), [
    ("2026-03-01T10:00:00Z", True),
    ("2026-03-01T09:59:59Z", True),
    ("2026-03-01T09:59:58Z", False),
    ("", True),
])  # fmt: skip
def test_what_a_run_created_is_not_older_than_the_run(time: str, left: bool) -> None:
    """A copy of a server has the same mark, and may have given the id to another object before."""
    known = structs.replace(
        remembering(_1="A", _2="B"), not_before={"tag": {"2": "2026-03-01T10:00:00+00:00"}}
    )
    times = {"2": time} if time else {}
    asked: list[str] = []

    async def read_times(_: str, ids: Sequence[str]) -> Mapping[str, str]:
        asked.extend(ids)
        return times

    there = observed_state([tag("A", id="1"), tag("Other", id="2")])
    found, _ = asyncio.run(believed(known, there, read_times, marked=True))
    assert found is not None
    assert found.objects == {"tag": {"1": {"name": "A"}} | ({"2": {"name": "B"}} if left else {})}
    assert ("2" in found.not_before["tag"]) is left
    assert asked == ["1", "2"]


def test_a_library_in_which_most_names_are_unknown_is_another_one() -> None:
    """Without a mark, paths and address are all there is, and another server may have both."""
    places = range(1, 21)
    known = remembering(**{f"_{place}": f"Name {place}" for place in places})

    def library(unknown: int) -> list[Resource]:
        """Return tags of which the first ones have other names."""
        return [
            tag(f"{'Own' if place <= unknown else 'Name'} {place}", id=str(place))
            for place in places
        ]

    left, warning, asked = ids_believed(known, library(11), marked=False)
    assert (left, asked) == (None, [])
    assert warning is not None
    assert "11 of 20 names are not known" in warning.message
    for unknown, marked in ((10, False), (11, True)):
        left, warning, _ = ids_believed(known, library(unknown), marked=marked)
        assert warning is None
        assert left == {str(place) for place in places}
    few = remembering(**{f"_{place}": f"Name {place}" for place in range(1, 10)})
    assert ids_believed(few, library(9)[:9], marked=False)[0] is not None


def test_under_its_mark_a_library_may_have_all_its_names_changed() -> None:
    """A script or a person renamed all of them, and none is to become a twin."""
    there = [tag(f"Own {place}", id=str(place)) for place in range(1, 5)]
    left, warning, _ = ids_believed(remembering(_1="A", _2="B", _3="C", _4="D"), there)
    assert (left, warning) == ({"1", "2", "3", "4"}, None)


def test_without_a_time_nothing_is_asked() -> None:
    """A baseline of an earlier version has none."""
    found, _, asked = ids_believed(remembering("", _1="A"), [tag("A2", id="1")])
    assert (found, asked) == ({"1"}, [])


def test_stash_ids_decide_before_times() -> None:
    """With a stash_id in common it is the same object, and with none another one."""

    def ids(*values: str) -> list[dict[str, str]]:
        return [{"endpoint": "e", "stash_id": each} for each in values]

    known = remembering(kind="performer", _1={"name": "Ada", "stash_ids": ids("x", "y")})
    for now, left in ((ids("y", "z"), {"1"}), (ids("z"), set[str]())):
        found, _, asked = ids_believed(known, [performer("Bo", id="1", stash_ids=now)])
        assert (found, asked) == (left, [])


def test_if_many_names_have_other_ids_the_baseline_does_not_apply() -> None:
    """The limit is two names, and more than a tenth of them."""
    swapped = [tag("B", id="1"), tag("A", id="2")]
    left, warning, _ = ids_believed(remembering(_1="A", _2="B"), swapped)
    assert left is None
    assert warning is not None
    assert "2 of 2 ids belong to other objects now" in warning.message
    assert ids_believed(remembering(_1="A", _2="B"), [tag("C", id="1"), tag("A", id="2")])[0]
    many = {f"_{place}": f"N{place}" for place in range(3, 21)}
    rest = [tag(f"N{place}", id=str(place)) for place in range(3, 21)]
    assert ids_believed(remembering(_1="A", _2="B", **many), [*swapped, *rest])[0] is not None
    fewer = dict(list(many.items())[:-1])
    assert ids_believed(remembering(_1="A", _2="B", **fewer), [*swapped, *rest])[0] is None


def test_objects_of_a_name_with_the_same_stash_id_are_no_others() -> None:
    """Two performers who exchanged names are still the same objects."""

    def known(name: str, stash_id: str) -> dict[str, Any]:
        return {"name": name, "stash_ids": [{"endpoint": "e", "stash_id": stash_id}]}

    baseline = remembering(kind="performer", _1=known("Ada", "x"), _2=known("Bo", "y"))
    observed = [performer(id="1", **known("Bo", "x")), performer(id="2", **known("Ada", "y"))]
    assert ids_believed(baseline, observed) == ({"1", "2"}, None, [])
