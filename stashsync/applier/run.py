"""Carrying a plan out, with an account of every operation.

    ready operations ── cut ──> document ── send ──> outcomes ── ids exchanged ──┐
            ▲                       │ broken                                     │
            │                       └──> look up ── landed / absent / unclear    │
            └──────────── what needs something that failed is skipped <──────────┘

At most two documents are in flight, and only where nothing orders their operations: that hides the
round trip, and more would gain nothing, as the server has one connection for writing (planning 7).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stashsync.applier.cutting import Cutter, Sent
from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.lookup import Found, look_up
from stashsync.applier.outcomes import Report
from stashsync.applier.requests import update_request
from stashsync.applier.sizes import LARGEST, Sizes
from stashsync.client import StashClient
from stashsync.errors import StashError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Create, Plan
from stashsync.types import Capabilities
from stashsync.wire.batches import send_document
from stashsync.wire.operations import Document

IN_FLIGHT = 2
LOOK_UPS = 3
"""How often an operation is sent before an unclear end of it is left as it is."""
SETTLING_SECONDS = 0.5
"""What a server gets to notice a broken connection and roll back before it is asked."""


async def carry_out(
    plan: Plan,
    client: StashClient,
    *,
    root: Path,
    listener: Listener | None = None,
    interrupt: Interrupt | None = None,
    max_batch: int = LARGEST,
) -> Report:
    """Every operation of the plan sent, and what became of each.

    `root` is the project's folder, for images. `max_batch` limits the operations of a document.
    Nothing is raised for what goes wrong after the first document: it is in the report.

    Raises:
        StashError: the server cannot even be asked what it is; nothing has been sent.
    """
    run = _Run(plan, client, await client.capabilities(), root, listener or Listener(), interrupt)
    run.sizes = Sizes(max_batch)
    return await run.whole()


@dataclass
class _Run:
    plan: Plan
    client: StashClient
    server: Capabilities
    root: Path
    listener: Listener
    interrupt: Interrupt | None
    sizes: Sizes = field(default_factory=Sizes)
    ids: dict[str, str] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)
    requests: int = 0
    stopped: str = ""
    unreachable: bool = False
    cutter: Cutter = field(init=False)

    def __post_init__(self) -> None:
        self.cutter = Cutter(
            self.plan, self.server, self.root, self.ids, self.outcomes, self._settle
        )

    async def whole(self) -> Report:
        started = time.monotonic()
        self.listener.started(self.plan)
        waiting = list(range(len(self.plan.operations)))
        waiting.reverse()
        flights: dict[asyncio.Task[list[int]], Sequence[int]] = {}
        try:
            while True:
                self._take_off(waiting, flights)
                if not flights:
                    break
                landed, _ = await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)
                for flight in landed:
                    del flights[flight]
                    again = flight.result()
                    if again:
                        waiting.extend(again)
                        waiting.sort(reverse=True)
            if not self.unreachable:
                await self._step_back()
        finally:
            for flight in flights:
                flight.cancel()
            await asyncio.gather(*flights, return_exceptions=True)
        report = Report(
            plan=self.plan,
            outcomes=tuple(self.outcomes[index] for index in range(len(self.plan.operations))),
            requests=self.requests,
            seconds=time.monotonic() - started,
            interrupted=self.interrupt is not None and self.interrupt.requested,
            stopped=self.stopped,
        )
        self.listener.finished(report)
        return report

    # -- sending --------------------------------------------------------------------------------

    def _take_off(
        self, waiting: list[int], flights: dict[asyncio.Task[list[int]], Sequence[int]]
    ) -> None:
        """Send documents until two are in flight or the next has to wait for one of them."""
        while waiting and len(flights) < IN_FLIGHT:
            if self.interrupt is not None and self.interrupt.requested and not self.stopped:
                self.stopped = "interrupted"
            if self.stopped:
                for index in reversed(waiting):
                    self._settle(Outcome(index, Status.SKIPPED, self.stopped))
                waiting.clear()
                return
            document = self.cutter.cut(waiting, self.sizes.next)
            if document:
                indices = [index for some, _ in document for index in some]
                self.listener.sending(indices)
                flights[asyncio.ensure_future(self._fly(document))] = indices
            else:
                return

    async def _fly(self, document: Sequence[Sent]) -> list[int]:
        """Send one document and settle its operations; gives those that have to be sent again."""
        started = time.monotonic()
        self.requests += 1
        for indices, _ in document:
            for index in indices:
                self.attempts[index] = self.attempts.get(index, 0) + 1
        broken = await send_document(
            self.client.transport, Document.of([one for _, one in document])
        )
        unknown: list[int] = []
        unsent: list[int] = []
        again: list[int] = []
        for indices, one in document:
            if one.status is Status.APPLIED:
                for index in indices:
                    self._applied(index, one.result)
            elif one.status is Status.FAILED and len(indices) > 1:
                self.cutter.alone.update(indices)
                again += indices
            elif one.status is Status.FAILED:
                message = one.error.message if one.error else ""
                self._settle(Outcome(indices[0], Status.FAILED, message))
            elif one.status is Status.UNKNOWN:
                unknown += indices
            else:
                unsent += indices
        if unsent:
            self.unreachable = True
            self.stopped = self.stopped or (broken.message if broken else "nothing could be sent")
            for index in unsent:
                self._settle(Outcome(index, Status.SKIPPED, self.stopped))
        if not unknown:
            count = sum(len(indices) for indices, _ in document)
            self.sizes.took(count, time.monotonic() - started)
            return again
        reason = broken.message if broken else "the server did not say what became of it"
        return again + await self._find_out(unknown, reason)

    async def _find_out(self, unknown: Sequence[int], reason: str) -> list[int]:
        """Settle what can be looked up; gives the operations that certainly did not run."""
        again: list[int] = []
        await asyncio.sleep(SETTLING_SECONDS)
        for position, index in enumerate(unknown):
            try:
                found, identifier = await look_up(self.plan, index, self.ids, self.client)
            except StashError as error:
                self.unreachable = True
                self.stopped = error.message
                for one in unknown[position:]:
                    self._settle(Outcome(one, Status.UNKNOWN, f"{reason}; then: {error.message}"))
                break
            if found is Found.LANDED:
                self._applied(index, {"id": identifier})
            elif found is Found.ABSENT and self.attempts[index] < LOOK_UPS:
                again.append(index)
            elif found is Found.ABSENT:
                self._settle(Outcome(index, Status.FAILED, reason))
            else:
                self._settle(Outcome(index, Status.UNKNOWN, reason, id=identifier))
        return again

    def _applied(self, index: int, result: Any) -> None:
        change = self.plan.changes[self.plan.operations[index].change]
        identifier = result["id"] if isinstance(change, Create) else change.id
        if isinstance(change, Create):
            self.ids[change.token] = identifier
        self._settle(Outcome(index, Status.APPLIED, id=identifier))

    async def _step_back(self) -> None:
        """Give back what objects gave up for a moment, where the rest of their change failed.

        They return in the plan's own order, in which a pattern precedes what it matches.
        What cannot be given back, because another object has it by now, waits for the next run:
        a temporary name tells whose it is (see `planner.temporary`).
        """
        last = {one.change: index for index, one in enumerate(self.plan.operations)}
        aside = [index for index, one in enumerate(self.plan.operations) if one.undo]
        for index in sorted(aside, key=lambda one: last[self.plan.operations[one].change]):
            operation = self.plan.operations[index]
            end = self.outcomes[last[operation.change]]
            if self.outcomes[index].status is not Status.APPLIED:
                continue
            if end.status not in (Status.FAILED, Status.SKIPPED):
                continue
            change = self.plan.changes[operation.change]
            assert not isinstance(change, Create)  # what is new has given up nothing
            request = update_request(change.kind, change.id, operation.undo, self.server)
            self.requests += 1
            await send_document(self.client.transport, Document.of([request]))
            what = " and ".join(f"its {name}" for name in operation.undo)
            note = (
                f"it has {what} again"
                if request.status is Status.APPLIED
                else f"it could not get {what} back; the next apply will see to it"
            )
            message = f"{end.message}; {note}" if end.message else note
            self.outcomes[end.operation] = replace(end, message=message)

    def _settle(self, outcome: Outcome) -> None:
        self.outcomes[outcome.operation] = outcome
        self.listener.settled(outcome)
