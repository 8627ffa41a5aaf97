"""What ends a run, what it takes back, and what is left of it then.

Source: docs/planning-rules.md#retries
"""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier import Listener, Report, Status, carry_out
from stashsync.applier.before import Before, Keeper
from stashsync.applier.belonging import belonging_to
from stashsync.applier.journal import Journal, RunOrigin, read_run, write_private
from stashsync.client import StashClient
from stashsync.errors import (
    Mark,
    StashAuthenticationError,
    StashConnectionError,
    StashError,
    StashServerError,
)
from stashsync.planner import Delete, Merge, Operation, Plan
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from tests.applier.fakes import FakeServer, carried_out
from tests.applier.test_journal import cut_run
from tests.applier.test_run import many, statuses
from tests.planner.build import plan_of, tag
from tests.support.clock import Clock, patience
from tests.support.libraries import fill
from tests.support.projects import write_project
from tests.support.servers import Tap, client_of, plan_for, transport_to
from tests.support.servers import carry_out as carry_out_on

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")


@pytest.mark.parametrize(
    ("error", "pauses"),
    [
        (StashAuthenticationError("the key is refused", status=401), False),
        (StashServerError("no such path", status=404), False),
        (StashConnectionError("connection refused", sent=False), True),
    ],
)
def test_only_what_may_pass_is_waited_for(error: StashError, *, pauses: bool) -> None:
    """A key that is refused is refused in a minute too; none of it ran."""

    class Refusing(FakeServer):
        def _run(self, text: str, variables: dict[str, Any]) -> Answer:
            raise error

    clock = Clock()
    report = carried_out(many(3), Refusing(), waits=patience(clock))
    assert statuses(report) == "sss"
    assert report.stopped == error.message
    assert bool(clock.naps) is pauses
    assert (report.requests > 1) is pauses


class Narrow(Tap):
    """A transport that takes no mutations of more bytes than these."""

    largest = 300

    async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
        """Send, or refuse."""
        if text.startswith("mutation") and len(json.dumps(variables)) > self.largest:
            self.documents.append((text, dict(variables)))
            raise StashServerError("too large", status=413)
        return await super().send(text, variables, **options)


def test_a_document_that_is_too_large_is_halved_with_what_was_joined_in_it() -> None:
    """A bulk update of many objects cannot be halved, so its updates go one by one."""
    with Sandbox() as server:
        fill(server, {"tags": [{"name": f"T{n}"} for n in range(50)]}, Path())
        wanted = [tag(f"T{n}", id=str(n + 1), file="m", favorite=True) for n in range(50)]
        plan = plan_of(wanted, [tag(f"T{n}", id=str(n + 1)) for n in range(50)])
        narrow = Narrow(transport_to(server))

        async def run() -> Report:
            client = StashClient(narrow)
            return await carry_out(plan, client, root=Path(), patience=patience())

        report = asyncio.run(run())
    assert report.complete, report.outcomes
    sent = [text for text, _ in narrow.documents if text.startswith("mutation")]
    assert "bulkTagUpdate" in sent[0]
    assert "bulkTagUpdate" not in sent[-1]
    assert len(sent) > 3


def test_a_limit_is_halved_until_the_documents_pass() -> None:
    """Each refusal halves what the one before allowed; nothing is lost."""
    with Sandbox() as server:
        narrow = Narrow(transport_to(server))
        narrow.largest = 1500
        plan = plan_of([tag(f"T{n}", description="x" * 300) for n in range(16)])

        async def run() -> Report:
            client = StashClient(narrow)
            return await carry_out(plan, client, root=Path(), patience=patience())

        report = asyncio.run(run())
    assert report.complete, report.outcomes
    sizes = [len(variables) for text, variables in narrow.documents if text.startswith("mutation")]
    assert sizes[0] == 16
    assert sum(sizes) > 24, "two were refused"
    assert max(sizes[-3:]) <= 4


@pytest.mark.parametrize(("asked", "least"), [("7", 7.0), (None, 0.5)])
def test_a_busy_server_is_given_the_time_that_it_asks_for(asked: str | None, least: float) -> None:
    """Once what it did is looked up: a 429 does not prove that nothing ran."""

    class Busy(FakeServer):
        def _run(self, text: str, variables: dict[str, Any]) -> Answer:
            if len(self.documents) == 0:
                self.documents.append([])
                error = StashServerError("too many requests", status=429)
                error.retry_after = asked  # type: ignore[attr-defined]
                raise error
            return super()._run(text, variables)

    waits: list[float] = []

    class Watch(Listener):
        def waiting(self, reason: str, seconds: float) -> None:
            assert reason == "too many requests"
            waits.append(seconds)

    report = carried_out(many(2), Busy(), listener=Watch())
    assert statuses(report) == "aa"
    assert waits == [least]


