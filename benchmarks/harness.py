"""Cases, their measurement, and the table.

    prepare(folder, size)   once per size
          ▼
    floor(folder, size)     in turn, `repeat` times, each in a fresh process: so that both
    ours(folder, size)      meet the same machine, whatever else it does
          ▼
    least seconds and least peak memory of each, and the ratio

A measured function gives the seconds it took by its own clock, so that imports and the reading of
what it needs don't count. This module imports nothing of weight: on Linux a process begins with the
peak of the one that started it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGE = 100_000
"""The number of objects from which two turns have to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison. `prepare`, `ours` and `floor` are names of functions in its module.

    `goal` is the ratio that is to be reached at `goal_size` objects, or at all sizes; `peaks` has
    the most memory that is to be needed, in MB by size. `large` sizes are measured on request.
    """

    title: str
    ours: str
    floor: str
    floor_title: str
    sizes: tuple[int, ...]
    prepare: str = "prepare"
    goal: float | None = None
    goal_size: int | None = None
    peaks: Mapping[int, float] = field(default_factory=dict)
    large: tuple[int, ...] = ()
    repeat: int = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """The least of several runs; `peak` in MB, 0 where the system doesn't tell."""

    seconds: float
    peak: float


@dataclass(frozen=True, slots=True)
class Row:
    """A case at one size, measured."""

    case: Case
    size: int
    ours: Measured
    floor: Measured

    @property
    def ratio(self) -> float:
        """How many times the floor ours takes."""
        return self.ours.seconds / self.floor.seconds

    @property
    def goal(self) -> float | None:
        """The goal, where it is set for this size."""
        return self.case.goal if self.case.goal_size in (None, self.size) else None

    @property
    def peak_goal(self) -> float | None:
        """The most memory in MB, where there is a goal for this size."""
        return self.case.peaks.get(self.size)

    @property
    def reached(self) -> bool:
        """Whether there is no goal, or all are met."""
        fast = self.goal is None or self.ratio <= self.goal
        return fast and (self.peak_goal is None or self.ours.peak <= self.peak_goal)


def measure(module: str, say: Callable[[str], object], *, large: bool = False) -> Iterator[Row]:
    """Every case of a module at every size, smallest first; `large` ones where they are wanted."""
    cases: Sequence[Case] = import_module(module).CASES
    with tempfile.TemporaryDirectory(prefix="stashsync-bench-") as folder:
        for case in cases:
            for size in (*case.sizes, *(case.large if large else ())):
                say(f"{case.title}, {size:,}")
                place = Path(folder) / f"{case.prepare}-{size}"
                if not place.exists():
                    place.mkdir()
                    _run(module, case.prepare, place, size)
                repeats = range(case.repeat if size < LARGE else 1 if size in case.large else 2)
                both = [
                    (_run(module, case.floor, place, size), _run(module, case.ours, place, size))
                    for _ in repeats
                ]
                yield Row(
                    case, size, _least(ours for _, ours in both), _least(floor for floor, _ in both)
                )


def _least(found: Iterable[Measured]) -> Measured:
    runs = list(found)
    return Measured(min(run.seconds for run in runs), min(run.peak for run in runs))


def _run(module: str, function: str, folder: Path, size: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.worker", module, function, str(folder), str(size)]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return Measured(**json.loads(answer.stdout.splitlines()[-1]))


HEADER = ("what", "objects", "ours", "peak", "floor", "its peak", "floor is", "ratio", "goal")


def table(rows: Sequence[Row]) -> str:
    """Return the rows in Markdown, readable as it is."""
    return lined_up([HEADER, *(_cells(row) for row in rows)])


def lined_up(cells: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; the first row is its head."""
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "| "
        + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))
        + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    goals = [] if row.goal is None else [f"≤ {row.goal:g}"]
    if row.peak_goal is not None:
        goals.append(f"≤ {row.peak_goal:,.0f} MB")
    goal = ", ".join(goals)
    if not row.reached:
        goal += " missed"
    return (
        row.case.title,
        f"{row.size:,}",
        seconds_text(row.ours.seconds),
        _megabytes(row.ours.peak),
        seconds_text(row.floor.seconds),
        _megabytes(row.floor.peak),
        row.case.floor_title,
        f"{row.ratio:.2f}",
        goal,
    )


def _megabytes(peak: float) -> str:
    return f"{peak:.0f} MB" if peak else ""


def seconds_text(seconds: float) -> str:
    """Return a duration as people read it."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
