"""Plans, drifts and runs as JUnit XML, which every CI system can show.

A kind is a suite and a change is a test. A change of a drift has failed, one of a plan is skipped,
one of a run ends as its operations did. Unchanged objects are one passed test a kind, so that no
suite is empty. The XML is that of the `junit-10.xsd` which Jenkins publishes; GitLab and others
read the same.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

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
    """One test. `tag` is failure, error or skipped; it is empty if the test passed."""

    name: str
    mark: Mark | None = None
    tag: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def plan_junit(plan: Plan, *, purpose: Purpose = Purpose.PLAN) -> str:
    """Return the document of a plan or a drift."""
    tag = "failure" if purpose is Purpose.DRIFT else "skipped"
    suites = _in_step(plan)
    for entry in entries(plan):
        if not entry.is_aside:
            case = Case(_named(entry), entry.mark, tag, entry.action, change_sentence(entry))
            suites[entry.kind].append(case)
    return _document({"plan": _problem_cases(plan.refusals, "refusal"), **suites})


def report_junit(report: Report) -> str:
    """Return the document of a run."""
    order = [*_TAGS, Status.APPLIED]
    worst: dict[int, Outcome] = {}
    for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
        known = worst.get(operation.change, outcome)
        worst[operation.change] = min(known, outcome, key=lambda one: order.index(one.status))
    suites = _in_step(report.plan)
    for entry in entries(report.plan):
        case = Case(_named(entry), entry.mark)
        ended = worst.get(entry.number)
        if ended is not None and ended.status in _TAGS:
            text = outcome_sentence(report.plan, ended)
            case = case._replace(tag=_TAGS[ended.status], kind=ended.status.value, message=text)
        suites[entry.kind].append(case)
    stopped = [Problem(f"the run was stopped: {report.stopped}")] if report.stopped else []
    return _document({"run": _problem_cases(stopped, "stopped"), **suites}, report.seconds)


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
        Case(one.message.split("\n", 1)[0], one.mark, "error", kind, one.message, one.hint or "")
        for one in problems
    ]


# -- XML ------------------------------------------------------------------------------------------


def _document(suites: Mapping[str, Sequence[Case]], seconds: float = 0.0) -> str:
    cases = [case for some in suites.values() for case in some]
    root = ET.Element(
        "testsuites", {"name": "stashsync", **_counts(cases), "time": f"{seconds:.3f}"}
    )
    for name, some in suites.items():
        if some:
            attributes = {"name": _text(name), **_counts(some), "time": "0"}
            suite = ET.SubElement(root, "testsuite", attributes)
            for case in some:
                _add_case(suite, f"stashsync.{name}", case)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add_case(suite: ET.Element, classname: str, case: Case) -> None:
    attributes = {"classname": _text(classname), "name": _text(case.name)}
    if case.mark is not None:
        attributes["file"] = _text(case.mark.file)
        if case.mark.line:
            attributes["line"] = str(case.mark.line)
    found = ET.SubElement(suite, "testcase", {**attributes, "time": "0"})
    if case.tag:
        attributes = {"message": _text(case.message.split("\n", 1)[0])}
        if case.tag != "skipped":
            attributes["type"] = _text(case.kind)
        parts = [case.message, case.text, place(case.mark) if case.mark else ""]
        lines = "\n".join(part for part in parts if part).split("\n")
        ET.SubElement(found, case.tag, attributes).text = "\n".join(map(_text, lines))


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    ends = Counter(case.tag for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(ends["failure"]),
        "errors": str(ends["error"]),
        "skipped": str(ends["skipped"]),
    }


def _text(text: str) -> str:
    """Return text on one line; what XML cannot hold is an escape already, or a replacement."""
    return _NOT_XML.sub("\ufffd", inert(text))
