"""The items of a long text that a change is about: what is composed and read twice is short.

    tags:                        tags:
      - Camera                     - Camera
      - Drone        ──▶           - '…0'          a stub for a run of items that are left out
      - Lens                       - Lens
      - Wide shot                  - '…1'
      - Zoom                       - Zoom

Only items of block lists are left out, whose places the reader of manifests has found, and all of
whose lines are indented further than the dash: the rest reads the same without them. Items with
anchors and aliases stay, and the first and the last of each list.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Final

from msgspec import Struct, field

from stashsync.fields.names import fold
from stashsync.state import State

LONG: Final = 300
"""Lines of a text from which on an excerpt is taken."""
_WORD: Final = re.compile("[a-z0-9]+")
_DASH: Final = re.compile(r" *(?:[:?] +)*-(?=\s)")
_ITEM: Final = re.compile(r" *- +(?=\S)")


def longest_word(name: str) -> str:
    """Return the word by which a name is looked for in texts.

    Every style of YAML keeps words as they are, but for escapes.
    """
    return max(_WORD.findall(fold(name)), key=len, default="")


def may_name(text: str, words: Sequence[str]) -> bool:
    """Whether a name with one of these words may be in a text.

    Every style of YAML keeps words as they are, but for escapes.
    """
    if "\\" in text:
        return True
    folded = fold(text)
    return any(word in folded for word in words)


class Topic(Struct, frozen=True):
    """What a change is about: lines of items by file, and the names that may be anywhere.

    `trees` are lines of items that are needed with everything in them.
    """

    lines: Mapping[str, Collection[int]] = field(default_factory=dict)
    trees: Mapping[str, Collection[int]] = field(default_factory=dict)
    names: Collection[str] = ()

    @property
    def words(self) -> frozenset[str]:
        """The longest words of the names."""
        return frozenset(map(longest_word, self.names))


def is_long(text: str) -> bool:
    """Whether it is worth to leave something out of a text, whose lines end in one way."""
    breaks = text.count("\n")
    return breaks > LONG and text.count("\r") in (0, breaks)


class Excerpt:
    """A text without items that are not needed, and how to put these back."""

    def __init__(self, text: str, topic: Topic, file: str, state: State) -> None:
        self.text = text
        self._left_out: dict[str, str] = {}
        """The runs of lines that are left out, by their stubs."""
        self.runs: dict[str, range] = {}
        """Where these are in the whole text (lines from 0), by the names of the stubs."""
        self._starts = [(0, 0)]
        """The first lines (from 0) of what is not left out, in the whole text and here."""
        self._mark = "…"
        while self._mark in text:
            self._mark += "…"
        if is_long(text) and "" not in topic.words:
            self._shorten(places_in(state, file), topic, file)

    def line(self, line: int) -> int:
        """Return the line (from 0) that a line of the whole text has in the excerpt."""
        whole, short = self._starts[bisect_right(self._starts, (line, len(self.text))) - 1]
        return line - whole + short

    def restored(self, text: str) -> str:
        """Return a changed excerpt with everything that was left out.

        Raises:
            ValueError: a stub is missing, or there twice.
        """
        parts, at = [], 0
        for stub, run in self._left_out.items():
            start = text.index(stub, at)
            parts += [text[at:start], run]
            at = start + len(stub)
        if self._mark in text[at:]:
            raise ValueError(self._mark)
        return "".join([*parts, text[at:]])

    def _shorten(self, places: Collection[tuple[int, int]], topic: Topic, file: str) -> None:
        lines = lines_of(self.text)
        newline = "\r\n" if "\r\n" in self.text else "\n"
        parts: list[str] = []
        self._starts.clear()
        count = 0
        for first, behind, column in _Needed(topic, file, lines).runs(pieces_of(lines, places)):
            run = "".join(lines[first:behind])
            if column is None:
                self._starts.append((first, count))
                parts.append(run)
                count += behind - first
            else:
                name = f"{self._mark}{len(self._left_out)}"
                stub = f"{' ' * column}- '{name}'{newline}"
                self._left_out[stub] = run
                self.runs[name] = range(first, behind)
                parts.append(stub)
                count += 1
        self.text = "".join(parts)


class _Needed:
    """Decides which pieces of a text a change needs."""

    def __init__(self, topic: Topic, file: str, lines: Sequence[str]) -> None:
        self._lines = frozenset(topic.lines.get(file, ()))
        self._trees = frozenset(topic.trees.get(file, ()))
        self._words = topic.words
        self._text_lines = lines

    def runs(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, int | None]]:
        """Yield first lines and those behind the last ones; with a column if they are left out."""
        for is_left_out, group in groupby(
            zip(pieces, inner(pieces), strict=True), lambda each: each[1] and not self._any(each[0])
        ):
            run = [piece for piece, _ in group]
            if is_left_out:
                yield run[0].first, run[-1].end, run[0].column
                continue
            for piece in run:
                if not self._trees.isdisjoint(range(piece.first, piece.behind)):
                    yield piece.first, piece.end, None
                else:
                    yield piece.first, piece.behind, None
                    yield from self.runs(piece.trees)

    def _any(self, piece: Piece) -> bool:
        """Whether a change is about a piece or one in it, or others may share what is there."""
        numbers = range(piece.first, piece.end)
        if not (self._lines.isdisjoint(numbers) and self._trees.isdisjoint(numbers)):
            return True
        text = "".join(self._text_lines[piece.first : piece.end])
        if "&" in text or "*" in text:
            return True
        if not self._words:
            return False
        return "\\" in text or not self._words.isdisjoint(_WORD.findall(fold(text)))


class Piece(Struct):
    """Lines of a text that begin at `column`: up to the next item, or what follows one.

    `trees` are the pieces that belong to it, those of an item: all that is indented further.
    """

    first: int
    behind: int
    column: int
    is_item: bool = False
    trees: list[Piece] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The line behind the last one that belongs to it."""
        return self.trees[-1].end if self.trees else self.behind


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their breaks; those of a Mac of old are none."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines


