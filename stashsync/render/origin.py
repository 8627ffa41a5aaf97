"""Where a report comes from: which command, on which server, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from stashsync.render.safe import inert


@dataclass(frozen=True, slots=True)
class ReportOrigin:
    """The command, the server's address without secrets, and the time, in UTC.

    `server` is a pseudonym in reports that others may read.
    """

    command: str
    server: str
    time: datetime

    @property
    def when(self) -> str:
        """The time to the second: `2026-11-29T18:53:35Z`."""
        return self.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def sentence(self) -> str:
        """Return `stashsync drift on http://nas:9999, 2026-11-29 18:53:35 UTC`, inert."""
        time = self.time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"stashsync {self.command} on {inert(self.server)}, {time}"
