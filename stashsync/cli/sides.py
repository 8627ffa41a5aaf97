"""Whose moves the differences of a plan are, where the project remembers what was agreed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan
    from stashsync.render.sides import Sides


def sides_for(session: Session, plan: Plan) -> Sides | None:
    """Who moved since both sides last agreed; None if nobody knows, or nothing differs."""
    record = session.record(plan.source.identity) if plan else None
    if record is None:
        return None
    from stashsync.pull.sides import sides_of

    sides = sides_of(plan, record)
    return sides if set(sides.counts) - {None} else None
