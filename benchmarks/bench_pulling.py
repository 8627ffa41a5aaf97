"""Pulling a thousand changes into a project, with the second reader, against loading it twice."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from msgspec.structs import replace

from benchmarks.harness import Case
from stashsync.client import StashClient
from stashsync.kinds import Capabilities
from stashsync.manifest import Desired, load
from stashsync.planner import Policy
from stashsync.pull.export import PullScope
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.update import ManifestUpdate
from stashsync.sandbox import Sandbox
from stashsync.state import Resource, State
from stashsync.wire.transport import over_app

SIZES = (20_000,)
CHANGES = 1_000

CASES = (
    Case(
        "pull 1,000 changes", "pulled", "loaded_twice", "loading it twice", SIZES,
        goal=2.0, goal_size=20_000,
    ),
)  # fmt: skip


def prepare(folder: Path, size: int) -> None:
    """Write one file of tags."""
    lines = ["tags:"]
    for number in range(size):
        lines.append(f"  - name: Tag {number:05}   # number {number}")
        lines.append(f"    description: how number {number} was made")
        lines.append(f"    aliases: [alias {number}, other {number}]")
    (folder / "manifests").mkdir()
    (folder / "manifests" / "tags.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def loaded_twice(folder: Path, size: int) -> float:
    """Load what is there, and what would be there."""
    start = time.perf_counter()
    for _ in range(2):
        assert len(load(folder).state) == size
    return time.perf_counter() - start


def pulled(folder: Path, size: int) -> float:
    """Compare, splice, load again, and read the changed items with ruamel.yaml."""
    desired = load(folder)
    pairing = Pairing(_observed(desired, size), asyncio.run(_capabilities()), None, Policy())
    start = time.perf_counter()
    project = Project(folder, "manifests", load(folder))
    found = ManifestUpdate(project, pairing, PullScope(), lambda _: True).run()
    seconds = time.perf_counter() - start
    assert found.files
    assert not found.manual_steps
    return seconds


def _observed(desired: Desired, size: int) -> State:
    """Return a library that differs in some descriptions."""
    found: list[Resource] = []
    for number, resource in enumerate(desired.state.of("tag")):
        values = dict(resource.values)
        if number % max(size // CHANGES, 1) == 0:
            values["description"] = f"changed {number}"
        found.append(replace(resource, values=values, id=str(number + 1), file="", line=0))
    return State({"tag": found})


async def _capabilities() -> Capabilities:
    with Sandbox() as server:
        async with StashClient(over_app(server.app)) as client:
            return await client.capabilities()
