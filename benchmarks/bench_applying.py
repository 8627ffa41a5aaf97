"""Applying a plan to a sandbox on a port, with and without latency: creates, then updates.

The floor sends the same inputs by hand: documents of 250 over one connection, text joined, bodies
written and answers read with orjson. The sandbox is a process of its own; what it takes for the
operations themselves is in both, so the ratio tells what order and accounts cost beside them.

Creates in two waves (a tag, and one below it) have another floor: what the server needs by hand,
and two round trips a wave: one to be under way, and one for what nothing else hides.

Updates look at their objects before they are sent, and may be journaled; their floors are the same
run without the look, and without the journal.
"""

from __future__ import annotations

import asyncio
import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from benchmarks.data import Object, performers, write_manifests
from benchmarks.harness import Case
from stashsync import applier
from stashsync.applier import Listener, run
from stashsync.applier.journal import Journal, RunOrigin
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.kinds import KINDS
from stashsync.manifest import load
from stashsync.outcomes import Outcome
from stashsync.planner import Create, Plan
from stashsync.planner.saved import dump
from stashsync.planner.saved import load as load_plan
from stashsync.sandbox import Sandbox
from stashsync.wire.inputs import create_operation
from stashsync.wire.transport import Transport, over_app

BATCH = 250
SLOW = 0.02
FLOOR = "the same by hand"
BLIND = "without the look"
UNJOURNALED = "without a journal"
LIBRARY = "prepare_library"
WAVES = 2
LINE = "server + 2 round trips a wave"
SIZES = (1_000, 10_000)

CASES = (
    Case("apply, no latency", "near", "floor_near", FLOOR, (1_000, 10_000), repeat=2),
    Case("apply, 20 ms latency", "far", "floor_far", FLOOR, (1_000, 10_000), repeat=2),
    *(
        Case(
            f"creates in two waves, {ms:,} ms",
            f"waves_{ms}",
            f"waves_floor_{ms}",
            LINE,
            (1_000,),
            "prepare_waves",
            goal=1.1,
            repeat=2,
        )
        for ms in (0, 20, 200, 2_000)
    ),
    Case("updates, looked at", "updates_near", "blind_near", BLIND, SIZES, LIBRARY, goal=1.1),
    Case("updates, looked at, 20 ms", "updates_far", "blind_far", BLIND, SIZES, LIBRARY, goal=1.1),
    Case("updates, journaled", "journaled", "updates_near", UNJOURNALED, SIZES, LIBRARY, goal=1.03),
)

