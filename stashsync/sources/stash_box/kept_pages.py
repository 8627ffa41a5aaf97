"""Pages of a stash-box on the disk, so that an import that was cut short goes on where it ended.

A file per stash-box in the folder of the project's local state, with a line for each page. It is
for its owner alone, and removed once what was read is written to the manifests. Pages older than a
day are read anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from stashsync.errors import StashConfigurationError
from stashsync.sources.stash_box.rows import BoxPage

DAY: Final = 24 * 60 * 60
"""Seconds for which pages are used again."""


class _Line(msgspec.Struct, frozen=True):
    name: str
    at: float
    page: BoxPage


class KeptPages:
    """The pages of one stash-box by name. Reading an absent or spoilt file finds nothing.

    Args:
        folder: where the file is; None keeps nothing between two commands.
        endpoint: the address of the stash-box.
        clock: gives the seconds since 1970.
    """

    def __init__(
        self, folder: Path | None, endpoint: str, clock: Callable[[], float] = time.time
    ) -> None:
        digest = sha256(endpoint.encode()).hexdigest()[:16]
        self._path = folder / f"stash-box-{digest}.jsonl" if folder is not None else None
        self._clock = clock
        self._lines: dict[str, _Line] = {line.name: line for line in self._known()}

    def _known(self) -> list[_Line]:
        """Return the lines of the file, but for those that are cut off, spoilt or too old."""
        try:
            text = self._path.read_bytes() if self._path is not None else b""
        except OSError:  # it is a copy of what the stash-box has
            return []
        found = []
        for line in text.splitlines():
            try:
                found.append(msgspec.json.decode(line, type=_Line))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
        return [line for line in found if 0 <= self._clock() - line.at < DAY]

    @property
    def seconds_old(self) -> float:
        """How long ago the oldest of the pages was read; 0 where there is none."""
        now = self._clock()
        return max((now - line.at for line in self._lines.values()), default=0.0)

    def __len__(self) -> int:
        """Count the pages."""
        return len(self._lines)

    def get(self, name: str) -> BoxPage | None:
        """Return the page of that name, if an earlier attempt has read it."""
        line = self._lines.get(name)
        return line.page if line is not None else None

    def add(self, name: str, page: BoxPage) -> None:
        """Keep a page.

        Raises:
            StashConfigurationError: the file cannot be written.
        """
        line = _Line(name, self._clock(), page)
        self._lines[name] = line
        if self._path is None:
            return
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as stream:
                stream.write(b"\n" + msgspec.json.encode(line) + b"\n")
        except OSError as error:
            raise StashConfigurationError(
                f"cannot write {self._path}: {error.strerror}",
                hint="Pages are kept there until the import is written.",
            ) from error

    def discard(self) -> None:
        """Remove the file; what is in memory is forgotten, too."""
        self._lines.clear()
        if self._path is not None:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                raise StashConfigurationError(
                    f"cannot remove {self._path}: {error.strerror}"
                ) from error
