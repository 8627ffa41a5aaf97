"""The nodes of a YAML text with their exact extents, for splicing.

The reader keeps where things begin; cutting and pasting needs to know where they end. Ends
of block collections are those of their last node: the parser's own reach into comments below.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

import yaml
from msgspec import Struct, field

from stashsync.fields.raw import is_null, pack
from stashsync.manifest.events import GetEvent, check_text, open_events, refusal
from stashsync.manifest.source import FileRefused

_BREAK: Final = re.compile("\r\n|\r|\n")
_PROPERTY: Final = re.compile(r"[&!][^\s,\[\]{}]*[\s]*")
_GAP: Final = r"(?:\s|(?<=\s)#[^\r\n]*+)*+"
"""White space and comments."""
_FILLED: Final = re.compile(_GAP)
_EXPLICIT: Final = re.compile(_GAP + r"(?:[,{]" + _GAP + r")?(\?)(?=\s)")
_COLON: Final = re.compile(_GAP + r"(:)")
_CONTENT: Final = ("SequenceStart", "MappingStart", "Alias")
"""The events that are content whatever they hold; a scalar is content if it has a text."""


class Node(Struct, eq=False):
    """A node and where it stands.

    `start` and `end` are offsets in characters, `content` is `start` behind anchor and tag. `style`
    is a scalar's quote or block sign, of a collection `flow` or `block`. `column` is that of the
    start, from 0, `indent` that of the dashes of a list, or of the keys of a mapping. An entry of a
    mapping begins at `begin` of its key: where the `?` is, or the key itself.
    """

    type: str
    start: int
    end: int
    line: int
    column: int
    indent: int = 0
    content: int = 0
    begin: int = 0
    style: str = ""
    value: str = ""
    anchor: str | None = None
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[Node, Node]] = field(default_factory=list)

    @property
    def flow(self) -> bool:
        """Whether it is a collection in brackets or braces."""
        return self.style == "flow"

    @property
    def is_null(self) -> bool:
        """Whether it is null, or a value that is not there."""
        return self.type == "scalar" and not self.style and is_null(self.value)

    def get(self, key: str) -> Node | None:
        """Return the value of a key that is written here; what `<<` brings is not."""
        for name, value in self.entries:
            if name.value == key:
                return value
        return None

    def key_of(self, value: Node) -> Node:
        """Return the key of a value."""
        return next(key for key, each in self.entries if each is value)

    def entry(self, key: str) -> int | None:
        """Return the position of a key among the entries."""
        for position, (name, _) in enumerate(self.entries):
            if name.value == key:
                return position
        return None


class Lines:
    """The lines of a text by offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place; the end of the text where there is no such line."""
        return self.starts[line] + column if line < len(self.starts) else len(self.text)

    def of(self, offset: int) -> int:
        """Return the line that an offset is in."""
        return bisect_right(self.starts, offset) - 1

    def end(self, line: int) -> int:
        """Return the offset behind the line's break."""
        return self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)

    def get(self, line: int) -> str:
        """Return the line without its break."""
        return self.text[self.starts[line] : self.end(line)].rstrip("\r\n")

    def colon(self, key: Node) -> int | None:
        """Return where the colon is between a key and its value; `? key` may have none."""
        found = _COLON.match(self.text, key.end)
        return found.start(1) if found is not None else None

    def column(self, offset: int) -> int:
        """Return the column of an offset."""
        return offset - self.starts[self.of(offset)]

    def __len__(self) -> int:
        return len(self.starts)


def compose(text: str) -> tuple[list[Node], Lines]:
    """Read the root nodes of the documents of `text`, which has no byte order mark.

    Raises:
        FileRefused: it cannot be read.
    """
    data = text.encode("utf-8")
    check_text(data)
    lines = Lines(text)
    try:
        return list(_Composer(lines, open_events(data)).roots()), lines
    except yaml.YAMLError as error:
        raise refusal(error, data) from None


def is_blank(text: str) -> bool:
    """Return whether no document of `text` has content; it is read to its first content.

    Raises:
        FileRefused: it cannot be read so far.
    """
    data = text.encode("utf-8")
    check_text(data)
    get = open_events(data)
    try:
        event: Any = get()
        while _type(event) != "StreamEnd":
            if _type(event) in _CONTENT or (_type(event) == "Scalar" and event.value):
                return False
            event = get()
    except yaml.YAMLError as error:
        raise refusal(error, data) from None
    return True


