"""Temporary names of objects that step aside, and how the objects get their names back."""

from __future__ import annotations

import pytest

from stashsync.planner import Plan
from stashsync.planner.temporary import target_of
from stashsync.state import Resource
from tests.planner.build import performer, plan_of, problems_of, studio, tag


def names_for_a_moment(plan: Plan) -> dict[str, str]:
    """Return the temporary names by id."""
    return {
        plan.changes[operation.change].id: operation.detour["name"]
        for operation in plan.operations
        if "name" in operation.undo
    }


def test_a_temporary_name_is_no_pattern_for_what_is_there() -> None:
    """It contains the future name, encoded if that would match another object."""
    wanted = [tag("A_", id="1", file="m.yaml"), tag("B_", id="2", file="m.yaml")]
    there = [tag("B_", id="1"), tag("A_", id="2")]
    (plain,) = names_for_a_moment(plan_of(wanted, there)).items()
    matched = tag(plain[1].replace("_", "x"), id="3")
    (spelled,) = names_for_a_moment(plan_of(wanted, [*there, matched])).items()
    assert spelled != plain
    assert "_" not in spelled[1]
    assert target_of(*spelled) == target_of(*plain)


def test_a_performer_steps_aside_and_comes_back() -> None:
    """Another performer's new name is a pattern that matches it, so it steps aside first."""
    wanted = [performer("Ada"), performer("Ad_", id="2", file="m.yaml")]
    there = [performer("Ada", id="1"), performer("Bo", id="2")]
    assert set(names_for_a_moment(plan_of(wanted, there))) == {"1"}


EXCHANGE = [tag("B", id="1", file="m.yaml"), tag("A_", id="2", file="m.yaml")]
PLAIN, CODED = "⟦stashsync 2⟧ A_", "⟦stashsync 2⟧ hex:415f"


@pytest.mark.parametrize(
    ("others", "wanted", "name"),
    [
        ([], [], PLAIN),
        ([tag(PLAIN.lower(), id="9")], [], CODED),
        ([tag("C", id="9", aliases=[PLAIN])], [], CODED),
        ([tag(PLAIN.replace("_", "x"), id="9")], [], CODED),
        ([tag("⟦stashsync 2⟧ A__", id="9")], [], PLAIN),
        ([], [tag("C", aliases=[PLAIN])], CODED),
        ([], [tag("⟦%A_")], CODED),
        ([], [tag(PLAIN.replace("_", "x"))], CODED),
        ([], [tag("⟦%B_")], PLAIN),
        ([studio(PLAIN, id="9")], [], PLAIN),
    ],
)
def test_a_temporary_name_collides_with_nothing(
    others: list[Resource], wanted: list[Resource], name: str
) -> None:
    """Neither with what is there nor with what is to come, as a name or as a pattern."""
    there = [tag("A_", id="1"), tag("B", id="2"), *others]
    (aside,) = [
        operation for operation in plan_of([*EXCHANGE, *wanted], there).operations if operation.undo
    ]
    assert aside.detour == {"name": name}
    assert aside.undo == {"name": "B"}


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("⟦stashsync 3⟧ A_", "A_"),
        ("⟦stashsync 3⟧ hex:415f", "A_"),
        ("⟦stashsync 3⟧ hex:c389", "É"),
        ("⟦stashsync 3⟧ hex:ff", "\ufffd"),
        ("⟦stashsync 3⟧ hex:41f", "hex:41f"),
        ("⟦stashsync 3⟧ a\nb", "a\nb"),
        ("⟦stashsync 3⟧ ", ""),
        ("⟦stashsync 4⟧ A_", None),
        ("x⟦stashsync 3⟧ A_", None),
    ],
)
def test_what_a_temporary_name_stands_for_can_be_read(name: str, target: str | None) -> None:
    """Of the object with its id alone; what a person wrote in that form breaks nothing."""
    assert target_of("3", name) == target


def test_a_temporary_name_that_cannot_be_is_an_error_at_its_place() -> None:
    """Another new name is a pattern that matches everything."""
    wanted = [tag("B", id="1", file="m.yaml"), tag("A", id="2", file="m.yaml"), tag("%")]
    there = [tag("A", id="1"), tag("B", id="2")]
    found = [each for each in problems_of(wanted, there) if "no temporary name" in each.message]
    assert {problem.mark for problem in found} <= {item.mark for item in wanted[:2]}
    hint = "another name of this plan is a pattern for it that matches everything"
    assert {problem.hint for problem in found} == {hint}
