"""The health file of `watch`: what its last look found, and when the next one is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from stashsync.cli.files import require_writable, write_file
from stashsync.cli.output import result, talk
from stashsync.errors import ExitCode, StashConfigurationError

_GRACE: Final = 60.0
"""How many seconds a look may take beyond the time between two of them."""


class Health(msgspec.Struct, kw_only=True):
    """What a health file has. Times are in UTC.

    `result` is `in step`, `drift`, `refused` or `failed`, `exit_code` that of a `drift` with this
    result. After `valid_until`, the watch has stopped or hangs. `drift` is a digest of what
    differs, `failure` the kind of the error, each as it was notified last.
    """

    format: str = "stashsync-health"
    version: int = 1
    time: datetime
    result: str
    exit_code: int
    next: datetime
    valid_until: datetime
    drift: str
    failure: str


class HealthFile:
    """A health file, written whole after each look."""

    def __init__(self, path: str) -> None:
        self._path = path

    def require_writable(self) -> None:
        """Make sure that it can be written.

        Raises:
            StashConfigurationError: it cannot.
        """
        require_writable(self._path)

    def read(self) -> Health | None:
        """Read what a watch wrote; None where there is none that can be read."""
        try:
            found = msgspec.json.decode(Path(self._path).read_bytes(), type=Health)
        except (OSError, msgspec.DecodeError):
            return None
        return found if (found.format, found.version) == ("stashsync-health", 1) else None

    def write(
        self, word: str, code: ExitCode, wait: float, every: float, *, drift: str, failure: str
    ) -> None:
        """Write the result of a look; a file that can no longer be written is a warning."""
        now = datetime.now(UTC)
        due = now + timedelta(seconds=wait)
        found = Health(
            time=now,
            result=word,
            exit_code=int(code),
            next=due,
            valid_until=due + timedelta(seconds=every + _GRACE),
            drift=drift,
            failure=failure,
        )
        try:
            write_file(self._path, msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        except StashConfigurationError as error:
            talk(f"Warning: {error.message}")

    def check(self) -> int:
        """Print whether the watch works; return 0 if so, else 1."""
        found = self.read()
        if found is None:
            talk(f"Error: {self._path} is not the health file of a watch, or cannot be read")
            return ExitCode.ERROR
        when = f"the last look was at {found.time.strftime('%Y-%m-%d %H:%M:%S UTC')}"
        if datetime.now(UTC) > found.valid_until:
            talk(f"Error: the watch has stopped or hangs: {when}")
            return ExitCode.ERROR
        if found.result == FAILED:
            talk(f"Error: the library cannot be compared: {when}")
            return ExitCode.ERROR
        result(f"{found.result}; {when}\n")
        return ExitCode.OK


IN_STEP: Final = "in step"
DRIFTED: Final = "drift"
REFUSED: Final = "refused"
FAILED: Final = "failed"
