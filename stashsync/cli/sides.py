"""Whose moves the differences of a plan are, where the project remembers what was agreed on.

The same question that a pull answers, asked of a plan: that has both values of each field already,
and the record has the third.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stashsync.planner.changes import Change, Create, Delete, Update
from stashsync.record import Record, Side
from stashsync.render.sides import Sides
from stashsync.types import KINDS

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan


def sides_for(session: Session, plan: Plan) -> Sides | None:
    """Who moved since both sides last agreed; None if nobody knows, or nothing differs."""
    record = session.record(plan.source.identity) if plan else None
    if record is None:
        return None
    sides = sides_of(plan, record)
    return sides if set(sides.counts) - {None} else None


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
