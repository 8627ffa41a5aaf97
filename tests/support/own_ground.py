"""A separate view of a server in use, which leaves nothing behind.

Objects are created to learn the highest ids, and destroyed; then `apart` hides all others.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from stashsync.client import StashClient
from stashsync.kinds import ENTITIES
from stashsync.wire.transport import Transport
from tests.support.apart import Apart
from tests.support.meaning import FOUND, MADE, name_field


@asynccontextmanager
async def own_ground(server: Transport, client: StashClient) -> AsyncIterator[Apart]:
    """Yield a transport to what looks like a new server; `client` sees the whole server."""
    apart = await _set_apart(server, client)
    try:
        yield apart
    finally:
        await _destroy_made(client, apart)


async def _set_apart(server: Transport, client: StashClient) -> Apart:
    """Return a view in which there is nothing yet.

    Moments are whole seconds, so if an object was made in this second, the next one is awaited.
    """
    mark = f" ~{uuid.uuid4().hex[:8]}"
    while True:
        base, now = await _probe(client, mark)
        since = (datetime.fromisoformat(now) - timedelta(seconds=1)).isoformat()
        if not any((await _newer(client, since)).values()):
            return Apart(server, base, since, mark)
        await asyncio.sleep(1)


async def _probe(client: StashClient, mark: str) -> tuple[dict[str, int], str]:
    """Return the highest id of each kind, and the present moment as the server writes it.

    Objects are created for that, and destroyed.
    """
    variables, parts = {}, []
    for kind in MADE:
        variables[kind] = {name_field(kind): f"probe{mark}"}
        parts.append(f"{kind}: {kind}Create(input: ${kind}) {{ id created_at }}")
    declared = ", ".join(f"${kind}: {ENTITIES[kind].create_input}!" for kind in MADE)
    made = await client.execute(f"mutation ({declared}) {{ {' '.join(parts)} }}", variables)
    base = {kind: int(made[kind]["id"]) for kind in MADE}
    await _destroy(client, {kind: [item] for kind, item in base.items()})
    given = {"v": {"name": f"probe{mark}", "mode": "TAGS"}}
    text = "mutation ($v: SaveFilterInput!) { saveFilter(input: $v) { id } }"
    saved = (await client.execute(text, given))["saveFilter"]["id"]
    await _destroy_filters(client, [int(saved)])
    base["saved_filter"] = int(saved)
    return base, min(made[kind]["created_at"] for kind in MADE)


async def _newer(client: StashClient, since: str) -> dict[str, list[int]]:
    """Return the ids of all objects made since a moment, by kind."""
    parts, variables = [], {}
    for kind in FOUND:
        table = ENTITIES[kind]
        parts.append(
            f"{kind}: {table.find_many}({table.filter_argument}: ${kind}, "
            f"filter: {{per_page: -1}}) {{ rows: {table.plural} {{ id }} }}"
        )
        variables[kind] = {"created_at": {"value": since, "modifier": "GREATER_THAN"}}
    declared = ", ".join(f"${kind}: {ENTITIES[kind].filter_type}" for kind in FOUND)
    data = await client.execute(f"query ({declared}) {{ {' '.join(parts)} }}", variables)
    return {kind: [int(item["id"]) for item in data[kind]["rows"]] for kind in FOUND}


async def _destroy_made(client: StashClient, apart: Apart) -> None:
    """Destroy the objects of the test.

    Only objects whose creation was seen: a scan can also add files that were there before.
    """
    there = await _newer(client, apart.since)
    await _destroy(client, {kind: apart.made[kind].intersection(there[kind]) for kind in MADE})
    saved = (await client.execute("{ findSavedFilters { id } }"))["findSavedFilters"]
    filters = apart.made["saved_filter"].intersection(int(item["id"]) for item in saved)
    await _destroy_filters(client, filters)


async def _destroy_filters(client: StashClient, ids: Iterable[int]) -> None:
    text = "mutation ($v: DestroyFilterInput!) { destroySavedFilter(input: $v) }"
    for identifier in ids:
        await client.execute(text, {"v": {"id": str(identifier)}})


async def _destroy(client: StashClient, found: Mapping[str, Iterable[int]]) -> None:
    for kind in MADE:
        ids = [str(item) for item in found[kind]]
        if not ids:
            continue
        if kind in ("gallery", "scene"):
            name = {"gallery": "galleryDestroy", "scene": "scenesDestroy"}[kind]
            text = f"mutation ($v: {name[0].upper()}{name[1:]}Input!) {{ done: {name}(input: $v) }}"
            await client.execute(text, {"v": {"ids": ids}})
        else:
            name = f"{ENTITIES[kind].plural}Destroy"
            await client.execute(f"mutation ($v: [ID!]!) {{ done: {name}(ids: $v) }}", {"v": ids})
