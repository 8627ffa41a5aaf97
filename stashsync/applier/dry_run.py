"""A run without a server: the documents that would be sent, and the time they would take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stashsync.applier.cutting import Cutter, Sent
from stashsync.applier.sizes import CUT, IN_FLIGHT, LARGEST, Sizes
from stashsync.kinds import Capabilities
from stashsync.planner import Change, Create, Plan
from stashsync.planner.changes import token_of


@dataclass
class DryRun:
    """A run on a server that applies everything. Images are not read: only their weight counts.

    Args:
        cost: the server's time for a document, in seconds.
        round_trip: the time that a document and its answer are on their way, in seconds.
    """

    plan: Plan
    server: Capabilities
    root: Path = Path()
    max_batch: int = LARGEST
    round_trip: float = 0.0
    cost: Callable[[Sequence[Sent]], float] = lambda _: 0.0
    seconds: float = field(default=0.0, init=False)
    """The time until the last of the documents that were yielded is answered."""

    def documents(self) -> Iterator[list[Sent]]:
        """Yield the documents in the order in which they are cut."""
        sizes = Sizes(self.max_batch, self.round_trip)
        cutter = Cutter(self.plan, self.server, self.root, lambda _: None, sizes)
        flights: deque[tuple[list[int], float, float]] = deque()
        answers = [0.0] * IN_FLIGHT
        now = 0.0
        while True:
            while len(flights) < CUT and (document := cutter.next()):
                operations = [index for indices, _ in document for index in indices]
                # The look at its objects is hidden where others are on their way.
                looks = self.round_trip if self._looks(operations) and not flights else 0.0
                sent = max(now + looks, answers[-IN_FLIGHT])
                begun = max(sent + self.round_trip / 2, answers[-1] - self.round_trip / 2)
                answers.append(begun + self.cost(document) + self.round_trip / 2)
                flights.append((operations, sent, answers[-1]))
                self.seconds = answers[-1]
                yield document
            if not flights:
                return
            operations, sent, now = flights.popleft()
            for index in operations:
                cutter.apply(index, token_of(self._change(index)))
            sizes.took(len(operations), sent, now)

    def _looks(self, operations: Sequence[int]) -> bool:
        return any(not isinstance(self._change(index), Create) for index in operations)

    def _change(self, index: int) -> Change:
        return self.plan.changes[self.plan.operations[index].change]
