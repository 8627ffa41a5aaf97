"""A saved plan that exchanges names, merges and deletes still fits the server it was made for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from stashsync.kinds import Capabilities
from stashsync.planner import Plan, Policy, decide, pair_up, removals
from stashsync.planner.staleness import staleness_of
from stashsync.state import Resource, desired_state
from tests.planner.build import SERVER, located, observed_state, performer, resource, studio, tag

MERGES = Capabilities(
    SERVER.inputs,
    SERVER.outputs,
    frozenset({"tagsMerge"}),
    release=SERVER.release,
    release_name=SERVER.release_name,
)
"""A server with a mutation that merges tags."""


def merging(into: Resource, *names: str) -> Resource:
    into.merge = names
    return into


def absent(resource: Resource) -> Resource:
    resource.absent = True
    return resource


def plan_with_removals(
    desired: Iterable[Resource], held: Iterable[Resource], server: Capabilities = SERVER
) -> Plan:
    policy = Policy()
    context, pairs = pair_up(
        desired_state(desired), observed_state(held), server, policy=policy, locate=located
    )
    return decide(context, pairs, policy, removals(context, pairs, policy))


def held() -> list[Resource]:
    """Return the objects that the server had when the plan was made."""
    return [
        tag("A", id="1", aliases=["One"]),
        tag("B", id="2"),
        tag("Old", id="3", aliases=["Ancient"]),
        tag("Kept", id="4"),
        studio("North", id="1"),
        studio("Northe", id="2", aliases=["NE"]),
        performer("Ada", id="1"),
        performer("Bo", id="2"),
    ]


def the_plan() -> Plan:
    """Return a plan in which names and aliases change owners in every way.

    A and B exchange names, One becomes a tag, Old is deleted and Kept takes its names, studios
    merge, Ada becomes Bo and Bo is deleted.
    """
    return plan_with_removals(
        [
            tag("B", id="1", aliases=[], file="m.yaml"),
            tag("A", id="2", file="m.yaml"),
            tag("One"),
            absent(tag("Old")),
            tag("Kept", aliases=["Old", "Ancient"]),
            merging(studio("North"), "Northe"),
            performer("Bo", id="1", file="m.yaml"),
            absent(performer("Bo", id="2", file="m.yaml")),
        ],
        held(),
    )


def test_what_the_plan_itself_frees_is_not_taken() -> None:
    """Names freed by a rename, a removed alias, a deletion or a merge do not make it stale."""
    plan = the_plan()
    assert {change.action for change in plan.changes} == {"create", "update", "merge", "delete"}
    assert staleness_of(plan, observed_state(held())) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tag 4": tag("Kept", id="4", aliases=["One"])}, "its aliases changed on the server"),
        ({"tag 9": tag("One", id="9")}, '"One" belongs to the tag "One" (id 9) now'),
        ({"tag 9": tag("X", id="9", aliases=["Old"])}, '"Old" belongs to the tag "X" (id 9) now'),
        ({"studio 2": studio("NE", id="2")}, 'studio "Northe" (id 2) is called "NE" now'),
        ({"studio 2": None}, 'studio "Northe" (id 2) is gone'),
        ({"studio 1": None}, 'studio "North" (id 1) is gone'),
        ({"performer 9": performer("bo", id="9")}, 'performer "bo" exists now (id 9)'),
    ],
)
def test_what_changed_meanwhile_is_noticed_all_the_same(
    change: dict[str, Resource | None], message: str
) -> None:
    """Another object may have taken such a name, and merged objects may have changed."""
    there: dict[str, Resource | None] = {f"{item.kind} {item.id}": item for item in held()}
    now = [item for item in (there | change).values() if item is not None]
    found = [item.message for item in staleness_of(the_plan(), observed_state(now))]
    assert any(message in item for item in found), found


def family() -> list[Resource]:
    """Return tags of which two are to be merged, with children of both."""
    return [
        tag("Photo", id="1", aliases=["Ph"], parents=["5"]),
        tag("Foto", id="2", aliases=["F", "Film"], parents=["6"]),
        tag("Still", id="3", aliases=[], parents=["2"]),
        tag("Film", id="4", aliases=[], parents=["1"]),
        tag("Art", id="5", aliases=[], parents=[]),
        tag("Craft", id="6", aliases=[], parents=[]),
    ]


def the_merge() -> Plan:
    """Return a plan that merges Foto into Photo, and changes Photo and its new children."""
    return plan_with_removals(
        [
            merging(tag("Photo", aliases=["Picture"], parents=["Craft"]), "Foto"),
            tag("Still", parents=["Art"]),
            tag("Film", aliases=["Movie"], parents=["Craft"]),
        ],
        [item for item in family() if item.id != "4"],
        MERGES,
    )


def test_what_a_merge_makes_first_is_not_taken_for_a_change_of_the_server() -> None:
    """The destination's later changes begin with the values after the merge."""
    plan = the_merge()
    assert plan.count("merge") == 1
    there = [item for item in family() if item.id != "4"]
    assert staleness_of(plan, observed_state(there)) == []


