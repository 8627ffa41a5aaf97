"""Groups: series and collections of scenes."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    CustomFields,
    Date,
    FarEnd,
    Integer,
    Memberships,
    Name,
    Picture,
    Ref,
    Refs,
    Shown,
    Text,
    TextList,
)
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import InverseName, Wire
from stashsync.kinds.helpers import add, join, leave, remove, set_one
from stashsync.kinds.ids import IdOf, IdsOf, NameOf
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.memberships import GroupDescription
    from stashsync.kinds.scene import Scene
    from stashsync.kinds.studio import Studio
    from stashsync.kinds.tag import Tag
else:  # related objects are checked by their meaning; their classes load when they are needed
    GroupDescription = Scene = Studio = Tag = Any


class Group(Entity, plural="groups", key=("name", "date"), free_names=True):
    """A series or a collection of scenes; may contain other groups."""

    name: Annotated[str | UnsetType, Name()] = UNSET
    """Its name."""
    aliases: Annotated[str | None | UnsetType, Text()] = UNSET
    """Further names, all in one text."""
    duration: Annotated[int | None | UnsetType, Integer()] = UNSET
    """How long it is, in seconds."""
    date: Annotated[str | None | UnsetType, Date()] = UNSET
    """When it came out: a day, a month or a year."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Its rating, 0 to 100; the server itself takes any number.

    Source: docs/stash-behaviour.md#numbers
    """
    director: Annotated[str | None | UnsetType, Text()] = UNSET
    """Who directed it."""
    synopsis: Annotated[str | None | UnsetType, Text()] = UNSET
    """What it is about."""
    urls: Annotated[list[str] | UnsetType, TextList()] = UNSET
    """Its web pages, in order."""
    studio: Annotated[Studio | None | UnsetType, Ref("studio"), Wire(input="studio_id")] = UNSET
    """The studio that made it."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """Its tags."""
    custom_fields: Annotated[dict[str, Any] | UnsetType, CustomFields(), Wire(since="0.31.0")] = (
        UNSET
    )
    """Custom values by name."""
    containing_groups: Annotated[
        list[GroupDescription] | UnsetType,
        Memberships("group", "groupDescription", "description"),
        InverseName("sub_groups"),
        Wire(aside=True),
    ] = UNSET
    """The groups that it is in, each with a description. Manifests write `sub_groups` of those."""
    sub_groups: Annotated[
        list[GroupDescription] | UnsetType,
        Memberships("group", "groupDescription", "description"),
        InverseName("containing_groups"),
    ] = UNSET
    """The groups that it contains, in order, each with a description."""
    front_image: Annotated[
        str | None | UnsetType, Picture(), Wire(output="front_image_path", input="front_image")
    ] = UNSET
    """The picture of its front: a URL, or data in base64."""
    back_image: Annotated[
        str | None | UnsetType, Picture(), Wire(output="back_image_path", input="back_image")
    ] = UNSET
    """The picture of its back: a URL, or data in base64."""
    scenes: Annotated[list[Scene] | UnsetType, FarEnd("scene", "groups")] = UNSET
    """Its scenes."""
    scene_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many scenes it has."""
    performer_count: Annotated[int | UnsetType, Shown("Int!"), Wire(since="0.29.0")] = UNSET
    """How many performers appear in it."""
    sub_group_count: Annotated[int | UnsetType, Shown("Int!")] = UNSET
    """How many groups it contains."""
    o_counter: Annotated[int | None | UnsetType, Shown("Int"), Wire(since="0.30.0")] = UNSET
    """The sum of the o-counters of its scenes."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    studio_id: IdOf = IdOf("studio")
    tag_ids: IdsOf = IdsOf("tags")
    front_image_path: NameOf[str | None] = NameOf("front_image")
    back_image_path: NameOf[str | None] = NameOf("back_image")

    def add_tag(self, tag: Tag) -> Awaitable[None]:
        """Add the tag to it. Saved by `save`."""
        return add(self, "tags", tag)

    def remove_tag(self, tag: Tag) -> Awaitable[None]:
        """Undo `add_tag`."""
        return remove(self, "tags", tag)

    def add_scene(self, scene: Scene) -> Awaitable[None]:
        """Put the scene into it. Saved by `save`."""
        return add(self, "scenes", scene)

    def remove_scene(self, scene: Scene) -> Awaitable[None]:
        """Undo `add_scene`."""
        return remove(self, "scenes", scene)

    def set_studio(self, studio: Studio | None) -> Awaitable[None]:
        """Set its studio, or none. Saved by `save`."""
        return set_one(self, "studio", studio)

    def add_sub_group(self, group: Group, description: str | None = None) -> Awaitable[None]:
        """Put the group into it. Saved by `save`."""
        return join(self, "sub_groups", group, description)

    def remove_sub_group(self, group: Group) -> Awaitable[None]:
        """Undo `add_sub_group`."""
        return leave(self, "sub_groups", group)

    def add_containing_group(self, group: Group, description: str | None = None) -> Awaitable[None]:
        """Put it into the group. Saved by `save`."""
        return join(self, "containing_groups", group, description)

    def remove_containing_group(self, group: Group) -> Awaitable[None]:
        """Undo `add_containing_group`."""
        return leave(self, "containing_groups", group)
