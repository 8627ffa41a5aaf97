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

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stashsync.errors import StashBatchError, StashError
from stashsync.fields import Memberships
from stashsync.fields.names import has_wildcards, like
from stashsync.graph import Edge, arrange
from stashsync.types import Entity
from stashsync.types.inputs import Inputs
from stashsync.types.relations import members
from stashsync.types.saving import Write
from stashsync.wire.batches import summary
from stashsync.wire.operations import BatchOperation, BatchResult, Outcome

if TYPE_CHECKING:
    from stashsync.store.asking import Asking
    from stashsync.types import Capabilities


class CascadeWarning(DeprecationWarning):
    """An object was saved because another one refers to it; better save it by itself, before."""


Edits = dict[Entity, Write]
"""What saves each object; none of it is sent yet."""


def edits_of(objects: Iterable[Entity], server: Capabilities, *, stacklevel: int = 3) -> Edits:
    """All of the objects that are new or edited, and all new ones that they refer to.

    What is to be sent is built here, before anything is sent: so what cannot be is said before.
    Warns of those that were not given.

    Raises:
        ValueError, NotImplementedError, StashCapabilityError: an object lacks something, or cannot
            be saved at all.
    """
    inputs = Inputs(server)
    given = dict.fromkeys(objects)
    found: Edits = {}
    waiting = list(given)
    for one in waiting:  # it grows
        write = inputs.write(one)
        if write is None:
            continue
        found[one] = write
        for other in write.references:
            if other not in given:
                warnings.warn(
                    f"{other!r} is saved because {one!r} refers to it; save it before",
                    CascadeWarning,
                    stacklevel=stacklevel,
                )
                given[other] = None
                waiting.append(other)
    return found


async def save_all(client: Asking, server: Capabilities, edits: Edits) -> BatchResult:
    """Save these edits, new ones among them in an order in which each finds what it refers to.

    Raises:
        StashBatchError: not everything was saved; it has the whole account. What was saved is
            clean, the rest is as it was.
    """
    run = _Run(client, server, edits)
    new = [one for one, write in edits.items() if write.shape.new]
    for wave in _waves(new, edits):
        await run.create(wave)
    await run.update()
    for one, write in edits.items():
        if any(not spec.settable for spec in write.relations):
            await run.save_far_ends(one)
    result = BatchResult(run.operations, run.heard)
    if not result.all_succeeded:
        raise StashBatchError(summary(result), result) from run.broken
    return result


Step = tuple[Entity, bool]
"""An object, and whether its references to new objects wait for a later step."""


def _waves(new: Sequence[Entity], edits: Edits) -> Iterator[list[Step]]:
    """What to create in each wave: as soon as what it refers to is there."""
    number = {one: n for n, one in enumerate(new)}
    group_of = list(range(len(new)))  # parts: each creation,
    refers: dict[int, int] = {}  # and its references, where it has any: cut off in a circle only
    edges: list[Edge] = []
    for n, one in enumerate(new):
        if edits[one].references:
            refers[n] = len(group_of)
            group_of.append(n)
            edges.append(Edge(n, refers[n], 1))
            edges += [
                Edge(number[other], n if field.create_type.endswith("!") else refers[n], 1)
                for field, other in _new_references(edits[one])
                if other in number
            ]
    edges += _patterns_first(new)
    order = arrange(group_of, edges)
    waves: list[list[Step]] = [[] for _ in range(1 + max(order.waves, default=-1))]
    for step, wave in zip(order.steps, order.waves, strict=True):
        n = group_of[step[0]]
        waves[wave].append((new[n], n in refers and refers[n] not in step))
    yield from waves
    # A circle of references that no create can do without: the server says what it thinks of it.
    yield [(new[n], False) for n in dict.fromkeys(group_of[part] for part in order.stuck)]


def _new_references(write: Write) -> Iterator[tuple[Any, Entity]]:
    values, table = write.entity.__dict__, type(write.entity)._relations()
    for spec in write.relations:
        if spec.settable:
            for other in members(table[spec.name], values[spec.name]):
                if other.is_new() and other is not write.entity:
                    yield spec, other


