"""How many operations a document gets: by time, not by count (docs/planning-rules.md#execution).

The server runs operations one after another, and what one costs grows with the library and with
the plugins that listen. A document that takes longer than a proxy waits is cut off, so what the
operations of each document cost decides the size of the next. How long the line is does not: a
document takes `round trip + n × cost`.
"""

from __future__ import annotations

START: int = 50
LARGEST: int = 250
IN_FLIGHT: int = 2
"""Documents on their way at once: that hides the round trip, and the server writes one by one."""
CUT: int = IN_FLIGHT + 1
"""Documents at once with the one that is prepared meanwhile: that hides the look at its objects."""
GOAL_SECONDS: float = 2.0
"""What a document should cost: enough to hide the round trip, little enough for any proxy."""
USUAL_COST: float = 0.0012
"""Seconds of the server for an operation, before one was measured."""


class Sizes:
    """The size of the next document, from the cost of an operation in those before it.

    At first a document costs as much as a round trip, and has at least `START` operations. All
    times are in seconds.

    Args:
        largest: the most operations in one document.
        round_trip: the shortest time in which an answer came so far; 0 where that is not known.
    """

    def __init__(self, largest: int = LARGEST, round_trip: float = 0.0) -> None:
        self._largest = max(1, largest)
        self._round_trip = round_trip
        self._answered = float("-inf")
        self._next = min(max(START, int(round_trip / USUAL_COST)), self._largest)

    @property
    def next(self) -> int:
        """How many operations the next document may have."""
        return self._next

    def took(self, operations: int, sent: float, answered: float) -> None:
        """Learn from a document: at most twice as many next time, or as few as their cost allows.

        The server can begin it a round trip before its answer at the earliest, and not before it
        has answered the document before.
        """
        self._round_trip = min(self._round_trip, answered - sent)
        begun = max(sent + self._round_trip, self._answered)
        self._answered = answered
        cost = max(answered - begun, 1e-6) / operations
        fitting = int(GOAL_SECONDS / cost)
        self._next = max(1, min(fitting, 2 * self._next, self._largest))

    def restart(self) -> None:
        """Begin with a single operation again: the server takes nothing in at the moment."""
        self._next = 1
