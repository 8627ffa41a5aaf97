"""A change or an outcome in one sentence, for formats that have one line for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.blocks import brief
from stashsync.render.report import about
from stashsync.render.safe import quoted
from stashsync.render.text import NO_CHANGES, counts_text
from stashsync.render.view import Entry, totals

_WORDS: Final = {"create": "created", "update": "updated in-place", "delete": "destroyed"}
_FEW: Final = 3
"""How many names a sentence has."""
_ENDS: Final = {
    Status.APPLIED: "done",
    Status.FAILED: "the server refused it",
    Status.SKIPPED: "nothing was sent",
    Status.UNKNOWN: "no answer told what became of it",
}


def change_sentence(entry: Entry) -> str:
    """`tag "Wide shot" will be updated in-place: description, aliases +1`."""
    named = f"{entry.kind} {quoted(entry.label)}"
    if entry.action == "merge":
        few = ", ".join(quoted(one) for one in entry.sources[:_FEW])
        further = len(entry.sources) - _FEW
        more = f" and {further:,} more" if further > 0 else ""
        return f"{few}{more} will be merged into {named}{_told(entry.users)}"
    if entry.action == "delete":
        return f"{named} will be destroyed{_told(entry.users)}"
    parts = [] if entry.action == "create" else [brief(one) for one in entry.attributes]
    was = f" (renamed from {quoted(entry.previous)})" if entry.previous else ""
    return f"{named} will be {_WORDS[entry.action]}{was}{_told(parts)}"


def plan_sentence(plan: Plan) -> str:
    """`Plan: 3 to add, 1 to change, 0 to destroy.`, or that there is nothing to do."""
    if not plan:
        return NO_CHANGES
    total: Counter[str] = Counter()
    for counts in totals(plan).values():
        total.update(counts)
    return f"Plan: {counts_text(total)}."


def _told(parts: Iterable[str]) -> str:
    told = ", ".join(part for part in parts if part)
    return f": {told}" if told else ""


def outcome_sentence(plan: Plan, outcome: Outcome) -> str:
    """`tag "Wide shot": the server refused it: the name is taken`; the reason may have lines."""
    said = outcome.message
    if outcome.because is not None:
        said = f"it needs {about(plan, outcome.because)}"
    end = f": {said}" if said else ""
    return f"{about(plan, outcome.operation)}: {_ENDS[outcome.status]}{end}"
