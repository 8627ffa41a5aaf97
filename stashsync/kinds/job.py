"""Jobs: what the server does in the background."""

from __future__ import annotations

from typing import Annotated

from stashsync.fields import Nested, Shown
from stashsync.kinds.base import Entity, Record
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.mutations import NO_MUTATIONS
from stashsync.unset import UNSET, UnsetType


class Job(Entity, plural="jobs", key=("description",), mutations=NO_MUTATIONS):
    """Something that the server does or will do."""

    status: Annotated[str | UnsetType, Shown("JobStatus!")] = UNSET
    """Where it stands (`JobStatus`)."""
    description: Annotated[str | UnsetType, Shown("String!")] = UNSET
    """What it does."""
    progress: Annotated[float | None | UnsetType, Shown("Float")] = UNSET
    """How much is done, 0 to 1 (not percent); None or below 0 where that is unknown."""
    sub_tasks: Annotated[
        list[str] | None | UnsetType, Shown("[String!]"), Wire(output="subTasks")
    ] = UNSET
    """What it is doing right now."""
    add_time: Annotated[str | UnsetType, Shown("Time!"), Wire(output="addTime")] = UNSET
    """When it was queued, as RFC 3339."""
    start_time: Annotated[str | None | UnsetType, Shown("Time"), Wire(output="startTime")] = UNSET
    """When it began, as RFC 3339."""
    end_time: Annotated[str | None | UnsetType, Shown("Time"), Wire(output="endTime")] = UNSET
    """When it ended, as RFC 3339."""
    error: Annotated[str | None | UnsetType, Shown("String")] = UNSET
    """Why it failed."""


class JobStatusUpdate(Record):
    """An update on a job, with the job's status and progress at hand."""

    type: Annotated[str | UnsetType, Shown("JobStatusUpdateType!")] = UNSET
    """ADD, UPDATE or REMOVE."""
    job: Annotated[Job, Nested("Job!", ("job",))] = UNSET  # type: ignore[assignment]  # never UNSET
    """The job; always selected."""

    @property
    def status(self) -> str | UnsetType:
        """Where the job stands."""
        return self.job.status if self.job else UNSET

    @property
    def progress(self) -> float | None | UnsetType:
        """How much of the job is done, 0 to 1, as `Job.progress`."""
        return self.job.progress if self.job else UNSET
