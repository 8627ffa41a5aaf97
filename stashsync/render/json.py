"""Plan, drift and report for programs: one JSON document, versioned, nothing else on the stream.

Values are exact. What a terminal would obey is written as a `\\u` escape, which JSON reads as
the same character. A field is only ever added within a version; `VERSION` grows when one changes
its meaning or goes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import orjson

from stashsync.applier.estimate import Estimate
from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.outcomes import Outcome, Status
from stashsync.planner import saved
from stashsync.planner.changes import Create, Delete, Merge, Update
from stashsync.planner.plan import Plan
from stashsync.render.attribution import Attribution
from stashsync.render.report import change_of, done
from stashsync.render.steps import Step
from stashsync.render.view import Attribute, Entry, entries, total, totals
from stashsync.state import ChangedBy

VERSION: Final = 3
CHANGES: Final = "stashsync-changes"
REPORT: Final = "stashsync-report"

_OBEYED: Final = re.compile(
    "[\x7f-\x9f\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff\U000e0000-\U0010ffff]"
)


def plan_json(
    plan: Plan, estimate: Estimate | None = None, attribution: Attribution | None = None
) -> str:
    """Return what a plan would change, with names for people and the values before and after.

    `estimate` is what applying it should take, `attribution` who made the differences.
    """
    return text_of(
        {
            "format": CHANGES,
            "version": VERSION,
            "server": {"identity": plan.source.identity, "release": plan.source.release},
            "manifests": plan.source.digest,
            "summary": _summary(plan),
            "changed_by": None if attribution is None else _counts_by(attribution),
            "changes": [_change(entry, attribution) for entry in entries(plan)],
            "externals": [
                {
                    "kind": one.kind,
                    "name": one.name,
                    "id": one.id,
                    "places": [place_json(mark) for mark in one.marks],
                }
                for one in plan.externals
            ],
            "warnings": [problem_json(one) for one in plan.warnings],
            "refusals": [problem_json(one) for one in plan.refusals],
            "estimate": None if estimate is None else _estimate(estimate),
        }
    )


def _counts_by(attribution: Attribution) -> dict[str, int]:
    return {
        side.value if side else "unknown": attribution.counts[side] for side in (*ChangedBy, None)
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "requests": estimate.requests,
        "seconds": round(estimate.seconds, 3),
        "hooks": estimate.hooks,
        "plugins": list(estimate.plugins),
    }


def report_json(report: Report) -> str:
    """Return the report of a run, with the plan that was applied (`planner.saved`) inside."""
    return text_of(
        {
            "format": REPORT,
            "version": VERSION,
            "summary": report_summary(report),
            "operations": [outcome_json(report.plan, one) for one in report.outcomes],
            "requests": report.requests,
            "seconds": round(report.seconds, 3),
            "interrupted": report.interrupted,
            "stopped": report.stopped,
            "plan": orjson.loads(saved.dump(report.plan)),
        }
    )


def report_summary(report: Report) -> dict[str, Any]:
    """Return the numbers of a run and the exit code that they mean."""
    counts, ended = done(report), report.totals()
    return {
        "added": counts["create"],
        "changed": counts["update"],
        "destroyed": counts["delete"],
        "merged": counts["merge"],
        "operations": {status.value: ended[status] for status in Status},
        "exit_code": int(report.exit_code),
    }


def outcome_json(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """Return what an operation of a plan was about, and how it ended."""
    change = change_of(plan, outcome.operation)
    return {
        "operation": outcome.operation,
        "action": change.action,
        "kind": change.kind,
        "name": change.label,
        "fields": list(plan.operations[outcome.operation].fields),
        "place": place_json(change.mark),
        "status": outcome.status.value,
        "message": outcome.message,
        "id": outcome.id,
        "because": outcome.because,
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as data."""
    return {
        "message": problem.message,
        "place": place_json(problem.mark),
        "hint": problem.hint,
    }


def text_of(document: Mapping[str, Any], *, indent: bool = True) -> str:
    """Return the document as JSON text with a newline at the end."""
    try:
        option = orjson.OPT_INDENT_2 if indent else 0
        text = orjson.dumps(document, option=option | orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:  # half of a surrogate pair, or an integer beyond 64 bits
        text = json.dumps(document, indent=2 if indent else None)
    # JSON's own signs are ASCII, so these can stand in strings alone.
    return _OBEYED.sub(_escape, text) + "\n"


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        **_counts(total(plan)),
        "operations": len(plan.operations),
        "kinds": {kind: _counts(counts) for kind, counts in totals(plan).items()},
        "unchanged": dict(plan.unchanged),
    }


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {action: counts[action] for action in ("create", "update", "delete", "merge")}


def _change(entry: Entry, attribution: Attribution | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "action": entry.action,
        "kind": entry.kind,
        "name": entry.label,
        "previous_name": entry.previous or None,
        "id": None if isinstance(entry.change, Create) else entry.change.id,
        "matched_by": entry.change.matched.value if isinstance(entry.change, Update) else None,
        "place": place_json(entry.mark),
        "changed_by": _value(attribution.of_change(entry) if attribution else None),
        "attributes": {
            one.name: _attribute(one)
            | {"changed_by": _value(attribution.of_field(entry, one.name) if attribution else None)}
            for one in entry.attributes
        },
        "unchanged_attributes": entry.unchanged,
        "steps": [_step(one) for one in entry.steps],
    }
    match entry.change:
        case Merge(native=native, impact=impact):
            found |= {"sources": list(entry.sources), "native": native, "impact": dict(impact)}
        case Delete(mark=mark, impact=impact):
            found |= {"cause": "prune" if mark is None else "manifest"}
            found |= {"children_left": entry.orphans, "impact": dict(impact)}
    return found


def _value(side: ChangedBy | None) -> str | None:
    return side.value if side else None


def _step(step: Step) -> dict[str, Any]:
    return {
        "what": step.what,
        "given_up": list(step.given),
        "taken": step.taken or None,
        "for": [{"kind": kind, "name": name} for kind, name in step.for_whom],
    }


def _attribute(one: Attribute) -> dict[str, Any]:
    found: dict[str, Any] = {"before": one.before, "after": one.after}
    if one.shape == "set":
        found["added"] = [member.after for member in one.members if member.sign == "+"]
        found["removed"] = [member.before for member in one.members if member.sign == "-"]
    return found


def place_json(mark: Mark | None) -> dict[str, Any] | None:
    """Return a place in a manifest as data."""
    return None if mark is None else {"file": mark.file, "line": mark.line, "column": mark.column}
