"""What a name in a manifest refers to, and what a plan tells about it.

Source: docs/planning-rules.md#matching
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from stashsync.errors import PlanError
from stashsync.planner import Matched, Plan, Policy, Update, decide, removals
from stashsync.state import Resource
from tests.planner.build import (
    changes_of,
    paired,
    performer,
    plan_of,
    problems_of,
    resource,
    studio,
    tag,
    the_problem,
)

TWINS = (("Ab", "1"), ("aB", "2"))


def twins(make: Any, *, declared: bool = False) -> list[Resource]:
    """Return two objects whose names differ in case alone, on the server or declared by id."""
    file = {"file": "m.yaml"} if declared else {}
    return [make(name, id=identifier, **file) for name, identifier in TWINS]


@pytest.mark.parametrize(("name", "identifier"), TWINS)
def test_a_reference_to_declared_twins_means_the_one_that_is_just_so_written(
    name: str, identifier: str
) -> None:
    """Two items may have one key if each has an id, in every form of a reference."""
    tags = [*twins(tag), tag("X", id="3"), tag("Y", id="4", parents=["3"])]
    wanted = [
        *twins(tag, declared=True),
        tag("N", parents=[name]),
        tag("Y", parents={"add": [name], "remove": ["X"]}),
    ]
    assert changes_of(plan_of(wanted, tags)) == {
        "+ tag N": {"name": "N", "parents": [identifier]},
        "~ tag 4": {"parents": [identifier]},
    }
    wanted = [*twins(studio, declared=True), studio("S", parent=name)]
    assert changes_of(plan_of(wanted, twins(studio)))["+ studio S"]["parent"] == identifier


def test_a_reference_that_no_twin_is_written_like_means_a_declared_one() -> None:
    """It is no error, since both are declared."""
    wanted = [*twins(tag, declared=True), tag("N", parents=["AB"])]
    assert changes_of(plan_of(wanted, twins(tag)))["+ tag N"]["parents"] == ["2"]


def test_a_name_that_changes_now_is_explained_with_its_place() -> None:
    """The error leads to the declaration of the new name."""
    there = [tag("Old", id="1")]
    declared = tag("New", renamed_from="Old")
    problem = the_problem([tag("X", parents=["Old"]), declared], there)
    assert problem.hint == 'write "New"'
    assert problem.related == ((declared.mark, "declared here"),)


@pytest.mark.parametrize(
    ("wanted", "there", "roles"),
    [
        ([tag("A", merge=["B"]), tag("B")], [tag("A", id="1"), tag("B", id="2")],
         ["declared here"]),
        ([tag("A", aliases=["q"]), tag("B", aliases=["Q"])], [], ["also wanted here"]),
        ([tag("A", aliases=["q_"]), tag("B", aliases=["q%"])], [], ["made here", "made here"]),
    ],
)  # fmt: skip
def test_an_error_about_two_items_leads_to_both(
    wanted: Sequence[Resource], there: Sequence[Resource], roles: Sequence[str]
) -> None:
    """The other place comes with the reason why it is shown."""
    found = [place for problem in problems_of(wanted, there) for place in problem.related]
    assert [role for _, role in found] == roles
    assert {mark for mark, _ in found} <= {item.mark for item in wanted}
    assert len({mark for mark, _ in found}) == len(roles)


def test_each_ambiguous_name_of_a_merge_is_an_error_of_its_own() -> None:
    """One that fits several does not hide the next."""
    there = [
        performer(name, id=str(2 * place + other), disambiguation=further)
        for place, name in enumerate(("Ada", "Bea"), 1)
        for other, further in enumerate(("Chef", "Pilot"))
    ]
    found = problems_of([performer("C", merge=["Ada", "Bea"])], [*there, performer("C", id="9")])
    assert ['"Ada"' in found[0].message, '"Bea"' in found[1].message] == [True, True]
    assert {problem.hint for problem in found} == {"name it as {name, disambiguation}"}


def test_labels_stand_in_the_order_of_the_names() -> None:
    """Case aside, and by the ids where two have one name."""
    there = [tag(name, id=str(n)) for n, name in enumerate(["b", "C", "A", "x", "x"], 1)]
    there.append(performer("P", id="1", tags=["1", "2", "3", "4", "5"]))
    plan = plan_of([performer("P", tags=[])], there)
    assert list(plan.labels["tag"].values()) == ["A", "b", "C", "x", "x"]
    assert list(plan.labels["tag"])[-2:] == ["4", "5"]


def test_external_references_stand_in_the_order_of_the_names() -> None:
    """By kind and name; each place is listed once, in the order of the file."""
    there = [tag("b", id="1"), tag("C", id="2"), tag("A", id="3"), studio("S", id="1")]
    wanted = [
        performer("P", tags=["C", "A"], line=9),
        performer("Q", tags={"add": ["b"], "remove": ["C"]}, line=5),
        studio("T", parent="S", tags=["A"], line=7),
    ]
    found = plan_of(wanted, there).externals
    assert [(each.kind, each.name) for each in found] == [
        ("tag", "A"),
        ("tag", "b"),
        ("tag", "C"),
        ("studio", "S"),
    ]
    assert [[mark.line for mark in each.marks] for each in found] == [[7, 9], [5], [5, 9], [7]]


def test_an_id_in_a_filter_that_nothing_has_is_a_warning_with_a_way_out() -> None:
    """The filter is saved all the same: it finds nothing by that id."""
    items = {"items": [{"id": "9", "label": "Gone"}], "excluded": [], "depth": 0}
    criteria = {"tags": {"value": items, "modifier": "INCLUDES"}}
    wanted = resource("saved_filter", "F", mode="SCENES", object_filter=criteria)
    (warning,) = plan_of([wanted]).warnings
    assert "names the tag with the id 9, and there is none" in warning.message
    assert warning.hint == "take it out, or write the name of another one"
    assert warning.mark == wanted.mark


# -- groups: a name and a date, and names that are free -------------------------------------------


def group(name: str, date: str | None = None, **values: Any) -> Resource:
    """Return a group, which a name and a date tell apart."""
    return resource("group", name, **({} if date is None else {"date": date}), **values)


def test_two_groups_may_not_get_one_name_and_date() -> None:
    """It is an error even where a third one gives that name up now."""
    there = [group("A", "2019", id="1"), group("B", "2020", id="2"), group("C", "2021", id="3")]
    wanted = [
        group("C", "2021", id="1", file="m.yaml"),
        group("C", "2021", id="2", file="m.yaml"),
        group("D", "2021", id="3", file="m.yaml"),
    ]
    assert "both want" in the_problem(wanted, there).message
    assert len(plan_of([wanted[0], wanted[2]], there).operations) == 2


def test_a_member_under_two_names_is_an_error() -> None:
    """Each has a description of its own, and the server keeps one."""
    there = [group("A", id="1"), group("B", id="2")]
    wanted = [group("A", sub_groups=[["B", "x"], ["b", "y"]]), group("B")]
    problem = the_problem(wanted, there)
    assert problem.message == '"B" and "b" are the same group'
    assert problem.hint == "keep one"


def test_a_group_is_referred_to_by_its_name_or_with_its_date() -> None:
    """Where several have the name, only with the date, and only groups without one by the name."""
    wanted = [
        group("A", "2019"),
        group("A", "2020"),
        group("B", "2021"),
        group("X", sub_groups=[["A (2020)", ""], ["b", ""]]),
    ]
    made = changes_of(plan_of(wanted))
    assert made["+ group X"]["sub_groups"] == [["+group:1", ""], ["+group:2", ""]]
    problem = the_problem([*wanted[:2], group("X", sub_groups=[["A", ""]])])
    assert 'there is no group "A"' in problem.message


def test_a_group_that_is_nowhere_is_looked_for_by_its_name_alone() -> None:
    """The aliases of a group are one text, and no names."""
    there = [group("Nowhen", id="1", aliases="Nowhere"), group("X", id="2")]
    problem = the_problem([group("X", sub_groups=[["Nowhere", ""]])], there)
    assert problem.message == (
        'there is no group "Nowhere", neither in the manifests nor on the server'
    )
    assert problem.hint == "did you mean 'Nowhen'?"


# -- what the plan leaves out ---------------------------------------------------------------------


def partly(desired: Sequence[Resource], observed: Sequence[Resource], *left_out: str) -> Plan:
    """Return the plan without the tags of these names."""
    policy = Policy(without=tuple(("tag", name) for name in left_out))
    context, pairs = paired(desired, observed)
    return decide(context, pairs, policy, removals(context, pairs, policy))


def test_a_left_out_object_that_is_there_is_referred_to_by_its_id() -> None:
    """By the name that it is to get, or by the one that it has."""
    there = [tag("Old", id="1"), tag("B", id="2")]
    wanted = [tag("New", renamed_from="Old"), tag("N", parents=["New", "b"]), tag("B")]
    assert changes_of(partly(wanted, there, "New", "B")) == {
        "+ tag N": {"name": "N", "parents": ["1", "2"]}
    }


def test_a_left_out_object_that_would_have_to_be_made_first_is_an_error() -> None:
    """The way out is to choose it too."""
    with pytest.raises(PlanError) as caught:
        partly([tag("New"), tag("N", parents=["new"])], [tag("X", id="1")], "New")
    (problem,) = caught.value.problems
    assert problem.message == (
        'the tag "new" would have to be made first, and this plan leaves it out'
    )
    assert problem.hint == "choose it too (--target), or do not exclude it"


# -- rings ----------------------------------------------------------------------------------------


def test_a_ring_of_renames_is_one_behind_a_name_that_no_manifest_declares() -> None:
    """The former name that nothing declared has does not end the search."""
    there = [tag("A", id="1"), tag("B", id="2"), tag("X", id="3")]
    wanted = [tag("A", renamed_from=["X", "B"]), tag("B", renamed_from="A")]
    messages = [warning.message for warning in plan_of(wanted, there).warnings]
    exchanges = ["would exchange their names" in message for message in messages]
    assert sorted(exchanges) == [False, True, True]


def test_a_longer_ring_is_one_for_each_of_its_names() -> None:
    """Three objects would exchange their names in turn, so the names decide."""
    there = [tag(name, id=str(n)) for n, name in enumerate("ABC", 1)]
    wanted = [
        tag("A", renamed_from="B"),
        tag("B", renamed_from="C"),
        tag("C", renamed_from="A"),
    ]
    plan = plan_of(wanted, there)
    assert not plan.changes
    assert ["would exchange" in warning.message for warning in plan.warnings] == [True] * 3


# -- how it was found -----------------------------------------------------------------------------

E = "https://box.example/graphql"


@pytest.mark.parametrize(
    ("wanted", "matched"),
    [
        (tag("N", id="1", file="m.yaml"), Matched.ID),
        (tag("N", stash_ids={E: ["x"]}), Matched.STASH_ID),
        (tag("N", renamed_from="A"), Matched.RENAME),
        (tag("N"), Matched.MEMORY),
        (tag("a", description="d"), Matched.KEY),
        (tag("N", merge=["A"]), Matched.MERGE),
    ],
)
def test_the_plan_has_the_step_that_matched(wanted: Resource, matched: Matched) -> None:
    """Each of the six steps has its own word."""
    remembered = {("tag", ("n",)): "1"} if matched is Matched.MEMORY else {}
    there = [tag("A", id="1", stash_ids=[{"endpoint": E, "stash_id": "x"}])]
    _, (pair,) = paired([wanted], there, remembered=remembered)
    assert pair.observed is not None
    assert pair.matched is matched
    if matched is not Matched.MEMORY:
        (change,) = plan_of([wanted], there).changes
        assert isinstance(change, Update)
        assert change.matched is matched
