"""Names that give way for a moment: what they are called meanwhile, and how they come back."""

from __future__ import annotations

from stashsync.planner import Plan
from stashsync.planner.temporary import target_of
from tests.planner.build import performer, plan_of, tag


def names_for_a_moment(plan: Plan) -> dict[str, str]:
    """By id, what the objects that step aside are called until they come back."""
    return {
        plan.changes[operation.change].id: operation.detour["name"]
        for operation in plan.operations
        if "name" in operation.undo
    }


def test_a_temporary_name_is_no_pattern_for_what_is_there() -> None:
    """It stands for the name to come, and spells it otherwise where that would match another."""
    wanted = [tag("A_", id="1", file="m.yaml"), tag("B_", id="2", file="m.yaml")]
    there = [tag("B_", id="1"), tag("A_", id="2")]
    (plain,) = names_for_a_moment(plan_of(wanted, there)).items()
    matched = tag(plain[1].replace("_", "x"), id="3")
    (spelled,) = names_for_a_moment(plan_of(wanted, [*there, matched])).items()
    assert spelled != plain
    assert "_" not in spelled[1]
    assert target_of(*spelled) == target_of(*plain)


def test_a_performer_steps_aside_and_comes_back() -> None:
    """Its whole key is what comes back, and what it is a pattern for has to wait."""
    wanted = [performer("Ada"), performer("Ad_", id="2", file="m.yaml")]
    there = [performer("Ada", id="1"), performer("Bo", id="2")]
    assert set(names_for_a_moment(plan_of(wanted, there))) == {"1"}
