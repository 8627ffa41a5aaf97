"""The base of the parts of a client: what they need of the whole."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from stashsync.wire.shapes import MAX_BATCH_SIZE

if TYPE_CHECKING:
    from stashsync.client.operations import Mutations, Queries
    from stashsync.client.schema import Schema
    from stashsync.kinds import Capabilities
    from stashsync.store.cache import EntityCache
    from stashsync.store.unit_of_work import UnitOfWork
    from stashsync.wire.exchange import GraphQLTransport
    from stashsync.wire.gql_adapter import Document
    from stashsync.wire.operations import BatchOperation, BatchResult


class CountingLock(Struct):
    """A lock with a generation counter."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    generation: int = 0


class ClientBase(ABC):
    """The base of all mixins. A client names the class that implements it before them."""

    names_lock: CountingLock
    """Held while missing names are created, so that no two tasks create the same."""

    @property
    @abstractmethod
    def transport(self) -> GraphQLTransport:
        """The transport that it sends documents over."""

    @property
    @abstractmethod
    def identity_map(self) -> EntityCache:
        """The objects of this server, each once."""

    @property
    @abstractmethod
    def unit_of_work(self) -> UnitOfWork:
        """What saves objects."""

    @abstractmethod
    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> dict[str, Any]:
        """Return the `data` of the answer to a document; raise its errors."""

    @abstractmethod
    async def execute_batch(
        self, operations: Sequence[BatchOperation], *, max_batch_size: int = MAX_BATCH_SIZE
    ) -> BatchResult:
        """Carry out all operations; raise StashBatchError if one was not applied."""

    @abstractmethod
    async def capabilities(self) -> Capabilities:
        """Return what the server is and has."""

    @property
    @abstractmethod
    def queries(self) -> Queries:
        """Every query of the server, by its name in snake case."""

    @property
    @abstractmethod
    def mutations(self) -> Mutations:
        """Every mutation of the server, by its name in snake case."""

    @abstractmethod
    async def schema(self) -> Schema:
        """Return the types and operations of the server."""

    @abstractmethod
    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        """Run one mutation and return its answer; raise its error."""
