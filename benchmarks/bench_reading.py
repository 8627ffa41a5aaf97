"""From the wire to the rows that the engine compares, against orjson alone on the same bytes.

`ours` is `observe` on a server that answers from memory: pages read, checked, sorted by id, lists
put to their objects, and every row read into a resource. The floor decodes the same pages.
"""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path

import orjson

from benchmarks.data import mixed, rows
from benchmarks.harness import Case
from benchmarks.instant import Instant, write_answers
from stashsync.cli import COLLECT_EVERY
from stashsync.client import StashClient
from stashsync.observe import observe
from stashsync.types import KINDS

ROUNDS = 3

CASES = (Case("performers from the wire to rows", "ours", "floor", "orjson", (20_000,), goal=1.5),)


def prepare(folder: Path, size: int) -> None:
    """The pages of a server with as many performers, of two tags each."""
    library = rows(mixed(size * 2))  # half of it are performers
    write_answers(folder, {"performers": library["performers"]})


def floor(folder: Path, size: int) -> float:
    """The pages as plain data."""
    gc.disable()
    pages = [path.read_bytes() for path in sorted(folder.glob("performers*-*.json"))]
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = [orjson.loads(page)["data"]["found"]["rows"] for page in pages]
        seconds.append(time.perf_counter() - start)
        assert sum("name" in row for some in found for row in some) == size
    return min(seconds)


def ours(folder: Path, size: int) -> float:
    """The pages as resources."""
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    return min(asyncio.run(_observe(folder, size)) for _ in range(ROUNDS))


async def _observe(folder: Path, size: int) -> float:
    kind = KINDS["performer"]
    row = orjson.loads((folder / "performers-1.json").read_bytes())["data"]["found"]["rows"][0]
    sparse = {"aliases", "urls", "stash_ids", "tags"}  # in pages of their own
    wanted = frozenset(one.name for one in kind.fields.values() if one.output in row) | sparse
    client = StashClient(Instant(folder))
    await client.capabilities()
    start = time.perf_counter()
    state = await observe({"performer": wanted}, client)
    seconds = time.perf_counter() - start
    found = state.of("performer")
    assert len(found) == size
    assert all(len(one.values) == len(wanted) and one.values["tags"] for one in found)
    return seconds
