"""A second reader of what a pull is about to write: ruamel.yaml's round-trip parser.

    old text ──┐                      values    both readers read the same of the new text
               ├─ as others read it ─▶
    new text ──┘                      comments  each is at the node it was at, or went with it

PyYAML's parser, from which the splices come, and this one share no code
(docs/adr/0029-a-second-reader.md). It is slow: of long files only the items that changed are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from stashsync.kinds import Key
from stashsync.manifest.nodes import Node, compose_again
from stashsync.manifest.source import Refused
from stashsync.pull.writing.comments import Comments
from stashsync.pull.writing.outline import ItemNode, Outline, outline_of

_LONG: Final = 300
"""Lines of a file from which on only the items that changed are read."""
_Chunk: TypeAlias = tuple[Key, str]


def second_opinion(old: str, new: str, former: Mapping[tuple[str, Key], Key]) -> str | None:
    """Return what is wrong with a changed text, or None.

    Args:
        old: the text of the file before.
        new: the text that is to be written.
        former: by kind and new key, the key that a renamed object had in the old text.
    """
    if max(old.count("\n"), new.count("\n")) > _LONG:
        old, new = _changed_items(old, new)
    try:
        before, after = Comments(_read(old)), Comments(_read(new), former)
    except Refused as refused:
        return f"another reader of YAML refuses it: {refused.message}"
    if _shapes(after.outline) != _shapes(outline_of(new)):
        return "another reader of YAML reads something else"
    left = Counter(before.found)
    for path, comment in after.found:
        if not left[path, comment]:
            return f"the comment {comment!r} would come to stand elsewhere"
        left[path, comment] -= 1
    for path, comment in left.elements():
        if after.nodes[path] >= before.nodes[path]:
            return f"the comment {comment!r} would be lost"
    return None


@lru_cache(maxsize=16)
def _read(text: str) -> Outline:
    return Outline(text, compose_again)


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
    before, after = outline_of(old), outline_of(new)
    both = Counter(_chunks(before)) & Counter(_chunks(after))
    return _without(before, both), _without(after, both)


def _chunks(outline: Outline) -> Iterator[_Chunk]:
    for item in outline.items:
        if not item.container.flow:
            yield _chunk(outline, item)


def _chunk(outline: Outline, item: ItemNode) -> _Chunk:
    """Return the lines of an item with the item around it."""
    first, behind = outline.extent(item.container, item.index)
    text = outline.text[outline.lines.starts[first] : outline.lines.end(behind - 1)]
    return item.parent.key if item.parent is not None else (), text


def _without(outline: Outline, chunks: Counter[_Chunk]) -> str:
    """Return a text without these items; a stub keeps the place of the first of each list."""
    left, lines = chunks.copy(), outline.lines
    parts, at = [], 0
    stubbed: set[int] = set()
    for item in outline.items:
        first, behind = outline.extent(item.container, item.index)
        if lines.starts[first] < at or item.container.flow:
            continue
        chunk = _chunk(outline, item)
        if left[chunk]:
            left[chunk] -= 1
            parts.append(outline.text[at : lines.starts[first]])
            if id(item.container) not in stubbed:
                parts.append(" " * item.container.column + "- ''\n")
                stubbed.add(id(item.container))
            at = lines.end(behind - 1)
    return "".join([*parts, outline.text[at:]])
