"""Deciding what to do: two sides become a plan. `recipe` is where to begin."""

from stashsync.planner.changes import Change, Create, Delete, Matched, Merge, Update
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.planner.plan import External, Operation, Plan, Source
from stashsync.planner.policy import Policy
from stashsync.planner.recipe import decide, pair_up, removals

__all__ = [
    "Change",
    "Context",
    "Create",
    "Delete",
    "External",
    "Matched",
    "Merge",
    "Operation",
    "Pair",
    "Plan",
    "Policy",
    "Source",
    "Update",
    "decide",
    "pair_up",
    "removals",
]
