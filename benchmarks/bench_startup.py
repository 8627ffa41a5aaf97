"""What a person waits for before anything happens: whole processes, against an empty one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.data import write_manifests
from benchmarks.harness import Case
from stashsync.cli import COLLECT_EVERY

ROUNDS = 5
STARTED = "import sys; from stashsync.cli import main; sys.exit(main(sys.argv[1:]))"
"""What the installed script does."""

_OF_VALIDATE = "click, msgspec, yaml"
_OF_PLAN = f"{_OF_VALIDATE}, asyncio, httpx, orjson, sqlite3, graphql, starlette.applications"
_PACKAGES = "its packages imported"

CASES = (
    Case("`stashsync --help`", "help_text", "empty", "`python -c pass`", (1,), goal=4.0),
    Case("`--help` beside its packages", "help_text", "with_click", _PACKAGES, (1,)),
    Case("`stashsync validate`", "validate", "empty", "`python -c pass`", (1,), goal=10.0),
    Case("`validate` beside its packages", "validate", "with_parser", _PACKAGES, (1,)),
    Case("`stashsync plan`, server on the loopback", "plan", "empty", "`python -c pass`", (1,)),
    Case("`stashsync plan`, in-process sandbox", "plan_alone", "empty", "`python -c pass`", (1,),
         goal=25.0),
    Case("`plan` beside its packages", "plan_alone", "with_servers", _PACKAGES, (1,)),
)  # fmt: skip


def prepare(folder: Path, size: int) -> None:
    """Write a project with one tag."""
    (folder / "stashsync.yaml").write_text("{}\n")
    write_manifests(folder, {"tags": [{"name": f"Tag {n}"} for n in range(size)]})


def empty(folder: Path, _: int) -> float:
    """Python itself."""
    return _best([sys.executable, "-c", "pass"], folder)


def with_click(folder: Path, _: int) -> float:
    """Python with the package that reads command lines."""
    return _importing("click", folder)


def with_parser(folder: Path, _: int) -> float:
    """Python with the packages that `validate` needs."""
    return _importing(_OF_VALIDATE, folder)


def with_servers(folder: Path, _: int) -> float:
    """Python with the packages that `plan` needs, those of the sandbox among them."""
    return _importing(_OF_PLAN, folder)


def help_text(folder: Path, _: int) -> float:
    """Print the list of verbs."""
    return _best([sys.executable, "-c", STARTED, "--help"], folder)


def validate(folder: Path, _: int) -> float:
    """All that needs no server."""
    return _best([sys.executable, "-c", STARTED, "validate"], folder)


def plan(folder: Path, _: int) -> float:
    """Plan as a whole process; the server is in another one."""
    from stashsync.sandbox import Sandbox, running

    with Sandbox() as sandbox, running(sandbox) as url:
        return _best([sys.executable, "-c", STARTED, "--server", url, "plan"], folder)


def plan_alone(folder: Path, _: int) -> float:
    """Plan as a whole process, with the sandbox in it."""
    return _best([sys.executable, "-c", STARTED, "--server", "sandbox:", "plan"], folder)


def _importing(packages: str, folder: Path) -> float:
    """Import packages, with the settings of the garbage collector that the command has."""
    code = f"import atexit, gc; gc.set_threshold({COLLECT_EVERY}); atexit.register(gc.freeze)"
    return _best([sys.executable, "-c", f"{code}; import {packages}"], folder)


def _best(command: Sequence[str], folder: Path) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)
