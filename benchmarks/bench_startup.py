"""What a person waits for before anything happens: whole processes, against an empty one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.data import write_manifests
from benchmarks.harness import Case

ROUNDS = 5
_STARTED = "import sys; from stashsync.cli import main; sys.exit(main(sys.argv[1:]))"
"""What the installed script does."""

CASES = (
    Case("`stashsync --help`", "help_text", "empty", "`python -c pass`", (1,), goal=5.0),
    Case("`stashsync validate`", "validate", "empty", "`python -c pass`", (1,)),
    Case("`stashsync plan`, in-process sandbox", "plan", "empty", "`python -c pass`", (1,)),
)


def prepare(folder: Path, size: int) -> None:
    """Write a project with one tag."""
    (folder / "stashsync.yaml").write_text("{}\n")
    write_manifests(folder, {"tags": [{"name": f"Tag {n}"} for n in range(size)]})


def empty(folder: Path, _: int) -> float:
    """Python itself."""
    return _best([sys.executable, "-c", "pass"], folder)


def help_text(folder: Path, _: int) -> float:
    """Print the list of verbs."""
    return _best([sys.executable, "-c", _STARTED, "--help"], folder)


def validate(folder: Path, _: int) -> float:
    """All that needs no server."""
    return _best([sys.executable, "-c", _STARTED, "validate"], folder)


def plan(folder: Path, _: int) -> float:
    """Plan as a whole process, with the sandbox in it."""
    return _best([sys.executable, "-c", _STARTED, "--server", "sandbox:", "plan"], folder)


def _best(command: Sequence[str], folder: Path) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)
