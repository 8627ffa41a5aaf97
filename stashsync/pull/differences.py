"""What differs between manifests and server, and what of it is accepted, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from stashsync.errors import Mark
from stashsync.kinds import KINDS, Key
from stashsync.state import ChangedBy, Resource


class Difference(Struct, frozen=True):
    """One field of an object on which the sides disagree; `field` "" is the object itself.

    `accepted` is whether the server's value goes into the manifests; None if that is undecided.
    """

    desired: Resource
    field: str
    changed_by: ChangedBy
    server: str = ""
    observed: Resource | None = None
    accepted: bool | None = False


class ListChange(Struct):
    """What changes in a list: members to drop and to add, new texts of others by the old ones.

    `allow` are members of `remove` that the server has: they are no longer to be removed. `whole`
    is the list in its new order, where the order counts, or both parts of one that is owned in
    part. If the members are `names` of objects, `drop`, `allow` and the keys of `renamed` are
    folded. A member that is a mapping is named under its key `part`.
    """

    drop: set[str] = field(default_factory=set)
    add: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    allow: set[str] = field(default_factory=set)
    whole: Any = None
    names: bool = False
    part: str = ""

    def __bool__(self) -> bool:
        changes = (self.drop, self.add, self.renamed, self.allow)
        return any(changes) or self.whole is not None


class Move(Struct):
    """How the place of an item changes: it leaves `lost` (keys), and gains parents by id.

    With `nests`, an item that stands at the top of a section goes below the first of these too.
    """

    lost: list[Key] = field(default_factory=list)
    gained: list[str] = field(default_factory=list)
    nests: bool = False


class AcceptedChange(Struct, eq=False):
    """What one item accepts from the server; without `observed` the item is removed."""

    desired: Resource
    observed: Resource | None
    name: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, ListChange] = field(default_factory=dict)
    maps: dict[str, dict[str, Any]] = field(default_factory=dict)
    whole: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of maps that the manifest has whole, all that they are to have."""
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    """New names of the members of lists in such maps, by the old ones."""
    move: Move | None = None
    apart: bool = False
    """Whether others that share values of the item by an anchor are to keep what it had."""

    @property
    def what(self) -> str:
        """What changes, for people."""
        return self.desired.address

    @property
    def mark(self) -> Mark:
        """Where its item is written."""
        return self.desired.mark

    @property
    def hierarchy(self) -> str:
        """The name of the field that names the item's parents; "" if its kind has none."""
        spec = KINDS[self.desired.kind].hierarchy
        return spec.name if spec is not None else ""

    @property
    def fields(self) -> set[str]:
        """The names of the fields that change; of an item that is removed, all."""
        if self.observed is None:
            return set(self.desired.values)
        return {
            *self.values,
            *self.lists,
            *self.maps,
            *(["name"] if self.name is not None else []),
            *([self.hierarchy] if self.move is not None else []),
        }

    @property
    def new_key(self) -> Key:
        """The key of the item once the change is written."""
        return KINDS[self.desired.kind].key(self._new_values)

    @property
    def new_label(self) -> str:
        """What tells the object of the item from others once the change is written."""
        return KINDS[self.desired.kind].label(self._new_values)

    @property
    def _new_values(self) -> dict[str, Any]:
        return {**self.desired.values, **self.values, "name": self.name or self.desired.name}


class Comparison(Struct):
    """Every difference, and the changes that are accepted, removals last."""

    changes: list[AcceptedChange] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


Choose = Callable[[Difference], bool | None]
"""Decides whether to accept the server's value if both sides changed it; None decides nothing."""
