"""Who moved, for every difference of a plan: the same question that a pull answers, asked later.

A plan has both values of each field already; the record has the third.
"""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.planner.changes import Change, Create, Delete, Update
from stashsync.planner.plan import Plan
from stashsync.record import Record, Side
from stashsync.render.sides import Sides
from stashsync.types import KINDS


def sides_of(plan: Plan, record: Record) -> Sides:
    """Every difference of the plan with who made it; one that steps aside only has none."""
    return Sides({index: _moved(change, record) for index, change in enumerate(plan.changes)})


def _moved(change: Change, record: Record) -> Mapping[str, Side | None]:
    match change:
        case Update():
            return _fields(change, record)
        case Create():
            key = KINDS[change.kind].key(change.values)
            known = (change.kind, key) in record.ids
            return {"": Side.SERVER if known else Side.MANIFEST}
        case Delete() if change.mark is None:
            # `prune`. What was never declared came on the server, or before `prune` was set.
            known = record.get(change.kind, change.id) is not None
            return {"": Side.MANIFEST if known else None}
        case _:
            return {"": Side.MANIFEST}


def _fields(change: Update, record: Record) -> Mapping[str, Side | None]:
    base = record.get(change.kind, change.id)
    found: dict[str, Side | None] = {}
    for name, one in change.changes.items():
        if base is None or name not in base:
            found[name] = None
        elif one.before == base[name]:
            found[name] = Side.MANIFEST
        else:
            found[name] = Side.BOTH if one.after != base[name] else Side.SERVER
    return found
