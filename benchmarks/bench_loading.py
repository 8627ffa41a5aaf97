"""Loading and validating performers of 15 fields, with the place of every key.

Cold against what the parser alone takes for the same files; warm (nothing changed since the last
run) against orjson on the same data as JSON.
"""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import orjson
import yaml

from benchmarks.data import performers, write_manifests
from benchmarks.harness import Case
from stashsync.manifest import load

SIZES = (1_000, 10_000, 20_000, 100_000)

CASES = (
    Case(
        "load and validate", "cold", "drained", "events drained", SIZES, goal=2.0, goal_size=20_000
    ),
    Case(
        "the same, nothing changed",
        "warm",
        "decoded",
        "orjson.loads",
        SIZES,
        goal=1.0,
        goal_size=20_000,
    ),
    Case("load and validate (for comparison)", "cold", "decoded", "orjson.loads", SIZES[2:3]),
)


def prepare(folder: Path, size: int) -> None:
    """Return the project, the same as JSON, and a filled cache."""
    library = performers(size)
    write_manifests(folder, library)
    (folder / "library.json").write_bytes(orjson.dumps(library))
    os.environ["XDG_CACHE_HOME"] = str(folder)
    load(folder, cached=True)


def cold(folder: Path, size: int) -> float:
    """Everything read, checked and linked."""
    start = time.perf_counter()
    desired = load(folder)
    seconds = time.perf_counter() - start
    assert len(desired.state) == size
    return seconds


def warm(folder: Path, size: int) -> float:
    """Load the same from the cache."""
    os.environ["XDG_CACHE_HOME"] = str(folder)
    start = time.perf_counter()
    desired = load(folder, cached=True)
    seconds = time.perf_counter() - start
    assert len(desired.state) == size
    return seconds


def drained(folder: Path, _: int) -> float:
    """Every event of every file, and nothing made of it."""
    gc.disable()
    start = time.perf_counter()
    drain(folder)
    return time.perf_counter() - start


def drain(folder: Path) -> None:
    """Take all events of the project's manifests from the C parser."""
    for path in sorted((folder / "manifests").iterdir()):
        parser = yaml.CSafeLoader(path.read_bytes())
        while parser.get_event() is not None:
            pass


def decoded(folder: Path, _: int) -> float:
    """Load the same data in the fastest form there is."""
    gc.disable()
    data = (folder / "library.json").read_bytes()
    start = time.perf_counter()
    orjson.loads(data)
    return time.perf_counter() - start
