"""What is known of a run at any time, for a run that does not come to its own end."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.applier.journal import Run
from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import Report, incomplete
from stashsync.outcomes import Outcome
from stashsync.planner.plan import Plan

UNANSWERED = "interrupted before the answer came"


class Account(Listener):
    """Keeps what was sent and how it ended; `begun` is an earlier part of the run."""

    def __init__(self, begun: Run | None = None) -> None:
        self._plan = Plan()
        self._outcomes = dict(begun.outcomes) if begun is not None else {}
        self._documents: list[set[int]] = [set(begun.unknown)] if begun is not None else []

    def started(self, plan: Plan) -> None:
        """Note the plan."""
        self._plan = plan

    def sending(self, operations: Sequence[int]) -> None:
        """Note operations as sent and not answered."""
        for index in operations:
            self._outcomes.pop(index, None)
        self._documents.append(set(operations))

    def settled(self, outcome: Outcome) -> None:
        """Note an outcome."""
        self._outcomes[outcome.operation] = outcome
        for document in self._documents:
            document.discard(outcome.operation)
        self._documents = [document for document in self._documents if document]

    def report(self) -> Report:
        """Report what is known, and what is not."""
        count = len(self._documents)
        stopped = "interrupted twice"
        if count == 1:
            stopped += "; 1 document is unknown"
        elif count:
            stopped += f"; {count} documents are unknown"
        unknown = set().union(*self._documents)
        return incomplete(self._plan, self._outcomes, unknown, UNANSWERED, stopped)
