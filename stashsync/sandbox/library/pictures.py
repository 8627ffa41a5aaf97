"""Images as objects of the library, which only a scan brings in.

Source: docs/stash-behaviour.md#galleries
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from stashsync.sandbox.library import media_parts
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.files import delete_files_of, files_of, set_primary_file
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GALLERY_IMAGES,
    IMAGE_FILES,
    IMAGE_PERFORMERS,
    IMAGE_TAGS,
    IMAGE_URLS,
    IMAGES,
    PERFORMERS,
    TAGS,
)
from stashsync.sandbox.library.media_parts import Parts, first_url, studio_of
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.values import to_id, to_ids, unix_time

PARTS: Final = Parts(
    IMAGES,
    IMAGE_URLS,
    {
        "tag_ids": IMAGE_TAGS,
        "performer_ids": IMAGE_PERFORMERS,
        "gallery_ids": GALLERY_IMAGES.reversed(),
    },
)


def _change_one(ctx: Context, given: Args) -> Row:
    id_ = to_id(given["id"], "converting id")
    IMAGES.get(ctx.db, id_)
    change = media_parts.read_update(ctx, PARTS, given)
    set_primary_file(ctx, IMAGE_FILES, id_, given)
    media_parts.write(ctx, PARTS, id_, change)
    return IMAGES.get(ctx.db, id_)


media_parts.enter_updates(PARTS, _change_one, looks_first=True)


@mutation("imageDestroy")
def destroy(ctx: Context, args: Args) -> bool:
    given = args["input"]
    return _destroyed(ctx, [to_id(given["id"], "converting id")], given)


@mutation("imagesDestroy")
def destroy_all(ctx: Context, args: Args) -> bool:
    given = args["input"]
    return _destroyed(ctx, to_ids(given["ids"], "converting ids"), given)


def _destroyed(ctx: Context, ids: Sequence[int], given: Args) -> bool:
    with ctx.db.transaction():
        for id_ in ids:
            IMAGES.get(ctx.db, id_)
            if given.get("delete_file"):
                delete_files_of(ctx, IMAGE_FILES, id_)
            IMAGES.destroy(ctx, id_)
    return True


def _enter_counter(name: str, counted: str) -> None:
    """Enter one of the mutations that change the counter; it gives the counter's new value."""

    @mutation(name)
    def change(ctx: Context, args: Args) -> int:
        id_ = to_id(args["id"], "converting id")
        with ctx.db.transaction():
            IMAGES.ensure(ctx.db, id_)
            ctx.db.execute(f"UPDATE images SET o_counter = {counted} WHERE id = ?", (id_,))
            return int(IMAGES.get(ctx.db, id_)["o_counter"])


_enter_counter("imageIncrementO", "o_counter + 1")
_enter_counter("imageDecrementO", "MAX(o_counter - 1, 0)")
_enter_counter("imageResetO", "0")


def _paths(_: Context, rows: Sequence[Row], __: Args) -> list[Any]:
    return [
        {
            name: Address(f"/image/{row['id']}/{name}?t={unix_time(row['updated_at'])}")
            for name in ("thumbnail", "preview", "image")
        }
        for row in rows
    ]


fields(
    "Image",
    {
        "url": first_url(IMAGE_URLS),
        "urls": IMAGE_URLS.resolver(),
        "studio": studio_of,
        "tags": IMAGE_TAGS.resolver(TAGS),
        "performers": IMAGE_PERFORMERS.resolver(PERFORMERS, "link.performer_id"),
        "galleries": GALLERY_IMAGES.reversed().resolver(GALLERIES, "link.rowid"),
        "files": files_of(IMAGE_FILES),
        "visual_files": files_of(IMAGE_FILES),
        "paths": _paths,
    },
)
