"""The operations and output fields of the library, by GraphQL name.

    MUTATIONS  "tagCreate"      → f(context, args)
    QUERIES    "findTags"       → f(context, args)
    FIELDS     "Tag", "aliases" → f(context, rows, args) → one value per row

Output fields are resolved for many rows at once, so that a list of rows costs one query per
field rather than one per row and field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.rows import Row

Args: TypeAlias = dict[str, Any]
Operation: TypeAlias = Callable[[Context, Args], Any]
Resolver: TypeAlias = Callable[[Context, Sequence[Row], Args], list[Any]]

MUTATIONS: dict[str, Operation] = {}
QUERIES: dict[str, Operation] = {}
FIELDS: dict[str, dict[str, Resolver]] = defaultdict(dict)


def mutation(name: str) -> Callable[[Operation], Operation]:
    """Enter the decorated function as the mutation of that name."""

    def enter(run: Operation) -> Operation:
        MUTATIONS[name] = run
        return run

    return enter


def query(name: str) -> Callable[[Operation], Operation]:
    """Enter the decorated function as the query of that name."""

    def enter(run: Operation) -> Operation:
        QUERIES[name] = run
        return run

    return enter


def fields(type_name: str, resolvers: dict[str, Resolver]) -> None:
    """Enter output fields of a type beside its columns."""
    FIELDS[type_name].update(resolvers)
