"""From a studio up to its root, however deep it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stashsync.client.base import ClientBase
from stashsync.client.identifiers import identifier
from stashsync.errors import StashServerError
from stashsync.kinds import ENTITIES, Capabilities
from stashsync.wire import documents

if TYPE_CHECKING:
    from stashsync.entities import Studio

FIRST_LEVELS = 4
MOST_LEVELS = 32
"""Levels of one request: the first sees most forests to the top, each further one twice as far."""

_PARENT = "parent_studio"


class HierarchyMixin(ClientBase):
    """Studios and those above them."""

    async def find_studio_hierarchy(self, studio_id: str | int) -> list[Studio]:
        """Return the studio and all above it, root first; empty if there is no such studio.

        Raises:
            StashServerError: the studios above it form a circle.
            StashError: the server could not be asked.
        """
        from stashsync.entities import Studio  # loads pydantic

        rows = await self._rows_up(identifier(studio_id))
        # from the root down: each finds its parent in the identity map already
        return self.identity_map.decode(Studio, rows[::-1])

    async def find_studio_root(self, studio_id: str | int) -> Studio | None:
        """Return the topmost studio above this one, which may be itself; None if there is none.

        Raises:
            StashServerError, StashError: as `find_studio_hierarchy`.
        """
        hierarchy = await self.find_studio_hierarchy(studio_id)
        return hierarchy[0] if hierarchy else None

    async def _rows_up(self, studio_id: str) -> list[dict[str, Any]]:
        """Return the rows of the studio, of its parent, and so on."""
        server = await self.capabilities()
        rows: dict[str, dict[str, Any]] = {}
        above: str | None = studio_id
        levels = FIRST_LEVELS
        while above is not None:
            text = hierarchy_document(server, levels)
            row = (await self.execute(text, {"id": above}))["one"]
            above = None
            while row is not None:
                parent = row.get(_PARENT)
                if _PARENT not in row:  # the end of what was asked for, not of the chain
                    above = row["id"]
                    break
                if row["id"] in rows:
                    raise StashServerError(
                        f"the studios above {studio_id} form a circle: {row['id']} is above itself",
                        hint="Set the parent of one of them to another studio, or to none.",
                        status=200,
                    )
                rows[row["id"]] = {**row, _PARENT: _reference(parent)}
                row = parent
            levels = min(2 * levels, MOST_LEVELS)
        return list(rows.values())


def _reference(parent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {"id": parent["id"]} if parent is not None else None


def hierarchy_document(server: Capabilities, levels: int) -> str:
    """Return the query for the studio `$id` and those above it, `levels` in all."""
    kind = ENTITIES["studio"]
    own = documents.selection(kind, kind.fields.keys() - {"parent"}, server)
    chosen = "id"
    for _ in range(levels):
        chosen = f"{own} {_PARENT} {{ {chosen} }}"
    return f"query StudiosAbove($id: ID!) {{ one: findStudio(id: $id) {{ {chosen} }} }}"
