"""Apply a plan, with an outcome for every operation.

    waiting operations ── cut ──> document ── send ──> outcomes ── ids exchanged ──┐
            ▲                       │ broken                                       │
            │                       └──> look up ── landed / absent / unclear      │
            └──────────── what needs something that failed is skipped <────────────┘

At most two documents are in flight, and only where nothing orders their operations: that hides the
round trip, and more would gain nothing, as the server has one connection for writing
(docs/planning-rules.md#execution).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from stashsync.applier import pictures
from stashsync.applier.before import Keeper
from stashsync.applier.cutting import Cutter, Sent
from stashsync.applier.journal import CUT_SHORT, Run
from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.lookup import Trace, look_up
from stashsync.applier.outcomes import Report
from stashsync.applier.requests import update_request
from stashsync.applier.sizes import IN_FLIGHT, LARGEST, Sizes
from stashsync.client import StashClient
from stashsync.errors import StashError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Create, Plan
from stashsync.wire.batches import send_document
from stashsync.wire.operations import Document

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
    begun: Run | None = None,
) -> Report:
    """Send every operation of a plan and report what became of each.

    Nothing is raised for what goes wrong after the first document: it is in the report.

    Args:
        plan: the plan.
        client: the server.
        root: the project's folder, for images.
        listener: receives what happens.
        interrupt: stops the run after the document in flight.
        max_batch: the most operations in one document.
        begun: an earlier run of this plan: what it applied is not sent again, what is unknown of
            it is looked up, and the rest is sent.

    Raises:
        StashError: the server's capabilities could not be read, or the listener could not start;
            nothing has been sent.
    """
    listener = listener or Listener()
    cutter = Cutter(
        plan,
        await client.capabilities(),
        root,
        partial(pictures.to_send, root=root),
        Sizes(max_batch),
        listener.settled,
    )
    return await _Run(cutter, client, listener, interrupt or Interrupt(), begun).whole()


@dataclass
class _Run:
    cutter: Cutter
    client: StashClient
    listener: Listener
    interrupt: Interrupt
    begun: Run | None = None
    attempts: dict[int, int] = field(default_factory=dict)
    requests: int = 0
    stopped: str = ""
    unreachable: bool = False
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        known = self.begun.before if self.begun is not None else ()
        self.keeper = Keeper(self.plan, self.client, known)

    @property
    def plan(self) -> Plan:
        return self.cutter.plan

    async def whole(self) -> Report:
        started = time.monotonic()
        self.listener.started(self.plan)
        flights: set[asyncio.Task[list[int]]] = set()
        try:
            if self.begun is not None:
                await self._go_on(self.begun)
            while True:
                self._take_off(flights)
                if not flights:
                    break
                landed, _ = await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)
                flights -= landed
                for flight in landed:
                    self.cutter.send_again(flight.result())
            if not self.unreachable:
                await self._step_back()
        finally:
            for flight in flights:
                flight.cancel()
            await asyncio.gather(*flights, return_exceptions=True)
        report = Report(
            plan=self.plan,
            outcomes=tuple(outcome for _, outcome in sorted(self.cutter.outcomes.items())),
            requests=self.requests,
            seconds=time.monotonic() - started,
            interrupted=self.interrupt.requested,
            stopped=self.stopped,
        )
        self.listener.finished(report)
        return report

    async def _go_on(self, begun: Run) -> None:
        """Take over what an earlier run applied, and look up what is unknown of it."""
        unknown = begun.unknown
        self.cutter.take_over(begun.applied, unknown)
        if unknown:
            self.attempts.update(dict.fromkeys(unknown, 1))
            self.cutter.send_again(await self._find_out(unknown, CUT_SHORT))

    # -- sending --------------------------------------------------------------------------------

    def _take_off(self, flights: set[asyncio.Task[list[int]]]) -> None:
        """Start documents until two are in flight or the next has to wait for one of them."""
        while self.cutter.waiting and len(flights) < IN_FLIGHT:
            if self._may_not_send():
                self.cutter.skip_waiting(self.stopped)
                return
            document = self.cutter.next()
            if not document:
                return
            flights.add(asyncio.ensure_future(self._fly(document)))

    def _may_not_send(self) -> bool:
        """Whether the run was stopped; an interrupt stops it."""
        if self.interrupt.requested and not self.stopped:
            self.stopped = "interrupted"
        return bool(self.stopped)

    async def _fly(self, document: Sequence[Sent]) -> list[int]:
        """Prepare and send one document; return its operations that still have to be sent.

        What is prepared here is so while the document before is on its way.
        """
        operations = [index for indices, _ in document for index in indices]
        try:
            await self._prepare(document)
            if self._may_not_send():
                return operations
            self.listener.sending(operations)
        except StashError as error:
            self.stopped = self.stopped or error.message
            return operations
        return await self._send(document)

    async def _prepare(self, document: Sequence[Sent]) -> None:
        """Read what has to be known before a document is sent.

        Raises:
            StashError: it could not be read; the document must not be sent.
        """
        if self.listener.keeps_before:
            images = await self.keeper.read(index for indices, _ in document for index in indices)
            self.listener.before(images)

    async def _send(self, document: Sequence[Sent]) -> list[int]:
        """Send one document and settle its operations; return those to send again."""
        started = time.monotonic()
        self.requests += 1
        for indices, _ in document:
            for index in indices:
                self.attempts[index] = self.attempts.get(index, 0) + 1
        broken = await send_document(
            self.client.transport, Document([request for _, request in document])
        )
        unknown, unsent, again = self._settle(document)
        if unsent:
            self.unreachable = True
            self.stopped = self.stopped or (broken.message if broken else "nothing could be sent")
            for index in unsent:
                self.cutter.settle(Outcome(index, Status.SKIPPED, self.stopped))
        if not unknown:
            count = sum(len(indices) for indices, _ in document)
            self.cutter.sizes.took(count, time.monotonic() - started)
            return again
        reason = broken.message if broken else "the server's answer does not account for it"
        return again + await self._find_out(unknown, reason)

    def _settle(self, document: Sequence[Sent]) -> tuple[list[int], list[int], list[int]]:
        """Settle what was applied or refused; return what is unknown, unsent, to send again."""
        unknown: list[int] = []
        unsent: list[int] = []
        again: list[int] = []
        for indices, request in document:
            if request.status is Status.APPLIED:
                for index in indices:
                    self._apply(index, request.result)
            elif request.status is Status.FAILED and len(indices) > 1:
                self.cutter.alone.update(indices)
                again += indices
            elif request.status is Status.FAILED:
                message = request.error.message if request.error else ""
                for index in indices:  # only one
                    self.cutter.settle(Outcome(index, Status.FAILED, message))
            elif request.status is Status.UNKNOWN:
                unknown += indices
            else:
                unsent += indices
        return unknown, unsent, again

    async def _find_out(self, unknown: Sequence[int], reason: str) -> list[int]:
        """Settle what can be looked up; return the operations that certainly did not run."""
        again: list[int] = []
        await asyncio.sleep(SETTLING_SECONDS)
        for position, index in enumerate(unknown):
            try:
                found, identifier = await look_up(self.plan, index, self.cutter.ids, self.client)
            except StashError as error:
                self.unreachable = True
                self.stopped = error.message
                message = f"{reason}; then: {error.message}"
                for remaining in unknown[position:]:
                    self.cutter.settle(Outcome(remaining, Status.UNKNOWN, message))
                break
            if found is Trace.LANDED:
                self._apply(index, {"id": identifier})
            elif found is Trace.ABSENT and self.attempts[index] < LOOK_UPS:
                again.append(index)
            elif found is Trace.ABSENT:
                self.cutter.settle(Outcome(index, Status.FAILED, reason))
            else:
                self.cutter.settle(Outcome(index, Status.UNKNOWN, reason, id=identifier))
        return again

    def _apply(self, index: int, result: Any) -> None:
        change = self.plan.changes[self.plan.operations[index].change]
        self.cutter.apply(index, result["id"] if isinstance(change, Create) else change.id)

    async def _step_back(self) -> None:
        """Give back what objects released for a moment, where the rest of their change failed.

        They return in the plan's own order, in which a pattern precedes what it matches.
        What cannot be given back, because another object has it by now, waits for the next run:
        a temporary name contains the id of its object (see `planner.temporary`).
        """
        outcomes = self.cutter.outcomes
        last = {operation.change: index for index, operation in enumerate(self.plan.operations)}
        aside = [index for index, operation in enumerate(self.plan.operations) if operation.undo]
        for index in sorted(aside, key=lambda index: last[self.plan.operations[index].change]):
            operation = self.plan.operations[index]
            end = outcomes[last[operation.change]]
            if outcomes[index].status is not Status.APPLIED:
                continue
            if end.status not in (Status.FAILED, Status.SKIPPED):
                continue
            change = self.plan.changes[operation.change]
            assert not isinstance(change, Create)  # a new object has nothing to release
            request = update_request(change.kind, change.id, operation.undo, self.cutter.server)
            self.requests += 1
            await send_document(self.client.transport, Document([request]))
            what = " and ".join(f"its {name}" for name in operation.undo)
            note = (
                f"it has {what} again"
                if request.status is Status.APPLIED
                else f"it could not get {what} back; the next apply will see to it"
            )
            message = f"{end.message}; {note}" if end.message else note
            outcomes[end.operation] = replace(end, message=message)
