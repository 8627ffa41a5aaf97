"""A second reader of what a pull is about to write: ruamel.yaml's parser.

    old text ──┐                      values    both readers read the same of the new text
               ├─ as others read it ─▶
    new text ──┘                      comments  each is at the node it was at, or went with it

PyYAML's parser, from which the splices come, and this one share no code
(docs/adr/0029-a-second-reader.md). It is slow: of long files only the items that changed are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from stashsync.kinds import Key
from stashsync.manifest.nodes import Node, compose_again
from stashsync.manifest.source import FileRefused
from stashsync.pull.writing.comments import INSIDE, Comments, Path, without_tabs
from stashsync.pull.writing.outline import Outline, outline_of

_LONG: Final = 300
"""Lines of a file from which on only the items that changed are read."""
_SECTION_OR_ITEM: Final = re.compile(r"(?m)^(?:( *)(- )|[^ #\-\r\n])")


class _Chunk(NamedTuple):
    """Whole lines of a text: an item whose dash is at `column`, or -1 for anything else."""

    text: str
    column: int


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
    if max(old.count("\n"), new.count("\n")) > _LONG:
        old, new = _changed_items(old, new)
    try:
        before, after = Comments(outline_of(old), merged=merged), Comments(_read(new), former)
    except FileRefused as refused:
        return f"another reader of YAML refuses it: {refused.message}"
    if _shapes(after.outline) != _shapes(outline_of(new)):
        return "another reader of YAML reads something else"
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
    """Whether a comment within a list is the same one at its key or below it: the list changed."""
    (path, text), (around, same) = old, new
    places = (path[:-1], path[:-2], (*path[:-2], INSIDE))
    return text == same and path[-1:] == (INSIDE,) and around in places


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


def _changed_items(old: str, new: str) -> tuple[str, str]:
    """Return both texts without the items that are the same in both, to the letter."""
    for cut in (_outermost, _nested):
        before, after = list(cut(old)), list(cut(new))
        both = Counter(chunk for chunk in before if chunk.column >= 0)
        both &= Counter(chunk for chunk in after if chunk.column >= 0)
        old, new = _without(before, both), _without(after, both)
        if old.count("\n") <= _LONG:
            break
    return old, new


def _without(chunks: Iterable[_Chunk], both: Counter[_Chunk]) -> str:
    """Return a text without some chunks; a stub keeps the place of the first of each run."""
    left, parts, dropped = both.copy(), list[str](), False
    for chunk in chunks:
        if left[chunk]:
            left[chunk] -= 1
            if not dropped:
                parts.append(" " * chunk.column + "- ''\n")
            dropped = True
        else:
            parts.append(chunk.text)
            dropped = False
    return "".join(parts)


def _outermost(text: str) -> Iterator[_Chunk]:
    """Cut a text above its outermost items, whose dashes begin a line as nothing else can."""
    column, at = -1, 0
    for found in _SECTION_OR_ITEM.finditer(text):
        here = len(found[1]) if found[2] else -1
        if column >= 0 and here > column:
            continue  # a dash within an item
        start, above = found.start(), f"\n{' ' * here}#"
        while here >= 0 and (line := text.rfind("\n", 0, start - 1)) >= at:
            if not text.startswith(above, line):
                break
            start = line + 1
        yield _Chunk(text[at:start], column)
        column, at = here, start
    yield _Chunk(text[at:], column)


def _nested(text: str) -> Iterator[_Chunk]:
    """Cut out the items, of whatever depth, that have no items in them."""
    outline, at = outline_of(text), 0
    for item in outline.items:
        if item.children or item.container.flow:
            continue
        first, behind = outline.extent(item.container, item.index)
        start, end = outline.lines.starts[first], outline.lines.end(behind - 1)
        if start >= at:
            yield _Chunk(text[at:start], -1)
            yield _Chunk(text[start:end], item.container.indent)
            at = end
    yield _Chunk(text[at:], -1)
