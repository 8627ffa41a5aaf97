"""Which side made each difference of a plan, where the project has a baseline.

A pull answers the same of what it compares. A plan has two values of each field already; the
baseline has the third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stashsync.engine.baseline import Baseline
from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Create, Delete, Update
from stashsync.render.attribution import Attribution
from stashsync.state import ChangedBy

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan


def attribution_for(session: Session, plan: Plan) -> Attribution | None:
    """Return who changed what since the baseline; None without one, or without differences."""
    baseline = session.baseline(plan.source.identity) if plan else None
    if baseline is None:
        return None
    attribution = attribute(plan, baseline)
    return attribution if set(attribution.counts) - {None} else None


def attribute(plan: Plan, baseline: Baseline) -> Attribution:
    """Return who made each difference of the plan; a change that only steps aside has none."""
    return Attribution(
        {index: _changed(change, baseline) for index, change in enumerate(plan.changes)}
    )


def _changed(change: Change, baseline: Baseline) -> Mapping[str, ChangedBy | None]:
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
