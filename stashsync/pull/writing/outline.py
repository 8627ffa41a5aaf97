"""The items of a manifest's text: their nodes, and the lines that belong to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from stashsync.fields.names import trim
from stashsync.kinds import KINDS, Key, Kind
from stashsync.manifest.nodes import Lines, Node, compose, dash_line, indent_of
from stashsync.pull.writing.blocks import CHILDREN

Composer = Callable[[str], tuple[list[Node], Lines]]
_BY_SECTION = {kind.plural: kind for kind in KINDS.values()}


class ItemNode(Struct, eq=False):
    """An item's node, the list that contains it, and the item around it.

    `key` is the kind's key, as far as the item itself contains it.
    """

    kind: Kind
    key: Key
    node: Node
    container: Node
    index: int
    parent: ItemNode | None
    children: list[ItemNode] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name as written."""
        node = self.node.get("name") or self.node
        return trim(node.value) or self.key[0]

    @property
    def bare(self) -> bool:
        """Whether it is a name in `children`, which may be described elsewhere."""
        return self.node.type == "scalar" and self.parent is not None


class Outline:
    """The items of one text, in written order.

    `sections` has, by kind, the mapping, the key and the list of its last section. `at` finds an
    item by line and column, both from 0.
    """

    def __init__(self, text: str, reader: Composer = compose) -> None:
        self.roots, self.lines = reader(text)
        self.text = text
        self.items: list[ItemNode] = []
        self.sections: dict[str, tuple[Node, Node, Node]] = {}
        for root in self.roots:
            for key, value in root.entries:
                kind = _BY_SECTION.get(key.value)
                if kind is not None:
                    self.sections[kind.name] = (root, key, value)
                    self._walk(kind, value, None)
        self.at: Mapping[tuple[int, int], ItemNode] = {
            (item.node.line, item.node.column): item for item in self.items
        }

    def _walk(self, kind: Kind, container: Node, parent: ItemNode | None) -> None:
        for index, node in enumerate(container.items):
            item = ItemNode(kind, self._key(kind, node), node, container, index, parent)
            self.items.append(item)
            if parent is not None:
                parent.children.append(item)
            below = node.get(CHILDREN)
            if below is not None:
                self._walk(kind, below, item)

    def _key(self, kind: Kind, node: Node) -> Key:
        if node.type != "map":
            return kind.key({"name": node.value})
        values = {name: self.meant(node.get(name)) for name in kind.key_fields}
        return kind.key(
            {
                name: value.value
                for name, value in values.items()
                if value is not None and value.type == "scalar"
                if name == "name" or not value.is_null
            }
        )

    def meant(self, node: Node | None) -> Node | None:
        """Return what a node stands for, if it is an alias."""
        if node is None or node.type != "alias":
            return node
        return next((meant for alias, meant in self.aliases if alias is node), None)

    @cached_property
    def aliases(self) -> Sequence[tuple[Node, Node | None]]:
        """The aliases in written order, with the nodes of their document that they stand for."""
        found: list[tuple[Node, Node | None]] = []
        for root in self.roots:
            anchors: dict[str | None, Node] = {}
            for node in nodes_in(root):
                if node.type == "alias":
                    found.append((node, anchors.get(node.anchor)))
                elif node.anchor is not None:
                    anchors[node.anchor] = node
        return found

    def is_shared(self, node: Node) -> bool:
        """Whether an alias stands for a node."""
        return node.anchor is not None and any(meant is node for _, meant in self.aliases)

    def nodes(self) -> Iterator[Node]:
        """Yield every node, in written order."""
        return chain.from_iterable(map(nodes_in, self.roots))

    def find(self, kind: str, key: Key) -> list[ItemNode]:
        """Return all places of an object, described ones before bare names."""
        found = [item for item in self.items if item.kind.name == kind and item.key == key]
        return sorted(found, key=lambda item: item.bare)

    # -- lines ----------------------------------------------------------------------------------

    def extent(self, container: Node, index: int) -> tuple[int, int]:
        """Return the lines of a member of a list with its comments: first, and behind last.

        A comment belongs to what is on its line, or else to what is right below it at its
        indentation; those below that are indented deeper belong to it too (docs/pull.md#comments).
        """
        items = container.items
        if container.flow:
            return self._flow_extent(container, items, index)
        above = self.last_line(items[index - 1]) if index else -1
        below = None
        if index + 1 < len(items):
            below = dash_line(self.lines, container, items[index + 1])
        first, last = dash_line(self.lines, container, items[index]), self.last_line(items[index])
        if self.is_behind(first, container.indent):
            above = first
        return self._with_comments(first, last, container.indent, above, below)

    def entry_extent(self, mapping: Node, position: int) -> tuple[int, int]:
        """Return the lines of an entry of a mapping with its comments, by the same rule."""
        entries, lines = mapping.entries, self.lines
        if mapping.flow:
            return self._flow_extent(mapping, self.as_list(mapping).items, position)
        key, value = entries[position]
        first, last = lines.of(key.begin), max(lines.of(key.start), self.last_line(value))
        if value.items and not value.flow and value.indent <= mapping.indent:
            last = self.extent(value, len(value.items) - 1)[1] - 1
        above = self.last_line(entries[position - 1][1]) if position else -1
        if self.is_behind(first, mapping.indent):
            above = first
        below = lines.of(entries[position + 1][0].begin) if position + 1 < len(entries) else None
        return self._with_comments(first, last, mapping.indent, above, below)

    def as_list(self, mapping: Node) -> Node:
        """Return a mapping in braces as a list of its entries."""
        spans = [
            replace(
                key,
                start=key.begin,
                column=self.lines.column(key.begin),
                end=max(key.end, value.end),
            )
            for key, value in mapping.entries
        ]
        return replace(mapping, type="list", items=spans, entries=[])

    def is_behind(self, line: int, column: int) -> bool:
        """Whether what begins at a column follows a dash or a colon on its line."""
        return bool(self.lines.get(line)[:column].strip())

    def behind(self, item: ItemNode) -> int:
        """Return the line behind the entries of an item, or behind its bare name."""
        node = item.node
        if node.entries:
            return self.entry_extent(node, len(node.entries) - 1)[1]
        line = self.last_line(node)
        return self._with_comments(line, line, node.column, line, None)[1]

    def _flow_extent(self, container: Node, members: Sequence[Node], index: int) -> tuple[int, int]:
        """Return the lines of a member in brackets; it has comments of its own on its own line."""
        member, lines = members[index], self.lines
        first, last = lines.of(member.start), self.last_line(member)
        if lines.get(first)[: member.column].strip():
            return first, last + 1
        above = self.last_line(members[index - 1]) if index else lines.of(container.start)
        after = members[index + 1].start if index + 1 < len(members) else container.end - 1
        return self._with_comments(first, last, member.column, above, lines.of(after))

    def _with_comments(
        self, first: int, last: int, column: int, above: int, below: int | None
    ) -> tuple[int, int]:
        """Extend lines by their comments, between the lines `above` and `below`."""
        lines = self.lines
        while first - 1 > above and indent_of(lines.get(first - 1), "#") == column:
            first -= 1
        for probe in range(last + 1, len(lines) if below is None else below):
            line = lines.get(probe)
            if line.strip():
                if indent_of(line, "#") <= column:
                    break
                last = probe
        return first, last + 1

    def last_line(self, node: Node) -> int:
        """Return the line that a node ends in."""
        return self.lines.of(max(node.start, node.end - 1))


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, in written order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.items)
        for key, value in reversed(node.entries):
            waiting += (value, key)


@lru_cache(maxsize=256)
def outline_of(text: str) -> Outline:
    """Return the outline of a text, from a cache: it must not be changed.

    Raises:
        Refused: it cannot be read.
    """
    return Outline(text)
