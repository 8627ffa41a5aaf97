"""Images, and what is known about them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    CustomFields,
    Date,
    Flag,
    Integer,
    Nested,
    Opaque,
    Ref,
    Refs,
    Shown,
    Text,
    TextList,
)
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.helpers import add, remove, set_one
from stashsync.kinds.ids import IdOf, IdsOf
from stashsync.kinds.mutations import FILE_OPTIONS, KindMutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.files import ImageFile, VideoFile
    from stashsync.kinds.gallery import Gallery
    from stashsync.kinds.parts import ImagePathsType
    from stashsync.kinds.performer import Performer
    from stashsync.kinds.studio import Studio
    from stashsync.kinds.tag import Tag
else:  # related objects are checked by their meaning; their classes load when they are needed
    Gallery = ImageFile = ImagePathsType = Performer = Studio = Tag = VideoFile = Any


class Image(
    Entity,
    plural="images",
    key=("title",),
    mutations=KindMutations(
        "",
        "imageUpdate",
        "imageDestroy",
        "",
        "ImageUpdateInput",
        "ImageDestroyInput",
        destroy_options=FILE_OPTIONS,
    ),
):
    """A picture, usually with one file. A scan makes it; it can be changed and deleted."""

    title: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its title; the server shows the file name where it has none."""
    code: Annotated[str | None | UnsetType, Text()] = UNSET
    """The code that its studio gave it."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Its rating, 0 to 100; the server itself takes any number.

    Source: docs/stash-behaviour.md#numbers
    """
    organized: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether a person has reviewed it."""
    urls: Annotated[list[str] | UnsetType, TextList()] = UNSET
    """Its web pages, in order."""
    date: Annotated[str | None | UnsetType, Date()] = UNSET
    """When it came out: a day, a month or a year."""
    details: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its description, in free text."""
    photographer: Annotated[str | None | UnsetType, Text()] = UNSET
    """Who took it."""
    custom_fields: Annotated[dict[str, Any] | UnsetType, CustomFields(), Wire(since="0.31.0")] = (
        UNSET
    )
    """Custom values by name."""
    studio: Annotated[Studio | None | UnsetType, Ref("studio"), Wire(input="studio_id")] = UNSET
    """The studio that made it."""
    performers: Annotated[
        list[Performer] | UnsetType, Refs("performer"), Wire(input="performer_ids")
    ] = UNSET
    """Who appears in it."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """Its tags."""
    galleries: Annotated[list[Gallery] | UnsetType, Refs("gallery"), Wire(input="gallery_ids")] = (
        UNSET
    )
    """The galleries that it is in."""
    primary_file_id: Annotated[
        str | None | UnsetType, Opaque("ID", "ID", "ID"), Wire(reads=False, creates=False)
    ] = UNSET
    """The id of the one of its files that shall come first; cannot be read."""
    o_counter: Annotated[int | None | UnsetType, Shown("Int")] = UNSET
    """Its o-counter."""
    files: Annotated[list[ImageFile] | UnsetType, Nested("[ImageFile!]!", ("imageFile",))] = UNSET
    """Its files that are pictures; `visual_files` has those that are clips too."""
    visual_files: Annotated[
        list[ImageFile | VideoFile] | UnsetType,
        Nested("[VisualFile!]!", ("imageFile", "videoFile")),
    ] = UNSET
    """Its files, the primary one first."""
    paths: Annotated[ImagePathsType | UnsetType, Nested("ImagePathsType!", ("imagePathsType",))] = (
        UNSET
    )
    """URLs of its pictures."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    studio_id: IdOf = IdOf("studio")
    performer_ids: IdsOf = IdsOf("performers")
    tag_ids: IdsOf = IdsOf("tags")
    gallery_ids: IdsOf = IdsOf("galleries")

    def add_performer(self, performer: Performer) -> Awaitable[None]:
        """Add the performer to it. Saved by `save`."""
        return add(self, "performers", performer)

    def remove_performer(self, performer: Performer) -> Awaitable[None]:
        """Undo `add_performer`."""
        return remove(self, "performers", performer)

    def add_tag(self, tag: Tag) -> Awaitable[None]:
        """Add the tag to it. Saved by `save`."""
        return add(self, "tags", tag)

    def remove_tag(self, tag: Tag) -> Awaitable[None]:
        """Undo `add_tag`."""
        return remove(self, "tags", tag)

    def add_to_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Put it into the gallery. Saved by `save`."""
        return add(self, "galleries", gallery)

    def remove_from_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Undo `add_to_gallery`."""
        return remove(self, "galleries", gallery)

    def set_studio(self, studio: Studio | None) -> Awaitable[None]:
        """Set its studio, or none. Saved by `save`."""
        return set_one(self, "studio", studio)
