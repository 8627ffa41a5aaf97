"""A plan or a run as one HTML file that needs nothing but a browser.

    page/page.html   the frame          page/page.css, page/*.js   looks and behaviour
    data             JSON in a script element that is never executed

The file loads nothing and sends nothing: its content security policy allows the style and the
script that it carries, by their digests, and nothing else. Foreign text is data throughout: it is
made inert here and only ever becomes the text of an element there.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from stashsync.applier.outcomes import Report
from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.attribution import HINT, Attribution
from stashsync.render.blocks import notes, place
from stashsync.render.hierarchy import Forest, lineages
from stashsync.render.json import text_of
from stashsync.render.origin import ReportOrigin
from stashsync.render.report import end_of, reason, resources_text
from stashsync.render.safe import inert
from stashsync.render.sentences import plan_sentence
from stashsync.render.text import Purpose
from stashsync.render.values import image
from stashsync.render.view import Attribute, Entry, entries, totals

LIMIT: Final = 10_000
"""The longest text, in characters, that is shown whole."""

_SCRIPTS: Final = ("lists.js", "tree.js", "page.js")
_TITLES: Final = {Purpose.PLAN: "Plan", Purpose.DRIFT: "Drift"}
_WORST: Final = (Status.FAILED, Status.UNKNOWN, Status.MOVED, Status.SKIPPED, Status.APPLIED)


def plan_html(
    plan: Plan,
    *,
    purpose: Purpose = Purpose.PLAN,
    attribution: Attribution | None = None,
    origin: ReportOrigin | None = None,
) -> str:
    """Return the page of a plan, or of a drift.

    `attribution` is who made the differences, `origin` where the report comes from.
    """
    data = _data(plan, origin)
    if attribution is not None:
        hint = HINT if attribution.has_server_changes else None
        data["notes"].append(_note("attribution", Problem(attribution.sentence(), hint=hint)))
        for entry, change in zip(entries(plan), data["changes"], strict=True):
            side = attribution.of_change(entry)
            change["changed_by"] = side.value if side else "unknown"
            change["notes"] += attribution.notes(entry)
    return page(_TITLES[purpose], plan_sentence(plan), **data)


def report_html(report: Report, origin: ReportOrigin | None = None) -> str:
    """Return the page of a run: the plan that was applied, and the outcome of each change."""
    data = _data(report.plan, origin)
    for note in data["notes"]:
        if note["level"] == "refusal":  # it was carried out with --force
            note.update(level="warning", message=f"applied by force: {note['message']}", hint="")
    if report.stopped:
        data["notes"].insert(0, _note("error", Problem(f"the run was stopped: {report.stopped}")))
    outcomes = _outcomes(report)
    for number, change in enumerate(data["changes"]):
        change["status"], change["said"] = outcomes.get(number, (Status.SKIPPED.value, []))
    return page("Run", f"{end_of(report, origin)}. {resources_text(report)}", **data)


def page(title: str, summary: str, **data: Sequence[Any]) -> str:
    """Return the file: frame, style, script and data in one."""
    style, script = _asset("page.css"), "\n".join(map(_asset, _SCRIPTS))
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    empty = dict.fromkeys(("facts", "totals", "notes", "changes", "trees"), ())
    parts = {
        "policy": policy,
        "title": html.escape(f"{title} – stashsync"),
        "summary": html.escape(summary),
        "style": style,
        "script": script,
        "data": embedded({"title": title, "summary": summary, **empty, **data}),
    }
    before, *pieces = _asset("page.html").split("{{")
    found = [before]
    for piece in pieces:  # one pass: no part is searched for placeholders
        name, rest = piece.split("}}", 1)
        found += [parts[name], rest]
    return "".join(found)


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins another."""
    text = text_of(data, indent=False).rstrip("\n")
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _asset(name: str) -> str:
    return (files("stashsync.render") / "page" / name).read_text("utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


# -- the data of the page -------------------------------------------------------------------------


def _data(plan: Plan, origin: ReportOrigin | None) -> dict[str, list[Any]]:
    return {
        "facts": list(_facts(plan, origin)),
        "totals": list(_totals(plan)),
        "notes": [
            *(_note("refusal", problem) for problem in plan.refusals),
            *(_note("warning", problem) for problem in plan.warnings),
        ],
        "changes": [_change(entry) for entry in entries(plan)],
        "trees": [
            tree_data(before.title, {"Before": before, "After": after})
            for before, after in lineages(plan)
        ],
    }


def tree_data(title: str, forests: Mapping[str, Forest]) -> dict[str, Any]:
    """Return forests of a kind by title; `nodes[i]` is [name, sign, numbers of its children]."""
    sides = []
    for name, forest in forests.items():
        below = forest.children()
        number = {token: index for index, token in enumerate(forest.names)}
        nodes = [
            [inert(label), forest.sign(token), [number[child] for child in below.get(token, ())]]
            for token, label in forest.names.items()
        ]
        roots = [number[token] for token in forest.roots()]
        sides.append({"title": name, "nodes": nodes, "roots": roots})
    return {"title": title, "sides": sides}


def _facts(plan: Plan, origin: ReportOrigin | None) -> Iterator[tuple[str, str]]:
    if origin is not None:
        yield "command", inert(f"stashsync {origin.command}")
        yield "server", inert(origin.server)
        yield "time", origin.time_text
    if plan.source.release:
        yield "Stash", inert(plan.source.release)
    if plan.source.digest:
        yield "manifests", inert(plan.source.digest[:12])


def _totals(plan: Plan) -> Iterator[dict[str, Any]]:
    found = totals(plan)
    for kind in KINDS.values():
        counts, unchanged = found.get(kind.name), plan.unchanged.get(kind.name, 0)
        if counts or unchanged:
            yield {
                "kind": kind.name,
                "plural": kind.plural,
                "unchanged": unchanged,
                **(counts or {}),
            }


def _note(level: str, problem: Problem) -> dict[str, Any]:
    return {
        "level": level,
        "message": _text(problem.message),
        "place": place(problem.mark) if problem.mark else "",
        "hint": _text(problem.hint or ""),
    }


def _change(entry: Entry) -> dict[str, Any]:
    return {
        "action": entry.action,
        "kind": entry.kind,
        "name": inert(entry.label),
        "was": inert(entry.previous),
        "place": place(entry.mark),
        "notes": list(notes(entry)),
        "fields": [*_sources(entry), *(_field(attribute) for attribute in entry.attributes)],
        "rest": entry.unchanged,
    }


def _sources(entry: Entry) -> Iterator[dict[str, Any]]:
    if entry.sources:
        members = [["-", "", inert(name), None] for name in entry.sources]
        yield {"name": "merged", "sign": "⇒", "members": members}


def _field(attribute: Attribute) -> dict[str, Any]:
    found: dict[str, Any] = {"name": inert(attribute.name), "sign": attribute.sign}
    if attribute.shape == "image":
        found["before"], found["after"] = _image(attribute.before), _image(attribute.after)
    elif attribute.shape == "scalar":
        found["before"], found["after"] = _shown(attribute.before), _shown(attribute.after)
    else:
        found["members"] = [
            [member.sign, inert(member.key or ""), _shown(member.before), _shown(member.after)]
            for member in attribute.members
        ]
    return found


def _image(value: Value) -> str | None:
    return None if value is None else image(value)


def _shown(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None else _text(value)
    return _text(text_of({"": value}, indent=False)[4:-2])


def _text(text: str) -> str:
    """Foreign text on as many lines as it has, inert, and not without end."""
    shown = "\n".join(inert(line) for line in text[:LIMIT].split("\n"))
    hidden = len(text) - LIMIT
    return f"{shown}… ({hidden:,} more characters)" if hidden > 0 else shown


def _outcomes(report: Report) -> dict[int, tuple[str, list[str]]]:
    """Return by change the worst status of its operations, and the reasons."""
    found: dict[int, tuple[str, list[str]]] = {}
    by_change: dict[int, list[Outcome]] = {}
    for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
        by_change.setdefault(operation.change, []).append(outcome)
    for number, ended in by_change.items():
        worst = min(ended, key=lambda outcome: _WORST.index(outcome.status))
        reasons = dict.fromkeys(_text(reason(report.plan, outcome)) for outcome in ended)
        found[number] = worst.status.value, [text for text in reasons if text]
    return found
