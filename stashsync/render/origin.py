"""Where a report comes from: which command, on which server, when."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from stashsync.render.safe import inert


class ReportOrigin(Struct, frozen=True):
    """The command, the server's address without secrets, and the time, in UTC.

    `server` is a pseudonym in reports that others may read.
    """

    command: str
    server: str
    time: datetime

    @property
    def is_undo(self) -> bool:
        """Whether the command takes a run back."""
        return self.command == "undo"

    @property
    def time_text(self) -> str:
        """The time for people: `2026-11-29 18:53:35 UTC`."""
        return self.time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    def sentence(self) -> str:
        """Return `stashsync drift on http://nas:9999, 2026-11-29 18:53:35 UTC`, inert."""
        return inert(f"stashsync {self.command} on {self.server}, {self.time_text}")
