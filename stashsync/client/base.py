"""What the parts of a client need of the whole: to ask, to write, and to know who is who."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stashsync.wire.shapes import MAX_BATCH_SIZE

if TYPE_CHECKING:
    from stashsync.kinds import Capabilities
    from stashsync.store.cache import Cache
    from stashsync.wire.exchange import GraphQLTransport
    from stashsync.wire.gql_adapter import Document
    from stashsync.wire.operations import BatchOperation, BatchResult


@dataclass(slots=True)
class Turns:
    """One after another, and how many turns were taken so far."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    taken: int = 0


class ClientBase(ABC):
    """The base of all mixins. A client names the class that implements it before them."""

    _creating: Turns
    """Whose turn it is to make names that are missing, so that no two tasks make the same. Of the
    objects themselves, whoever makes them, `types.underway` knows."""

    @property
    @abstractmethod
    def transport(self) -> GraphQLTransport:
        """What it talks over."""

    @property
    @abstractmethod
    def home(self) -> Cache:
        """Where each object of this server is kept once."""

    @abstractmethod
    async def execute(
        self,
        query: Document,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> dict[str, Any]:
        """The `data` of the answer to any document; raises where there are errors."""

    @abstractmethod
    async def execute_batch(
        self, operations: Sequence[BatchOperation], *, max_batch_size: int = MAX_BATCH_SIZE
    ) -> BatchResult:
        """All operations carried out; raises StashBatchError where not every one was applied."""

    @abstractmethod
    async def capabilities(self) -> Capabilities:
        """What the server is and has."""

    @abstractmethod
    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        """What one mutation answers; raises where it was refused."""
