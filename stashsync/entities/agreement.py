"""What the server has of one end of a relation, compared with the other end.

    scene.tags saved with t            t.scenes has the scene, and nothing to save about it
    scene.tags read again, without t   t.scenes loses the scene; but if it was put in there and
                                       not saved yet, scene.tags has t all the same

Each end knows its value and the snapshot of what the server has. As far as one member goes, the
two are alike unless that end was edited: then the edit stays. Where they are alike they move
together, so that what was not edited is never taken for something to save.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stashsync.entities.relation import Relation
from stashsync.entities.relations import join, leave, membership, remember
from stashsync.entities.tracked import Tracked
from stashsync.unset import UNSET


def agree(owner: Tracked, field: str, after: Any) -> None:
    """Let the other ends agree that the server has taken the snapshot `after` of the field."""
    relation = type(owner).__relationships__.get(field)
    end = relation.other_end if relation is not None else None
    if relation is None or end is None:
        return
    linked = relation.spec.meaning.linked_before
    old, new = linked(owner.snapshots.get(field)), linked(after)
    for member in old.keys() - new.keys():
        _settle(member, end, owner, joined=False)
    for member, extra in new.items():
        if member not in old or (relation.spec.form == end.spec.form and old[member] != extra):
            _settle(member, end, owner, joined=True, extra=extra)


def compare_with_others(owner: Tracked, relation: Relation, before: Any) -> None:
    """Compare the other ends with a field that an answer has given another value than `before`.

    The field was not edited. Only members that came or went are looked at, so that an answer
    without news costs nothing.
    """
    end = relation.other_end
    if end is None:
        return
    old = relation.linked(before)
    new = relation.linked(owner.__dict__[relation.name])
    for member in new.keys() - old.keys():  # these first: who moved has left where it was
        _compare(owner, relation, member, end, joined=True, extra=new[member])
    for member in old.keys() - new.keys():
        _compare(owner, relation, member, end, joined=False)


def compare_with_found(owner: Tracked, relation: Relation, found: Iterable[Any]) -> None:
    """Compare the other ends with the members, found by a query, of a field that was not loaded."""
    end = relation.other_end
    if end is not None:
        for member in list(found):
            _compare(owner, relation, member, end, joined=True)


def _compare(
    owner: Tracked,
    relation: Relation,
    member: Any,
    end: Relation,
    *,
    joined: bool,
    extra: Any = UNSET,
) -> None:
    """Let one other end follow an answer that has `member` in, or no longer in, the relation."""
    there = membership(member, end, owner)
    if there is None:
        return
    shown, known = there
    if shown == known:
        # what left may belong to another object now: only its own answer shows to which
        if shown != joined and (joined or end.many):
            if joined and _waits_elsewhere(member, end):
                leave(owner, relation, member)  # as when it was moved there
            else:
                _move(member, end, owner, joined=joined, extra=extra)
    elif end.saved_here and shown != joined:  # an edit that is still to be saved from there
        _move(owner, relation, member, joined=shown)


def _waits_elsewhere(member: Any, end: Relation) -> bool:
    """Return whether a member of one list was put into another one, which is not saved yet."""
    holder, back = member.__dict__[end.name], end.other_end
    if end.many or holder is None or back is None or not back.saved_here:
        return False
    return membership(holder, back, member) == (True, False)


def _settle(
    member: Any, end: Relation, owner: Tracked, *, joined: bool, extra: Any = UNSET
) -> None:
    """Let one other end take what was saved of the relation for what the server has."""
    if member.__dict__.get(end.name, UNSET) is UNSET:
        return
    if end.name not in member.snapshots:
        if end.spec.form != "many" or (end.spec.settable and not member._received_fields):
            return  # built by hand, and all of it is to be sent
        member.snapshots[end.name] = set()
    there = membership(member, end, owner)
    assert there is not None
    shown, known = there
    if shown == known and not (shown and joined and _has_another_extra(member, end, owner)):
        _move(member, end, owner, joined=joined, extra=extra)
    elif shown == joined:  # edited at this end too, to the same
        remember(member, end, owner, joined=joined, extra=extra)


def _has_another_extra(member: Any, end: Relation, owner: Tracked) -> bool:
    """Return whether the extra value of a membership at this end was edited."""
    if end.spec.form != "memberships":
        return False
    held = end.linked(member.__dict__[end.name])
    return bool(held[owner] != dict(member.snapshots[end.name])[owner])


def _move(member: Any, end: Relation, owner: Tracked, *, joined: bool, extra: Any = UNSET) -> None:
    """Let `member` have `owner` at this end, or no longer, with nothing to save about it."""
    if end.many:
        if joined:
            join(member, end, owner, extra)
        else:
            leave(member, end, owner)
        return
    if not joined:
        if member.snapshots[end.name] is owner:
            member.snapshots[end.name] = None
            if member.__dict__[end.name] is owner:
                member.__dict__[end.name] = None
        return
    former = member.__dict__[end.name]
    if former is not member.snapshots[end.name]:  # it was moved on, elsewhere
        member.snapshots[end.name] = owner
        return
    back = end.other_end
    if former is not None and former is not owner and back is not None:
        leave(former, back, member)
    member.__dict__[end.name] = member.snapshots[end.name] = owner
