r"""Plan, drift and report for programs: one JSON document, versioned, nothing else on the stream.

Values are exact. What a terminal would obey is written as a `\u` escape, which JSON reads as
the same character. A field is only ever added within a version; `VERSION` grows when one changes
its meaning or goes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
import orjson

from stashsync.applier.estimate import Estimate
from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.outcomes import Outcome, Status
from stashsync.planner import saved
from stashsync.planner.changes import Create, Delete, Merge, Update
from stashsync.planner.plan import Plan
from stashsync.render import documents as data
from stashsync.render.attribution import Attribution
from stashsync.render.origin import ReportOrigin
from stashsync.render.report import change_of, done
from stashsync.render.steps import ExtraStep
from stashsync.render.view import Attribute, Entry, entries, totals
from stashsync.state import ChangedBy

_OBEYED: Final = re.compile(
    "[\x7f-\x9f\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff\U000e0000-\U0010ffff]"
)


def plan_json(
    plan: Plan,
    estimate: Estimate | None = None,
    attribution: Attribution | None = None,
    origin: ReportOrigin | None = None,
) -> str:
    """Return what a plan would change, with names for people and the values before and after.

    `estimate` is what applying it should take, `attribution` who made the differences, `origin`
    where the report comes from.
    """
    document = data.PlanDocument(
        origin=_origin(origin),
        server=data.ServerData(plan.source.identity, plan.source.release),
        manifests=plan.source.digest,
        summary=_summary(plan),
        changed_by=None if attribution is None else _changed_by(attribution),
        changes=[_change(entry, attribution or Attribution({})) for entry in entries(plan)],
        externals=[
            data.ExternalData(
                external.kind, external.name, external.id, [_place(mark) for mark in external.marks]
            )
            for external in plan.externals
        ],
        warnings=[problem_data(problem) for problem in plan.warnings],
        refusals=[problem_data(problem) for problem in plan.refusals],
        estimate=None if estimate is None else _estimate(estimate),
    )
    return document_text(document)


def _origin(origin: ReportOrigin | None) -> data.OriginData | None:
    if origin is None:
        return None
    return data.OriginData(origin.command, origin.server, origin.time)


def _summary(plan: Plan) -> data.SummaryData:
    by_kind = totals(plan)
    return data.SummaryData(
        **_counts(sum(by_kind.values(), Counter())),
        operations=len(plan.operations),
        kinds={kind: data.CountsData(**_counts(counts)) for kind, counts in by_kind.items()},
        unchanged=plan.unchanged,
    )


def _changed_by(attribution: Attribution) -> data.ChangedByData:
    counts = attribution.counts
    sides = {side.value: counts[side] for side in ChangedBy}
    return data.ChangedByData(**sides, unknown=counts[None])


def _estimate(estimate: Estimate) -> data.EstimateData:
    seconds = round(estimate.seconds, 3)
    return data.EstimateData(estimate.requests, seconds, estimate.hooks, estimate.plugins)


def report_json(report: Report, origin: ReportOrigin | None = None) -> str:
    """Return the report of a run, with the plan that was applied (`planner.saved`) inside."""
    document = data.ReportDocument(
        origin=_origin(origin),
        summary=run_data(report),
        operations=[operation_data(report.plan, outcome) for outcome in report.outcomes],
        requests=report.requests,
        seconds=round(report.seconds, 3),
        interrupted=report.interrupted,
        stopped=report.stopped,
        plan=orjson.loads(saved.dump(report.plan)),
    )
    return document_text(document)


def run_data(report: Report) -> data.RunData:
    """Return the numbers of a run and the exit code that they mean."""
    counts, ended = done(report), report.totals()
    return data.RunData(
        added=counts["create"],
        changed=counts["update"],
        destroyed=counts["delete"],
        merged=counts["merge"],
        operations={status: ended[status] for status in Status},
        exit_code=int(report.exit_code),  # type: ignore[arg-type]  # one of the three
    )


def operation_data(plan: Plan, outcome: Outcome) -> data.OperationData:
    """Return what an operation of a plan was about, and how it ended."""
    change = change_of(plan, outcome.operation)
    return data.OperationData(
        operation=outcome.operation,
        action=change.action,
        kind=change.kind,
        name=change.label,
        fields=plan.operations[outcome.operation].fields,
        place=place_data(change.mark),
        status=outcome.status,
        message=outcome.message,
        id=outcome.id,
        because=outcome.because,
    )


def problem_data(problem: Problem) -> data.ProblemData:
    """Return a problem as data."""
    return data.ProblemData(problem.message, place_data(problem.mark), problem.hint)


def problems_json(problems: Iterable[Problem], message: str) -> str:
    """Return the document of what is wrong."""
    found = [problem_data(problem) for problem in problems]
    return document_text(data.ProblemsDocument(message=message, problems=found))


def place_data(mark: Mark | None) -> data.PlaceData | None:
    """Return a place in a manifest as data."""
    return None if mark is None else _place(mark)


def _place(mark: Mark) -> data.PlaceData:
    return data.PlaceData(mark.file, mark.line, mark.column)


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {action: counts[action] for action in ("create", "update", "delete", "merge")}


def _change(entry: Entry, attribution: Attribution) -> data.ChangeData:
    change = entry.change
    found = data.ChangeData(
        action=change.action,
        kind=change.kind,
        name=entry.label,
        previous_name=entry.previous or None,
        id=None if isinstance(change, Create) else change.id,
        matched_by=change.matched if isinstance(change, Update) else None,
        place=place_data(change.mark),
        changed_by=attribution.of_change(entry),
        attributes={
            attribute.name: _attribute(attribute, attribution.of_field(entry, attribute.name))
            for attribute in entry.attributes
        },
        unchanged_attributes=entry.unchanged,
        steps=[_step(step) for step in entry.steps],
    )
    if isinstance(change, Merge):
        found.sources, found.native, found.impact = entry.sources, change.native, change.impact
    elif isinstance(change, Delete):
        found.cause = "prune" if change.mark is None else "manifest"
        found.children_left, found.impact = entry.orphans, change.impact
    return found


def _step(step: ExtraStep) -> data.StepData:
    waiting = [data.ObjectData(kind, name) for kind, name in step.for_whom]
    return data.StepData(step.what, step.given, step.taken or None, waiting)


def _attribute(attribute: Attribute, changed_by: ChangedBy | None) -> data.AttributeData:
    found = data.AttributeData(
        before=attribute.before, after=attribute.after, changed_by=changed_by
    )
    if attribute.shape == "set":
        found.added = [member.after for member in attribute.members if member.sign == "+"]
        found.removed = [member.before for member in attribute.members if member.sign == "-"]
    return found


# -- text -----------------------------------------------------------------------------------------


def document_text(document: data.Json) -> str:
    """Return a document as JSON text with a newline at the end."""
    try:
        text = msgspec.json.format(msgspec.json.encode(document, enc_hook=str)).decode()
    except (UnicodeEncodeError, OverflowError):  # half of a surrogate pair, or a huge integer
        return text_of(msgspec.to_builtins(document, enc_hook=str))
    return _OBEYED.sub(_escape, text) + "\n"


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
