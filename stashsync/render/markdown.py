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
from stashsync.render.report import about, resources_text
from stashsync.render.safe import inert
from stashsync.render.sentences import plan_sentence
from stashsync.render.style import PLAIN
from stashsync.render.text import Purpose
from stashsync.render.view import Entry, Group, Section, View, entries, view

LIMIT: Final = 65_536
"""How many characters a comment on GitHub may have."""
FITTING: Final = LIMIT - 136
"""How many of them a report takes: a comment may begin with a mark by which it is found again."""
_PROBLEMS: Final = 24_000
"""How many of them problems may take; the rest are counted."""
_ONE_PROBLEM: Final = 1_500
_ROOM: Final = 600
"""What the sentences between the parts take at the most."""

_TITLES: Final = {Purpose.PLAN: "Plan", Purpose.DRIFT: "Drift"}
_HEADS: Final = {
    Status.FAILED: "Failed",
    Status.UNKNOWN: "Unknown, sent without an answer that tells what became of it",
    Status.SKIPPED: "Skipped, nothing was sent",
}


def plan_markdown(
    plan: Plan,
    *,
    purpose: Purpose = Purpose.PLAN,
    limit: int = FITTING,
    attribution: Attribution | None = None,
) -> str:
    """The whole plan in at most `limit` characters, ending in a newline.

    `attribution` is who made the differences.
    """
    shown = view(plan)
    head = [f"## {_TITLES[purpose]}"]
    head.append(f"**{plan_sentence(plan)}**")
    if shown.totals:
        head.append(_table(shown))
    head += _problems("Refused", "⛔", plan.refusals, _PROBLEMS)
    head += _problems("Warnings", "⚠️", plan.warnings, _PROBLEMS // 3)
    if attribution is not None:
        head += _sides(plan, attribution)
    return _joined(head, _changes(shown, limit - _length(head)))


def report_markdown(report: Report, *, limit: int = FITTING) -> str:
    """The account of a run in at most `limit` characters, ending in a newline."""
    how = "complete" if report.complete else "interrupted" if report.interrupted else "incomplete"
    head = ["## Run", f"**Apply {how}.** {resources_text(report)}"]
    if report.stopped:
        head.append(f"The run was stopped before its end: {code(report.stopped)}")
    if not report.complete:
        totals = report.totals()
        head.append(
            ", ".join(f"{totals[one]:,} {one.value}" for one in Status if totals[one]) + "."
        )
    for status, title in _HEADS.items():
        some = [one for one in report.outcomes if one.status is status]
        if some:
            lines = _kept((_outcome(report.plan, one) for one in some), _PROBLEMS // 2, len(some))
            head.append("\n".join([f"**{title} ({len(some):,}):**\n", *lines]))
    return _joined(head, _changes(view(report.plan), limit - _length(head)))


def problems_markdown(problems: Sequence[Problem], title: str, *, limit: int = FITTING) -> str:
    """Problems that kept a plan from being made."""
    room = limit - _ROOM
    return _joined([f"## {inert(title)}", *_problems("Errors", "⛔", problems, room)], [])


def code(text: str) -> str:
    """Foreign text as a code span that nothing in it can end."""
    shown = inert(text) or " "
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fenced(lines: Iterable[str], language: str = "") -> str:
    """Lines as a block of code that nothing in them can end."""
    text = "\n".join(lines)
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _length(parts: Sequence[str]) -> int:
    return sum(len(part) + 2 for part in parts)


def _joined(head: Sequence[str], rest: Sequence[str]) -> str:
    return "\n\n".join([*head, *rest]) + "\n"


# -- what is always kept --------------------------------------------------------------------------


def _table(shown: View) -> str:
    actions = ("create", "update", "merge", "delete")
    used = [one for one in actions if any(counts[one] for counts in shown.totals.values())]
    lines = [f"| | {' | '.join(used)} | in step |", f"|---|{'---:|' * (len(used) + 1)}"]
    for kind in KINDS.values():
        counts = shown.totals.get(kind.name)
        unchanged = shown.unchanged.get(kind.name, 0)
        if counts or unchanged:
            cells = [f"{counts[one] if counts else 0:,}" for one in used]
            lines.append(f"| {kind.plural} | {' | '.join([*cells, f'{unchanged:,}'])} |")
    return "\n".join(lines)


def _problems(title: str, sign: str, some: Sequence[Problem], room: int) -> list[str]:
    if not some:
        return []
    lines = _kept((_problem(one) for one in some), room, len(some))
    return ["\n".join([f"**{sign} {title} ({len(some):,}):**\n", *lines])]


def _sides(plan: Plan, attribution: Attribution) -> list[str]:
    lines = [f"- {code(_cut(one))}" for one in attribution.lines(entries(plan))]
    told = "\n".join([attribution.sentence(), "", *lines] if lines else [attribution.sentence()])
    return [told, HINT] if attribution.has_server_changes else [told]


def _problem(problem: Problem) -> str:
    where = f"{code(place(problem.mark))}: " if problem.mark else ""
    hint = f" – {code(_cut(problem.hint))}" if problem.hint else ""
    return f"- {where}{code(_cut(problem.message))}{hint}"


def _outcome(plan: Plan, one: Outcome) -> str:
    mark = plan.changes[plan.operations[one.operation].change].mark
    because = f"needs {about(plan, one.because)}" if one.because is not None else one.message
    said = f": {code(_cut(because))}" if because else ""
    return f"- {code(about(plan, one.operation))} ({code(place(mark))}){said}"


def _cut(text: str) -> str:
    return text if len(text) <= _ONE_PROBLEM else f"{text[:_ONE_PROBLEM]}…"


def _kept(lines: Iterator[str], room: int, count: int) -> list[str]:
    found: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            found.append(f"- … and {count - len(found):,} more")
            break
        found.append(line)
    return found


# -- the changes, as far as there is room ---------------------------------------------------------


def _changes(shown: View, room: int) -> list[str]:
    whole = _within(shown, _blocks, room)
    if whole is not None:
        return whole
    brief = _within(shown, _lines, room - _ROOM)
    if brief is not None:
        return [*brief, "_One line a change; the values did not fit._"]
    lines = [line for section in shown.sections for line in _lines(section)]
    return _ends(lines, room)


def _within(shown: View, write: Callable[[Section], Iterator[str]], room: int) -> list[str] | None:
    """All sections, written so, or None where they do not fit; no more is written than that."""
    found: list[str] = []
    for section in shown.sections:
        lines, left = [], room - _length(found)
        for line in write(section):
            left -= len(line) + 1
            if left < 0:
                return None
            lines.append(line)
        found.append(_folded(section, lines))
    return found if _length(found) <= room else None


def _folded(section: Section, lines: Iterable[str]) -> str:
    count = sum(len(one.entries) if isinstance(one, Group) else 1 for one in section.items)
    plural = KINDS[section.kind].name if count == 1 else section.plural
    title = f"<details><summary>{count:,} {plural}</summary>"
    return f"{title}\n\n{fenced(lines, 'diff')}\n\n</details>"


def _blocks(section: Section) -> Iterator[str]:
    blocks = Blocks(PLAIN)
    for item in section.items:
        text = blocks.entry(item) if isinstance(item, Entry) else blocks.group(item)
        yield "\n".join(_signed(line) for line in text.split("\n"))


def _lines(section: Section) -> Iterator[str]:
    blocks = Blocks(PLAIN)
    for item in section.items:
        text = blocks.line(item) if isinstance(item, Entry) else blocks.group_line(item)
        yield _signed(_line_cut(text))


def _line_cut(text: str) -> str:
    return text if len(text) <= _ONE_PROBLEM else f"{text[:_ONE_PROBLEM]}…"


def _signed(line: str) -> str:
    """The sign of a line in its first column, where a diff has it; `~` is `!` there."""
    blank = len(line) - len(line.lstrip())
    if line[blank : blank + 2] in ("+ ", "- ", "~ ", "→ ", "⇒ "):
        sign = line[blank] if line[blank] in "+-" else "!"
        return f"{sign}{line[1:blank]} {line[blank + 2 :]}" if blank else line
    return line


def _ends(lines: Sequence[str], room: int) -> list[str]:
    """The first and the last lines that fit, and between them how many do not."""
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
