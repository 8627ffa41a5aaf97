"""The hierarchy, as the server checks it: each new edge against the graph stored at that moment.

Setting parents is refused where a new parent is, at that moment, below the object
(docs/stash-behaviour.md#hierarchy). Whatever the two graphs are, parents first in the *final* graph
is always accepted: once all that is above an object is as it shall be, nothing above it can be
below it, as the final graph has no cycle. That order is needed only where the old and the new edges
together run in a circle:

    before  A → B → C      after  C → B → A      order: C (a root now), then B, then A

so only the objects on such circles are ordered, and no move ever has to be cut in two for this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stashsync.fields import Value
from stashsync.graph import circles, find_cycle
from stashsync.kinds import Kind
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    Merge,
    Update,
    token_of,
    values_after,
)
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.planner.merges import lifted, united_by_server
from stashsync.planner.parts import Link, Parts, Role

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
    leaving = dict(_leaving(changes, mine))
    if not moves and not leaving:
        return
    before, after = _graphs(context, kind, changes, pairs, moves, leaving)
    cycle = find_cycle(after)
    if cycle is not None:
        _report(context, kind, changes, pairs, moves, cycle)
        return
    both = {
        token: sorted({*before.get(token, ()), *after.get(token, ())})
        for token in {**before, **after}
    }
    # Where the server unites no hierarchies, a merge adds no edge that could close a circle.
    inherits = spec.name in united_by_server(kind, context)
    for circle in circles(both):
        members = set(circle)
        for above, below in _orderings(after, members, moves, changes):
            parts.link(parts.of(above, Role.MOVE), parts.of(below, Role.MOVE), Link.WAIT)
        for merge in sorted(set(leaving.values())) if inherits else ():
            if isinstance(changes[merge], Merge) and token_of(changes[merge]) in members:
                # What is merged gives up its parents before anything on the circle moves.
                merged = [one for one, by in leaving.items() if by == merge]
                detached = [moves[one] for one in merged if one in moves]
                for token in sorted(members & moves.keys()):
                    move = parts.of(moves[token], Role.MOVE)
                    parts.link(move, merge, Link.WAIT)
                    for position in detached:
                        parts.link(position, move, Link.WAIT)
    _link_leaving(context, kind, spec.name, moves, leaving, parts)


def _leaving(changes: Sequence[Change], mine: Sequence[int]) -> Iterator[tuple[str, int]]:
    """The objects that go, each with the change by which it goes."""
    for position in mine:
        change = changes[position]
        if isinstance(change, Delete):
            yield change.id, position
        elif isinstance(change, Merge):
            for source, _ in change.sources:
                yield source, position


def _graphs(
    context: Context,
    kind: Kind,
    changes: Sequence[Change],
    pairs: Sequence[Pair | None],
    moves: Mapping[str, int],
    leaving: Mapping[str, int],
) -> tuple[Graph, Graph]:
    """The hierarchy now and at the end; what is merged is one with its destination in both."""
    assert kind.hierarchy is not None
    name = kind.hierarchy.name
    into: dict[tuple[str, str | None], str] = {
        (kind.name, token): token_of(changes[position])
        for token, position in leaving.items()
        if isinstance(changes[position], Merge)
    }
    inherits = name in united_by_server(kind, context)
    before: Graph = {}
    after: Graph = {}
    for one in context.observed.of(kind.name):
        own = one.id or ""
        me = into.get((kind.name, own), own)
        stored = one.values.get(name)
        before[me] = _with(before.get(me, []), lifted(kind.name, stored, into, me), me)
        if own in leaving and (me == own or not inherits):
            continue  # it is deleted, or what is above it is nobody's
        if own in leaving and own in moves:
            stored = values_after(changes[moves[own]])[name]
        above = [one for one in _as_list(lifted(kind.name, stored, into, me)) if one not in leaving]
        after[me] = _with(after.get(me, []), above, me)
    for pair in pairs:
        if pair is not None and pair.desired.kind == kind.name and pair.observed is not None:
            after[pair.token] = _as_list(pair.observed.values.get(name))
    for token, position in moves.items():
        if token not in leaving:
            after[token] = _as_list(values_after(changes[position])[name])
    return before, after


def _link_leaving(
    context: Context,
    kind: Kind,
    name: str,
    moves: Mapping[str, int],
    leaving: Mapping[str, int],
    parts: Parts,
) -> None:
    """What is below an object that goes moves away before it goes."""
    stored = context.indexes[kind.name].by_id
    for token, position in moves.items():
        if token in leaving:
            parts.link(position, leaving[token], Link.WAIT)
        elif token in stored:
            for parent in _as_list(stored[token].values.get(name)):
                if parent in leaving:
                    parts.link(parts.of(position, Role.MOVE), leaving[parent], Link.WAIT)


def _with(parents: list[str], more: Value, me: str) -> list[str]:
    return sorted({*parents, *_as_list(more)} - {me})


def _as_list(value: Value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _orderings(
    after: Graph, members: set[str], moves: Mapping[str, int], changes: Sequence[Change]
) -> Iterator[tuple[int, int]]:
    """Pairs of changes of one circle, the first of which has to move first."""
    for token in sorted(members & moves.keys()):
        if not isinstance(changes[moves[token]], Create):
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


def _way_out(context: Context, kind: Kind, cycle: Sequence[str]) -> str:
    """What to change: most often an item was taken out of its place, which alone moves nothing."""
    assert kind.hierarchy is not None
    field, ids = kind.hierarchy.name, context.indexes[kind.name].by_id
    keys = {ids[token].key for token in cycle if token in ids}
    for one in context.desired.of(kind.name):
        if one.key in keys and field not in one.values:
            nothing = "[]" if field == "parents" else "null"
            return (
                f"no manifest says what is above {one.address}: "
                f"`{field}: {nothing}` puts it at the top"
            )
    return "an object cannot be above itself; change one of these"


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
            _way_out(context, kind, cycle),
        )


def _label(context: Context, kind: Kind, changes: Sequence[Change], token: str) -> str:
    observed = context.indexes[kind.name].by_id.get(token)
    if observed is not None:
        return observed.label
    return next(one.label for one in changes if isinstance(one, Create) and one.token == token)
