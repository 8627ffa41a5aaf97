"""From the wire to the rows that the engine compares, against orjson alone on the same bytes.

A server answers from memory. Rows are what `find_sparse` gives: pages read, checked, by id, lists
put to their objects. `observe` makes a resource of each. The floor decodes the same pages.
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
from stashsync.client.sparse import find_sparse
from stashsync.engine.observe import observe
from stashsync.kinds import KINDS

ROUNDS = 3

CASES = (
    Case("performers from the wire to rows", "ours", "floor", "orjson", (20_000,), goal=1.5),
    Case("performers from the wire to resources", "resources", "floor", "orjson", (20_000,)),
)


def prepare(folder: Path, size: int) -> None:
    """Return the pages of a server with as many performers, of two tags each."""
    library = rows(mixed(size * 2))  # half of it are performers
    write_answers(folder, {"performers": library["performers"]})


def floor(folder: Path, size: int) -> float:
    """Decode the pages to plain data."""
    gc.disable()
    pages = [path.read_bytes() for path in sorted(folder.glob("performers*-*.json"))]
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = [orjson.loads(page)["data"]["found"]["rows"] for page in pages]
        seconds.append(time.perf_counter() - start)
        assert sum("name" in row for rows in found for row in rows) == size
    return min(seconds)


def ours(folder: Path, size: int) -> float:
    """Decode the pages to rows."""
    return min(asyncio.run(_rows(folder, size)) for _ in range(ROUNDS))


async def _rows(folder: Path, size: int) -> float:
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    kind, client = KINDS["performer"], StashClient(Instant(folder))
    wanted = sorted(_wanted(folder))
    await client.capabilities()
    start = time.perf_counter()
    found = await find_sparse(client, kind, wanted)
    seconds = time.perf_counter() - start
    assert len(found) == size
    assert all(len(row) == len(wanted) and row["tags"] for row in found.values())
    return seconds


def resources(folder: Path, size: int) -> float:
    """Decode the pages to resources."""
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    return min(asyncio.run(_observe(folder, size)) for _ in range(ROUNDS))


async def _observe(folder: Path, size: int) -> float:
    wanted = _wanted(folder)
    client = StashClient(Instant(folder))
    await client.capabilities()
    start = time.perf_counter()
    state = await observe({"performer": wanted}, client)
    seconds = time.perf_counter() - start
    found = state.of("performer")
    assert len(found) == size
    assert all(len(item.values) == len(wanted) and item.values["tags"] for item in found)
    return seconds


def _wanted(folder: Path) -> frozenset[str]:
    """Return the fields that the pages have; four lists are in pages of their own."""
    row = orjson.loads((folder / "performers-1.json").read_bytes())["data"]["found"]["rows"][0]
    fields = KINDS["performer"].fields.values()
    return frozenset(field.name for field in fields if field.output in row) | {
        "aliases", "urls", "stash_ids", "tags",
    }  # fmt: skip
