"""Custom fields: free keys with text and numbers as values (docs/stash-behaviour.md#custom-fields).

Performers have them; tags, studios, groups, scenes, galleries and images since 0.31.0, second-hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.registry import Args, Resolver
from stashsync.sandbox.library.resolvers import grouped
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import quote, trim

_INT_MAX = 2**63 - 1
_INT_MIN = -(2**63)
_LONGEST_KEY = 64


def create_custom_fields(ctx: Context, kind: Objects, id_: int, given: Args) -> None:
    """Store the map of a create input; its keys are not checked."""
    _write(ctx, kind, id_, given.get("custom_fields") or {})


def refuse_null_map(given: Args) -> None:
    """Fail as a real server does where an update's custom_fields is null."""
    if "custom_fields" in given and given["custom_fields"] is None:
        raise Panic("interface conversion: interface {} is nil, not map[string]interface {}")


def update_custom_fields(ctx: Context, kind: Objects, id_: int, given: Args) -> None:
    """Carry out `{full | partial, remove}`; `full` wins over `partial`."""
    change = given.get("custom_fields") or {}
    full, partial, removed = (change.get(name) for name in ("full", "partial", "remove"))
    values: Mapping[str, Any] = full if full is not None else partial or {}
    removed = removed or []
    for key in sorted(values):
        _check_key(key)
    for key in removed:
        if key in values:
            raise Refusal(
                f"custom field name {quote(key)} cannot be in both values and delete keys"
            )
    table = f"{kind.word}_custom_fields"
    if full is not None:
        ctx.db.execute(f"DELETE FROM {table} WHERE {kind.owner} = ?", (id_,))
    for key in removed:
        ctx.db.execute(f"DELETE FROM {table} WHERE {kind.owner} = ? AND field = ?", (id_, key))
    _write(ctx, kind, id_, values)


def _check_key(key: str) -> None:
    if not key:
        why = "cannot be empty"
    elif trim(key) != key:
        why = "cannot have leading or trailing whitespace"
    elif len(key.encode(errors="surrogatepass")) > _LONGEST_KEY:
        why = "must be less than 65 characters"
    else:
        return
    raise Refusal(f"custom field name {quote(key)}: custom field name {why}")


def _write(ctx: Context, kind: Objects, id_: int, values: Mapping[str, Any]) -> None:
    for key in sorted(values):
        value = stored_value(key, values[key])
        if value is not None:
            ctx.db.execute(
                f"INSERT OR REPLACE INTO {kind.word}_custom_fields ({kind.owner}, field, value) "
                "VALUES (?, ?, ?)",
                (id_, key, value),
            )


def stored_value(key: str, value: Any) -> str | int | float | None:
    """Return a JSON value as it is stored; null is none, and leaves what is there.

    Booleans are 1 and 0, whole numbers stop at 64 bits. A number written with an exponent and
    no point is 0 on a real server; how it was written is not known here, so that floats which
    print so are taken for such.
    """
    match value:
        case None | str():
            return value
        case bool() | int():
            return max(_INT_MIN, min(_INT_MAX, int(value)))
        case float():
            text = repr(value)
            return 0 if "e" in text and "." not in text else value
    shape = "[]interface {}" if isinstance(value, list) else "map[string]interface {}"
    raise Refusal(
        f"getting SQL value for field {quote(key)}: unsupported custom field value type: {shape}"
    )


def custom_fields(kind: Objects) -> Resolver:
    """Return the output field with the map, ordered by key; whole floats become integers."""
    sql = (
        f"SELECT {kind.owner}, field, value FROM {kind.word}_custom_fields "
        f"WHERE {kind.owner} {IN_IDS} ORDER BY field"
    )

    def read(value: Any) -> Any:
        whole = isinstance(value, float) and value.is_integer()
        return int(value) if whole else value

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        return [{key: read(value) for key, value in found} for found in grouped(ctx, rows, sql)]

    return resolve
