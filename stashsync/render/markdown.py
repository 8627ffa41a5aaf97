"""Plans, runs and problems as Markdown that fits a comment of a pull request.

A comment holds 65,536 characters. What counts most is written first and always kept: the numbers,
what speaks against the plan, what failed. Then come the changes, as far as there is room: with all
their values, else on one line each, else those of the beginning and of the end, and between them
how many are not shown. Foreign text stands in code alone, behind fences longer than any in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from stashsync.applier.outcomes import Report
from stashsync.errors import Problem
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.attribution import HINT, Attribution
from stashsync.render.blocks import Blocks, place
from stashsync.render.origin import ReportOrigin
from stashsync.render.report import about, change_of, end_of, reason, resources_text
from stashsync.render.safe import inert
from stashsync.render.sentences import plan_sentence
from stashsync.render.style import PLAIN
from stashsync.render.text import Purpose
from stashsync.render.view import AlikeChanges, KindSection, entries, totals, view

LIMIT: Final = 65_536
"""How many characters a comment on GitHub may have."""
FITTING: Final = LIMIT - 136
"""How many of them a report takes: a comment may begin with a mark by which it is found again."""
_PROBLEMS: Final = 24_000
"""How many of them problems may take; the rest are counted."""
_ONE_LINE: Final = 1_500
_ROOM: Final = 600
"""What the sentences between the parts take at the most."""

_TITLES: Final = {Purpose.PLAN: "Plan", Purpose.DRIFT: "Drift"}
_HEADS: Final = {
    Status.FAILED: "Failed",
    Status.UNKNOWN: "Unknown, sent, and no answer came",
    Status.MOVED: "Moved, another client changed them meanwhile; nothing was sent",
    Status.SKIPPED: "Skipped, nothing was sent",
}


def plan_markdown(
    plan: Plan,
    *,
    purpose: Purpose = Purpose.PLAN,
    limit: int = FITTING,
    attribution: Attribution | None = None,
    origin: ReportOrigin | None = None,
) -> str:
    """Return the plan in at most `limit` characters, ending in a newline.

    `attribution` is who made the differences, `origin` where the report comes from.
    """
    head = [f"## {_TITLES[purpose]}", f"**{plan_sentence(plan)}**", *_origin(origin)]
    if table := _table(plan):
        head.append(table)
    head += _problems("Refused", "⛔", plan.refusals, _PROBLEMS)
    head += _problems("Warnings", "⚠️", plan.warnings, _PROBLEMS // 3)
    if attribution is not None:
        lines = [f"- {code(_cut(line))}" for line in attribution.lines(entries(plan))]
        head.append("\n".join([attribution.sentence(), *(["", *lines] if lines else [])]))
        head += [HINT] if attribution.has_server_changes else []
    return _with_changes(head, plan, limit)


def report_markdown(
    report: Report, *, limit: int = FITTING, origin: ReportOrigin | None = None
) -> str:
    """Return the report of a run in at most `limit` characters, ending in a newline."""
    head = ["## Run", f"**{end_of(report, origin)}.** {resources_text(report)}", *_origin(origin)]
    if report.stopped:
        head.append(f"The run was stopped before its end: {code(report.stopped)}")
    if not report.complete:
        totals = report.totals()
        ended = [f"{totals[status]:,} {status.value}" for status in Status if totals[status]]
        head.append(f"{', '.join(ended)}.")
    for status, title in _HEADS.items():
        outcomes = [outcome for outcome in report.outcomes if outcome.status is status]
        lines = (_outcome(report, outcome) for outcome in outcomes)
        head += _listed(title, lines, len(outcomes), _PROBLEMS // 2)
    return _with_changes(head, report.plan, limit)


def _origin(origin: ReportOrigin | None) -> list[str]:
    return [] if origin is None else [code(_cut(origin.sentence()))]


def problems_markdown(problems: Sequence[Problem], title: str, *, limit: int = FITTING) -> str:
    """Return problems where there is no plan."""
    head = [f"## {inert(title)}", *_problems("Errors", "⛔", problems, limit - _ROOM)]
    return "\n\n".join(head) + "\n"


def code(text: str) -> str:
    """Return foreign text as a code span that nothing in it can end."""
    shown = inert(text) or " "
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fenced(lines: Iterable[str], language: str = "") -> str:
    """Return lines as a block of code that nothing in them can end."""
    text = "\n".join(lines)
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _length(parts: Sequence[str]) -> int:
    return sum(len(part) + 2 for part in parts)


def _cut(text: str) -> str:
    return text if len(text) <= _ONE_LINE else f"{text[:_ONE_LINE]}…"


# -- what is always kept --------------------------------------------------------------------------


def _table(plan: Plan) -> str:
    found = totals(plan)
    if not found:
        return ""
    actions = ("create", "update", "merge", "delete")
    used = [action for action in actions if any(counts[action] for counts in found.values())]
    lines = [f"| | {' | '.join(used)} | in step |", f"|---|{'---:|' * (len(used) + 1)}"]
    for kind in KINDS.values():
        counts, unchanged = found.get(kind.name), plan.unchanged.get(kind.name, 0)
        if counts or unchanged:
            cells = [f"{counts[action] if counts else 0:,}" for action in used]
            lines.append(f"| {kind.plural} | {' | '.join([*cells, f'{unchanged:,}'])} |")
    return "\n".join(lines)


def _problems(title: str, sign: str, problems: Sequence[Problem], room: int) -> list[str]:
    return _listed(f"{sign} {title}", map(_problem, problems), len(problems), room)


def _listed(title: str, lines: Iterable[str], count: int, room: int) -> list[str]:
    """Return a titled list of as many of the `count` lines as there is room for; none of none."""
    found = [f"**{title} ({count:,}):**\n"]
    for shown, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            found.append(f"- … and {count - shown:,} more")
            break
        found.append(line)
    return ["\n".join(found)] if count else []


def _problem(problem: Problem) -> str:
    where = f"{code(place(problem.mark))}: " if problem.mark else ""
    hint = f" – {code(_cut(problem.hint))}" if problem.hint else ""
    return f"- {where}{code(_cut(problem.message))}{hint}"


def _outcome(report: Report, outcome: Outcome) -> str:
    plan = report.plan
    mark = change_of(plan, outcome.operation).mark
    why = reason(plan, outcome, stopped=report.stopped)
    ending = f": {code(_cut(why))}" if why else ""
    return f"- {code(about(plan, outcome.operation))} ({code(place(mark))}){ending}"


# -- the changes, as far as there is room ---------------------------------------------------------


def _with_changes(head: Sequence[str], plan: Plan, limit: int) -> str:
    """Return the head, and the changes as far as there is room."""
    sections = view(plan).sections
    room = limit - _length(head)
    changes = _within(sections, _blocks, room)
    if changes is None:
        changes = _within(sections, _lines, room - _ROOM)
        if changes is not None:
            changes.append("_One line a change; the values did not fit._")
        else:
            changes = _ends([line for section in sections for line in _lines(section)], room)
    return "\n\n".join([*head, *changes]) + "\n"


def _within(
    sections: Sequence[KindSection], write: Callable[[KindSection], Iterator[str]], room: int
) -> list[str] | None:
    """Return all sections, or None where they do not fit; no more is written than that."""
    found: list[str] = []
    for section in sections:
        lines, left = [], room - _length(found)
        for line in write(section):
            left -= len(line) + 1
            if left < 0:
                return None
            lines.append(line)
        found.append(_folded(section, lines))
    return found if _length(found) <= room else None


def _folded(section: KindSection, lines: Iterable[str]) -> str:
    count = sum(
        len(item.entries) if isinstance(item, AlikeChanges) else 1 for item in section.items
    )
    plural = KINDS[section.kind].name if count == 1 else section.plural
    title = f"<details><summary>{count:,} {plural}</summary>"
    return f"{title}\n\n{fenced(lines, 'diff')}\n\n</details>"


def _blocks(section: KindSection) -> Iterator[str]:
    blocks = Blocks(PLAIN)
    for item in section.items:
        yield "\n".join(map(_signed, blocks.item(item).split("\n")))


def _lines(section: KindSection) -> Iterator[str]:
    blocks = Blocks(PLAIN)
    for item in section.items:
        yield _signed(_cut(blocks.line(item)))


def _signed(line: str) -> str:
    """Move the sign of a line to its first column, where a diff has it; `~` becomes `!`."""
    blank = len(line) - len(line.lstrip())
    if line[blank : blank + 2] in ("+ ", "- ", "~ ", "→ ", "⇒ "):
        sign = line[blank] if line[blank] in "+-" else "!"
        return f"{sign}{line[1:blank]} {line[blank + 2 :]}" if blank else line
    return line


def _ends(lines: Sequence[str], room: int) -> list[str]:
    """Return the first and the last lines that fit, and how many between them do not."""
    ticks = max(3, max(map(_longest_run, lines), default=0) + 1)
    room -= _ROOM + 2 * ticks
    first, last = 0, len(lines)
    from_start = True
    while first < last:
        line = lines[first] if from_start else lines[last - 1]
        room -= len(line) + 1
        if room < 0:
            break
        first, last = (first + 1, last) if from_start else (first, last - 1)
        from_start = not from_start
    cut = f"# … {last - first:,} lines of changes are cut here: they did not fit"
    block = fenced([*lines[:first], cut, *lines[last:]], "diff")
    return [
        f"<details open><summary>{first + len(lines) - last:,} of {len(lines):,} lines of changes"
        f"</summary>\n\n{block}\n\n</details>",
        "_The middle was cut to fit a comment. The text, JSON and HTML reports have everything._",
    ]
