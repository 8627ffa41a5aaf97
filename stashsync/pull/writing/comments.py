"""Which node each comment belongs to: the rule of `Outline`, as a table of a whole text.

# above          belongs to the member, item or key below it at its indentation
- name: A  # on  belongs to what stands on its line
    # below      belongs to the item or key above it that is less indented
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from stashsync.fields import ObjectFilter
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key, Kind
from stashsync.manifest.nodes import Node, dash_line
from stashsync.pull.writing.blocks import CHILDREN
from stashsync.pull.writing.outline import ItemNode, Outline

Path: TypeAlias = tuple[str, ...]
"""What a node is called wherever it stands: an item by kind and key, below it keys and members."""
_COMMENT: Final = re.compile(r"(?:\A|(?<=[ \t\r\n]))#")
_FURTHER: Final = re.compile(r" \([^()]*\)\Z")
"""The date or the disambiguation behind a name."""
_TAB: Final = re.compile(r"\t(?=[ \t]*(?:#|\r|\n|\Z))")
MERGE: Final = "<<"
INSIDE: Final = "…"
"""The last part of the path of what belongs to a list or mapping and to no member of it."""


@dataclass
class Comments:
    """The comments of a text with their nodes, in written order, and how often each node is there.

    `former` has by kind and new key what a renamed object was called before: its nodes have the
    same path in both texts. `merged` has by kind and folded name what references are called that
    name another object.
    """

    outline: Outline
    former: Mapping[tuple[str, Key], Key] = field(default_factory=dict)
    merged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    found: list[tuple[Path, str]] = field(default_factory=list)
    nodes: Counter[Path] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lines = self.outline.lines
        self._items = {id(item.node): item for item in self.outline.items}
        self._names = {**self._former_names(), **self.merged}
        self._owner: list[tuple[Path, int]] = [((), -1)] * len(self._lines)
        """By line, the innermost path and the line that its node begins in."""
        for root in self.outline.roots:
            self._walk(root, (), None)
        for start, end in comment_spans(self.outline):
            line = self._lines.of(start)
            path, first = self._owner[line]
            alone = not self.outline.text[self._lines.starts[line] : start].strip()
            if alone and line > first and (*path, INSIDE) in self.nodes:
                path = (*path, INSIDE)
            self.found.append((path, self.outline.text[start:end].rstrip()))

    def _walk(
        self,
        node: Node,
        path: Path,
        target: str | ObjectFilter | None,
        item: ItemNode | None = None,
        merged: Kind | None = None,
    ) -> None:
        """Enter everything below a node; `target` is the kind that scalars in it refer to.

        `merged` is the kind of the item whose merge key it is in.
        """
        kind = item.kind if item is not None else merged
        if (node.items or node.entries) and item is None:
            self.nodes[*path, INSIDE] += 1
        for index, member in enumerate(node.items):
            inner = self._items.get(id(member))
            if inner is not None:
                below = self._item_path(inner)
            elif isinstance(target, str) and (named := self._named(member, target)) is not None:
                below = (*path, self._reference(target, fold(trim(named.value))))
            else:
                below = (*path, trim(member.value) or str(index))
            start = self._lines.of(member.start)
            if not node.flow:
                start = dash_line(self._lines, node, member)
            self._enter(below, node, start, self.outline.extent(node, index))
            self._walk(member, below, target, inner, merged)
        for position, (key, value) in enumerate(node.entries):
            below = path if item is not None and key.value == "name" else (*path, key.value)
            start = self._lines.of(key.begin)
            self._enter(below, node, start, self.outline.entry_extent(node, position))
            if kind is not None:
                wanted = _target(kind, key.value)
            else:
                wanted = _inner_target(target, key, value)
            self._walk(value, below, wanted, merged=kind if key.value == MERGE else None)

    def _former_names(self) -> dict[tuple[str, str], str]:
        """Return what references to renamed objects were, by kind and what they are now."""
        kept = {(each.kind.name, each.key) for each in self.outline.items} - self.former.keys()
        taken = {(kind, key[0]) for kind, key in kept}
        found: dict[tuple[str, str], str] = {}
        for (kind, key), old in self.former.items():
            found[kind, _label(kind, key)] = _label(kind, old)
            if (kind, key[0]) not in taken:
                found.setdefault((kind, key[0]), _label(kind, old))
        return found

    def _reference(self, kind: str, name: str) -> str:
        """Return what a reference was, without what tells objects of one name apart."""
        name = self._names.get((kind, name), name)
        return _FURTHER.sub("", name) if len(KINDS[kind].key_fields) > 1 else name

    def _named(self, member: Node, target: str) -> Node | None:
        """Return what names a member of a list of references; one may have values of its own."""
        named = self.outline.meant(member.get(target) if member.type == "map" else member)
        return named if named is not None and named.type == "scalar" else None

    def _enter(self, path: Path, around: Node, start: int, extent: tuple[int, int]) -> None:
        self.nodes[path] += 1
        first, behind = extent
        if around.flow:  # what follows the closing bracket is no member's
            behind = min(behind, self._lines.of(around.end - 1))
        for line in range(first, behind):
            self._owner[line] = (path, start)

    def _item_path(self, item: ItemNode) -> Path:
        kind = item.kind.name
        return (kind, *self.former.get((kind, item.key), item.key))


def _label(kind: str, key: Key) -> str:
    return KINDS[kind].label(dict(zip(KINDS[kind].key_fields, key, strict=True)))


def _target(kind: Kind, name: str) -> str | ObjectFilter | None:
    """Return the kind that a field refers to, or the meaning that tells which its entries do."""
    spec = kind.fields.get(name)
    if spec is None or name == CHILDREN:
        return None
    return spec.meaning if isinstance(spec.meaning, ObjectFilter) else spec.meaning.references()


def _inner_target(target: str | ObjectFilter | None, key: Node, value: Node) -> str | None:
    """Return the kind that names below a key refer to, which is in a field with this target."""
    if not isinstance(target, ObjectFilter):
        return target
    members = value.get("value")
    return target.kind_in(key.value, flat=members is not None and members.type == "list")


def comment_spans(outline: Outline) -> Iterator[tuple[int, int]]:
    """Yield where comments begin and end: `#` outside of scalars, at white space."""
    lines, ended = outline.lines, 0
    for found in _outside(outline, _COMMENT):
        line = lines.of(found.end())
        if found.start() >= ended:
            ended = lines.starts[line] + len(lines.get(line))
            yield found.end() - 1, ended


def without_tabs(outline: Outline) -> str:
    """Return the text with spaces for tabs before comments, which ruamel.yaml takes for a fault."""
    parts, at = [], 0
    for found in _outside(outline, _TAB):
        parts += [outline.text[at : found.start()], " "]
        at = found.end()
    return "".join([*parts, outline.text[at:]])


def _outside(outline: Outline, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield what a pattern finds outside of scalars."""
    scalars = sorted(_scalars(outline))
    starts = [start for start, _ in scalars]
    for found in pattern.finditer(outline.text):
        within = bisect_right(starts, found.end() - 1) - 1
        if within < 0 or found.end() - 1 >= scalars[within][1]:
            yield found


def _scalars(outline: Outline) -> Iterator[tuple[int, int]]:
    """Yield where the texts of scalars stand; the header of a block is none of it."""
    for node in outline.nodes():
        if node.type in ("scalar", "alias"):
            start = node.start
            if node.style in ("|", ">"):
                start = outline.lines.end(outline.lines.of(node.content))
            yield start, node.end
