"""The fate of an operation, from the wire to the report of a run."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """How an operation ended: exactly one of these at any time."""

    APPLIED = "applied"
    FAILED = "failed"
    """The server refused it; the message is the server's."""
    SKIPPED = "skipped"
    """It was not sent, or certainly did not run, for a reason that lies outside of it."""
    MOVED = "moved"
    """It was not sent: another client changed its object after the plan was made."""
    UNKNOWN = "unknown"
    """It was sent, no answer accounts for it, and no look at the server settled it."""


class Outcome(Struct, frozen=True):
    """How one operation of a plan ended.

    `id` is the server's id of the object, where it is known. `because` is the index of the
    operation whose failure made this one impossible.
    """

    operation: int
    status: Status
    message: str = ""
    id: str | None = None
    because: int | None = None
