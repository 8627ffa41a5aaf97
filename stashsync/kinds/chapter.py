"""Chapters of galleries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import Integer, Ref, Shown, Text
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.ids import IdOf
from stashsync.kinds.mutations import KindMutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.gallery import Gallery
else:  # related objects are checked by their meaning; their classes load when they are needed
    Gallery = Any


class GalleryChapter(
    Entity,
    plural="chapters",
    key=("title",),
    mutations=KindMutations(
        "galleryChapterCreate",
        "galleryChapterUpdate",
        "galleryChapterDestroy",
        "GalleryChapterCreateInput",
        "GalleryChapterUpdateInput",
        "",
        destroy_argument="id",
    ),
):
    """A named place in a gallery."""

    gallery: Annotated[
        Gallery | UnsetType,
        Ref("gallery"),
        Wire(input="gallery_id", output_type="Gallery!", create_type="ID!"),
    ] = UNSET
    """The gallery that it divides."""
    title: Annotated[
        str | UnsetType, Text(), Wire(output_type="String!", create_type="String!")
    ] = UNSET
    """Its name."""
    image_index: Annotated[
        int | UnsetType, Integer(1), Wire(output_type="Int!", create_type="Int!")
    ] = UNSET
    """The number of its first image, from 1."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    gallery_id: IdOf = IdOf("gallery")
