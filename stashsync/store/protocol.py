"""What the store needs of a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from stashsync.wire.shapes import MAX_BATCH_SIZE

if TYPE_CHECKING:
    from stashsync.kinds import Capabilities
    from stashsync.wire.operations import BatchOperation, BatchResult


class Client(Protocol):
    """A client as the store sees it: one server."""

    async def capabilities(self) -> Capabilities:
        """Return what the server is and has."""
        ...

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> dict[str, Any]:
        """Return the data of the answer to a document.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        ...

    async def execute_batch(
        self, operations: Sequence[BatchOperation], *, max_batch_size: int = MAX_BATCH_SIZE
    ) -> BatchResult:
        """Carry out all operations.

        Raises:
            StashBatchError: not every one was applied; it has the whole account.
        """
        ...

    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        """Return what one mutation answers.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        ...