@pytest.mark.parametrize(
    ("now", "message"),
    [
        (tag("Photo", id="1", aliases=["Ph", "New"], parents=["5"]), "its aliases changed"),
        (tag("Photo", id="1", aliases=["Ph"], parents=["6"]), "its parents changed"),
        (tag("Foto", id="2", aliases=["F", "New"], parents=["6"]), "its aliases changed"),
        (tag("Still", id="3", aliases=[], parents=["5"]), "its parents changed"),
        (None, 'tag "Foto" (id 2) is gone'),
    ],
)
def test_what_changed_around_a_merge_is_noticed(now: Resource | None, message: str) -> None:
    """A change of the destination, of the source or of the source's child makes the plan stale."""
    gone = now.id if now is not None else "2"
    there = [item for item in family() if item.id not in (gone, "4")]
    found = staleness_of(the_merge(), observed_state([*there, now] if now is not None else there))
    assert any(message in item.message for item in found), found


def test_a_reference_that_is_gone_is_noticed_behind_new_ones() -> None:
    """References to objects of the same plan do not end the check of the others."""
    held = [tag("Old", id="5"), studio("Label", id="6")]
    plan = plan_with_removals(
        [tag("New"), tag("Newer"), performer("Ada", tags=["New", "Newer", "Old"]),
         studio("Film", parent="Label", tags=["New", "Old"])],
        held,
    )  # fmt: skip
    assert staleness_of(plan, observed_state(held)) == []
    assert sorted(item.message for item in staleness_of(plan, observed_state([]))) == [
        'performer "Ada": the tag "Old" (id 5) is gone',
        'studio "Film": the studio "Label" (id 6) is gone',
        'studio "Film": the tag "Old" (id 5) is gone',
    ]


def test_what_hangs_below_what_is_merged_into_it_is_no_change() -> None:
    """A destination below its source loses that parent, since no object is its own parent."""
    there = [
        tag("Photo", id="1", parents=["2"]),
        tag("Foto", id="2", parents=["3"]),
        tag("Craft", id="3"),
    ]
    wanted = [merging(tag("Photo", parents=["Craft"]), "Foto"), tag("Craft")]
    plan = plan_with_removals(wanted, there, MERGES)
    assert plan.count("merge") == 1
    assert staleness_of(plan, observed_state(there)) == []


def test_each_problem_of_a_saved_plan_leads_to_its_manifest() -> None:
    """A changed name and a lost reference have the place of their change."""
    held = [tag("A", id="1"), tag("Old", id="2")]
    plan = plan_with_removals([tag("A", description="x"), performer("P", tags=["Old"])], held)
    found = staleness_of(plan, observed_state([tag("B", id="1")]))
    assert [problem.message for problem in found] == [
        'tag "A" (id 1) is called "B" now',
        'performer "P": the tag "Old" (id 2) is gone',
    ]
    assert [problem.mark for problem in found] == [change.mark for change in plan.changes]


def test_a_twin_that_appears_does_not_concern_a_change_that_claims_no_name() -> None:
    """Only a change that takes a name needs that name to be free."""
    plan = plan_with_removals([performer("Ada", details="x")], [performer("Ada", id="1")])
    now = observed_state([performer("Ada", id="1"), performer("Ada", id="9")])
    assert staleness_of(plan, now) == []


def test_what_is_gone_is_one_problem_at_its_place_in_the_manifest() -> None:
    """An object that is updated and merged into is reported once."""
    held = [tag("A", id="1"), tag("X", id="2")]
    wanted = [merging(tag("A", description="x"), "X")]
    plan = plan_with_removals(wanted, held, MERGES)
    (problem,) = staleness_of(plan, observed_state([tag("X", id="2")]))
    assert problem.message == 'tag "A" (id 1) is gone'
    assert problem.mark == wanted[0].mark


# -- members of groups, which stand in order ------------------------------------------------------


def group(name: str, identifier: str, *members: str) -> Resource:
    """Return a group with others in it, each with a description."""
    return resource("group", name, id=identifier, sub_groups=[[each, "x"] for each in members])


@pytest.mark.parametrize(
    ("members", "stale"),
    [("23", False), ("3", False), ("32", False), ("2", True), ("34", True), ("", True)],
)
def test_a_member_that_the_plan_deletes_may_be_gone_from_its_group(
    members: str, *, stale: bool
) -> None:
    """The other members, and the order of several, are as they were."""
    there = [group("A", "1", "2", "3"), group("B", "2"), group("C", "3"), group("D", "4")]
    wanted = [resource("group", "A", sub_groups=[["D", "new"]]), absent(resource("group", "B"))]
    plan = plan_with_removals(wanted, there)
    now = [group("A", "1", *members), group("C", "3"), group("D", "4")]
    found = [problem.message for problem in staleness_of(plan, observed_state(now))]
    text = 'group "A" (id 1): its sub_groups changed on the server meanwhile'
    assert found == ([text] if stale else [])
