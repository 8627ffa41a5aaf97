"""Ids of objects at stash-boxes (docs/stash-behaviour.md#stash-ids)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.registry import Args, Resolver
from stashsync.sandbox.library.resolvers import listed
from stashsync.sandbox.library.values import rfc3339

_TIME = re.compile(r"(.+T)(\d\d?)(:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)")


def write_stash_ids(ctx: Context, kind: Objects, id_: int, given: Args) -> None:
    """Replace the list, if the input has it.

    Of an exact repetition the first counts; several ids at one endpoint are fine. Nothing is
    trimmed. Without a time the entry is as of now, with one it is kept in UTC.
    """
    if "stash_ids" not in given:
        return
    table = f"{kind.stem}_stash_ids"
    ctx.db.execute(f"DELETE FROM {table} WHERE {kind.owner} = ?", (id_,))
    seen = set()
    for entry in given["stash_ids"] or ():
        pair = entry["endpoint"], entry["stash_id"]
        if pair not in seen:
            seen.add(pair)
            columns = {kind.owner: id_, "endpoint": pair[0], "stash_id": pair[1]}
            ctx.db.insert(table, {**columns, "updated_at": _moment(ctx, entry.get("updated_at"))})


def _moment(ctx: Context, given: str | None) -> str:
    """Return a time in UTC as it is read back: with nanoseconds, without zeros at their end."""
    if given is None:
        return rfc3339(ctx.clock().astimezone(UTC))
    match = _TIME.fullmatch(given)
    if match is None:
        raise ValueError(f"no RFC 3339 time: {given}")
    day, hour, rest, fraction, zone = match.groups()
    fraction = (fraction or "")[:9].rstrip("0")
    try:
        whole = datetime.fromisoformat(f"{day}{hour:0>2}{rest}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return given  # the year 0000, or a moment before it in UTC: as it came
    text = whole.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text:0>19}.{fraction}Z" if fraction else f"{text:0>19}Z"


def stash_ids(kind: Objects) -> Resolver:
    """Return the output field: `{"endpoint", "stash_id", "updated_at"}` in stored order."""
    sql = (
        f"SELECT {kind.owner}, endpoint, stash_id, updated_at FROM {kind.stem}_stash_ids "
        f"WHERE {kind.owner} {IN_IDS} ORDER BY rowid"
    )
    return listed(
        sql,
        lambda endpoint, stash_id, updated_at: {
            "endpoint": endpoint,
            "stash_id": stash_id,
            "updated_at": updated_at,
        },
    )
