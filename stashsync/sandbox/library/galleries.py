"""Galleries: with files, or made through the API with a title of their own.

Source: docs/stash-behaviour.md#galleries
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.files import files_of, folder_rows
from stashsync.sandbox.library.kinds import GALLERIES, GALLERY_FILES, IMAGES
from stashsync.sandbox.library.media import MediaWriting
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import MUTATIONS, Args, fields, mutation
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.values import to_id, to_ids
from stashsync.sandbox.library.writing import Change

_IMAGE_IDS = "converting image ids"


class GalleryWriting(MediaWriting):
    """The rules of galleries."""

    def create(self, ctx: Context, args: Args) -> Row:
        """Refuse an empty title only: one of nothing but spaces is trimmed afterwards."""
        given = args["input"]
        if given["title"] == "":
            raise Refusal("title must not be empty")
        if not ctx.rules.creates_organized_galleries:
            given = {name: value for name, value in given.items() if name != "organized"}
        return super().create(ctx, {"input": given})

    def update_one(self, ctx: Context, given: Args) -> Row:
        """Look at the stored gallery before the rest of the input; a null title means nothing."""
        id_ = to_id(given["id"], "converting id")
        stored = self.stored(ctx, id_)
        made_by_user = stored["folder_id"] is None and not GALLERY_FILES.read(ctx.db, id_)
        if given.get("title") == "" and made_by_user:
            raise Refusal("title must not be empty for user-created galleries")
        asked = {name: v for name, v in given.items() if name != "title" or v is not None}
        return super().update_one(ctx, asked)

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Keep the white space around the title of an update of one gallery."""
        change = super().read(ctx, given, new=new, bulk=bulk)
        if new or bulk or "title" not in given:
            return change
        return replace(change, columns={**change.columns, "title": given["title"]})

    def ready_to_destroy(self, ctx: Context, id_: int, given: Args) -> None:
        """Keep the images, unless they are in a zip that is deleted."""
        inside = ctx.db.column(
            "SELECT image_id FROM images_files JOIN files ON id = file_id WHERE zip_file_id IN "
            "(SELECT file_id FROM galleries_files WHERE gallery_id = ?)",
            (id_,),
        )
        super().ready_to_destroy(ctx, id_, given)
        for image in inside if given.get("delete_file") else ():
            IMAGES.destroy(ctx, image)


_WRITING = GalleryWriting(GALLERIES)
_WRITING.enter("create", "update", "update_all", "bulk_update")
MUTATIONS["galleryDestroy"] = _WRITING.destroy_all


# --- images of galleries ---------------------------------------------------


@mutation("addGalleryImages")
def add_images(ctx: Context, args: Args) -> bool:
    """Put images into a gallery."""
    id_, images = _gallery_and_images(args)
    with ctx.db.transaction():
        GALLERIES.get(ctx.db, id_)
        try:
            GALLERIES["images"].change(ctx.db, id_, ListEdit(tuple(images), "ADD"))
        except Refusal as refusal:
            raise Refusal(f"failed to add images to gallery: {refusal.message}") from None
        GALLERIES.update(ctx, id_, {})
    return True


@mutation("removeGalleryImages")
def remove_images(ctx: Context, args: Args) -> bool:
    """Take images out of a gallery."""
    id_, images = _gallery_and_images(args)
    with ctx.db.transaction():
        GALLERIES.get(ctx.db, id_)
        ctx.db.execute(
            f"DELETE FROM galleries_images WHERE gallery_id = ? AND image_id {IN_IDS}",
            (id_, ids_param(images)),
        )
        GALLERIES.update(ctx, id_, {})
    return True


def _gallery_and_images(args: Args) -> tuple[int, list[int]]:
    given = args["input"]
    id_ = to_id(given["gallery_id"], "converting gallery id")
    return id_, to_ids(given["image_ids"], _IMAGE_IDS)


@mutation("setGalleryCover")
def set_cover(ctx: Context, args: Args) -> bool:
    """Set the cover; an image that is not in the gallery removes it."""
    given = args["input"]
    id_ = to_id(given["gallery_id"], "converting gallery id")
    image = to_id(given["cover_image_id"], "converting cover image id")
    with ctx.db.transaction():
        GALLERIES.get(ctx.db, id_)
        _cover(ctx, id_, image)
    return True


@mutation("resetGalleryCover")
def reset_cover(ctx: Context, args: Args) -> bool:
    """Let the first image be the cover again."""
    id_ = to_id(args["input"]["gallery_id"], "converting gallery id")
    with ctx.db.transaction():
        GALLERIES.get(ctx.db, id_)
        _cover(ctx, id_, 0)
    return True


def _cover(ctx: Context, id_: int, image: int) -> None:
    ctx.db.execute(
        "UPDATE galleries_images SET cover = (image_id = ?) WHERE gallery_id = ?", (image, id_)
    )


# --- output fields ---------------------------------------------------------


def _images(ctx: Context, rows: Sequence[Row]) -> dict[int, list[int]]:
    """Return the ids of each gallery's images by path, a chosen cover first."""
    found: dict[int, list[int]] = defaultdict(list)
    for gallery, image in ctx.db.all(
        "SELECT gallery_id, i.image_id FROM galleries_images i "
        'LEFT JOIN images_files f ON f.image_id = i.image_id AND f."primary" '
        f"LEFT JOIN files ON files.id = f.file_id WHERE gallery_id {IN_IDS} "
        "ORDER BY cover DESC, natural_key(COALESCE(path, '')), i.image_id",
        (ids_param(row["id"] for row in rows),),
    ):
        found[gallery].append(image)
    return found


def _shown_cover(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    lists = _images(ctx, rows)
    found = IMAGES.by_id(ctx.db, {images[0] for images in lists.values()})
    return [found[lists[row["id"]][0]] if row["id"] in lists else None for row in rows]


def _image(ctx: Context, rows: Sequence[Row], args: Args) -> list[Any]:
    """Return the image at an index, from 0."""
    lists, index = _images(ctx, rows), args["index"]
    if any(not 0 <= index < len(lists.get(row["id"], ())) for row in rows):
        raise Refusal(f"index {index} out of range")
    found = IMAGES.by_id(ctx.db, {images[index] for images in lists.values()})
    return [found[lists[row["id"]][index]] for row in rows]


def _folder(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    found = folder_rows(ctx, {row["folder_id"] for row in rows if row["folder_id"]})
    return [found.get(row["folder_id"]) for row in rows]


def _paths(_: Context, rows: Sequence[Row], __: Args) -> list[Any]:
    return [
        {name: Address(f"/gallery/{row['id']}/{name}") for name in ("cover", "preview")}
        for row in rows
    ]


fields(
    "Gallery",
    {
        "files": files_of(GALLERY_FILES),
        "folder": _folder,
        "cover": _shown_cover,
        "image": _image,
        "paths": _paths,
    },
)