def places_in(state: State, file: str) -> set[tuple[int, int]]:
    """Return where the items of a file begin: lines and columns, from 0."""
    return {(item.line - 1, item.column - 1) for item in state if item.file == file}


def pieces_of(lines: Sequence[str], places: Collection[tuple[int, int]]) -> list[Piece]:
    """Cut lines above the items at these places, and where an item has ended."""
    found = [Piece(0, 0, -1)]
    for number, line in enumerate(lines):
        stripped = line.lstrip(" ")
        indent = len(line) - len(stripped)
        column = found[-1].column
        if not stripped.strip() or stripped.startswith("#"):
            continue
        item = _ITEM.match(line)
        if item is not None and (number, item.end()) in places:
            first, above = number, f"{' ' * indent}#"
            while first > found[-1].first and lines[first - 1].startswith(above):
                first -= 1
            found.append(Piece(first, first, indent, is_item=True))
        elif indent <= column:  # what is no item may be within quotes above: no item is certain
            found.append(Piece(number, number, indent))
        elif column == -1 and (dash := _DASH.match(line)) is not None:
            found.append(Piece(number, number, dash.end() - 1))
    for piece, below in pairwise(found):
        piece.behind = below.first
    found[-1].behind = len(lines)
    outer, around = list[Piece](), list[Piece]()
    for piece in found:
        while around and piece.column <= around[-1].column:
            around.pop()
        (around[-1].trees if around else outer).append(piece)
        if piece.column >= 0:
            around.append(piece)
    return outer


def inner(pieces: Sequence[Piece]) -> list[bool]:
    """Tell of each piece whether it is an item with items of the same list above and below it."""
    found = [False] * len(pieces)
    for at, (above, piece, below) in enumerate(zip(pieces, pieces[1:], pieces[2:], strict=False)):
        items = above.is_item and piece.is_item and below.is_item
        found[at + 1] = items and above.column == piece.column == below.column
    return found
