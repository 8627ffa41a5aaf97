"""A change or an outcome in one sentence, for formats that have one line for each."""

from __future__ import annotations

from typing import Final

from stashsync.applier.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.blocks import brief
from stashsync.render.report import about
from stashsync.render.safe import quoted
from stashsync.render.view import Entry

_WORDS: Final = {
    "create": "created",
    "update": "updated in-place",
    "merge": "merged with others",
    "delete": "destroyed",
}
_ENDS: Final = {
    Status.APPLIED: "done",
    Status.FAILED: "the server refused it",
    Status.SKIPPED: "nothing was sent",
    Status.UNKNOWN: "no answer told what became of it",
}


def change_sentence(entry: Entry) -> str:
    """`tag "Wide shot" will be updated in-place: description, aliases +1`."""
    parts = [] if entry.action == "create" else [brief(one) for one in entry.attributes]
    was = f" (now {quoted(entry.previous)})" if entry.previous else ""
    told = ", ".join(part for part in parts if part)
    named = f"{entry.kind} {quoted(entry.label)}"
    return f"{named} will be {_WORDS[entry.action]}{was}{': ' + told if told else ''}"


def outcome_sentence(plan: Plan, outcome: Outcome) -> str:
    """`tag "Wide shot": the server refused it: the name is taken`; the reason may have lines."""
    said = outcome.message
    if outcome.because is not None:
        said = f"it needs {about(plan, outcome.because)}"
    end = f": {said}" if said else ""
    return f"{about(plan, outcome.operation)}: {_ENDS[outcome.status]}{end}"
