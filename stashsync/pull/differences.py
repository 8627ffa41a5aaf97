"""What differs, and what is to be taken over of it, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stashsync.kinds import Key
from stashsync.state import ChangedBy, Resource


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an object on which the sides disagree; `field` "" is the object itself.

    `taken` is whether the server's side goes into the manifests; None where that is undecided.
    """

    desired: Resource
    field: str
    side: ChangedBy
    server: str = ""
    observed: Resource | None = None
    taken: bool | None = False


@dataclass(slots=True)
class Members:
    """What becomes of a list: members to drop and to add, new texts of others by the old ones.

    `whole` is the list in its new order, where the order counts. `drop` and the keys of `renamed`
    are folded where the members are names of objects.
    """

    drop: set[str] = field(default_factory=set)
    add: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    allow: set[str] = field(default_factory=set)
    """Members of `remove` that the server has: they are no longer to be removed."""
    whole: list[str] | None = None
    folded: bool = False

    def __bool__(self) -> bool:
        changes = (self.drop, self.add, self.renamed, self.allow)
        return any(changes) or self.whole is not None


@dataclass(slots=True)
class Move:
    """How the place of an item changes: it leaves `lost` (keys), and gains parents by id."""

    lost: list[Key] = field(default_factory=list)
    gained: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Taking:
    """What one item takes over from the server."""

    desired: Resource
    observed: Resource
    name: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, Members] = field(default_factory=dict)
    maps: dict[str, dict[str, Any]] = field(default_factory=dict)
    move: Move | None = None

    def __bool__(self) -> bool:
        return bool(self.name is not None or self.values or self.lists or self.maps or self.move)


@dataclass
class Comparison:
    """Everything that is to be taken over, and every difference with its side."""

    takings: list[Taking] = field(default_factory=list)
    gone: list[Resource] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


Choose = Callable[[Difference], bool | None]
"""Whether to take the server's side where both moved; None leaves that undecided."""