# -- steps back -----------------------------------------------------------------------------------


def exchanged() -> tuple[Plan, FakeServer]:
    """Return a plan that exchanges two names, and its server, which gives no tag the name B."""
    plan = plan_of(
        [tag("B", id="1", file="m"), tag("A", id="2", file="m")],
        [tag("A", id="1"), tag("B", id="2")],
    )
    server = FakeServer(("tag", {"id": "1", "name": "A"}), ("tag", {"id": "2", "name": "B"}))
    server.refuse = {"B": "the disk is full"}
    return plan, server


def names_of(server: FakeServer) -> dict[str, str]:
    return {row["id"]: row["name"] for row in server.objects["tag"].values()}


@pytest.mark.parametrize(
    ("breaks", "names", "note"),
    [
        (None, {"1": "A", "2": "B"}, "it has its name again"),
        (1, {"1": "A", "2": "B"}, "it has its name again"),
        (0, {"1": "A", "2": "⟦stashsync 2⟧ A"}, "it could not get its name back"),
        ("unsent", {"1": "A", "2": "⟦stashsync 2⟧ A"}, "it could not get its name back"),
    ],
)
def test_a_step_back_that_is_not_answered_is_looked_up(
    breaks: int | str | None, names: Mapping[str, str], note: str
) -> None:
    """It is taken back where the object shows it; otherwise the next apply sees to it."""
    plan, server = exchanged()
    assert plan.operations[0].undo == {"name": "B"}
    real = server._run

    def run(text: str, variables: dict[str, Any]) -> Answer:
        if variables["input0"].get("name") == "B" and variables["input0"]["id"] == "2":
            server.refuse = {}
            server.breaks = [breaks]
        return real(text, variables)

    server._run = run  # type: ignore[method-assign]
    report = carried_out(plan, server, max_batch=1, listener=Listener())
    assert names_of(server) == names
    assert any(note in outcome.message for outcome in report.outcomes)
    back = "it has its name again" in note
    assert report.outcomes[0].status is (Status.SKIPPED if back else Status.APPLIED)


def test_a_step_back_that_the_journal_cannot_take_is_not_sent() -> None:
    """The report has the reason, and the object keeps its temporary name."""
    plan, server = exchanged()
    sent: list[list[int]] = []

    class Full(Listener):
        def sending(self, operations: Any) -> None:
            sent.append(list(operations))
            if sent.count([0]) > 1:
                raise StashError("the journal cannot be written")

    report = carried_out(plan, server, max_batch=1, listener=Full())
    assert sent[-1] == [0]
    assert report.stopped == "the journal cannot be written"
    assert names_of(server)["2"].startswith("⟦stashsync 2⟧")
    assert report.outcomes[0].status is Status.APPLIED


# -- what a run keeps -----------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="file modes of POSIX")
def test_what_a_run_keeps_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """Pictures as the journal itself; one that is written again is whole."""
    path = tmp_path / "0a"
    write_private(path, b"a long picture")
    write_private(path, b"short")
    assert path.read_bytes() == b"short"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_run_that_goes_on_keeps_no_object_twice(tmp_path: Path) -> None:
    """What its first part has kept of an object is not read again."""
    root = write_project(tmp_path, {"tags": [{"name": "Kept", "merge": ["Other"]}]})
    with Sandbox() as server:
        fill(server, {"tags": [{"name": "Kept"}, {"name": "Other"}]}, root)
        plan = plan_for(root, server)
        run = cut_run(plan, server, root, 0, answered=False)
        assert run is not None
        assert set(run.before) == {("tag", "1"), ("tag", "2")}
        journal = Journal(root / "runs", ORIGIN, run)
        assert carry_out_on(plan, server, root, listener=journal, begun=run).complete
        path = root / "runs" / f"{run.id}.jsonl"
        assert path.read_bytes().count(b'{"before"') == 2
        assert read_run(path).before == run.before


def kept(plan: Plan, served: Any) -> list[Before]:
    """Return the before-images of all operations."""

    async def read() -> list[Before]:
        async with client_of(served) as client:
            return [*(await Keeper(plan, client).read(range(len(plan.operations)))).objects]

    return asyncio.run(read())


