"""From an answer to entities, and relations kept in step, against the least that has to be done.

The floor of reading is orjson alone on the same bytes. The floor of giving one tag to all scenes is
a quarter of the scenes, four times: where it costs the same for each, the ratio is about one.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from benchmarks.data import performer
from benchmarks.harness import Case
from stashsync.entities import Performer, PlainIdentityMap, Scene, Tag, decode_rows

TAGS = 1_000
ROUNDS = 3

CASES = (
    Case("performers from the wire to entities", "ours", "floor", "orjson", (20_000,), goal=4.0),
    Case(
        "one tag to all scenes, both ends loaded",
        "whole",
        "quarters",
        "four quarters",
        (4_000, 16_000),
        prepare="nothing",
        goal=1.5,
    ),
)


def prepare(folder: Path, size: int) -> None:
    """Return the answer of a server with as many performers, of two tags each."""
    rows = []
    for n in range(size):
        item = performer(n, TAGS)
        tags = item.pop("tags")
        aliases, ids = item.pop("aliases"), item.pop("stash_ids")
        rows.append(
            {
                "id": str(n + 1),
                **item,
                "alias_list": aliases,
                "image_path": f"http://localhost:9999/performer/{n + 1}/image",
                "stash_ids": [
                    {"endpoint": endpoint, "stash_id": ids[endpoint]} for endpoint in ids
                ],
                "tags": [{"id": tag.rsplit(" ", 1)[1]} for tag in tags],
            }
        )
    answer = {"data": {"findPerformers": {"count": size, "performers": rows}}}
    (folder / "answer.json").write_bytes(orjson.dumps(answer))


def nothing(folder: Path, size: int) -> None:
    """Nothing is needed."""


def floor(folder: Path, size: int) -> float:
    """Decode the answer to plain data."""
    text = (folder / "answer.json").read_bytes()
    return _best(lambda: len(orjson.loads(text)["data"]["findPerformers"]["performers"]) == size)


def ours(folder: Path, size: int) -> float:
    """Decode the answer to entities."""
    text = (folder / "answer.json").read_bytes()

    def read() -> bool:
        rows = orjson.loads(text)["data"]["findPerformers"]["performers"]
        return len(decode_rows(Performer, rows, PlainIdentityMap())) == size

    return _best(read)


def whole(_: Path, size: int) -> float:
    """All scenes get one tag."""
    return min(_give(size) for _ in range(ROUNDS))


def quarters(_: Path, size: int) -> float:
    """Give one tag to the scenes, a quarter at a time."""
    return min(4 * _give(size // 4) for _ in range(ROUNDS))


def _give(size: int) -> float:
    scenes = decode_rows(
        Scene, [{"id": str(n), "tags": []} for n in range(size)], PlainIdentityMap()
    )
    tag = Tag(id="1", scenes=[])
    gc.collect()
    start = time.perf_counter()
    for scene in scenes:
        scene.tags = [tag]
    return time.perf_counter() - start


def _best(action: Callable[[], bool]) -> float:
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter()
        assert action()
        times.append(time.perf_counter() - start)
    return min(times)
