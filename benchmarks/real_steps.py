"""What is measured at a real server, each in a process of its own.

`python -m benchmarks.real_steps STEP URL FOLDER SIZE SECONDS` writes what `Clock` measured as JSON.
`FOLDER` has the manifests, the documents to ask for, and the ids of what was made.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import orjson

from benchmarks.bare import KEY_VARIABLE, MADE, Bare, Document, ask
from benchmarks.bench_applying import Blind
from benchmarks.clock import Clock
from benchmarks.data import Object, tag, write_manifests
from benchmarks.harness import ROOT
from stashsync import applier
from stashsync.applier import run
from stashsync.applier.journal import Journal, RunOrigin
from stashsync.cli import COLLECT_EVERY
from stashsync.client import StashClient
from stashsync.engine import reconcile, snapshot
from stashsync.engine.observe import observe, wanted_by
from stashsync.manifest import load
from stashsync.outcomes import Outcome
from stashsync.planner import Policy
from stashsync.pull.export import PullScope, fields_to_compare
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.update import ManifestUpdate
from stashsync.render.text import plan_text
from stashsync.wire.exchange import Answer
from stashsync.wire.settings import ApiKey
from stashsync.wire.transport import Transport

WAVES = 2
ROUNDS_ALONE = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A server, the folder of what is done there, and how much of it."""

    url: str
    folder: Path
    size: int
    seconds: float
    """The time that a line to the server takes there and back."""

    @property
    def made(self) -> Path:
        """The file of the ids of what was made."""
        return self.folder / MADE

    @property
    def bare(self) -> Bare:
        """The server without our code."""
        return Bare(self.url, self.made)

    @property
    def tags(self) -> list[Object]:
        """The tags that are made or read."""
        return [tag(n) for n in range(self.size)]

    @property
    def in_waves(self) -> list[Object]:
        """The tags that are made in two waves: one half is below the other."""
        names = [f"Tag Number {number}" for number in range(self.size // WAVES)]
        return [*({"name": name, "parents": []} for name in names),
                *({"name": f"Below {name}", "parents": [name]} for name in names)]  # fmt: skip


def api_key() -> ApiKey | None:
    """Return the key that the environment has."""
    key = os.environ.get(KEY_VARIABLE)
    return ApiKey(key, KEY_VARIABLE) if key else None


# -- making ---------------------------------------------------------------------------------------


def make(place: Place) -> Clock:
    """Make the library that is read, and the manifests that it is equal to."""
    write_manifests(place.folder, {"tags": place.tags})
    os.environ["XDG_CACHE_HOME"] = str(place.folder)
    load(place.folder, cached=True)
    return creates_bare(place)


def creates(place: Place) -> Clock:
    """Plan tags, and apply the plan."""
    return _applied(place, place.tags)


def creates_bare(place: Place) -> Clock:
    """Make the same by hand."""
    return _made_by_hand(place, place.tags)


def waves(place: Place) -> Clock:
    """Apply a plan of two waves, over a line."""
    return _applied(place, place.in_waves)


def waves_bare(place: Place) -> Clock:
    """Make both waves by hand, without the line."""
    return _made_by_hand(place, place.in_waves)


def updates(place: Place) -> Clock:
    """Give tags that are there other descriptions, and look at each before it is sent."""
    return _updated(place, _described(place))


def updates_blind(place: Place) -> Clock:
    """Do the same without the look."""
    _look_at_nothing()
    return updates(place)


def applies(place: Place) -> Clock:
    """Make a whole apply of it: load the manifests, read the library, plan, look, send."""
    return _updated(place, _described(place), whole=True)


def applies_blind(place: Place) -> Clock:
    """Do the same without the look."""
    _look_at_nothing()
    return applies(place)


def _described(place: Place) -> list[Object]:
    text = f"written at {time.time_ns()}"
    return [{"name": tag["name"], "description": text} for tag in place.tags]


def renames(place: Place) -> Clock:
    """Give tags that are there other names, and look at each before it is sent."""
    ids = place.made.read_text().split()[: place.size]
    now = time.time_ns()
    return _updated(place, [{"name": f"Tag {each} at {now}", "id": int(each)} for each in ids])


def renames_blind(place: Place) -> Clock:
    """Do the same without the look."""
    _look_at_nothing()
    return renames(place)


def _look_at_nothing() -> None:
    run.Looking = Blind  # type: ignore[misc,assignment]  # of this process alone


def _updated(place: Place, tags: Sequence[Object], *, whole: bool = False) -> Clock:
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    clock = Clock(place.url)

    async def apply(root: Path, url: str) -> None:
        async with StashClient(Transport(url, api_key=api_key())) as client:
            with clock if whole else nullcontext():
                plan = await reconcile.make_plan(load(root), client)
                with nullcontext() if whole else clock:
                    report = await applier.carry_out(plan, client, root=root)
        assert report.complete
        assert len(report.outcomes) == len(tags)

    with tempfile.TemporaryDirectory(dir=place.folder) as root, _line(place) as url:
        write_manifests(Path(root), {"tags": [*tags]})
        asyncio.run(apply(Path(root), url))
    return clock


def _made_by_hand(place: Place, tags: Sequence[Object]) -> Clock:
    clock = Clock(place.url)
    with place.bare as server:
        server.count()  # the connection is open, as ours is by then
        with clock:
            server.create(tags)
    return clock


def _applied(place: Place, tags: Sequence[Object]) -> Clock:
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    clock = Clock(place.url)

    async def whole(root: Path, url: str, made: TextIO) -> None:
        async with StashClient(Transport(url, api_key=api_key())) as client:
            plan = await reconcile.make_plan(load(root), client)
            await client.execute("{ version { version } }")
            journal = _Noted(root / "runs", RunOrigin("apply", "", ""))
            journal.made = made
            with clock:
                report = await applier.carry_out(plan, client, root=root, listener=journal)
        assert report.complete
        assert len(report.outcomes) == len(tags) == len(plan.changes)

    with (
        tempfile.TemporaryDirectory(dir=place.folder) as root,
        _line(place) as url,
        place.made.open("a") as made,
    ):
        write_manifests(Path(root), {"tags": list(tags)})
        (Path(root) / "runs").mkdir()
        asyncio.run(whole(Path(root), url, made))
    return clock


class _Noted(Journal):
    """A journal that also notes the ids of what is made."""

    made: TextIO

    def settled(self, outcome: Outcome) -> None:
        super().settled(outcome)
        if outcome.id:
            self.made.write(f"{outcome.id}\n")


@contextmanager
def _line(place: Place) -> Iterator[str]:
    """Yield the address of a line to the server; its own if there is none."""
    if not place.seconds:
        yield place.url
        return
    there = urlsplit(place.url)
    where = [there.hostname or "", str(there.port or 80), str(place.seconds)]
    command = [sys.executable, "-m", "benchmarks.line", *where]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}{there.path}"
        finally:
            process.stdin.close()


# -- reading --------------------------------------------------------------------------------------


class _Recording(Transport):
    """A transport that keeps what it was asked."""

    asked: list[Document]

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        self.asked.append((text, dict(variables or {})))
        return await super().send(text, variables, operation_name=operation_name)


def record(place: Place) -> Clock:
    """Keep the documents that a plan and a snapshot ask for, so that they can be asked bare."""

    async def recorded(name: str, read: Callable[[StashClient], Awaitable[object]]) -> None:
        transport = _Recording(place.url, api_key=api_key())
        transport.asked = []
        async with StashClient(transport) as client:
            await client.capabilities()
            transport.asked.clear()
            await read(client)
        (place.folder / f"{name}.json").write_bytes(orjson.dumps(transport.asked))

    wanted = wanted_by(load(place.folder).state)
    with Clock(place.url) as clock:
        asyncio.run(recorded("plan", lambda client: observe(wanted, client)))
        asyncio.run(recorded("snapshot", snapshot.take))
    return clock


def plan_bare(place: Place) -> Clock:
    """Ask for what a plan or a pull reads."""
    return _asked(place, orjson.loads((place.folder / "plan.json").read_bytes()))


def dense_bare(place: Place) -> Clock:
    """Ask for the columns of a plan in one document a page, lists in every row."""
    documents = orjson.loads((place.folder / "plan.json").read_bytes())
    pages = [(text, asked) for text, asked in documents if "where" not in asked]
    lists = {columns(text): None for text, asked in documents if "where" in asked}
    every = " ".join(part.removeprefix("id ") for part in lists)
    text = pages[0][0].replace(columns(pages[0][0]), f"{columns(pages[0][0])} {every}")
    return _asked(place, [(text, asked) for _, asked in pages])


def snapshot_bare(place: Place) -> Clock:
    """Ask for what a snapshot reads."""
    return _asked(place, orjson.loads((place.folder / "snapshot.json").read_bytes()))


def columns(text: str) -> str:
    """Return what a document selects of each tag."""
    return text.partition(" rows: tags { ")[2].removesuffix(" } } }")


def _asked(place: Place, documents: Sequence[Document]) -> Clock:
    gc.disable()
    clock = Clock(place.url)
    answers = asyncio.run(ask(place.url, documents, clock))
    rows = [row for data in answers for row in _rows_of(data)]
    assert sum("name" in row for row in rows) >= place.size
    return clock


def _rows_of(data: Any) -> list[Object]:
    found: list[Object] = data["rows"] if "rows" in data else data["found"]["rows"]
    return found


def observing(place: Place) -> Clock:
    """Read what a plan reads, into what it compares."""
    wanted = wanted_by(load(place.folder).state)

    async def read(client: StashClient) -> None:
        assert len(await observe(wanted, client)) >= place.size

    return _read(place, read)


def planning(place: Place) -> Clock:
    """Plan, from the manifests, as they were in the last run, to the text."""
    os.environ["XDG_CACHE_HOME"] = str(place.folder)

    async def read(client: StashClient) -> None:
        plan = await reconcile.make_plan(load(place.folder, cached=True), client)
        assert plan_text(plan)
        assert not plan.changes

    return _read(place, read)


def taking(place: Place) -> Clock:
    """Take a snapshot, and write it."""

    async def read(client: StashClient) -> None:
        assert snapshot.dump(await snapshot.take(client)).count(b'"name"') >= place.size

    return _read(place, read)


def pulling(place: Place) -> Clock:
    """Pull where nothing has changed; the manifests are as they were in the last run."""
    os.environ["XDG_CACHE_HOME"] = str(place.folder)

    async def read(client: StashClient) -> None:
        desired, scope, policy = load(place.folder, cached=True), PullScope(), Policy()
        project = Project(place.folder, "manifests", desired)
        server = await client.capabilities()
        observed = await observe(fields_to_compare(desired.state, scope, policy), client)
        pairing = Pairing(observed, server, None, policy)
        assert not ManifestUpdate(project, pairing, scope, lambda _: True).run().files

    return _read(place, read)


def _read(place: Place, read: Callable[[StashClient], Awaitable[None]]) -> Clock:
    gc.set_threshold(COLLECT_EVERY)  # as the command line does
    clock = Clock(place.url)

    async def whole() -> None:
        async with StashClient(Transport(place.url, api_key=api_key())) as client:
            await client.capabilities()
            with clock:
                await read(client)

    asyncio.run(whole())
    return clock


# -- where the server spends it -------------------------------------------------------------------


def alone(place: Place) -> dict[str, list[float]]:
    """Return how long each document of a plan takes, asked one after the other, by its columns."""
    documents = orjson.loads((place.folder / "plan.json").read_bytes())
    found: dict[str, list[float]] = {}
    with place.bare as server:
        for text, variables in documents:
            times = []
            for _ in range(ROUNDS_ALONE):
                with Clock(place.url) as clock:
                    server.send(text, variables)
                times.append(clock.wall)
            found.setdefault(columns(text), []).append(min(times))
    return found


STEPS: dict[str, Callable[[Place], Clock]] = {
    step.__name__: step
    for step in (make, creates, creates_bare, waves, waves_bare, updates, updates_blind, applies,
                 applies_blind, renames, renames_blind, record, plan_bare, dense_bare,
                 snapshot_bare, observing, planning, taking, pulling)
}  # fmt: skip


def main() -> None:
    """Run the step that the arguments name."""
    step, url, folder, size, seconds = sys.argv[1:]
    place = Place(url, Path(folder), int(size), float(seconds))
    print(json.dumps(alone(place) if step == alone.__name__ else STEPS[step](place).found))


if __name__ == "__main__":
    main()
