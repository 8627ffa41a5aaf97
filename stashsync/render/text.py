"""A plan as text for people. The sentences that scripts look for are Terraform's, to the letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from stashsync.kinds import KINDS
from stashsync.planner.plan import Plan
from stashsync.render.attribution import HINT, Attribution
from stashsync.render.blocks import Blocks, place, step_text
from stashsync.render.choices import Detail, Purpose
from stashsync.render.phrases import counted, duration
from stashsync.render.problems import problem_text
from stashsync.render.safe import quoted
from stashsync.render.style import PLAIN, Style
from stashsync.render.tree import forest_lines, forests
from stashsync.render.view import Entry, Group, View, entries, view

if TYPE_CHECKING:
    from stashsync.applier.estimate import Estimate

__all__ = ["NO_CHANGES", "Detail", "Purpose", "estimate_text", "no_changes", "plan_text"]

NO_CHANGES: Final = "No changes. Your library matches the manifests."

_PLACE_LIMIT: Final = 3
_LEGEND: Final = (
    ("create", "+", "create"),
    ("update", "~", "update in-place"),
    ("delete", "-", "destroy"),
    ("rename", "→", "rename"),
    ("merge", "⇒", "merge into another"),
)

_COLOURS: Final = {"delete": "destroy", "merge": "rename"}


def plan_text(
    plan: Plan,
    *,
    style: Style = PLAIN,
    detail: Detail = Detail.NORMAL,
    purpose: Purpose = Purpose.PLAN,
    estimate: Estimate | None = None,
    attribution: Attribution | None = None,
) -> str:
    """The whole plan, ending in a newline.

    `estimate` is what carrying it out should take, `attribution` who made the differences.
    """
    shown = view(plan, grouped=detail is not Detail.FULL)
    parts: list[str] = []
    if shown.sections or shown.aside:
        concise = detail is Detail.CONCISE
        parts += [_legend(shown, style, concise=concise), purpose.value]
        if concise:
            parts.append("\n".join(_concise(shown, style)))
        else:
            parts += _blocks(shown, style, full=detail is Detail.FULL)
            parts += _moves(plan, style)
    if shown.aside and detail is not Detail.CONCISE:
        parts.append(_aside(shown))
    if shown.externals and detail is not Detail.CONCISE:
        parts.append(_externals(shown))
    parts += [
        problem_text(one, word="Warning", colour=style.warning, style=style)
        for one in shown.warnings
    ]
    parts += [problem_text(one, word="Refused", style=style) for one in shown.refusals]
    parts.append(_summary(shown, style) if shown.sections else no_changes(style))
    if estimate is not None and shown.sections:
        parts.append(estimate_text(estimate))
    if attribution is not None:
        parts.append(_sides(plan, attribution))
    return "\n\n".join(parts) + "\n"


def no_changes(style: Style = PLAIN) -> str:
    """The sentence that says that everything is in step."""
    head, rest = NO_CHANGES.split(". ", 1)
    return f"{style.create}{style.bold}{head}.{style.reset} {rest}"


def counts_text(counts: Counter[str]) -> str:
    """`3 to add, 1 to change, 0 to destroy`, and `, 2 to merge` where there are any."""
    text = f"{counts['create']} to add, {counts['update']} to change, {counts['delete']} to destroy"
    return f"{text}, {counts['merge']} to merge" if counts["merge"] else text


def estimate_text(estimate: Estimate) -> str:
    """What it takes to carry the plan out: `Expected: 3 requests, less than a second.`"""
    time = "less than a second" if estimate.seconds < 1 else f"about {duration(estimate.seconds)}"
    text = f"Expected: {counted(estimate.requests, 'request')}, {time}"
    if estimate.hooks is None:
        return f"{text}; which plugins listen could not be read."
    if not estimate.hooks:
        return f"{text}; no plugin listens."
    plugins = ", ".join(quoted(one) for one in estimate.plugins)
    hooks = counted(estimate.hooks, "hook")
    return f"{text}, and as long as {hooks} of plugins take ({plugins})."


def _sides(plan: Plan, attribution: Attribution) -> str:
    lines = [attribution.sentence(), *(f"  {one}" for one in attribution.lines(entries(plan)))]
    return "\n".join([*lines, HINT] if attribution.has_server_changes else lines)


def _legend(shown: View, style: Style, *, concise: bool) -> str:
    used: set[str] = set()
    for section in shown.sections:
        for item in section.items:
            first = item.first if isinstance(item, Group) else item
            used.add(first.action)
            if (
                first.action == "update"
                and first.previous
                and (concise or first.attributes[0].sign == "→")
            ):
                used.add("rename")
    lines = [
        f"  {getattr(style, _COLOURS.get(name, name))}{sign}{style.reset} {words}"
        for name, sign, words in _LEGEND
        if name in used
    ]
    return "\n".join(["Actions are indicated with the following symbols:", *lines])


def _blocks(shown: View, style: Style, *, full: bool) -> Iterator[str]:
    blocks = Blocks(style, full=full)
    for section in shown.sections:
        for item in section.items:
            yield blocks.entry(item) if isinstance(item, Entry) else blocks.group(item)


def _concise(shown: View, style: Style) -> Iterator[str]:
    blocks = Blocks(style)
    for section in shown.sections:
        for item in section.items:
            yield blocks.line(item) if isinstance(item, Entry) else blocks.group_line(item)


def _moves(plan: Plan, style: Style) -> Iterator[str]:
    for forest in forests(plan):
        title = f"Moves in the hierarchy of {KINDS[forest.kind].plural}:"
        yield "\n".join([title, *(f"  {line}" for line in forest_lines(forest, style))])


def _aside(shown: View) -> str:
    found = ["These step aside for a moment and end as they were:"]
    for one in shown.aside:
        steps = "; ".join(step_text(step) for step in one.steps)
        found.append(f"  {one.kind} {quoted(one.label)}: {steps} ({place(one.mark)})")
    return "\n".join(found)


def _externals(shown: View) -> str:
    found = ["External references, found on the server and declared in no manifest:"]
    for one in shown.externals:
        places = ", ".join(place(mark) for mark in one.marks[:_PLACE_LIMIT])
        further = len(one.marks) - _PLACE_LIMIT
        more = f" and {further} more" if further > 0 else ""
        found.append(f"  {one.kind} {quoted(one.name)} (id {one.id}): {places}{more}")
    return "\n".join(found)


def _summary(shown: View, style: Style) -> str:
    total: Counter[str] = Counter()
    for counts in shown.totals.values():
        total.update(counts)
    found = [f"{style.bold}Plan:{style.reset} {counts_text(total)}."]
    width = max(len(KINDS[kind].plural) for kind in shown.totals) + 1
    found += [
        f"  {KINDS[kind].plural + ':':<{width}} {counts_text(counts)}"
        for kind, counts in shown.totals.items()
    ]
    return "\n".join(found)
