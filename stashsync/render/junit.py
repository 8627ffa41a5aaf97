"""Plans, drifts and runs as JUnit XML, which every CI system can show.

A kind is a suite and a change is a test. A change of a drift has failed, one of a plan is skipped,
one of a run ends as its operations did. Unchanged objects are one passed test a kind, so that no
suite is empty. The XML is that of the `junit-10.xsd` which Jenkins publishes; GitLab and others
read the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.blocks import place
from stashsync.render.origin import ReportOrigin
from stashsync.render.safe import inert
from stashsync.render.sentences import change_sentence, outcome_sentence
from stashsync.render.text import Purpose
from stashsync.render.view import Entry, entries

_TAGS: Final = {
    Status.FAILED: "failure",
    Status.UNKNOWN: "error",
    Status.MOVED: "error",
    Status.SKIPPED: "skipped",
}
_NOT_XML: Final = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


class Case(NamedTuple):
    """One test. `tag` is failure, error or skipped; it is empty if the test passed."""

    name: str
    mark: Mark | None = None
    tag: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def plan_junit(
    plan: Plan, *, purpose: Purpose = Purpose.PLAN, origin: ReportOrigin | None = None
) -> str:
    """Return the document of a plan or a drift; `origin` is where it comes from."""
    tag = "failure" if purpose is Purpose.DRIFT else "skipped"
    suites = _in_step(plan)
    for entry in entries(plan):
        if not entry.is_aside:
            case = Case(_named(entry), entry.mark, tag, entry.action, change_sentence(entry))
            suites[entry.kind].append(case)
    return _document({"plan": _problem_cases(plan.refusals, "refusal"), **suites}, origin=origin)


def report_junit(report: Report, origin: ReportOrigin | None = None) -> str:
    """Return the document of a run."""
    order = [*_TAGS, Status.APPLIED]
    worst: dict[int, Outcome] = {}
    for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
        known = worst.get(operation.change, outcome)
        worst[operation.change] = min(
            known, outcome, key=lambda outcome: order.index(outcome.status)
        )
    suites = _in_step(report.plan)
    for entry in entries(report.plan):
        case = Case(_named(entry), entry.mark)
        ended = worst.get(entry.number)
        if ended is not None and ended.status in _TAGS:
            text = outcome_sentence(report.plan, ended)
            case = case._replace(tag=_TAGS[ended.status], kind=ended.status.value, message=text)
        suites[entry.kind].append(case)
    stopped = [Problem(f"the run was stopped: {report.stopped}")] if report.stopped else []
    suites = {"run": _problem_cases(stopped, "stopped"), **suites}
    return _document(suites, report.seconds, origin)


def problems_junit(problems: Sequence[Problem]) -> str:
    """Return the document of problems without a plan."""
    return _document({"manifests": _problem_cases(problems, "problem")})


def valid_junit(files: Sequence[str]) -> str:
    """Return the document of manifests without problems."""
    return _document({"manifests": [Case(file, Mark(file)) for file in files]})


def _named(entry: Entry) -> str:
    return f"{entry.action} {entry.kind} {entry.label}"


def _in_step(plan: Plan) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for kind in KINDS.values():
        count = plan.unchanged.get(kind.name, 0)
        found[kind.name] = [Case(f"{count:,} {kind.plural} in step")] if count else []
    return found


def _problem_cases(problems: Iterable[Problem], kind: str) -> list[Case]:
    return [
        Case(
            problem.message.split("\n", 1)[0],
            problem.mark,
            "error",
            kind,
            problem.message,
            problem.hint or "",
        )
        for problem in problems
    ]


# -- XML ------------------------------------------------------------------------------------------


def _document(
    suites: Mapping[str, Sequence[Case]], seconds: float = 0.0, origin: ReportOrigin | None = None
) -> str:
    every = [case for cases in suites.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="stashsync" {_counts(every)} time="{seconds:.3f}">')
    when, properties = "", []
    if origin is not None:
        when = f' timestamp="{origin.time.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"'
        about = {"command": f"stashsync {origin.command}", "server": origin.server}
        properties = ["    <properties>"]
        for name, value in about.items():
            properties.append(f'      <property name="{name}" value={_attribute(value)}/>')
        properties.append("    </properties>")
    for suite, cases in suites.items():
        if cases:
            counts = f'{_counts(cases)} time="0"{when}'
            lines.append(f"  <testsuite name={_attribute(suite)} {counts}>")
            lines += properties
            lines += (_case(suite, case) for case in cases)
            lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case(suite: str, case: Case) -> str:
    where = ""
    if case.mark is not None:
        line = f' line="{case.mark.line}"' if case.mark.line else ""
        where = f" file={_attribute(case.mark.file)}{line}"
    names = f"classname={_attribute(f'stashsync.{suite}')} name={_attribute(case.name)}"
    head = f'    <testcase {names}{where} time="0"'
    if not case.tag:
        return f"{head}/>"
    message = _attribute(case.message.split("\n", 1)[0])
    kind = "" if case.tag == "skipped" else f" type={_attribute(case.kind)}"
    parts = [case.message, case.text, place(case.mark) if case.mark else ""]
    lines = "\n".join(part for part in parts if part).split("\n")
    body = escape("\n".join(map(_text, lines)))
    return (
        f"{head}>\n      <{case.tag} message={message}{kind}>{body}</{case.tag}>\n    </testcase>"
    )


def _counts(cases: Sequence[Case]) -> str:
    ends = Counter(case.tag for case in cases)
    return (
        f'tests="{len(cases)}" failures="{ends["failure"]}" errors="{ends["error"]}" '
        f'skipped="{ends["skipped"]}"'
    )


def _attribute(text: str) -> str:
    return quoteattr(_text(text))


def _text(text: str) -> str:
    """Return text on one line; what XML cannot hold is an escape already, or a replacement."""
    return re.sub(_NOT_XML, "\ufffd", inert(text))
