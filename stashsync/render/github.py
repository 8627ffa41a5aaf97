"""Annotations for GitHub Actions: workflow commands that point at lines of the manifests.

    ::error file=manifests/tags.yaml,line=12,col=16,title=stashsync::there is no tag "Camrea"
    ::notice file=manifests/tags.yaml,line=3,title=create::tag "Camera" will be created

Errors come first, because a runner shows only so many of a step. How text is escaped is GitHub's
(actions/toolkit, `core/src/command.ts`): `%`, CR and LF everywhere, `:` and `,` in properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.outcomes import Status
from stashsync.planner.plan import Plan
from stashsync.render.report import resources_text
from stashsync.render.safe import inert
from stashsync.render.sentences import change_sentence, outcome_sentence, plan_sentence
from stashsync.render.view import entries

_LEVELS = {Status.FAILED: "error", Status.UNKNOWN: "error", Status.SKIPPED: "warning"}


def plan_github(plan: Plan) -> str:
    """Refusals, warnings, then a notice for every change at the line it comes from."""
    lines = [
        *_problems(plan.refusals, "error", "refused"),
        *_problems(plan.warnings, "warning", "stashsync"),
        *(
            command("notice", change_sentence(entry), entry.mark, title=entry.action)
            for entry in entries(plan)
            if not entry.is_aside
        ),
        plan_sentence(plan),
    ]
    return "\n".join(lines) + "\n"


def report_github(report: Report) -> str:
    """What is not done, at the lines it comes from; then the numbers."""
    plan, lines = report.plan, []
    for status, level in _LEVELS.items():
        for one in report.outcomes:
            if one.status is status:
                mark = plan.changes[plan.operations[one.operation].change].mark
                text = outcome_sentence(plan, one)
                lines.append(command(level, text, mark, title=status.value))
    if report.stopped:
        lines.append(command("error", f"the run was stopped: {report.stopped}", title="stopped"))
    lines.append(
        f"Apply {'complete!' if report.complete else 'incomplete.'} {resources_text(report)}"
    )
    return "\n".join(lines) + "\n"


def problems_github(problems: Iterable[Problem]) -> str:
    """An error for every problem that kept a plan from being made."""
    return "".join(f"{line}\n" for line in _problems(problems, "error", "stashsync"))


def command(level: str, text: str, mark: Mark | None = None, *, title: str) -> str:
    """One workflow command, on one line."""
    properties = {"title": title}
    if mark is not None and mark.file:
        properties = {"file": mark.file, **properties}
        if mark.line:
            properties = {"file": mark.file, "line": str(mark.line), "title": title}
        if mark.column and level == "error":
            properties["col"] = str(mark.column)
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {told}::{_message(text)}"


def _problems(problems: Iterable[Problem], level: str, title: str) -> Iterator[str]:
    for one in problems:
        text = f"{one.message}\n{one.hint}" if one.hint else one.message
        yield command(level, text, one.mark, title=title)


def _message(text: str) -> str:
    shown = "\n".join(inert(line) for line in text.split("\n"))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
