"""The connection breaks during an apply: nothing is created twice, and the report is exact.

Every document of a run is broken once, before and after the server has carried it out; then the
server stays away from there on. Whatever happened, the next run completes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from stashsync.applier.outcomes import Report
from stashsync.errors import ExitCode
from stashsync.outcomes import Status
from stashsync.planner import Create
from stashsync.sandbox import Sandbox, running
from stashsync.sandbox.faults import Action, Fault, Faults
from stashsync.wire.transport import Transport
from tests.support.libraries import content_of, fill
from tests.support.pairs import Content
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for

MAX_BATCH = 7
DOCUMENTS = 5
"""Of the run below; the first request of a run asks what the server is."""

LIBRARY: Content = {"tags": [{"name": f"There {n}", "description": "old"} for n in range(12)]}
WANTED: Content = {
    "tags": [
        {"name": "Root"},
        *({"name": f"There {n}", "description": "new", "parents": ["Root"]} for n in range(12)),
        *({"name": f"Made {n}", "parents": ["Root"], "aliases": [f"M {n}"]} for n in range(12)),
    ],
    "performers": [{"name": "Ada Example", "tags": ["Made 1", "There 2"]}],
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, WANTED)


def _broken_run(project: Path, server: Sandbox, faults: Sequence[Fault]) -> Report:
    plan = plan_for(project, server)
    broken = Faults(server.app, faults)
    report = carry_out(plan, broken, project, max_batch=MAX_BATCH)
    assert broken.count >= faults[0].requests[0], "the run was over before anything broke"
    return report


def _assert_exact(report: Report, server: Sandbox) -> None:
    """Check the account of each operation against the library."""
    content = content_of(server)
    names = [item["name"] for items in content.values() for item in items]
    assert max(Counter(names).values()) == 1, "something was made twice"
    old = {item["name"] for item in content["tags"] if item.get("description") == "old"}
    for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
        change = report.plan.changes[operation.change]
        done = change.label in names if isinstance(change, Create) else change.label not in old
        if outcome.status is Status.APPLIED:
            assert done, f"{change.label} is not there"
        elif outcome.status is not Status.UNKNOWN:
            assert not done, f"{change.label} is there and was called {outcome.status}"


def _assert_converges(project: Path, server: Sandbox) -> None:
    assert_complete(carry_out(plan_for(project, server), server, project))
    assert not plan_for(project, server)


@pytest.mark.parametrize("action", ["drop before", "drop after", "bad gateway", "garbled"])
def test_after_a_break_at_any_document_the_run_goes_on(action: Action, project: Path) -> None:
    """The server is asked what landed; what did not is sent again; nothing is left over."""
    for broken in range(2, DOCUMENTS + 2):
        with Sandbox() as server:
            fill(server, LIBRARY, project)
            report = _broken_run(project, server, [Fault(action, (broken,))])
            assert_complete(report)
            _assert_exact(report, server)
            assert not plan_for(project, server)


@pytest.mark.parametrize("action", ["drop before", "drop after"])
def test_the_report_is_exact_if_the_server_does_not_come_back(
    action: Action, project: Path
) -> None:
    """What was sent and cannot be asked for is unknown, the rest is skipped; then it converges."""
    for broken in (2, 3, 5):
        with Sandbox() as server:
            fill(server, LIBRARY, project)
            away = [Fault(action, (broken,)), Fault("drop before", tuple(range(broken + 1, 1000)))]
            report = _broken_run(project, server, away)
            assert report.exit_code is ExitCode.INCOMPLETE
            assert report.totals()[Status.UNKNOWN] > 0
            assert report.totals()[Status.FAILED] == 0
            _assert_exact(report, server)
            _assert_converges(project, server)


def test_a_connection_that_breaks_on_a_real_port(project: Path) -> None:
    """Sockets that are cut off lead to the same account as those that never were."""
    with Sandbox() as server:
        fill(server, LIBRARY, project)
        plan = plan_for(project, server)
        faults = [Fault("drop before", (3,)), Fault("drop after", (5,))]
        with running(Faults(server.app, faults)) as url:
            report = carry_out(plan, Transport(url), project, max_batch=MAX_BATCH)
        assert_complete(report)
        _assert_exact(report, server)
        assert not plan_for(project, server)
