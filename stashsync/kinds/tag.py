"""Tags: a directed acyclic graph of names."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    CustomFields,
    FarEnd,
    Flag,
    Name,
    NameSet,
    Picture,
    Refs,
    Shown,
    StashIds,
    Text,
)
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import InverseName, Wire
from stashsync.kinds.helpers import Hierarchy, add, remove
from stashsync.kinds.ids import IdsOf, NameOf
from stashsync.kinds.mutations import usual_mutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.gallery import Gallery
    from stashsync.kinds.group import Group
    from stashsync.kinds.image import Image
    from stashsync.kinds.marker import SceneMarker
    from stashsync.kinds.performer import Performer
    from stashsync.kinds.scene import Scene
    from stashsync.kinds.studio import Studio
else:  # a relation's objects are checked by its meaning; their classes load when they are needed
    Gallery = Group = Image = Performer = Scene = SceneMarker = Studio = Any


class Tag(
    Entity,
    plural="tags",
    shared_names=True,
    mutations=usual_mutations(
        "tag",
        "Tag",
        merge="tagsMerge",
        merge_input="TagsMergeInput",
        merge_unites=frozenset({"aliases", "stash_ids"}),
    ),
):
    """A label for scenes, performers and other objects; may have parents, any number of them."""

    name: Annotated[str | UnsetType, Name()] = UNSET
    """Its name. Names and aliases of all tags share one namespace."""
    sort_name: Annotated[str | None | UnsetType, Text(), Wire(since="0.28.0")] = UNSET
    """The text to sort it by, where that is not its name."""
    description: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its description, in free text."""
    aliases: Annotated[list[str] | UnsetType, NameSet()] = UNSET
    """Further names that find it."""
    ignore_auto_tag: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether automatic tagging leaves it alone."""
    favorite: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether it is a favourite."""
    image: Annotated[
        str | None | UnsetType, Picture(), Wire(output="image_path", input="image")
    ] = UNSET
    """Its picture: a URL that the server fetches; in manifests a path, in scripts base64, too."""
    stash_ids: Annotated[list[dict[str, str]] | UnsetType, StashIds(), Wire(since="0.30.0")] = UNSET
    """Its ids at other databases, by endpoint."""
    custom_fields: Annotated[dict[str, Any] | UnsetType, CustomFields(), Wire(since="0.31.0")] = (
        UNSET
    )
    """Custom values by name."""
    parents: Annotated[
        list[Tag] | UnsetType, Refs("tag"), Wire(input="parent_ids"), InverseName("children")
    ] = UNSET
    """The tags above it."""
    children: Annotated[
        list[Tag] | UnsetType,
        Refs("tag"),
        Wire(input="child_ids", aside=True),
        InverseName("parents"),
    ] = UNSET
    """The tags below it. Manifests write this as the parents of those."""
    scenes: Annotated[list[Scene] | UnsetType, FarEnd("scene", "tags", "tags")] = UNSET
    """The scenes that have this tag."""
    scene_markers: Annotated[
        list[SceneMarker] | UnsetType, FarEnd("sceneMarker", "tags", "tags", bulk=False)
    ] = UNSET
    """The markers that have this tag."""
    images: Annotated[list[Image] | UnsetType, FarEnd("image", "tags", "tags")] = UNSET
    """The images that have this tag."""
    galleries: Annotated[list[Gallery] | UnsetType, FarEnd("gallery", "tags", "tags")] = UNSET
    """The galleries that have this tag."""
    performers: Annotated[list[Performer] | UnsetType, FarEnd("performer", "tags", "tags")] = UNSET
    """The performers who have this tag."""
    studios: Annotated[list[Studio] | UnsetType, FarEnd("studio", "tags", "tags", bulk=False)] = (
        UNSET
    )
    """The studios that have this tag."""
    groups: Annotated[list[Group] | UnsetType, FarEnd("group", "tags", "tags")] = UNSET
    """The groups that have this tag."""
    scene_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many scenes have this tag."""
    scene_marker_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many markers have this tag."""
    image_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many images have this tag."""
    gallery_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many galleries have this tag."""
    performer_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many performers have this tag."""
    studio_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many studios have this tag."""
    group_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many groups have this tag."""
    parent_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many parents it has."""
    child_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many children it has."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    parent_ids: IdsOf = IdsOf("parents")
    child_ids: IdsOf = IdsOf("children")
    image_path: NameOf[str | None] = NameOf("image")

    def add_parent(self, parent: Tag) -> Awaitable[None]:
        """Put it below the tag. Saved by `save`."""
        return add(self, "parents", parent)

    def remove_parent(self, parent: Tag) -> Awaitable[None]:
        """Undo `add_parent`."""
        return remove(self, "parents", parent)

    def add_child(self, child: Tag) -> Awaitable[None]:
        """Put the tag below it. Saved by `save`."""
        return add(self, "children", child)

    def remove_child(self, child: Tag) -> Awaitable[None]:
        """Undo `add_child`."""
        return remove(self, "children", child)

    def add_scene(self, scene: Scene) -> Awaitable[None]:
        """Add this tag to the scene. Saved by `save`."""
        return add(self, "scenes", scene)

    def remove_scene(self, scene: Scene) -> Awaitable[None]:
        """Undo `add_scene`."""
        return remove(self, "scenes", scene)

    def add_image(self, image: Image) -> Awaitable[None]:
        """Add this tag to the image. Saved by `save`."""
        return add(self, "images", image)

    def remove_image(self, image: Image) -> Awaitable[None]:
        """Undo `add_image`."""
        return remove(self, "images", image)

    def add_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Add this tag to the gallery. Saved by `save`."""
        return add(self, "galleries", gallery)

    def remove_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Undo `add_gallery`."""
        return remove(self, "galleries", gallery)

    def add_performer(self, performer: Performer) -> Awaitable[None]:
        """Add this tag to the performer. Saved by `save`."""
        return add(self, "performers", performer)

    def remove_performer(self, performer: Performer) -> Awaitable[None]:
        """Undo `add_performer`."""
        return remove(self, "performers", performer)

    def add_group(self, group: Group) -> Awaitable[None]:
        """Add this tag to the group. Saved by `save`."""
        return add(self, "groups", group)

    def remove_group(self, group: Group) -> Awaitable[None]:
        """Undo `add_group`."""
        return remove(self, "groups", group)

    def add_studio(self, studio: Studio) -> Awaitable[None]:
        """Add this tag to the studio. Saved by the studio's `save`."""
        return add(studio, "tags", self)

    def remove_studio(self, studio: Studio) -> Awaitable[None]:
        """Undo `add_studio`."""
        return remove(studio, "tags", self)

    def add_scene_marker(self, marker: SceneMarker) -> Awaitable[None]:
        """Add this tag to the marker. Saved by the marker's `save`."""
        return add(marker, "tags", self)

    def remove_scene_marker(self, marker: SceneMarker) -> Awaitable[None]:
        """Undo `add_scene_marker`."""
        return remove(marker, "tags", self)

    def get_all_ancestors(self) -> Hierarchy[Tag]:
        """All tags above it, nearest first; await it to fetch what is not loaded."""
        return Hierarchy(self, lambda tag: tag.parents, "parents")

    def get_all_descendants(self) -> Hierarchy[Tag]:
        """All tags below it, nearest first; await it to fetch what is not loaded."""
        return Hierarchy(self, lambda tag: tag.children, "children")
