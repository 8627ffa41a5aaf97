"""A plan as text for people. The sentences that scripts look for are Terraform's, to the letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from stashsync.kinds import KINDS
from stashsync.planner.plan import External, Plan
from stashsync.render.attribution import HINT, Attribution
from stashsync.render.blocks import Blocks, place, step_text
from stashsync.render.choices import Detail, Purpose
from stashsync.render.moves import moves
from stashsync.render.origin import ReportOrigin
from stashsync.render.phrases import counted, duration, few
from stashsync.render.problems import problem_text
from stashsync.render.safe import quoted
from stashsync.render.style import PLAIN, Style
from stashsync.render.view import AlikeChanges, Entry, Item, entries, totals, view

if TYPE_CHECKING:
    from stashsync.applier.estimate import Estimate

__all__ = ["NO_CHANGES", "Detail", "Purpose", "estimate_text", "no_changes", "plan_text"]

NO_CHANGES: Final = "No changes. Your library matches the manifests."

NOTHING_TO_UNDO: Final = "No changes. Nothing of the run can be taken back now."

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
    origin: ReportOrigin | None = None,
) -> str:
    """Return the whole plan, ending in a newline.

    Args:
        plan: what to show.
        style: the colours.
        detail: how much of it.
        purpose: whether it is to be applied, or is a drift that was found.
        estimate: what applying it should take.
        attribution: who made the differences.
        origin: where it comes from, for a reader who did not ask for it.
    """
    full, concise = detail is Detail.FULL, detail is Detail.CONCISE
    shown = view(plan, grouped=not full)
    items = [item for section in shown.sections for item in section.items]
    parts: list[str] = [] if origin is None else [origin.sentence()]
    if items or shown.aside:
        blocks = Blocks(style, full=full)
        parts += [_legend(items, style, concise=concise), purpose.value]
        if concise:
            parts.append("\n".join(map(blocks.line, items)))
        else:
            parts += map(blocks.item, items)
            for plural, lines in moves(plan, style):
                title = f"Moves in the hierarchy of {plural}:"
                parts.append("\n".join([title, *(f"  {line}" for line in lines)]))
    if shown.aside and not concise:
        parts.append(_aside(shown.aside))
    if plan.externals and not concise:
        parts.append(_externals(plan.externals))
    parts += [
        problem_text(problem, word="Warning", colour=style.warning, style=style)
        for problem in plan.warnings
    ]
    parts += [problem_text(problem, word="Refused", style=style) for problem in plan.refusals]
    if items or purpose is not Purpose.UNDO:
        parts.append(_summary(plan, style) if items else no_changes(style))
    else:
        parts.append(NOTHING_TO_UNDO)
    if estimate is not None and items:
        parts.append(estimate_text(estimate))
    if attribution is not None:
        lines = [
            attribution.sentence(),
            *(f"  {line}" for line in attribution.lines(entries(plan))),
        ]
        parts.append("\n".join([*lines, HINT] if attribution.has_server_changes else lines))
    return "\n\n".join(parts) + "\n"


def no_changes(style: Style = PLAIN) -> str:
    """Return the sentence for a library that matches the manifests."""
    head, rest = NO_CHANGES.split(". ", 1)
    return f"{style.create}{style.bold}{head}.{style.reset} {rest}"


def counts_text(counts: Counter[str]) -> str:
    """Return `3 to add, 1 to change, 0 to destroy`, and `, 2 to merge` if there are any."""
    text = f"{counts['create']} to add, {counts['update']} to change, {counts['delete']} to destroy"
    return f"{text}, {counts['merge']} to merge" if counts["merge"] else text


def estimate_text(estimate: Estimate) -> str:
    """Return what applying takes, as in `Expected: 3 requests, less than a second.`."""
    time = "less than a second" if estimate.seconds < 1 else f"about {duration(estimate.seconds)}"
    text = f"Expected: {counted(estimate.requests, 'request')}, {time}"
    if estimate.hooks is None:
        return f"{text}; which plugins listen could not be read."
    if not estimate.hooks:
        return f"{text}; no plugin listens."
    plugins = ", ".join(quoted(plugin) for plugin in estimate.plugins)
    hooks = counted(estimate.hooks, "hook")
    return f"{text}, and as long as {hooks} of plugins take ({plugins})."


def _legend(items: Iterable[Item], style: Style, *, concise: bool) -> str:
    used: set[str] = set()
    for item in items:
        first = item.first if isinstance(item, AlikeChanges) else item
        used.add(first.action)
        if first.previous and (concise or first.attributes[0].sign == "→"):
            used.add("rename")
    lines = [
        f"  {getattr(style, _COLOURS.get(name, name))}{sign}{style.reset} {words}"
        for name, sign, words in _LEGEND
        if name in used
    ]
    return "\n".join(["Actions are indicated with the following symbols:", *lines])


def _aside(aside: Iterable[Entry]) -> str:
    found = ["These step aside for a moment and end as they were:"]
    for entry in aside:
        steps = "; ".join(map(step_text, entry.steps))
        found.append(f"  {entry.address}: {steps} ({place(entry.mark)})")
    return "\n".join(found)


def _externals(externals: Iterable[External]) -> str:
    found = ["External references, found on the server and declared in no manifest:"]
    for external in externals:
        places = few([place(mark) for mark in external.marks])
        found.append(f"  {external.kind} {quoted(external.name)} (id {external.id}): {places}")
    return "\n".join(found)


def _summary(plan: Plan, style: Style) -> str:
    by_kind = {KINDS[kind].plural: counts for kind, counts in totals(plan).items()}
    counts = counts_text(sum(by_kind.values(), Counter()))
    found = [f"{style.bold}Plan:{style.reset} {counts}."]
    width = max(map(len, by_kind)) + 1
    found += [
        f"  {f'{plural}:':<{width}} {counts_text(numbers)}" for plural, numbers in by_kind.items()
    ]
    return "\n".join(found)
