"""Plans, drifts and runs as JUnit XML, which every CI system can show.

A kind is a suite and a change is a test. In a drift, what differs has failed; in a plan it is
skipped, because it is still to be done; in a run it ended as its operations did. What is in step
is one passed test a kind, so that no suite is empty. The XML is that of the `junit-10.xsd` which
Jenkins publishes; GitLab and others read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.blocks import place
from stashsync.render.safe import inert
from stashsync.render.sentences import change_sentence, outcome_sentence
from stashsync.render.text import Purpose
from stashsync.render.view import Entry, entries

_TAGS: Final = {
    Status.FAILED: "failure",
    Status.UNKNOWN: "error",
    Status.SKIPPED: "skipped",
}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Case(NamedTuple):
    """One test. `tag` is failure, error or skipped; "" has passed."""

    name: str
    mark: Mark | None = None
    tag: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def plan_junit(plan: Plan, *, purpose: Purpose = Purpose.PLAN) -> str:
    """The whole document."""
    tag = "failure" if purpose is Purpose.DRIFT else "skipped"
    suites = _in_step(plan)
    for entry in entries(plan):
        if entry.is_aside:
            continue
        case = Case(_named(entry), entry.mark, tag, entry.action, change_sentence(entry))
        suites[entry.kind].append(case)
    told = _problem_cases(plan.refusals, "refusal")
    return _document("stashsync", {"plan": told, **suites})


def report_junit(report: Report) -> str:
    """The whole document of a run."""
    worst: dict[int, Outcome] = {}
    order = list(_TAGS)
    for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
        known = worst.get(operation.change)
        if known is None or _rank(order, outcome) < _rank(order, known):
            worst[operation.change] = outcome
    suites = _in_step(report.plan)
    for entry in entries(report.plan):
        ended = worst.get(entry.number)
        case = Case(_named(entry), entry.mark)
        if ended is not None and ended.status in _TAGS:
            text = outcome_sentence(report.plan, ended)
            case = case._replace(tag=_TAGS[ended.status], kind=ended.status.value, message=text)
        suites[entry.kind].append(case)
    stopped = [Problem(f"the run was stopped: {report.stopped}")] if report.stopped else []
    told = _problem_cases(stopped, "stopped")
    return _document("stashsync", {"run": told, **suites}, seconds=report.seconds)


def problems_junit(problems: Sequence[Problem]) -> str:
    """The document where problems kept a plan from being made."""
    return _document("stashsync", {"manifests": _problem_cases(problems, "problem")})


def valid_junit(files: Sequence[str]) -> str:
    """The document where these manifests have no problems."""
    return _document("stashsync", {"manifests": [Case(file, Mark(file)) for file in files]})


def _rank(order: Sequence[Status], outcome: Outcome) -> int:
    return order.index(outcome.status) if outcome.status in order else len(order)


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
        Case(one.message.split("\n", 1)[0], one.mark, "error", kind, one.message, one.hint or "")
        for one in problems
    ]


# -- XML ------------------------------------------------------------------------------------------


def _document(name: str, suites: Mapping[str, Sequence[Case]], *, seconds: float = 0.0) -> str:
    every = [case for some in suites.values() for case in some]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name={quoteattr(name)} {_counts(every)} time="{seconds:.3f}">')
    for suite, some in suites.items():
        if some:
            lines.append(f'  <testsuite name={_attribute(suite)} {_counts(some)} time="0">')
            lines += (_case(suite, case) for case in some)
            lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case(suite: str, case: Case) -> str:
    where = ""
    if case.mark is not None:
        where = f" file={_attribute(case.mark.file)}"
        if case.mark.line:
            where += f' line="{case.mark.line}"'
    names = f"classname={_attribute(f'stashsync.{suite}')} name={_attribute(case.name)}"
    head = f'    <testcase {names}{where} time="0"'
    if not case.tag:
        return f"{head}/>"
    message = _attribute(case.message.split("\n", 1)[0])
    kind = "" if case.tag == "skipped" else f" type={_attribute(case.kind)}"
    told = [case.message, case.text, place(case.mark) if case.mark else ""]
    body = escape(_lines("\n".join(part for part in told if part)))
    inside = f"<{case.tag} message={message}{kind}>{body}</{case.tag}>"
    return f"{head}>\n      {inside}\n    </testcase>"


def _counts(some: Sequence[Case]) -> str:
    count = {tag: sum(case.tag == tag for case in some) for tag in _TAGS.values()}
    return (
        f'tests="{len(some)}" failures="{count["failure"]}" errors="{count["error"]}" '
        f'skipped="{count["skipped"]}"'
    )


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", inert(text)))


def _lines(text: str) -> str:
    """Text of several lines; what XML cannot hold is an escape already, or a replacement."""
    shown = "\n".join(inert(line) for line in text.split("\n"))
    return _NOT_XML.sub("\ufffd", shown)
