"""A real server, by its address: `python -m benchmarks real --stash-url URL`.

    an empty server ── creates, in two waves, and many
          ▼
    a library of 12,000 tags ── read by us, and by httpx alone, in turn
          ▼                  ── updated, with and without a look before
    destroyed

Ours and the floor run in turn, each in a process of its own (`real_steps`); the quickest run of
each counts. Where the server is on this machine its processor time stands beside ours: that is the
profile of what only the server can make quicker.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from benchmarks.bare import KEY_VARIABLE, MADE, Bare
from benchmarks.harness import ROOT, lined_up, seconds_text

BARE = "the same documents by httpx"
DENSE = "lists in every row, by httpx"
BLIND = "without the look"
BY_HAND = "the same by hand"
LINE = "server + 2 round trips a wave"
WAVES = 2
SLOWEST_LOOK = 20
"""The longest of the lines on which updates are measured, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is made and read, and how often it is measured."""

    read: int = 12_000
    made: int = 6_443
    in_waves: int = 1_000
    updated: tuple[int, ...] = (1_000, 10_000)
    lines: tuple[int, ...] = (0, 20, 200, 2_000)
    """Latencies, in milliseconds."""
    rounds: int = 5
    rounds_of_many: int = 2
    """Of what takes a minute each time."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run, in seconds; `server` is the processor time of the server, if it is known."""

    wall: float
    client: float
    server: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, ours and the floor. A goal is one of the ratio, or of the share."""

    title: str
    size: int
    ours: Run
    floor: Run
    floor_title: str
    further: float = 0.0
    """What the line adds to the floor."""
    ratio_goal: float | None = None
    share_goal: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the floor ours takes."""
        return self.ours.wall / (self.floor.wall + self.further)

    @property
    def share(self) -> float:
        """The processor time of the whole client process in the time that passes."""
        return self.ours.client / self.ours.wall

    @property
    def reached(self) -> bool:
        """Whether the goals are met, if there are any."""
        return self.ratio <= (self.ratio_goal or self.ratio) and self.share <= (
            self.share_goal or self.share
        )


Profile = dict[str, list[float]]
"""By columns, how long the server takes for each page of them, asked one after the other."""


class RefusedError(Exception):
    """The server is in use, or none answers."""


@dataclass(frozen=True, slots=True)
class Real:
    """A server, and a folder for what the steps share."""

    url: str
    folder: Path
    sizes: Sizes
    say: Callable[[str], object]

    def measure(self) -> tuple[list[Row], Profile]:
        """Make, measure, destroy. What was made is destroyed whatever happens."""
        sizes = self.sizes
        try:
            rows = [
                self._made(
                    f"creates in two waves, {milliseconds:,} ms",
                    "waves", sizes.in_waves, LINE, sizes.rounds,
                    seconds=milliseconds / 1000, ratio_goal=1.1,
                )
                for milliseconds in self._lines
            ]  # fmt: skip
            rows.append(
                self._made(
                    "apply", "creates", sizes.made, BY_HAND, sizes.rounds_of_many, share_goal=0.02
                )
            )
            self.say(f"making {sizes.read:,} tags")
            self._step("make", sizes.read)
            self._step("record", sizes.read)
            rows += self._read()
            rows += self._looked_at()
            return rows, self._answer("alone", sizes.read, 0.0)
        finally:
            self.say("destroying what was made")
            self._destroy()

    @property
    def _lines(self) -> tuple[int, ...]:
        """Latencies. Where a certificate would not be for a relay's address, there is none."""
        return self.sizes.lines if urlsplit(self.url).scheme == "http" else (0,)

    def _made(self, title: str, step: str, size: int, floor: str, rounds: int, *,
              seconds: float = 0.0, **goals: float) -> Row:  # fmt: skip
        both = []
        for _ in range(rounds):
            self.say(f"{title}, {size:,}")
            bare = self._step(f"{step}_bare", size)
            self._destroy()
            ours = self._step(step, size, seconds)
            self._destroy()
            both.append((ours, bare))
        further = 2 * seconds * WAVES
        ours, bare = _quickest(both)
        return Row(title, size, ours, bare, floor, further, **goals)

    def _read(self) -> Iterator[Row]:
        size = self.sizes.read
        steps = (
            "plan_bare",
            "observing",
            "dense_bare",
            "planning",
            "pulling",
            "snapshot_bare",
            "taking",
        )
        found: dict[str, list[Run]] = {step: [] for step in steps}
        for number in range(self.sizes.rounds):
            for step in steps:
                self.say(f"{step}, round {number + 1}")
                found[step].append(self._step(step, size))
        for title, step, floor, floor_title, goal in (
            ("tags read for a plan", "observing", "plan_bare", BARE, 1.2),
            ("the same", "observing", "dense_bare", DENSE, None),
            ("plan, nothing changed, cache filled", "planning", "plan_bare", BARE, 1.2),
            ("pull, nothing changed, cache filled", "pulling", "plan_bare", BARE, 1.2),
            ("snapshot, written", "taking", "snapshot_bare", BARE, 1.2),
        ):
            ours, bare = _quickest(list(zip(found[step], found[floor], strict=True)))
            yield Row(title, size, ours, bare, floor_title, ratio_goal=goal)

    def _looked_at(self) -> Iterator[Row]:
        sizes = self.sizes
        for step, title, many, rounds in (
            ("applies", "apply of updates", sizes.updated, sizes.rounds),
            ("updates", "updates alone", sizes.updated, sizes.rounds),
            ("renames", "renames alone", sizes.updated[:1], sizes.rounds_of_many),
        ):
            for milliseconds in (each for each in self._lines if each <= SLOWEST_LOOK):
                for size in many:
                    both = []
                    for _ in range(rounds):
                        self.say(f"{title}, {milliseconds} ms, {size:,}")
                        blind = self._step(f"{step}_blind", size, milliseconds / 1000)
                        both.append((self._step(step, size, milliseconds / 1000), blind))
                    name = f"{title}, looked at, {milliseconds} ms"
                    yield Row(name, size, *_quickest(both), BLIND, ratio_goal=1.1)

    def _destroy(self) -> None:
        with Bare(self.url, self.folder / MADE) as server:
            server.destroy_made()

    def _step(self, step: str, size: int, seconds: float = 0.0) -> Run:
        return Run(**self._answer(step, size, seconds))

    def _answer(self, step: str, size: int, seconds: float) -> Any:
        given = [step, self.url, str(self.folder), str(size), str(seconds)]
        command = [sys.executable, "-m", "benchmarks.real_steps", *given]
        answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        return json.loads(answer.stdout.splitlines()[-1])


