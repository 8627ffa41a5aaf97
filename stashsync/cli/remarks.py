"""Warnings beside those of the planner: what was asked for and does not happen."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stashsync.errors import Problem
from stashsync.planner.policy import matches_any
from stashsync.render.safe import quoted

if TYPE_CHECKING:
    from stashsync.planner import Policy
    from stashsync.planner.plan import Plan
    from stashsync.record import Record
    from stashsync.state import State


def remarks(plan: Plan, desired: State, policy: Policy, record: Record | None) -> Iterator[Problem]:
    """A warning for each."""
    yield from _targets(plan, desired, policy)
    if record is not None:
        from stashsync.pull.unnested import unnested

        yield from unnested(desired, record, policy)


def _targets(plan: Plan, desired: State, policy: Policy) -> Iterator[Problem]:
    """A target that chooses nothing: most often a slip of the pen, and no sign of being in step."""
    for kind, pattern in policy.only:
        names = [one.name for one in desired.of(kind)]
        changed = (one.label for one in plan.changes if one.kind == kind)
        if any(matches_any((pattern,), one) for one in (*names, *changed)):
            continue
        near = get_close_matches(pattern, names, n=1)
        what = kind if pattern == "*" else f"{kind} {quoted(pattern)}"
        yield Problem(
            f"no manifest declares a {what}: --target chooses nothing by it",
            hint=f"did you mean {quoted(near[0])}?" if near else None,
        )
