"""Attribute every difference of a plan to the side that changed since the baseline.

    before ≠ base, after = base     the server changed it
    before = base, after ≠ base     the manifest changed it
    neither                         both did

Lists and maps are compared by the members that differ: the others are not owned, or equal anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

from stashsync.engine.baseline import Baseline
from stashsync.fields import ObjectFilter, Value
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS, FieldSpec
from stashsync.planner import Create, Delete, Plan, Update
from stashsync.planner.changes import Change
from stashsync.state import ChangedBy

Attributed: TypeAlias = dict[str, ChangedBy | None]
"""By field; "" is the object as a whole. None where the baseline does not know."""


def attribute(plan: Plan, baseline: Baseline) -> dict[int, Attributed]:
    """Attribute the fields of every change, by its place in the plan."""
    return {place: _change(plan, change, baseline) for place, change in enumerate(plan.changes)}


def _change(plan: Plan, change: Change, baseline: Baseline) -> Attributed:
    match change:
        case Update():
            return _fields(plan, change, baseline)
        case Create():
            known = (change.kind, KINDS[change.kind].key(change.values)) in baseline.ids
            return {"": ChangedBy.SERVER if known else ChangedBy.MANIFEST}
        case Delete() if change.mark is None:
            # `prune`. What was never declared came on the server, or before `prune` was set.
            known = baseline.get(change.kind, change.id) is not None
            return {"": ChangedBy.MANIFEST if known else None}
        case _:
            return {"": ChangedBy.MANIFEST}


def _fields(plan: Plan, change: Update, baseline: Baseline) -> Attributed:
    base, kind = baseline.get(change.kind, change.id), KINDS[change.kind]
    found: Attributed = {}
    for name, field in change.changes.items():
        if base is None or name not in base:
            found[name] = None
            continue
        spec = kind.fields[name]
        before, after, known = field.before, field.after, base[name]
        target = spec.meaning.references()
        if target:
            before, after, known = (
                _remembered(plan, baseline, target, value) for value in (before, after, known)
            )
        if isinstance(spec.meaning, ObjectFilter):
            of = partial(_token, plan, baseline)
            before, after, known = (
                spec.meaning.exchange(value, of) for value in (before, after, known)
            )
        found[name] = changed_by(spec, before, after, known)
    return found


def changed_by(spec: FieldSpec, before: Value, after: Value, base: Value) -> ChangedBy:
    """Tell which side changed a field: `before` is the server's value, `after` the manifest's."""
    mine, theirs, known = _members(spec, after, before, base)
    differing = [
        member for member in mine.keys() | theirs.keys() if mine.get(member) != theirs.get(member)
    ]
    if all(mine.get(member) == known.get(member) for member in differing):
        return ChangedBy.SERVER
    server_holds = all(theirs.get(member) == known.get(member) for member in differing)
    return ChangedBy.MANIFEST if server_holds else ChangedBy.BOTH


def _members(spec: FieldSpec, *sides: Value) -> Sequence[Mapping[str, Value]]:
    """Split values into what is compared by itself: entries, members, or the whole."""
    if spec.form == "memberships":
        return _members_and_order(*sides)
    written = [spec.meaning.written(side) for side in sides]
    if spec.meaning.shape == "map":
        return [side or {} for side in written]
    if spec.meaning.shape == "set":
        return [dict.fromkeys(side or (), True) for side in written]
    return [{"": side} for side in written]


def _members_and_order(*sides: Value) -> Sequence[Mapping[str, Value]]:
    """Split lists into their members with values, and the order of those that all of them have."""
    members = [{each: [value] for each, value in side or ()} for side in sides]
    shared = set[str].intersection(*map(set, members))
    return [{**each, "": [name for name in each if name in shared]} for each in members]


def _remembered(plan: Plan, baseline: Baseline, target: str, value: Value) -> Value:
    """Replace references by the ids that the baseline has for objects of their names.

    So a target that was deleted or renamed on the server is still what the manifest means.
    """
    return exchanged(value, lambda token: _token(plan, baseline, target, token))


def _token(plan: Plan, baseline: Baseline, target: str, token: str) -> str:
    if token in baseline.objects.get(target, {}):
        return token
    label = (target, fold(plan.label(target, token)))
    return baseline.undeclared.get(label) or baseline.labels.get(label, token)