def _quickest(both: Sequence[tuple[Run, Run]]) -> tuple[Run, Run]:
    ours, floors = zip(*both, strict=True)
    return min(ours, key=_wall), min(floors, key=_wall)


def _wall(run: Run) -> float:
    return run.wall


def measure(
    url: str,
    *,
    say: Callable[[str], object],
    api_key: str | None = None,
    beside_tags: bool = False,
    sizes: Sizes | None = None,
) -> tuple[list[Row], Profile]:
    """Measure a server that has no tags, or whatever it has.

    Raises:
        RefusedError: it has tags, or does not answer.
    """
    if api_key:
        os.environ[KEY_VARIABLE] = api_key
    with tempfile.TemporaryDirectory(prefix="stashsync-bench-") as folder:
        try:
            with Bare(url, Path(folder) / MADE) as server:
                count = server.count()
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError, ValueError) as error:
            raise RefusedError(f"no Stash server answers at {url}: {error}") from error
        if count and not beside_tags:
            raise RefusedError(
                f"{url} has tags already ({count:,}). The benchmark makes thousands of its own and "
                "destroys them: give it a server of its own, or --beside-tags"
            )
        return Real(url, Path(folder), sizes or Sizes(), say).measure()


# -- the page -------------------------------------------------------------------------------------

HEADER = (
    "what",
    "objects",
    "ours",
    "floor",
    "floor is",
    "ratio",
    "client",
    "server",
    "server, floor",
    "goal",
)
PROFILE_HEADER = ("columns of tags", "documents", "each", "all", "share")


def table(rows: Sequence[Row]) -> str:
    """Return the rows in Markdown."""
    return lined_up([HEADER, *map(_cells, rows)])


def profile_table(found: Profile) -> str:
    """Return where the server spends the time of a plan, in Markdown."""
    whole = sum(map(sum, found.values()))
    return lined_up([
        PROFILE_HEADER,
        *(
            (f"`{columns}`", str(len(times)), seconds_text(sum(times) / len(times)),
             seconds_text(sum(times)), f"{sum(times) / whole:.0%}")
            for columns, times in found.items()
        ),
    ])  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    server, its = row.ours.server, row.floor.server
    goal = f"≤ {row.ratio_goal:g}" if row.ratio_goal else ""
    goal += f"client ≤ {row.share_goal:.0%}" if row.share_goal else ""
    return (
        row.title,
        f"{row.size:,}",
        seconds_text(row.ours.wall),
        seconds_text(row.floor.wall + row.further),
        row.floor_title,
        f"{row.ratio:.2f}",
        f"{seconds_text(row.ours.client)}, {row.share:.1%}",
        "" if server is None else f"{seconds_text(server)}, {server / row.ours.wall:.0%}",
        "" if its is None else seconds_text(its),
        goal if row.reached else f"{goal} missed",
    )
