"""Warnings beside those of the planner: what was asked for and does not happen."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from stashsync.engine.baseline import Baseline
from stashsync.errors import Problem
from stashsync.fields import Ref, Value
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS
from stashsync.planner import Plan, Policy
from stashsync.planner.policy import matches_any
from stashsync.state import State


def further_warnings(
    plan: Plan, desired: State, policy: Policy, baseline: Baseline | None
) -> Iterator[Problem]:
    """Yield what the plan cannot know by itself: of its scope, and of what was there before."""
    yield from _targets(plan, desired, policy)
    if baseline is not None:
        yield from _unnested(desired, baseline, policy)


def _targets(plan: Plan, desired: State, policy: Policy) -> Iterator[Problem]:
    """Warn of a target that chooses nothing: most often a mistyped name."""
    for kind, pattern in policy.only:
        names = [one.name for one in desired.of(kind)]
        changed = (one.label for one in plan.changes if one.kind == kind)
        if any(matches_any((pattern,), one) for one in (*names, *changed)):
            continue
        near = get_close_matches(pattern, names, n=1)
        what = kind if pattern == "*" else f'{kind} "{pattern}"'
        yield Problem(
            f"no manifest declares a {what}: --target chooses nothing by it",
            hint=f'did you mean "{near[0]}"?' if near else None,
        )


def _unnested(desired: State, baseline: Baseline, policy: Policy) -> Iterator[Problem]:
    """Warn of items that were taken out of their place in the manifests: that moves nothing.

    The parent of an object is not managed where no manifest mentions it. A person who cuts an item
    out of its nest and pastes it at the top expects a move; the baseline knows the former parent.
    """
    for kind in KINDS.values():
        if kind.hierarchy is None:
            continue
        field = kind.hierarchy.name
        for one in desired.of(kind.name):
            if field in one.values or one.absent or not policy.chooses(one):
                continue
            base = baseline.get(kind.name, one.id or baseline.ids.get((kind.name, one.key)))
            above = _names(baseline, kind.name, (base or {}).get(field))
            if above:
                nothing = "null" if isinstance(kind.hierarchy.meaning, Ref) else "[]"
                yield Problem(
                    f"{one.address} stays below {above} on the server: it was nested there, and "
                    "now no manifest says what is above it",
                    one.mark,
                    hint=f"`{field}: {nothing}` puts it at the top",
                )


def _names(baseline: Baseline, kind: str, value: Value) -> str:
    known = (baseline.get(kind, one) for one in reference_list(value))
    return " and ".join(sorted(f'"{one["name"]}"' for one in known if one is not None))
