"""Chapters of galleries: titles at the number of an image (docs/stash-behaviour.md#galleries)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.kinds import CHAPTERS, GALLERIES, GALLERY_IMAGES
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import to_id


@mutation("galleryChapterCreate")
def create(ctx: Context, args: Args) -> Row:
    columns = _columns(ctx, args["input"])
    with ctx.db.transaction():
        _ensure_in_range(ctx, columns["gallery_id"], columns["image_index"])
        return CHAPTERS.get(ctx.db, CHAPTERS.insert(ctx, columns))


@mutation("galleryChapterUpdate")
def update(ctx: Context, args: Args) -> Row:
    given = args["input"]
    id_ = to_id(given["id"], "converting id")
    columns = _columns(ctx, given)
    with ctx.db.transaction():
        later = {**CHAPTERS.get(ctx.db, id_), **columns}
        if later["image_index"] is not None and later["gallery_id"] is not None:
            _ensure_in_range(ctx, later["gallery_id"], later["image_index"])
        CHAPTERS.update(ctx, id_, columns)
        return CHAPTERS.get(ctx.db, id_)


@mutation("galleryChapterDestroy")
def destroy(ctx: Context, args: Args) -> bool:
    id_ = to_id(args["id"], "converting id")
    with ctx.db.transaction():
        CHAPTERS.get(ctx.db, id_)
        CHAPTERS.destroy(ctx, id_)
    return True


def _columns(ctx: Context, given: Args) -> dict[str, Any]:
    columns = CHAPTERS.columns(ctx, given)
    if "title" in given:
        columns["title"] = ctx.word(given["title"] or "")
    if "gallery_id" in given:
        gallery = given["gallery_id"]
        blank = gallery is None
        columns["gallery_id"] = None if blank else to_id(gallery, "converting gallery id")
    return columns


def _ensure_in_range(ctx: Context, gallery: int, index: int) -> None:
    """Refuse the number of no image; they count from 1, and no gallery has none."""
    if not 0 < index <= len(GALLERY_IMAGES.read(ctx.db, gallery)):
        raise Refusal("Image # must greater than zero and in range of the gallery images")


def _gallery(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    found = GALLERIES.by_id(ctx.db, {row["gallery_id"] for row in rows})
    return [found[row["gallery_id"]] for row in rows]


def _chapters(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    lists: dict[int, list[Row]] = {row["id"]: [] for row in rows}
    rest = f"WHERE gallery_id {IN_IDS} ORDER BY image_index, id"
    for chapter in CHAPTERS.rows(ctx.db, rest, (ids_param(lists),)):
        lists[chapter["gallery_id"]].append(chapter)
    return [lists[row["id"]] for row in rows]


fields("GalleryChapter", {"gallery": _gallery})
fields("Gallery", {"chapters": _chapters})
