"""The report of a run, as text for people: what is not done, then the numbers.

Failed (1):
  tag "Wide shot" (manifests/tags.yaml:12): not created
    tag with name 'Wide shot' already exists

Skipped (2), because something they need did not happen:
  tag "Drone" (manifests/tags.yaml:15): needs tag "Wide shot"

Apply incomplete. Resources: 3 added, 1 changed, 0 destroyed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from stashsync.applier.outcomes import Report
from stashsync.kinds import ENTITIES
from stashsync.outcomes import Outcome, Status
from stashsync.planner.changes import Change, Create, Update
from stashsync.planner.plan import Plan
from stashsync.render.blocks import place
from stashsync.render.origin import ReportOrigin
from stashsync.render.safe import inert, lines, quoted
from stashsync.render.style import PLAIN, Style
from stashsync.render.view import totals

LIMIT: Final = 50
"""How many operations of one status are listed."""

_HEADS: Final = {
    Status.FAILED: "Failed ({count}):",
    Status.UNKNOWN: "Unknown ({count}), sent, and no answer came:",
    Status.MOVED: "Moved ({count}), another client changed them meanwhile; nothing was sent:",
    Status.SKIPPED: "Skipped ({count}), not in effect:",
}
_NOT_DONE: Final = {
    "create": "not created",
    "update": "not updated",
    "merge": "not merged",
    "delete": "not destroyed",
}


def report_text(
    report: Report,
    *,
    style: Style = PLAIN,
    full: bool = False,
    origin: ReportOrigin | None = None,
) -> str:
    """Return the whole report, ending in a newline; `origin` is where it comes from."""
    parts = [] if origin is None else [origin.sentence()]
    for status, head in _HEADS.items():
        ended = [
            outcome
            for outcome in report.outcomes
            if outcome.status is status and not _only_stopped(report, outcome)
        ]
        if ended:
            colour = style.warning if status is Status.SKIPPED else style.destroy
            title = f"{colour}{style.bold}{head.format(count=len(ended))}{style.reset}"
            parts.append("\n".join([title, *_lines(report, ended, full=full)]))
    if report.stopped:
        rest = sum(_only_stopped(report, outcome) for outcome in report.outcomes)
        text = f"The run was stopped before its end: {inert(report.stopped)}"
        were = "operation was" if rest == 1 else "operations were"
        parts.append(f"{text}\n  {rest:,} {were} not sent." if rest else text)
    parts.append(_end(report, style, origin))
    return "\n\n".join(parts) + "\n"


def _only_stopped(report: Report, outcome: Outcome) -> bool:
    """Whether an operation was left out for nothing but the end of the run."""
    return (
        bool(report.stopped)
        and outcome.status is Status.SKIPPED
        and outcome.message == report.stopped
    )


def resources_text(report: Report) -> str:
    """Return `Resources: 3 added, 1 changed, 0 destroyed.`, and `2 merged` if there are any."""
    counts = done(report)
    merged = f", {counts['merge']} merged" if counts["merge"] else ""
    return (
        f"Resources: {counts['create']} added, {counts['update']} changed, "
        f"{counts['delete']} destroyed{merged}."
    )


def done(report: Report) -> Counter[str]:
    """Count the objects that were created, updated, merged and deleted, each of them whole."""
    still_open = {
        operation.change
        for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True)
        if outcome.status is not Status.APPLIED
    }
    counts: Counter[str] = Counter()
    for counted in totals(report.plan, lambda change: change not in still_open).values():
        counts.update(counted)
    return counts


def change_of(plan: Plan, operation: int) -> Change:
    """Return the change that an operation belongs to."""
    return plan.changes[plan.operations[operation].change]


def about(plan: Plan, operation: int) -> str:
    """Return the object of an operation: `tag "Wide shot"`."""
    change = change_of(plan, operation)
    return f"{change.kind} {quoted(change.label)}"


def reason(plan: Plan, outcome: Outcome, *, stopped: str = "") -> str:
    """Return why an operation was not applied: what it needs, and the server's or our words.

    Empty where it is the reason for which the run was stopped: the report has that once.
    """
    needs = f"needs {about(plan, outcome.because)}" if outcome.because is not None else ""
    message = "" if outcome.message == stopped else outcome.message
    return "; ".join(filter(None, [needs, message]))


def how(report: Report) -> str:
    """Return how the run ended: complete, interrupted or incomplete."""
    return "complete" if report.complete else "interrupted" if report.interrupted else "incomplete"


def end_of(report: Report, origin: ReportOrigin | None) -> str:
    """Return what ended and how: `Apply complete` or `Undo interrupted`."""
    return f"{'Undo' if origin is not None and origin.is_undo else 'Apply'} {how(report)}"


def _lines(report: Report, outcomes: list[Outcome], *, full: bool) -> Iterator[str]:
    """Yield what to print of each operation, equal ones of one object together."""
    found = Counter(_entry(report, outcome) for outcome in outcomes)
    for (head, *why), count in islice(found.items(), None if full else LIMIT):
        yield head if count == 1 else f"{head}, {count} operations"
        yield from why
    if not full and (hidden := sum(islice(found.values(), LIMIT, None))):
        yield f"  … and {hidden:,} more; the JSON report has them all"


def _entry(report: Report, outcome: Outcome) -> tuple[str, ...]:
    plan, change = report.plan, change_of(report.plan, outcome.operation)
    known = f", id {inert(outcome.id)}" if outcome.id and change.action == "create" else ""
    end = "" if outcome.status is Status.UNKNOWN else f": {_not_done(plan, outcome.operation)}"
    head = f"  {about(plan, outcome.operation)} ({place(change.mark)}{known}){end}"
    why = reason(plan, outcome, stopped=report.stopped)
    return head, *(f"    {line}" for line in (lines(why) if why else ()))


def _not_done(plan: Plan, operation: int) -> str:
    """Return what an operation was to do: that of an object, or of what refers to it."""
    change, content = change_of(plan, operation), plan.operations[operation].content
    if content and isinstance(change, Create | Update):
        bearers = ENTITIES[change.bearers[int(content)].kind]
        return f"the references of {bearers.plural} to it were not changed"
    return _NOT_DONE[change.action]


def _end(report: Report, style: Style, origin: ReportOrigin | None) -> str:
    good, bad, reset = style.create + style.bold, style.destroy + style.bold, style.reset
    if report.complete:
        return f"{good}{end_of(report, origin)}!{reset} {resources_text(report)}"
    ended = report.totals()
    counts = ", ".join(f"{ended[status]} {status.value}" for status in Status if ended[status])
    rest = "The next plan has what is still to be done."
    if origin is not None and origin.is_undo:
        rest = "`stashsync undo` takes back what is left."
    if report.half_merged:
        rest = (
            "`stashsync resume` does the rest: merged objects have values that no new plan can "
            "find."
        )
    elif report.half_released:
        rest = (
            "`stashsync resume` does the rest: objects have given up aliases that no new plan can "
            "find."
        )
    elif report.unfinished:
        rest = "`stashsync resume` looks up what is unknown, and does the rest."
    return (
        f"{bad}{end_of(report, origin)}.{reset} {resources_text(report)}\n"
        f"Of {len(report.outcomes)} operations: {counts}. {rest}"
    )
