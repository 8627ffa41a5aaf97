"""Scenes: videos, and what is known about them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import (
    CustomFields,
    Date,
    FarEnd,
    Flag,
    Integer,
    Memberships,
    Nested,
    Number,
    Opaque,
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
from stashsync.kinds.helpers import add, join, leave, remove, set_one
from stashsync.kinds.ids import IdOf, IdsOf, NameOf
from stashsync.kinds.mutations import FILE_OPTIONS, usual_mutations
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.files import VideoFile
    from stashsync.kinds.gallery import Gallery
    from stashsync.kinds.group import Group
    from stashsync.kinds.marker import SceneMarker
    from stashsync.kinds.memberships import SceneGroup
    from stashsync.kinds.parts import ScenePathsType, SceneStreamEndpoint, VideoCaption
    from stashsync.kinds.performer import Performer
    from stashsync.kinds.studio import Studio
    from stashsync.kinds.tag import Tag
else:  # related objects are checked by their meaning; their classes load when they are needed
    Gallery = Group = Performer = SceneGroup = SceneMarker = ScenePathsType = (
        SceneStreamEndpoint
    ) = Studio = Tag = VideoCaption = VideoFile = Any


class Scene(
    Entity,
    plural="scenes",
    key=("title",),
    mutations=usual_mutations(
        "scene",
        "Scene",
        destroy_options=FILE_OPTIONS,
        merge="sceneMerge",
        merge_input="SceneMergeInput",
        merge_unites=frozenset({"files", "scene_markers"}),
    ),
):
    """A video, usually with one file; may belong to a studio, to galleries and to groups."""

    title: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its title; the server shows the file name where it has none."""
    code: Annotated[str | None | UnsetType, Text()] = UNSET
    """The code that its studio gave it."""
    details: Annotated[str | None | UnsetType, Text()] = UNSET
    """Its description, in free text."""
    director: Annotated[str | None | UnsetType, Text()] = UNSET
    """Who directed it."""
    urls: Annotated[list[str] | UnsetType, TextList()] = UNSET
    """Its web pages, in order."""
    date: Annotated[str | None | UnsetType, Date()] = UNSET
    """When it came out: a day, a month or a year."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Its rating, 0 to 100; the server itself takes any number.

    Source: docs/stash-behaviour.md#numbers
    """
    organized: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether a person has reviewed it."""
    stash_ids: Annotated[list[dict[str, str]] | UnsetType, StashIds()] = UNSET
    """Its ids at other databases, by endpoint."""
    custom_fields: Annotated[dict[str, Any] | UnsetType, CustomFields(), Wire(since="0.31.0")] = (
        UNSET
    )
    """Custom values by name."""
    cover_image: Annotated[str | None | UnsetType, Picture(), Wire(reads=False)] = UNSET
    """Its cover, as a URL or as data in base64; it is read at `paths.screenshot`."""
    studio: Annotated[Studio | None | UnsetType, Ref("studio"), Wire(input="studio_id")] = UNSET
    """The studio that made it."""
    performers: Annotated[
        list[Performer] | UnsetType, Refs("performer"), Wire(input="performer_ids")
    ] = UNSET
    """Who appears in it."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """Its tags."""
    galleries: Annotated[
        list[Gallery] | UnsetType, Refs("gallery"), Wire(input="gallery_ids"), InverseName("scenes")
    ] = UNSET
    """The galleries that belong to it."""
    groups: Annotated[
        list[SceneGroup] | UnsetType, Memberships("group", "sceneGroup", "scene_index")
    ] = UNSET
    """The groups it is in, each with its number there."""
    file_ids: Annotated[
        list[str] | UnsetType, Opaque("[ID!]", "[ID!]", "[ID!]"), Wire(reads=False, updates=False)
    ] = UNSET
    """The ids of the files that a new scene takes; cannot be read."""
    primary_file_id: Annotated[
        str | None | UnsetType, Opaque("ID", "ID", "ID"), Wire(reads=False, creates=False)
    ] = UNSET
    """The id of the one of its files that shall come first; cannot be read."""
    resume_time: Annotated[float | None | UnsetType, Number(), Wire(creates=False)] = UNSET
    """Where playing goes on, in seconds."""
    play_duration: Annotated[float | None | UnsetType, Number(), Wire(creates=False)] = UNSET
    """How long it was played in all, in seconds."""
    o_counter: Annotated[int | None | UnsetType, Shown("Int")] = UNSET
    """Its o-counter."""
    play_count: Annotated[int | None | UnsetType, Shown("Int")] = UNSET
    """How often it was played."""
    last_played_at: Annotated[str | None | UnsetType, Shown("Time")] = UNSET
    """When it was last played, as RFC 3339."""
    play_history: Annotated[list[str] | UnsetType, Shown("[Time!]!")] = UNSET
    """When it was played, each time as RFC 3339."""
    o_history: Annotated[list[str] | UnsetType, Shown("[Time!]!")] = UNSET
    """When its o-counter was raised, each time as RFC 3339."""
    interactive: Annotated[bool | UnsetType, Shown("Boolean!")] = UNSET
    """Whether a funscript belongs to it."""
    interactive_speed: Annotated[int | None | UnsetType, Shown("Int")] = UNSET
    """The speed of its funscript: a number that the server computes."""
    files: Annotated[list[VideoFile] | UnsetType, Nested("[VideoFile!]!", ("videoFile",))] = UNSET
    """Its files, the primary one first."""
    paths: Annotated[ScenePathsType | UnsetType, Nested("ScenePathsType!", ("scenePathsType",))] = (
        UNSET
    )
    """URLs of its pictures and streams."""
    captions: Annotated[
        list[VideoCaption] | None | UnsetType, Nested("[VideoCaption!]", ("videoCaption",))
    ] = UNSET
    """Its captions."""
    scene_streams: Annotated[
        list[SceneStreamEndpoint] | UnsetType,
        Nested("[SceneStreamEndpoint!]!", ("sceneStreamEndpoint",)),
        Wire(output="sceneStreams"),
    ] = UNSET
    """Where it can be streamed from, and how."""
    scene_markers: Annotated[
        list[SceneMarker] | UnsetType, FarEnd("sceneMarker", "scene", bulk=False)
    ] = UNSET
    """The markers on it."""
    created_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was created on the server, as RFC 3339."""
    updated_at: Annotated[str | UnsetType, Shown("Time!")] = UNSET
    """When it was last changed on the server, as RFC 3339."""

    studio_id: IdOf = IdOf("studio")
    performer_ids: IdsOf = IdsOf("performers")
    tag_ids: IdsOf = IdsOf("tags")
    gallery_ids: IdsOf = IdsOf("galleries")
    sceneStreams: NameOf[list[SceneStreamEndpoint]] = NameOf("scene_streams")

    def add_to_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Add the gallery. Saved by `save`."""
        return add(self, "galleries", gallery)

    def remove_from_gallery(self, gallery: Gallery) -> Awaitable[None]:
        """Undo `add_to_gallery`."""
        return remove(self, "galleries", gallery)

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

    def set_studio(self, studio: Studio | None) -> Awaitable[None]:
        """Set its studio, or none. Saved by `save`."""
        return set_one(self, "studio", studio)

    def add_to_group(self, group: Group, scene_index: int | None = None) -> Awaitable[None]:
        """Put it into the group, as number `scene_index` there, if it has one. Saved by `save`."""
        return join(self, "groups", group, scene_index)

    def remove_from_group(self, group: Group) -> Awaitable[None]:
        """Undo `add_to_group`."""
        return leave(self, "groups", group)
