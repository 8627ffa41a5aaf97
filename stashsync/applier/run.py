"""Apply a plan, with an outcome for every operation.

    waiting operations ── cut ──> document ── look again ── send ──> outcomes, ids exchanged ──┐
            ▲                              moved │           │ broken                          │
            │                                    │           └──> look up: landed, absent …    │
            └───────── what needs something that failed or moved is skipped <──────────────────┘

At most two documents are in flight, and only where nothing orders their operations: that hides the
round trip, and more would gain nothing, as the server has one connection for writing
(docs/planning-rules.md#execution). A third is prepared meanwhile, and its look is repeated where it
had to wait for long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from stashsync.applier import pictures
from stashsync.applier.before import Keeper
from stashsync.applier.cutting import Cutter, Sent
from stashsync.applier.finding import Looks, did_not_run, find_out
from stashsync.applier.journal import CUT_SHORT, Run
from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.looking import Looking
from stashsync.applier.lookup import Trace, look_up
from stashsync.applier.outcomes import Report
from stashsync.applier.patience import Patience
from stashsync.applier.sizes import CUT, IN_FLIGHT, LARGEST, Sizes
from stashsync.applier.stepping_back import step_back
from stashsync.client.core import Core
from stashsync.errors import StashConnectionError, StashError, StashServerError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Plan
from stashsync.planner.changes import token_of
from stashsync.wire.batches import is_locked, send_document
from stashsync.wire.operations import Document
from stashsync.wire.retry import may_repeat

LOOK_AGE = 1.0
"""How old a look at the objects of a document may be when the document is sent, in seconds."""
LOOK_UPS = 3
"""How often an operation whose connection broke is sent before it counts as failed."""
TOO_LARGE, BUSY = 413, (429, 503)
LOCKED = "another process holds the database (database is locked)"
UNACCOUNTED = "the server's answer does not account for it"


async def carry_out(
    plan: Plan,
    client: Core,
    *,
    root: Path,
    listener: Listener | None = None,
    interrupt: Interrupt | None = None,
    max_batch: int = LARGEST,
    begun: Run | None = None,
    patience: Patience | None = None,
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
        patience: how long to wait for a server that takes nothing in.

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
        Sizes(max_batch, client.round_trip or 0.0),
        listener.settled,
    )
    patience = patience or Patience()
    return await _Run(cutter, client, listener, interrupt or Interrupt(), patience, begun).whole()


@dataclass
class _Ends:
    """The operations of a document that are not applied, by what has to be done about them."""

    refused: list[tuple[Sequence[int], str]] = field(default_factory=list)
    unsent: list[int] = field(default_factory=list)
    locked: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class _Run:
    cutter: Cutter
    client: Core
    listener: Listener
    interrupt: Interrupt
    patience: Patience
    begun: Run | None = None
    before_next: asyncio.Event = field(default_factory=_set_event)
    """Set once the document that was cut last has had its turn."""
    sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    attempts: dict[int, int] = field(default_factory=dict)
    """How often an operation was sent, and certainly did not run."""
    refused: set[int] = field(default_factory=set)
    requests: int = 0
    stopped: str = ""
    unreachable: bool = False
    keeper: Keeper = field(init=False)
    looking: Looking = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.plan, self.client, self.begun.before if self.begun else ())
        self.looking = Looking(self.cutter.expectation, self.client)

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
                await self._send_all(flights)
                if self.unreachable or not await self._look_once_more():
                    break
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
            until = self.patience.clock() + self.patience.request
            self.cutter.send_again(await self._find_out(unknown, until, None, CUT_SHORT))

    # -- sending --------------------------------------------------------------------------------

    async def _send_all(self, flights: set[asyncio.Task[list[int]]]) -> None:
        """Send until nothing waits any more."""
        while True:
            self._take_off(flights)
            if not flights:
                return
            landed, _ = await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)
            flights -= landed
            for flight in landed:
                self.cutter.send_again(flight.result())

    def _take_off(self, flights: set[asyncio.Task[list[int]]]) -> None:
        """Start documents until enough are in flight or the next has to wait for one of them."""
        while self.cutter.waiting and len(flights) < CUT:
            if self._may_not_send():
                self.cutter.skip_waiting(self.stopped)
                return
            document = self.cutter.next()
            if not document:
                return
            before, self.before_next = self.before_next, asyncio.Event()
            flights.add(asyncio.ensure_future(self._fly(document, before, self.before_next)))

    def _may_not_send(self) -> bool:
        """Whether the run was stopped; an interrupt stops it."""
        if self.interrupt.requested and not self.stopped:
            self.stopped = "interrupted"
        return bool(self.stopped)

    async def _fly(
        self, document: Sequence[Sent], before: asyncio.Event, done: asyncio.Event
    ) -> list[int]:
        """Prepare and send one document; return its operations that still have to be sent.

        Args:
            document: what to send.
            before: set once the document before it has had its turn.
            done: to be set once this one has.
        """
        operations = [index for each, _ in document for index in each]
        async with AsyncExitStack() as turn:
            try:
                left = await self._take_turn(operations, before, turn)
            finally:
                done.set()
            return await self._send(document) if left is None else left

    async def _take_turn(
        self, operations: list[int], before: asyncio.Event, turn: AsyncExitStack
    ) -> list[int] | None:
        """Prepare a document and wait for its turn; return what is left where it is not to be sent.

        It is prepared while those before are prepared or on their way, and never sent before them.
        """
        try:
            looked = self.patience.clock()
            moved: set[int] | None = None
            try:
                moved = await self._prepare(operations)
            except StashError:
                if before.is_set():
                    raise  # otherwise those before it wait for the server, and it asks after them
            await before.wait()
            await turn.enter_async_context(self.sending)
            if moved is None or (self.patience.clock() - looked > LOOK_AGE and not moved):
                moved = await self._prepare(operations)
            if moved or self._may_not_send():
                return [index for index in operations if index not in moved]
            self.listener.sending(operations)
            self.cutter.sent.update(operations)
        except StashError as error:
            if may_repeat(error, mutation=False):  # nothing was sent, and the server may come back
                return await self._wait(operations, error.message)
            self.stopped = self.stopped or error.message
            self.unreachable |= isinstance(error, StashConnectionError)
            return operations
        return None

    async def _prepare(self, operations: Sequence[int]) -> set[int]:
        """Settle those whose objects moved; then the document is cut anew without them.

        Raises:
            StashError: an object could not be read; the document must not be sent.
        """
        moved = await self.looking.moved(operations, self.cutter.under_way_from_now())
        for outcome in moved:
            self.cutter.settle(outcome)
        if self.listener.keeps_before and not moved:
            self.listener.before(await self.keeper.read(operations))
        return {outcome.operation for outcome in moved}

    async def _send(self, document: Sequence[Sent]) -> list[int]:
        """Send one document and settle its operations; return those to send again."""
        started = self.patience.clock()
        self.requests += 1
        broken = await send_document(
            self.client.transport, Document([request for _, request in document])
        )
        ends = self._settle(document)
        if not (ends.unknown or ends.unsent or ends.locked):
            count = sum(len(indices) for indices, _ in document)
            self.cutter.sizes.took(count, started, self.patience.clock())
        again: list[int] = []
        for indices, message in ends.refused:
            again += await self._settle_refused(indices, message)
        if ends.unsent:
            again += await self._not_run(document, ends.unsent, broken)
        if ends.locked:
            again += await self._wait(ends.locked, LOCKED)
        if ends.unknown:
            until = started + self.patience.request
            again += await self._find_out(ends.unknown, until, broken)
        return again

    def _settle(self, document: Sequence[Sent]) -> _Ends:
        """Settle what was applied; sort the rest by what has to be done about it."""
        ends = _Ends()
        for indices, request in document:
            if request.status is Status.APPLIED:
                for index in indices:
                    self._apply(index, request.result)
            elif request.status is Status.UNKNOWN:
                ends.unknown += indices
            elif request.status is Status.SKIPPED:
                ends.unsent += indices
            elif is_locked(request):
                ends.locked += indices
            else:
                ends.refused.append((indices, request.error.message if request.error else ""))
        return ends

    async def _settle_refused(self, indices: Sequence[int], message: str) -> list[int]:
        """Settle operations that were refused together; return those to send again, each alone.

        What the server shows as done all the same is applied: a proxy may have sent the document
        twice, and passed on the second answer.
        """
        undone = [index for index in indices if not await self._has_landed(index)]
        if len(indices) > 1:
            self.cutter.alone.update(undone)
            return undone
        self.refused.update(undone)
        for index in undone:
            self.cutter.settle(Outcome(index, Status.FAILED, message))
        return []

    async def _has_landed(self, index: int) -> bool:
        """Whether the server shows an operation as done; it is applied then."""
        try:
            found, identifier = await look_up(self.cutter.expectation, index, self.client)
        except StashError:
            return False
        if found is Trace.LANDED:
            self._apply(index, {"id": identifier})
        return found is Trace.LANDED

    async def _not_run(
        self, document: Sequence[Sent], unsent: list[int], error: StashError | None
    ) -> list[int]:
        """Decide about operations that certainly did not run; return those to send again."""
        if isinstance(error, StashServerError) and error.status == TOO_LARGE:
            if self.cutter.halve(document):
                return unsent
            failed = Outcome(unsent[0], Status.FAILED, f"{error.message}. {error.hint}")
            self.cutter.settle(failed)
            return []
        if error is not None and may_repeat(error, mutation=True):
            return await self._wait(unsent, error.message)
        self._stop(error.message if error else "nothing could be sent")
        return unsent

    async def _find_out(
        self, unknown: Sequence[int], until: float, error: StashError | None, reason: str = ""
    ) -> list[int]:
        """Settle what can be looked up; return the operations that certainly did not run."""
        reason = reason or (error.message if error else UNACCOUNTED)
        looks = await self._look(unknown, until, reason)
        absent = did_not_run(self.plan, looks)
        for index, (found, identifier) in sorted(looks.items()):
            if found is Trace.LANDED and index not in absent:
                self._apply(index, {"id": identifier})
            elif index not in absent:
                self.cutter.settle(Outcome(index, Status.UNKNOWN, reason, id=identifier))
        if absent and isinstance(error, StashServerError) and error.status in BUSY:
            asked = self.client.transport.retry.retry_after(getattr(error, "retry_after", None))
            return await self._wait(absent, reason, asked)
        for index in absent:
            self.attempts[index] = self.attempts.get(index, 0) + 1
            if self.attempts[index] >= LOOK_UPS:
                self.cutter.settle(Outcome(index, Status.FAILED, reason))
        return [index for index in absent if self.attempts[index] < LOOK_UPS]

    async def _look(self, unknown: Sequence[int], until: float, reason: str) -> Looks:
        """Look up operations; where the server cannot be asked for too long, they stay unknown."""
        while True:
            try:
                expected = self.cutter.expectation
                return await find_out(expected, unknown, self.client, self.patience, until)
            except StashError as error:
                patient = may_repeat(error, mutation=False) and not self.interrupt.requested
                if patient and await self._pause(error.message):
                    continue
                self._stop(error.message)
                message = f"{reason}; then: {error.message}"
                for index in unknown:
                    self.cutter.settle(Outcome(index, Status.UNKNOWN, message))
                return {}

    # -- waiting --------------------------------------------------------------------------------

    async def _wait(
        self, operations: list[int], reason: str, asked: float | None = None
    ) -> list[int]:
        """Pause before operations are sent again, one at first; stop once patience ends."""
        self.cutter.sizes.restart()
        if not await self._pause(reason, asked):
            self._stop(reason)
        return operations

    async def _pause(self, reason: str, asked: float | None = None) -> bool:
        """Sleep, but not beyond an interrupt; False once there is no more patience."""
        seconds = self.patience.next_pause(asked)
        if seconds is None:
            return False
        self.listener.waiting(reason, seconds)
        while seconds > 0 and not self.interrupt.requested:
            await self.patience.sleep(min(seconds, 1.0))
            seconds -= 1.0
        return True

    def _stop(self, reason: str) -> None:
        self.unreachable = True
        self.stopped = self.stopped or reason

    def _apply(self, index: int, result: Any) -> None:
        self.patience.restart()
        operation = self.plan.operations[index]
        token = token_of(self.plan.changes[operation.change])
        known = operation.content or not token.startswith("+")
        self.cutter.apply(index, self.cutter.ids.get(token, token) if known else result["id"])

    # -- at the end -----------------------------------------------------------------------------

    async def _look_once_more(self) -> bool:
        """Look at all that failed or is unknown; return whether there is more to send.

        The account is to tell what is, not what was answered. What was skipped because of an
        operation that turns out to be applied gets its turn.
        """
        found = set()
        for index, outcome in sorted(self.cutter.outcomes.items()):
            asked = index in self.refused or outcome.status is Status.UNKNOWN
            if asked and outcome.status is not Status.APPLIED and await self._has_landed(index):
                found.add(index)
        return not self.stopped and self.cutter.reopen(found)

    async def _step_back(self) -> None:
        try:
            self.requests += await step_back(self.cutter, self.client, self.listener)
        except StashError as error:
            self.stopped = self.stopped or error.message
