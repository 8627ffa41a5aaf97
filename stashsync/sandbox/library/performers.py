"""Performers: unique by name and disambiguation, aliases of their own.

Source: docs/stash-behaviour.md#performers
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.dates import printed
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.kinds import PERFORMERS
from stashsync.sandbox.library.naming import matching
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields
from stashsync.sandbox.library.resolvers import counted
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.urls import (
    LEGACY,
    created_urls,
    legacy_url,
    refuse_legacy_beside_urls,
    replaced_urls,
)
from stashsync.sandbox.library.values import trim
from stashsync.sandbox.library.writing import Change, Writing


class PerformerWriting(Writing):
    """The rules of performers."""

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Refuse deprecated addresses beside the list."""
        if not new:
            refuse_legacy_beside_urls(given, *LEGACY)
        return super().read(ctx, given, new=new, bulk=bulk)

    def urls(
        self, ctx: Context, given: Args, listed: ListEdit[str] | None, *, new: bool
    ) -> ListEdit[str] | None:
        """Put deprecated addresses first in a new list; `check` has the stored one."""
        return ListEdit(tuple(created_urls(ctx, given))) if new else listed

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse names that are taken, aliases that repeat each other, and a death before birth."""
        change = super().check(ctx, row, change)
        columns, aliases = change.columns, change.lists.get(self.aliases)
        later: dict[str, Any] = {"id": None, "disambiguation": None, **(row or {}), **columns}
        name: str = later["name"]
        if "name" in columns or "disambiguation" in columns:
            _ensure_free(ctx, name, later["disambiguation"], later["id"])
        if aliases or "name" in columns:
            existing = PERFORMERS.lists[self.aliases].read(ctx.db, row["id"]) if row else []
            _ensure_aliases(name, aliases.apply(existing) if aliases else existing)
        _ensure_life({**(_dates(ctx, row["id"]) if row else {}), **columns})
        if row is None or change.given.keys().isdisjoint(LEGACY):
            return change
        urls = PERFORMERS.lists["urls"].read(ctx.db, row["id"])
        edit = ListEdit(tuple(replaced_urls(ctx, urls, change.given)))
        return replace(change, lists={**change.lists, "urls": edit})


def _ensure_free(ctx: Context, name: str, disambiguation: str | None, own_id: int | None) -> None:
    """Refuse a blank name, or one that another performer has with the same disambiguation.

    `_` and `%` stand for anything, in both; of all that match, the first by name is looked at.
    """
    if not trim(name):
        raise Refusal("performer name must not be blank")
    condition, params = matching("name", name), [name]
    if disambiguation:
        condition += f" AND {matching('disambiguation', disambiguation)}"
        params.append(disambiguation)
    else:
        condition += " AND disambiguation IS NULL"
    first = f"SELECT id FROM performers WHERE {condition} ORDER BY {PERFORMERS.order} LIMIT 1"
    found = ctx.db.value(first, params)
    if found is not None and found != own_id:
        also = f" and disambiguation '{disambiguation}'" if disambiguation else ""
        raise Refusal(f"performer with name '{name}'{also} already exists")


def _ensure_aliases(name: str, aliases: Sequence[str]) -> None:
    """Refuse an alias that repeats the name or another alias, letter case aside."""
    seen = {name.lower()}
    for alias in aliases:
        if alias.lower() in seen:
            raise Refusal(f"performer contains duplicate alias '{alias}'")
        seen.add(alias.lower())


def _dates(ctx: Context, id_: int) -> dict[str, Any]:
    names = ", ".join(f"{name}, {name}_precision" for name in PERFORMERS.dates)
    return ctx.db.records(f"SELECT {names} FROM performers WHERE id = ?", (id_,))[0]


def _ensure_life(columns: Mapping[str, Any]) -> None:
    """Refuse a death before the birth; of a partial date the first day counts."""
    birth, death = columns.get("birthdate"), columns.get("death_date")
    if birth and death and death < birth:
        born, died = (
            printed(columns[name], columns[f"{name}_precision"])
            for name in ("birthdate", "death_date")
        )
        raise Refusal(f"death date {died} should be after birthdate {born}")


PERFORMER_WRITING: Final = PerformerWriting(PERFORMERS)
PERFORMER_WRITING.enter("create", "update", "bulk_update", "destroy", "destroy_all")

_COUNTED = (
    "(SELECT performer_id, 1 AS counted FROM performers_scenes"
    " JOIN scenes_o_dates USING (scene_id)"
    " UNION ALL SELECT performer_id, o_counter FROM performers_images"
    " JOIN images ON id = image_id)"
)
fields(
    "Performer",
    {
        "o_counter": counted("performer_id", "SUM(counted)", _COUNTED),
        "performer_count": PERFORMERS["performers"].counter(),
    }
    | {name: legacy_url(name) for name in LEGACY},
)
