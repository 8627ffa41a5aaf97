"""Ordering, domain-blind: waves and cycles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashsync.graph import find_cycle, waves

SIZE = 8
edges = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.integers(0, 1)), max_size=14
)


@given(edges)
def test_every_node_is_placed_once_or_stuck_behind_a_cycle(
    some: list[tuple[int, int, int]],
) -> None:
    """And every edge among the placed holds."""
    placed, stuck = waves(SIZE, some)
    flat = [node for wave in placed for node in wave]
    assert sorted(flat + stuck) == list(range(SIZE))
    wave_of = {node: number for number, wave in enumerate(placed) for node in wave}
    for before, after, gap in some:
        if after in wave_of:
            assert wave_of[after] >= wave_of[before] + gap
            assert flat.index(before) < flat.index(after)
    cyclic = find_cycle({node: [b for a, b, _ in some if a == node] for node in range(SIZE)})
    assert bool(stuck) == bool(cyclic)
    assert all(wave for wave in placed)


@given(edges)
def test_a_cycle_follows_its_edges(some: list[tuple[int, int, int]]) -> None:
    """Back to its start."""
    successors = {node: [b for a, b, _ in some if a == node] for node in range(SIZE)}
    cycle = find_cycle(successors)
    if cycle:
        for node, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert following in successors[node]


def test_numbers_decide_where_no_edge_does() -> None:
    """And a node is as early as its edges allow."""
    assert waves(4, []) == ([[0, 1, 2, 3]], [])
    assert waves(4, [(3, 0, 0)]) == ([[1, 2, 3, 0]], [])
    assert waves(3, [(2, 0, 1)]) == ([[1, 2], [0]], [])
    assert waves(3, [(0, 1, 0), (1, 0, 0), (1, 2, 1)]) == ([], [0, 1, 2])
    assert waves(0, []) == ([], [])


def test_deep_graphs_need_no_recursion() -> None:
    """A chain of a hundred thousand."""
    deep = 100_000
    assert len(waves(deep, [(n, n + 1, 1) for n in range(deep - 1)])[0]) == deep
    assert find_cycle({n: [n + 1] for n in range(deep)}) is None


def test_successors_may_name_nodes_that_have_none() -> None:
    """They end the way."""
    assert find_cycle({"a": ["b", "c"], "b": ["c"]}) is None
    assert find_cycle({"a": ["b"], "b": ["b"]}) == ["b"]
