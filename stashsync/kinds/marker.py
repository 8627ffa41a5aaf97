"""Markers: named moments of scenes."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import Number, Ref, Refs, Shown, Text
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.helpers import add, remove, set_one
from stashsync.kinds.ids import IdOf, IdsOf
from stashsync.kinds.mutations import KindMutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.scene import Scene
    from stashsync.kinds.tag import Tag
else:  # related objects are checked by their meaning; their classes load when they are needed
    Scene = Tag = Any


class SceneMarker(
    Entity,
    plural="scene_markers",
    key=("title",),
    mutations=KindMutations(
        "sceneMarkerCreate",
        "sceneMarkerUpdate",
        "sceneMarkerDestroy",
        "SceneMarkerCreateInput",
        "SceneMarkerUpdateInput",
        "",
        destroy_argument="id",
    ),
):
    """A moment or a stretch of a scene, with a primary tag."""

    title: Annotated[
        str | UnsetType, Text(), Wire(output_type="String!", create_type="String!")
    ] = UNSET
    """Its title; may be empty."""
    seconds: Annotated[
        float | UnsetType, Number(), Wire(output_type="Float!", create_type="Float!")
    ] = UNSET
    """Where it begins, in seconds."""
    end_seconds: Annotated[float | None | UnsetType, Number(), Wire(since="0.28.0")] = UNSET
    """Where it ends, in seconds."""
    scene: Annotated[
        Scene | UnsetType,
        Ref("scene"),
        Wire(input="scene_id", output_type="Scene!", create_type="ID!"),
    ] = UNSET
    """The scene that it is on."""
    primary_tag: Annotated[
        Tag | UnsetType,
        Ref("tag"),
        Wire(input="primary_tag_id", output_type="Tag!", create_type="ID!"),
    ] = UNSET
    """Its primary tag."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """Its tags besides the primary one."""
    stream: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """The URL of its stream."""
    preview: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """The URL of its preview."""
    screenshot: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """The URL of its picture."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    scene_id: IdOf = IdOf("scene")
    primary_tag_id: IdOf = IdOf("primary_tag")
    tag_ids: IdsOf = IdsOf("tags")

    def add_tag(self, tag: Tag) -> Awaitable[None]:
        """Add the tag to it. Saved by `save`."""
        return add(self, "tags", tag)

    def remove_tag(self, tag: Tag) -> Awaitable[None]:
        """Undo `add_tag`."""
        return remove(self, "tags", tag)

    def set_primary_tag(self, tag: Tag) -> Awaitable[None]:
        """Set its primary tag. Saved by `save`."""
        return set_one(self, "primary_tag", tag)

    def set_scene(self, scene: Scene) -> Awaitable[None]:
        """Move it to the scene. Saved by `save`."""
        return set_one(self, "scene", scene)
