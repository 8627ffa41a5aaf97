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
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from stashsync.client.core import Core
from stashsync.client.paging import Progress, Row
from stashsync.kinds import Capabilities, Kind

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
    read: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
    each: Callable[[Row], object] | None = None,
    progress: Progress | None = None,
) -> dict[str, Row]:
    """Return all rows by id: `fields` and, with `downwards`, that list of what is below each.

    Rows have the names of the fields, with what the server answers for each or what `read` makes
    of it, except that a list of blank texts comes empty. They are made page by page: what an answer
    is decoded into takes twice the memory. `each` gets every row as it is made, and may put equal
    values into it; lists that are asked for apart come later.

    Raises:
        PagesMovedError: objects came and went during every reading.
        StashGraphQLError, StashConnectionError, StashServerError: nothing is left out silently.
    """
    server = await client.capabilities()
    sparse = [name for name in fields if _criterion(kind, name, server)]
    dense = [name for name in fields if name not in sparse]
    columns = {name: kind.fields[name].output for name in dense}
    extra: list[str] = []
    if downwards and _criterion(kind, downwards, server) is None:
        columns[downwards] = downwards
        extra = [f"{downwards} {{ id }}"]
    elif downwards:
        sparse.append(downwards)
    places = [*columns.items()]
    readers = [(name, read[name]) for name in columns if name in read]
    still_empty = dict.fromkeys(sparse)

    def make(answered: Row) -> tuple[str, Row]:
        row = {name: answered[output] for name, output in places}
        for name, reader in readers:
            row[name] = reader(row[name])
        if each is not None:
            each(row)
        row.update(still_empty)
        return answered["id"], row

    rows, lists = await asyncio.gather(
        client.find_all(kind, dense, extra=extra, progress=progress, make=make),
        asyncio.gather(
            *(
                _where_it_is(client, kind, name, downwards, server, read.get(name))
                for name in sparse
            )
        ),
    )
    for name, members in zip(sparse, lists, strict=True):
        for identifier, row in rows:
            row[name] = members.get(identifier) or []
    return dict(rows)


def _criterion(kind: Kind, name: str, server: Capabilities) -> tuple[str, Mapping[str, str]] | None:
    """Return a filter for the objects whose list has members, if this server has one."""
    found = CRITERIA.get(name)
    return found if found is not None and server.has_input(kind.filter_type, found[0]) else None


async def _where_it_is(
    client: Core,
    kind: Kind,
    name: str,
    downwards: str,
    server: Capabilities,
    read: Callable[[Any], Any] | None,
) -> dict[str, Any]:
    """Return a list by the ids of those that have members in it."""
    found = _criterion(kind, name, server)
    assert found is not None  # others are read densely
    field, condition = found
    if name == downwards:
        fields, output, extra = [], name, [f"{name} {{ id }}"]
    else:
        fields, output, extra = [name], kind.fields[name].output, []

    def make(row: Row) -> tuple[str, Any]:
        return row["id"], row[output] if read is None else read(row[output])

    return dict(
        await client.find_all(kind, fields, where={field: condition}, extra=extra, make=make)
    )
