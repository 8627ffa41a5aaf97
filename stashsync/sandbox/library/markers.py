"""Markers: points and stretches of scenes, each with a primary tag.

Source: docs/stash-behaviour.md#markers
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec.structs import replace

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.kinds import MARKERS
from stashsync.sandbox.library.refusals import NIL, Panic, Refusal
from stashsync.sandbox.library.registry import Args, Resolver, fields
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.writing import Change, Writing


class MarkerWriting(Writing):
    """The rules of markers."""

    bulk_missing: ClassVar[str] = "sql: no rows in result set"

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Take null for the beginning of the scene where an end is looked at, and fail after it."""
        end = given.get("end_seconds")
        if given.get("seconds", 0) is None and end is not None and not (new or bulk):
            self.stored(ctx, int(given["id"]))
            _ensure_after(0, end)
        return super().read(ctx, given, new=new, bulk=bulk)

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse an end before the beginning; the primary tag is not among the others."""
        later = {**(row or {}), **change.columns}
        start, end = later.get("seconds"), later.get("end_seconds")
        _ensure_after(start, end)
        edit = change.links.get("tag_ids")
        if edit is None or edit.mode == "REMOVE":
            return super().check(ctx, row, change)
        others = tuple(tag for tag in edit.values if tag != later["primary_tag_id"])
        return replace(change, links={"tag_ids": replace(edit, values=others)})

    def carry_out_bulk(self, ctx: Context, id_: int, change: Change) -> None:
        """Leave the tags alone where there would be as many of them as before."""
        primary = change.columns.get("primary_tag_id", 0)
        if primary is None:
            raise Panic("null value not allowed in optional int")
        edit = change.links.get("tag_ids")
        row = self.objects.find(ctx.db, id_)
        if row is None and edit is not None and not primary:
            raise Panic(NIL)  # it is looked for to learn its primary tag
        if edit is not None or primary:
            primary = primary or (row["primary_tag_id"] if row else 0)
            before = MARKERS["tags"].read(ctx.db, id_)
            after = [tag for tag in (edit or ListEdit((), "ADD")).apply(before) if tag != primary]
            edit = ListEdit(tuple(dict.fromkeys(after))) if len(after) != len(before) else None
            change = replace(change, links={} if edit is None else {"tag_ids": edit})
        if row is None:
            MARKERS["tags"].change(ctx.db, id_, change.links.get("tag_ids"))
            raise Refusal(self.bulk_missing)
        super().carry_out_bulk(ctx, id_, change)

    def write_rest(self, ctx: Context, id_: int, change: Change) -> None:
        """Refuse a tag that stands in a new list twice (observed on v0.30-dev)."""
        edit = change.links.get("tag_ids")
        if edit is not None and edit.mode == "SET" and len(set(edit.values)) < len(edit.values):
            links = MARKERS["tags"]
            twice = next(tag for tag in edit.values if edit.values.count(tag) > 1)
            columns = f"{links.table}.{links.own}, {links.table}.{links.other}"
            raise Refusal(
                f"error executing `INSERT INTO {links.table} ({links.own}, {links.other}) "
                f"VALUES (?, ?)` [[{id_} {twice}]]: UNIQUE constraint failed: {columns}"
            )
        super().write_rest(ctx, id_, change)

    def ready_to_destroy(self, ctx: Context, id_: int, given: Args) -> None:  # noqa: ARG002  of files
        """Refuse what does not exist in other words than the table's."""
        self.stored(ctx, id_)


def _ensure_after(start: float | None, end: float | None) -> None:
    if start is not None and end is not None and end < start:
        raise Refusal(f"end_seconds ({end:f}) must be greater than or equal to seconds ({start:f})")


MarkerWriting(MARKERS).enter("create", "update", "bulk_update", "destroy", "destroy_all")


def _address(name: str) -> Resolver:
    def resolve(_: Context, rows: Sequence[Row], __: Args) -> list[Any]:
        places = (f"/scene/{row['scene_id']}/scene_marker/{row['id']}/{name}" for row in rows)
        return [Address(place) for place in places]

    return resolve


fields("SceneMarker", {name: _address(name) for name in ("stream", "preview", "screenshot")})
