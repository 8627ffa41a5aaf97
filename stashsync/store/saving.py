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

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from stashsync.entities import Entity
from stashsync.entities.inputs import Inputs, Look, carries
from stashsync.entities.saving import doubt, settle, unsaved_references
from stashsync.errors import StashBatchError, StashError
from stashsync.outcomes import Status
from stashsync.store.edits import documents_of, without_new
from stashsync.store.waves import Step, waves
from stashsync.wire.batches import summary
from stashsync.wire.operations import Batch, BatchOperation, BatchResult, Document

if TYPE_CHECKING:
    from stashsync.kinds import Capabilities
    from stashsync.store.asking import Asking
    from stashsync.store.edits import Edits


async def save_all(client: Asking, server: Capabilities, edits: Edits) -> BatchResult:
    """Save these edits, new ones among them in an order in which each finds what it refers to.

    Raises:
        StashBatchError: not everything was saved; it has the whole account. What was saved is
            clean, the rest is as it was.
    """
    run = _Run(client, server, edits)
    for wave in waves(edits):
        await run.create(wave)
    await run.update()
    for one in edits.far:
        await run.save_far_ends(one)
    result = BatchResult(Batch(run.documents), run.heard)
    if not result.all_succeeded:
        raise StashBatchError(summary(result), result) from run.broken
    return result


class _Run:
    """One saving: what was sent so far, and what became of it."""

    def __init__(self, client: Asking, server: Capabilities, edits: Edits) -> None:
        self.documents: list[Document] = []
        self.heard: list[dict[str, Any]] = []
        self.broken: StashError | None = None
        self._edits = edits
        self._client = client
        self._inputs = Inputs(server)
        self._lost: dict[Entity, StashError] = {}

    async def create(self, wave: Sequence[Step]) -> None:
        """Send a wave of new objects, and settle what was done."""
        looks = {}
        for one, without in wave:
            look: Look | None = self._edits.own[one]
            if one in self._edits.needs:  # they have ids by now, or wait
                look = self._look_again(one)
                if look is not None and without:
                    look = without_new(one, look)
                elif look is not None and self._hindered(one, look):
                    look = None
            if look is not None:
                looks[one] = look
        await self._carry_out(looks)

    async def update(self) -> None:
        """Send all other edits, and what could not be said when an object was created."""
        own = self._edits.own
        again = {**dict.fromkeys(self._edits.new), **self._edits.needs}
        looks = {one: look for one, look in own.items() if one not in again} if again else own
        for one in again:
            look = self._look_again(one)
            if look is not None and not self._hindered(one, look):
                looks[one] = look
        await self._carry_out(looks)

    def _look_again(self, entity: Entity) -> Look | None:
        """What is to be saved of it now that others were; None if it was lost, or is clean."""
        if entity in self._lost:
            return None
        look = self._inputs.look(entity)
        if look is not None and not self._all_known(entity, look):
            look = without_new(entity, look)
        return look if look is not None and carries(look) else None

    def _all_known(self, entity: Entity, look: Look) -> bool:
        """Whether it refers to no new object but those of this saving: it may have been edited
        since that began, and what it was given then is another saving's business."""
        new = self._edits.own
        _, _, _, relations = look
        return all(other in new for other in unsaved_references(entity, relations))

    def _hindered(self, entity: Entity, look: Look) -> bool:
        """Whether it cannot be sent because what it refers to was not created; noted if so."""
        if self.broken is None:
            _, _, _, relations = look
            for other in unsaved_references(entity, relations):
                if other in self._lost:
                    reason = StashError(f"{entity!r} refers to {other!r}, which was not created")
                    self._give_up({entity: look}, reason)
                    return True
        return False

    def _give_up(self, looks: Mapping[Entity, Look], reason: StashError) -> None:
        for document in documents_of(list(looks.values())):
            document.settle(Status.SKIPPED, reason)
            self.documents.append(document)
        self._lost.update(dict.fromkeys(looks, reason))

    async def _carry_out(self, looks: Mapping[Entity, Look]) -> None:
        if self.broken is not None:
            self._give_up(looks, self.broken)
            return
        documents = documents_of(list(looks.values()))
        self.documents += documents
        if documents:
            try:
                await self._send(Batch(documents))
            finally:  # an interrupt leaves an account, too
                self._settle(looks, documents)

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

    def _settle(self, looks: Mapping[Entity, Look], documents: Sequence[Document]) -> None:
        waiting = iter(looks.items())
        for document in documents:
            mine = islice(waiting, len(document))
            results = document.results
            if results is not None:
                for (entity, look), answer in zip(mine, results, strict=True):
                    settle(entity, look, answer)
                    if not look[0].told:
                        self._take_in(entity)
                continue
            for (entity, look), operation in zip(mine, document.operations, strict=True):
                if operation.status is Status.UNKNOWN:
                    doubt(entity, look)
                if operation.status is not Status.APPLIED:
                    self._lost[entity] = operation.error or StashError("it was not sent")
                    continue
                settle(entity, look, operation.result)
                self._take_in(entity)

    def _take_in(self, entity: Entity) -> None:
        """From now on this is the one with its id. What an answer has told of is known already."""
        if entity._home is None:
            self._client.home.take_in(entity)

    async def save_far_ends(self, entity: Entity) -> None:
        """Save the edits on far ends of one object's relations, if it was saved itself."""
        if entity in self._lost:
            return
        for side in entity.pending_side_writes():
            operation = BatchOperation(
                side.mutation, side.type_name, {side.argument: side.value}, side.selection
            )
            document = Document.of([operation])
            self.documents.append(document)
            if self.broken is not None:
                operation.settle(Status.SKIPPED, error=self.broken)
            elif await self._send(Batch([document])):
                side.settle()
