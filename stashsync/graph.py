"""Ordering, without a word of what is ordered.

Nodes are the integers `0 … count-1`, and their numbers are the order that is kept wherever no edge
forces another. An edge `(before, after, gap)` puts `before` first; with gap 1 `after` must also
stand in a later wave, with gap 0 it may stand in the same wave, further back.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)
Edge = tuple[int, int, int]


def waves(count: int, edges: Iterable[Edge]) -> tuple[list[list[int]], list[int]]:
    """The nodes in waves, each as early as its edges allow, and the nodes that cannot be placed.

    The second list holds, in order, every node that lies on a cycle or behind one; it is empty
    where there is none. Within a wave, nodes stand in an order that satisfies all edges and that
    follows their numbers wherever it may. Time and memory are linear in nodes and edges, but for
    the logarithm of a heap.
    """
    following: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    waiting = [0] * count
    for before, after, gap in edges:
        following[before].append((after, gap))
        waiting[after] += 1
    wave = [0] * count
    ready = [node for node in range(count) if not waiting[node]]
    heapq.heapify(ready)
    placed: list[int] = []
    while ready:
        node = heapq.heappop(ready)
        placed.append(node)
        for after, gap in following[node]:
            wave[after] = max(wave[after], wave[node] + gap)
            waiting[after] -= 1
            if not waiting[after]:
                heapq.heappush(ready, after)
    result: list[list[int]] = [
        [] for _ in range(1 + max((wave[node] for node in placed), default=-1))
    ]
    for node in placed:
        result[wave[node]].append(node)
    return result, [node for node in range(count) if waiting[node]]


def find_cycle(successors: Mapping[N, Sequence[N]]) -> list[N] | None:
    """The nodes of one cycle, in the direction of its edges, or None where there is none.

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
