"""Annotations for GitHub Actions: workflow commands that point at lines of the manifests.

    ::error file=manifests/tags.yaml,line=12,col=16,title=stashsync::there is no tag "Camrea"
    ::notice file=manifests/tags.yaml,line=3,title=create::tag "Camera" will be created

Errors come first, because a runner shows only so many of a step. How text is escaped is GitHub's
(actions/toolkit, `core/src/command.ts`): `%`, CR and LF everywhere, `:` and `,` in properties.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.outcomes import Status
from stashsync.planner.plan import Plan
from stashsync.render.report import change_of, how, resources_text
from stashsync.render.safe import inert
from stashsync.render.sentences import change_sentence, outcome_sentence, plan_sentence
from stashsync.render.view import entries

_LEVELS = {
    Status.FAILED: "error",
    Status.UNKNOWN: "error",
    Status.MOVED: "warning",
    Status.SKIPPED: "warning",
}


def plan_github(plan: Plan, within: str = "") -> str:
    """Return refusals, warnings, then a notice for every change at its manifest's line."""
    lines = [
        *_problems(plan.refusals, "error", "refused", within),
        *_problems(plan.warnings, "warning", "stashsync", within),
        *(
            command("notice", change_sentence(entry), entry.mark, title=entry.action, within=within)
            for entry in entries(plan)
            if not entry.is_aside
        ),
        plan_sentence(plan),
    ]
    return "\n".join(lines) + "\n"


def report_github(report: Report, within: str = "") -> str:
    """Return the operations that were not applied, at their manifests' lines; then the numbers."""
    plan, lines = report.plan, []
    for status, level in _LEVELS.items():
        for outcome in report.outcomes:
            if outcome.status is status:
                mark = change_of(plan, outcome.operation).mark
                text = outcome_sentence(plan, outcome)
                lines.append(command(level, text, mark, title=status.value, within=within))
    if report.stopped:
        lines.append(command("error", f"the run was stopped: {report.stopped}", title="stopped"))
    end = "!" if report.complete else "."
    lines.append(f"Apply {how(report)}{end} {resources_text(report)}")
    return "\n".join(lines) + "\n"


def problems_github(problems: Iterable[Problem], within: str = "") -> str:
    """Return an error for every problem, where there is no plan."""
    return "".join(f"{line}\n" for line in _problems(problems, "error", "stashsync", within))


def command(
    level: str, text: str, mark: Mark | None = None, *, title: str, within: str = ""
) -> str:
    """Return one workflow command, on one line; `within` is the project's path, if any."""
    properties = {"title": title}
    if mark is not None and mark.file:
        properties = {"file": posixpath.join(within, mark.file), **properties}
        if mark.line:
            properties = {"file": properties["file"], "line": str(mark.line), "title": title}
        if mark.column and level == "error":
            properties["col"] = str(mark.column)
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {named}::{_message(text)}"


def _problems(problems: Iterable[Problem], level: str, title: str, within: str) -> Iterator[str]:
    for problem in problems:
        text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        yield command(level, text, problem.mark, title=title, within=within)


def _message(text: str) -> str:
    shown = "\n".join(inert(line) for line in text.split("\n"))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
