"""Read what belongs to objects that are merged by hand: a merge has to reassign all of it."""

from __future__ import annotations

from typing import Final

from stashsync.client.core import Core
from stashsync.planner import Merge

_LISTS: Final = {"scene": "scenes", "image": "images", "gallery": "galleries", "group": "groups"}
"""What may belong to a studio, with the names of the lists in find results."""


async def belonging_to(change: Merge, client: Core) -> dict[str, tuple[str, ...]]:
    """Read the ids of what belongs to the merged objects, by kind.

    Raises:
        StashError: it could not be read.
    """
    server = await client.capabilities()
    found: dict[str, tuple[str, ...]] = {}
    for content, rows in _LISTS.items():
        query = f"find{rows[0].upper()}{rows[1:]}"
        if query not in server.queries:
            continue
        filter_type = f"{content[0].upper()}{content[1:]}FilterType"
        text = (
            f"query Belonging($where: {filter_type}) {{ found: {query}("
            f"{content}_filter: $where, filter: {{per_page: -1}}) {{ {rows} {{ id }} }} }}"
        )
        sources = [source for source, _ in change.sources]
        where = {"studios": {"value": sources, "modifier": "INCLUDES"}}
        data = await client.execute(text, {"where": where})
        ids = tuple(row["id"] for row in data["found"][rows])
        if ids:
            found[content] = ids
    return found
