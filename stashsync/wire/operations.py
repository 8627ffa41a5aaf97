"""Mutations as data: one operation with its status, a document of many, and the result of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
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
        self.status = Status.SKIPPED

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
    """Operations that travel together, and what became of them.

    Of most operations nobody ever asks more than whether all went well: where only their inputs
    are given, they are made when somebody looks at them.
    """

    __slots__ = ("_made", "_results", "_status", "runs", "values")

    def __init__(
        self,
        runs: tuple[Run, ...],
        values: list[Any],
        operations: Sequence[BatchOperation] | None = None,
    ) -> None:
        self.runs = runs
        self.values = values
        """The argument of each operation."""
        self._made = operations
        self._status = Status.SKIPPED
        self._results: list[Any] = []

    @classmethod
    def of(cls, operations: Sequence[BatchOperation]) -> Document:
        """The document of these, whatever their number and kind."""
        runs = tuple(_runs(operations))
        return cls(runs, _values(operations, runs), operations)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def operations(self) -> Sequence[BatchOperation]:
        """All of them, as they stand now; from now on they are what is noted in."""
        if self._made is None:
            shapes = chain.from_iterable([shape] * count for shape, count in self.runs)
            self._made = [
                BatchOperation(one.mutation, one.type, {one.argument: value}, one.selection)
                for one, value in zip(shapes, self.values, strict=True)
            ]
            for n, one in enumerate(self._made):
                one.status = self._status
                one.result = self._results[n] if self._results else None
        return self._made

    @property
    def text(self) -> str:
        """The document."""
        return document_text(self.runs)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables that belong to the text."""
        if len(self.runs) == 1:
            names = numbered(self.runs[0][0].argument, len(self))
            return dict(zip(names, self.values, strict=True))
        arguments = chain.from_iterable([shape.argument] * n for shape, n in self.runs)
        return {
            f"{argument}{n}": value
            for n, (argument, value) in enumerate(zip(arguments, self.values, strict=True))
        }

    def sent(self) -> None:
        """They are on their way: until more is known, nobody knows."""
        if self._made is None:
            self._status = Status.UNKNOWN
            return
        unknown = Status.UNKNOWN  # looked up once: enum members are slow to reach
        for one in self._made:
            one.status, one.error = unknown, None

    def applied(self, results: list[Any]) -> None:
        """All of them were applied, with these results."""
        if self._made is None:
            self._status, self._results = Status.APPLIED, results
            return
        applied = Status.APPLIED
        for one, result in zip(self._made, results, strict=True):
            one.status, one.result = applied, result

    def settle(self, status: Status, error: StashError | None = None) -> None:
        """The same became of all of them, and none returned anything."""
        for one in self.operations:
            one.settle(status, error=error)

    @property
    def results(self) -> list[Any] | None:
        """What each returned, if all of them were applied."""
        applied = Status.APPLIED
        if self._made is None:
            return self._results if self._status is applied else None
        if all(one.status is applied for one in self._made):
            return [one.result for one in self._made]
        return None


def _runs(operations: Sequence[BatchOperation]) -> Iterator[Run]:
    """The operations' shapes; mostly there are few, so that looking at neighbours is cheapest."""
    first, shape = 0, None
    mutation = argument = type_name = return_fields = ""
    for n, one in enumerate(operations):
        if (
            one.mutation_name == mutation
            and one.return_fields == return_fields
            and one.input_type_name == type_name
            and argument in one.variables
        ):
            continue
        if shape is not None:
            yield shape, n - first
        first, shape = n, one.shape
        mutation, argument = one.mutation_name, shape.argument
        type_name, return_fields = one.input_type_name, one.return_fields
    if shape is not None:
        yield shape, len(operations) - first


def _values(operations: Sequence[BatchOperation], runs: Iterable[Run]) -> list[Any]:
    values: list[Any] = []
    for shape, count in runs:
        first, argument = len(values), shape.argument
        values += [one.variables[argument] for one in operations[first : first + count]]
    return values


def in_documents(
    runs: Iterable[Run],
    values: list[Any],
    operations: Sequence[BatchOperation] | None = None,
    max_batch_size: int = MAX_BATCH_SIZE,
) -> list[Document]:
    """The documents for these arguments, and for the operations that they are of, if there are any.

    Raises:
        ValueError: `max_batch_size` is less than 1.
    """
    found: list[Document] = []
    first = 0
    for some in cut(runs, max_batch_size):
        end = first + sum(count for _, count in some)
        made = None if operations is None else operations[first:end]
        found.append(Document(some, values[first:end], made))
        first = end
    return found


class Batch(Sequence[BatchOperation]):
    """All operations of some documents: made, where they are not yet, when one is looked at."""

    __slots__ = ("documents",)

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents

    @classmethod
    def of(
        cls, operations: Iterable[BatchOperation], max_batch_size: int = MAX_BATCH_SIZE
    ) -> Batch:
        """The operations cut into documents, in their order.

        Raises:
            ValueError: `max_batch_size` is less than 1.
        """
        given = list(operations)
        runs = list(_runs(given))
        return cls(in_documents(runs, _values(given, runs), given, max_batch_size))

    @property
    def all_applied(self) -> bool:
        """Whether every single one was applied."""
        return all(document.results is not None for document in self.documents)

    def __len__(self) -> int:
        return sum(map(len, self.documents))

    def __iter__(self) -> Iterator[BatchOperation]:
        return chain.from_iterable(document.operations for document in self.documents)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        place = range(len(self))[index]  # raises what a list would
        for document in self.documents:
            if place < len(document):
                return document.operations[place]
            place -= len(document)
        raise IndexError(index)


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
        if isinstance(self.operations, Batch):
            return self.operations.all_applied
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
        counts = {one.value: len(self._of(one)) for one in Status}
        return f"BatchResult({', '.join(f'{n} {word}' for word, n in counts.items() if n)})"