def compose_again(text: str) -> tuple[list[Node], Lines]:
    """Read the same with ruamel.yaml's own parser, a reader of YAML 1.2 in its own right.

    It is not the parser that attaches comments to nodes, which refuses some places of comments.

    Raises:
        FileRefused: it cannot be read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    lines = Lines(text)
    events: Any = YAML(typ="safe", pure=True).parse(text)
    try:
        return list(_Composer(lines, events.__next__).roots()), lines
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = pack(mark.line, mark.column) if mark is not None else 0
        raise FileRefused(str(getattr(error, "problem", error)), place) from None


def dash_line(lines: Lines, container: Node, item: Node) -> int:
    """Return the line of the dash of an item of a block list; the item may begin below it."""
    line, column = lines.of(item.start), container.indent
    while line:
        text = lines.get(line)
        if text.startswith("-", column) and not text[:column].strip(" :?-"):
            break
        line -= 1
    return line


def indent_of(line: str, sign: str = "") -> int:
    """Return the indentation of a line that begins with `sign`, -1 of any other."""
    stripped = line.lstrip(" ")
    return len(line) - len(stripped) if stripped.startswith(sign) else -1


class _Composer:
    """Makes nodes of events, those of PyYAML or of ruamel.yaml."""

    def __init__(self, lines: Lines, get: GetEvent) -> None:
        self._lines = lines
        self._get = get

    def roots(self) -> Iterator[Node]:
        while True:
            event: Any = self._get()
            match _type(event):
                case "StreamEnd":
                    return
                case "StreamStart" | "DocumentStart" | "DocumentEnd":
                    continue
                case _:
                    yield self._node(event)

    def _offset(self, mark: Any) -> int:
        return self._lines.offset(mark.line, mark.column)

    def _node(self, event: Any) -> Node:
        start = self._offset(event.start_mark)
        node = Node(
            "scalar",
            start,
            self._offset(event.end_mark),
            event.start_mark.line,
            event.start_mark.column,
            anchor=event.anchor,
        )
        node.indent = node.column
        node.content = start
        kind = _type(event)
        if kind == "Alias":
            node.type = "alias"
            return node
        text = self._lines.text
        while node.content < node.end and (found := _PROPERTY.match(text, node.content)):
            if event.anchor is None and event.tag is None:
                break
            node.content = found.end()
            if node.content >= node.end and kind != "Scalar":
                break
        if kind == "Scalar":
            self._scalar(node, event)
            return node
        node.style = "flow" if event.flow_style else "block"
        if kind == "SequenceStart":
            node.type = "list"
            while _type(inner := self._get()) != "SequenceEnd":
                node.items.append(self._node(inner))
            last = node.items[-1].end if node.items else node.end
        else:
            node.type = "map"
            while _type(inner := self._get()) != "MappingEnd":
                key = self._node(inner)
                value = self._node(self._get())
                before = node.entries[-1][1].end if node.entries else node.content
                self._entry(key, value, before)
                node.entries.append((key, value))
            last = node.entries[-1][1].end if node.entries else node.end
        node.end = self._offset(inner.end_mark) if node.flow else max(last, node.start)
        if node.content != node.start and not node.flow:  # its anchor is on another line
            found = _FILLED.match(self._lines.text, node.content)
            node.indent = self._lines.column(found.end() if found is not None else node.content)
        return node

    def _entry(self, key: Node, value: Node, before: int) -> None:
        """Find the `?` of an entry of a mapping, and the place of a value that is not there."""
        lines = self._lines
        key.begin = key.start
        if lines.text.find("?", before, key.start) >= 0:
            found = _EXPLICIT.match(lines.text, before, key.start)
            key.begin = found.start(1) if found is not None else key.start
        if value.type == "scalar" and value.start == value.end:
            colon = lines.colon(key)
            place = key.end if colon is None else colon + 1
            value.start = value.end = value.content = place
            value.line, value.column = lines.of(place), lines.column(place)

    def _scalar(self, node: Node, event: Any) -> None:
        text = self._lines.text
        node.style = event.style or ""
        node.value = event.value
        if node.style in ("|", ">"):
            header = self._lines.get(self._lines.of(node.content))
            keeps = "+" in header[node.content - self._lines.starts[node.line] :][:3]
            if not keeps:
                node.end = node.content + len(text[node.content : node.end].rstrip(" \r\n"))
        node.content = min(node.content, node.end)


def _type(event: Any) -> str:
    """Return the type of an event, which both libraries call by the same name."""
    kind = event.__class__
    found = _TYPES.get(kind)
    if found is None:
        found = _TYPES[kind] = kind.__name__.removesuffix("Event")
    return found


_TYPES: Final[dict[type, str]] = {}
