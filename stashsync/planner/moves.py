"""The hierarchy, as the server checks it: each new edge against the graph stored at that moment.

Setting parents is refused where a new parent is, at that moment, below the object
(docs/stash-behaviour.md#hierarchy). Whatever the two graphs are, parents first in the *final* graph
is always accepted: once all that is above an object is as it is to be, nothing above it can be
below it, as the final graph has no cycle. That order is needed only where the old and the new edges
together run in a circle:

    before  A → B → C      after  C → B → A      order: C (a root now), then B, then A

so only the objects on such circles are ordered, and no move ever has to be cut in two for this.
What is below a deleted object and stands still changes its place as well, once that is gone: a
delete comes before the moves that it would be in the way of, unless it has to wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from stashsync.fields import Value
from stashsync.graph import circles, find_cycle, reachable
from stashsync.kinds import Kind
from stashsync.planner.changes import Delete, Merge, Update, as_list
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft
from stashsync.planner.steps import Link, Step, Steps
from stashsync.planner.uniting import lifted, united_by_server

Graph = dict[str, list[str]]
"""Tokens with the tokens of their parents."""


def link_moves(context: PlanContext, kind: Kind, drafts: Sequence[Draft], steps: Steps) -> None:
    """Order the moves of one kind, and keep what is below a removed object until it has moved.

    Reports a problem where the final graph has a cycle, which only manifests and server together
    can make.
    """
    spec = kind.edges
    if spec is None:
        return
    moves = {draft.token: draft for draft in drafts if spec.name in draft.after}
    removals = dict(_removals(drafts))
    if not moves and not removals:
        return
    before, after = _graphs(context, kind, drafts, moves, removals)
    merges = {each.token: each for each in drafts if each.sources and each.kind is kind}
    cycle = find_cycle(_in_reach([*moves, *merges], before, after))
    if cycle is not None:
        _report(context, kind, {**merges, **moves}, cycle)
        return
    deletes = {token: each for token, each in removals.items() if isinstance(each.change, Delete)}
    both = {
        token: sorted({*before.get(token, ()), *after.get(token, ())})
        for token in {**before, **after}
    }
    # Where the server unites no hierarchies, a merge adds no edge that could close a circle.
    inherits = spec.name in united_by_server(kind, context)
    for circle in circles(both):
        members = set(circle)
        for above, below in _orderings(after, members, moves):
            steps.link(steps.add(above, Step.MOVE), steps.add(below, Step.MOVE), Link.WAIT)
        for delete, below in _deleted_first(before, after, members, moves, deletes):
            steps.link(steps.add(delete), steps.add(below, Step.MOVE), Link.WAIT)
        if inherits:
            _link_merges(before, members, moves, removals, steps)
    _link_removals(spec.name, moves, removals, steps, inherits=inherits)


def _link_merges(
    before: Graph,
    members: set[str],
    moves: Mapping[str, Draft],
    removals: Mapping[str, Draft],
    steps: Steps,
) -> None:
    """Order the merges on one circle of what the server unites.

    What they add is in the graphs already. Only where they close a circle of what is there now
    have they to wait for what opens it.
    """
    closes = find_cycle({token: before.get(token, []) for token in members}) is not None
    for merge in dict.fromkeys(removals.values()):
        if not isinstance(merge.change, Merge) or merge.token not in members:
            continue
        # What is merged gives up its parents before anything on the circle moves.
        merged = [token for token, removal in removals.items() if removal is merge]
        detached = [moves[token] for token in merged if token in moves]
        for token in sorted(members & moves.keys()):
            move = steps.add(moves[token], Step.MOVE)
            if closes:
                steps.link(move, steps.add(merge), Link.WAIT)
            for draft in detached:
                steps.link(steps.add(draft), move, Link.WAIT)
        for token in sorted(members & removals.keys()) if closes else ():
            if isinstance(removals[token].change, Delete):
                steps.link(steps.add(removals[token]), steps.add(merge), Link.WAIT)


def _removals(drafts: Sequence[Draft]) -> Iterator[tuple[str, Draft]]:
    """Yield the tokens of removed objects, each with the change that removes it."""
    for draft in drafts:
        if isinstance(draft.change, Delete):
            yield draft.token, draft
        for source in draft.sources:
            yield source.id or "", draft


def _graphs(
    context: PlanContext,
    kind: Kind,
    drafts: Sequence[Draft],
    moves: Mapping[str, Draft],
    removals: Mapping[str, Draft],
) -> tuple[Graph, Graph]:
    """Return the hierarchy now and at the end; what is merged is its destination in both."""
    assert kind.edges is not None
    name = kind.edges.name
    into: dict[tuple[str, str | None], str] = {
        (kind.name, token): removal.token
        for token, removal in removals.items()
        if isinstance(removal.change, Merge)
    }
    inherits = name in united_by_server(kind, context)
    before: Graph = {}
    after: Graph = {}
    for resource in context.observed.of(kind.name):
        own = resource.id or ""
        me = into.get((kind.name, own), own)
        stored = resource.values.get(name)
        before[me] = _with(before.get(me, []), lifted(kind.name, stored, into, me), me)
        if own in removals and (me == own or not inherits):
            continue  # it is deleted, or what is above it is dropped
        if own in removals and own in moves:
            stored = moves[own].after[name]
        above = as_list(lifted(kind.name, stored, into, me))
        after[me] = _with(
            after.get(me, []), [parent for parent in above if parent not in removals], me
        )
    for draft in drafts:
        if isinstance(draft.change, Update) and draft.pair is not None and draft.pair.observed:
            after[draft.token] = as_list(draft.pair.observed.values.get(name))
    for token, move in moves.items():
        if token not in removals:
            after[token] = as_list(move.after[name])
    return before, after


def _link_removals(
    name: str,
    moves: Mapping[str, Draft],
    removals: Mapping[str, Draft],
    steps: Steps,
    *,
    inherits: bool,
) -> None:
    """Let what is below a removed object move away first, unless a merge takes it along."""
    for token, move in moves.items():
        if token in removals:
            steps.link(steps.add(move), steps.add(removals[token]), Link.WAIT)
        elif move.observed is not None:
            for parent in as_list(move.observed.values.get(name)):
                if parent in removals and not (
                    inherits and isinstance(removals[parent].change, Merge)
                ):
                    steps.link(steps.add(move, Step.MOVE), steps.add(removals[parent]), Link.WAIT)


def _in_reach(moves: Iterable[str], before: Graph, after: Graph) -> Graph:
    """Return what the server walks through to check the moves, up and down, as it is at the end.

    A loop elsewhere hinders nothing.
    """
    down: Graph = {}
    for graph in (before, after):
        for token, parents in graph.items():
            for parent in parents:
                down.setdefault(parent, []).append(token)
    found = reachable(moves, lambda token: [*before.get(token, ()), *after.get(token, ())])
    found |= reachable(moves, lambda token: down.get(token, ()))
    return {token: parents for token, parents in after.items() if token in found}


def _with(parents: list[str], more: Value, me: str) -> list[str]:
    return sorted({*parents, *as_list(more)} - {me})


def _orderings(
    after: Graph, members: set[str], moves: Mapping[str, Draft]
) -> Iterator[tuple[Draft, Draft]]:
    """Yield pairs of changes of one circle, the first of which has to move first."""
    for token in sorted(members & moves.keys()):
        if _is_moved(token, moves):
            for above in sorted(_ways_up(token, after, members, moves)):
                if _is_moved(above, moves):
                    yield moves[above], moves[token]


def _deleted_first(
    before: Graph,
    after: Graph,
    members: set[str],
    moves: Mapping[str, Draft],
    deletes: Mapping[str, Draft],
) -> Iterator[tuple[Draft, Draft]]:
    """Yield the deletes that have to come before an object of one circle moves, with its change.

    What stands still above the object may be below what is deleted, which is below the object: as
    long as it is there, the move would close the circle. A delete that waits for the move itself,
    as what is below it has to leave first, cannot come before it.
    """
    for gone in sorted(members & deletes.keys()):
        children = {token for token in moves if gone in before.get(token, ())}
        waits = children | reachable(children & members, _within(members, after))
        above = reachable([gone], lambda token: before.get(token, ()))
        for token in sorted((above & members & moves.keys()) - waits):
            ways = _ways_up(token, after, members, moves) if _is_moved(token, moves) else ()
            if any(gone in before.get(way, ()) for way in ways if not _is_moved(way, moves)):
                yield deletes[gone], moves[token]


def _ways_up(token: str, after: Graph, members: set[str], moves: Mapping[str, Draft]) -> set[str]:
    """Return what is above `token` in the final graph, on each way up to what moves.

    What stands still and what is new are passed through: they are as they are to be.
    """
    parents = _within(members, after)
    return reachable(parents(token), lambda each: () if _is_moved(each, moves) else parents(each))


def _within(members: set[str], graph: Graph) -> Callable[[str], list[str]]:
    return lambda token: [parent for parent in graph.get(token, ()) if parent in members]


def _is_moved(token: str, moves: Mapping[str, Draft]) -> bool:
    return token in moves and isinstance(moves[token].change, Update)


def _way_out(context: PlanContext, kind: Kind, cycle: Sequence[str]) -> str:
    """Suggest what to change: most often an item left its place, which alone moves nothing."""
    assert kind.edges is not None
    field, ids = kind.edges.name, context.indexes[kind.name].by_id
    keys = {ids[token].key for token in cycle if token in ids}
    for resource in context.desired.of(kind.name):
        if resource.key in keys and field not in resource.values:
            nothing = "[]" if field == "parents" else "null"
            return (
                f"no manifest mentions what is above {resource.address}: "
                f"`{field}: {nothing}` puts it at the top"
            )
    return "an object cannot be above itself; change one of these"


def _report(
    context: PlanContext, kind: Kind, moves: Mapping[str, Draft], cycle: Sequence[str]
) -> None:
    """Report a cycle at an object of the plan that is on it; the server may have one by itself."""
    assert kind.edges is not None
    path = (kind.edges.name,)
    by_id = context.indexes[kind.name].by_id
    labels = [
        by_id[token].label if token in by_id else moves[token].change.label for token in cycle
    ]
    way = " → ".join(f'"{label}"' for label in [*labels, labels[0]])
    culprit = next((moves[token] for token in cycle if token in moves), None)
    if culprit is None:
        context.problem(
            next(iter(moves.values())).desired,
            path,
            f"the hierarchy of {kind.plural} on the server has a cycle already: {way}",
            "take one of these edges out in Stash's own pages; editing below it can hang a server",
        )
    else:
        context.problem(
            culprit.desired,
            path,
            f"with what the server has, the hierarchy of {kind.plural} would have a cycle: {way}",
            _way_out(context, kind, cycle),
        )
