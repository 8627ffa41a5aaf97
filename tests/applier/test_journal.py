"""A run that is cut short anywhere is finished from its journal.

Source: docs/planning-rules.md#unknown-outcomes
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from stashsync import applier
from stashsync.applier.journal import Journal, RunOrigin, abandon, read_run, read_runs
from stashsync.client import StashClient
from stashsync.errors import StashConfigurationError, StashError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from stashsync.wire.exchange import Answer
from tests.support.killed import ORIGIN, cut_run
from tests.support.libraries import content_of, fill
from tests.support.projects import write_project
from tests.support.servers import Tap, assert_complete, carry_out, plan_for, transport_to

HAVE: dict[str, Any] = {
    "tags": [{"name": f"T{n}"} for n in range(4)] + [{"name": "Old"}],
    "studios": [
        {"name": "S", "aliases": ["First"]},
        {"name": "S2", "aliases": ["Second"]},
        {"name": "S3"},
    ],
}
WANT: dict[str, Any] = {
    "tags": [
        {"name": "New", "children": [{"name": "Newer", "children": [{"name": "Newest"}]}]},
        *({"name": f"T{n}", "description": f"d{n}"} for n in range(4)),
        {"name": "Old", "state": "absent"},
    ],
    "studios": [{"name": "S", "merge": ["S2", "S3"]}],
}
"""On a release without a mutation for it, studios are merged by hand: their aliases are in the
plan alone once their holder is gone."""


@pytest.mark.parametrize("answered", [False, True], ids=["unanswered", "answered"])
def test_a_run_that_is_killed_at_any_document_is_finished(
    tmp_path: Path, *, answered: bool
) -> None:
    """The library is the wanted one afterwards, aliases of merged studios included."""
    cuts = 0
    for at in range(100):
        root = write_project(tmp_path / str(at), WANT)
        with Sandbox() as server:
            fill(server, HAVE, root)
            plan = plan_for(root, server)
            run = cut_run(plan, server, root, at, answered=answered)
            if run is None:
                break
            cuts += 1
            assert run.is_open
            assert not run.report().complete
            journal = Journal(root / "runs", ORIGIN, run)
            assert_complete(carry_out(plan, server, root, listener=journal, begun=run))
            assert not plan_for(root, server).changes
            (studio,) = server.library.query("findStudios", {})["studios"]
            aliases = server.library.resolve(studio, "aliases", {})
            assert aliases == ["First", "S2", "S3", "Second"]
            finished = read_run(root / "runs" / f"{run.id}.jsonl")
            assert finished.ended
            assert finished.report().complete
    assert cuts >= 4


def test_a_journal_is_written_before_a_document_is_sent(tmp_path: Path) -> None:
    """What was about to be sent is on the disk when the process dies."""
    root = write_project(tmp_path, {"tags": [{"name": "A"}, {"name": "B"}]})
    with Sandbox() as server:
        run = cut_run(plan_for(root, server), server, root, 0, answered=False)
    assert run is not None
    assert run.sent == {0, 1}
    assert run.unknown == [0, 1]
    assert [outcome.status for outcome in run.report().outcomes] == [Status.UNKNOWN, Status.UNKNOWN]
    (path,) = (root / "runs").iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_about_to_be_sent_is_flushed_to_the_disk_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut loses what the system has not written yet; an overwritten image is gone."""
    (tmp_path / "old.png").write_bytes(b"\x89PNG old")
    (tmp_path / "new.png").write_bytes(b"\x89PNG new")
    events: list[str] = []
    flush = os.fsync

    def fsync(file: int) -> None:
        events.append("flush")
        flush(file)

    class Noted(Tap):
        async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
            if text.startswith("mutation"):
                events.append("send")
            return await super().send(text, variables, **options)

    async def run(plan: Plan) -> None:
        async with StashClient(Noted(transport_to(server))) as client:
            journal = Journal(tmp_path / "runs", ORIGIN)
            await applier.carry_out(plan, client, root=tmp_path, listener=journal, max_batch=1)

    with Sandbox() as server:
        fill(server, {"tags": [{"name": "A", "image": "old.png"}]}, tmp_path)
        wanted = {"tags": [{"name": "A", "image": "new.png"}, {"name": "B"}]}
        plan = plan_for(write_project(tmp_path, wanted), server)
        monkeypatch.setattr(os, "fsync", fsync)
        asyncio.run(run(plan))
    assert len(plan.operations) == 2
    first, second = (place for place, event in enumerate(events) if event == "send")
    assert events[:first].count("flush") >= 2, "the plan, and what is sent first"
    assert events[:second].count("flush") >= 4, "the picture, and what is sent next"
    assert events[second:] == ["send", "flush"], "the last line"


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    """A crash may end in the middle of a line; one in the middle of the file is a fault."""
    root = write_project(tmp_path, {"tags": [{"name": "A"}]})
    with Sandbox() as server:
        plan = plan_for(root, server)
        carry_out(plan, server, root, listener=Journal(root / "runs", ORIGIN))
    (path,) = (root / "runs").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b'{"finished"') + 5])
    assert read_run(path).is_open
    path.write_bytes(whole.replace(b'{"outcome"', b'{"outcome', 1))
    with pytest.raises(StashConfigurationError, match="is damaged"):
        read_run(path)
    unreadable: list[StashConfigurationError] = []
    assert read_runs(root / "runs", unreadable.append) == []
    assert len(unreadable) == 1


