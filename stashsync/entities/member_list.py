"""A list of distinct members that finds, adds and removes each in constant time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from stashsync.entities.relation import Relation
    from stashsync.entities.tracked import Tracked


class MemberList(list[Any]):
    """The members of one end of a relation; changes are noted as assignments of the field are.

    `join` and `leave` serve the other end: their cost does not depend on the length, because
    `leave` moves the last member to the place that became free.
    """

    __slots__ = ("owner", "places", "relation", "shifted")
    owner: Tracked | None
    """The object that has this list; None: it is a list like any other."""
    relation: Relation
    places: dict[Any, int] | None
    """Each member with its place, which is right unless `shifted`, and then at most too high."""
    shifted: bool

    @classmethod
    def of(cls, owner: Tracked, relation: Relation, members: Iterable[Any]) -> Self:
        """Make the list of an owner from distinct members; other ends are left alone."""
        made = cls(members)
        made.owner, made.relation, made.places = owner, relation, None
        made.shifted = False
        return made

    def note_edit(self) -> None:
        """Mark the field of the owner as assigned."""
        if self.owner is not None:
            self.owner.__pydantic_fields_set__.add(self.relation.name)

    def detach(self) -> None:
        """Make this a list like any other: the owner has another one."""
        self.owner = None

    def load(self, members: Iterable[Any]) -> None:
        """Replace all members by those that the server has."""
        super().__setitem__(slice(None), members)
        self.places = None

    def known(self) -> dict[Any, int]:
        """Return each member with its place."""
        places = self.places
        if places is None:
            places = self.places = {member: place for place, member in enumerate(self)}
            self.shifted = False
        return places

    def join(self, member: Any) -> None:
        """Append a member, unless it is there."""
        places = self.known()
        if member not in places:
            places[member] = len(self)
            super().append(member)
            self.note_edit()

    def leave(self, member: Any) -> None:
        """Remove a member, if it is there; the last one takes its place."""
        if self.shifted:
            self.places = None
        places = self.known()
        place = places.pop(member, None)
        if place is None:
            return
        self.note_edit()
        last = super().pop()
        if last is not member:
            super().__setitem__(place, last)
            places[last] = place

    def take_out(self, place: int) -> Any:
        """Remove and return the member at a place; those behind it move up."""
        places = self.known()
        self.shifted = self.shifted or place != len(self) - 1
        member = super().pop(place)
        del places[member]
        self.note_edit()
        return member

    def __contains__(self, member: object) -> bool:
        if self.owner is None:
            return super().__contains__(member)
        return member in self.known()
