"""Mutations as data: one operation with its status, a document of many, and the result of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

from stashsync.errors import StashError
from stashsync.outcomes import Status
from stashsync.wire.shapes import (
    MAX_BATCH_SIZE,
    MINIMAL,
    Run,
    Shape,
    cut,
    document_text,
    numbered,
    shape_of,
    shares_document,
)

_UNSENT = Status.SKIPPED
"""Looked up once: members of enums are slow to reach."""


class BatchOperation:
    """One mutation with its input, and after sending its status.

    `variables` holds the mutation's only argument under its name: {"input": {…}}, {"ids": […]}.
    `return_fields` is the selection; mutations that return true or a job's id get none, unless
    another than the default is given.

    Raises:
        ValueError: not exactly one argument; of several, the type could belong to any.
    """

    __slots__ = (
        "error",
        "input_type_name",
        "mutation_name",
        "result",
        "return_fields",
        "status",
        "variables",
    )

    def __init__(
        self,
        mutation_name: str,
        input_type_name: str,
        variables: dict[str, Any],
        return_fields: str = MINIMAL,
    ) -> None:
        if len(variables) != 1:
            raise ValueError(f"{mutation_name} needs exactly one argument, not {len(variables)}")
        self.mutation_name = mutation_name
        self.input_type_name = input_type_name
        self.variables = variables
        self.return_fields = return_fields
        self.result: Any = None
        self.error: StashError | None = None
        self.status = _UNSENT

    def __repr__(self) -> str:
        return f"BatchOperation({self.mutation_name!r}, {self.variables!r}: {self.status})"

    @property
    def shape(self) -> Shape:
        """What of it shows in a document's text."""
        (argument,) = self.variables
        return shape_of(self.mutation_name, argument, self.input_type_name, self.return_fields)

    @property
    def shares(self) -> bool:
        """Whether it may share a document with others."""
        return shares_document(self.mutation_name)

    def settle(self, status: Status, result: Any = None, error: StashError | None = None) -> None:
        """Note what became of it."""
        self.status, self.result, self.error = status, result, error


class Document:
    """Operations that travel together."""

    __slots__ = ("operations", "runs")

    def __init__(
        self, operations: Sequence[BatchOperation], runs: tuple[Run, ...] | None = None
    ) -> None:
        self.operations = operations
        self.runs = tuple(_runs(operations)) if runs is None else runs

    def __len__(self) -> int:
        return len(self.operations)

    @property
    def text(self) -> str:
        """The document."""
        return document_text(self.runs)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables that belong to the text."""
        found: dict[str, Any] = {}
        for shape, count in self.runs:
            first, argument = len(found), shape.argument
            names = numbered(argument, first + count)[first:]
            values = [
                operation.variables[argument]
                for operation in self.operations[first : first + count]
            ]
            found.update(zip(names, values, strict=True))
        return found

    def settle(self, status: Status, error: StashError | None = None) -> None:
        """Note the same outcome of all of them, none of which returned anything."""
        for operation in self.operations:
            operation.status, operation.result, operation.error = status, None, error


def _runs(operations: Sequence[BatchOperation]) -> Iterator[Run]:
    """Yield the operations' shapes; neighbours mostly have the same one."""
    first, shape = 0, None
    mutation = argument = type_name = return_fields = ""
    for n, operation in enumerate(operations):
        if (
            operation.mutation_name == mutation
            and operation.return_fields == return_fields
            and operation.input_type_name == type_name
            and argument in operation.variables
        ):
            continue
        if shape is not None:
            yield shape, n - first
        first, shape = n, operation.shape
        mutation, argument = operation.mutation_name, shape.argument
        type_name, return_fields = operation.input_type_name, operation.return_fields
    if shape is not None:
        yield shape, len(operations) - first


def in_documents(
    operations: Sequence[BatchOperation], max_batch_size: int = MAX_BATCH_SIZE
) -> list[Document]:
    """Cut operations into documents, in their order.

    Raises:
        ValueError: `max_batch_size` is less than 1.
    """
    found: list[Document] = []
    first = 0
    for runs in cut(_runs(operations), max_batch_size):
        end = first + sum(count for _, count in runs)
        found.append(Document(operations[first:end], runs))
        first = end
    return found


class BatchResult(Sequence[BatchOperation]):
    """All operations of a batch, in the order in which they were given.

    `raw_response` has what the server answered, as it came: {"data": …, "errors": […]} for each
    document in the order of sending. Every document counts its aliases from `op0`.
    """

    __slots__ = ("operations", "raw_response")

    def __init__(
        self, operations: Sequence[BatchOperation], raw_response: Sequence[dict[str, Any]] = ()
    ) -> None:
        self.operations = operations
        self.raw_response = raw_response

    @property
    def all_succeeded(self) -> bool:
        """Whether every single one was applied."""
        applied = Status.APPLIED
        return all(operation.status is applied for operation in self.operations)

    @property
    def succeeded(self) -> list[BatchOperation]:
        """Those that were applied."""
        return self._of(Status.APPLIED)

    @property
    def failed(self) -> list[BatchOperation]:
        """Those that the server refused."""
        return self._of(Status.FAILED)

    @property
    def unknown(self) -> list[BatchOperation]:
        """Those that were sent and may or may not have been applied."""
        return self._of(Status.UNKNOWN)

    @property
    def not_sent(self) -> list[BatchOperation]:
        """Those that certainly did not run because something else went wrong before."""
        return self._of(Status.SKIPPED)

    def _of(self, status: Status) -> list[BatchOperation]:
        return [operation for operation in self.operations if operation.status is status]

    def __len__(self) -> int:
        return len(self.operations)

    @overload
    def __getitem__(self, index: int) -> BatchOperation: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[BatchOperation]: ...
    def __getitem__(self, index: int | slice) -> BatchOperation | Sequence[BatchOperation]:
        return self.operations[index]

    def __iter__(self) -> Iterator[BatchOperation]:
        return iter(self.operations)

    def __repr__(self) -> str:
        counts = {status.value: len(self._of(status)) for status in Status}
        return f"BatchResult({', '.join(f'{n} {word}' for word, n in counts.items() if n)})"
