"""Studios: a forest of producers."""

from __future__ import annotations

from typing import Annotated

from stashsync.fields import (
    Flag,
    Image,
    Integer,
    Name,
    NameSet,
    Ref,
    Refs,
    StashIds,
    Text,
    TextList,
)
from stashsync.types.entity import Entity
from stashsync.types.kind import Inverse, Wire
from stashsync.types.tag import Tag
from stashsync.unset import UNSET, UnsetType


class Studio(Entity, plural="studios", shared_names=True):
    """A producer of scenes; may belong to a parent studio."""

    name: Annotated[str, Name()]
    """What it is called. Names and aliases of all studios share one namespace."""
    aliases: Annotated[list[str] | UnsetType, NameSet()] = UNSET
    """Other names that find it."""
    urls: Annotated[list[str] | UnsetType, TextList(), Wire(since="0.30.0")] = UNSET
    """Its web pages, in order."""
    details: Annotated[str | None | UnsetType, Text()] = UNSET
    """What there is to say about it."""
    rating100: Annotated[int | None | UnsetType, Integer(0, 100)] = UNSET
    """Its rating, 0 to 100."""
    favorite: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether it is a favourite."""
    ignore_auto_tag: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether automatic tagging leaves it alone."""
    image: Annotated[str | None | UnsetType, Image(), Wire(output="image_path", input="image")] = (
        UNSET
    )
    """Its picture: a path below the project, or a URL that the server fetches."""
    stash_ids: Annotated[list[dict[str, str]] | UnsetType, StashIds()] = UNSET
    """Its ids at other databases, by endpoint."""
    tags: Annotated[list[Tag] | UnsetType, Refs("tag"), Wire(input="tag_ids")] = UNSET
    """The tags it bears."""
    parent: Annotated[
        Studio | None | UnsetType,
        Ref("studio"),
        Wire(output="parent_studio", input="parent_id"),
        Inverse("children", output="child_studios"),
    ] = UNSET
    """The studio it belongs to."""
