"""Markers: points and stretches of scenes, each with a primary tag.

Source: docs/stash-behaviour.md#markers
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.edits import Edit, bulk_ids_edit, ids_edit
from stashsync.sandbox.library.kinds import MARKER_TAGS, MARKERS, SCENES, TAGS
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, Resolver, fields, mutation
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.values import to_id, to_ids

_TAG_IDS = "converting tag ids"
_BY_NAME = "natural_key(tags.name), tags.id DESC"
"""Tags of markers do not mind their sort_name (observed on v0.30-dev)."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one input asks for."""

    columns: dict[str, Any]
    tags: Edit[int] | None


@mutation("sceneMarkerCreate")
def create(ctx: Context, args: Args) -> Row:
    given = args["input"]
    columns = _columns(ctx, given)
    tags = ids_edit(given, "tag_ids", _TAG_IDS)
    _ensure_order(columns)
    with ctx.db.transaction():
        id_ = MARKERS.insert(ctx, columns)
        _write_tags(ctx, id_, _without(tags, columns["primary_tag_id"]))
        return MARKERS.get(ctx.db, id_)


@mutation("sceneMarkerUpdate")
def update(ctx: Context, args: Args) -> Row:
    given = args["input"]
    id_ = to_id(given["id"], "converting id")
    change = Change(_columns(ctx, given), ids_edit(given, "tag_ids", _TAG_IDS))
    with ctx.db.transaction():
        _carry_out(ctx, id_, change)
        return MARKERS.get(ctx.db, id_)


@mutation("bulkSceneMarkerUpdate")
def bulk_update(ctx: Context, args: Args) -> list[Row] | None:
    given = args["input"]
    ids = to_ids(given.get("ids"), "converting ids")
    change = Change(_columns(ctx, given), bulk_ids_edit(given, "tag_ids", _TAG_IDS))
    with ctx.db.transaction():
        for id_ in ids:
            if MARKERS.find(ctx.db, id_) is None:
                raise Refusal("sql: no rows in result set")
            _carry_out(ctx, id_, change)
        return [MARKERS.get(ctx.db, id_) for id_ in ids] or None


def _carry_out(ctx: Context, id_: int, change: Change) -> None:
    """Check a change of a stored marker, then make it."""
    later = {**MARKERS.get(ctx.db, id_), **change.columns}
    _ensure_order(later)
    MARKERS.update(ctx, id_, change.columns)
    _write_tags(ctx, id_, _without(change.tags, later["primary_tag_id"]))


def _write_tags(ctx: Context, id_: int, edit: Edit[int] | None) -> None:
    """Write the tags of a marker, where one that is repeated is no tag (observed on v0.30-dev).

    Raises:
        Refusal: a tag stands in a new list twice, or does not exist.
    """
    if edit is not None and edit.mode == "SET" and len(set(edit.values)) < len(edit.values):
        table, own, other = MARKER_TAGS.table, MARKER_TAGS.own, MARKER_TAGS.other
        twice = next(one for one in edit.values if edit.values.count(one) > 1)
        raise Refusal(
            f"error executing `INSERT INTO {table} ({own}, {other}) VALUES (?, ?)` "
            f"[[{id_} {twice}]]: UNIQUE constraint failed: {table}.{own}, {table}.{other}"
        )
    MARKER_TAGS.change(ctx.db, id_, edit)


def _columns(ctx: Context, given: Args) -> dict[str, Any]:
    columns = MARKERS.columns(ctx, given)
    if "title" in given:
        columns["title"] = ctx.word(given["title"] or "")
    for name in ("scene_id", "primary_tag_id"):
        if name in given:
            what = f"converting {name.replace('_', ' ')}"
            columns[name] = None if given[name] is None else to_id(given[name], what)
    return columns


def _ensure_order(columns: dict[str, Any]) -> None:
    """Refuse an end before the beginning."""
    start, end = columns.get("seconds"), columns.get("end_seconds")
    if start is not None and end is not None and end < start:
        raise Refusal(f"end_seconds ({end:f}) must be greater than or equal to seconds ({start:f})")


def _without(tags: Edit[int] | None, primary: int | None) -> Edit[int] | None:
    """A change of tags without the primary one, which is not among them."""
    if tags is None or tags.mode == "REMOVE":
        return tags
    return replace(tags, values=tuple(tag for tag in tags.values if tag != primary))


@mutation("sceneMarkerDestroy")
def destroy(ctx: Context, args: Args) -> bool:
    return _destroyed(ctx, [to_id(args["id"], "converting id")])


@mutation("sceneMarkersDestroy")
def destroy_all(ctx: Context, args: Args) -> bool:
    return _destroyed(ctx, to_ids(args["ids"], "converting ids"))


def _destroyed(ctx: Context, ids: Sequence[int]) -> bool:
    with ctx.db.transaction():
        for id_ in ids:
            MARKERS.get(ctx.db, id_)
            MARKERS.destroy(ctx, id_)
    return True


# --- output fields ---------------------------------------------------------


def _one(kind: Objects, column: str) -> Resolver:
    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        found = kind.by_id(ctx.db, {row[column] for row in rows})
        return [found[row[column]] for row in rows]

    return resolve


def _address(name: str) -> Resolver:
    def resolve(_: Context, rows: Sequence[Row], __: Args) -> list[Any]:
        places = (f"/scene/{row['scene_id']}/scene_marker/{row['id']}/{name}" for row in rows)
        return [Address(place) for place in places]

    return resolve


fields(
    "SceneMarker",
    {
        "scene": _one(SCENES, "scene_id"),
        "primary_tag": _one(TAGS, "primary_tag_id"),
        "tags": MARKER_TAGS.resolver(TAGS, _BY_NAME),
        **{name: _address(name) for name in ("stream", "preview", "screenshot")},
    },
)
