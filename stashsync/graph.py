"""Domain-blind ordering of steps, with cycles cut.

A *group* is something that wants to happen at once; its *parts* are what it may fall into. Edges
run between parts:

        group 0          group 1               the edges contradict each other as long as the
      ┌─────────┐      ┌─────────┐             groups are whole: 0 before 1 and 1 before 0
      │ a0 ─────┼─────>│      c1 │
      │         │      │         │             cut group 0 at what nothing here waits for:
      │ c0 <────┼──────┼ a1      │
      └─────────┘      └─────────┘             [a0]  [a1 c1]  [c0]

Groups stay whole wherever no cycle forces otherwise, and one group of a cycle is cut at a time.
Numbers are the order that is kept wherever no edge forces another; all results depend on the
arguments alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from msgspec import Struct, field

N = TypeVar("N", bound=Hashable)


class Edge(NamedTuple):
    """`before` has to happen before `after`; with `gap` 1 in an earlier wave (a round trip)."""

    before: int
    after: int
    gap: int = 0


class Arrangement(Struct, frozen=True):
    """Steps in order: each is a group, or a piece of a cut one, as its parts in rising order.

    `waves[i]` is the wave of `steps[i]`. `stuck` are the parts for which there is no place: their
    cycles cannot be cut. Where it is not empty, the steps are those that have one all the same.
    """

    steps: list[tuple[int, ...]] = field(default_factory=list)
    waves: list[int] = field(default_factory=list)
    stuck: list[int] = field(default_factory=list)


def arrange(
    group_of: Sequence[int],
    edges: Sequence[Edge],
    phase_of: Sequence[int] | None = None,
    cost_of: Mapping[int, int] | None = None,
) -> Arrangement:
    """Order all parts so that all edges hold, with as few groups cut as a cycle needs.

    `group_of[part]` is the part's group. Of what may happen next, the lowest phase comes first
    (`phase_of[group]`, 0 by default), then the earliest wave, then the lowest group. Of the groups
    on a cycle, the cheapest is cut (`cost_of[group]`, 1 by default), then the lowest. Time is
    linear in parts and edges, but for the logarithm of a heap and for what lies on cycles.
    """
    blocks = _Blocks(list(group_of), list(range(1 + max(group_of, default=-1))))
    order, waves, left = _in_order(blocks, edges, phase_of)
    if left:
        inside = [
            edge for edge in edges if blocks.of[edge[0]] in left and blocks.of[edge[1]] in left
        ]
        if _cut_cycles(left, blocks, inside, cost_of or {}):
            order, waves, left = _in_order(blocks, edges, phase_of)
    parts: list[list[int]] = [[] for _ in blocks.owner]
    for part, block in enumerate(blocks.of):
        parts[block].append(part)
    return Arrangement(
        [tuple(parts[block]) for block in order],
        [waves[block] for block in order],
        sorted(part for block in left for part in parts[block]),
    )


class _Blocks(Struct):
    """What stays together: `of[part]` is the part's block, `owner[block]` the block's group."""

    of: list[int]
    owner: list[int]


def _in_order(
    blocks: _Blocks, edges: Sequence[Edge], phase_of: Sequence[int] | None
) -> tuple[list[int], list[int], set[int]]:
    """Blocks in order, the wave of each, and those on or behind a cycle.

    A block waits until the last phase of what it depends on, so that phase, wave and depth never
    fall along an edge, and sorting by them satisfies every edge.
    """
    block_of, owner = blocks.of, blocks.owner
    count = len(owner)
    following: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    waiting = [0] * count
    for before, after, gap in edges:
        first, second = block_of[before], block_of[after]
        if first != second:
            following[first].append((second, gap))
            waiting[second] += 1
    phase = [phase_of[group] for group in owner] if phase_of else [0] * count
    wave, depth = [0] * count, [0] * count
    queue = [block for block in range(count) if not waiting[block]]
    for block in queue:
        my_phase, my_wave, my_depth = phase[block], wave[block], depth[block] + 1
        for after, gap in following[block]:
            phase[after] = max(phase[after], my_phase)
            wave[after] = max(wave[after], my_wave + gap)
            depth[after] = max(depth[after], my_depth)
            waiting[after] -= 1
            if not waiting[after]:
                queue.append(after)
    queue.sort(key=lambda block: (phase[block], wave[block], depth[block], owner[block]))
    return queue, wave, {block for block in range(count) if waiting[block]}


def _cut_cycles(
    left: set[int], blocks: _Blocks, edges: Sequence[Edge], cost_of: Mapping[int, int]
) -> bool:
    """Cut blocks until no cycle is left, or none that can be cut; whether any was cut."""
    any_cut = False
    open_sets = [(left, edges)]
    while open_sets:
        blocks_left, inside = open_sets.pop()
        component_of: dict[int, int] = {}
        components = _components(blocks_left, blocks, inside)
        for number, component in enumerate(components):
            component_of.update(dict.fromkeys(component, number))
        mine: list[list[Edge]] = [[] for _ in components]
        for edge in inside:
            number = component_of.get(blocks.of[edge[0]], -1)
            if number >= 0 and component_of.get(blocks.of[edge[1]]) == number:
                mine[number].append(edge)
        for component, own in zip(components, mine, strict=True):
            piece = _cut(component, blocks, own, cost_of)
            if piece is not None:
                any_cut = True
                open_sets.append(({*component, piece}, own))
    return any_cut


def _components(inside: set[int], blocks: _Blocks, edges: Sequence[Edge]) -> list[list[int]]:
    """Return the blocks that lie on cycles, together with those that share one."""
    following: dict[int, list[int]] = {block: [] for block in sorted(inside)}
    for before, after, _ in edges:
        first, second = blocks.of[before], blocks.of[after]
        if first != second:
            following[first].append(second)
    return [sorted(circle) for circle in circles(following)]


def _cut(
    component: Sequence[int], blocks: _Blocks, edges: Sequence[Edge], cost_of: Mapping[int, int]
) -> int | None:
    """Cut the cheapest block of a component in two; the new block, or None where none can be cut.

    The first piece are the parts that something in the component waits for and that wait for
    nothing in it, with the parts of the same block that have to come before them.
    """
    block_of, owner = blocks.of, blocks.owner
    blocked: set[int] = set()
    wanted: dict[int, list[int]] = {}
    within: dict[int, list[int]] = {}
    for before, after, _ in edges:
        if block_of[before] == block_of[after]:
            within.setdefault(after, []).append(before)
        else:
            blocked.add(after)
            wanted.setdefault(block_of[before], []).append(before)
    for block in sorted(
        component, key=lambda block: (cost_of.get(owner[block], 1), owner[block], block)
    ):
        first: set[int] = set()
        for part in wanted.get(block, ()):
            needed = reachable([part], lambda node: within.get(node, ()))
            if not needed & blocked:
                first |= needed
        if first:
            owner.append(owner[block])
            for part in first:
                block_of[part] = len(owner) - 1
            return len(owner) - 1
    return None


def reachable(starts: Iterable[N], successors: Callable[[N], Iterable[N]]) -> set[N]:
    """Return the nodes that can be reached from some, those included."""
    found: set[N] = set()
    waiting = [*starts]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += successors(node)
    return found


def circles(successors: Mapping[N, Sequence[N]]) -> list[list[N]]:
    """Return the nodes that lie on cycles, grouped by the cycles they share (Tarjan).

    Nodes that are no key have no successors. A node that follows itself is no circle here.
    """
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    on_stack: set[N] = set()
    found: list[list[N]] = []

    def enter(node: N) -> tuple[N, Iterator[N]]:
        index[node] = low[node] = len(index)
        stack.append(node)
        on_stack.add(node)
        return node, iter(successors.get(node, ()))

    for start in successors:
        path = [] if start in index else [enter(start)]
        while path:
            node, branches = path[-1]
            for child in branches:
                if child not in index:
                    path.append(enter(child))
                    break
                if child in on_stack:
                    low[node] = min(low[node], index[child])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    component = stack[cut:]
                    del stack[cut:]
                    on_stack.difference_update(component)
                    if len(component) > 1:
                        found.append(component)
    return found


def find_cycle(successors: Mapping[N, Sequence[N]]) -> list[N] | None:
    """Return the nodes of one cycle, in the direction of its edges, or None.

    The search starts from the nodes in the order of the mapping, so the answer depends on that
    order alone. It does not recurse.
    """
    done: set[N] = set()
    for start in successors:
        if start in done:
            continue
        path: list[N] = [start]
        on_path = {start}
        branches = [iter(successors.get(start, ()))]
        while branches:
            for node in branches[-1]:
                if node in on_path:
                    return path[path.index(node) :]
                if node not in done:
                    path.append(node)
                    on_path.add(node)
                    branches.append(iter(successors.get(node, ())))
                    break
            else:
                branches.pop()
                node = path.pop()
                on_path.discard(node)
                done.add(node)
    return None
