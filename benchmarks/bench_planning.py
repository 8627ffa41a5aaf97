"""A whole plan, from YAML text to the text of the plan, against a server that answers at once.

The floor is what has to be done in any case: drain the parser's events, `orjson.loads` of the
answers, one `==` for each object, and one join. A cold plan has nothing in its cache.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from pathlib import Path

import orjson

from benchmarks.bench_loading import drain
from benchmarks.data import SHARES, Object, mixed, rows, write_manifests
from benchmarks.harness import Case
from benchmarks.instant import Instant, write_answers
from stashsync.cli import COLLECT_EVERY
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.manifest import load
from stashsync.render.text import plan_text
from stashsync.wire.read_only import ReadOnlyTransport

SIZES = (1_000, 10_000, 100_000)
LARGE = (1_000_000,)
PEAKS = {100_000: 400, 1_000_000: 4_000}
FLOOR = "drain + orjson + == + join"
NONE, HUNDREDTH, ALL = 0, 100, 1
"""Every how manieth object differs."""

CASES = (
    Case(
        "plan, nothing changed",
        "none",
        "floor",
        FLOOR,
        SIZES,
        goal=1.5,
        goal_size=10_000,
        peaks=PEAKS,
        large=LARGE,
    ),
    Case("the same, cache filled", "warm", "floor", FLOOR, SIZES, peaks=PEAKS, large=LARGE),
    Case(
        "plan, 1 % changed",
        "hundredth",
        "floor_hundredth",
        FLOOR,
        SIZES,
        prepare="prepare_hundredth",
    ),
    Case("plan, all changed", "everything", "floor_all", FLOOR, SIZES, prepare="prepare_all"),
)


def prepare(folder: Path, size: int) -> None:
    """Return a server that is in step."""
    _prepare(folder, size, NONE)


def prepare_hundredth(folder: Path, size: int) -> None:
    """Return a server where one object of a hundred differs."""
    _prepare(folder, size, HUNDREDTH)


def prepare_all(folder: Path, size: int) -> None:
    """Return a server where every object differs."""
    _prepare(folder, size, ALL)


def _prepare(folder: Path, size: int, every: int) -> None:
    library = mixed(size)
    write_manifests(folder, library)
    have = rows(library)
    if every:
        for of_kind in have.values():
            for row in of_kind[::every]:
                _disturb(row)
    write_answers(folder, have)
    os.environ["XDG_CACHE_HOME"] = str(folder)
    load(folder, cached=True)


def _disturb(row: Object) -> None:
    row["description" if "description" in row else "details"] = f"An older text of {row['name']}."


def none(folder: Path, size: int) -> float:
    """Nothing to do."""
    return _plan(folder, size, NONE)


def warm(folder: Path, size: int) -> float:
    """Nothing to do, and the manifests are as they were in the last run."""
    os.environ["XDG_CACHE_HOME"] = str(folder)
    return _plan(folder, size, NONE, cached=True)


def hundredth(folder: Path, size: int) -> float:
    """One of a hundred."""
    return _plan(folder, size, HUNDREDTH)


def everything(folder: Path, size: int) -> float:
    """All of them."""
    return _plan(folder, size, ALL)


def _plan(folder: Path, size: int, every: int, *, cached: bool = False) -> float:
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    server = Instant(folder)

    async def whole() -> tuple[int, str]:
        desired = load(folder, cached=cached)
        plan = await reconcile.make_plan(desired, StashClient(ReadOnlyTransport(server)))
        return len(plan.changes), plan_text(plan)

    start = time.perf_counter()
    changes, _ = asyncio.run(whole())
    seconds = time.perf_counter() - start
    sections = [size * share // 10 for share in SHARES.values()]
    assert changes == (sum(len(range(0, count, every)) for count in sections) if every else 0), (
        changes
    )
    return seconds


def floor(folder: Path, size: int) -> float:
    """Run the parts one after the other."""
    gc.disable()
    answers = [path.read_bytes() for path in sorted(folder.glob("*-*.json"))]
    other = [row for answer in answers for row in orjson.loads(answer)["data"]["found"]["rows"]]
    start = time.perf_counter()
    drain(folder)
    found = [row for answer in answers for row in orjson.loads(answer)["data"]["found"]["rows"]]
    equal = [row == another for row, another in zip(found, other, strict=True)]
    text = "\n".join([row["name"] for row in found if "name" in row])
    seconds = time.perf_counter() - start
    assert all(equal)
    assert text
    assert sum("name" in row for row in found) == size
    return seconds


floor_hundredth = floor_all = floor
