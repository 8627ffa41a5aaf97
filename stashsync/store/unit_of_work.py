"""The unit of work: every save of a client, from edited objects to objects that are clean.

    objects ── edits, with the new objects they refer to ──┬─ document: creates, then updates
                (edits, order)                             ├─ document: what needs their ids
                                                           └─ …
    then, one object at a time: bulk updates for its edits on far ends of relations

An object that was created may have more to send: fields that a create cannot take. Those follow in
a last document. What depends on something that failed is not sent; everything else goes on. A
broken connection ends it: the rest is not sent, and what was done before stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stashsync.entities.edits import pending_write, unsaved_references
from stashsync.entities.tracked import edited_fields
from stashsync.errors import StashBatchError, StashError
from stashsync.outcomes import Status
from stashsync.store.edits import Edits, collect_edits
from stashsync.store.in_flight import InFlight
from stashsync.store.order import Wave, waves_of
from stashsync.store.selections import row_selection
from stashsync.wire.batches import summary
from stashsync.wire.operations import BatchOperation, BatchResult
from stashsync.wire.shapes import MINIMAL

if TYPE_CHECKING:
    from stashsync.entities import Entity, Write
    from stashsync.kinds import Capabilities
    from stashsync.store.cache import EntityCache
    from stashsync.store.protocol import Client


class UnitOfWork:
    """Saves objects of one client; saves of the same objects wait for each other."""

    def __init__(self, client: Client, identity_map: EntityCache) -> None:
        self._client = client
        self._identity_map = identity_map
        self._in_flight = InFlight()

    async def flush(
        self,
        objects: Iterable[Entity],
        *,
        cascade: bool = True,
        read_back: bool = False,
        stacklevel: int = 4,
    ) -> BatchResult:
        """Save all that is new or edited among the objects, in as few documents as can be.

        Args:
            objects: the objects to save.
            cascade: whether new objects that they refer to are saved too, with a warning.
            read_back: whether the answers have all that a first reading has.
            stacklevel: of the warning, as `warnings` counts it from here, plus 1.

        Raises:
            StashBatchError: not everything was saved; it has the whole account. What was saved is
                clean, the rest is as it was.
            ValueError, NotImplementedError, StashCapabilityError: an object cannot be saved as it
                is; nothing was sent.
            TypeError: something is no object; nothing was sent.
        """
        given = list(objects)
        server = await self._client.capabilities()
        edits = collect_edits(given, server, cascade=cascade)
        while (other := self._in_flight.find(edits.saved, edits.touched)) is not None:
            await asyncio.shield(other)
            edits = collect_edits(given, server, cascade=cascade)
        edits.warn(stacklevel)
        with self._in_flight.entered(edits.saved, edits.touched):
            flush = _Flush(self._client, self._identity_map, server, edits, read_back=read_back)
            return await flush.run()

    async def save(self, entity: Entity, *, read_back: bool = False) -> None:
        """Save one object, and none that it refers to; arguments as `flush`.

        Raises:
            ValueError: it refers to objects that are not saved yet, or lacks what it needs.
            StashError: the server refused it, or could not be asked.
        """
        try:
            await self.flush([entity], cascade=False, read_back=read_back)
        except StashBatchError as error:
            raise error.first_error from error


class _Flush:
    """One save: what was sent so far, and what became of it."""

    def __init__(
        self,
        client: Client,
        identity_map: EntityCache,
        server: Capabilities,
        edits: Edits,
        *,
        read_back: bool,
    ) -> None:
        self._client = client
        self._identity_map = identity_map
        self._server = server
        self._edits = edits
        self._read_back = read_back
        self._operations: list[BatchOperation] = []
        self._answers: list[dict[str, Any]] = []
        self._broken: StashError | None = None
        self._lost: dict[Entity, StashError] = {}

    async def run(self) -> BatchResult:
        """Send everything.

        Raises:
            StashBatchError: not every operation was applied.
        """
        for wave in waves_of(self._edits):
            await self._send_writes(self._writes_of(wave))
        created = [entity for entity, write in self._edits.own.items() if write.saving.new]
        await self._send_writes(self._look_again(created))
        for entity in self._edits.far:
            await self._send_side_writes(entity)
        result = BatchResult(self._operations, self._answers)
        if not result.all_succeeded:
            raise StashBatchError(summary(result), result) from self._broken
        return result

    def _writes_of(self, wave: Wave) -> dict[Entity, Write]:
        """Return what a wave sends; what waited for ids may have been edited since."""
        writes = {}
        for entity in [*wave.creates, *wave.updates]:
            if entity in self._edits.needs:
                writes.update(self._look_again([entity], cut=entity in wave.cut))
            else:
                writes[entity] = self._edits.own[entity]
        return writes

    def _look_again(self, entities: Iterable[Entity], *, cut: bool = False) -> dict[Entity, Write]:
        """Return what is to be saved of objects now that others were saved."""
        writes = {}
        for entity in entities:
            edited = edited_fields(entity)
            write = None if entity in self._lost else pending_write(entity, self._server, edited)
            if write is None:
                continue
            needs = unsaved_references(entity, edited)
            lost = next((other for other in needs if other in self._lost), None)
            if lost is not None and not cut and self._broken is None:
                reason = StashError(f"{entity!r} refers to {lost!r}, which was not created")
                self._give_up({entity: write}, reason)
                continue
            if cut or any(other not in self._edits.own for other in needs):
                # what it was given since is another save's business
                write = write.without_new()
            if write.saving.new or write.snapshots:
                writes[entity] = write
        return writes

    def _operation(self, write: Write) -> BatchOperation:
        selection = MINIMAL
        if self._read_back:
            selection = row_selection(type(write.entity).kind(), self._server)
        return BatchOperation(
            write.mutation, write.type_name, {write.argument: write.value}, selection
        )

    def _give_up(self, writes: Mapping[Entity, Write], reason: StashError) -> None:
        for entity, write in writes.items():
            operation = self._operation(write)
            operation.settle(Status.SKIPPED, error=reason)
            self._operations.append(operation)
            self._lost[entity] = reason

    async def _send_writes(self, writes: Mapping[Entity, Write]) -> None:
        if self._broken is not None:
            self._give_up(writes, self._broken)
        elif writes:
            operations = [self._operation(write) for write in writes.values()]
            self._operations += operations
            try:
                await self._send(operations)
            finally:  # an interrupt leaves an account, too
                self._settle(writes, operations)

    async def _send(self, operations: Sequence[BatchOperation]) -> bool:
        """Send operations; return whether all were applied."""
        try:
            result = await self._client.execute_batch(operations)
        except StashBatchError as error:
            self._answers += error.batch_result.raw_response
            if isinstance(error.__cause__, StashError):
                self._broken = error.__cause__
            return False
        self._answers += result.raw_response
        return True

    def _settle(self, writes: Mapping[Entity, Write], operations: Sequence[BatchOperation]) -> None:
        applied = Status.APPLIED  # looked up once: enum members are slow to reach
        for (entity, write), operation in zip(writes.items(), operations, strict=True):
            if operation.status is applied:
                try:
                    write.settle(operation.result)
                except StashError as error:
                    operation.settle(Status.FAILED, error=error)
            if operation.status is not applied:
                if operation.status is Status.UNKNOWN:
                    write.doubt()
                self._lost[entity] = operation.error or StashError("it was not sent")
                continue
            if entity.identity_map is None:  # from now on this is the one with its id
                self._identity_map.take_in(entity)
            if self._read_back and operation.error is None:
                self._identity_map.decode(type(entity), [operation.result])

    async def _send_side_writes(self, entity: Entity) -> None:
        """Save the edits on far ends of one object's relations, if it was saved itself."""
        if entity in self._lost:
            return
        for side in entity.pending_side_writes():
            operation = BatchOperation(
                side.mutation, side.type_name, {side.argument: side.value}, side.selection
            )
            self._operations.append(operation)
            if self._broken is not None:
                operation.settle(Status.SKIPPED, error=self._broken)
            elif await self._send([operation]):
                side.settle()
