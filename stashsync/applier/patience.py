"""Pauses of a run: before what did not run is sent again, and between looks at what is unknown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from stashsync.wire.settings import TimeLimits

_FIRST, _LONGEST = 0.5, 8.0


@dataclass
class Patience:
    """How long a run waits; all in seconds (docs/planning-rules.md#retries).

    Attributes:
        whole: for how long it tries to send what did not run, from its first failure on. Whatever
            is applied meanwhile starts the time anew.
        between_looks: how far two looks have to be apart.
        request: for how long the server may be at work on a document.
    """

    whole: float = 60.0
    between_looks: float = 0.5
    request: float = TimeLimits().mutation
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    _end: float | None = None
    _pauses: int = 0

    def restart(self) -> None:
        """Note that something was applied."""
        self._end, self._pauses = None, 0

    def next_pause(self, asked: float | None = None) -> float | None:
        """Return the next pause, twice as long as the one before; None once patience ends.

        `asked` is what the server asks for (Retry-After).
        """
        if self._end is None:
            self._end = self.clock() + self.whole
        left = self._end - self.clock()
        if left <= 0:
            return None
        pause: float = min(_LONGEST, _FIRST * 2.0 ** min(self._pauses, 30))
        self._pauses += 1
        return min(max(pause, asked or 0.0), left)
