"""Loading and validating manifests, against the parser's events and against orjson.

The floors are measured in the same run: draining libyaml's events of the same YAML, and
`orjson.loads` of the same data as JSON. Times are CPU seconds, the best of several rounds, with the
garbage collector off, as the command line has it while it loads.

    cold     read, parse, check, link; with a place for every key           goal: 2 × events
    warm     the same bytes as last time, from the cache                    goal: 1 × orjson
    keeping  cold, and the cache written: what the first run after an edit costs
    memory   peak of a fresh process, cold, keeping and warm (Linux)

    python -m benchmarks.bench_manifest [--objects 20000] [--memory 100000]
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
from yaml.events import StreamEndEvent

from stashsync.manifest import load
from stashsync.manifest.events import open_events

COLD_GOAL, WARM_GOAL = 2.0, 1.0
FIRST = [
    "Ada",
    "Bela",
    "Cato",
    "Dora",
    "Emil",
    "Fina",
    "Goro",
    "Hana",
    "Ivo",
    "Jana",
    "Kolo",
    "Lena",
]
LAST = ["North", "South", "East", "West", "Hill", "Lake", "Field", "Stone", "Wood", "Brook"]
ROUNDS = 5
PROBE = """
import sys, pathlib
from stashsync.manifest import load
root = pathlib.Path(sys.argv[1])
load(root, cache_dir=root / "cache" if sys.argv[2] == "cache" else None)
line = next(one for one in open("/proc/self/status") if one.startswith("VmHWM"))
print(int(line.split()[1]) // 1024)
"""


def performers(count: int) -> Iterator[dict[str, Any]]:
    """Invented people with sixteen fields each, the same ones each time."""
    chance = random.Random(1)
    for number in range(count):
        year, month, day = (
            chance.randint(1950, 2004),
            chance.randint(1, 12),
            chance.randint(1, 28),
        )
        yield {
            "name": f"{chance.choice(FIRST)} {chance.choice(LAST)} {number}",
            "aliases": [f"Alias {number} {n}" for n in range(chance.choice([0, 1, 1, 2, 3]))],
            "gender": chance.choice(["FEMALE", "MALE", "NON_BINARY"]),
            "birthdate": f"{year}-{month:02}-{day:02}",
            "country": "NO",
            "ethnicity": "Example",
            "eye_color": chance.choice(["blue", "brown"]),
            "hair_color": "brown",
            "height_cm": chance.randint(150, 200),
            "measurements": "90-60-90",
            "career_length": "2010 - 2020",
            "urls": [f"https://northlight.example/people/{number}"],
            "details": f"Invented person {number}, with a sentence or two about nothing at all.",
            "tags": [f"Tag {chance.randint(1, 300)}" for _ in range(chance.randint(0, 6))],
            "stash_ids": {
                "https://stashdb.example/graphql": f"{number:08x}-0000-4000-8000-000000000001"
            },
            "favorite": chance.random() < 0.1,
        }


def as_yaml(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The items as people write them: in blocks, without quotes."""
    yield "performers:\n"
    for item in items:
        lead = "  - "
        for key, value in item.items():
            if isinstance(value, list) and value:
                yield f"{lead}{key}:\n" + "".join(f"      - {one}\n" for one in value)
            elif isinstance(value, dict):
                inner = "".join(f"      {one}: {text}\n" for one, text in value.items())
                yield f"{lead}{key}:\n{inner}"
            elif isinstance(value, bool):
                yield f"{lead}{key}: {str(value).lower()}\n"
            else:
                yield f"{lead}{key}: {value}\n"
            lead = "    "


def best(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the fastest round."""
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        result = run()
        least = min(least, time.process_time() - start)
        del result
    return least


def drain(data: bytes) -> None:
    """All events, and nothing made of them."""
    get = open_events(data)
    while get().__class__ is not StreamEndEvent:
        pass


def write(root: Path, count: int) -> Path:
    """A project of one manifest with this many performers; gives the manifest."""
    folder = root / "manifests"
    folder.mkdir(parents=True)
    with open(folder / "performers.yaml", "w", encoding="utf-8") as stream:
        stream.writelines(as_yaml(performers(count)))
    return folder / "performers.yaml"


def measure(root: Path, count: int) -> dict[str, float]:
    """The ratios, and the floors in seconds."""
    data = write(root, count).read_bytes()
    text = orjson.dumps({"performers": list(performers(count))})
    cache = root / "cache"

    def keeping() -> object:
        shutil.rmtree(cache, ignore_errors=True)
        return load(root, cache_dir=cache)

    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        events = best(lambda: drain(data))
        json = best(lambda: orjson.loads(text), 3 * ROUNDS)
        cold = best(lambda: load(root))
        kept = best(keeping)
        warm = best(lambda: load(root, cache_dir=cache), 3 * ROUNDS)
    finally:
        gc.enable()
        gc.unfreeze()
    return {
        "events, s": events,
        "orjson, s": json,
        "cold / events": cold / events,
        "cold / orjson": cold / json,
        "keeping / events": kept / events,
        "warm / orjson": warm / json,
    }


def peaks(root: Path, count: int) -> dict[str, int]:
    """Peak memory in MB of fresh processes, the interpreter and all imports included."""
    size = write(root, count).stat().st_size // 2**20
    found = {"YAML, MB": size}
    for name, how in (("cold", "plain"), ("keeping", "cache"), ("warm", "cache")):
        told = subprocess.run(
            [sys.executable, "-c", PROBE, str(root), how],
            check=True,
            capture_output=True,
            text=True,
        )
        found[f"{name}, MB"] = int(told.stdout)
    return found


def main() -> int:
    """Measure, tell, and say by the exit code whether the goals are reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--memory", type=int, default=100_000, help="objects; 0 leaves it out")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder, "user"))
        ratios = measure(Path(folder, "time"), wanted.objects)
        print(f"{wanted.objects:,} performers")
        for name, number in ratios.items():
            print(f"  {name:<18} {number:8.3f}")
        if wanted.memory and sys.platform == "linux":
            print(f"{wanted.memory:,} performers, peak memory")
            for name, size in peaks(Path(folder, "memory"), wanted.memory).items():
                print(f"  {name:<18} {size:8}")
    reached = ratios["cold / events"] <= COLD_GOAL and ratios["warm / orjson"] <= WARM_GOAL
    print("goals reached" if reached else "goals missed")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
