"""Edits of a text by offset and by line; everything else stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from stashsync.pull.writing.outline import ItemNode, Outline

Edit: TypeAlias = tuple[int, int, int, str]
"""From where to where a text is replaced, a number, and by what."""
REMOVED: Final[Any] = object()
"""The value of a key that is removed."""


class ManualStepError(Exception):
    """Why a change cannot be spliced and is left to a person."""


class TextEdits:
    """Collects edits of one text. Edits must not overlap; those at one place keep their order."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.text = outline.text
        self.newline = "\r\n" if "\r\n" in outline.text else "\n"
        self._edits: list[Edit] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace the text from `start` up to `end`."""
        self._edits.append((start, end, len(self._edits), text))

    def covers(self, offset: int) -> bool:
        """Whether an edit replaces what is at an offset."""
        return any(start <= offset < end for start, end, *_ in self._edits)

    def mark(self) -> int:
        """Return how many edits there are, for `undo`."""
        return len(self._edits)

    def undo(self, mark: int) -> None:
        """Drop the edits since `mark`."""
        del self._edits[mark:]

    def take(self, mark: int) -> list[Edit]:
        """Return the edits since `mark`, which are none of the text's any more."""
        taken = self._edits[mark:]
        self.undo(mark)
        return taken

    def changed(self, start: int, end: int, edits: Sequence[Edit]) -> str:
        """Return a part of the text with those of the edits that are within it."""
        parts, at = list[str](), start
        for first, behind, _, text in sorted(edits):
            if start <= first and behind <= end:
                parts += [self.text[at:first], text]
                at = behind
        return "".join([*parts, self.text[at:end]])

    def ensure_apart(self) -> None:
        """Raise ManualStepError if two edits overlap."""
        at = 0
        for start, end, *_ in sorted(self._edits):
            if start < at:
                raise ManualStepError("two changes are about the same place")
            at = end

    def result(self) -> str:
        """Return the text with all edits.

        Raises:
            ManualStepError: two of them overlap.
        """
        self.ensure_apart()
        parts, at = list[str](), 0
        has_end = self.text.endswith(("\n", "\r")) or not self.text
        """Whether the file has a final line break; one without stays so."""
        for start, end, _, text in sorted(self._edits):
            parts += [self.text[at:start], text]
            at = end
            is_at_end = not has_end and start == len(self.text)
            if is_at_end and "".join(parts[:-1]).endswith("\n"):
                parts[-1] = text.removeprefix(self.newline)  # the last line is gone
        whole = "".join([*parts, self.text[at:]])
        return whole if has_end else whole.rstrip("\r\n")

    def insert_below(self, item: ItemNode, lines: Sequence[str]) -> None:
        """Insert whole lines at the end of an item, below its last entry or its bare name."""
        self.insert_lines(self.outline.behind(item), lines)

    def insert_lines(self, line: int, lines: Sequence[str]) -> None:
        """Insert whole lines ahead of line number `line` (from 0)."""
        known = self.outline.lines
        body = self.newline.join(lines)
        at = known.starts[line] if line < len(known) else len(self.text)
        if at == len(self.text) and self.text and not self.text.endswith(("\n", "\r")):
            self.replace(at, at, self.newline + body)
        else:
            self.replace(at, at, body + self.newline)

    def remove_lines(self, first: int, behind: int) -> None:
        """Remove whole lines."""
        lines = self.outline.lines
        self.replace(lines.starts[first], lines.end(behind - 1), "")