def test_nothing_is_sent_where_no_journal_can_be_written(tmp_path: Path) -> None:
    """The run ends before its first document."""
    root = write_project(tmp_path, {"tags": [{"name": "A"}]})
    (root / "runs").write_text("in the way", "utf-8")
    with Sandbox() as server:
        with pytest.raises(StashError, match="cannot be written") as caught:
            carry_out(plan_for(root, server), server, root, listener=Journal(root / "runs", ORIGIN))
        assert caught.value.hint == "Nothing was sent."
        assert server.library.query("findTags", {})["count"] == 0


def test_a_disk_that_is_full_at_the_first_line_leaves_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run has sent nothing, and is in the way of no later one."""
    root = write_project(tmp_path, {"tags": [{"name": "A"}]})
    write = os.write
    written: list[int] = []

    def full(handle: int, data: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(write(handle, data[:40]))
        return written[0]

    with Sandbox() as server:
        plan = plan_for(root, server)
        monkeypatch.setattr(os, "write", full)
        journal = Journal(root / "runs", ORIGIN)
        with pytest.raises(StashError, match="No space left") as caught:
            journal.started(plan)
    assert caught.value.hint == "Nothing was sent."
    assert not journal.begun
    assert not [*(root / "runs").iterdir()]


def test_nothing_more_is_sent_once_the_journal_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the middle of a run: what was sent is accounted for, the rest is skipped."""
    root = write_project(tmp_path, {"tags": [{"name": f"T{n}"} for n in range(6)]})
    calls = 0
    write = os.write

    def full(handle: int, data: bytes) -> int:
        nonlocal calls
        calls += data.startswith(b'{"sending"')
        if calls > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    monkeypatch.setattr(os, "write", full)
    with Sandbox() as server:
        journal = Journal(root / "runs", ORIGIN)
        report = carry_out(plan_for(root, server), server, root, listener=journal, max_batch=2)
        assert "No space left on device" in report.stopped
        assert server.library.query("findTags", {})["count"] == 2, "the document that is noted"
        assert report.totals()[Status.APPLIED] == 2
        assert report.totals()[Status.SKIPPED] == 4


def test_an_abandoned_run_is_not_open_any_more(tmp_path: Path) -> None:
    """The user has given it up."""
    root = write_project(tmp_path, {"tags": [{"name": "A"}]})
    with Sandbox() as server:
        run = cut_run(plan_for(root, server), server, root, 0, answered=False)
    assert run is not None
    abandon(root / "runs", run)
    (found,) = read_runs(root / "runs", pytest.fail)
    assert found.abandoned
    assert not found.is_open


