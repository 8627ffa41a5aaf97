"""The hierarchy, and the order in which operations are sent."""

from __future__ import annotations

import pytest

from stashsync.planner import Plan
from tests.planner.build import (
    performer,
    plan_of,
    problems_of,
    sent_in_order,
    studio,
    tag,
    the_problem,
)


def test_ids_are_used_only_in_a_later_wave() -> None:
    """A chain of three parents takes three waves; objects that need no new id are in the first."""
    plan = plan_of(
        [
            tag("A", parents=["B"]),
            tag("B", parents=["C"]),
            tag("C"),
            tag("D"),
            studio("S", tags=["A"], parent="T"),
            studio("T"),
            performer("P", tags=["C"]),
        ]
    )
    names = sent_in_order(plan)
    by_wave = [[names[item] for item in wave] for wave in plan.in_waves()]
    assert by_wave == [["C", "D", "T"], ["B", "P"], ["A"], ["S"]]
    for index, operation in enumerate(plan.operations):
        assert all(need < index for need in (*operation.needs, *operation.after))
        assert all(plan.operations[need].wave < operation.wave for need in operation.needs)
    assert plan.count("create") == 7
    assert plan.count("create", "tag") == 4
    assert plan.totals()["studio"] == {"create": 2}


def test_updates_come_after_creates_those_that_need_no_round_trip_first() -> None:
    """Within that order, operations are sorted by kind and then by key."""
    plan = plan_of(
        [tag("B", parents=["N"]), tag("A", description="x"), tag("N"), studio("S", details="x")],
        [tag("A", id="1"), tag("B", id="2"), studio("S", id="1")],
    )
    assert sent_in_order(plan) == ["N", "A", "S", "B"]
    assert [operation.wave for operation in plan.operations] == [0, 0, 0, 1]
    assert plan.operations[3].needs == (0,)


def test_updates_alone_are_one_wave() -> None:
    """No operation has to wait for another."""
    plan = plan_of([tag("A", description="x")], [tag("A", id="1")])
    assert [operation.wave for operation in plan.operations] == [0]


def test_an_empty_plan_is_false() -> None:
    plan = plan_of([])
    assert not plan
    assert plan == Plan(source=plan.source)


def test_a_cycle_of_manifests_and_server_is_an_error() -> None:
    """The edges of both sides together form a cycle that neither side has alone."""
    server = [tag("A", id="1", parents=["2"]), tag("B", id="2", parents=["3"]), tag("C", id="3")]
    problem = the_problem([tag("C", parents=["A"])], server)
    assert 'would have a cycle: "A" → "B" → "C" → "A"' in problem.message


def test_a_cycle_behind_a_deleted_object_is_an_error() -> None:
    """A deleted object leaves the hierarchy, and all others are still checked."""
    gone = tag("A", absent=True)
    server = [tag("A", id="1"), tag("B", id="2"), tag("C", id="3", parents=["2"])]
    problem = the_problem([gone, tag("B", parents=["C"])], server)
    assert 'would have a cycle: "B" → "C" → "B"' in problem.message


def test_a_cycle_through_new_objects_is_an_error() -> None:
    """The error names new objects by their labels, not their placeholders."""
    problems = problems_of(
        [tag("A", parents=["N"]), tag("N", parents=["B"])],
        [tag("A", id="1"), tag("B", id="2", parents=["1"])],
    )
    assert any(
        "would have a cycle" in problem.message and '"N"' in problem.message for problem in problems
    )


def test_a_cycle_that_the_server_has_already_is_reported() -> None:
    """An edit below the cycle can hang a server: docs/stash-behaviour.md#hierarchy.

    Elsewhere the plan only warns.
    """
    server = [
        tag("A", id="1", parents=["2"]),
        tag("B", id="2", parents=["1"]),
        tag("C", id="3"),
        tag("D", id="4"),
    ]
    problem = the_problem([tag("C", parents=["A"])], server)
    assert "would have a cycle" in problem.message or "has a cycle already" in problem.message
    plan = plan_of([tag("C", parents=["D"])], server)
    (warning,) = plan.warnings
    assert warning.message == 'the hierarchy of tags on the server has a loop: "A" → "B" → "A"'


def test_an_edge_waits_for_another_to_go() -> None:
    """The server checks each edge against the hierarchy that is stored at that moment."""
    server = [tag("B", id="1", parents=["2"]), tag("A", id="2")]
    plan = plan_of([tag("B", parents=[]), tag("A", parents=["B"])], server)
    assert sent_in_order(plan) == ["B", "A"]
    assert plan.operations[1].waits == (0,)
    server = [tag("A", id="1", parents=["2"]), tag("B", id="2", parents=["3"]), tag("C", id="3")]
    upside_down = [tag("A", parents=[]), tag("B", parents=["A"]), tag("C", parents=["B"])]
    assert sent_in_order(plan_of(upside_down, server)) == ["A", "B", "C"]


def test_edges_that_stay_are_not_in_the_way() -> None:
    """A parent may be added beside another, and one of two may be removed."""
    server = [tag("A", id="1", parents=["2"]), tag("B", id="2"), tag("C", id="3")]
    assert plan_of([tag("A", parents=["B", "C"])], server)
    assert plan_of([tag("A", parents={"add": ["C"], "remove": ["B"]})], server)


@pytest.mark.parametrize("parent", [None, "T"])
def test_studios_are_a_forest(parent: str | None) -> None:
    """A studio has one parent or none, and cycles of studios are errors."""
    server = [studio("S", id="1", parent="2"), studio("R", id="2"), studio("T", id="3")]
    assert plan_of([studio("S", parent=parent)], server)
    problem = the_problem([studio("R", parent="S")], server)
    assert "hierarchy of studios would have a cycle" in problem.message


def test_a_diamond_is_no_cycle() -> None:
    """A tag may have several paths to an ancestor, and an edge to its grandparent."""
    server = [
        tag("A", id="1"),
        tag("B", id="2", parents=["1"]),
        tag("C", id="3", parents=["1"]),
        tag("D", id="4", parents=["2", "3"]),
        tag("E", id="5"),
    ]
    assert plan_of([tag("E", parents=["D", "A"]), tag("D", parents=["A", "B", "C"])], server)


def test_a_move_waits_for_a_move_above_what_stands_still() -> None:
    """Otherwise the object would be below itself for a moment."""
    held = [tag("A", id="1"), tag("B", id="2", parents=["3"]), tag("C", id="3", parents=["1"])]
    plan = plan_of([tag("A", parents=["B"]), tag("B"), tag("C", parents=[])], held)
    assert sent_in_order(plan) == ["C", "A"]


def test_objects_that_change_places_and_names_move_before_they_are_named() -> None:
    """The upper one can move down only after the lower one has moved away."""
    held = [tag("A", id="1", parents=["2"]), tag("B", id="2")]
    wanted = [
        tag("B", id="1", parents=[], file="m.yaml"),
        tag("X", id="2", parents=["B"], file="m.yaml"),
    ]
    plan = plan_of(wanted, held)
    assert [(plan.changes[item.change].id, item.fields) for item in plan.operations] == [
        ("1", ("parents",)),
        ("2", ("name", "parents")),
        ("1", ("name",)),
    ]
