"""Saving 1,000 edited objects, against hand-joined text.

The floor joins the text of the same documents of 250 by hand, writes their bodies with orjson,
reads the answers with orjson, and looks at each alias. What is measured is `store.save_batch`
of entities that were read and edited, over a transport that answers from memory: what was edited
is found, inputs and documents are made, outcomes are read, and all is clean.
"""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path
from typing import Any

import orjson

from benchmarks.bench_operations import ANSWER, BATCH, FromMemory
from benchmarks.harness import Case
from stashsync.client import StashClient
from stashsync.entities import Tag
from stashsync.kinds import Capabilities

ROUNDS = 15

CASES = (Case("updates saved in a batch", "ours", "floor", "joined by hand", (1_000,), goal=6.0),)


def prepare(folder: Path, size: int) -> None:
    """Nothing is needed."""


def floor(_: Path, size: int) -> float:
    """By hand."""
    return min(_by_hand(size) for _ in range(ROUNDS))


def _by_hand(size: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for first in range(0, size, BATCH):
        numbers = range(min(BATCH, size - first))
        declared = ", ".join([f"$input{n}: TagUpdateInput!" for n in numbers])
        lines = [f"  op{n}: tagUpdate(input: $input{n}) {{ id __typename }}" for n in numbers]
        text = "\n".join([f"mutation Batch({declared}) {{", *lines, "}"])
        variables = {
            f"input{n}": {"id": str(first + n), "description": f"new {first + n}"} for n in numbers
        }
        orjson.dumps({"query": text, "variables": variables})
        data = orjson.loads(ANSWER)["data"]
        assert all(data[f"op{n}"]["id"] for n in numbers)
    return time.perf_counter() - start


def ours(_: Path, size: int) -> float:
    """By the store."""
    return asyncio.run(_saved(size))


async def _saved(size: int) -> float:
    memory: Any = FromMemory()
    client = StashClient(memory)
    client._capabilities = Capabilities(inputs={}, outputs={}, mutations=frozenset())
    times = []
    for turn in range(ROUNDS):
        rows = [
            {"id": str(n), "name": f"Lens {n}", "description": f"old {turn}", "aliases": [],
             "favorite": False, "parents": []}
            for n in range(size)
        ]  # fmt: skip
        client.store.invalidate_all()
        tags = client.identity_map.decode(Tag, rows)
        for n, tag in enumerate(tags):
            tag.description = f"new {n}"
        gc.collect()
        start = time.perf_counter()
        result = await client.store.save_batch(tags)
        times.append(time.perf_counter() - start)
        assert len(result) == size
        assert not tags[-1].is_dirty()
    return min(times)
