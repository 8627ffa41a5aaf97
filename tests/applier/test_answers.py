"""Faults on the way to the server, what each answer means, and the report that follows.

A proxy stands between the applier and a sandbox (`tests/support/proxy.py`); pauses take no time.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stashsync import applier
from stashsync.applier import Interrupt, Listener, Report, Status
from stashsync.applier.journal import Run, RunOrigin
from stashsync.client import StashClient
from stashsync.errors import StashConnectionError
from stashsync.outcomes import Outcome
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from tests.support.clock import Clock, patience
from tests.support.libraries import content_of, fill
from tests.support.projects import write_project
from tests.support.proxy import FAULTS, LOCKED, Fault, Proxy
from tests.support.servers import Tap, carry_out, plan_for, transport_to

LIBRARY: dict[str, Any] = {
    "tags": [{"name": "A"}, {"name": "B"}, {"name": "Old"}, {"name": "Gone"}, {"name": "Last"}],
    "studios": [{"name": "North"}, {"name": "Nord", "aliases": ["Norte"]}],
}
WANTED: dict[str, Any] = {
    "tags": [
        {"name": "B", "id": "1"},
        {"name": "A", "id": "2"},
        {"name": "New", "renamed_from": "Old", "description": "d"},
        {"name": "Gone", "state": "absent"},
        {"name": "Last", "state": "absent"},
        {"name": "Made", "children": ["Child"]},
        {"name": "Child"},
    ],
    "studios": [{"name": "North", "merge": ["Nord"]}],
    "performers": [{"name": "Ada Example", "tags": ["Made"]}],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path, WANTED)


@pytest.fixture
def server(root: Path) -> Iterator[Sandbox]:
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        yield server


def through(proxy: Proxy, plan: Plan, root: Path, **options: Any) -> Report:
    """Return the report of a plan that was carried out through a proxy."""
    return carry_out(plan, proxy, root, **options)


def begun_by(report: Report) -> Run:
    """Return the run of a journal that ended with this report."""
    sent = frozenset(
        outcome.operation for outcome in report.outcomes if outcome.status is not Status.SKIPPED
    )
    return Run(
        "1",
        "now",
        RunOrigin("apply", "x", "y"),
        report.plan,
        sent,
        dict(enumerate(report.outcomes)),
    )


def wanted_after(root: Path) -> dict[str, Any]:
    """Return what a run without faults leaves."""
    with Sandbox() as server:
        fill(server, LIBRARY, root)
        assert carry_out(plan_for(root, server), server, root).complete
        return content_of(server)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_at_each_document_leaves_a_complete_run(fault: Fault, root: Path) -> None:
    """The run looks up, waits, or sends smaller documents; nothing is created twice."""
    expected = wanted_after(root)
    number = documents = 1
    while number <= documents:
        with Sandbox() as server:
            fill(server, LIBRARY, root)
            proxy = Proxy(server.app, {number: fault})
            report = through(proxy, plan_for(root, server), root, max_batch=2)
            documents = max(documents, proxy.count if number == 1 else documents)
            assert report.complete or fault == "413", (number, report.outcomes)
            if fault == "413" and not report.complete:  # of a single operation
                assert report.totals()[Status.FAILED] == 1
                report = carry_out(report.plan, server, root, begun=begun_by(report))
                assert report.complete
            assert content_of(server) == expected, (number, fault)
            assert not plan_for(root, server)
        number += 1
    assert documents > 4


def test_after_a_429_the_outcome_is_looked_up_before_anything_is_sent_again(
    root: Path, server: Sandbox
) -> None:
    """A proxy answers so for documents that were carried out, too."""
    proxy = Proxy(server.app, {1: "429 after"})
    plan = plan_for(root, server)
    sent = [len(plan.operations)]

    class Watch(Listener):
        def sending(self, operations: Any) -> None:
            sent.append(len(operations))

    assert through(proxy, plan, root, listener=Watch()).complete
    assert sum(sent[1:]) == len(plan.operations), "no operation went twice"


def test_a_proxy_that_wants_fewer_requests_is_waited_for(root: Path, server: Sandbox) -> None:
    """With growing pauses, one operation at a time, and a message for the user."""
    clock, words, sizes = Clock(), list[tuple[str, float]](), list[int]()

    class Watch(Listener):
        def waiting(self, reason: str, seconds: float) -> None:
            words.append((reason, seconds))
            sizes.clear()

        def sending(self, operations: Any) -> None:
            sizes.append(len(operations))

    proxy = Proxy(server.app, dict.fromkeys(range(1, 6), "429 before"))
    plan = plan_for(root, server)
    assert through(proxy, plan, root, listener=Watch(), patience=patience(clock)).complete
    assert sizes[0] == 1
    assert [seconds for _, seconds in words] == sorted(seconds for _, seconds in words)
    assert "429" in words[0][0]


def test_a_database_that_is_locked_for_twenty_seconds_is_waited_for(
    root: Path, server: Sandbox
) -> None:
    """The run goes on when the lock is gone, and shows meanwhile what it waits for."""
    clock, words = Clock(), []
    inner = server.library.mutate

    def mutate(field: str, args: dict[str, Any]) -> Any:
        if clock.now < 20:
            raise Refusal(LOCKED)
        return inner(field, args)

    server.library.mutate = mutate  # type: ignore[method-assign]

    class Watch(Listener):
        def waiting(self, reason: str, seconds: float) -> None:
            words.append(reason)

    plan = plan_for(root, server)
    report = carry_out(plan, server, root, listener=Watch(), patience=patience(clock))
    assert report.complete
    assert 20 <= clock.now < 32
    assert "database is locked" in words[0]


def test_a_database_that_stays_locked_stops_the_run_after_a_minute(
    root: Path, server: Sandbox
) -> None:
    """None of it ran, so all of it is skipped; the reason is given once."""
    clock = Clock()
    report = through(
        Proxy(server.app, always="locked"), plan_for(root, server), root, patience=patience(clock)
    )
    assert report.totals() == {Status.SKIPPED: len(report.outcomes)}
    assert "database is locked" in report.stopped
    assert 60 <= clock.now < 62


def test_an_interrupt_ends_the_waiting(root: Path, server: Sandbox) -> None:
    """An interrupted run does not wait for the rest of its minute."""
    clock, interrupt = Clock(), Interrupt()

    class Watch(Listener):
        def waiting(self, reason: str, seconds: float) -> None:
            interrupt.request()

    report = through(
        Proxy(server.app, always="locked"), plan_for(root, server), root,
        patience=patience(clock), interrupt=interrupt, listener=Watch(),
    )  # fmt: skip
    assert report.stopped == "interrupted"
    assert clock.now < 2


def test_a_server_that_cannot_be_read_before_a_document_is_waited_for(
    root: Path, server: Sandbox
) -> None:
    """It was restarted between two documents."""
    clock = Clock()

    class Away(Tap):
        async def send(self, text: str, variables: Any = None, **options: Any) -> Any:
            if 5 < clock.now < 20 or (len(self.documents) > 4 and clock.now < 5):
                await clock.sleep(0.1)
                raise StashConnectionError("away", sent=False)
            return await super().send(text, variables, **options)

    async def run(plan: Plan) -> Report:
        client = StashClient(Away(transport_to(server)))
        return await applier.carry_out(plan, client, root=root, patience=patience(clock))

    assert asyncio.run(run(plan_for(root, server))).complete
    assert clock.now >= 5


PIXELS = b"\x89PNG\r\n\x1a\n" + bytes(150_000)


def test_a_proxy_with_a_limit_gets_smaller_documents(tmp_path: Path) -> None:
    """Twelve images of 200 kB, and nginx refuses more than 1 MB."""
    tags = []
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(PIXELS + bytes([number]))
        tags.append({"name": f"T{number}", "image": f"{number}.png"})
    root = write_project(tmp_path, {"tags": tags})
    with Sandbox() as server:
        proxy = Proxy(server.app, largest=1_000_000)
        report = through(proxy, plan_for(root, server), root)
        assert report.complete, report.outcomes
        assert not plan_for(root, server)
    assert len(base64.b64encode(PIXELS)) == 200_012
    assert max(len(body) for body in proxy.bodies[-3:]) < 1_000_000


def test_an_operation_that_is_too_large_by_itself_fails_with_the_setting_to_raise(
    tmp_path: Path,
) -> None:
    """The other operations are sent."""
    (tmp_path / "big.png").write_bytes(PIXELS)
    tags = [{"name": "Big", "image": "big.png"}, {"name": "Small"}, {"name": "Other"}]
    root = write_project(tmp_path, {"tags": tags})
    with Sandbox() as server:
        report = through(Proxy(server.app, largest=100_000), plan_for(root, server), root)
        assert report.totals() == {Status.APPLIED: 2, Status.FAILED: 1}
        (failed,) = [outcome for outcome in report.outcomes if outcome.status is Status.FAILED]
        assert "413" in failed.message
        assert "client_max_body_size" in failed.message


def test_an_operation_that_is_done_although_the_answer_denies_it_is_applied(
    root: Path, server: Sandbox
) -> None:
    """What depends on it is not skipped."""
    report = through(
        Proxy(server.app, always="error in place of success"), plan_for(root, server), root
    )
    assert report.complete
    assert not plan_for(root, server)


LATER = [{"name": f"T{number}"} for number in range(10)]


def test_a_failed_operation_is_looked_at_once_more_at_the_end(tmp_path: Path) -> None:
    """Another client did it meanwhile: it counts as applied, and what was skipped is sent."""
    root = write_project(tmp_path, {"tags": [{"name": "A", "children": ["C"]}, *LATER]})
    with Sandbox() as server:
        plan = plan_for(root, server)
        inner = server.library.mutate

        def mutate(field: str, args: dict[str, Any]) -> Any:
            if args["input"].get("name") == "A":
                raise Refusal("no")
            if args["input"].get("name") == "T9":
                inner("tagCreate", {"input": {"name": "A"}})
            return inner(field, args)

        server.library.mutate = mutate  # type: ignore[method-assign]
        ends: list[Outcome] = []

        class Watch(Listener):
            def settled(self, outcome: Outcome) -> None:
                ends.append(outcome)

        report = carry_out(plan, server, root, listener=Watch(), max_batch=1)
        assert report.complete, report.outcomes
        assert Status.FAILED in [outcome.status for outcome in ends]
        server.library.mutate = inner  # type: ignore[method-assign]
        assert not plan_for(root, server)


class Trickling(Tap):
    """A server that loses its first connection, and goes on committing that document in steps."""

    def __init__(self, server: Sandbox, clock: Clock, *, every: int) -> None:
        super().__init__(transport_to(server))
        self._clock, self._every = clock, every
        self._left: list[tuple[str, dict[str, Any]]] = []
        self._looks = 0
        self._broke = False

    async def send(self, text: str, variables: Any = None, **options: Any) -> Any:
        if text.startswith("mutation") and not self._broke:
            self._broke = True
            self.documents.append((text, dict(variables)))
            heads = [line.strip().partition("(")[0] for line in text.splitlines()[1:-1]]
            for number, head in enumerate(heads):
                field = head.partition(": ")[2]
                value = variables[f"input{number}"]
                kind = f"{field[0].upper()}{field[1:]}Input"
                single = f"mutation ($v: {kind}!) {{ {field}(input: $v) {{ id }} }}"
                self._left.append((single, {"v": value}))
            raise StashConnectionError("the connection broke")
        if not text.startswith("mutation") and self._left:
            self._looks += 1
            if self._looks % self._every == 0:
                await self.inner.send(*self._left.pop(0))
        return await super().send(text, variables, **options)


def test_a_server_that_goes_on_committing_is_watched_until_it_is_still(tmp_path: Path) -> None:
    """A reading counts once the next one is equal; nothing is sent in between."""
    root = write_project(tmp_path, {"tags": [{"name": f"T{n}"} for n in range(6)]})
    clock = Clock()
    with Sandbox() as server:
        plan = plan_for(root, server)
        trickling = Trickling(server, clock, every=6)

        async def run() -> Report:
            client = StashClient(trickling)
            return await applier.carry_out(plan, client, root=root, patience=patience(clock))

        report = asyncio.run(run())
        assert report.complete
        assert len([text for text, _ in trickling.documents if text.startswith("mutation")]) == 1
        assert min(clock.naps) >= 0.5
        assert len(content_of(server)["tags"]) == 6


def test_what_is_still_moving_when_the_request_would_have_ended_is_unknown(tmp_path: Path) -> None:
    """It may still be committed, so it is not sent again."""
    root = write_project(tmp_path, {"tags": [{"name": f"T{n}"} for n in range(6)]})
    clock = Clock()
    with Sandbox() as server:
        plan = plan_for(root, server)
        trickling = Trickling(server, clock, every=6)

        async def run() -> Report:
            client = StashClient(trickling)
            waits = patience(clock, request=1.4)
            return await applier.carry_out(plan, client, root=root, patience=waits)

        report = asyncio.run(run())
        assert report.totals()[Status.UNKNOWN] > 0
        assert Status.FAILED not in report.totals()
