"""A client that records mutations: the part of a client that saving needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from stashsync.entities import Entity, PlainIdentityMap
from stashsync.errors import StashBatchError, StashError
from stashsync.kinds import Capabilities
from stashsync.outcomes import Status
from stashsync.store.cache import EntityCache
from stashsync.store.unit_of_work import UnitOfWork
from stashsync.wire.operations import BatchOperation, BatchResult


class Sent(NamedTuple):
    """One mutation with its arguments."""

    mutation: str
    argument: str
    type_name: str
    value: Any


class Recorder:
    """Answers creates with ids from 100 on, everything else with what was sent."""

    def __init__(self, inputs: dict[str, frozenset[str]] | None = None) -> None:
        self.sent: list[Sent] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.answer: Callable[[Sent], Any] | None = None
        self._server = Capabilities(inputs=inputs or {}, outputs={}, mutations=frozenset())
        self._next = 100
        self.unit_of_work = UnitOfWork(self, EntityCache(self))

    async def capabilities(self) -> Capabilities:
        return self._server

    async def execute(self, query: str, *_: Any, **__: Any) -> dict[str, Any]:
        raise NotImplementedError(query)

    async def execute_batch(self, operations: Sequence[BatchOperation], **_: Any) -> BatchResult:
        for operation in operations:
            ((argument, value),) = operation.variables.items()
            try:
                answer = await self.mutate(
                    operation.mutation_name,
                    argument,
                    operation.input_type_name,
                    value,
                    operation.return_fields,
                )
            except StashError as error:
                operation.settle(Status.FAILED, error=error)
            else:
                operation.settle(Status.APPLIED, answer)
        result = BatchResult(operations)
        if not result.all_succeeded:
            raise StashBatchError("not all", result)
        return result

    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        self.sent.append(Sent(mutation, argument, type_name, value))
        self.meanwhile()
        if self.answer is not None:
            return self.answer(self.sent[-1])
        if not selection:
            return True
        if isinstance(value, dict) and "id" in value:
            return {"id": value["id"]}
        self._next += 1
        return {"id": str(self._next)}


class Library(PlainIdentityMap):
    """An identity map that can fetch: rows by class name and id."""

    def __init__(self, rows: dict[tuple[str, str], dict[str, Any]]) -> None:
        super().__init__()
        self.rows = rows
        self.asked: list[tuple[list[str], set[str]]] = []

    async def load(self, entities: Sequence[Entity], fields: Collection[str]) -> None:
        self.asked.append(([entity.id for entity in entities], set(fields)))
        for entity in entities:
            row = self.rows[type(entity).__name__, entity.id]
            entity.merge_row({"id": entity.id, **{name: row[name] for name in fields}})
