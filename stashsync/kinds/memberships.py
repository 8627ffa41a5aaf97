"""References that carry a value of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from stashsync.fields import Integer, Ref, Text
from stashsync.kinds.base import Record
from stashsync.kinds.field_spec import Wire
from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from stashsync.kinds.group import Group
else:  # related objects are checked by their meaning; their classes load when they are needed
    Group = Any


class SceneGroup(Record):
    """A group that a scene is in, and its number there."""

    group: Annotated[Group | UnsetType, Ref("group"), Wire(output_type="Group!")] = UNSET
    """The group."""
    scene_index: Annotated[int | None | UnsetType, Integer()] = UNSET
    """The number of the scene in it."""


class GroupDescription(Record):
    """A group that another contains or is in, with a description."""

    group: Annotated[Group | UnsetType, Ref("group"), Wire(output_type="Group!")] = UNSET
    """The group."""
    description: Annotated[str | None | UnsetType, Text()] = UNSET
    """The description, in free text."""
