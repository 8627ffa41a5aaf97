"""What the server says of one end of a relation, held against the other end.

    scene.tags saved with t            t.scenes has the scene, and nothing to save about it
    scene.tags read again, without t   t.scenes loses the scene; but if it was put in there and
                                       not saved yet, scene.tags has t all the same

Each end knows its value and the snapshot of what the server has. As far as one member goes, the
two are alike unless somebody has edited that end: then the edit stays. Where they are alike they
move together, so that nothing that nobody edited is ever taken for something to save.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stashsync.entities.relations import Relation, extras, join, leave, membership
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity


def agree(owner: Entity, field: str, after: Any) -> None:
    """The server has taken the snapshot `after` of the field: the other ends agree with it too."""
    relation = type(owner)._relations().get(field)
    if relation is None or relation.inverse is None:
        return
    end = relation.target._relations()[relation.inverse]
    old = _in_snapshot(relation, owner._base.get(field))
    new = _in_snapshot(relation, after)
    for one in old.keys() - new.keys():
        _settle(one, end, owner, joined=False)
    for one in new.keys() - old.keys():
        _settle(one, end, owner, joined=True, extra=new[one])
    if relation.spec.form == end.spec.form == "memberships":
        for one in old.keys() & new.keys():
            if old[one] != new[one]:
                _settle(one, end, owner, joined=True, extra=new[one])


def told(owner: Entity, relation: Relation, before: Any) -> None:
    """An answer has given the field, which nobody has edited, another value than `before`.

    Only members that came or went are looked at: an answer that says the same costs nothing.
    """
    if relation.inverse is None:
        return
    end = relation.target._relations()[relation.inverse]
    old = extras(relation, before)
    new = extras(relation, owner.__dict__[relation.name])
    for one in new.keys() - old.keys():  # these first: who moved has left where it was
        _hold_against(owner, relation, one, end, joined=True, extra=new[one])
    for one in old.keys() - new.keys():
        _hold_against(owner, relation, one, end, joined=False)


def found(owner: Entity, relation: Relation, fresh: Iterable[Entity]) -> None:
    """As `told`, for members that a query of its own has found, of a list unknown before."""
    if relation.inverse is None:
        return
    end = relation.target._relations()[relation.inverse]
    for one in list(fresh):
        _hold_against(owner, relation, one, end, joined=True)


def _hold_against(
    owner: Entity,
    relation: Relation,
    one: Entity,
    end: Relation,
    *,
    joined: bool,
    extra: Any = UNSET,
) -> None:
    there = membership(one, end, owner)
    if there is None:
        return
    shown, known = there
    if shown == known:
        # who left may belong to another now: only an answer about itself says to which
        if shown != joined and (joined or end.many):
            _move(one, end, owner, joined=joined, extra=extra)
    elif end.saved_here and shown != joined:  # an edit that is still to be saved from there
        _move(owner, relation, one, joined=shown, extra=UNSET)


def _settle(one: Entity, end: Relation, owner: Entity, *, joined: bool, extra: Any = UNSET) -> None:
    value = one.__dict__.get(end.name, UNSET)
    if value is UNSET:
        return
    if end.name not in one._base:
        if end.spec.form != "many" or (end.spec.settable and not one._received_fields):
            return  # built by hand, and all of it is to be sent
        one._base[end.name] = set()
    there = membership(one, end, owner)
    assert there is not None
    shown, known = there
    if shown != known:  # edited at this end too
        if shown == joined:
            _note(one, end, owner, joined=joined, extra=extra)
    elif shown and joined and _says_otherwise(one, end, owner):
        _note(one, end, owner, joined=True, extra=extra)
    else:
        _move(one, end, owner, joined=joined, extra=extra)


def _says_otherwise(one: Entity, end: Relation, owner: Entity) -> bool:
    """Whether somebody has edited what a membership says of `owner`."""
    if end.spec.form != "memberships":
        return False
    return bool(extras(end, one.__dict__[end.name])[owner] != dict(one._base[end.name])[owner])


def _move(one: Entity, end: Relation, owner: Entity, *, joined: bool, extra: Any) -> None:
    """Let `one` show `owner` at this end, or no longer, with nothing to save about it."""
    if end.spec.form != "one":
        if joined:
            join(one, end, owner, extra)
        else:
            leave(one, end, owner)
        return
    if joined:
        former = one.__dict__[end.name]
        if former is not one._base[end.name]:  # somebody has moved it on, elsewhere
            one._base[end.name] = owner
            return
        back = type(owner)._relations()[end.inverse or ""] if end.inverse else None
        if former is not None and former is not owner and back is not None:
            leave(former, back, one)
        one.__dict__[end.name] = one._base[end.name] = owner
    elif one._base[end.name] is owner:
        one._base[end.name] = None
        if one.__dict__[end.name] is owner:
            one.__dict__[end.name] = None


def _note(one: Entity, end: Relation, owner: Entity, *, joined: bool, extra: Any) -> None:
    """The server has `owner` at this end of `one`, or no longer, as it is shown already."""
    base = one._base
    match end.spec.form:
        case "one":
            if joined or base[end.name] is owner:
                base[end.name] = owner if joined else None
        case "many":
            (base[end.name].add if joined else base[end.name].discard)(owner)
        case _:
            known = [pair for pair in base[end.name] if pair[0] is not owner]
            base[end.name] = [*known, (owner, _or_none(extra))] if joined else known


def _or_none(extra: Any) -> Any:
    return None if extra is UNSET else extra


def _in_snapshot(relation: Relation, snapshot: Any) -> dict[Entity, Any]:
    """The entities of a snapshot, with what it says of each."""
    return relation.spec.meaning.linked_before(snapshot)
