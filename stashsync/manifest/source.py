"""One manifest file: its bytes, its lines, and problems that point into it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from stashsync.errors import Mark, Problem
from stashsync.fields.raw import unpack

if TYPE_CHECKING:
    from stashsync.manifest.variables import Variables

_BREAK = re.compile(rb"\r\n|\r|\n")
_EXCERPT_LIMIT = 4096
"""The longest line, in characters, that is shown with a problem. Longer ones are data."""


class FileRefused(Exception):
    """A file that cannot be read any further; its first fault, at a packed place."""

    def __init__(self, message: str, place: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint


class Source(Struct):
    """A file of the project.

    `file` is its path below the project with `/`; `data` are its bytes without a byte order mark;
    `digest` is the SHA-256 of the file with it.
    """

    file: str
    data: bytes
    digest: bytes = b""
    variables: Variables | None = field(default=None)
    """What `!env` and `!secret` stand for in it; without any, these are unknown tags."""
    _lines: list[bytes] | None = field(default=None)

    def mark(self, place: int) -> Mark:
        """Return the place as people count: from 1."""
        line, column = unpack(place)
        return Mark(self.file, line + 1, column + 1)

    def line(self, number: int) -> str | None:
        """Return line `number`, counted from 1, or None where it is too long to be shown."""
        if self._lines is None:
            self._lines = _BREAK.split(self.data)
        if not 1 <= number <= len(self._lines):
            return None
        text = self._lines[number - 1].decode("utf-8", "replace")
        return text if len(text) <= _EXCERPT_LIMIT else None

    def problem(
        self,
        message: str,
        place: int,
        hint: str = "",
        related: tuple[tuple[Mark, str], ...] = (),
    ) -> Problem:
        """Make a problem at a packed place of this file, with the line it stands in."""
        mark = self.mark(place)
        return Problem(message, mark, hint or None, self.line(mark.line), related)
