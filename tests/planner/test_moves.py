"""Moves in the hierarchy: what is checked, what waits for what, and what cannot be.

Source: docs/planning-rules.md#order
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stashsync.errors import PlanError
from stashsync.kinds import Capabilities
from stashsync.state import Resource
from tests.planner.build import (
    DEVELOP,
    plan_of,
    problems_of,
    resource,
    studio,
    tag,
    the_problem,
)
from tests.planner.test_links import MERGES, links, planned
from tests.planner.test_removals import absent, merging


def held(**parents: str) -> list[Resource]:
    """Return tags by name, numbered from 1, below the named ones: `held(A="", B="A")`."""
    ids = {name: str(place) for place, name in enumerate(parents, 1)}
    return [
        tag(name, id=ids[name], parents=sorted(ids[each] for each in above))
        for name, above in parents.items()
    ]


# -- in which order -------------------------------------------------------------------------------


def test_an_object_moves_after_all_that_comes_to_be_above_it() -> None:
    """Whatever ways lead there, and whatever stands still between them."""
    there = held(C="", B="", A="C", F="A", E="CBA", D="F")
    wanted = [
        tag("E", parents=[]),
        tag("B", parents=["E"]),
        tag("A", parents=["B"]),
        tag("C", parents=["F", "B", "A"]),
    ]
    assert links(planned(wanted, there)) == [
        "update E parents",
        "update B parents waits 0",
        "update A parents waits 1",
        "update C parents waits 1 2",
    ]


def test_moves_that_close_no_circle_wait_for_nothing() -> None:
    """They may share a document in any order."""
    there = held(A="", B="", C="A", D="C")
    wanted = [tag("C", parents=["B"]), tag("D", parents=["A"]), tag("B", parents=[])]
    assert links(planned(wanted, there)) == ["update C parents", "update D parents"]


def test_what_is_new_is_above_others_at_once() -> None:
    """It has its parents from the start; what goes below it needs its id and nothing else."""
    there = held(A="", B="A")
    wanted = [tag("A", parents=["N"]), tag("N", parents=["B"]), tag("B", parents=[])]
    assert links(planned(wanted, there)) == [
        "create N name parents",
        "update B parents",
        "update A parents needs 0 waits 1",
    ]


@pytest.mark.parametrize("server", [MERGES, DEVELOP])
def test_a_merge_that_closes_no_circle_waits_for_no_move(server: Capabilities) -> None:
    """Whether or not it unites the hierarchies, as it does up to v0.30."""
    wanted = [merging(tag("C", parents=[]), "B"), tag("A", parents=["C"])]
    assert links(planned(wanted, held(A="", B="", C="A"), server)) == [
        "merge C",
        "update C parents waits 0",
        "update A parents waits 1",
    ]


def test_a_merge_that_would_close_a_circle_waits_for_the_moves() -> None:
    """C becomes A while B is between them: B moves first."""
    wanted = [merging(tag("A"), "C"), tag("B", parents=[])]
    assert links(planned(wanted, held(A="", B="A", C="B"))) == [
        "update B parents",
        "merge A waits 0",
    ]


def test_what_is_deleted_between_two_that_become_one_goes_before_the_merge() -> None:
    """B stands between A and C, and C would be above itself."""
    wanted = [merging(tag("A"), "C"), absent(tag("B"))]
    assert links(planned(wanted, held(C="", B="C", A="B"))) == ["delete B", "merge A waits 0"]


def test_what_is_deleted_between_two_that_change_places_goes_before_the_move() -> None:
    """E stands between C and A, which stands still."""
    wanted = [tag("C", parents=["A"]), absent(tag("E"))]
    there = held(C="", E="C", A="E")
    assert links(planned(wanted, there)) == ["delete E", "update C parents waits 0"]
    # Where what moves is a child of the deleted one, it moves first, and nothing is in its way.
    wanted = [tag("C", parents=["A"]), absent(tag("E"))]
    there = held(E="", C="E", A="E")
    assert links(planned(wanted, there)) == ["update C parents", "delete E waits 0"]


def test_a_delete_that_waits_for_a_move_does_not_hold_it() -> None:
    """B leaves E before that is deleted, and C, which B moves below, goes first."""
    there = held(Y="", C="Y", M="C", E="M", A="E", B="E")
    wanted = [
        tag("M", parents=[]),
        tag("C", parents=["A", "M"]),
        tag("B", parents=["C"]),
        tag("Y", parents=["B"]),
        absent(tag("E")),
    ]
    order = [step.split(" waits")[0] for step in links(planned(wanted, there))]
    assert order == [*(f"update {name} parents" for name in "MCBY"), "delete E"]


@pytest.mark.parametrize("fields", [{}, {"description": "d"}])
def test_a_cycle_that_only_merges_close_is_found_whatever_else_changes(
    fields: dict[str, str],
) -> None:
    """The destination is below what is merged, and gets its parents from the merge."""
    cases = [
        (held(C="", A="C", E="A"), [merging(tag("E", **fields), "A"), tag("C", parents=["E"])]),
        (
            held(X="", Y="", E="Y", A="P", P=""),
            [merging(tag("X"), "Y"), merging(tag("E", **fields), "A"), tag("P", parents=["E"])],
        ),
    ]
    for there, wanted in cases:
        with pytest.raises(PlanError) as caught:
            planned(wanted, there)
        assert ["would have a cycle" in each.message for each in caught.value.problems] == [True]


def test_a_pattern_that_waits_for_a_merge_delays_what_moves_below_it() -> None:
    """The pattern matches what is merged, and has to be there before N, below which R moves."""
    there = [tag("R", id="1"), tag("S", id="2"), tag("D", id="3", parents=["1"])]
    wanted = [
        merging(tag("_", renamed_from=["D"], parents=[]), "S"),
        tag("N", parents=["_"]),
        tag("R", parents=["N"]),
    ]
    order = links(planned(wanted, there))
    assert order.index("merge _") < order.index("create N name parents after 3")


def test_a_destination_that_leaves_what_is_merged_into_it_is_sent_once() -> None:
    """It moves before the merge, and after that only what else there is to change."""
    there = held(B="M", M="", T="B")
    assert links(planned([merging(tag("B", parents=[]), "M")], there, DEVELOP)) == [
        "update B parents",
        "merge B waits 0",
    ]
    wanted = [merging(tag("B", parents=[], description="d"), "M")]
    assert links(planned(wanted, there, DEVELOP)) == [
        "update B parents",
        "merge B waits 0",
        "update B description waits 1",
    ]


@pytest.mark.parametrize("children", [1, 2])
def test_every_child_of_what_is_deleted_moves_first(children: int) -> None:
    """A child that was not moved would be at the top for a moment, or for good."""
    names = "BCD"[:children]
    there = held(A="", **dict.fromkeys(names, "A"))
    wanted = [absent(tag("A")), *(tag(name, parents=[]) for name in names)]
    last = f"delete A waits {' '.join(str(place) for place in range(children))}"
    assert links(planned(wanted, there))[-1] == last


def test_what_is_deleted_with_its_parent_needs_no_move() -> None:
    """Neither waits for the other."""
    wanted = [absent(tag("A")), absent(tag("B"))]
    assert links(planned(wanted, held(A="", B="A"))) == ["delete A", "delete B"]


# -- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (held(A="B", B="C", C=""), [tag("C", parents=["A"]), tag("B", description="d")]),
        (held(A="B", B="C", C=""), [tag("C", parents=["A"]), tag("B")]),
        (held(A="", B="C", C=""), [tag("C", parents=["A"]), tag("A", parents=["B"])]),
        (held(A="B", B="", C="", D=""), [tag("B", parents=["N"]), tag("N", parents=["A"])]),
        (held(A="B", B="C", C=""), [tag("C", parents={"add": ["A"]}), absent(tag("X"))]),
    ],
)
def test_a_cycle_of_both_sides_is_found_whatever_else_changes(
    there: Sequence[Resource], wanted: Sequence[Resource]
) -> None:
    """An object in the middle keeps its parents, though it gets another description."""
    for problem in problems_of(wanted, there):
        assert "would have a cycle" in problem.message


def test_a_cycle_that_a_deletion_opens_is_none() -> None:
    """What was above the deleted object is above nothing."""
    wanted = [tag("C", parents=["A"]), absent(tag("B"))]
    assert links(planned(wanted, held(A="B", B="C", C="")))


def test_the_way_out_of_a_cycle_is_in_the_words_of_its_kind() -> None:
    """A studio has one parent, which null takes away; a tag has a list."""
    wanted: list[Resource] = [studio("C", parent="A"), studio("B")]
    there = [studio("A", id="1", parent="2"), studio("B", id="2", parent="3"), studio("C", id="3")]
    problem = the_problem(wanted, there)
    assert problem.hint == (
        'no manifest mentions what is above studio "B": `parent: null` puts it at the top'
    )
    problem = the_problem([tag("C", parents=["A"]), tag("B")], held(A="B", B="C", C=""))
    assert problem.hint == (
        'no manifest mentions what is above tag "B": `parents: []` puts it at the top'
    )
    problem = the_problem([tag("C", parents=["A"]), tag("D")], held(A="B", B="C", C="", D=""))
    assert problem.hint == "an object cannot be above itself; change one of these"


def test_a_loop_that_the_server_has_above_a_move_is_reported_at_that_move() -> None:
    """It could hang the server; a loop elsewhere hinders no move."""
    there = held(A="B", B="A", C="", D="", E="A")
    problem = the_problem([tag("D"), tag("C", parents=["A"])], there)
    assert problem.message == (
        'the hierarchy of tags on the server has a cycle already: "A" → "B" → "A"'
    )
    assert "can hang a server" in (problem.hint or "")
    assert plan_of([tag("C", parents=["D"])], held(A="B", B="A", C="", D=""))
    below = held(A="B", B="A", C="", D="", E="A")
    assert "has a cycle already" in the_problem([tag("E", parents=[])], below).message


def test_groups_in_groups_have_a_hierarchy_too() -> None:
    """Their edges lead downwards, from a group to what is in it."""
    there = [
        resource("group", "A", id="1", sub_groups=[["2", ""]]),
        resource("group", "B", id="2", sub_groups=[["3", ""]]),
        resource("group", "C", id="3"),
    ]
    problem = the_problem([resource("group", "C", sub_groups=[["A", ""]])], there)
    assert "hierarchy of groups would have a cycle" in problem.message