def _patterns_first(new: Sequence[Entity]) -> Iterator[Edge]:
    """The server reads `_` and `%` in a new name as wildcards and refuses what matches a known one.

    So these come before those that they match (behaviour, section 2.1).
    """
    named = [
        (n, type(one), str(name))
        for n, one in enumerate(new)
        if type(one).kind().shared_names and (name := getattr(one, "name", None))
    ]
    for n, model, pattern in named:
        if not has_wildcards(pattern):
            continue
        match = like(pattern).match
        for other, its, name in named:
            if its is model and other != n and match(name) and not has_wildcards(name):
                yield Edge(n, other, 1)


class _Run:
    """One saving: what was sent so far, and what became of it."""

    def __init__(self, client: Asking, server: Capabilities, edits: Edits) -> None:
        self.operations: list[BatchOperation] = []
        self.heard: list[dict[str, Any]] = []
        self.broken: StashError | None = None
        self._edits = edits
        self._client = client
        self._inputs = Inputs(server)
        self._lost: dict[Entity, StashError] = {}

    async def create(self, wave: Sequence[Step]) -> None:
        """Send a wave of new objects, and settle what was done."""
        writes = []
        for one, without in wave:
            write = self._edits[one]
            if write.references:  # they have ids by now, or wait
                rebuilt = self._write_now(one)
                if rebuilt is None:
                    continue
                write = _without_new(rebuilt) if without else rebuilt
            writes.append(write)
        await self._carry_out(writes)

    async def update(self) -> None:
        """Send all other edits, and what could not be said when an object was created."""
        writes = []
        for one, write in self._edits.items():
            if write.shape.new or write.references:  # they have other ids by now
                rebuilt = self._write_now(one)
                if rebuilt is not None:
                    writes.append(rebuilt)
            elif write.sent:
                writes.append(write)
        await self._carry_out(writes)

    def _write_now(self, entity: Entity) -> Write | None:
        if entity in self._lost:
            return None
        write = self._inputs.write(entity)
        return write if write is not None and write.sends else None

    async def _carry_out(self, writes: Sequence[Write]) -> None:
        sent: list[Write] = []
        operations: list[BatchOperation] = []
        for write in writes:
            way = write.way
            operation = BatchOperation(way.mutation, way.argument_type, {"input": write.value})
            if (self._lost or self.broken) and (reason := self._hindrance(write)):
                operation.settle(Outcome.NOT_SENT, error=reason)
                self.operations.append(operation)
                self._lost[write.entity] = reason
                continue
            sent.append(write)
            operations.append(operation)
        self.operations += operations
        if operations:
            try:
                await self._send(operations)
            finally:  # an interrupt leaves an account, too
                self._settle(sent, operations)

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

    def _hindrance(self, write: Write) -> StashError | None:
        """Why it cannot be sent: the connection broke, or a reference was not created."""
        if self.broken is not None:
            return self.broken
        for other in write.references:
            if other in self._lost:
                return StashError(f"{write.entity!r} refers to {other!r}, which was not created")
        return None

    def _settle(self, writes: Sequence[Write], operations: Sequence[BatchOperation]) -> None:
        applied = Outcome.APPLIED
        for write, operation in zip(writes, operations, strict=True):
            if operation.outcome is applied:
                try:
                    write.settle(operation.result)
                except StashError as error:
                    operation.settle(Outcome.FAILED, error=error)
                else:
                    if write.entity._home is None:
                        self._client.home.take_in(write.entity)
                    continue
            self._lost[write.entity] = operation.error or StashError("it was not sent")

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


def _without_new(write: Write) -> Write:
    """The same creation without references to objects that are new themselves."""
    entity, value, sent = write.entity, dict(write.value), dict(write.sent)
    table = type(entity)._relations()
    for spec in write.relations:
        if not spec.settable or spec.create_type.endswith("!"):
            continue
        now = entity.__dict__[spec.name]
        if not any(one.is_new() for one in members(table[spec.name], now)):
            continue
        value.pop(spec.input, None)
        sent.pop(spec.name, None)
        if isinstance(spec.meaning, Memberships) or spec.form == "one":
            continue
        known = [one for one in now if not one.is_new()]
        if known:
            value[spec.input] = [one.id for one in known]
            sent[spec.name] = set(known)
    return replace(write, value=value, sent=sent, references=())
