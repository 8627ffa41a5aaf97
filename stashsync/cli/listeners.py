"""Who listens to a run on behalf of the command line."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import Report
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan


class Listeners(Listener):
    """Tells several listeners, in order."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = listeners

    def started(self, plan: Plan) -> None:
        for one in self._listeners:
            one.started(plan)

    def sending(self, operations: Sequence[int]) -> None:
        for one in self._listeners:
            one.sending(operations)

    def settled(self, outcome: Outcome) -> None:
        for one in self._listeners:
            one.settled(outcome)

    def finished(self, report: Report) -> None:
        for one in self._listeners:
            one.finished(report)


class Tally(Listener):
    """Counts, for the account of a run that is not allowed to end by itself."""

    def __init__(self) -> None:
        self._total = self._applied = self._settled = 0
        self._sent: set[int] = set()

    def started(self, plan: Plan) -> None:
        self._total = len(plan.operations)

    def sending(self, operations: Sequence[int]) -> None:
        self._sent.update(operations)

    def settled(self, outcome: Outcome) -> None:
        self._settled += 1
        self._applied += outcome.status is Status.APPLIED
        self._sent.discard(outcome.operation)

    def text(self) -> str:
        """What is known, and what is not."""
        return (
            f"Of {self._total:,} operations, {self._applied:,} are known to be applied; "
            f"what became of {len(self._sent):,} that were sent is unknown. "
            "The next plan will tell."
        )
