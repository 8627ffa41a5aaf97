"""Warnings about matches, and about names that fit nothing.

Source: docs/planning-rules.md#matching
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from stashsync.errors import Problem
from stashsync.state import Resource
from tests.planner.build import DEVELOP, paired, performer, plan_of, resource, studio, tag

E = "https://box.example/graphql"


def ids(*items: str) -> list[dict[str, str]]:
    return [{"endpoint": E, "stash_id": item} for item in items]


def warned(desired: Sequence[Resource], observed: Sequence[Resource]) -> list[Problem]:
    """Return the warnings of the matching alone."""
    return paired(desired, observed, DEVELOP)[0].warnings


def texts(desired: Sequence[Resource], observed: Sequence[Resource]) -> list[str]:
    return [warning.message for warning in warned(desired, observed)]


# -- names that fit nothing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (1, '"N0" is not on this server'),
        (2, '"N0", "N1" are not on this server'),
        (5, '"N0", "N1", "N2", "N3", "N4" are not on this server'),
        (6, '"N0", "N1", "N2", "N3", "N4" and 1 more are not on this server'),
    ],
)
@pytest.mark.parametrize("way", ["delete", "merge"])
def test_names_that_are_not_there_are_one_warning(way: str, count: int, names: str) -> None:
    """With its place where there is a single name; five names are listed, and more counted."""
    there = [tag("A", id="1"), tag("B", id="2")]
    every = [f"N{place}" for place in range(count)]
    wanted = [tag("A"), *(tag(name, absent=True) for name in every)]
    if way == "merge":
        wanted = [tag("A", merge=every)]
    (warning,) = warned(wanted, there)
    assert warning.message == f"tags: nothing to {way}: {names}"
    assert warning.hint == "check the spelling; where it has been done, the line can go"
    assert warning.mark == (wanted[-1].mark if count == 1 else None)


@pytest.mark.parametrize(
    ("make", "held", "merged", "done"),
    [
        (tag, {"aliases": ["Rain"]}, "rain", True),
        (tag, {"aliases": []}, "Rain", False),
        (tag, {"aliases": []}, "kept", True),
        (performer, {"aliases": ["Éva"]}, "éva", True),
        (performer, {"aliases": ["Ada"]}, "Ada (Chef)", True),
        (performer, {"aliases": ["Ada (Chef)"]}, "Ada (Chef)", True),
        (performer, {"aliases": ["Bea"]}, "Ada (Chef)", False),
    ],
)
def test_a_merge_whose_name_is_an_alias_by_now_has_been_done(
    make: Any, held: dict[str, Any], merged: str, *, done: bool
) -> None:
    """The merged name stays with the destination; that is no reason for a warning."""
    there = [make("Kept", id="1", **held), make("Other", id="2")]
    assert bool(texts([make("Kept", merge=[merged])], there)) is not done


def test_each_kind_has_a_warning_of_its_own() -> None:
    """A kind of which the server has nothing has none: there everything is new."""
    there = [tag("A", id="1"), studio("S", id="1")]
    wanted = [
        tag("X", absent=True),
        studio("Y", absent=True),
        performer("Z", absent=True),
        performer("New", renamed_from="Old"),
    ]
    assert texts(wanted, there) == [
        'tags: nothing to delete: "X" is not on this server',
        'studios: nothing to delete: "Y" is not on this server',
    ]


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (["Wide shott"], "did you mean 'Wide shot'?"),
        (["Drone view"], "did you mean 'Aerial'?"),
        (["Nothing like it", "Wide shott"], "did you mean 'Wide shot'?"),
        (["Nothing like it"], "where it has been done, the line can go"),
    ],
)
@pytest.mark.parametrize("key", ["renamed_from", "merge"])
def test_a_former_name_that_fits_nothing_gets_what_may_be_meant(
    key: str, names: list[str], hint: str
) -> None:
    """The holder of it as an alias, else the names that look like it, of the first that has any."""
    there = [tag("Wide shot", id="1"), tag("Aerial", id="2", aliases=["Drone view"])]
    wanted = [tag("New", **{key: names}), tag("Wide shot"), tag("Aerial")]
    (warning,) = warned(wanted, there)
    shown = ", ".join(f'"{name}"' for name in names)
    assert warning.message == f'tag "New" is new: no tag here is called {shown}'
    assert warning.hint == hint
    assert warning.mark == wanted[0].mark


def test_names_of_both_lists_that_fit_nothing_are_two_warnings() -> None:
    """Each leads to its own list."""
    found = texts([tag("New", renamed_from="X", merge=["Y"])], [tag("A", id="1")])
    assert found == [
        'tag "New" is new: no tag here is called "X"',
        'tag "New" is new: no tag here is called "Y"',
    ]


def test_an_item_that_is_refused_is_not_explained_and_the_others_are() -> None:
    """It has its error already."""
    there = [tag("M", id="1"), tag("N", id="2")]
    wanted = [tag("A", id="9", renamed_from="Nowhere", file="m.yaml"), tag("M", renamed_from="N")]
    assert texts(wanted, there) == ['"N" and "M" are both on the server, so nothing is renamed']


# -- stash ids that contradict names --------------------------------------------------------------


def test_the_object_of_the_name_may_be_declared_nowhere() -> None:
    """The plan is impossible then; the warning has both ids to choose from."""
    there = [tag("A", id="1"), tag("B", id="2", stash_ids=ids("b"))]
    wanted = tag("A", stash_ids={E: ["b"]})
    (warning,) = warned([wanted], there)
    assert warning.message == (
        'tag "A" has the stash_ids of "B" (id 2), and stash_ids decide over names: "B" becomes '
        '"A", with its scenes and all else that refers to it; "A" (id 1) is declared nowhere'
    )
    assert warning.hint == "write `id: 2` if that is meant, or `id: 1` if the name is right"
    assert warning.mark == wanted.mark


@pytest.mark.parametrize(
    ("others", "end"),
    [
        ([tag("B")], '; "B" is created anew'),
        ([tag("B", absent=True)], "refers to it"),
        ([tag("B", id="3", file="m.yaml")], "refers to it"),
    ],
)
def test_an_item_of_the_name_that_stash_ids_take_away_is_created_anew(
    others: list[Resource], end: str
) -> None:
    """Unless it is to be deleted, or is another object by its id."""
    there = [tag("B", id="2", stash_ids=ids("b")), tag("C", id="3")]
    (warning,) = [
        text for text in texts([tag("A", stash_ids={E: ["b"]}), *others], there) if "decide" in text
    ]
    assert warning.endswith(end)


def test_stash_ids_that_agree_with_the_name_or_are_written_with_an_id_need_no_warning() -> None:
    """The id decides, whatever the name is."""
    there = [tag("A", id="1"), tag("B", id="2", stash_ids=ids("b"))]
    assert not texts([tag("b", stash_ids={E: ["b"]}), tag("A")], there)
    assert not texts([tag("A", id="2", file="m.yaml", stash_ids={E: ["b"]})], there)


# -- probable renames -----------------------------------------------------------------------------


def test_all_that_a_new_object_may_have_been_are_listed_in_order() -> None:
    """By name, case aside, then by id; each once, though it has several aliases in common."""
    there = [
        performer("c", id="1", aliases=["Ada", "Ada A"]),
        performer("B", id="2", aliases=["Ada A"]),
        performer("A", id="3", disambiguation="y", aliases=["Ada"]),
        performer("A", id="4", disambiguation="x", aliases=["Ada"]),
        performer("D", id="5", aliases=["Other"]),
    ]
    (warning,) = warned([performer("Ada", aliases=["Ada A"])], there)
    listed = '"A (x)" (id 4), "A (y)" (id 3), "B" (id 2), "c" (id 1)'
    assert warning.message == (
        f'performer "Ada" is new, and {listed}, which no manifest declares, '
        "has an alias in common with it: it may be the same performer"
    )
    assert warning.hint == "if it is, add `renamed_from: A (x)` here; if not, declare both"


def test_objects_of_one_name_that_it_may_have_been_stand_in_the_order_of_their_ids() -> None:
    """Whichever of the aliases they are found by."""
    there = [performer("X", id="1", aliases=["Old"]), performer("X", id="2", aliases=["Ada"])]
    (text,) = texts([performer("Ada", aliases=["Old"])], there)
    assert '"X" (id 1), "X" (id 2)' in text


def test_tags_with_an_alias_in_common_are_refused_anyway() -> None:
    """Names and aliases of tags share a namespace, so the error has the way out."""
    there = [tag("Old", id="1", aliases=["New"])]
    assert not texts([tag("New")], there)


@pytest.mark.parametrize(
    ("children", "suggested"),
    [("CD", True), ("C", False), ("CDE", False), ("CDN", False), ("", False)],
)
def test_just_the_same_children_suggest_a_rename(children: str, *, suggested: bool) -> None:
    """None more, none less, and none that is new."""
    there = [
        studio("Old", id="1"),
        studio("C", id="2", parent="1"),
        studio("D", id="3", parent="1"),
        studio("E", id="4"),
    ]
    wanted = [studio("New"), *(studio(name, parent="new") for name in children)]
    found = [text for text in texts(wanted, there) if "just the same children" in text]
    assert bool(found) is suggested
    declared = [*wanted, studio("Old")]
    assert not [text for text in texts(declared, there) if "just the same" in text]


def test_a_declared_object_is_never_suggested() -> None:
    """Neither is one that was matched, whatever it is called."""
    there = [performer("Old", id="1", aliases=["Ada"]), performer("X", id="2", aliases=["Ada"])]
    wanted = [performer("Ada"), performer("Y", renamed_from="X")]
    (text,) = texts(wanted, there)
    assert '"Old" (id 1)' in text
    assert "(id 2)" not in text


# -- what a broken run left -----------------------------------------------------------------------


def test_a_temporary_name_that_no_manifest_knows_is_reported_with_its_way_out() -> None:
    """The object cannot be found by its name any more."""
    (warning,) = plan_of([tag("A")], [tag("A", id="1"), tag("⟦stashsync 2⟧ B", id="2")]).warnings
    assert warning.message == (
        'tag "⟦stashsync 2⟧ B" has a temporary name that a broken run left behind, '
        "and no manifest names what it was to become"
    )
    assert warning.hint == "declare it with `id: 2`, or rename it in Stash's own pages"


@pytest.mark.parametrize("name", ["⟦stashsync 3⟧ B", "⟦stashsync x⟧ B", "⟦stashsync 2⟧B"])
def test_a_name_that_only_looks_temporary_is_a_name(name: str) -> None:
    """It has another id, or another form."""
    there = [tag(name, id="2")]
    assert not texts([tag("A")], there)
    _, (pair,) = paired([tag("B")], there)
    assert pair.observed is None


def test_groups_of_one_name_differ_by_their_dates() -> None:
    """A name alone means the group without a date, else the only one."""
    there = [
        resource("group", "A", id="1", date="2019"),
        resource("group", "A", id="2", date="2020"),
        resource("group", "B", id="3", date="2020"),
    ]
    for wanted, found in (
        (resource("group", "A", date="2020"), "2"),
        (resource("group", "B"), "3"),
        (resource("group", "A", date=None), None),
        (resource("group", "C", renamed_from="A (2019)"), "1"),
        (resource("group", "C", renamed_from="B"), "3"),
    ):
        _, (pair,) = paired([wanted], there)
        assert (pair.observed.id if pair.observed else None) == found
        assert not pair.refused
