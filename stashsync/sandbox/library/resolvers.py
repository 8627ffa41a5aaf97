"""Resolvers of output fields: one query for many rows, its records by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.registry import Args, Resolver
from stashsync.sandbox.library.rows import Row


def grouped(ctx: Context, rows: Sequence[Row], sql: str) -> list[list[tuple[Any, ...]]]:
    """Return for each row the records that a query has of it, without the id they begin with.

    Args:
        ctx: where to ask.
        rows: the rows of one type.
        sql: a query whose first column is the id of a row, and whose parameter all their ids.
    """
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for owner, *record in ctx.db.all(sql, (ids_param(row["id"] for row in rows),)):
        found[owner].append(tuple(record))
    return [found.get(row["id"], []) for row in rows]


def listed(sql: str, make: Callable[..., Any]) -> Resolver:
    """Return the output field that lists what `make` makes of each record of a row."""

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        return [[make(*record) for record in records] for records in grouped(ctx, rows, sql)]

    return resolve


def counted(owner: str, what: str, table: str) -> Resolver:
    """Return the output field with a number per row: SQL that sums up records by their owner."""
    sql = f"SELECT {owner}, {what} FROM {table} WHERE {owner} {IN_IDS} GROUP BY {owner}"

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        return [records[0][0] if records else 0 for records in grouped(ctx, rows, sql)]

    return resolve


def always(value: Any) -> Resolver:
    """Return the output field with the same value for every row, for what is not kept here."""
    return lambda _, rows, __: [value] * len(rows)
