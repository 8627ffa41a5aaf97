"""Jobs: starting, finding, waiting for and subscribing to them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest
from graphql import parse, validate

from stashsync.client import StashClient, jobs
from stashsync.client.jobs import LogEntry
from stashsync.errors import (
    JobTimeoutError,
    StashConfigurationError,
    StashError,
    UnknownJobError,
)
from stashsync.kinds.enums import JobStatus
from stashsync.wire.read_only import ReadOnlyTransport
from stashsync.wire.transport import Transport
from tests.client.parts import scripted_client
from tests.support.introspection import RELEASES, schema
from tests.wire.test_subscriptions import server


def job(status: str, progress: float | None = None, identifier: str = "7") -> dict[str, Any]:
    """Return a job as the server shows it."""
    return {
        "id": identifier,
        "status": status,
        "description": "Scanning...",
        "progress": progress,
        "subTasks": None,
        "addTime": "2026-01-11T10:00:00Z",
        "startTime": None,
        "endTime": None,
        "error": None,
    }


def found(*statuses: str | None) -> list[dict[str, Any]]:
    return [{"findJob": job(status) if status else None} for status in statuses]


def run(story: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(story)


@pytest.mark.row("F3")
def test_a_job_is_looked_at_as_often_as_wanted() -> None:
    """Its status compares with texts; an earlier result does not change."""
    client, _ = scripted_client(
        [{"findJob": job("RUNNING", 0.5)}, {"findJob": job("FINISHED", 1)}, {"findJob": None}]
    )

    async def story() -> None:
        first = await client.find_job("7")
        second = await client.find_job(7)
        assert first is not None
        assert second is not None
        assert (first.id, first.status, first.progress) == ("7", "RUNNING", 0.5)
        assert first.status not in ["FINISHED", "FAILED", "CANCELLED"]
        assert second.status in ["FINISHED", "FAILED", "CANCELLED"]
        assert await client.find_job("99") is None

    run(story())


@pytest.mark.row("F2", "F5")
@pytest.mark.fault("12 failed job")
@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        (["READY", "RUNNING", "FINISHED"], True),
        (["RUNNING", "FAILED"], False),
        (["RUNNING", "STOPPING", "CANCELLED"], False),
        (["RUNNING", None], None),
    ],
    ids=str,
)
def test_waiting_ends_when_the_job_does(statuses: list[str | None], outcome: bool | None) -> None:
    """A FAILED job has ended; it is not polled until the time limit."""
    client, script = scripted_client(found(*statuses))
    assert run(client.wait_for_job("7", timeout=5, period=0.001)) is outcome
    assert len(script.bodies) == len(statuses)


@pytest.mark.row("F2")
def test_waiting_has_an_end_of_its_own() -> None:
    """TimeoutError for a job that goes on, ValueError for one that the server does not know."""
    client, _ = scripted_client(found(*["RUNNING"] * 1000))
    with pytest.raises(TimeoutError, match=r"job 7 is not FINISHED after 0\.05 seconds") as caught:
        run(client.wait_for_job("7", timeout=0.05, period=0.01))
    assert isinstance(caught.value, StashError)
    assert isinstance(caught.value, JobTimeoutError)
    client, _ = scripted_client(found(None))
    with pytest.raises(ValueError, match="knows no job 9") as unknown:
        run(client.wait_for_job("9"))
    assert isinstance(unknown.value, UnknownJobError)


@pytest.mark.row("F2")
def test_another_status_can_be_waited_for() -> None:
    """It has been reached, or passed."""
    client, _ = scripted_client(found("READY", "RUNNING"))
    assert run(client.wait_for_job("7", status=JobStatus.RUNNING, period=0.001)) is True
    client, _ = scripted_client(found("READY", "FINISHED"))
    assert run(client.wait_for_job("7", status="RUNNING", period=0.001)) is False


@pytest.mark.fault("5")
def test_a_read_that_fails_is_an_error() -> None:
    """Fault 5: never "there is no such job"."""
    client, _ = scripted_client([{"findJob": job("RUNNING")}, *[httpx.ReadError("broken")] * 4])
    with pytest.raises(StashError):
        run(client.wait_for_job("7", period=0.001))


def test_the_queue_is_a_list_even_where_the_server_returns_null() -> None:
    """An empty queue is null (docs/stash-behaviour.md#jobs)."""
    client, script = scripted_client(
        [{"jobQueue": None}, {"jobQueue": [job("RUNNING"), job("READY")]}, {"stopJob": True}]
    )

    async def story() -> None:
        assert await client.job_queue() == []
        assert [item.status for item in await client.job_queue()] == ["RUNNING", "READY"]
        assert await client.stop_job(7) is True

    run(story())
    assert script.bodies[2]["variables"] == {"id": "7"}


def event(**data: Any) -> dict[str, Any]:
    return {"id": "1", "type": "next", "payload": {"data": data}}


@pytest.mark.row("F4")
def test_news_of_jobs_have_the_status_and_the_progress_of_the_job() -> None:
    """`update.status`, `update.progress`, `update.job.id`, until the loop is left."""
    news = [
        event(jobsSubscribe={"type": "UPDATE", "job": job("RUNNING", 0.25)}),
        event(jobsSubscribe={"type": "REMOVE", "job": job("FINISHED", 1.0)}),
    ]

    async def story() -> list[Any]:
        seen: list[Any] = []
        async with (
            server(*news) as there,
            StashClient(Transport(f"http://127.0.0.1:{there.port}")) as client,
            client.subscribe_to_jobs() as subscription,
        ):
            async for update in subscription:
                seen.append((update.type, update.job.id, update.status, update.progress))
                if update.status == "FINISHED":
                    break
        return seen

    assert run(story()) == [("UPDATE", "7", "RUNNING", 0.25), ("REMOVE", "7", "FINISHED", 1.0)]


def test_logs_and_scans_can_be_subscribed_to_as_well() -> None:
    """The other two subscriptions that there are."""
    line = {"time": "2026-01-11T10:00:00Z", "level": "Info", "message": "Scanning..."}

    async def story() -> None:
        async with (
            server(event(loggingSubscribe=[line])) as there,
            StashClient(Transport(f"http://127.0.0.1:{there.port}")) as client,
            client.subscribe_to_logs() as logs,
        ):
            assert await anext(logs) == [LogEntry(**line)]
        async with (
            server(event(scanCompleteSubscribe=True)) as there,
            StashClient(Transport(f"http://127.0.0.1:{there.port}")) as client,
            client.subscribe_to_scan_complete() as scans,
        ):
            assert await anext(scans) is True

    run(story())


def test_a_client_that_only_reads_has_no_subscriptions() -> None:
    """The call is refused with the reason, rather than missing as an attribute."""
    client = StashClient(ReadOnlyTransport(Transport("http://stash.example")))
    with pytest.raises(StashConfigurationError, match="no subscriptions"):
        client.subscribe_to_jobs()


@pytest.mark.row("F3", "F4")
@pytest.mark.parametrize("release", RELEASES)
def test_every_document_is_valid_on_every_release(release: str) -> None:
    """Queries, mutations and subscriptions alike."""
    for text in (
        jobs.FIND_JOB, jobs.JOB_QUEUE, jobs.STOP_JOB, jobs.JOBS,
        jobs.LOGS, jobs.SCANS,
    ):  # fmt: skip
        assert validate(schema(release), parse(text)) == []
