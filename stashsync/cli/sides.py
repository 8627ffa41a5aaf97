"""Whose moves the differences of a plan are, where the project remembers what was agreed on.

The same question that a pull answers, asked of a plan: that has both values of each field already,
and the baseline has the third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stashsync.engine.baseline import Baseline
from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Create, Delete, Update
from stashsync.render.sides import Sides
from stashsync.state import ChangedBy

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan


def sides_for(session: Session, plan: Plan) -> Sides | None:
    """Who moved since both sides last agreed; None if nobody knows, or nothing differs."""
    baseline = session.baseline(plan.source.identity) if plan else None
    if baseline is None:
        return None
    sides = sides_of(plan, baseline)
    return sides if set(sides.counts) - {None} else None


def sides_of(plan: Plan, baseline: Baseline) -> Sides:
    """Every difference of the plan with who made it; one that steps aside only has none."""
    return Sides({index: _moved(change, baseline) for index, change in enumerate(plan.changes)})


def _moved(change: Change, baseline: Baseline) -> Mapping[str, ChangedBy | None]:
    match change:
        case Update():
            return _fields(change, baseline)
        case Create():
            key = KINDS[change.kind].key(change.values)
            known = (change.kind, key) in baseline.ids
            return {"": ChangedBy.SERVER if known else ChangedBy.MANIFEST}
        case Delete() if change.mark is None:
            # `prune`. What was never declared came on the server, or before `prune` was set.
            known = baseline.get(change.kind, change.id) is not None
            return {"": ChangedBy.MANIFEST if known else None}
        case _:
            return {"": ChangedBy.MANIFEST}


def _fields(change: Update, baseline: Baseline) -> Mapping[str, ChangedBy | None]:
    base = baseline.get(change.kind, change.id)
    found: dict[str, ChangedBy | None] = {}
    for name, one in change.changes.items():
        if base is None or name not in base:
            found[name] = None
        elif one.before == base[name]:
            found[name] = ChangedBy.MANIFEST
        else:
            found[name] = ChangedBy.BOTH if one.after != base[name] else ChangedBy.SERVER
    return found
