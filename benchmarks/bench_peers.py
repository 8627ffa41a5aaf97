"""The same job done by another tool: whole processes in turn, by the processor time they take.

    ours     `stashsync plan` of tags in manifests, against a sandbox in a process of its own
    theirs   `octodns-sync` of as many records of a zone in one file, against those in another

Nothing is to be changed in either. octoDNS comes with the extra `bench`; without it there are no
rows.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench_startup import STARTED
from benchmarks.data import tag, write_manifests
from benchmarks.harness import Case

OCTODNS = "octoDNS, as many records"
SIZES = (10_000,)
CASES = (
    (
        Case("`stashsync plan`, whole process", "cold", "octodns", OCTODNS, SIZES, goal=0.1),
        Case("the whole process, cache filled", "warm", "octodns", OCTODNS, SIZES, goal=0.1),
    )
    if importlib.util.find_spec("octodns")
    else ()
)
_OCTODNS = "from octodns.cmds.sync import main; main()"
_CONFIG = """\
providers:
  wanted: {class: octodns.provider.yaml.YamlProvider, directory: wanted}
  there: {class: octodns.provider.yaml.YamlProvider, directory: there}
zones:
  records.example.: {sources: [wanted], targets: [there]}
"""
_RECORD = "n{n:06}:\n  ttl: 300\n  type: A\n  values: [10.0.{high}.{low}]\n"


def prepare(folder: Path, size: int) -> None:
    """Write a project and a library that is equal to it, and as many records, twice."""
    (folder / "stashsync.yaml").write_text("{}\n")
    write_manifests(folder, {"tags": [tag(n) for n in range(size)]})
    with _served(folder, "--seed", str(folder)):
        pass
    (folder / "octodns.yaml").write_text(_CONFIG)
    records = "".join(_RECORD.format(n=n, high=n // 256, low=n % 256) for n in range(size))
    for name in ("wanted", "there"):
        (folder / name).mkdir()
        (folder / name / "records.example.yaml").write_text(f"---\n{records}")


def cold(folder: Path, _: int) -> float:
    """Plan with nothing in the cache."""
    with tempfile.TemporaryDirectory() as cache:
        return _plan(folder, cache)


def warm(folder: Path, _: int) -> float:
    """Plan with what the last run left in the cache."""
    with tempfile.TemporaryDirectory() as cache:
        _plan(folder, cache)
        return _plan(folder, cache)


def octodns(folder: Path, _: int) -> float:
    """Let octoDNS find that there is nothing to do."""
    command = [sys.executable, "-c", _OCTODNS, "--config-file", "octodns.yaml", "--quiet"]
    return _processor_time(command, folder, dict(os.environ))


def _plan(folder: Path, cache: str) -> float:
    with _served(folder) as url:
        command = [sys.executable, "-c", STARTED, "--server", url, "plan", "--detailed-exitcode"]
        return _processor_time(command, folder, {**os.environ, "XDG_CACHE_HOME": cache})


def _processor_time(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    """Return the seconds that a process and its children spend, once it has ended well."""
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime


@contextmanager
def _served(folder: Path, *further: str) -> Generator[str]:
    """Serve the library of the folder, and yield where."""
    command = [sys.executable, "-c", STARTED, "sandbox", "--port", "0"]
    with subprocess.Popen(
        [*command, "--db", str(folder / "library.db"), *further],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http")).rstrip(".,")
        finally:
            process.terminate()
