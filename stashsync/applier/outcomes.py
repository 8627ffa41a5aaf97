"""The report of a run: the outcome of every operation of the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from stashsync.errors import ExitCode
from stashsync.outcomes import Outcome, Status
from stashsync.planner.changes import Merge, Update, values_after
from stashsync.planner.plan import Plan


class Report(Struct, frozen=True):
    """The report of one run. `outcomes[i]` belongs to `plan.operations[i]`.

    `seconds` is the wall time of the run, `requests` the number of documents sent. `stopped` is
    the reason why the run ended early, or empty. `unfinished` is whether it is to be resumed.
    """

    plan: Plan
    outcomes: Sequence[Outcome]
    requests: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    stopped: str = ""
    unfinished: bool = False

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
    def half_merged(self) -> bool:
        """Whether objects may be merged away whose values the target has not got yet.

        Those of studios, such as their aliases, are then in this plan alone: the next one cannot
        find them.
        """
        status = [outcome.status for outcome in self.outcomes]
        steps = [(step, self.plan.changes[step.change]) for step in self.plan.operations]
        merged = {
            index: (change.kind, change.id)
            for index, (_, change) in enumerate(steps)
            if isinstance(change, Merge) and status[index] in (Status.APPLIED, Status.UNKNOWN)
        }
        return any(
            isinstance(change, Update)
            and status[index] is not Status.APPLIED
            and (change.kind, change.id)
            in [merged.get(other) for other in (*step.after, *step.waits)]
            for index, (step, change) in enumerate(steps)
        )

    @property
    def half_released(self) -> bool:
        """Whether objects may have given up aliases for a while that they have not got back.

        Those that no manifest mentions are then in this plan alone.
        """
        status = [outcome.status for outcome in self.outcomes]
        return any(
            status[index] is Status.APPLIED and status[later] is not Status.APPLIED
            for index, later in returns(self.plan).items()
        )

    @property
    def holds_values(self) -> bool:
        """Whether values are in this plan that no new one can find."""
        return self.half_merged or self.half_released

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that ends with this run."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.OK if self.complete else ExitCode.INCOMPLETE


def returns(plan: Plan) -> dict[int, int]:
    """Return the operations that take aliases away, each with the one that returns them.

    What the change takes away for good is not among them.
    """
    found: dict[int, int] = {}
    writes: dict[tuple[int, str], int] = {}
    for index, step in reversed([*enumerate(plan.operations)]):
        if not step.undo:
            writes.update({(step.change, name): index for name in step.fields})
        for name, whole in step.undo.items():
            later = writes.get((step.change, name))
            if later is None or not isinstance(whole, list):
                continue
            last = {**values_after(plan.changes[step.change]), **plan.operations[later].detour}
            if any(each in last[name] and each not in step.detour[name] for each in whole):
                found[index] = later
    return found


def incomplete(
    plan: Plan,
    outcomes: Mapping[int, Outcome],
    unknown: Collection[int],
    unanswered: str,
    stopped: str,
) -> Report:
    """Make the report of a run that did not come to its end.

    Args:
        plan: its plan.
        outcomes: those that are known.
        unknown: operations that were sent; why there is no answer is `unanswered`.
        unanswered: the message of these.
        stopped: why the run ended, also the message of what was not sent.
    """
    ends = [
        Outcome(index, Status.UNKNOWN, unanswered)
        if index in unknown
        else outcomes.get(index) or Outcome(index, Status.SKIPPED, stopped)
        for index in range(len(plan.operations))
    ]
    return Report(plan, tuple(ends), interrupted=True, stopped=stopped)
