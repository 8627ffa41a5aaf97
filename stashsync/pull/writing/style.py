"""The canonical style: two spaces a level, quotes only where they are needed, no stray spaces.

Only white space, quotes and the spacing of lists on one line change. Order, comments, blank lines,
anchors, and which lists stand in brackets are the author's. Nothing is dumped anew.

    children:                     children:
    - name:  "Wide shot"             - name: Wide shot
      aliases: [ Long,Far ]   ──▶      aliases: [Long, Far]
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from stashsync.manifest.nodes import Lines, Node, compose, dash_line
from stashsync.pull.writing.blocks import STEP
from stashsync.pull.writing.scalars import is_plain, single


def formatted(text: str) -> str:
    """Return `text`, which has no byte order mark, in canonical style. Line ends are kept.

    Raises:
        Refused: it cannot be read.
    """
    return _indented(_respelled(text))


# -- quotes and brackets --------------------------------------------------------------------------


def _respelled(text: str) -> str:
    roots, lines = compose(text)
    edits = sorted(edit for root in roots for edit in _spellings(text, lines, root, flow=False))
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _spellings(
    text: str, lines: Lines, node: Node, *, flow: bool
) -> Iterator[tuple[int, int, str]]:
    if node.flow and lines.of(node.start) == lines.of(node.end):
        new = _spelled(text, node, flow=flow)
        if new != text[node.start : node.end]:
            yield node.start, node.end, new
        return
    if node.type == "scalar" and node.style in ("'", '"'):
        new = _scalar(text, node, flow=flow)
        if new != text[node.content : node.end]:
            yield node.content, node.end, new
    for key, value in node.entries if not node.flow else ():
        colon = text[key.end : value.start]
        if colon[:1] == ":" and len(colon) > 2 and not colon[1:].strip(" "):
            yield key.end, value.start, ": "
    for inner in [*node.items, *(inner for pair in node.entries for inner in pair)]:
        yield from _spellings(text, lines, inner, flow=flow or node.flow)


def _scalar(text: str, node: Node, *, flow: bool) -> str:
    """Return a quoted text with as few quotes as it can have."""
    written = text[node.content : node.end]
    if "\n" in written or "\r" in written:
        return written
    if is_plain(node.value, flow=flow):
        return node.value
    return single(node.value) if node.value.isprintable() else written


def _spelled(text: str, node: Node, *, flow: bool) -> str:
    """Return a node on one line."""
    head = text[node.start : node.content]
    if node.type == "scalar" and node.style in ("'", '"'):
        return head + _scalar(text, node, flow=flow)
    if node.type == "list" and node.flow:
        return (
            head + "[" + ", ".join(_spelled(text, inner, flow=True) for inner in node.items) + "]"
        )
    if node.type == "map" and node.flow:
        parts = [_entry(text, key, value) for key, value in node.entries]
        return head + "{" + ", ".join(parts) + "}"
    return text[node.start : node.end]


def _entry(text: str, key: Node, value: Node) -> str:
    shown, given = _spelled(text, key, flow=True), _spelled(text, value, flow=True)
    is_asked = key.start == key.end or key.begin != key.start
    if not (is_asked or given or text[key.end :].lstrip().startswith(":")):
        return shown  # a name alone
    colon = " :" if is_asked or key.type == "alias" else ":"
    return f"{'? ' if is_asked else ''}{shown}{colon} {given}"


# -- indentation ----------------------------------------------------------------------------------


class _Line(Struct):
    """A line: how far it moves, and whether it is inside of a scalar."""

    shift: int | None = None
    scalar: bool = False
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Columns of the spaces behind a dash, `?` or colon, where there is more than one."""


