"""What of mutations shows in a document: their shapes, the text of many, and how they are cut.

    mutation Batch($input0: TagCreateInput!, $input1: TagUpdateInput!) {
      op0: tagCreate(input: $input0) { id __typename }
      op1: tagUpdate(input: $input1) { id __typename }
    }

Each input is one variable as a whole: an undefined variable inside an input literal would count as
null and clear the field (docs/stash-behaviour.md#null-and-absent). Each operation has a line of its
own, so that a place in the text names an operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

MAX_BATCH_SIZE = 250
MINIMAL = "id __typename"

# What may share a document: mutations of a nullable object type. A failure of any other takes the
# ids of everything else in the document with it (docs/stash-behaviour.md#documents).
_SHARES = re.compile(r"(?:bulk[A-Z]\w*Update|\w+(?:Create|Update)|tagsMerge|sceneMerge)\Z")
# Of those that go alone, the ones that return an entity; most others return true or a job's id.
_ENTITY_ALONE = frozenset(("performerMerge", "saveFilter"))


class Shape(NamedTuple):
    """All of an operation that shows in a document's text."""

    mutation: str
    argument: str
    type: str
    selection: str


Run: TypeAlias = tuple[Shape, int]
"""So many operations of this shape, one after another."""


@lru_cache(maxsize=1024)
def shares_document(mutation_name: str) -> bool:
    """Whether the mutation returns a nullable object, so that its failure leaves others alone."""
    return _SHARES.match(mutation_name) is not None


@lru_cache(maxsize=1024)
def shape_of(mutation: str, argument: str, type_name: str, return_fields: str = MINIMAL) -> Shape:
    """Return the shape of an operation; without an object it has no selection by default."""
    has_default = return_fields == MINIMAL
    is_entity = shares_document(mutation) or mutation in _ENTITY_ALONE
    return Shape(
        mutation, argument, type_name, "" if has_default and not is_entity else return_fields
    )


def cut(runs: Iterable[Run], size: int = MAX_BATCH_SIZE) -> Iterator[tuple[Run, ...]]:
    """Cut operations into the runs of each document, for at most `size` operations in one.

    Raises:
        ValueError: `size` is less than 1.
    """
    if size < 1:
        raise ValueError(f"max_batch_size must be at least 1, not {size}")
    part: list[Run] = []
    room = size
    for shape, count in runs:
        shares = shares_document(shape.mutation)
        left = count
        while left:
            if part and not (shares and room):
                yield tuple(part)
                part, room = [], size
            taken = min(left, room) if shares else 1
            if shares:
                part.append((shape, taken))
                room -= taken
            else:
                yield ((shape, 1),)
            left -= taken
    if part:
        yield tuple(part)


@lru_cache(maxsize=256)
def numbered(word: str, count: int) -> tuple[str, ...]:
    """`op0`, `op1`, … up to `count`: aliases, or names of variables."""
    return tuple([f"{word}{n}" for n in range(count)])


@lru_cache(maxsize=128)
def document_text(runs: tuple[Run, ...]) -> str:
    """Write the text of shape document, its operations as `op0`, `op1`, …; once for equal runs."""
    shapes = [shape for shape, count in runs for _ in range(count)]
    declared = ", ".join([f"${shape.argument}{n}: {shape.type}" for n, shape in enumerate(shapes)])
    lines = [
        f"  op{n}: {shape.mutation}({shape.argument}: ${shape.argument}{n})"
        + (f" {{ {shape.selection} }}" if shape.selection else "")
        for n, shape in enumerate(shapes)
    ]
    return "\n".join([f"mutation Batch({declared}) {{", *lines, "}"])
