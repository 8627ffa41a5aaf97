"""Studios: names and aliases in one namespace, one parent each, no loops.

Source: docs/stash-behaviour.md#studios
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.kinds import STUDIOS
from stashsync.sandbox.library.naming import ensure_free
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields
from stashsync.sandbox.library.resolvers import counted
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.urls import refuse_legacy_beside_urls
from stashsync.sandbox.library.values import trim
from stashsync.sandbox.library.writing import Change, Writing


class StudioWriting(Writing):
    """The rules of studios."""

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Refuse the deprecated address beside the list."""
        if not new:
            refuse_legacy_beside_urls(given, "url")
        return super().read(ctx, given, new=new, bulk=bulk)

    def urls(
        self, ctx: Context, given: Args, listed: ListEdit[str] | None, *, new: bool
    ) -> ListEdit[str] | None:
        """Put the deprecated address first in a new list; it replaces a stored one as it stands."""
        if new:
            legacy = [given["url"]] if "url" in given else []
            return ListEdit(tuple(map(ctx.word, [*legacy, *given.get("urls", ())])))
        if "url" in given:
            return ListEdit(() if given["url"] is None else (given["url"],))
        return listed

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse loops, and names and aliases that are taken."""
        change = super().check(ctx, row, change)
        stored = row or {"id": None, "name": None}
        id_: int | None = stored["id"]
        if id_ is not None:
            _ensure_no_loop(ctx, id_, change.columns.get("parent_id"))
        name = {**stored, **change.columns}["name"]
        if id_ is not None:
            _check_aliases(ctx, id_, change)
        if name != stored["name"]:
            if not trim(name):
                raise Refusal("studio name must not be blank")
            ensure_free(ctx, STUDIOS, name, id_)
        if id_ is None:
            _check_aliases(ctx, id_, change)
        return change


def _check_aliases(ctx: Context, id_: int | None, change: Change) -> None:
    """Refuse aliases that are taken or blank: of an update before its name, else after it."""
    if "aliases" not in change.lists:
        return
    existing = STUDIOS.lists["aliases"].read(ctx.db, id_) if id_ else ()
    for alias in change.lists["aliases"].apply(existing):
        if not alias and ctx.rules.refuses_blank_studio_aliases:
            raise Refusal("studio alias must not be an empty string")
        ensure_free(ctx, STUDIOS, alias, id_)


def _ensure_no_loop(ctx: Context, id_: int, parent: int | None) -> None:
    """Refuse a parent that does not exist or is the studio itself or below it."""
    seen: set[int] = set()
    while parent is not None and parent not in seen:
        if parent == id_:
            raise Refusal("studio cannot be an ancestor of itself")
        seen.add(parent)
        parent = STUDIOS.get(ctx.db, parent)["parent_id"]


def _url(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """Resolve the deprecated field: the first of the list."""
    found = STUDIOS.lists["urls"].read_all(ctx.db, [row["id"] for row in rows])
    nothing = "" if ctx.rules.studios_have_one_url else None
    return [next(iter(found.get(row["id"], ())), nothing) for row in rows]


StudioWriting(STUDIOS).enter("create", "update", "bulk_update", "destroy", "destroy_all")

_COUNTED = (
    "(SELECT studio_id, 1 AS counted FROM scenes_o_dates JOIN scenes ON id = scene_id"
    " UNION ALL SELECT studio_id, o_counter FROM images)"
)
fields(
    "Studio",
    {
        "url": _url,
        "o_counter": counted("studio_id", "SUM(counted)", _COUNTED),
        "performer_count": STUDIOS["performers"].deep_counter(STUDIOS["children"]),
    },
)
