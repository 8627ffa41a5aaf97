"""Galleries: sets of images."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    CustomFields,
    Date,
    FarEnd,
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
from stashsync.kinds.field_spec import InverseName, Wire
from stashsync.kinds.helpers import add, remove, set_one
from stashsync.kinds.ids import IdOf, IdsOf
from stashsync.kinds.mutations import FILE_OPTIONS, KindMutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.chapter import GalleryChapter
    from stashsync.kinds.files import Folder, GalleryFile
    from stashsync.kinds.image import Image
    from stashsync.kinds.parts import GalleryPathsType
    from stashsync.kinds.performer import Performer
    from stashsync.kinds.scene import Scene
    from stashsync.kinds.studio import Studio
    from stashsync.kinds.tag import Tag
else:  # related objects are checked by their meaning; their classes load when they are needed
    Folder = GalleryChapter = GalleryFile = GalleryPathsType = Image = Performer = Scene = (
        Studio
    ) = Tag = Any


class Gallery(
    Entity,
    plural="galleries",
    key=("title",),
    mutations=KindMutations(
        "galleryCreate",
        "galleryUpdate",
        "galleryDestroy",
        "GalleryCreateInput",
        "GalleryUpdateInput",
        "GalleryDestroyInput",
        destroy_argument="ids",
        destroy_options=FILE_OPTIONS,
    ),
):
    """A set of images: a folder, an archive, or put together by hand."""

    title: Annotated[str | None | UnsetType, Text(), Wire(create_type="String!")] = UNSET
    """Its title; one made by hand needs it."""
    code: Annotated[str | None | UnsetType, Text()] = UNSET
    """The code that its studio gave it."""
    urls: Annotated[list[str] | UnsetType, TextList()] = UNSET
    """Its web pages, in order."""
    date: Annotated[str | None | UnsetType, Date()] = UNSET
    """When it came out: a day, a month or a year."""
    details: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its description, in free text."""
    photographer: Annotated[str | None | UnsetType, Text()] = UNSET
    """Who took the pictures."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Its rating, 0 to 100; the server itself takes any number.

    Source: docs/stash-behaviour.md#numbers
    """
    organized: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether a person has reviewed it."""
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
    scenes: Annotated[
        list[Scene] | UnsetType, Refs("scene"), Wire(input="scene_ids"), InverseName("galleries")
    ] = UNSET
    """The scenes that it belongs to."""
    primary_file_id: Annotated[
        str | None | UnsetType, Opaque("ID", "ID", "ID"), Wire(reads=False, creates=False)
    ] = UNSET
    """The id of the one of its files that shall come first; cannot be read."""
    files: Annotated[list[GalleryFile] | UnsetType, Nested("[GalleryFile!]!", ("galleryFile",))] = (
        UNSET
    )
    """Its archives."""
    folder: Annotated[Folder | None | UnsetType, Nested("Folder", ("folder",))] = UNSET
    """Its folder, where it is one."""
    chapters: Annotated[
        list[GalleryChapter] | UnsetType, Nested("[GalleryChapter!]!", ("galleryChapter",))
    ] = UNSET
    """Its chapters."""
    images: Annotated[list[Image] | UnsetType, FarEnd("image", "galleries", "galleries")] = UNSET
    """Its images."""
    paths: Annotated[
        GalleryPathsType | UnsetType, Nested("GalleryPathsType!", ("galleryPathsType",))
    ] = UNSET
    """URLs of its pictures."""
    image_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many images it has."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    studio_id: IdOf = IdOf("studio")
    performer_ids: IdsOf = IdsOf("performers")
    tag_ids: IdsOf = IdsOf("tags")
    scene_ids: IdsOf = IdsOf("scenes")

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

    def add_scene(self, scene: Scene) -> Awaitable[None]:
        """Set its scene. Saved by `save`."""
        return add(self, "scenes", scene)

    def remove_scene(self, scene: Scene) -> Awaitable[None]:
        """Undo `add_scene`."""
        return remove(self, "scenes", scene)

    def add_image(self, image: Image) -> Awaitable[None]:
        """Put the image into it. Saved by `save`."""
        return add(self, "images", image)

    def remove_image(self, image: Image) -> Awaitable[None]:
        """Undo `add_image`."""
        return remove(self, "images", image)

    def set_studio(self, studio: Studio | None) -> Awaitable[None]:
        """Set its studio, or none. Saved by `save`."""
        return set_one(self, "studio", studio)
