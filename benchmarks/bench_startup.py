"""Start-up: `stashsync --help` against `python -c pass`, measured in turns in the same run.

    python benchmarks/bench_startup.py [ROUNDS]

Prints the median and the best of each, and the ratio of the bests. Goal: at most 5.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 20
GOAL = 5.0
PROGRAM = str(Path(sys.executable).with_name("stashsync"))
"""What pip installs beside Python; `python -m stashsync` takes 5 ms more for runpy."""
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import stashsync": ["-c", "import stashsync"],
    "import click": ["-c", "import click"],
    "stashsync --help": [PROGRAM, "--help"],
    "stashsync plan --help": [PROGRAM, "plan", "--help"],
}


def seconds(arguments: list[str]) -> float:
    """Wall time of one fresh interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def main(rounds: int) -> int:
    """Measure, print, and give 1 where the goal is missed."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for arguments in COMMANDS.values():
        seconds(arguments)  # byte code and the disk's cache
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            taken[name].append(seconds(arguments))
    floor = min(taken["python -c pass"])
    for name, some in taken.items():
        median, best = statistics.median(some), min(some)
        print(
            f"{name:<24} {median * 1000:7.1f} ms, best {best * 1000:6.1f} ms, {best / floor:5.2f}×"
        )
    ratio = min(taken["stashsync --help"]) / floor
    print(f"--help: {ratio:.2f}× the floor (goal: at most {GOAL:g}×)")
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
