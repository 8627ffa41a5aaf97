"""A second reader of what a pull is about to write: ruamel.yaml's parser.

    old text ──┐                      values    both readers read the same of the new text
               ├─ as others read it ─▶
    new text ──┘                      comments  each is at the node it was at, or went with it

PyYAML's parser, from which the splices come, and this one share no code
(docs/adr/0029-a-second-reader.md). It is slow: of long files only the items that changed are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from stashsync.kinds import Key
from stashsync.manifest.nodes import Node, compose_again
from stashsync.manifest.source import FileRefused
from stashsync.pull.excerpts import Piece, inner, is_long, lines_of, pieces_of
from stashsync.pull.writing.comments import INSIDE, Comments, Path, without_tabs
from stashsync.pull.writing.outline import Outline, outline_of

Place: TypeAlias = tuple[int, int]
"""A line and a column, from 0."""


def fault_of(
    old: str,
    new: str,
    former: Mapping[tuple[str, Key], Key],
    merged: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> str | None:
    """Return what is wrong with a changed text, or None.

    Args:
        old: the text of the file before.
        new: the text that is to be written.
        former: by kind and new key, the key that a renamed object had in the old text.
        merged: by kind and folded name, that of the object that references name in its place.
    """
    try:
        before, after = Comments(outline_of(old), merged=merged), Comments(_read(new), former)
    except FileRefused as refused:
        return f"another reader of YAML refuses it: {refused.message}"
    if _shapes(after.outline) != _shapes(outline_of(new)):
        return "another reader of YAML reads something else"
    if not old:  # a new file has no comments but those it is made with
        return None
    return _comments_fault(before, after)


def _comments_fault(before: Comments, after: Comments) -> str | None:
    """Return which comment is not where it was, or None."""
    if not before.nodes:  # they belonged to nothing yet
        lost = Counter(text for _, text in before.found) - Counter(text for _, text in after.found)
        return f"the comment {next(iter(lost))!r} would be lost" if lost else None
    left = Counter(before.found)
    for place in after.found:
        found = place
        if not left[found]:
            found = next((old for old in left if _goes_on(old, found)), found)
        if not left[found]:
            return f"the comment {found[1]!r} would come to stand elsewhere"
        left[found] -= 1
    for path, comment in left.elements():
        if after.nodes[path] >= before.nodes[path]:
            return f"the comment {comment!r} would be lost"
    return None


def _goes_on(old: tuple[Path, str], new: tuple[Path, str]) -> bool:
    """Whether a comment within a list is the same one at its key or below it: the list changed.

    One at the key of a text is within the list or mapping that takes the place of the text.
    """
    (path, text), (around, same) = old, new
    places = (path[:-1], path[:-2], (*path[:-2], INSIDE))
    within = path[-1:] == (INSIDE,) and around in places
    return text == same and (within or around == (*path, INSIDE))


@lru_cache(maxsize=16)
def _read(text: str) -> Outline:
    return Outline(without_tabs(outline_of(text)), compose_again)


def _shapes(outline: Outline) -> list[object]:
    return [_shape(root) for root in outline.roots]


def _shape(node: Node) -> object:
    """Return what a node is read as, whatever its place and style."""
    if node.type == "alias":
        return node.type, node.anchor
    inner = node.items or [inner for entry in node.entries for inner in entry]
    return node.type, node.value, node.anchor, [_shape(each) for each in inner]


# -- long files -----------------------------------------------------------------------------------


def without_same(
    old: str, new: str, places: Collection[Place], new_places: Collection[Place]
) -> tuple[str, str]:
    """Return both texts without the items that are the same in both, to the letter.

    The places are those of the items in each of the two. In each list a stub stays for them.
    """
    if not (is_long(old) and is_long(new)):
        return old, new
    before, after = _Items(old, places), _Items(new, new_places)
    while before.level or after.level:  # from the outermost in: what goes takes along what is in it
        both = before.texts() & after.texts()
        before.drop(both.copy())
        after.drop(both)
    return before.text(), after.text()


class _Items:
    """The items of a text; those are dropped that others of their list are above and below."""

    def __init__(self, text: str, places: Collection[Place]) -> None:
        self._lines = lines_of(text)
        self._outer = pieces_of(self._lines, places)
        self._dropped: set[int] = set()
        self.level = [self._outer]
        """The lists of the next level."""

    def texts(self) -> Counter[tuple[int, str]]:
        """Count the columns and texts of the items of this level."""
        return Counter(self._of(piece) for piece, is_inner in self._pieces() if is_inner)

    def drop(self, gone: Counter[tuple[int, str]]) -> None:
        """Drop these, as often as they are counted, and go to the next level."""
        below = []
        for piece, is_inner in self._pieces():
            if is_inner and gone[self._of(piece)]:
                gone[self._of(piece)] -= 1
                self._dropped.add(id(piece))
            elif piece.trees:
                below.append(piece.trees)
        self.level = below

    def text(self) -> str:
        """Return the text without what was dropped; in each list a stub stays for it."""
        return "".join(self._left(self._outer))

    def _pieces(self) -> Iterator[tuple[Piece, bool]]:
        for pieces in self.level:
            yield from zip(pieces, inner(pieces), strict=True)

    def _of(self, piece: Piece) -> tuple[int, str]:
        return piece.column, "".join(self._lines[piece.first : piece.end])

    def _left(self, pieces: Sequence[Piece]) -> Iterator[str]:
        has_stub = False
        for piece in pieces:
            if id(piece) not in self._dropped:
                has_stub = has_stub and piece.is_item
                yield "".join(self._lines[piece.first : piece.behind])
                yield from self._left(piece.trees)
            elif not has_stub:
                yield " " * piece.column + "- ''\n"
                has_stub = True
