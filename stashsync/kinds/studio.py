"""Studios: a forest of producers."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    CustomFields,
    FarEnd,
    Flag,
    Integer,
    Name,
    NameSet,
    Picture,
    Ref,
    Refs,
    Shown,
    StashIds,
    Text,
    TextList,
)
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import InverseName, Wire
from stashsync.kinds.helpers import DONE, Hierarchy, add, remove, set_one
from stashsync.kinds.ids import IdOf, IdsOf, NameOf
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.gallery import Gallery
    from stashsync.kinds.group import Group
    from stashsync.kinds.image import Image
    from stashsync.kinds.scene import Scene
    from stashsync.kinds.tag import Tag
else:  # a relation's objects are checked by its meaning; their classes load when they are needed
    Gallery = Group = Image = Scene = Tag = Any


class Studio(Entity, plural="studios", shared_names=True):
    """A producer of scenes; may belong to a parent studio."""

    name: Annotated[str | UnsetType, Name()] = UNSET
    """Its name. Names and aliases of all studios share one namespace."""
    aliases: Annotated[list[str] | UnsetType, NameSet()] = UNSET
    """Further names that find it."""
    urls: Annotated[list[str] | UnsetType, TextList(), Wire(since="0.30.0")] = UNSET
    """Its web pages, in order."""
    details: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its description, in free text."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Its rating, 0 to 100."""
    favorite: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether it is a favourite."""
    organized: Annotated[bool | UnsetType, Flag(), Wire(since="0.31.0")] = UNSET
    """Whether a person has reviewed it."""
    ignore_auto_tag: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether automatic tagging leaves it alone."""
    image: Annotated[
        str | None | UnsetType, Picture(), Wire(output="image_path", input="image")
    ] = UNSET
    """Its picture: a URL that the server fetches; in manifests a path, in scripts base64, too."""
    stash_ids: Annotated[list[dict[str, str]] | UnsetType, StashIds()] = UNSET
    """Its ids at other databases, by endpoint."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """Its tags."""
    custom_fields: Annotated[dict[str, Any] | UnsetType, CustomFields(), Wire(since="0.31.0")] = (
        UNSET
    )
    """Custom values by name."""
    parent: Annotated[
        Studio | None | UnsetType,
        Ref("studio"),
        Wire(output="parent_studio", input="parent_id"),
        InverseName("children", output="child_studios"),
    ] = UNSET
    """The studio it belongs to."""
    children: Annotated[
        list[Studio] | UnsetType,
        FarEnd("studio", "parent", bulk=False),
        Wire(output="child_studios"),
    ] = UNSET
    """The studios that belong to it."""
    url: Annotated[str | None | UnsetType, Text(), Wire(aside=True)] = UNSET
    """Its one web page, for servers before v0.30.0; newer ones have `urls`."""
    scenes: Annotated[list[Scene] | UnsetType, FarEnd("scene", "studio", "studios")] = UNSET
    """The scenes that it made."""
    images: Annotated[list[Image] | UnsetType, FarEnd("image", "studio", "studios")] = UNSET
    """The images that it made."""
    galleries: Annotated[list[Gallery] | UnsetType, FarEnd("gallery", "studio", "studios")] = UNSET
    """The galleries that it made."""
    groups: Annotated[list[Group] | UnsetType, FarEnd("group", "studio")] = UNSET
    """The groups that it made."""
    scene_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many scenes it has."""
    image_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many images it has."""
    gallery_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many galleries it has."""
    performer_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many performers it has."""
    group_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many groups it has."""
    o_counter: Annotated[int | None | UnsetType, Shown("Int"), Wire(since="0.30.0")] = UNSET
    """The sum of the o-counters of its scenes and images."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    parent_id: IdOf = IdOf("parent")
    tag_ids: IdsOf = IdsOf("tags")
    parent_studio: NameOf[Studio | None] = NameOf("parent")
    child_studios: NameOf[list[Studio]] = NameOf("children")
    image_path: NameOf[str | None] = NameOf("image")

    def add_tag(self, tag: Tag) -> Awaitable[None]:
        """Add the tag to it. Saved by `save`."""
        return add(self, "tags", tag)

    def remove_tag(self, tag: Tag) -> Awaitable[None]:
        """Undo `add_tag`."""
        return remove(self, "tags", tag)

    def set_parent(self, parent: Studio | None) -> Awaitable[None]:
        """Set its studio, or none. Saved by `save`."""
        return set_one(self, "parent", parent)

    def add_child(self, child: Studio) -> Awaitable[None]:
        """Add a child studio. Saved by the child's `save`."""
        return set_one(child, "parent", self)

    set_parent_studio = set_parent
    add_child_studio = add_child

    def remove_child(self, child: Studio) -> Awaitable[None]:
        """Undo `add_child`."""
        return set_one(child, "parent", None) if child.parent is self else DONE

    def add_scene(self, scene: Scene) -> Awaitable[None]:
        """Make it the studio of the scene. Saved by `save`."""
        return add(self, "scenes", scene)

    def remove_scene(self, scene: Scene) -> Awaitable[None]:
        """Undo `add_scene`."""
        return remove(self, "scenes", scene)

    def add_image(self, image: Image) -> Awaitable[None]:
        """Make it the studio of the image. Saved by `save`."""
        return add(self, "images", image)

    def remove_image(self, image: Image) -> Awaitable[None]:
        """Undo `add_image`."""
        return remove(self, "images", image)

    def add_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Make it the studio of the gallery. Saved by `save`."""
        return add(self, "galleries", gallery)

    def remove_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Undo `add_gallery`."""
        return remove(self, "galleries", gallery)

    def add_group(self, group: Group) -> Awaitable[None]:
        """Make it the studio of the group. Saved by `save`."""
        return add(self, "groups", group)

    def remove_group(self, group: Group) -> Awaitable[None]:
        """Undo `add_group`."""
        return remove(self, "groups", group)

    def get_all_ancestors(self) -> Hierarchy[Studio]:
        """All studios above it, nearest first; await it to fetch what is not loaded."""
        return Hierarchy(self, lambda studio: studio.parent, "parent")

    def get_all_descendants(self) -> Hierarchy[Studio]:
        """All studios below it, nearest first; await it to fetch what is not loaded."""
        return Hierarchy(self, lambda studio: studio.children, "children")