def test_what_leaves_a_merged_object_is_kept_as_below_it(tmp_path: Path) -> None:
    """The plan takes it for below the destination already, and moves it before the merge."""
    wanted = {
        "tags": [
            {"name": "Kept", "merge": ["Other"]},
            {"name": "Below", "parents": ["Top"]},
            {"name": "Top"},
        ]
    }
    root = write_project(tmp_path, wanted)
    have = ["Kept", "Other", "Top", "Below"]
    with Sandbox() as server:
        fill(server, {"tags": [{"name": name} for name in have]}, root)
        server.library.mutate("tagUpdate", {"input": {"id": "4", "parent_ids": ["2"]}})
        plan = plan_for(root, server)
        first = plan.changes[plan.operations[0].change]
        assert (first.action, first.label) == ("update", "Below")
        journal = Journal(root / "runs", ORIGIN)
        assert carry_out_on(plan, server, root, listener=journal, max_batch=1).complete
    run = read_run(root / "runs" / f"{journal.id}.jsonl")
    assert run.before["tag", "2"].bearers == {"tag.parents": ("4",)}


def test_only_what_refers_to_the_removed_is_read() -> None:
    """A library may have a million scenes that refer to none of it."""
    plan = Plan(changes=(Delete("tag", "2", "B"),), operations=(Operation(0, ()),))
    with Sandbox() as server:
        content = {
            "tags": [{"name": "A"}, {"name": "B"}],
            "scenes": [{"title": f"S{n}", "tags": ["AB"[n % 2]]} for n in range(6)],
        }
        fill(server, content, Path())
        rows: list[str] = []

        class Noted(StashClient):
            async def find_all(self, kind: Any, *args: Any, **options: Any) -> Any:
                found = await super().find_all(kind, *args, **options)
                rows.extend(row["id"] for row in found if kind.name == "scene")
                return found

        async def read() -> Any:
            async with Noted(transport_to(server)) as client:
                return (await Keeper(plan, client).read([0])).objects

        (before,) = asyncio.run(read())
    assert before.bearers == {"scene.tags": ("2", "4", "6")}
    assert sorted(rows) == ["2", "4", "6"]


def test_an_object_that_is_gone_already_leaves_no_image() -> None:
    """The others of the document are kept."""
    deletes = tuple(Delete("tag", str(number), f"T{number}") for number in (1, 2, 3))
    plan = Plan(changes=deletes, operations=tuple(Operation(place, ()) for place in range(3)))
    with Sandbox() as server:
        fill(server, {"tags": [{"name": f"T{n}"} for n in (1, 2, 3)]}, Path())
        server.library.mutate("tagDestroy", {"input": {"id": "2"}})
        assert [before.id for before in kept(plan, server)] == ["1", "3"]


def test_an_operation_without_anything_to_keep_reads_nothing() -> None:
    """A create and an update without an image are undone by the plan alone."""
    plan = plan_of([tag("New"), tag("A", description="x")], [tag("A", id="1")])
    with Sandbox() as server:
        tap = Tap(transport_to(server))

        async def read() -> None:
            async with StashClient(tap) as client:
                images = await Keeper(plan, client).read([0, 1])
                assert (images.objects, images.pictures) == ((), {})

        asyncio.run(read())
    assert tap.documents == []


def test_what_belongs_to_a_studio_is_asked_of_the_kinds_that_the_server_has() -> None:
    """A release without a kind can have none of it; the other kinds are read."""
    merge = Merge("studio", "1", "North", (("2", "Nord"),), Mark("m.yaml", 1, 1), native=False)

    class Without(StashClient):
        async def capabilities(self) -> Any:
            server = await super().capabilities()
            return type(server)(
                server.inputs,
                server.outputs,
                server.mutations,
                queries=server.queries - {"findImages"},
                release=server.release,
            )

    async def read() -> dict[str, tuple[str, ...]]:
        async with Without(transport_to(server)) as client:
            return await belonging_to(merge, client)

    with Sandbox() as server:
        content = {
            "studios": [{"name": "North"}, {"name": "Nord"}],
            "scenes": [{"title": "One", "studio": "Nord"}, {"title": "Two", "studio": "North"}],
            "groups": [{"name": "G", "studio": "Nord"}],
        }
        fill(server, content, Path())
        assert asyncio.run(read()) == {"scene": ("1",), "group": ("1",)}


def test_a_run_without_a_listener_takes_the_defaults() -> None:
    """Only the client's capabilities are asked for before the first document."""
    with Sandbox() as server:

        async def run() -> Report:
            async with client_of(server) as client:
                return await carry_out(plan_of([tag("A")]), client, root=Path())

        report = asyncio.run(run())
    assert report.complete
    assert (report.requests, report.interrupted, report.stopped) == (1, False, "")
