"""The root fields about jobs, and what jobs do to the library.

Scanning brings in what lies on the disk, cleaning removes what has gone from it, generating gives
videos their perceptual hashes, auto-tagging reads names out of paths. What real jobs make beside
that (previews, sprites) no query shows, so these make none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from stashsync.sandbox.jobs import Event, Jobs, JobState, LogLine
from stashsync.sandbox.library import Library
from stashsync.sandbox.library.values import atoi, rfc3339


class Tasks:
    """The root fields about jobs."""

    def __init__(self, jobs: Jobs, library: Library) -> None:
        self._jobs = jobs
        self._library = library
        self._mutations: Mapping[str, Callable[[dict[str, Any]], Any]] = {
            "metadataScan": self._scan,
            "metadataClean": self._clean,
            "metadataGenerate": self._generate,
            "metadataAutoTag": self._auto_tag,
            "metadataCleanGenerated": lambda _: self._start("Cleaning generated files..."),
            "optimiseDatabase": lambda _: self._start("Optimising database..."),
            "stopJob": self._stop,
            "stopAllJobs": self._stop_all,
        }

    def query(self, field: str, args: dict[str, Any]) -> Any:
        """`jobQueue`, null where it is empty, and `findJob`."""
        if field == "jobQueue":
            return [shown(job) for job in self._jobs.queue()] or None
        job = self._jobs.find(atoi(str(args["input"]["id"])))
        return None if job is None else shown(job)

    def mutate(self, field: str, args: dict[str, Any]) -> Any:
        """Return the id of the job that was started; true where jobs are stopped."""
        return self._mutations[field](args)

    def _start(self, description: str, work: Callable[[], Sequence[str]] = tuple) -> str:
        return str(self._jobs.start(description, work))

    def _scan(self, args: dict[str, Any]) -> str:
        given = args["input"]
        since = (given.get("filter") or {}).get("minModTime")

        def work() -> Sequence[str]:
            paths = self._library.scan(
                given.get("paths") or (),
                rescan=bool(given.get("rescan")),
                changed_since=None if since is None else datetime.fromisoformat(since),
            )
            if given.get("scanGeneratePhashes"):
                self._library.generate_phashes(paths=paths)
            self._jobs.scans += 1
            return paths

        return self._start("Scanning...", work)

    def _clean(self, args: dict[str, Any]) -> str:
        given = args["input"]
        paths, dry_run = given.get("paths") or (), bool(given["dryRun"])
        return self._start("Cleaning...", lambda: self._library.clean(paths, dry_run=dry_run))

    def _generate(self, args: dict[str, Any]) -> str:
        given = args["input"]
        scenes = given.get("sceneIDs")

        def work() -> Sequence[str]:
            if not given.get("phashes"):
                return ()
            ids = None if scenes is None else [atoi(str(id_)) for id_ in scenes]
            return self._library.generate_phashes(ids, overwrite=bool(given.get("overwrite")))

        return self._start("Generating...", work)

    def _auto_tag(self, args: dict[str, Any]) -> str:
        given = args["input"]
        kinds = {name: given.get(f"{name}s") or () for name in ("tag", "studio", "performer")}
        paths = given.get("paths") or ()
        return self._start("Auto-tagging...", lambda: self._library.auto_tag(paths, kinds))

    def _stop(self, args: dict[str, Any]) -> bool:
        self._jobs.stop(atoi(str(args["job_id"])))
        return True

    def _stop_all(self, _: dict[str, Any]) -> bool:
        self._jobs.stop_all()
        return True


def shown(job: JobState) -> dict[str, Any]:
    """Return a job as the type Job has it."""
    return {
        "id": job.id,
        "status": job.status,
        "subTasks": None,  # as of every job that was recorded
        "description": job.description,
        "progress": job.progress,
        "startTime": _time(job.started),
        "endTime": _time(job.ended),
        "addTime": _time(job.added),
        "error": job.error,
    }


def shown_event(event: Event) -> dict[str, Any]:
    """Return an event as the type JobStatusUpdate has it."""
    return {"type": event.type, "job": shown(event.job)}


def shown_line(entry: LogLine) -> dict[str, Any]:
    """Return a line of the log as the type LogEntry has it."""
    return {"time": _time(entry.time), "level": entry.level, "message": entry.message}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment.astimezone())
