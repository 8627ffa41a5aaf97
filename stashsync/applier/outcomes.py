"""The report of a run: the outcome of every operation of the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stashsync.errors import ExitCode
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Plan


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one run. `outcomes[i]` belongs to `plan.operations[i]`.

    `seconds` is the wall time of the run, `requests` the number of documents sent. `stopped` is
    the reason why the run ended early, or empty.
    """

    plan: Plan
    outcomes: Sequence[Outcome]
    requests: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    stopped: str = ""

    def totals(self) -> Counter[Status]:
        """Count the operations by status."""
        return Counter(outcome.status for outcome in self.outcomes)

    def changed(self, action: str) -> int:
        """Count the changes of this action that were applied whole."""
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
        """The exit code of a command that ends with this run."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.OK if self.complete else ExitCode.INCOMPLETE
