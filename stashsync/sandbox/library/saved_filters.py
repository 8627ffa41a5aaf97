"""Saved filters: unique by mode and name, opaque, replaced as a whole.

Source: docs/stash-behaviour.md#saved-filters
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import Value
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, mutation, query
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import atoi, to_id

_MAPS = ("find_filter", "object_filter", "ui_options")
_FIND_FILTER = ("q", "page", "per_page", "sort", "direction")
_EXPONENTS_FROM = 1e21
_TOGETHER = ("MOVIES", "GROUPS")
"""One mode by two names."""


@mutation("saveFilter")
def save(ctx: Context, args: Args) -> Row:
    """Store a filter. One with an id that does not exist is answered as if it were stored."""
    given = args["input"]
    name = ctx.word(given["name"])
    if not name:
        raise Refusal("name must be non-empty")
    id_ = None if given.get("id") is None else to_id(given["id"], "converting id")
    columns: dict[str, Value] = {"mode": given["mode"], "name": name}
    for field in _MAPS:
        value = given.get(field)
        columns[field] = None if value is None else json.dumps(value, sort_keys=True)
    with ctx.db.transaction():
        if id_ is None:
            id_ = ctx.db.insert("saved_filters", columns)
        else:
            ctx.db.update("saved_filters", id_, columns)
    return _row({"id": id_, **columns})


@mutation("destroySavedFilter")
def destroy(ctx: Context, args: Args) -> bool:
    """Destroy a filter."""
    id_ = to_id(args["input"]["id"], "converting id")
    with ctx.db.transaction():
        if not ctx.db.execute("DELETE FROM saved_filters WHERE id = ?", (id_,)):
            raise Refusal(f"id {id_} does not exist in saved_filters")
    return True


@query("findSavedFilter")
def find_one(ctx: Context, args: Args) -> Row | None:
    """Find a filter by its id."""
    rows = _rows(ctx, "WHERE id = ?", (atoi(str(args["id"])),))
    return rows[0] if rows else None


@query("findSavedFilters")
def find(ctx: Context, args: Args) -> list[Row]:
    """All filters by age, or those of one mode by name."""
    mode = args.get("mode")
    if mode is None:
        return _rows(ctx, "ORDER BY id")
    modes = _TOGETHER if mode in _TOGETHER else (mode,)
    return _rows(ctx, f"WHERE mode IN ({', '.join('?' * len(modes))}) ORDER BY name", modes)


def _rows(ctx: Context, rest: str, params: Sequence[Value] = ()) -> list[Row]:
    return [
        _row(record) for record in ctx.db.records(f"SELECT * FROM saved_filters {rest}", params)
    ]


def _row(record: dict[str, Any]) -> Row:
    for field in _MAPS:
        if record[field] is not None:
            record[field] = json.loads(record[field], parse_int=_number, parse_float=_number)
    if record["find_filter"] is not None:
        record["find_filter"] = {name: record["find_filter"].get(name) for name in _FIND_FILTER}
    return Row("SavedFilter", {**record, "filter": ""})


def _number(text: str) -> int | float:
    """Return a number of a map as a 64-bit float, with as few digits as tell it from others."""
    number = float(text)
    whole = number.is_integer() and abs(number) < _EXPONENTS_FROM
    return int(Decimal(repr(number))) if whole else number
