"""Find out what became of operations that were sent and not answered.

    look ── pause ── look ──┬─ the same ────────────────────> believed
             ▲              ├─ something moved ──┐
             └──────────────┴────────────────────┘
                            └─ the time of the request is over ──> what is absent may yet come

A server may go on committing after its connection broke, operation by operation in their order.
So all operations of a document are looked at together, and one look is not believed.

Source: docs/planning-rules.md#unknown-outcomes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from stashsync.applier.lookup import Trace, look_up
from stashsync.applier.patience import Patience
from stashsync.client.core import Core
from stashsync.planner import Plan
from stashsync.planner.expectation import Expectation

Looks: TypeAlias = Mapping[int, tuple[Trace, str]]
"""What the server shows of each operation, and the id of its object."""


async def find_out(
    expectation: Expectation,
    operations: Sequence[int],
    client: Core,
    patience: Patience,
    until: float,
) -> Looks:
    """Look at operations until the server shows the same twice in a row, or until a time.

    Args:
        expectation: what the plan leads to.
        operations: what is unknown of it.
        client: the server.
        patience: sleeps between two looks, and has the clock.
        until: when the server certainly is at work no more.

    Raises:
        StashError: the server cannot be asked.
    """
    before: Looks = {}
    while True:
        now = {index: await look_up(expectation, index, client) for index in operations}
        if now == before:
            return now
        if before and patience.clock() >= until:
            return {index: _unsure(*look) for index, look in now.items()}
        before = now
        await patience.sleep(patience.between_looks)


def did_not_run(plan: Plan, looks: Looks) -> list[int]:
    """Return the operations that are to be sent again, in their order."""
    absent: list[int] = []
    begins_anew: set[int] = set()
    for index, (trace, _) in sorted(looks.items()):
        operation = plan.operations[index]
        # What comes after an operation that did not run has not run either.
        earlier = {*operation.waits, *operation.after}
        follows = trace is Trace.UNCLEAR and not earlier.isdisjoint(absent)
        if trace is Trace.ABSENT or follows or operation.change in begins_anew:
            absent.append(index)
            begins_anew.add(operation.change)  # its later steps may look done, as before the first
    return absent


def _unsure(trace: Trace, identifier: str) -> tuple[Trace, str]:
    return (Trace.UNCLEAR if trace is Trace.ABSENT else trace), identifier
