"""Run a law often: `python -m tests.laws.long_run [--law plans] [--runs 100000] [--state FILE]`.

    plans      any library becomes any other (`journey`); each hundredth in documents over HTTP, too
    disturbed  others edit into runs, which are cut and resumed (`disturbed`)
    undone     runs are taken back (`undoing`)
    cut        runs are cut short and taken back (`cut_and_undone`)
    goes       runs are taken back in two goes (`two_goes`)
    turns      runs are taken back, and their undoes, in turn (`undone_in_turn`)
    pulls      edits are pulled into files in random styles (`tests/pull/fuzz.py`)

Every core takes seeds in turn. What has been done stands in the state file, so that a run can be
stopped (Ctrl-C) and resumed. Seeds that failed are listed there with what went wrong; `--seed N`
runs one of them alone.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from stashsync.sandbox import documents
from tests.laws import cut_and_undone, disturbed, journey, two_goes, undoing, undone_in_turn
from tests.pull import fuzz

EVERY = 100
"""One run of so many goes over HTTP too."""
_MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
AT_ONCE = 50
"""The runs that a process does between two reports."""


@dataclass
class Progress:
    """What has been done: seeds from `first` up to `following`, and what came of them."""

    first: int = 0
    following: int = 0
    seconds: float = 0.0
    operations: int = 0
    detours: int = 0
    merges: int = 0
    over_http: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    left: dict[str, Sequence[str]] = field(default_factory=dict)

    def add(self, part: Progress) -> None:
        """Take in what a process has done."""
        self.following = max(self.following, part.following)
        self.operations += part.operations
        self.detours += part.detours
        self.merges += part.merges
        self.over_http += part.over_http
        self.failures |= part.failures
        self.left |= part.left

    def words(self) -> str:
        """Return the numbers on one line."""
        return (
            f"{self.following - self.first:,} runs, {self.operations:,} operations "
            f"({self.detours:,} of them detours), {self.merges:,} merges, "
            f"{self.over_http:,} runs over HTTP as well, {self.seconds:,.0f} s, "
            f"{len(self.left):,} left to a person, {len(self.failures)} failures"
        )


def run_once(seed: int) -> journey.Outcome:
    """Make one run, each hundredth over HTTP as well.

    Raises:
        Broken: the law does not hold for it.
    """
    outcome = journey.go(seed)
    if seed % EVERY == 0:
        journey.go_in_batches(seed)
    return outcome


def _disturbed(seed: int) -> journey.Outcome:
    return journey.Outcome(disturbed.go(seed).operations, 0, 0)


def _undone(seed: int) -> journey.Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return journey.Outcome(undoing.go(seed, root=Path(folder)).operations, 0, 0)


def _cut(seed: int) -> journey.Outcome:
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        return journey.Outcome(cut_and_undone.go(seed, root=Path(folder)).operations, 0, 0)


def _in_two_goes(seed: int) -> journey.Outcome:
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        return journey.Outcome(two_goes.go(seed, root=Path(folder)).operations, 0, 0)


def _in_turn(seed: int) -> journey.Outcome:
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        return journey.Outcome(undone_in_turn.go(seed, root=Path(folder)).operations, 0, 0)


def _pulled(seed: int) -> journey.Outcome:
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        run = fuzz.go(seed, Path(folder))
    return journey.Outcome(len(run.edits), 0, 0, tuple(run.manual))


LAWS: Final[Mapping[str, Callable[[int], journey.Outcome]]] = {
    "plans": run_once,
    "disturbed": _disturbed,
    "undone": _undone,
    "cut": _cut,
    "goes": _in_two_goes,
    "turns": _in_turn,
    "pulls": _pulled,
}


def run_seeds(seeds: range, law: str) -> Progress:
    """Make these runs in turn; record failures, and go on with the others."""
    part = Progress(seeds.start, seeds.stop)
    for seed in seeds:
        try:
            outcome = LAWS[law](seed)
        except Exception:
            part.failures[str(seed)] = traceback.format_exc(limit=-3)
        else:
            part.operations += outcome.operations
            part.detours += outcome.detours
            part.merges += outcome.merges
            if outcome.left:
                part.left[str(seed)] = outcome.left
        part.over_http += law == "plans" and seed % EVERY == 0
    return part


def main() -> int:
    """Return 0 if the law held in every run, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.laws.long_run", description=__doc__)
    parser.add_argument("--law", choices=LAWS, default="plans")
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--state", type=Path, default=Path("law.json"))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, help="this run alone, with a traceback")
    given = parser.parse_args()
    if given.seed is not None:
        print(LAWS[given.law](given.seed))
        if given.law == "plans":
            journey.go_in_batches(given.seed)
        return 0
    progress = _resumed(given.state) or Progress(given.first, given.first)
    end = progress.first + given.runs
    print(f"seeds {progress.following} to {end - 1}, {given.processes} processes", flush=True)
    before, start = progress.seconds, time.monotonic()
    with contextlib.suppress(KeyboardInterrupt):
        for part in _parts(given.law, progress.following, end, given.processes):
            progress.add(part)
            progress.seconds = before + time.monotonic() - start
            _keep(given.state, progress)
            if part.following % 1000 == 0:
                print(progress.words(), flush=True)
            for seed, what in part.failures.items():
                print(f"seed {seed}:\n{what}", file=sys.stderr, flush=True)
    print(progress.words())
    return 1 if progress.failures else 0


def _parts(law: str, start: int, end: int, processes: int) -> Iterator[Progress]:
    """Yield the seeds in parts, in order: what is reported has no gaps."""
    parts = (range(at, min(at + AT_ONCE, end)) for at in range(start, end, AT_ONCE))
    with multiprocessing.get_context("spawn").Pool(processes, _prepare) as pool:
        while window := list(islice(parts, 20 * processes)):
            yield from pool.imap(partial(run_seeds, law=law), window)


def _prepare() -> None:
    """Prepare a process for thousands of runs: collect garbage seldom, keep many documents."""
    gc.freeze()  # modules outlive all runs
    gc.set_threshold(100_000)
    documents.KEPT = 20_000


def _resumed(path: Path) -> Progress | None:
    return Progress(**orjson.loads(path.read_bytes())) if path.exists() else None


def _keep(path: Path, progress: Progress) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(orjson.dumps(asdict(progress), option=orjson.OPT_INDENT_2))
    new.replace(path)


if __name__ == "__main__":
    sys.exit(main())
