"""The list that a relation holds: a list like any other, and every edit tells the other ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity
    from stashsync.entities.relations import Relation


class RelatedList(list[Any]):
    """The objects that `owner` refers to in one field; each at most once.

    Every edit is noted with the owner as an assignment of the field would be (`tracking`).
    `join` and `leave` are how the other end speaks: they cost the same for any length, and
    `leave` lets the last one take the place that became free.
    """

    __slots__ = ("_owner", "_places", "_relation", "_shifted")
    _owner: Entity | None
    _relation: Relation
    _places: dict[Entity, int] | None
    """The members; the place of each is right unless `_shifted`, and then not before it."""
    _shifted: bool

    @classmethod
    def of(cls, owner: Entity, relation: Relation, members: Iterable[Any]) -> RelatedList:
        """A list with these members, none twice. The other ends are not told of them."""
        made = cls(members)
        made._owner, made._relation, made._places = owner, relation, None
        made._shifted = False
        return made

    def _noted(self) -> None:
        if self._owner is not None:
            self._owner.__pydantic_fields_set__.add(self._relation.name)

    def detach(self) -> None:
        """The owner has another list now: this one is a list and nothing else."""
        self._owner = None

    def load(self, members: Iterable[Any]) -> None:
        """The server says that these are the members."""
        super().__setitem__(slice(None), members)
        self._places = None

    # -- what the other end says ----------------------------------------------------------------

    def _known(self) -> dict[Entity, int]:
        places = self._places
        if places is None:
            places = self._places = {one: place for place, one in enumerate(self)}
            self._shifted = False
        return places

    def join(self, member: Entity) -> None:
        """Take `member` in, unless it is there."""
        places = self._known()
        if member not in places:
            places[member] = len(self)
            super().append(member)
            self._noted()

    def leave(self, member: Entity) -> None:
        """Let `member` go, if it is there."""
        if self._shifted:
            self._places = None
        places = self._known()
        place = places.pop(member, None)
        if place is None:
            return
        self._noted()
        last = super().pop()
        if last is not member:
            super().__setitem__(place, last)
            places[last] = place

    # -- what people do -------------------------------------------------------------------------

    def append(self, member: Any) -> None:
        """Add `member` at the end, unless it is there.

        Raises:
            ValueError: it is no entity of the right kind.
            AttributeError: nobody sets this relation.
        """
        if self._owner is None:
            super().append(member)
            return
        from stashsync.entities.relations import checked, ensure_saved_there, link

        self._editable()
        checked(self._relation.spec, [member])
        if member not in self._known():
            ensure_saved_there(self._relation, [member])
            self.join(member)
            link(self._owner, self._relation, member)

    def remove(self, member: Any) -> None:
        """Take `member` out.

        Raises:
            ValueError: it is not there.
            AttributeError: nobody sets this relation.
        """
        if self._owner is None:
            super().remove(member)
            return
        from stashsync.entities.relations import ensure_saved_there, unlink

        self._editable()
        place = self._known().get(member)
        if place is None:
            raise ValueError(f"{member!r} is not in {self._relation.name} of {self._owner!r}")
        ensure_saved_there(self._relation, [member])
        if self._relation.spec.settable:
            if self[place : place + 1] != [member]:
                place = self.index(member)
            self._take_out(place)
        else:  # far ends are long, and nobody gave them an order
            self.leave(member)
        unlink(self._owner, self._relation, member)

    def _take_out(self, place: int) -> Any:
        """The member at this place, which goes; those behind it move up."""
        places = self._known()
        self._shifted = self._shifted or place != len(self) - 1
        member = super().pop(place)
        del places[member]
        self._noted()
        return member

    def __contains__(self, member: object) -> bool:
        if self._owner is None:
            return super().__contains__(member)
        return member in self._known()

    def _editable(self) -> None:
        if not self._relation.editable:
            raise AttributeError(f"{self._relation.name} is what the server tells; nobody sets it")

    def _replace(self, members: list[Any]) -> None:
        if self._owner is None:
            super().__setitem__(slice(None), members)
            return
        from stashsync.entities.relations import checked, ensure_saved_there, link, unlink

        self._editable()
        before = dict.fromkeys(self)
        members = checked(self._relation.spec, members)
        ensure_saved_there(self._relation, before.keys() ^ members)
        self._noted()
        self.load(members)
        for one in before:
            if one not in self._known():
                unlink(self._owner, self._relation, one)
        for one in self:
            if one not in before:
                link(self._owner, self._relation, one)

    def extend(self, members: Iterable[Any]) -> None:
        for one in list(members):
            self.append(one)

    def __iadd__(self, members: Iterable[Any]) -> Self:  # type: ignore[misc]  # of any iterable
        self.extend(members)
        return self

    def insert(self, place: SupportsIndex, member: Any) -> None:
        after = list(self)
        after.insert(place, member)
        self._replace(after)

    def pop(self, place: SupportsIndex = -1) -> Any:
        if self._owner is None or not self:
            return super().pop(place)
        from stashsync.entities.relations import ensure_saved_there, unlink

        self._editable()
        place = range(len(self))[place]
        ensure_saved_there(self._relation, [self[place]])
        gone = self._take_out(place)
        unlink(self._owner, self._relation, gone)
        return gone

    def clear(self) -> None:
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
        super().sort(**options)
        self._places = None

    def reverse(self) -> None:
        super().reverse()
        self._places = None

    def __imul__(self, times: SupportsIndex) -> Self:
        self._replace(list(self) * times)
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return list, (list(self),)
