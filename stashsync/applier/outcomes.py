"""The account of a run: every operation of the plan ends as exactly one of four things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stashsync.errors import ExitCode
from stashsync.planner.plan import Plan


class Status(StrEnum):
    """How an operation ended."""

    APPLIED = "applied"
    FAILED = "failed"
    """The server refused it; the message is the server's."""
    SKIPPED = "skipped"
    """It was not sent: something that it needs did not happen, or the run was stopped before."""
    UNKNOWN = "unknown"
    """It was sent and no answer told what became of it, nor could that be looked up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one operation of the plan.

    `id` is the server id of the object, where it is known. `because` is the index of the operation
    whose failure made this one impossible.
    """

    operation: int
    status: Status
    message: str = ""
    id: str | None = None
    because: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The account of one run. `outcomes[i]` belongs to `plan.operations[i]`.

    `seconds` is the wall time of the run, `requests` the number of documents sent. `stopped` says
    why the run ended early, if it did.
    """

    plan: Plan
    outcomes: Sequence[Outcome]
    requests: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    stopped: str = ""

    def totals(self) -> Counter[Status]:
        """The number of operations by status."""
        return Counter(outcome.status for outcome in self.outcomes)

    def changed(self, action: str) -> int:
        """How many changes of this action were applied whole."""
        open_changes = {
            operation.change
            for operation, outcome in zip(self.plan.operations, self.outcomes, strict=True)
            if outcome.status is not Status.APPLIED
        }
        return sum(
            1
            for index, change in enumerate(self.plan.changes)
            if change.action == action and index not in open_changes
        )

    @property
    def complete(self) -> bool:
        """Whether every operation was applied."""
        return all(outcome.status is Status.APPLIED for outcome in self.outcomes)

    @property
    def exit_code(self) -> ExitCode:
        """What the run means for scripts."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.OK if self.complete else ExitCode.INCOMPLETE
