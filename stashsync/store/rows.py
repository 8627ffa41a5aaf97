"""Rows of the server by id, as it answers them. Entities are not loaded for this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from stashsync.errors import StashGraphQLError
from stashsync.kinds import Kind
from stashsync.wire import documents

if TYPE_CHECKING:
    from stashsync.store.protocol import Client

IDS_A_DOCUMENT: Final = 250
"""How many objects one document asks for by id."""


async def rows_by_id(
    client: Client, kind: Kind, ids: Sequence[str], chosen: Sequence[str]
) -> list[dict[str, Any] | None]:
    """Return the rows with these ids at their places, None for none; `chosen` are selections.

    Raises:
        StashError: the server could not be asked.
    """
    server = await client.capabilities()
    if server.has_query(kind.find_one):
        variables = {f"i{n}": identifier for n, identifier in enumerate(ids)}
        data = await client.execute(documents.find_each(kind, chosen, len(ids)), variables)
        return [data[f"e{n}"] for n in range(len(ids))]
    # No query finds a marker by its id (docs/stash-behaviour.md#find-by-ids).
    text = documents.find_by_ids(kind, (), server, chosen)
    try:
        found = (await client.execute(text, {"ids": list(ids)}))["found"]["rows"]
    except StashGraphQLError as error:
        if "not found" not in str(error):
            raise
        if len(ids) == 1:
            return [None]
        return [row for each in ids for row in await rows_by_id(client, kind, [each], chosen)]
    by_id = {row["id"]: row for row in found}
    return [by_id.get(identifier) for identifier in ids]
