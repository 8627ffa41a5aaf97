"""Images as objects of the library, which only a scan brings in.

Source: docs/stash-behaviour.md#galleries
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.files import files_of
from stashsync.sandbox.library.kinds import IMAGE_FILES, IMAGES
from stashsync.sandbox.library.media import MediaWriting
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.values import to_id, unix_time
from stashsync.sandbox.library.writing import Change


class ImageWriting(MediaWriting):
    """The rules of images."""

    def carry_out_bulk(self, ctx: Context, id_: int, change: Change) -> None:
        """Look whether there is such an image, unlike scenes and galleries."""
        self.stored(ctx, id_)
        super().carry_out_bulk(ctx, id_, change)


ImageWriting(IMAGES).enter("update", "update_all", "bulk_update", "destroy", "destroy_all")


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
        "files": files_of(IMAGE_FILES),
        "visual_files": files_of(IMAGE_FILES),
        "paths": _paths,
    },
)
