"""What a notification has in it: a title, a few lines, and how good or bad it is.

Text of a library is in a few of the lines. Chat services obey some of it: `@everyone`, `<!here>`.
A character without width behind the first one keeps it from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from stashsync.applier.outcomes import Report
from stashsync.errors import Problem, Problems, StashError
from stashsync.outcomes import Status
from stashsync.planner.plan import Plan
from stashsync.render.attribution import Attribution
from stashsync.render.blocks import place
from stashsync.render.origin import ReportOrigin
from stashsync.render.report import how, resources_text
from stashsync.render.safe import inert
from stashsync.render.sentences import plan_sentence

FEW: Final = 5
"""How many problems a notification has."""
LONGEST: Final = 300
"""The longest line of a problem, in characters: short messages have a few hundred in all."""
_OBEYED: Final = re.compile(r"[@<](?=\S)")


class Severity(StrEnum):
    """How good or bad the news is, in Apprise's words."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"


class Notice(Struct, frozen=True):
    """One notification. `events` are the settings that ask for it, any of which will do."""

    events: frozenset[str]
    severity: Severity
    title: str
    lines: Sequence[str]

    def body(self, link: str = "") -> str:
        """Return the text below the title, with the link at its end."""
        return "\n".join([*map(_harmless, self.lines), *([inert(link)] if link else ())])


def drift_notice(
    plan: Plan, origin: ReportOrigin, attribution: Attribution | None = None
) -> Notice:
    """Return the notice of a library that differs from the manifests."""
    found = [plan_sentence(plan)]
    if attribution is not None:
        found.append(attribution.sentence())
    found += _problems(plan.refusals, "Refused: ")
    return Notice(
        frozenset({"drift"}),
        Severity.WARNING,
        "stashsync: the library differs from the manifests",
        [*found, origin.sentence()],
    )


def in_step_notice(plan: Plan, origin: ReportOrigin) -> Notice:
    """Return the notice of a drift that has ended."""
    found = [plan_sentence(plan), origin.sentence()]
    title = "stashsync: the library matches the manifests again"
    return Notice(frozenset({"drift"}), Severity.SUCCESS, title, found)


def run_notice(report: Report, origin: ReportOrigin) -> Notice:
    """Return the notice of a run."""
    title = f"stashsync: {origin.command} {how(report)}"
    lines = [resources_text(report)]
    if report.complete:
        return Notice(frozenset({"apply"}), Severity.SUCCESS, title, [*lines, origin.sentence()])
    ended = report.totals()
    counts = ", ".join(f"{ended[status]:,} {status.value}" for status in Status if ended[status])
    lines.append(f"Of {len(report.outcomes):,} operations: {counts}.")
    if report.stopped:
        lines.append(_short(f"Stopped: {report.stopped}"))
    events = frozenset({"apply", "failure"})
    return Notice(events, Severity.FAILURE, title, [*lines, origin.sentence()])


def failure_notice(error: StashError, origin: ReportOrigin) -> Notice:
    """Return the notice of a command that could not do its work."""
    lines = [_short(error.message)]
    if isinstance(error, Problems):
        lines += _problems(error.problems)
    if error.hint:
        lines.append(_short(error.hint))
    title = f"stashsync: {origin.command} failed"
    return Notice(frozenset({"failure"}), Severity.FAILURE, title, [*lines, origin.sentence()])


def over_notice(message: str, origin: ReportOrigin) -> Notice:
    """Return the notice of a failure that is over; `message` is how the library is now."""
    title = f"stashsync: {origin.command} works again"
    return Notice(frozenset({"failure"}), Severity.SUCCESS, title, [message, origin.sentence()])


def trial_notice(origin: ReportOrigin) -> Notice:
    """Return the notice by which `doctor --notify` tries the addresses."""
    lines = ["This is a test. Notifications arrive here.", origin.sentence()]
    return Notice(frozenset(), Severity.INFO, "stashsync: a test", lines)


def _problems(problems: Sequence[Problem], word: str = "") -> Iterator[str]:
    for problem in problems[:FEW]:
        where = f"{place(problem.mark)}: " if problem.mark else ""
        yield _short(f"{word}{where}{problem.message}")
    if len(problems) > FEW:
        yield f"… and {len(problems) - FEW:,} more"


def _short(text: str) -> str:
    found = inert(text.replace("\n", " "))
    return found if len(found) <= LONGEST else f"{found[:LONGEST]}…"


def _harmless(line: str) -> str:
    return _OBEYED.sub("\\g<0>\u200b", line)
