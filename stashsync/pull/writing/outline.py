"""Where the items of a manifest stand in its text, and what lies around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key, Kind
from stashsync.manifest.nodes import Node, compose

_BY_SECTION = {kind.plural: kind for kind in KINDS.values()}


@dataclass(slots=True, eq=False)
class Spot:
    """An item: its node, the list it stands in (`home`), and the item around it.

    `key` is the kind's key as far as it is written in the item itself.
    """

    kind: Kind
    key: Key
    node: Node
    home: Node
    index: int
    parent: Spot | None
    children: list[Spot] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """Whether it is a name in `children`, which may be described elsewhere."""
        return self.node.type == "scalar" and self.parent is not None

    @property
    def inside(self) -> Iterator[Spot]:
        """It and all that is nested in it."""
        yield self
        for child in self.children:
            yield from child.inside


class Outline:
    """The items of one text, in written order."""

    def __init__(self, text: str) -> None:
        roots, self.lines = compose(text)
        self.text = text
        self.spots: list[Spot] = []
        self.sections: dict[str, tuple[Node, Node]] = {}
        """By kind: the key of its last section, and the list below."""
        for root in roots:
            for key, value in root.entries:
                kind = _BY_SECTION.get(key.value)
                if kind is not None:
                    self.sections[kind.name] = (key, value)
                    self._walk(kind, value, None)
        self.at: Mapping[tuple[int, int], Spot] = {
            (spot.node.line, spot.node.column): spot for spot in self.spots
        }

    def _walk(self, kind: Kind, items: Node, parent: Spot | None) -> None:
        if items.type != "list":
            return
        for index, node in enumerate(items.items):
            spot = Spot(kind, _key(kind, node), node, items, index, parent)
            self.spots.append(spot)
            if parent is not None:
                parent.children.append(spot)
            below = node.get("children")
            if below is not None:
                self._walk(kind, below, spot)

    def find(self, kind: str, key: Key) -> list[Spot]:
        """All places of an object, described before bare ones."""
        found = [spot for spot in self.spots if spot.kind.name == kind and spot.key == key]
        return sorted(found, key=lambda spot: spot.bare)

    # -- lines ----------------------------------------------------------------------------------

    def extent(self, items: Node, index: int) -> tuple[int, int]:
        """The lines of an item of a block list, with its own comments: first, and one behind last.

        Its own are the comment lines right above it at its indentation, and those below that are
        indented deeper.
        """
        lines = self.lines
        dash, above = self.dash(items, index), self._above(items, index)
        first = dash
        while first - 1 > above and _is_comment(lines.get(first - 1), items.column):
            first -= 1
        last = self.last_line(items.items[index])
        limit = self.dash(items, index + 1) if index + 1 < len(items.items) else len(lines)
        probe = last + 1
        while probe < limit:
            line = lines.get(probe)
            depth = len(line) - len(line.lstrip(" "))
            if line.strip() and (depth <= items.column or line.lstrip(" ")[0] != "#"):
                break
            if line.strip():
                last = probe
            probe += 1
        return first, last + 1

    def dash(self, items: Node, index: int) -> int:
        """The line of the dash of an item of a block list."""
        if index == 0:
            return items.line if items.anchor is None else self._first_dash(items)
        line = self.last_line(items.items[index - 1]) + 1
        while not self._is_dash(line, items.column, items):
            line += 1
        return line

    def _first_dash(self, items: Node) -> int:
        line = items.line
        while not self._is_dash(line, items.items[0].column - 2, items):
            line += 1
        return line

    def _is_dash(self, line: int, column: int, items: Node) -> bool:
        text = self.lines.get(line)
        stripped = text.lstrip(" ")
        return stripped[:1] == "-" and (
            len(text) - len(stripped) == column or items.anchor is not None
        )

    def _above(self, items: Node, index: int) -> int:
        """The last line that belongs to what stands above an item."""
        if index:
            return self.last_line(items.items[index - 1])
        return self.dash(items, 0) - 1 if items.line == 0 else self._line_before(items)

    def _line_before(self, items: Node) -> int:
        line = self.dash(items, 0) - 1
        while line >= 0 and _is_comment(self.lines.get(line), items.column):
            line -= 1
        return line

    def last_line(self, node: Node) -> int:
        """The line that a node ends in."""
        return self.lines.of(max(node.start, node.end - 1) if node.end > node.start else node.end)


def _is_comment(line: str, column: int) -> bool:
    stripped = line.lstrip(" ")
    return stripped.startswith("#") and len(line) - len(stripped) == column


def _key(kind: Kind, node: Node) -> Key:
    if node.type != "map":
        return (fold(trim(node.value)), *("" for _ in kind.key_fields[1:]))
    found = []
    for name in kind.key_fields:
        value = node.get(name)
        text = trim(value.value) if value is not None and value.type == "scalar" else ""
        found.append(fold(text))
    return tuple(found)


@lru_cache(maxsize=256)
def outline_of(text: str) -> Outline:
    """The outline of a text; most texts are asked for again and again. Nobody changes it.

    Raises:
        Refused: it cannot be read.
    """
    return Outline(text)
