"""A change or an outcome in one sentence, for formats that have one line for each."""

from __future__ import annotations

from typing import Final

from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.blocks import WORDS, details
from stashsync.render.phrases import few, with_details
from stashsync.render.report import about, reason
from stashsync.render.safe import quoted
from stashsync.render.text import NO_CHANGES, counts_text
from stashsync.render.view import Entry, total

_ENDS: Final = {
    Status.APPLIED: "done",
    Status.FAILED: "the server refused it",
    Status.SKIPPED: "nothing was sent",
    Status.MOVED: "it was left alone",
    Status.UNKNOWN: "no answer came",
}


def change_sentence(entry: Entry) -> str:
    """Return `tag "Wide shot" will be updated in-place: description, aliases +1`."""
    if entry.action == "merge":
        sentence = f"{few(entry.sources, quoted)} will be merged into {entry.address}"
    else:
        sentence = f"{entry.address} will be {WORDS[entry.action]}"
    if entry.previous:
        sentence += f" (renamed from {quoted(entry.previous)})"
    return with_details(sentence, details(entry))


def plan_sentence(plan: Plan) -> str:
    """Return `Plan: 3 to add, 1 to change, 0 to destroy.`, or that nothing is to be done."""
    return f"Plan: {counts_text(total(plan))}." if plan else NO_CHANGES


def outcome_sentence(plan: Plan, outcome: Outcome) -> str:
    """Return `tag "Wide shot": the server refused it: the name is taken`, with all its lines."""
    sentence = f"{about(plan, outcome.operation)}: {_ENDS[outcome.status]}"
    return with_details(sentence, [reason(plan, outcome)])
