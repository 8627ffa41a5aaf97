"""Who moved, for every difference of a plan: the same question that a pull answers, asked later.

A plan has both values of each field already; the record has the third.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stashsync.planner.changes import Change, Create, Update
from stashsync.planner.plan import Plan
from stashsync.pull.differences import Side
from stashsync.record import Record
from stashsync.types import KINDS


class Moved(NamedTuple):
    """A difference of a plan. `field` is "" for a whole object, `side` None where it is unknown."""

    change: Change
    field: str
    side: Side | None


def moved(plan: Plan, record: Record) -> Iterator[Moved]:
    """Every difference of the plan with who made it."""
    for change in plan.changes:
        if isinstance(change, Update):
            base = record.get(change.kind, change.id)
            for name, one in change.changes.items():
                if base is None or name not in base:
                    yield Moved(change, name, None)
                    continue
                server, manifest = one.before != base[name], one.after != base[name]
                both = Side.BOTH if manifest else Side.SERVER
                yield Moved(change, name, both if server else Side.MANIFEST)
        elif isinstance(change, Create):
            key = KINDS[change.kind].key(change.values)
            known = (change.kind, key) in record.ids
            yield Moved(change, "", Side.SERVER if known else Side.MANIFEST)
        else:
            yield Moved(change, "", Side.MANIFEST)
