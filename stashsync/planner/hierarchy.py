"""The hierarchy, as the server checks it: each new edge against the graph stored at that moment.

final graph has a cycle                 → an error: manifests and server together declare it
a new edge closes a cycle with an edge  → an error: the operation that removes that edge
that a later operation removes            would have to come first (behaviour 2.1, planning 4)
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.fields import Value
from stashsync.graph import find_cycle
from stashsync.planner.changes import Change, Create, Update, token_of
from stashsync.planner.context import Context
from stashsync.planner.match import Pair
from stashsync.types import KINDS, Kind


def check_hierarchy(
    context: Context, changes: Sequence[Change], pairs: Sequence[Pair], sequence: Sequence[int]
) -> None:
    """Report every edge that the server would refuse, sent in the order of `sequence`."""
    for kind in KINDS.values():
        spec = kind.hierarchy
        if spec is None:
            continue
        moves = [
            position
            for position in sequence
            if changes[position].kind == kind.name
            and _parents_after(changes[position], spec.name) is not None
        ]
        if moves:
            _check(context, kind, spec.name, changes, pairs, moves)


def _parents_after(change: Change, name: str) -> list[str] | None:
    """The parents' tokens after the change, or None where it does not touch them."""
    if isinstance(change, Create):
        return _as_list(change.values[name]) if name in change.values else None
    return _as_list(change.changes[name].after) if name in change.changes else None


def _as_list(value: Value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _check(
    context: Context,
    kind: Kind,
    name: str,
    changes: Sequence[Change],
    pairs: Sequence[Pair],
    moves: Sequence[int],
) -> None:
    stored = {
        resource.id or "": _as_list(resource.values.get(name))
        for resource in context.observed.of(kind.name)
    }
    after = {token_of(changes[position]): position for position in moves}
    final = dict(stored)
    for token, position in after.items():
        final[token] = _parents_after(changes[position], name) or []
    cycle = find_cycle(final)
    if cycle is not None:
        _report_cycle(context, kind, name, changes, pairs, after, cycle)
        return
    for position in moves:
        change = changes[position]
        token = token_of(change)
        parents = _parents_after(change, name) or []
        if isinstance(change, Update):
            for parent in parents:
                if parent not in stored[token] and (blocked := _path(stored, parent, token)):
                    _report_wait(context, kind, name, changes, pairs, position, blocked)
                    break
        stored[token] = parents


def _path(parents: dict[str, list[str]], start: str, goal: str) -> list[str]:
    """The way up from `start` to `goal`, both included; empty where there is none."""
    came_from: dict[str, str] = {start: ""}
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            way = [node]
            while came_from[way[-1]]:
                way.append(came_from[way[-1]])
            return way[::-1]
        for parent in parents.get(node, ()):
            if parent not in came_from:
                came_from[parent] = node
                waiting.append(parent)
    return []


def _label(context: Context, kind: Kind, changes: Sequence[Change], token: str) -> str:
    observed = context.indexes[kind.name].by_id.get(token)
    if observed is not None:
        return observed.label
    return next(one.label for one in changes if isinstance(one, Create) and one.token == token)


def _report_cycle(
    context: Context,
    kind: Kind,
    name: str,
    changes: Sequence[Change],
    pairs: Sequence[Pair],
    after: dict[str, int],
    cycle: list[str],
) -> None:
    """The culprit is an object of the plan: what the server has by itself is acyclic."""
    position = next((after[token] for token in cycle if token in after), None)
    way = " → ".join(f'"{_label(context, kind, changes, one)}"' for one in [*cycle, cycle[0]])
    if position is None:
        resource = pairs[next(iter(after.values()))].desired
        context.problem(
            resource,
            (name,),
            f"the hierarchy of {kind.plural} on the server has a cycle already: {way}",
            "take one of these edges out in Stash's own pages; editing below it can hang a server",
        )
        return
    context.problem(
        pairs[position].desired,
        (name,),
        f"with what the server has, the hierarchy of {kind.plural} would have a cycle: {way}",
        "an object cannot be above itself; change one of these",
    )


def _report_wait(
    context: Context,
    kind: Kind,
    name: str,
    changes: Sequence[Change],
    pairs: Sequence[Pair],
    position: int,
    blocked: list[str],
) -> None:
    resource = pairs[position].desired
    way = " → ".join(f'"{_label(context, kind, changes, one)}"' for one in blocked)
    context.problem(
        resource,
        (name,),
        f'{resource.address} cannot move below "{_label(context, kind, changes, blocked[0])}" '
        f"before an edge between them is gone: {way}",
        "the server checks each edge against what is stored; apply the change that removes "
        "the old edge first, then this one",
    )
