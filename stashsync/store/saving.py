"""Many edited objects to few documents: in waves, each object after the new ones it refers to.

    edited objects ─ with the new ones they refer to ─ arranged ─┬─ wave 1: creates ── ids ─┐
                                                                 ├─ wave 2: creates … <─────┤
                                                                 └─ last:   updates <───────┘
    then, one object at a time: bulk updates for its edits on far ends of relations

Where new objects refer to each other in a circle, one of them is created without those references
and updated with them. What depends on something that failed is not sent; everything else goes on.
A broken connection ends it: the rest is not sent, and what was done before stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stashsync.errors import StashBatchError, StashError
from stashsync.store.edits import Saving, without_new
from stashsync.store.waves import Step, waves
from stashsync.types import Entity
from stashsync.types.inputs import Inputs, carries
from stashsync.types.saving import settle, unsaved_references
from stashsync.wire.batches import summary
from stashsync.wire.operations import BatchOperation, BatchResult, Outcome

if TYPE_CHECKING:
    from stashsync.store.asking import Asking
    from stashsync.store.edits import Edits
    from stashsync.types import Capabilities


async def save_all(client: Asking, server: Capabilities, edits: Edits) -> BatchResult:
    """Save these edits, new ones among them in an order in which each finds what it refers to.

    Raises:
        StashBatchError: not everything was saved; it has the whole account. What was saved is
            clean, the rest is as it was.
    """
    run = _Run(client, server, edits.own)
    new = [saving for saving in edits.own.values() if saving.profile.new]
    for wave in waves(new):
        await run.create(wave)
    await run.update()
    for one in edits.far:
        await run.save_far_ends(one)
    result = BatchResult(run.operations, run.heard)
    if not result.all_succeeded:
        raise StashBatchError(summary(result), result) from run.broken
    return result


class _Run:
    """One saving: what was sent so far, and what became of it."""

    def __init__(self, client: Asking, server: Capabilities, own: dict[Entity, Saving]) -> None:
        self.operations: list[BatchOperation] = []
        self.heard: list[dict[str, Any]] = []
        self.broken: StashError | None = None
        self._own = own
        self._client = client
        self._inputs = Inputs(server)
        self._lost: dict[Entity, StashError] = {}

    async def create(self, wave: Sequence[Step]) -> None:
        """Send a wave of new objects, and settle what was done."""
        savings = []
        for saving, without in wave:
            now: Saving | None = saving
            if saving.needs:  # they have ids by now, or wait
                now = self._saving_now(saving.entity)
                if now is not None and without:
                    now = without_new(now)
            if now is not None:
                savings.append(now)
        await self._carry_out(savings)

    async def update(self) -> None:
        """Send all other edits, and what could not be said when an object was created."""
        savings = []
        for one, saving in self._own.items():
            if saving.profile.new or saving.needs:
                now = self._saving_now(one)
                if now is not None:
                    savings.append(now)
            else:
                savings.append(saving)
        await self._carry_out(savings)

    def _saving_now(self, entity: Entity) -> Saving | None:
        """What saves it now that others have been saved; None if it was lost, or is clean."""
        if entity in self._lost:
            return None
        look = self._inputs.look(entity)
        if look is None or not carries(look):
            return None
        return Saving(entity, *look, unsaved_references(entity, look[3]))

    async def _carry_out(self, savings: Sequence[Saving]) -> None:
        sending = savings
        if self._lost or self.broken is not None:
            sending = []
            for saving in savings:
                reason = self._hindrance(saving)
                if reason is None:
                    sending.append(saving)
                else:
                    saving.settle(Outcome.NOT_SENT, error=reason)
                    self._lost[saving.entity] = reason
        self.operations += savings
        if sending:
            try:
                await self._send(sending)
            finally:  # an interrupt leaves an account, too
                self._settle(sending)

    async def _send(self, operations: Sequence[BatchOperation]) -> bool:
        try:
            result = await self._client.execute_batch(operations)
            self.heard += result.raw_response
        except StashBatchError as error:
            self.heard += error.batch_result.raw_response
            if isinstance(error.__cause__, StashError):
                self.broken = error.__cause__
            return False
        return True

    def _hindrance(self, saving: Saving) -> StashError | None:
        """Why it cannot be sent: the connection broke, or a reference was not created."""
        if self.broken is not None:
            return self.broken
        for other in saving.needs:
            if other in self._lost:
                return StashError(f"{saving.entity!r} refers to {other!r}, which was not created")
        return None

    def _settle(self, savings: Sequence[Saving]) -> None:
        applied = Outcome.APPLIED
        for saving in savings:
            entity = saving.entity
            if saving.outcome is applied:
                try:
                    settle(
                        entity,
                        saving.profile,
                        saving.variables["input"],
                        saving.kept,
                        saving.relations,
                        saving.result,
                    )
                except StashError as error:
                    saving.settle(Outcome.FAILED, error=error)
                else:
                    if entity._home is None:
                        self._client.home.take_in(entity)
                    continue
            self._lost[entity] = saving.error or StashError("it was not sent")

    async def save_far_ends(self, entity: Entity) -> None:
        """Save the edits on far ends of one object's relations, if it was saved itself."""
        if entity in self._lost:
            return
        for side in entity.pending_side_writes():
            operation = BatchOperation(
                side.mutation, side.type_name, {side.argument: side.value}, side.selection
            )
            self.operations.append(operation)
            if self.broken is not None:
                operation.settle(Outcome.NOT_SENT, error=self.broken)
            elif await self._send([operation]):
                side.settle()
