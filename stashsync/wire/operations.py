"""Mutations as data: one operation, its outcome, and the text of a document of many.

    mutation Batch($input0: TagCreateInput!, $input1: TagUpdateInput!) {
      op0: tagCreate(input: $input0) { id __typename }
      op1: tagUpdate(input: $input1) { id __typename }
    }

Each input is one variable as a whole: an undefined variable inside an input literal would count as
null and clear the field (Stash's behaviour, section 2.0). Each operation has a line of its own, so
that a place in the text names an operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from stashsync.errors import StashError

MAX_BATCH_SIZE = 250
MINIMAL = "id __typename"

# What may share a document: mutations of a nullable object type. A failure of any other takes the
# ids of everything else in the document with it (behaviour, section 3).
_SHARES = re.compile(r"(?:bulk[A-Z]\w*Update|\w+(?:Create|Update)|tagsMerge|sceneMerge)\Z")
# Of those that go alone, the ones that return an entity; most others return true or a job's id.
_ENTITY_ALONE = frozenset(("performerMerge", "saveFilter"))


class Outcome(StrEnum):
    """What became of an operation: exactly one of these, at any time."""

    NOT_SENT = "not sent"
    """It certainly did not run, and nothing says that it would fail."""
    APPLIED = "applied"
    FAILED = "failed"
    """The server refused it; its message is in `error`."""
    UNKNOWN = "unknown"
    """It was sent, and nobody said what became of it."""


NOT_SENT = Outcome.NOT_SENT


class Shape(NamedTuple):
    """All of an operation that shows in a document's text."""

    mutation: str
    argument: str
    type: str
    selection: str


class BatchOperation:
    """One mutation with its input, and after sending its outcome.

    `variables` holds the mutation's only argument under its name: {"input": {…}}, {"ids": […]}.
    `return_fields` is the selection; mutations that return true or a job's id get none, unless
    another than the default is given.
    """

    __slots__ = (
        "error",
        "input_type_name",
        "mutation_name",
        "outcome",
        "result",
        "return_fields",
        "variables",
    )

    def __init__(
        self,
        mutation_name: str,
        input_type_name: str,
        variables: dict[str, Any],
        return_fields: str = MINIMAL,
    ) -> None:
        if len(variables) != 1:  # of several, the type could belong to any
            message = f"{mutation_name} needs exactly one argument, not {len(variables)}"
            raise ValueError(message)
        self.mutation_name = mutation_name
        self.input_type_name = input_type_name
        self.variables = variables
        self.return_fields = return_fields
        self.result: Any = None
        self.error: StashError | None = None
        self.outcome = NOT_SENT

    def __repr__(self) -> str:
        return f"BatchOperation({self.mutation_name!r}, {self.variables!r}: {self.outcome})"

    @property
    def shape(self) -> Shape:
        """What of it shows in a document's text."""
        (argument,) = self.variables
        return _shape(self.mutation_name, argument, self.input_type_name, self.return_fields)

    @property
    def shares(self) -> bool:
        """Whether it may share a document with others."""
        return shares_document(self.mutation_name)

    def settle(self, outcome: Outcome, result: Any = None, error: StashError | None = None) -> None:
        """Note what became of it."""
        self.outcome, self.result, self.error = outcome, result, error


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
        applied = Outcome.APPLIED  # looked up once: enum members are slow to reach
        return all(operation.outcome is applied for operation in self.operations)

    @property
    def succeeded(self) -> list[BatchOperation]:
        """Those that were applied."""
        return self._of(Outcome.APPLIED)

    @property
    def failed(self) -> list[BatchOperation]:
        """Those that the server refused."""
        return self._of(Outcome.FAILED)

    @property
    def unknown(self) -> list[BatchOperation]:
        """Those that were sent and may or may not have been applied."""
        return self._of(Outcome.UNKNOWN)

    @property
    def not_sent(self) -> list[BatchOperation]:
        """Those that certainly did not run because something else went wrong before."""
        return self._of(Outcome.NOT_SENT)

    def _of(self, outcome: Outcome) -> list[BatchOperation]:
        return [operation for operation in self.operations if operation.outcome is outcome]

    def __len__(self) -> int:
        return len(self.operations)

    def __getitem__(self, index: Any) -> Any:
        return self.operations[index]

    def __iter__(self) -> Iterator[BatchOperation]:
        return iter(self.operations)

    def __repr__(self) -> str:
        counts = {one.value: len(self._of(one)) for one in Outcome}
        return f"BatchResult({', '.join(f'{n} {word}' for word, n in counts.items() if n)})"


@lru_cache(maxsize=1024)
def shares_document(mutation_name: str) -> bool:
    """Whether the mutation returns a nullable object, so that its failure leaves others alone."""
    return _SHARES.match(mutation_name) is not None


@lru_cache(maxsize=1024)
def _shape(mutation: str, argument: str, type_name: str, return_fields: str) -> Shape:
    has_default = return_fields == MINIMAL
    is_entity = shares_document(mutation) or mutation in _ENTITY_ALONE
    return Shape(
        mutation, argument, type_name, "" if has_default and not is_entity else return_fields
    )


def chunks(
    operations: Iterable[BatchOperation], max_batch_size: int = MAX_BATCH_SIZE
) -> Iterator[list[BatchOperation]]:
    """The operations cut into documents, in their order.

    Raises:
        ValueError: `max_batch_size` is less than 1.
    """
    if max_batch_size < 1:
        message = f"max_batch_size must be at least 1, not {max_batch_size}"
        raise ValueError(message)
    given = list(operations)
    lonely = {name for name in {one.mutation_name for one in given} if not shares_document(name)}
    alone = [n for n, one in enumerate(given) if one.mutation_name in lonely] if lonely else []
    start = 0
    for end in (*alone, len(given)):
        for first in range(start, end, max_batch_size):
            yield given[first : min(first + max_batch_size, end)]
        if end < len(given):
            yield [given[end]]
        start = end + 1


Run: TypeAlias = tuple[Shape, int]
"""So many operations of this shape, one after another."""


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


def batch_text(operations: Sequence[BatchOperation]) -> str:
    """The text of one document with all of `operations`, as `op0`, `op1`, …"""
    return _text(tuple(_runs(operations)))


def batch_variables(operations: Sequence[BatchOperation]) -> dict[str, Any]:
    """The variables that belong to `batch_text`."""
    variables: dict[str, Any] = {}
    first = 0
    for shape, count in _runs(operations):
        argument, end = shape.argument, first + count
        values = [one.variables[argument] for one in operations[first:end]]
        variables.update(zip(numbered(argument, end)[first:], values, strict=True))
        first = end
    return variables


@lru_cache(maxsize=256)
def numbered(word: str, count: int) -> tuple[str, ...]:
    """`op0`, `op1`, … up to `count`: aliases, or names of variables."""
    return tuple([f"{word}{n}" for n in range(count)])


@lru_cache(maxsize=128)
def _text(runs: tuple[Run, ...]) -> str:
    shapes = [shape for shape, count in runs for _ in range(count)]
    declared = ", ".join([f"${one.argument}{n}: {one.type}" for n, one in enumerate(shapes)])
    lines = [
        f"  op{n}: {one.mutation}({one.argument}: ${one.argument}{n})"
        + (f" {{ {one.selection} }}" if one.selection else "")
        for n, one in enumerate(shapes)
    ]
    return "\n".join([f"mutation Batch({declared}) {{", *lines, "}"])
