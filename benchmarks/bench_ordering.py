"""Putting 100,000 operations in order, 1 % of them in cycles, against orjson.loads of them.

What is measured is `graph.arrange` alone: the constraints are there. One operation of five makes
an object that a later one needs, and pairs exchange names, each of which has to be cut in two.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path
from random import Random

import orjson

from benchmarks.harness import Case
from stashsync.cli import COLLECT_EVERY
from stashsync.graph import Edge, arrange

CASES = (
    Case("ordering, 1 % in cycles", "ours", "floor", "orjson.loads", (1_000, 100_000), goal=3.0),
)


def prepare(folder: Path, size: int) -> None:
    """Return the operations as a saved plan has them, more or less."""
    operations = [
        {
            "kind": "tag",
            "label": f"Tag {number}",
            "fields": ["name", "aliases", "parents"],
            "values": {
                "name": f"Tag {number}",
                "aliases": [f"Alias {number}"],
                "parents": [str(number)],
            },
            "needs": [number - 1],
            "wave": 0,
        }
        for number in range(size)
    ]
    (folder / "operations.json").write_bytes(orjson.dumps(operations))


def ours(_: Path, size: int) -> float:
    """Every constraint satisfied, every cycle cut."""
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    rnd = Random(1)
    group_of = list(range(size))
    edges = [Edge(node, node + rnd.randint(1, 4), 1) for node in range(0, size - 5, 5)]
    pairs = range(0, size, 200)
    for node in pairs:
        first, second = len(group_of), len(group_of) + 1
        group_of += [node, node + 1]
        edges += [
            Edge(first, node),
            Edge(second, node + 1),
            Edge(first, node + 1),
            Edge(second, node),
        ]
    start = time.perf_counter()
    found = arrange(group_of, edges)
    seconds = time.perf_counter() - start
    assert not found.stuck
    assert len(found.steps) >= size + len(pairs)
    return seconds


def floor(folder: Path, size: int) -> float:
    """Read them."""
    gc.set_threshold(COLLECT_EVERY)
    text = (folder / "operations.json").read_bytes()
    start = time.perf_counter()
    operations = orjson.loads(text)
    seconds = time.perf_counter() - start
    assert len(operations) == size
    return seconds
