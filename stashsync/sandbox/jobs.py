"""Background jobs: one after another, on the sandbox's clock (docs/stash-behaviour.md#jobs).

    ADD READY ──▶ UPDATE RUNNING ──▶ UPDATE, half done ──▶ REMOVE FINISHED | FAILED | CANCELLED

Nothing runs beside the requests: a job moves on when the queue is read, as far as the clock has.
So with a clock of a test's own a job stands still until the test moves it. What a job does to the
library happens as it finishes. Finished jobs leave the queue and stay readable.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

Status: TypeAlias = Literal["READY", "RUNNING", "FINISHED", "STOPPING", "CANCELLED", "FAILED"]
EventType: TypeAlias = Literal["ADD", "UPDATE", "REMOVE"]
Level: TypeAlias = Literal["Info", "Warning", "Error"]

USUAL_SECONDS = 0.1
"""How long a job takes if nothing was arranged."""
_STOPPING_SECONDS = 0.05


class JobState(Struct, frozen=True):
    """The state of a job; `progress` is a share of 1, None before it has any."""

    id: int
    description: str
    added: datetime
    status: Status = "READY"
    progress: float | None = None
    started: datetime | None = None
    ended: datetime | None = None
    error: str | None = None


class Event(Struct, frozen=True):
    """A job that came, changed or went."""

    type: EventType
    job: JobState


class LogLine(Struct, frozen=True):
    """A line of the server's log."""

    time: datetime
    level: Level
    message: str


class Course(Struct, frozen=True):
    """How long a job takes, in seconds, and the error that it ends with, if any."""

    seconds: float = USUAL_SECONDS
    error: str | None = None


class _Work(Struct):
    """A job with what it does."""

    job: JobState
    course: Course
    work: Callable[[], Sequence[str]]
    stopped: datetime | None = None
    half_reported: bool = False


class Jobs:
    """The queue of one server. Safe to use from several threads.

    Args:
        clock: gives the present moment, with a time zone.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._works: dict[int, _Work] = {}
        self._queue: list[int] = []
        self._courses: list[Course] = []
        self._free_since: datetime | None = None
        self.events: list[Event] = []
        self.log: list[LogLine] = []
        self.scans = 0

    # -- what tests arrange----------------------------------------------------------------------

    def next(self, *, seconds: float = USUAL_SECONDS, error: str | None = None) -> None:
        """Arrange how long the next job takes, and the error with which it ends without effect.

        Several calls are for several jobs.
        """
        self._courses.append(Course(seconds, error))

    # -- what operations do ---------------------------------------------------------------------

    def start(
        self,
        description: str,
        work: Callable[[], Sequence[str]] = tuple,
        course: Course | None = None,
    ) -> int:
        """Put a job at the end of the queue and return its id.

        What it does happens as it finishes and returns the paths that it changed. Its course is
        that of `next`, or the usual one.
        """
        with self._lock:
            self.advance()
            job = JobState(len(self._works) + 1, description, self._clock())
            if course is None:
                course = self._courses.pop(0) if self._courses else Course()
            self._works[job.id] = _Work(job, course, work)
            self._queue.append(job.id)
            self.events.append(Event("ADD", job))
            return job.id

    def done(self, description: str) -> int:
        """Enter a job that has done its work already; return its id."""
        return self.start(description, course=Course(0.0))

    def find(self, id_: int) -> JobState | None:
        """Return a job, ended ones included."""
        with self._lock:
            self.advance()
            work = self._works.get(id_)
            return None if work is None else work.job

    def queue(self) -> list[JobState]:
        """Return the jobs that have not ended."""
        with self._lock:
            self.advance()
            return [self._works[id_].job for id_ in self._queue]

    def stop(self, id_: int) -> None:
        """Stop a job: at once where it waits, shortly after where it runs."""
        with self._lock:
            self.advance()
            if id_ not in self._queue:
                return
            work, now = self._works[id_], self._clock()
            if work.job.status == "READY":
                self._end(work, "CANCELLED", now)
            elif work.job.status == "RUNNING":
                work.stopped = now
                self._report(work, status="STOPPING")

    def stop_all(self) -> None:
        """Stop every job that has not ended, the last first."""
        with self._lock:
            for job in reversed(self.queue()):
                self.stop(job.id)

    # -- the course of time ---------------------------------------------------------------------

    def advance(self) -> None:
        """Bring all jobs to where they are at this moment."""
        if not self._queue:  # so that operations on the library cost nothing more
            return
        with self._lock:
            now = self._clock()
            while self._queue and self._step(self._works[self._queue[0]], now):
                pass

    def _step(self, work: _Work, now: datetime) -> bool:
        """Let the first job get on; whether it ended, so that the next may start."""
        if work.job.status == "READY":
            started = max(work.job.added, self._free_since or work.job.added)
            self._log(started, "Info", f"Starting job {work.job.id}: {work.job.description}")
            self._report(work, status="RUNNING", started=started)
        started = work.job.started or now
        if work.stopped is not None:
            ends = work.stopped + timedelta(seconds=_STOPPING_SECONDS)
            return ends <= now and self._end(work, "CANCELLED", ends)
        length = timedelta(seconds=work.course.seconds)
        if not work.half_reported and now >= started + length / 2:
            work.half_reported = True
            self._report(work, progress=0.5)
        if now < started + length:
            return False
        return self._finish(work, started + length)

    def _finish(self, work: _Work, ended: datetime) -> bool:
        error = work.course.error
        if error is None:
            try:
                paths = work.work()
            except Exception as failure:
                error = str(failure)
            else:
                for path in paths:
                    self._log(ended, "Info", f"{work.job.description} {path}")
                return self._end(work, "FINISHED", ended, progress=1.0)
        self._log(ended, "Error", f"Job {work.job.id} failed: {error}")
        return self._end(work, "FAILED", ended, error=error)

    def _end(self, work: _Work, status: Status, ended: datetime, **more: object) -> bool:
        self._queue.remove(work.job.id)
        self._free_since = ended
        work.job = replace(work.job, status=status, ended=ended, **more)
        self.events.append(Event("REMOVE", work.job))
        return True

    def _report(self, work: _Work, **changes: object) -> None:
        work.job = replace(work.job, **changes)
        self.events.append(Event("UPDATE", work.job))

    def _log(self, time: datetime, level: Level, message: str) -> None:
        self.log.append(LogLine(time, level, message))
