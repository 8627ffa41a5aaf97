"""How far a run is, on stderr, for whatever takes longer than two seconds.

On a terminal a bar with counts and the time that is left (rich, loaded only then); elsewhere a
plain line now and then, so that a log shows progress.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final, Protocol, runtime_checkable

from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import Report
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan
from stashsync.render.phrases import duration
from stashsync.render.safe import inert
from stashsync.render.style import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE: Final = 2.0
"""Seconds before anything is shown."""
EVERY: Final = 10.0
"""Seconds between two plain lines."""


@runtime_checkable
class TakesProgress(Protocol):
    """A stream that shows a share by itself, as the log of Stash does."""

    def progress(self, share: float, *, reads: bool) -> None:
        """Report how far the reading, or the run after it, is: from 0 to 1."""


def report_share(stream: object, share: float, *, reads: bool) -> None:
    """Report a share to a stream that takes it; others get lines now and then."""
    if isinstance(stream, TakesProgress):
        stream.progress(share, reads=reads)


class Progress(Listener):
    """Shows how many operations of a run are settled, and the time that is left.

    Args:
        stream: where to.
        expected: how long the run takes by the estimate of its plan; 0 where there is none.
        clock: gives seconds.
        patience: the seconds before anything is shown.
        color: whether in colour; None for what the stream takes.
    """

    def __init__(
        self,
        stream: IO[str],
        *,
        expected: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
        color: bool | None = None,
    ) -> None:
        self._stream = stream
        self._expected = expected
        self._terminal = is_terminal(stream)
        self._clock = clock
        self._patience = patience
        self._color = color
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._total = self._failed = 0
        self._ended: dict[int, Status] = {}
        self._begin = self._next = 0.0
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def started(self, plan: Plan) -> None:
        """Begin to count; the bar appears after `patience`."""
        self._total = len(plan.operations)
        self._ended, self._failed = {}, 0
        self._begin = self._clock()
        self._next = self._begin + self._patience
        if self._terminal and self._total:
            # By the clock, not by the first answer: that one may take long.
            self._timer = threading.Timer(self._patience, self._open)
            self._timer.daemon = True
            self._timer.start()

    @property
    def _done(self) -> int:
        return len(self._ended)

    def waiting(self, reason: str, seconds: float) -> None:
        """Write what the run waits for, beside the bar where there is one."""
        line = inert(f"Waiting {seconds:.1f} s: {reason}")
        with self._lock:
            if self._bar is not None:
                self._bar.console.print(line, markup=False, highlight=False)
                return
        with suppress(OSError):
            self._stream.write(line + "\n")
            self._stream.flush()

    def settled(self, outcome: Outcome) -> None:
        """Count an operation."""
        with self._lock:
            before = self._ended.get(outcome.operation, Status.APPLIED)
            self._ended[outcome.operation] = outcome.status
            self._failed += outcome.status is not Status.APPLIED
            self._failed -= before is not Status.APPLIED
            if self._bar is not None and self._task is not None:
                words, left = self._words(), self._left(self._clock())
                self._bar.update(self._task, completed=self._done, description=words, left=left)
        if self._total:
            report_share(self._stream, self._done / self._total, reads=False)
        now = self._clock()
        if not self._terminal and now >= self._next and self._done < self._total:
            with suppress(OSError):
                self._stream.write(self.line(now) + "\n")
                self._stream.flush()
            self._next = now + EVERY

    def finished(self, report: Report) -> None:  # noqa: ARG002
        """Remove the bar."""
        self.close()

    def close(self) -> None:
        """Remove the bar; also where a run ends in an error."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._total = 0
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    def line(self, now: float) -> str:
        """Return `120 of 400 operations (30 %), about 20 s left, 2 not applied`."""
        share = _share(self._done, self._total, "operations")
        text = ", ".join(filter(None, (share, self._left(now))))
        return text + (f", {self._failed:,} not applied" if self._failed else "")

    def _left(self, now: float) -> str:
        share = self._done / self._total if self._total else 1.0
        return _left(share, now - self._begin, self._expected)

    def _words(self) -> str:
        return f"Applying ({self._failed:,} not applied)" if self._failed else "Applying"

    def _open(self) -> None:
        from rich.console import Console  # 0.1 s; only for what takes long
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        with self._lock:
            if not self._total:  # it ended just now
                return
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[left]}", markup=False),
                console=Console(file=self._stream, no_color=self._color is False or None),
                transient=True,
            )
            words, left = self._words(), self._left(self._clock())
            self._task = self._bar.add_task(
                words, total=self._total, completed=self._done, left=left
            )
            self._bar.start()


class Working:
    """Shows that something takes time, and how far it is if that is known.

    On a terminal it is one line that is replaced: at once, and from the third second on with the
    time it took or, once counts are known, with these and the time that is left. Elsewhere a plain
    line is written every ten seconds. `clock` gives seconds.
    """

    def __init__(
        self, words: str, stream: IO[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._words = words
        self._stream = stream
        self._clock = clock
        self._begin = clock()
        self._over = is_terminal(stream) and os.environ.get("TERM") != "dumb"
        self._counts: dict[str, tuple[int, int]] = {}

    def hear(self, what: str, done: int, count: int) -> None:
        """Note that `done` of `count` objects of a kind are read."""
        self._counts[what] = done, count
        done, count = self._so_far()
        if count:
            report_share(self._stream, done / count, reads=True)

    def line(self) -> str:
        """Return `Reading …: 3,000 of 10,723 objects (28 %), about 4 s left`."""
        passed = self._clock() - self._begin
        done, count = self._so_far()
        if not 0 < done < count:
            return f"{self._words} {duration(passed)}"
        return f"{self._words} {_share(done, count, 'objects')}, {_left(done / count, passed)}"

    def _so_far(self) -> tuple[int, int]:
        """Return how many objects are read, and how many there are as far as is known."""
        counts = self._counts.values()
        return sum(read for read, _ in counts), sum(known for _, known in counts)

    def show(self) -> None:
        """Write the line."""
        self._stream.write(f"\r{self.line()}\x1b[K" if self._over else f"{self.line()}\n")
        self._stream.flush()

    def erase(self) -> None:
        """Remove the line from a terminal."""
        if self._over:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def run(self, done: threading.Event) -> None:
        """Update the line until `done` is set."""
        if self._over:
            self._stream.write(f"\r{self._words}")
            self._stream.flush()
        wait = PATIENCE if self._over else EVERY
        while not done.wait(wait):
            self.show()
            wait = 1.0 if self._over else EVERY


@contextmanager
def working(words: str, stream: IO[str]) -> Generator[Working]:
    """Show `words` while something takes a time that is not known beforehand."""
    shown, done = Working(words, stream), threading.Event()
    thread = threading.Thread(target=shown.run, args=(done,), daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        done.set()
        thread.join()
        shown.erase()


def _share(done: int, count: int, noun: str) -> str:
    """Return `3,000 of 10,723 objects (28 %)`."""
    share = done / count if count else 1.0
    return f"{done:,} of {count:,} {noun} ({share * 100:.0f} %)"


def _left(share: float, passed: float, expected: float = 0.0) -> str:
    """Return `about 4 s left`, empty where nothing is known; `passed` and `expected` are seconds.

    What was expected counts as much as is left to do, and what it took so far as much as is done.
    """
    if share >= 1 or not (share or expected):
        return ""
    whole = (1 - share) * expected + passed if expected else passed / share
    return f"about {duration((1 - share) * whole)} left"
