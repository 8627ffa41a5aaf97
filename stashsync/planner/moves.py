"""The hierarchy, as the server checks it: each new edge against the graph stored at that moment.

Setting parents is refused where a new parent is, at that moment, below the object (behaviour 2.1).
Whatever the two graphs are, parents first in the *final* graph is always accepted: once all that
is above an object is as it shall be, nothing above it can be below it, as the final graph has no
cycle. That order is needed only where the old and the new edges together run in a circle:

    before  A → B → C      after  C → B → A      order: C (a root now), then B, then A

so only the objects on such circles are ordered, and no move ever has to be cut in two for this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stashsync.fields import Value
from stashsync.graph import circles, find_cycle
from stashsync.planner.changes import Change, Create, Delete, Update, token_of, values_after
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.planner.parts import Link, Parts, Role
from stashsync.types import Kind

Graph = dict[str, list[str]]
"""Tokens with the tokens of their parents."""


def link_moves(
    context: Context,
    kind: Kind,
    changes: Sequence[Change],
    pairs: Sequence[Pair | None],
    parts: Parts,
) -> None:
    """Order the moves of one kind, and keep what is below a deleted object until it has moved.

    Reports a problem where the final graph has a cycle, which only manifests and server together
    can make.
    """
    spec = kind.hierarchy
    mine = [position for position, one in enumerate(changes) if one.kind == kind.name]
    if spec is None or not mine:
        return
    moves = {
        token_of(changes[position]): position
        for position in mine
        if spec.name in values_after(changes[position])
    }
    gone = {one.id: position for position in mine if isinstance(one := changes[position], Delete)}
    if not moves:
        return
    before: Graph = {
        one.id or "": _as_list(one.values.get(spec.name)) for one in context.observed.of(kind.name)
    }
    after = {
        token: [one for one in parents if one not in gone]
        for token, parents in before.items()
        if token not in gone
    }
    for token, position in moves.items():
        after[token] = _as_list(values_after(changes[position])[spec.name])
    cycle = find_cycle(after)
    if cycle is not None:
        _report(context, kind, changes, pairs, moves, cycle)
        return
    for above, below in _orderings(before, after, moves, changes):
        parts.link(parts.of(above, Role.MOVE), parts.of(below, Role.MOVE), Link.WAIT)
    for token, position in moves.items():
        for parent in before.get(token, ()):
            if parent in gone:
                parts.link(parts.of(position, Role.MOVE), gone[parent], Link.WAIT)


def _as_list(value: Value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _orderings(
    before: Graph, after: Graph, moves: Mapping[str, int], changes: Sequence[Change]
) -> Iterator[tuple[int, int]]:
    """Pairs of changes, the first of which has to move first."""
    both = {
        token: sorted({*before.get(token, ()), *after.get(token, ())})
        for token in {**before, **after}
    }
    for circle in circles(both):
        members = set(circle)
        for token in circle:
            if token not in moves or isinstance(changes[moves[token]], Create):
                continue
            for above in _nearest_moves(token, after, members, moves, changes):
                yield moves[above], moves[token]


def _nearest_moves(
    token: str,
    after: Graph,
    members: set[str],
    moves: Mapping[str, int],
    changes: Sequence[Change],
) -> list[str]:
    """The objects above `token` in the final graph that move themselves, nearest on each way up.

    What stands still and what is new are passed through: they are as they shall be.
    """
    found: list[str] = []
    seen = {token}
    waiting = [one for one in after.get(token, ()) if one in members]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in moves and isinstance(changes[moves[one]], Update):
            found.append(one)
        else:
            waiting += [parent for parent in after.get(one, ()) if parent in members]
    return sorted(found)


def _report(
    context: Context,
    kind: Kind,
    changes: Sequence[Change],
    pairs: Sequence[Pair | None],
    moves: Mapping[str, int],
    cycle: Sequence[str],
) -> None:
    """The culprit is an object of the plan, unless the server has a cycle by itself."""
    assert kind.hierarchy is not None
    path = (kind.hierarchy.name,)
    way = " → ".join(f'"{_label(context, kind, changes, one)}"' for one in [*cycle, cycle[0]])
    culprit = next((moves[token] for token in cycle if token in moves), None)
    pair = pairs[culprit if culprit is not None else min(moves.values())]
    assert pair is not None  # a delete moves nothing
    if culprit is None:
        context.problem(
            pair.desired,
            path,
            f"the hierarchy of {kind.plural} on the server has a cycle already: {way}",
            "take one of these edges out in Stash's own pages; editing below it can hang a server",
        )
    else:
        context.problem(
            pair.desired,
            path,
            f"with what the server has, the hierarchy of {kind.plural} would have a cycle: {way}",
            "an object cannot be above itself; change one of these",
        )


def _label(context: Context, kind: Kind, changes: Sequence[Change], token: str) -> str:
    observed = context.indexes[kind.name].by_id.get(token)
    if observed is not None:
        return observed.label
    return next(one.label for one in changes if isinstance(one, Create) and one.token == token)
