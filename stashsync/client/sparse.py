"""All rows of a kind, with nested lists asked for only where there is something in them.

    columns of all objects              ┐
    aliases where aliases are not null  ├─ side by side ─> one row for each object
    children where there are any        ┘

A Stash server pays for every nested list of every object, empty or not, and most are empty
(docs/stash-behaviour.md#cost): for 10,000 tags, a quarter of them parents and a third with aliases,
this takes a seventh of the time. `child_count > 0` would find the same parents as `children
NOT_NULL` and take longer than reading all, so counts are no criterion here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stashsync.client.core import Core
from stashsync.client.paging import Progress
from stashsync.kinds import Capabilities, Kind

Row = dict[str, Any]

_TEXT: Final = {"value": "", "modifier": "NOT_NULL"}
_ANY: Final = {"modifier": "NOT_NULL"}
CRITERIA: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "aliases": ("aliases", _TEXT),
    "urls": ("url", _TEXT),
    "stash_ids": ("stash_id_endpoint", _ANY),
    "tags": ("tags", _ANY),
    "children": ("children", _ANY),
}
"""By field, the criterion of the kind's filter that finds where it is not empty."""


async def find_sparse(
    client: Core,
    kind: Kind,
    fields: Sequence[str],
    *,
    downwards: str = "",
    progress: Progress | None = None,
) -> list[Row]:
    """Return all rows by id with `fields` and, with `downwards`, that list of ids below each.

    They are the rows of a single query, except that a list of blank texts comes empty.

    Raises:
        PagesMovedError: objects came and went during every reading.
        StashGraphQLError, StashConnectionError, StashServerError: nothing is left out silently.
    """
    server = await client.capabilities()
    sparse = [name for name in fields if _criterion(kind, name, server)]
    dense = [name for name in fields if name not in sparse]
    extra: list[str] = []
    if downwards and _criterion(kind, downwards, server) is None:
        extra = [f"{downwards} {{ id }}"]
    elif downwards:
        sparse.append(downwards)
    rows, *lists = await asyncio.gather(
        client.find_all(kind, dense, extra=extra, progress=progress),
        *(_where_it_is(client, kind, name, downwards, server) for name in sparse),
    )
    for name, found in zip(sparse, lists, strict=True):
        output = name if name == downwards else kind.fields[name].output
        members = {row["id"]: row[output] for row in found}
        for row in rows:
            row[output] = members.get(row["id"]) or []
    return rows


def _criterion(kind: Kind, name: str, server: Capabilities) -> tuple[str, Mapping[str, str]] | None:
    """Return a filter for the objects whose list has members, if this server has one."""
    found = CRITERIA.get(name)
    return found if found is not None and server.has_input(kind.filter_type, found[0]) else None


async def _where_it_is(
    client: Core, kind: Kind, name: str, downwards: str, server: Capabilities
) -> list[Row]:
    found = _criterion(kind, name, server)
    assert found is not None  # others are read densely
    field, condition = found
    if name == downwards:
        return await client.find_all(kind, [], where={field: condition}, extra=[f"{name} {{ id }}"])
    return await client.find_all(kind, [name], where={field: condition})
