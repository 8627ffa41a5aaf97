"""Jobs: finding and awaiting them; and the events of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, runtime_checkable

from msgspec import Struct

from stashsync.client.base import ClientBase
from stashsync.errors import JobTimeoutError, StashConfigurationError, UnknownJobError
from stashsync.kinds.enums import JobStatus

if TYPE_CHECKING:
    from stashsync.entities import Job, JobStatusUpdate
    from stashsync.wire.subscriptions import Subscription

T = TypeVar("T")

JOB: Final = "id status description progress subTasks addTime startTime endTime error"
FIND_JOB: Final = f"query FindJob($input: FindJobInput!) {{ findJob(input: $input) {{ {JOB} }} }}"
JOB_QUEUE: Final = f"query JobQueue {{ jobQueue {{ {JOB} }} }}"
STOP_JOB: Final = "mutation StopJob($id: ID!) { stopJob(job_id: $id) }"
JOBS: Final = f"subscription Jobs {{ jobsSubscribe {{ type job {{ {JOB} }} }} }}"
LOGS: Final = "subscription Logs { loggingSubscribe { time level message } }"
SCANS: Final = "subscription Scans { scanCompleteSubscribe }"

_FINAL = frozenset(status for status in JobStatus if status.final)
_FIRST_PAUSE = 0.1


class LogEntry(Struct, frozen=True):
    """A line of the server's log: when (RFC 3339), how loud ("Info"), and what."""

    time: str
    level: str
    message: str


@runtime_checkable
class _Listens(Protocol):
    def subscribe(self, text: str, read: Callable[[dict[str, Any]], T]) -> Subscription[T]: ...


class JobsMixin(ClientBase):
    """What the server does in the background."""

    async def find_job(self, job_id: str | int) -> Job | None:
        """Return the job as it is now, or None if the server does not know it.

        Each call gives an object of its own, so that what was seen before stays as it was seen.

        Raises:
            StashError: the server refused the id, or could not be asked.
        """
        row = (await self.execute(FIND_JOB, {"input": {"id": str(job_id)}}))["findJob"]
        return _job(row) if row else None

    async def job_queue(self) -> list[Job]:
        """Return the jobs that run or wait, in their order, without those that are done.

        Source: docs/stash-behaviour.md#jobs

        Raises:
            StashError: the server could not be asked.
        """
        return [_job(row) for row in (await self.execute(JOB_QUEUE))["jobQueue"] or ()]

    async def stop_job(self, job_id: str | int) -> bool:
        """Ask the server to stop the job; True also where it was done already.

        Source: docs/stash-behaviour.md#jobs

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        done: bool = (await self.execute(STOP_JOB, {"id": str(job_id)}))["stopJob"]
        return done

    async def wait_for_job(
        self,
        job_id: str | int,
        status: str = JobStatus.FINISHED,
        period: float = 1.5,
        timeout: float | None = 120.0,
    ) -> bool | None:
        """Return whether the job reached `status`; False if it ended otherwise (FAILED, CANCELLED).

        None where the server forgot it meanwhile, as after a restart: how it ended is not known.
        `period` is the longest pause between two looks, `timeout` how long to wait for it in all,
        both in seconds; `timeout=None` waits for ever.

        Raises:
            TimeoutError: it is still at work after `timeout` seconds.
            ValueError: the server knows no such job.
            StashError: the server could not be asked; both of the above are StashErrors, too.
        """
        limit = asyncio.timeout(timeout)
        try:
            async with limit:
                return await self._follow(job_id, status, period)
        except TimeoutError as error:
            if not limit.expired():
                raise
            message = f"job {job_id} is not {status} after {timeout:g} seconds"
            raise JobTimeoutError(message) from error

    async def _follow(self, job_id: str | int, status: str, period: float) -> bool | None:
        pause, known = min(_FIRST_PAUSE, period), False
        while job := await self.find_job(job_id):
            known = True
            if job.status == status:
                return True
            if job.status in _FINAL:
                return False
            await asyncio.sleep(pause)
            pause = min(2 * pause, period)
        if known:
            return None
        raise UnknownJobError(f"the server knows no job {job_id}")

    def subscribe_to_jobs(self) -> Subscription[JobStatusUpdate]:
        """News of all jobs, each with `type`, `job`, `status` and `progress`.

        Events start when the block is entered. Leaving it ends the subscription.

            async with client.subscribe_to_jobs() as news:
                async for one in news:
                    ...

        Source: docs/stash-behaviour.md#jobs

        Raises:
            StashConfigurationError: the transport has no WebSockets.
        """
        return self._subscription(JOBS, _news)

    def subscribe_to_logs(self) -> Subscription[list[LogEntry]]:
        """Subscribe to the lines of the server's log from now on; each event has several.

        Raises:
            StashConfigurationError: the transport has no WebSockets.
        """
        return self._subscription(LOGS, _entries)

    def subscribe_to_scan_complete(self) -> Subscription[bool]:
        """Subscribe to the ends of scans: True each time that one is complete.

        Raises:
            StashConfigurationError: the transport has no WebSockets.
        """
        return self._subscription(SCANS, _scan)

    def _subscription(self, text: str, read: Callable[[dict[str, Any]], T]) -> Subscription[T]:
        if not isinstance(self.transport, _Listens):
            raise StashConfigurationError("this connection only asks and answers: no subscriptions")
        return self.transport.subscribe(text, read)


def _job(row: dict[str, Any]) -> Job:
    from stashsync.entities import Job

    return Job.from_row(row)


def _news(data: dict[str, Any]) -> JobStatusUpdate:
    from stashsync.entities import JobStatusUpdate

    return JobStatusUpdate.from_row(data["jobsSubscribe"])


def _entries(data: dict[str, Any]) -> list[LogEntry]:
    return [
        LogEntry(line["time"], line["level"], line["message"]) for line in data["loggingSubscribe"]
    ]


def _scan(data: dict[str, Any]) -> bool:
    return bool(data["scanCompleteSubscribe"])
