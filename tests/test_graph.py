"""Ordering of steps without domain knowledge: waves, cuts and cycles."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from stashsync.graph import Arrangement, Edge, arrange, circles, find_cycle

SIZE = 8
some_edges = st.lists(
    st.builds(Edge, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.integers(0, 1)),
    max_size=14,
).map(lambda edges: [edge for edge in edges if edge.before != edge.after])
groups = st.lists(st.integers(0, SIZE - 1), min_size=SIZE, max_size=SIZE).map(
    lambda numbers: [sorted(set(numbers)).index(number) for number in numbers]
)


def holds(found: Arrangement, edges: Sequence[Edge], group_of: Sequence[int]) -> None:
    """Check that each edge between placed parts holds, and that each step is of one group."""
    step_of = {part: number for number, step in enumerate(found.steps) for part in step}
    for step in found.steps:
        assert len({group_of[part] for part in step}) == 1
    for before, after, gap in edges:
        if after in step_of and before in step_of:
            first, second = step_of[before], step_of[after]
            assert first < second or group_of[before] == group_of[after]
            if first != second:
                assert found.waves[second] >= found.waves[first] + gap


@given(groups, some_edges)
def test_every_part_is_placed_once_or_stuck(group_of: list[int], edges: list[Edge]) -> None:
    """Every edge between placed parts holds."""
    found = arrange(group_of, edges)
    flat = [part for step in found.steps for part in step]
    assert sorted(flat + found.stuck) == list(range(SIZE))
    holds(found, edges, group_of)


@given(some_edges)
def test_single_parts_are_stuck_on_a_cycle_alone(edges: list[Edge]) -> None:
    """Where nothing can be cut, there is a place for everything exactly if there is no cycle."""
    found = arrange(range(SIZE), edges)
    cycle = find_cycle({node: [b for a, b, _ in edges if a == node] for node in range(SIZE)})
    assert bool(found.stuck) == bool(cycle)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_what_releases_first_can_always_be_arranged(swaps: list[tuple[int, int]]) -> None:
    """Groups of a release (2n) and a claim (2n + 1): any claims after any releases."""
    group_of = [part // 2 for part in range(12)]
    edges = [Edge(2 * a, 2 * b + 1) for a, b in swaps]
    found = arrange(group_of, edges)
    assert not found.stuck
    holds(found, edges, group_of)
    whole = arrange(range(6), [Edge(a, b) for a, b in swaps if a != b])
    if not whole.stuck:
        assert len(found.steps) == len(set(group_of)), "nothing is cut where nothing has to be"


def test_a_swap_cuts_one_of_two_and_a_ring_one_of_five() -> None:
    """As little as possible, and the cheapest."""
    swap = [Edge(0, 3), Edge(2, 1)]
    assert arrange([0, 0, 1, 1], swap).steps == [(0,), (2, 3), (1,)]
    assert arrange([0, 0, 1, 1], swap, cost_of={0: 2}).steps == [(2,), (0, 1), (3,)]
    ring = [Edge(2 * n, 2 * ((n + 1) % 5) + 1) for n in range(5)]
    assert len(arrange([part // 2 for part in range(10)], ring).steps) == 6


def test_numbers_and_phases_decide_where_no_edge_does() -> None:
    """A part is in the earliest wave that its edges allow."""
    assert arrange(range(4), []).steps == [(0,), (1,), (2,), (3,)]
    assert arrange(range(4), [Edge(3, 0)]).steps == [(1,), (2,), (3,), (0,)]
    assert arrange(range(3), [], [1, 0, 0]).steps == [(1,), (2,), (0,)]
    assert arrange(range(3), [Edge(0, 1)], [1, 0, 0]).steps == [(2,), (0,), (1,)]
    assert arrange(range(3), [Edge(2, 0, 1)]).waves == [0, 0, 1]
    assert arrange([], []).steps == []
    cycle = arrange(range(3), [Edge(0, 1), Edge(1, 0), Edge(1, 2, 1)])
    assert (cycle.steps, cycle.stuck) == ([], [0, 1, 2])


def test_what_must_come_first_within_a_group_comes_along() -> None:
    """A part that is cut off takes the parts of its group that precede it."""
    edges = [Edge(1, 0), Edge(0, 3), Edge(3, 2)]
    assert arrange([0, 0, 0, 1], edges).steps == [(0, 1), (3,), (2,)]


@given(some_edges)
def test_a_cycle_follows_its_edges(edges: list[Edge]) -> None:
    """Back to its start; and it lies in one circle."""
    successors = {node: [b for a, b, _ in edges if a == node] for node in range(SIZE)}
    cycle = find_cycle(successors)
    assert bool(cycle) == bool(circles(successors))
    if cycle:
        for node, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert following in successors[node]
        assert any(set(cycle) <= set(circle) for circle in circles(successors))


def test_deep_graphs_need_no_recursion() -> None:
    """A chain of a hundred thousand, and a ring of them."""
    deep = 100_000
    chain = [Edge(n, n + 1, 1) for n in range(deep - 1)]
    assert arrange(range(deep), chain).waves[-1] == deep - 1
    assert find_cycle({n: [n + 1] for n in range(deep)}) is None
    assert len(circles({n: [(n + 1) % deep] for n in range(deep)})[0]) == deep


def test_successors_may_name_nodes_that_have_none() -> None:
    """They end the way."""
    assert find_cycle({"a": ["b", "c"], "b": ["c"]}) is None
    assert find_cycle({"a": ["b"], "b": ["b"]}) == ["b"]
    assert circles({"a": ["b", "c"], "b": ["a"]}) == [["a", "b"]]


def test_what_comes_before_by_two_ways_comes_before_once() -> None:
    """A piece is cut with all that has to come before it in the same group."""
    group_of = [0, 0, 0, 0, 0, 1]
    edges = [Edge(0, 1), Edge(0, 2), Edge(1, 3), Edge(2, 3), Edge(3, 5), Edge(5, 4)]
    assert arrange(group_of, edges).steps == [(0, 1, 2, 3), (5,), (4,)]
