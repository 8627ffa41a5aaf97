"""How many operations a document gets: by time, not by count (docs/planning-rules.md#execution).

The server runs operations one after another, and what one costs grows with the library and with
the plugins that listen. A document that takes longer than a proxy waits is cut off, so each
document's time decides the size of the next.
"""

from __future__ import annotations

START: int = 50
LARGEST: int = 250
IN_FLIGHT: int = 2
"""Documents on their way at once: that hides the round trip, and the server writes one by one."""
CUT: int = IN_FLIGHT + 1
"""Documents at once with the one that is prepared meanwhile: that hides the look at its objects."""
GOAL_SECONDS: float = 2.0
"""What a document should take: long enough to hide the round trip, short enough for any proxy."""


class Sizes:
    """The size of the next document, from the time of those before it."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = max(1, largest)
        self._next = min(START, self._largest)

    @property
    def next(self) -> int:
        """How many operations the next document may have."""
        return self._next

    def took(self, operations: int, seconds: float) -> None:
        """Learn from a document: at most twice as many next time, or as few as it takes."""
        fitting = int(GOAL_SECONDS * operations / max(seconds, 1e-6))
        self._next = max(1, min(fitting, 2 * self._next, self._largest))

    def restart(self) -> None:
        """Begin with a single operation again: the server takes nothing in at the moment."""
        self._next = 1
