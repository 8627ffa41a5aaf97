"""Relations, kept in step on both ends.

    scene.studio = b            a.scenes loses the scene, b.scenes gets it: where they are loaded
    tag.scenes.append(scene)    scene.tags gets the tag: where it is loaded

The end that was edited is the one with something to save. The other end's value and its snapshot
move together, so that nothing is saved twice. No step looks through a list: each list knows the
places of its members. What answers have of one end is compared with the other in `agreement`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn, Self, SupportsIndex
from weakref import WeakKeyDictionary

from stashsync.entities.member_list import MemberList
from stashsync.entities.relation import Relation, checked
from stashsync.entities.tracked import MISSING, Tracked
from stashsync.unset import UNSET

_left: WeakKeyDictionary[Tracked, dict[str, Tracked]] = WeakKeyDictionary()
"""Previous owner of each moved object, by field: an object can be in one such list only."""


class RelatedList(MemberList):
    """The objects that `owner` refers to in one field: a list whose edits reach the other ends."""

    __slots__ = ()

    def append(self, member: Any) -> None:
        """Add a member at the end, unless it is there.

        Raises:
            ValueError: it is no object of the right kind.
            AttributeError: the relation can only be read.
        """
        if self.owner is None:
            super().append(member)
            return
        self._ensure_editable()
        checked(self.relation.spec, [member])
        if member not in self.known():
            self.relation.ensure_saved_there([member])
            self.join(member)
            link(self.owner, self.relation, member)

    def remove(self, member: Any) -> None:
        """Take a member out.

        Raises:
            ValueError: it is not there.
            AttributeError: the relation can only be read.
        """
        if self.owner is None:
            super().remove(member)
            return
        self._ensure_editable()
        place = self.known().get(member)
        if place is None:
            raise ValueError(f"{member!r} is not in {self.relation.name} of {self.owner!r}")
        self.relation.ensure_saved_there([member])
        if self.relation.spec.settable:
            if self[place : place + 1] != [member]:
                place = self.index(member)
            self.take_out(place)
        else:  # far ends are long and have no order
            self.leave(member)
        unlink(self.owner, self.relation, member)

    def _ensure_editable(self) -> None:
        if not self.relation.editable:
            refuse_edit(self.relation.name)

    def _replace(self, members: list[Any]) -> None:
        if self.owner is None:
            super().__setitem__(slice(None), members)
            return
        self._ensure_editable()
        before = dict.fromkeys(self)
        members = checked(self.relation.spec, members)
        self.relation.ensure_saved_there(before.keys() ^ members)
        self.note_edit()
        self.load(members)
        for member in before:
            if member not in self.known():
                unlink(self.owner, self.relation, member)
        for member in self:
            if member not in before:
                link(self.owner, self.relation, member)

    def extend(self, members: Iterable[Any]) -> None:
        """Add members at the end, each unless it is there."""
        for member in list(members):
            self.append(member)

    def __iadd__(self, members: Iterable[Any]) -> Self:  # type: ignore[misc]  # of any iterable
        self.extend(members)
        return self

    def insert(self, place: SupportsIndex, member: Any) -> None:
        """Put a member before the one at a place."""
        after = list(self)
        after.insert(place, member)
        self._replace(after)

    def pop(self, place: SupportsIndex = -1) -> Any:
        """Remove and return the member at a place, the last one by default."""
        if self.owner is None or not self:
            return super().pop(place)
        self._ensure_editable()
        place = range(len(self))[place]
        self.relation.ensure_saved_there([self[place]])
        gone = self.take_out(place)
        unlink(self.owner, self.relation, gone)
        return gone

    def clear(self) -> None:
        """Remove all members."""
        self._replace([])

    def __setitem__(self, place: Any, member: Any) -> None:
        after = list(self)
        after[place] = member
        self._replace(after)

    def __delitem__(self, place: SupportsIndex | slice) -> None:
        if not isinstance(place, slice):
            self.pop(place)
            return
        after = list(self)
        del after[place]
        self._replace(after)

    def sort(self, **options: Any) -> None:
        """Sort as `list.sort`; the order is no edit."""
        super().sort(**options)
        self.places = None

    def reverse(self) -> None:
        """Reverse the order, which is no edit."""
        super().reverse()
        self.places = None

    def __imul__(self, times: SupportsIndex) -> Self:
        self._replace(list(self) * times)
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return list, (list(self),)


def refuse_edit(name: str) -> NoReturn:
    """Raise the error for an edit of a relation that can only be read."""
    raise AttributeError(f"{name} is read from the server and cannot be set")


def assigned(owner: Tracked, relation: Relation, before: Any) -> None:
    """Wrap the value that replaced `before` in the owner's field, and update the other ends.

    Raises:
        ValueError: as `Relation.ensure_saved_there`; the field is as it was.
    """
    value = owner.__dict__[relation.name]
    old, new = relation.linked(before), relation.linked(value)
    try:
        relation.ensure_saved_there(old.keys() ^ new.keys())
    except ValueError:
        owner.__dict__[relation.name] = before
        raise
    if relation.spec.form == "many":
        if isinstance(before, RelatedList):
            before.detach()
        owner.__dict__[relation.name] = RelatedList.of(owner, relation, value)
    for member in old:
        if member not in new:
            unlink(owner, relation, member)
    for member, extra in new.items():
        if member not in old or old[member] != extra:
            link(owner, relation, member, extra)


def is_raw(value: Any) -> bool:
    """Return whether a relation is not loaded, or still a part of the answer that is being read."""
    if value is UNSET or type(value) is dict:
        return True
    return type(value) is list and bool(value) and type(value[0]) is dict


def membership(member: Tracked, end: Relation, owner: Tracked) -> tuple[bool, bool] | None:
    """Return whether `one` has `owner` at this end, and whether the server was known to have it.

    None: the end is not loaded.
    """
    value, snapshot = member.__dict__.get(end.name, UNSET), member.snapshots.get(end.name, MISSING)
    if snapshot is MISSING or is_raw(value):
        return None
    if end.spec.form == "memberships":
        return owner in end.linked(value), any(other is owner for other, _ in snapshot)
    if end.many:
        return owner in value, owner in snapshot
    return value is owner, snapshot is owner


def remember(
    member: Tracked, end: Relation, owner: Tracked, *, joined: bool, extra: Any = UNSET
) -> None:
    """Note in a snapshot that the server has `owner` at this end of `one`, or no longer.

    Args:
        member: the object with the snapshot.
        end: its relation.
        owner: the object at the other end.
        joined: whether it is there now.
        extra: the value of the membership; UNSET where it is not known to have changed.
    """
    snapshots, name = member.snapshots, end.name
    match end.spec.form:
        case "one":
            if joined or snapshots[name] is owner:
                snapshots[name] = owner if joined else None
        case "many":
            (snapshots[name].add if joined else snapshots[name].discard)(owner)
        case _ if not joined:
            snapshots[name] = [pair for pair in snapshots[name] if pair[0] is not owner]
        case _:
            known = dict(snapshots[name])
            if extra is not UNSET or owner not in known:
                known[owner] = None if extra is UNSET else extra
                snapshots[name] = list(known.items())


def _end_loan(owner: Tracked, relation: Relation, other: Tracked, end: Relation) -> None:
    """Give the owner's snapshot back what the server has, now that the owner is edited.

    The other end waits with an edit of the same, which it had lent to the owner's snapshot.
    """
    if not (relation.saved_here and end.saved_here) or relation.name not in owner.snapshots:
        return
    there = membership(other, end, owner)
    if there is None or there[0] == there[1]:
        return
    known = there[1]
    if relation.many or known:
        remember(owner, relation, other, joined=known)
    elif owner.snapshots[relation.name] is other:  # what the server has is not known
        del owner.snapshots[relation.name]


def link(owner: Tracked, relation: Relation, other: Tracked, extra: Any = UNSET) -> None:
    """Update the other end, if that is loaded: `owner` refers to `other` now."""
    end = relation.other_end
    if end is None:
        return
    if not end.many:
        _move(other, end.name, relation, owner)
    elif not relation.many:
        _move(owner, relation.name, end, other)
    _end_loan(owner, relation, other, end)
    value = _loaded_or_saved_there(relation, other, end)
    if value is UNSET or value is owner:
        return
    if end.many:
        join(other, end, owner, extra, moves=relation.saved_here)
        return
    if value is not None:  # it can have one only, so the former owner loses it
        leave(value, relation, other)
    other.__dict__[end.name] = owner
    other.__pydantic_fields_set__.add(end.name)
    if relation.saved_here and end.name in other.snapshots:
        other.snapshots[end.name] = owner


def unlink(owner: Tracked, relation: Relation, other: Tracked) -> None:
    """Update the other end, if that is loaded: `owner` no longer refers to `other`."""
    end = relation.other_end
    if end is None:
        return
    if not end.many and relation.saved_here:
        _left.setdefault(other, {})[end.name] = owner
    _end_loan(owner, relation, other, end)
    value = _loaded_or_saved_there(relation, other, end)
    if value is UNSET:
        return
    if end.many:
        leave(other, end, owner, moves=relation.saved_here)
    elif value is owner:
        other.__dict__[end.name] = None
        other.__pydantic_fields_set__.add(end.name)
        if relation.saved_here and other.snapshots.get(end.name) is owner:
            other.snapshots[end.name] = None


def _loaded_or_saved_there(relation: Relation, other: Tracked, end: Relation) -> Any:
    """Return the value of the other end; it gets one if the edit is saved from there."""
    value = other.__dict__.get(end.name, UNSET)
    if value is UNSET and not relation.saved_here:
        many = end.spec.form == "many"
        value = other.__dict__[end.name] = RelatedList.of(other, end, ()) if many else None
        other.__pydantic_fields_set__.add(end.name)
    return value


def _move(member: Tracked, field: str, far: Relation, owner: Tracked) -> None:
    """Leave the former owner of `one`, which belongs to `owner` now, nothing to save about that.

    The server takes it away with the move, and would undo the move if it was asked to afterwards.
    """
    former = _left.get(member, {}).pop(field, None)
    if former is not None and former is not owner:
        known: set[Tracked] = former.snapshots.get(far.name, set())
        if member in known:
            known.discard(member)
            if field in member.snapshots:
                member.snapshots[field] = former


def join(
    entity: Tracked, end: Relation, member: Tracked, extra: Any = UNSET, *, moves: bool = True
) -> None:
    """Put `member` into this list of the entity and, if it `moves`, into its snapshot."""
    value = entity.__dict__[end.name]
    if end.spec.form == "many":
        value.join(member)
    else:
        meaning: Any = end.spec.meaning
        part = next((part for part in value if getattr(part, meaning.kind, None) is member), None)
        if part is None:
            value.append(end.part(member, None if extra is UNSET else extra))
        elif extra is not UNSET:
            setattr(part, meaning.extra, extra)
    if moves and end.name in entity.snapshots:
        remember(entity, end, member, joined=True, extra=extra)


def leave(entity: Tracked, end: Relation, member: Tracked, *, moves: bool = True) -> None:
    """Take `member` out of this list of the entity and, if it `moves`, out of its snapshot."""
    value = entity.__dict__.get(end.name, UNSET)
    if value is UNSET:
        return
    if end.spec.form == "many":
        value.leave(member)
    else:
        key = end.spec.meaning.references() or ""
        value[:] = [part for part in value if getattr(part, key, part) is not member]
    if moves and end.name in entity.snapshots:
        remember(entity, end, member, joined=False)


def revert(owner: Tracked, relation: Relation) -> None:
    """Take the owner's edit of the field back: both ends are as the server has them."""
    value = owner.__dict__[relation.name]
    known = relation.spec.meaning.linked_before(owner.snapshots.get(relation.name))
    held: Any = list(known)
    if relation.spec.form == "one":
        held = next(iter(known), None)
    elif relation.spec.form == "memberships":
        held = [relation.part(member, extra) for member, extra in known.items()]
    owner.__dict__[relation.name] = held
    assigned(owner, relation, value)
    now = owner.__dict__[relation.name]
    if isinstance(now, RelatedList):
        now.detach()
