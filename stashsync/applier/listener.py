"""Events of a run. All methods do nothing here; override those of interest."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.applier.before import Images
from stashsync.applier.outcomes import Report
from stashsync.outcomes import Outcome
from stashsync.planner.plan import Plan


class Listener:
    """Receives the events of a run, always in the thread that runs it."""

    def started(self, plan: Plan) -> None:
        """Note that a run begins; `len(plan.operations)` operations lie ahead."""

    @property
    def keeps_before(self) -> bool:
        """Whether it wants to know what the operations remove or overwrite."""
        return False

    def before(self, images: Images) -> None:
        """Note what the operations that are about to be sent remove or overwrite."""

    def sending(self, operations: Sequence[int]) -> None:
        """Note that a document with these operations (indices) is about to be sent."""

    def waiting(self, reason: str, seconds: float) -> None:
        """Note that the run pauses before it asks the server again."""

    def settled(self, outcome: Outcome) -> None:
        """Note the outcome of one operation; a later one of the same operation replaces it."""

    def finished(self, report: Report) -> None:
        """Note that the run is over; nothing will be sent any more."""


class Interrupt:
    """A request to stop after the document in flight. Set from a signal handler."""

    def __init__(self) -> None:
        self.requested = False

    def request(self) -> None:
        """Ask the run to end as soon as the document in flight is answered."""
        self.requested = True
