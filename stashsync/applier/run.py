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
from dataclasses import dataclass, field
from pathlib import Path

from stashsync.applier import pictures
from stashsync.applier.listener import Interrupt, Listener
from stashsync.applier.lookup import Found, look_up
from stashsync.applier.outcomes import Outcome, Report, Status
from stashsync.applier.sizes import LARGEST, Sizes
from stashsync.client import StashClient
from stashsync.errors import StashError
from stashsync.planner import Create, Plan
from stashsync.types import KINDS, Capabilities
from stashsync.wire import operations as wire
from stashsync.wire.batches import send_document
from stashsync.wire.inputs import create_operation, update_operation

IN_FLIGHT = 2
LOOK_UPS = 3
"""How often an operation is sent before an unclear end of it is left as it is."""
SETTLING_SECONDS = 0.5
"""What a server gets to notice a broken connection and roll back before it is asked."""
LARGEST_BYTES = 8_000_000
"""What a document's images may weigh together, encoded; one that is heavier goes alone."""


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
                    waiting.extend(reversed(again))
                    waiting.sort(reverse=True)
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

    # -- cutting --------------------------------------------------------------------------------

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
            document = self._cut(waiting)
            if document:
                indices = [index for index, _ in document]
                self.listener.sending(indices)
                flights[asyncio.ensure_future(self._fly(document))] = indices
            else:
                return

    def _cut(self, waiting: list[int]) -> list[tuple[int, wire.BatchOperation]]:
        """The next document: as many operations, in order, as may be sent now."""
        document: list[tuple[int, wire.BatchOperation]] = []
        mine: set[int] = set()
        weight = 0
        while waiting and len(document) < self.sizes.next:
            index = waiting[-1]
            operation = self.plan.operations[index]
            if any(one not in self.outcomes for one in operation.needs):
                break
            if any(one not in self.outcomes and one not in mine for one in operation.after):
                break
            outcome = self._failed_need(index)
            if outcome is None:
                try:
                    one = self._operation(index)
                except StashError as error:
                    outcome = Outcome(index, Status.FAILED, error.message)
            if outcome is not None:
                waiting.pop()
                self._settle(outcome)
                continue
            weight += len(one.variables["input"].get("image") or "")
            if document and weight > LARGEST_BYTES:
                break
            waiting.pop()
            document.append((index, one))
            mine.add(index)
        return document

    def _failed_need(self, index: int) -> Outcome | None:
        for needed in self.plan.operations[index].needs:
            outcome = self.outcomes[needed]
            if outcome.status is not Status.APPLIED:
                first = outcome.because if outcome.because is not None else needed
                return Outcome(index, Status.SKIPPED, "", because=first)
        return None

    def _operation(self, index: int) -> wire.BatchOperation:
        operation = self.plan.operations[index]
        change = self.plan.changes[operation.change]
        kind = KINDS[change.kind]
        if isinstance(change, Create):
            values = {
                name: pictures.to_send(change.values[name], self.root)
                if name == "image"
                else change.values[name]
                for name in operation.fields
            }
            return create_operation(kind, values, self.ids, self.server)
        parts = [(name, change.changes[name]) for name in operation.fields]
        changes = [
            (
                name,
                one.before,
                pictures.to_send(one.after, self.root) if name == "image" else one.after,
            )
            for name, one in parts
        ]
        return update_operation(kind, change.id, changes, self.ids, self.server)

    # -- sending --------------------------------------------------------------------------------

    async def _fly(self, document: Sequence[tuple[int, wire.BatchOperation]]) -> list[int]:
        """Send one document and settle its operations; gives those that have to be sent again."""
        started = time.monotonic()
        self.requests += 1
        for index, _ in document:
            self.attempts[index] = self.attempts.get(index, 0) + 1
        broken = await send_document(self.client.transport, [one for _, one in document])
        unknown: list[int] = []
        unsent: list[int] = []
        for index, one in document:
            if one.outcome is wire.Outcome.APPLIED:
                self._applied(index, one.result["id"])
            elif one.outcome is wire.Outcome.FAILED:
                message = one.error.message if one.error else ""
                self._settle(Outcome(index, Status.FAILED, message))
            elif one.outcome is wire.Outcome.UNKNOWN:
                unknown.append(index)
            else:
                unsent.append(index)
        if unsent:
            self.stopped = self.stopped or (broken.message if broken else "nothing could be sent")
            for index in unsent:
                self._settle(Outcome(index, Status.SKIPPED, self.stopped))
        if not unknown:
            self.sizes.took(len(document), time.monotonic() - started)
            return []
        reason = broken.message if broken else "the server did not say what became of it"
        return await self._find_out(unknown, reason)

    async def _find_out(self, unknown: Sequence[int], reason: str) -> list[int]:
        """Settle what can be looked up; gives the operations that certainly did not run."""
        again: list[int] = []
        await asyncio.sleep(SETTLING_SECONDS)
        for position, index in enumerate(unknown):
            operation = self.plan.operations[index]
            change = self.plan.changes[operation.change]
            try:
                found, identifier = await look_up(operation, change, self.ids, self.client)
            except StashError as error:
                self.stopped = error.message
                for one in unknown[position:]:
                    self._settle(Outcome(one, Status.UNKNOWN, f"{reason}; then: {error.message}"))
                break
            if found is Found.LANDED:
                self._applied(index, identifier)
            elif found is Found.ABSENT and self.attempts[index] < LOOK_UPS:
                again.append(index)
            elif found is Found.ABSENT:
                self._settle(Outcome(index, Status.FAILED, reason))
            else:
                self._settle(Outcome(index, Status.UNKNOWN, reason, id=identifier))
        return again

    def _applied(self, index: int, identifier: str) -> None:
        change = self.plan.changes[self.plan.operations[index].change]
        if isinstance(change, Create):
            self.ids[change.token] = identifier
        self._settle(Outcome(index, Status.APPLIED, id=identifier))

    def _settle(self, outcome: Outcome) -> None:
        self.outcomes[outcome.operation] = outcome
        self.listener.settled(outcome)
