"""How far a run is, on stderr, for whatever takes longer than two seconds.

On a terminal a bar with counts and the time that is left (rich, loaded only then); elsewhere a
plain line now and then, so that a log shows that something goes on.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import Outcome, Report, Status
from stashsync.planner.plan import Plan
from stashsync.render.style import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE: Final = 2.0
"""Seconds before anything is shown."""
EVERY: Final = 10.0
"""Seconds between two plain lines."""


class Progress(Listener):
    """Shows how many operations of a run are settled. `clock` gives seconds."""

    def __init__(
        self,
        stream: IO[str],
        *,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
        color: bool | None = None,
    ) -> None:
        self._stream = stream
        self._terminal = is_terminal(stream)
        self._clock = clock
        self._patience = patience
        self._color = color
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._total = self._done = self._failed = 0
        self._begin = self._next = 0.0
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def started(self, plan: Plan) -> None:
        self._total = len(plan.operations)
        self._done = self._failed = 0
        self._begin = self._clock()
        self._next = self._begin + self._patience
        if self._terminal and self._total:
            # By the clock, not by the first answer: that one may take long.
            self._timer = threading.Timer(self._patience, self._open)
            self._timer.daemon = True
            self._timer.start()

    def settled(self, outcome: Outcome) -> None:
        with self._lock:
            self._done += 1
            self._failed += outcome.status is not Status.APPLIED
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=self._done, description=self._words())
        now = self._clock()
        if not self._terminal and now >= self._next and self._done < self._total:
            self._stream.write(self.line(now) + "\n")
            self._stream.flush()
            self._next = now + EVERY

    def finished(self, report: Report) -> None:  # noqa: ARG002
        self.close()

    def close(self) -> None:
        """Take the bar away; also where a run ends in an error."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._total = 0
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    def line(self, now: float) -> str:
        """`120 of 400 operations (30 %), about 20 s left, 2 not applied`."""
        share = self._done / self._total if self._total else 1.0
        text = f"{self._done:,} of {self._total:,} operations ({share:.0%})".replace("%", " %")
        if 0 < share < 1:
            text += f", about {duration((now - self._begin) * (1 - share) / share)} left"
        return text + (f", {self._failed:,} not applied" if self._failed else "")

    def _words(self) -> str:
        return f"Applying ({self._failed:,} not applied)" if self._failed else "Applying"

    def _open(self) -> None:
        from rich.console import Console  # 0.1 s; only for what takes long
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        with self._lock:
            if not self._total:  # it ended just now
                return
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(file=self._stream, no_color=self._color is False or None),
                transient=True,
            )
            words = self._words()
            self._task = self._bar.add_task(words, total=self._total, completed=self._done)
            self._bar.start()


def duration(seconds: float) -> str:
    """`20 s`, `3 min`, `1 h 5 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def working(words: str, stream: IO[str]) -> Iterator[None]:
    """Says `words` on a terminal at once, and after two seconds how long it has taken so far.

    For work whose length nobody knows. The line is gone when it is done.
    """
    if not is_terminal(stream) or os.environ.get("TERM") == "dumb":
        yield
        return
    done = threading.Event()
    begin = time.monotonic()

    def tick() -> None:
        while not done.wait(1.0 if time.monotonic() - begin >= PATIENCE else PATIENCE):
            stream.write(f"\r{words} {duration(time.monotonic() - begin)}\x1b[K")
            stream.flush()

    stream.write(f"\r{words}")
    stream.flush()
    ticking = threading.Thread(target=tick, daemon=True)
    ticking.start()
    try:
        yield
    finally:
        done.set()
        ticking.join()
        stream.write("\r\x1b[K")
        stream.flush()