@pytest.mark.parametrize("again", ["resumed", "abandoned"])
def test_a_line_that_a_kill_cut_off_is_passed_over_when_the_run_goes_on(
    tmp_path: Path, again: str
) -> None:
    """Resumed or given up: the journal can be read afterwards, too."""
    root = write_project(tmp_path, {"tags": [{"name": f"T{n}"} for n in range(4)]})
    with Sandbox() as server:
        run = cut_run(plan_for(root, server), server, root, 0, answered=True)
        assert run is not None
        path = root / "runs" / f"{run.id}.jsonl"
        path.write_bytes(path.read_bytes() + b'{"outcome": {"opera')
        run = read_run(path)
        if again == "abandoned":
            abandon(root / "runs", run)
            assert read_run(path).abandoned
        else:
            journal = Journal(root / "runs", ORIGIN, run)
            assert carry_out(run.plan, server, root, listener=journal, begun=run).complete
            assert read_run(path).report().complete


def test_what_is_sent_once_more_has_no_outcome_until_there_is_a_new_one(tmp_path: Path) -> None:
    """A kill in a run that was resumed leaves what had failed before as unknown."""
    root = write_project(tmp_path, {"tags": [{"name": "A"}]})
    with Sandbox() as server:
        plan = plan_for(root, server)
    journal = Journal(root / "runs", ORIGIN)
    journal.started(plan)
    journal.sending([0])
    journal.settled(Outcome(0, Status.FAILED, "no"))
    path = root / "runs" / f"{journal.id}.jsonl"
    assert read_run(path).unknown == []
    journal.sending([0])
    assert read_run(path).unknown == [0]
    journal.settled(Outcome(0, Status.APPLIED, id="1"))
    assert read_run(path).unknown == []


def test_a_step_back_is_in_the_journal_as_any_other(tmp_path: Path) -> None:
    """Killed before its answer, it is looked up; afterwards it is no longer applied."""
    root = write_project(tmp_path, {"tags": [{"name": "B", "id": "1"}, {"name": "A", "id": "2"}]})
    with Sandbox() as server:
        fill(server, {"tags": [{"name": "A"}, {"name": "B"}]}, root)
        before = content_of(server)
        plan = plan_for(root, server)
        inner = server.library.mutate
        calls = 0

        def mutate(field: str, args: dict[str, Any]) -> Any:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise Refusal("no")
            return inner(field, args)

        server.library.mutate = mutate  # type: ignore[method-assign]
        journal = Journal(root / "runs", ORIGIN)
        carry_out(plan, server, root, listener=journal, max_batch=1)
        assert content_of(server) == before
        server.library.mutate = inner  # type: ignore[method-assign]
        path = root / "runs" / f"{journal.id}.jsonl"
        whole = path.read_bytes()
        lines = whole.splitlines(keepends=True)
        back = [n for n, line in enumerate(lines) if line == b'{"sending":[0]}\n']
        assert len(back) == 2, "the way there, and the way back"
        for end in (back[1] + 1, len(lines)):
            path.write_bytes(b"".join(lines[:end]))
            run = read_run(path)
            assert 0 not in run.applied
            report = carry_out(run.plan, server, root, begun=run)
            assert report.complete, report.outcomes
            assert not plan_for(root, server)
            for number, name in (("1", "x"), ("2", "B"), ("1", "A")):
                inner("tagUpdate", {"input": {"id": number, "name": name}})
            assert content_of(server) == before


def test_the_begin_of_a_run_is_in_universal_time(tmp_path: Path) -> None:
    """A journal may be read on a machine in another zone."""
    journal = Journal(tmp_path, RunOrigin("apply", "", ""))
    journal.started(Plan())
    journal.close()
    (line,) = [
        line for path in tmp_path.rglob("*.jsonl") for line in path.read_text().splitlines()[:1]
    ]
    assert json.loads(line)["started"].endswith("+00:00")
