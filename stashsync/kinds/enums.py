"""Words of the server and of the client, as enums whose members are the words themselves."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class JobStatus(StrEnum):
    """Where a job stands."""

    READY = "READY"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    STOPPING = "STOPPING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def final(self) -> bool:
        """Whether nothing follows."""
        return self in (JobStatus.FINISHED, JobStatus.CANCELLED, JobStatus.FAILED)


class JobStatusUpdateType(StrEnum):
    """What news of a job are about."""

    ADD = "ADD"
    REMOVE = "REMOVE"
    UPDATE = "UPDATE"


class OnMultipleMatch(IntEnum):
    """What to do where a name means several objects."""

    RETURN_NONE = 0
    """Take none of them."""
    RETURN_LIST = 1
    """Where only one can be taken, as RETURN_FIRST."""
    RETURN_FIRST = 2
    """Take the one with the lowest id."""