def _indented(text: str) -> str:
    roots, lines = compose(text)
    known = [_Line() for _ in range(len(lines))]
    for root in roots:
        if not root.flow and root.type == "map":
            _place(lines, known, root, 0)
    _comments(lines, known)
    out = []
    for number, line in enumerate(known):
        start, end = lines.starts[number], lines.end(number)
        whole = text[start:end]
        body = whole.rstrip("\r\n")
        ending = whole[len(body) :]
        for begin, behind in sorted(line.gaps, reverse=True):
            body = body[:begin] + " " + body[behind:]
        stripped = body.lstrip(" ")
        if not line.scalar:
            stripped = stripped.rstrip(" \t")
        depth = len(body) - len(body.lstrip(" ")) + (line.shift or 0)
        out.append((" " * max(depth, 0) + stripped if stripped.strip() else stripped) + ending)
    joined = "".join(out)
    newline = "\r\n" if "\r\n" in text else "\n"
    return joined if joined.endswith(("\n", "\r")) or not joined else joined + newline


def _place(lines: Lines, known: list[_Line], node: Node, column: int) -> None:
    """Move a block collection to `column`, and everything in it accordingly."""
    old = node.indent
    if node.type == "map":
        for key, value in node.entries:
            first, colon = lines.of(key.begin), lines.colon(key)
            _shift(known, first, _last(lines, value), column - old)
            _close_gap(lines, known, key.begin + 1, key.start)
            if colon is not None:
                _close_gap(lines, known, colon + 1, value.start)
            _scalar_lines(lines, known, value)
            _place_within(lines, known, value, column, column - old, colon)
        return
    for item in node.items:
        dash = dash_line(lines, node, item)
        _shift(known, dash, _last(lines, item), column - old)
        _scalar_lines(lines, known, item)
        at = lines.starts[dash] + old
        _close_gap(lines, known, at + 1, item.start)
        _place_within(lines, known, item, column, column - old, at)


def _place_within(
    lines: Lines, known: list[_Line], node: Node, column: int, shift: int, sign: int | None
) -> None:
    """Move a collection in a list or mapping at `column`; its first line may be that of a sign."""
    if node.type in ("map", "list") and not node.flow:
        _place(lines, known, node, column + STEP)
        if sign is not None and lines.of(sign) == lines.of(node.start):
            known[lines.of(sign)].shift = shift


def _close_gap(lines: Lines, known: list[_Line], start: int, end: int) -> None:
    """Leave one space between a sign and what follows it on its line."""
    line = lines.of(start)
    between = lines.text[start:end]
    if len(between) > 1 and not between.strip(" "):
        known[line].gaps.append((start - lines.starts[line], end - lines.starts[line]))


def _last(lines: Lines, node: Node) -> int:
    return lines.of(max(node.end - 1, node.start))


def _shift(known: list[_Line], first: int, last: int, shift: int) -> None:
    for line in range(first, last + 1):
        known[line].shift = shift


def _scalar_lines(lines: Lines, known: list[_Line], node: Node) -> None:
    if node.type == "scalar":
        for line in range(lines.of(node.start) + 1, _last(lines, node) + 1):
            known[line].scalar = True
        if node.style in ("|", ">"):
            known[lines.of(node.start)].scalar = False


def _comments(lines: Lines, known: list[_Line]) -> None:
    """Move comment lines with the next line of their indentation: below them, or else above."""
    for number in range(len(lines)):
        text = lines.get(number)
        if known[number].scalar or not text.lstrip(" ").startswith("#"):
            continue
        depth = len(text) - len(text.lstrip(" "))
        known[number].shift = _shift_at(lines, known, number, depth)


def _shift_at(lines: Lines, known: list[_Line], number: int, depth: int) -> int:
    for step in (1, -1):
        line = number + step
        while 0 <= line < len(lines):
            text = lines.get(line)
            comment = text.lstrip(" ").startswith("#")
            if text.strip() and not comment and not known[line].scalar:
                here = len(text) - len(text.lstrip(" "))
                if here == depth:
                    return known[line].shift or 0
                if step == 1 or here < depth:
                    break
            line += step
    line = number - 1
    while line >= 0 and (not lines.get(line).strip() or known[line].shift is None):
        line -= 1
    return (known[line].shift or 0) if line >= 0 else 0