_SERVE = """
import sys
from stashsync.sandbox import Sandbox, running
path = sys.argv[2] if len(sys.argv) > 2 else None
with Sandbox(path, latency=float(sys.argv[1])) as sandbox, running(sandbox) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def prepare(folder: Path, size: int) -> None:
    """Return a saved plan of creates, and the same as inputs."""
    write_manifests(folder, performers(size))

    async def planned() -> Plan:
        with Sandbox() as sandbox:
            async with StashClient(over_app(sandbox.app)) as client:
                plan = await reconcile.make_plan(load(folder), client)
                server = await client.capabilities()
        inputs = [
            create_operation(KINDS[change.kind], change.values, {}, server).variables["input"]
            for change in plan.changes
            if isinstance(change, Create)
        ]
        (folder / "inputs.json").write_bytes(orjson.dumps(inputs))
        return plan

    (folder / "plan.json").write_bytes(dump(asyncio.run(planned())))


def near(folder: Path, size: int) -> float:
    """Over the loopback."""
    return _apply(folder, size, 0.0)


def far(folder: Path, size: int) -> float:
    """Over a network with 20 ms there and back."""
    return _apply(folder, size, SLOW)


def floor_near(folder: Path, size: int) -> float:
    """By hand over the loopback."""
    return _by_hand(folder, size, 0.0)


def floor_far(folder: Path, size: int) -> float:
    """By hand with 20 ms."""
    return _by_hand(folder, size, SLOW)


def _apply(folder: Path, size: int, latency: float) -> float:
    plan = load_plan((folder / "plan.json").read_bytes())

    async def whole(url: str) -> float:
        async with StashClient(Transport(url)) as client:
            await client.capabilities()
            await client.execute("{ version { version } }")  # a command has read by now, too
            start = time.perf_counter()
            report = await applier.carry_out(plan, client, root=folder)
            seconds = time.perf_counter() - start
        assert report.complete
        assert len(report.outcomes) == size
        return seconds

    with _sandbox(latency) as url:
        return asyncio.run(whole(url))


# -- creates in two waves -------------------------------------------------------------------------


def prepare_waves(folder: Path, size: int) -> None:
    """Save a plan of tags, of which one half is below the other."""
    names = [f"Tag {number}" for number in range(size // WAVES)]
    tags = [*({"name": name} for name in names),
            *({"name": f"Below {name}", "parents": [name]} for name in names)]  # fmt: skip
    write_manifests(folder, {"tags": tags})

    async def planned() -> Plan:
        with Sandbox() as sandbox:
            async with StashClient(over_app(sandbox.app)) as client:
                return await reconcile.make_plan(load(folder), client)

    (folder / "plan.json").write_bytes(dump(asyncio.run(planned())))


def _waves_by_hand(size: int, latency: float) -> float:
    """Send both waves without latency, and add that of the line."""
    names = [f"Tag {number}" for number in range(size // WAVES)]
    with _sandbox(0.0) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        connection.connect()
        start = time.perf_counter()
        ids: list[str] = []
        for first in range(0, len(names), BATCH):
            inputs = [{"name": name} for name in names[first : first + BATCH]]
            ids += _send(connection, inputs, "tagCreate", "TagCreateInput")
        for first in range(0, len(names), BATCH):
            below = [
                {"name": f"Below {name}", "parent_ids": [identifier]}
                for name, identifier in zip(names[first:], ids[first : first + BATCH], strict=False)
            ]
            _send(connection, below, "tagCreate", "TagCreateInput")
        seconds = time.perf_counter() - start
        connection.close()
    return seconds + 2 * latency * WAVES


def waves_0(folder: Path, size: int) -> float:
    """Over the loopback."""
    return _apply(folder, size, 0.0)


def waves_20(folder: Path, size: int) -> float:
    """With 20 ms there and back."""
    return _apply(folder, size, 0.02)


def waves_200(folder: Path, size: int) -> float:
    """With 200 ms."""
    return _apply(folder, size, 0.2)


def waves_2000(folder: Path, size: int) -> float:
    """With 2 s."""
    return _apply(folder, size, 2.0)


def waves_floor_0(_: Path, size: int) -> float:
    """By hand over the loopback."""
    return _waves_by_hand(size, 0.0)


def waves_floor_20(_: Path, size: int) -> float:
    """By hand, and four times 20 ms."""
    return _waves_by_hand(size, 0.02)


def waves_floor_200(_: Path, size: int) -> float:
    """By hand, and four times 200 ms."""
    return _waves_by_hand(size, 0.2)


def waves_floor_2000(_: Path, size: int) -> float:
    """By hand, and four times 2 s."""
    return _waves_by_hand(size, 2.0)


# -- updates --------------------------------------------------------------------------------------


def prepare_library(folder: Path, size: int) -> None:
    """Save a library of performers, and a plan that gives each of them other details."""
    path = folder / "library.db"
    found = [{"name": f"Performer {number}", "details": "old"} for number in range(size)]
    with Sandbox(str(path)) as sandbox:
        for each in found:
            sandbox.library.mutate("performerCreate", {"input": each})
        write_manifests(
            folder,
            {"performers": [{**each, "details": f"of {each['name']}"} for each in found]},
        )

        async def planned() -> Plan:
            async with StashClient(over_app(sandbox.app)) as client:
                return await reconcile.make_plan(load(folder), client)

        (folder / "plan.json").write_bytes(dump(asyncio.run(planned())))


def updates_near(folder: Path, size: int) -> float:
    """Over the loopback."""
    return _update(folder, size, 0.0)


def updates_far(folder: Path, size: int) -> float:
    """With 20 ms there and back."""
    return _update(folder, size, SLOW)


def blind_near(folder: Path, size: int) -> float:
    """Without the look, over the loopback."""
    run.Looking = Blind  # type: ignore[misc,assignment]  # of this process alone
    return _update(folder, size, 0.0)


def blind_far(folder: Path, size: int) -> float:
    """Without the look, with 20 ms."""
    run.Looking = Blind  # type: ignore[misc,assignment]
    return _update(folder, size, SLOW)


def journaled(folder: Path, size: int) -> float:
    """With a journal, over the loopback."""
    with tempfile.TemporaryDirectory(dir=folder) as runs:
        return _update(folder, size, 0.0, Journal(Path(runs), RunOrigin("apply", "", "")))


class Blind:
    """Takes every object for what the plan knows of it."""

    def __init__(self, *_: object) -> None:
        pass

    async def moved(self, *_: object) -> list[Outcome]:
        """Find no difference."""
        return []


def _update(folder: Path, size: int, latency: float, listener: Listener | None = None) -> float:
    plan = load_plan((folder / "plan.json").read_bytes())

    async def whole(url: str) -> float:
        async with StashClient(Transport(url)) as client:
            await client.capabilities()
            start = time.perf_counter()
            report = await applier.carry_out(plan, client, root=folder, listener=listener)
            seconds = time.perf_counter() - start
        assert report.complete
        assert len(report.outcomes) == size
        return seconds

    with tempfile.TemporaryDirectory(dir=folder) as copies:
        path = shutil.copy(folder / "library.db", copies)
        with _sandbox(latency, path) as url:
            return asyncio.run(whole(url))


def _by_hand(folder: Path, size: int, latency: float) -> float:
    inputs: list[Object] = orjson.loads((folder / "inputs.json").read_bytes())
    with _sandbox(latency) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        connection.connect()
        start = time.perf_counter()
        ids = [
            identifier
            for first in range(0, size, BATCH)
            for identifier in _send(
                connection, inputs[first : first + BATCH], "performerCreate", "PerformerCreateInput"
            )
        ]
        seconds = time.perf_counter() - start
        connection.close()
    assert len(ids) == size
    return seconds


def _send(
    connection: http.client.HTTPConnection, inputs: Sequence[Object], mutation: str, taken: str
) -> list[Any]:
    numbers = range(len(inputs))
    head = ", ".join([f"$i{n}: {taken}!" for n in numbers])
    body = " ".join([f"op{n}: {mutation}(input: $i{n}) {{ id __typename }}" for n in numbers])
    query = f"mutation ({head}) {{ {body} }}"
    variables = {f"i{n}": values for n, values in enumerate(inputs)}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    sent = orjson.dumps({"query": query, "variables": variables})
    connection.request("POST", "/graphql", sent, headers)
    data = orjson.loads(connection.getresponse().read())["data"]
    return [data[f"op{n}"]["id"] for n in numbers]


@contextmanager
def _sandbox(latency: float, *path: str) -> Iterator[str]:
    command = [sys.executable, "-c", _SERVE, str(latency), *path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.stdin.close()
