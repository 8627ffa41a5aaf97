"""Chapters of galleries: titles at the number of an image (docs/stash-behaviour.md#galleries)."""

from __future__ import annotations

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.kinds import CHAPTERS, GALLERIES
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.writing import Change, Writing


class ChapterWriting(Writing):
    """The rules of chapters."""

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse the number of no image; they count from 1, and no gallery has none."""
        later = {**(row or {}), **change.columns}
        gallery, index = later["gallery_id"], later["image_index"]
        if gallery is not None and index is not None:
            images = GALLERIES["images"].read(ctx.db, gallery)
            if not 0 < index <= len(images):
                raise Refusal("Image # must greater than zero and in range of the gallery images")
        return super().check(ctx, row, change)

    def ready_to_destroy(self, ctx: Context, id_: int, given: Args) -> None:  # noqa: ARG002  of files
        """Refuse what does not exist in other words than the table's."""
        self.stored(ctx, id_)


ChapterWriting(CHAPTERS).enter("create", "update", "destroy")
fields(
    "Gallery",
    {
        "chapters": GALLERIES["chapters"].resolver(
            CHAPTERS, "galleries_chapters.image_index, galleries_chapters.id"
        )
    },
)
