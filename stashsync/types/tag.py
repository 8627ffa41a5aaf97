"""Tags: a directed acyclic graph of names."""

from __future__ import annotations

from typing import Annotated

from stashsync.fields import Flag, Image, Name, NameSet, Refs, StashIds, Text
from stashsync.types.entity import Entity
from stashsync.types.kind import Inverse, Wire
from stashsync.unset import UNSET, UnsetType


class Tag(Entity, plural="tags", shared_names=True):
    """A label for scenes, performers and other objects; may have parents, any number of them."""

    name: Annotated[str, Name()]
    """What it is called. Names and aliases of all tags share one namespace."""
    sort_name: Annotated[str | None | UnsetType, Text(), Wire(since="0.28.0")] = UNSET
    """What it is sorted by, where that is not its name."""
    description: Annotated[str | None | UnsetType, Text()] = UNSET
    """What it means."""
    aliases: Annotated[list[str] | UnsetType, NameSet()] = UNSET
    """Other names that find it."""
    ignore_auto_tag: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether automatic tagging leaves it alone."""
    favorite: Annotated[bool | UnsetType, Flag()] = UNSET
    """Whether it is a favourite."""
    image: Annotated[str | None | UnsetType, Image(), Wire(output="image_path", input="image")] = (
        UNSET
    )
    """Its picture: a path below the project, or a URL that the server fetches."""
    stash_ids: Annotated[list[dict[str, str]] | UnsetType, StashIds(), Wire(since="0.30.0")] = UNSET
    """Its ids at other databases, by endpoint."""
    parents: Annotated[
        list[Tag] | UnsetType, Refs("tag"), Wire(input="parent_ids"), Inverse("children")
    ] = UNSET
    """The tags above it."""
