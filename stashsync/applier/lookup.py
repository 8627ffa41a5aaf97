"""What became of an operation that was sent and not answered (planning 7, unknown outcomes).

The server commits each operation alone and stops where the connection broke, so a prefix of the
document has landed. Nothing is sent again before the objects themselves have been looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
) -> tuple[Found, str]:
    """What became of the operation, and the id of its object ("" where there is none).

    Raises:
        StashError: the server cannot be asked.
    """
    kind = KINDS[change.kind]
    if isinstance(change, Create):
        return await _look_up_create(kind, change, operation.fields, ids, client)
    row = await client.find_one(kind, change.id, operation.fields)
    if row is None:
        return Found.UNCLEAR, change.id
    as_planned = as_before = True
    for name in operation.fields:
        one = change.changes[name]
        if kind.fields[name].meaning.shape == "image":
            now = await _image(row[kind.fields[name].output], one.after, client)
            as_planned &= _is_image(now, one.after)
            as_before &= now == one.before
        else:
            as_planned &= _holds(kind, row, name, one.after, ids)
            as_before &= _holds(kind, row, name, one.before, ids)
    if as_planned:
        return Found.LANDED, change.id
    return (Found.ABSENT if as_before else Found.UNCLEAR), change.id


async def _image(path: str | None, planned: Value, client: StashClient) -> Value:
    """What the object's image is now, as it is observed: an ETag, or None where it has none."""
    if not path or "default=true" in path:
        return None
    known = (planned or {}).get("md5")
    return {"etag": await client.transport.etag(path, known) or ""}


def _is_image(now: Value, planned: Value) -> bool:
    """Whether the image is the planned one; a URL is only sent to an object that has none."""
    if not planned or not now:
        return not planned and not now
    return "url" in planned or now["etag"] == planned["md5"]


async def _look_up_create(
    kind: Kind, change: Create, sent: Sequence[str], ids: Mapping[str, str], client: StashClient
) -> tuple[Found, str]:
    """The object of this very key, if it is there and is as planned.

    The server's own comparison reads `_` and `%` as patterns, so its answer may hold others too.
    Its image is not looked at: the server makes an object and its image in one go.
    """
    fields = [name for name in sent if kind.fields[name].meaning.shape != "image"]
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
        return Found.ABSENT, ""
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
