"""What became of an operation that was sent and not answered (planning 7, unknown outcomes).

The server commits each operation alone and stops where the connection broke, so a prefix of the
document has landed. Nothing is sent again before the objects themselves have been looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from stashsync.client import StashClient
from stashsync.fields import Value
from stashsync.planner import Change, Create, Operation
from stashsync.types import KINDS, Kind


class Found(Enum):
    """What the server shows of an operation."""

    LANDED = "landed"
    ABSENT = "absent"
    """Nothing of it happened: it may be sent again."""
    UNCLEAR = "unclear"
    """Neither what was there before nor what was planned."""


async def look_up(
    operation: Operation, change: Change, ids: Mapping[str, str], client: StashClient
) -> tuple[Found, str | None]:
    """What became of the operation, and the id of its object where it is known.

    Raises:
        StashError: the server cannot be asked.
    """
    kind = KINDS[change.kind]
    fields = [name for name in operation.fields if name != "image"]
    if isinstance(change, Create):
        return await _look_up_create(kind, change, fields, ids, client)
    row = await client.find_one(kind, change.id, fields)
    if row is None:
        return Found.UNCLEAR, change.id
    changed = {name: change.changes[name] for name in fields}
    if all(_holds(kind, row, name, one.after, ids) for name, one in changed.items()):
        return Found.LANDED, change.id
    if all(_holds(kind, row, name, one.before, ids) for name, one in changed.items()):
        return Found.ABSENT, change.id
    return Found.UNCLEAR, change.id


async def _look_up_create(
    kind: Kind, change: Create, fields: list[str], ids: Mapping[str, str], client: StashClient
) -> tuple[Found, str | None]:
    """The object of this very key, if it is there and is as planned.

    The server's own comparison reads `_` and `%` as patterns, so its answer may hold others too.
    """
    wanted = kind.key(change.values)
    rows = (
        await client.find_page(
            kind,
            {*fields, *kind.key_fields},
            per_page=-1,
            where={"name": {"value": change.values["name"], "modifier": "EQUALS"}},
        )
    ).rows
    same = [row for row in rows if kind.key(_read(kind, row, kind.key_fields)) == wanted]
    if not same:
        return Found.ABSENT, None
    row = same[0]
    as_planned = all(_holds(kind, row, name, change.values[name], ids) for name in fields)
    return (Found.LANDED if as_planned else Found.UNCLEAR), row["id"]


def _read(kind: Kind, row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Value]:
    specs = [kind.fields[name] for name in names]
    return {spec.name: spec.meaning.read(row[spec.output]) for spec in specs}


def _holds(
    kind: Kind, row: Mapping[str, Any], name: str, value: Value, ids: Mapping[str, str]
) -> bool:
    """Whether the row has the value, times of stash_ids aside."""
    spec = kind.fields[name]
    have = spec.meaning.read(row[spec.output])
    if name in kind.references and isinstance(value, list):
        value = sorted(ids.get(token, token) for token in value)
    elif name in kind.references and value:
        value = ids.get(value, value)
    if name == "stash_ids":
        return _pairs(have) == _pairs(value)
    return bool(have == value)


def _pairs(some: Value) -> list[tuple[str, str]]:
    return [(one["endpoint"], one["stash_id"]) for one in some]
