"""Saying, under a plan, whose moves its differences are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan

FEW: Final = 10


def tell_sides(session: Session, plan: Plan, *, redact: bool = False) -> None:
    """Who moved since both sides last agreed, on the standard error; nothing if nobody knows."""
    from stashsync.cli.output import talk
    from stashsync.pull.differences import Side
    from stashsync.pull.sides import moved
    from stashsync.render.safe import inert

    record = session.record(plan.source.identity) if plan else None
    if record is None:
        return
    found = [one for one in moved(plan, record) if one.side is not None]
    counts = Counter(one.side for one in found)
    if not counts:
        return
    words = (
        (Side.SERVER, "the server's"),
        (Side.MANIFEST, "the manifests'"),
        (Side.BOTH, "of both sides"),
    )
    parts = [f"{counts[side]:,} {word}" for side, word in words if counts[side]]
    talk(f"\nMoves since the last apply or pull: {', '.join(parts)}.")
    lines: dict[str, list[str]] = {}
    for one in found:
        if one.side is not Side.MANIFEST and one.side is not None:
            label = inert(f'{one.side.value}: {one.change.kind} "{one.change.label}"')
            lines.setdefault(label, []).append(one.field or "gone")
    for label, fields in [] if redact else list(lines.items())[:FEW]:
        talk(f"  {label}: {', '.join(fields)}")
    if len(lines) > FEW and not redact:
        talk(f"  and {len(lines) - FEW:,} more objects")
    if counts[Side.SERVER] or counts[Side.BOTH]:
        talk("`stashsync pull` takes the server's moves into the manifests.")
