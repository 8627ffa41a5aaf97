"""Enums of the server and of the client; members of string enums are the values on the wire."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class JobStatus(StrEnum):
    """The states of a job."""

    READY = "READY"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    STOPPING = "STOPPING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def final(self) -> bool:
        """Whether the job is over."""
        return self in (JobStatus.FINISHED, JobStatus.CANCELLED, JobStatus.FAILED)


class JobStatusUpdateType(StrEnum):
    """The kinds of updates on a job."""

    ADD = "ADD"
    REMOVE = "REMOVE"
    UPDATE = "UPDATE"


class OnMultipleMatch(IntEnum):
    """What to do where a name fits several objects."""

    RETURN_NONE = 0
    """Return nothing."""
    RETURN_LIST = 1
    """Return all; where only one can be returned, as RETURN_FIRST."""
    RETURN_FIRST = 2
    """Return the one with the lowest id."""
