"""Time that passes only during a sleep."""

from __future__ import annotations

import asyncio
from typing import Any

from stashsync.applier.patience import Patience


class Clock:
    """A clock and the sleep that moves it; `naps` are the sleeps so far, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def time(self) -> float:
        """Return the seconds so far."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass, and others run."""
        self.now += seconds
        self.naps.append(seconds)
        await asyncio.sleep(0)


def patience(clock: Clock | None = None, **limits: Any) -> Patience:
    """Return the patience of a run whose pauses take no time."""
    clock = clock or Clock()
    return Patience(sleep=clock.sleep, clock=clock.time, **limits)
