"""The hierarchies as far as a plan touches them: as they are, and as they will be.

A plan knows the parents of what it creates and of what it moves, and the names of those parents.
Where everything else hangs it does not say, so that is not shown; `render.graph` shows it all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import Change, Create, Delete, Merge, Update, token_of
from stashsync.planner.plan import Plan
from stashsync.render.labels import label_after


@dataclass(slots=True)
class Touched:
    """One object of a hierarchy.

    `before` and `after` are its names, None where it is not there yet or no more; `sign` is that
    of its change: `+`, `-`, `→` (renamed), `⤷` (moved), `⇒` (merged), "" where it stays.
    """

    before: str | None
    after: str | None
    sign: str = ""


@dataclass(slots=True)
class Lineage:
    """One kind: its objects by token, and the parents of each, before and after."""

    kind: str
    objects: dict[str, Touched] = field(default_factory=dict)
    before: dict[str, Sequence[str]] = field(default_factory=dict)
    after: dict[str, Sequence[str]] = field(default_factory=dict)


def lineages(plan: Plan) -> Iterator[Lineage]:
    """The hierarchy of every kind in which the plan puts anything below anything."""
    for kind in KINDS.values():
        if kind.hierarchy is not None:
            found = _lineage(plan, kind, kind.hierarchy.name)
            if any(found.before.values()) or any(found.after.values()):
                yield found


def parents_of(value: object) -> Sequence[str]:
    """The tokens in the value of a hierarchy's field: one, several or none."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []


def change_sign(change: Change, upwards: str) -> str:
    """What happens to an object, as far as a hierarchy shows it."""
    match change:
        case Create():
            return "+"
        case Delete():
            return "-"
        case Merge():
            return "⇒"
        case Update() if upwards in change.changes:
            return "⤷"
        case Update():
            return "→" if change.renames else "~"


def _lineage(plan: Plan, kind: Kind, upwards: str) -> Lineage:
    found = Lineage(kind.name)
    changed: dict[str, Change] = {}
    for change in plan.changes:
        if change.kind != kind.name:
            continue
        token = token_of(change)
        changed[token] = change
        if isinstance(change, Create):
            found.after[token] = parents_of(change.values.get(upwards))
        elif isinstance(change, Update) and upwards in change.changes:
            one = change.changes[upwards]
            found.before[token] = parents_of(one.before)
            found.after[token] = parents_of(one.after)
    mentioned = {*found.before, *found.after}
    for parents in (*found.before.values(), *found.after.values()):
        mentioned.update(parents)
    for token in mentioned:
        found.objects[token] = _touched(plan, kind.name, token, changed.get(token), upwards)
    return found


def _touched(plan: Plan, kind: str, token: str, change: Change | None, upwards: str) -> Touched:
    if change is None:
        name = plan.label(kind, token)
        return Touched(name, name)
    sign = change_sign(change, upwards)
    if isinstance(change, Create):
        return Touched(None, change.label, sign)
    if isinstance(change, Delete):
        return Touched(change.label, None, sign)
    return Touched(change.label, label_after(change), sign)


def roots(names: Mapping[str, str], parents: Mapping[str, Sequence[str]]) -> list[str]:
    """The tokens that stand below nothing, by name."""
    tops = [token for token in names if not any(one in names for one in parents.get(token, ()))]
    return sorted(tops, key=lambda token: (names[token], token))


def children(
    names: Mapping[str, str], parents: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """The tokens below each token, by name."""
    found: dict[str, list[str]] = {}
    for token in names:
        for parent in parents.get(token, ()):
            if parent in names:
                found.setdefault(parent, []).append(token)
    for some in found.values():
        some.sort(key=lambda token: (names[token], token))
    return found
