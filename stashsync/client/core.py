"""The core of a client: documents, rows and batches of one server, as the engine uses them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType, UnionType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, overload
from uuid import uuid4

from msgspec.structs import replace

from stashsync.client.base import ClientBase, CountingLock
from stashsync.client.paging import SIDE_BY_SIDE, Page, Progress, Row, read_all, read_page
from stashsync.errors import StashBatchError
from stashsync.kinds.registry import NAME_OF_TYPE, READ_ONLY
from stashsync.wire import documents
from stashsync.wire.capabilities import fetch_capabilities, write_settings
from stashsync.wire.shapes import MAX_BATCH_SIZE

if TYPE_CHECKING:
    from stashsync.client.operations import Mutations, Queries
    from stashsync.client.schema import Schema
    from stashsync.kinds import Capabilities, Kind
    from stashsync.store.cache import EntityCache
    from stashsync.store.store import StashEntityStore
    from stashsync.store.unit_of_work import UnitOfWork
    from stashsync.wire.exchange import GraphQLTransport
    from stashsync.wire.gql_adapter import Document
    from stashsync.wire.operations import BatchOperation, BatchResult

T = TypeVar("T")

TYPE_NAMES: Final = tuple(NAME_OF_TYPE)
"""The GraphQL types of all kinds."""


class Core(ClientBase):
    """One server, over one transport; closes the transport when it is left."""

    def __init__(self, transport: GraphQLTransport) -> None:
        self._transport = transport
        self._capabilities: Capabilities | None = None
        self._schema: Schema | None = None
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        self.names_lock = CountingLock()
        self.round_trip: float | None = None
        """The shortest time in which `execute` got an answer so far, in seconds."""
        self._identity_map: EntityCache | None = None
        self._unit_of_work: UnitOfWork | None = None
        self._store: StashEntityStore | None = None

    @property
    def client(self) -> Self:
        """The client itself, so that a context and a client can be used alike."""
        return self

    @property
    def identity_map(self) -> EntityCache:
        """The objects of this server, each once."""
        if self._identity_map is None:
            from stashsync.store.cache import EntityCache  # the engine keeps no objects

            self._identity_map = EntityCache(self)
        return self._identity_map

    @property
    def unit_of_work(self) -> UnitOfWork:
        """What saves objects: every save of this client goes through it."""
        if self._unit_of_work is None:
            from stashsync.store.unit_of_work import UnitOfWork

            self._unit_of_work = UnitOfWork(self, self.identity_map)
        return self._unit_of_work

    @property
    def store(self) -> StashEntityStore:
        """The store of this client, made on first use."""
        if self._store is None:
            from stashsync.store.store import StashEntityStore

            self._store = StashEntityStore(self)
        return self._store

    @property
    def queries(self) -> Queries:
        """Every query of the server, by its name in snake case."""
        from stashsync.client.operations import Queries

        return Queries(self)

    @property
    def mutations(self) -> Mutations:
        """Every mutation of the server, by its name in snake case."""
        from stashsync.client.operations import Mutations

        return Mutations(self)

    @property
    def transport(self) -> GraphQLTransport:
        """The transport that it sends documents over."""
        return self._transport

    @overload
    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None = None,
        result_type: None = None,
        *,
        operation_name: str | None = None,
    ) -> dict[str, Any]: ...

    @overload
    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None,
        result_type: type[T],
        *,
        operation_name: str | None = None,
    ) -> T: ...

    @overload
    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None = None,
        *,
        result_type: type[T],
        operation_name: str | None = None,
    ) -> T: ...

    @overload  # `Tag | None`: what type checkers have no name for (PEP 747)
    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None = None,
        result_type: UnionType | None = None,
        *,
        operation_name: str | None = None,
    ) -> Any: ...

    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None = None,
        result_type: Any = None,
        *,
        operation_name: str | None = None,
    ) -> Any:
        """Send a document and return the `data` of its answer.

        With a `result_type` (Tag, list[Tag], Tag | None, int, a model, a dataclass) it is what the
        document's only field gives, as that type; entities are those of the store.

            tags = await client.execute("{ allTags { id name } }", None, list[Tag])

        A document of gql (`gql("…")`, `dsl_gql(…)`) has its own variables, unless `variables` are
        given.

        Raises:
            StashGraphQLError: the API reports errors; what came beside them is in `.data`.
            StashConnectionError, StashServerError: no answer, or not one of the API.
            ValueError: the answer is not of the type, or has several fields.
        """
        if not isinstance(query, str):
            from stashsync.wire.gql_adapter import payload_of  # loads gql

            payload = payload_of(query)
            text: str = payload["query"]
            variables = payload.get("variables") if variables is None else variables
            operation_name = operation_name or payload.get("operationName")
        else:
            text = query
        begin = time.perf_counter()
        answer = await self._transport.send(text, variables, operation_name=operation_name)
        seconds = time.perf_counter() - begin
        self.round_trip = min(seconds, self.round_trip or seconds)
        data = answer.data_or_raise()
        if result_type is None:
            return data
        from stashsync.client.results import as_type  # loads pydantic

        return as_type(result_type, data, self.identity_map)

    async def capabilities(self) -> Capabilities:
        """Return what the server is and has; it is asked once.

        Raises:
            StashSystemNotReadyError: it waits for set-up or for a migration.
            StashConnectionError, StashServerError: no answer, or not one of a Stash server.
        """
        if self._capabilities is None:
            self._capabilities = await fetch_capabilities(
                self._transport, inputs=_input_types(), outputs=_output_types()
            )
        return self._capabilities

    async def schema(self) -> Schema:
        """Return the types and operations of the server; it is asked once.

        Raises:
            StashConnectionError, StashServerError: no answer, or not one of a Stash server.
        """
        if self._schema is None:
            from stashsync.client.schema import INTROSPECTION, Schema

            self._schema = Schema(await self.execute(INTROSPECTION))
        return self._schema

    async def mark_library(self) -> Capabilities:
        """Give the library a random id to distinguish it from others, unless it has one.

        Raises:
            StashError: the server refused it, or gave no answer.
        """
        server = await self.capabilities()
        if not server.mark:
            settings = {**server.settings, "library": uuid4().hex}
            await write_settings(self._transport, settings)
            server = self._capabilities = replace(server, settings=settings)
        return server

    async def find_one(
        self, kind: Kind, identifier: str, fields: Iterable[str], extra: Iterable[str] = ()
    ) -> dict[str, Any] | None:
        """Return the row of the object with this id, or None.

        Raises:
            StashGraphQLError, StashConnectionError, StashServerError: as `execute`.
        """
        text = documents.find_one(kind, fields, await self.capabilities(), extra)
        row: dict[str, Any] | None = (await self.execute(text, {"id": identifier}))["one"]
        return row

    async def find_page(
        self,
        kind: Kind,
        fields: Iterable[str],
        *,
        page: int = 1,
        per_page: int = 40,
        where: Mapping[str, Any] | None = None,
        extra: Iterable[str] = (),
    ) -> Page:
        """Return one page of the rows that match `where`, a filter of the kind, by id.

        `page` counts from 1, `per_page` is how many rows on it, -1 for all
        (docs/stash-behaviour.md#paging).

        Raises:
            StashGraphQLError, StashConnectionError, StashServerError: as `execute`.
        """
        text = documents.find_page(kind, fields, await self.capabilities(), extra)
        return await read_page(self._transport, text, page=page, per_page=per_page, where=where)

    @overload
    async def find_all(
        self,
        kind: Kind,
        fields: Iterable[str],
        *,
        per_page: int = 1000,
        where: Mapping[str, Any] | None = None,
        extra: Iterable[str] = (),
        progress: Progress | None = None,
    ) -> list[Row]: ...

    @overload
    async def find_all(
        self,
        kind: Kind,
        fields: Iterable[str],
        *,
        where: Mapping[str, Any] | None = None,
        extra: Iterable[str] = (),
        progress: Progress | None = None,
        make: Callable[[Row], T],
    ) -> list[T]: ...

    async def find_all(
        self,
        kind: Kind,
        fields: Iterable[str],
        *,
        per_page: int = 1000,
        where: Mapping[str, Any] | None = None,
        extra: Iterable[str] = (),
        progress: Progress | None = None,
        make: Callable[[Row], Any] = dict,
    ) -> list[Any]:
        """Return all rows that match `where`, by id; pages are read side by side.

        Fields that the server lacks are left out; `extra` selections come as they stand. Pages
        have `per_page` rows. `progress` gets the number of rows read and of all rows after each.
        What `make` makes of each row as its page comes is returned in its place.

        Raises:
            ValueError: `per_page` is less than 1.
            PagesMovedError: objects came and went during every reading.
            StashGraphQLError, StashConnectionError, StashServerError: as `execute`.
        """
        server = await self.capabilities()
        if kind.saved_whole:
            found = await self.execute(documents.find_unpaged(kind, fields, server, extra))
            rows: list[Row] = sorted(found["rows"], key=lambda row: int(row["id"]))
            if progress is not None:
                progress(len(rows), len(rows))
            return list(map(make, rows))
        return await read_all(
            self._transport,
            documents.find_page(kind, fields, server, extra),
            make,
            per_page=per_page,
            where=where,
            slots=self._slots,
            progress=progress,
        )

    async def count(self, kind: Kind, where: Mapping[str, Any] | None = None) -> int:
        """Return how many objects match `where`.

        Raises:
            StashGraphQLError, StashConnectionError, StashServerError: as `execute`.
        """
        if kind.saved_whole and where is None:
            return len(await self.find_all(kind, ()))
        data = await self.execute(documents.count(kind), {"where": where} if where else None)
        number: int = data["found"]["count"]
        return number

    async def execute_batch(
        self, operations: Sequence[BatchOperation], *, max_batch_size: int = MAX_BATCH_SIZE
    ) -> BatchResult:
        """All operations carried out, in documents of at most `max_batch_size` of them, one by one.

        What cannot share a document without risk to the others has one of its own
        (docs/stash-behaviour.md#documents).

        Raises:
            StashBatchError: not every one was applied; it has the whole account.
            ValueError: `max_batch_size` is less than 1; nothing was sent.
            TypeError: it is no whole number, or something is no operation; nothing was sent.
        """
        from stashsync.wire.batches import execute_batch  # not needed for reading
        from stashsync.wire.operations import BatchOperation

        operations = list(operations)  # they are gone through more than once
        for operation in operations:
            if not isinstance(operation, BatchOperation):
                raise TypeError(f"wants BatchOperation objects, not {operation!r}")
        if not isinstance(max_batch_size, int):
            raise TypeError(f"max_batch_size is a whole number, not {max_batch_size!r}")
        return await execute_batch(self._transport, operations, max_batch_size=max_batch_size)

    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        """Run one mutation and return its answer.

        Raises:
            StashGraphQLError: the server refused it.
            StashConnectionError, StashServerError: no answer; it may or may not have run.
        """
        from stashsync.wire.operations import BatchOperation

        operation = BatchOperation(mutation, type_name, {argument: value}, selection)
        try:
            await self.execute_batch([operation])
        except StashBatchError as error:
            raise operation.error or error from error
        return operation.result

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.aclose()


def _input_types() -> list[str]:
    usual = ("{}CreateInput", "{}UpdateInput", "Bulk{}UpdateInput", "{}FilterType")
    merges = [f"{name}MergeInput" for name in ("Tags", "Performer", "Scene")]
    others = ["CustomFieldsInput", "FolderFilterType", "StashIDInput", "SaveFilterInput", *merges]
    edited = [type_ for type_, name in NAME_OF_TYPE.items() if name not in READ_ONLY]
    return [form.format(name) for name in edited for form in usual] + others


def _output_types() -> list[str]:
    return [*TYPE_NAMES, "StashID"]
