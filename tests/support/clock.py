"""A clock for tests, on which time passes only during a sleep."""

from __future__ import annotations

import asyncio
from typing import Any

from stashsync.applier.patience import Patience


class Clock:
    """A clock and the sleep that advances it; `naps` are all sleeps, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Advance the clock, and let other tasks run."""
        self.now += seconds
        self.naps.append(seconds)
        await asyncio.sleep(0)


def patience(clock: Clock | None = None, **limits: Any) -> Patience:
    """Return a run's patience whose pauses take no real time."""
    clock = clock or Clock()
    return Patience(sleep=clock.sleep, clock=clock.time, **limits)
