"""The text of a source, and what is wrong with it: every fault with its line, all at once."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from stashsync.errors import Mark, Problem, Problems
from stashsync.fields import Wrong

SIZE_LIMIT: Final = 256 * 2**20
"""The largest file that is read, in bytes."""


class SourceError(Problems):
    """What a source has cannot be read, or cannot be what was meant; nothing was written."""

    where = " in the source"


class SourceText:
    """A text by its name, its faults, and notes, which are sentences for people."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    @classmethod
    def of(cls, name: str, data: bytes) -> SourceText:
        """Return the text of a file: UTF-8, or UTF-16 with a byte order mark.

        Raises:
            SourceError: it is neither, or too large.
        """
        if len(data) > SIZE_LIMIT:
            message = f"this file has more than {SIZE_LIMIT:,} bytes"
            raise SourceError([Problem(message, Mark(name), "cut it into several files")])
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        try:
            return cls(name, data.decode("utf-16" if wide else "utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = error.start - data.rfind(b"\n", 0, error.start)
            hint = "save the file as UTF-8"
            raise SourceError(
                [Problem("this is no text in UTF-8", Mark(name, line, column), hint)]
            ) from None

    @cached_property
    def _starts(self) -> list[int]:
        """The offsets at which lines begin."""
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    def mark(self, offset: int) -> Mark:
        """Return the place of an offset."""
        line = bisect_right(self._starts, offset)
        return Mark(self.name, line, offset - self._starts[line - 1] + 1)

    def offset(self, line: int) -> int:
        """Return the offset at which a line, from 1, begins."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self.text)

    def place(self, offset: int) -> str:
        """Return the line of an offset, for messages."""
        return f"{self.name}:{self.mark(offset).line}"

    def fault(self, message: str, offset: int, hint: str = "") -> None:
        """Add a fault at an offset."""
        mark = self.mark(offset)
        start = self._starts[mark.line - 1]
        line = self.text[start : start + 1000 + mark.column].split("\n", 1)[0].rstrip("\r")
        self.problems.append(Problem(message, mark, hint or None, line))

    def faults(self, wrong: Wrong, offset: int, hint: str = "") -> None:
        """Add every fault of a value."""
        for each in wrong.every:
            self.fault(each.message, offset, each.hint or hint)

    def raise_problems(self) -> None:
        """Raise SourceError if there are faults."""
        if self.problems:
            raise SourceError(_sorted(self.problems))


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda each: (each.mark or Mark(""), each.message))
