"""Deciding what to do: two sides become a plan. `recipe` is where to begin."""

from stashsync.planner.changes import Change, Create, Delete, Matched, Merge, Update
from stashsync.planner.context import PlanContext
from stashsync.planner.match import Pair
from stashsync.planner.plan import External, Operation, Origin, Plan
from stashsync.planner.policy import Policy
from stashsync.planner.recipe import decide, pair_up, removals

__all__ = [
    "Change",
    "Create",
    "Delete",
    "External",
    "Matched",
    "Merge",
    "Operation",
    "Origin",
    "Pair",
    "Plan",
    "PlanContext",
    "Policy",
    "Update",
    "decide",
    "pair_up",
    "removals",
]
