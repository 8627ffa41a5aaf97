"""Changes to a text at the places of its nodes; everything else stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stashsync.fields.names import trim
from stashsync.fields.raw import NULLS
from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import STEP, entry_lines, fits_block
from stashsync.pull.writing.outline import Outline, Spot
from stashsync.pull.writing.scalars import inline, is_plain


class Hand(Exception):
    """Why a change cannot be spliced: somebody has to make it by hand."""


class Splicer:
    """Collects edits of one text. Edits must not overlap; those at one place keep their order."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.text = outline.text
        self.newline = "\r\n" if "\r\n" in outline.text else "\n"
        self._edits: list[tuple[int, int, int, str]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Put `text` in place of what stands from `start` up to `end`."""
        self._edits.append((start, end, len(self._edits), text))

    def mark(self) -> int:
        """How many edits there are, to go back to with `undo`."""
        return len(self._edits)

    def undo(self, mark: int) -> None:
        """Forget the edits since `mark`."""
        del self._edits[mark:]

    def result(self) -> str:
        """The text with all edits.

        Raises:
            Hand: two of them are about the same place.
        """
        parts, at = [], 0
        for start, end, _, text in sorted(self._edits):
            if start < at:
                raise Hand("two changes are about the same place")
            parts += [self.text[at:start], text]
            at = end
        return "".join([*parts, self.text[at:]])

    # -- values ---------------------------------------------------------------------------------

    def set_field(self, spot: Spot, name: str, value: Any) -> None:
        """Give a field of an item this value, whatever it was.

        Raises:
            Hand: there is no safe place for it.
        """
        node = _mapping(spot)
        old = node.get(name)
        if old is None:
            self.add_entry(node, name, value, before="children")
        else:
            self.set_value(node, old, value)

    def set_name(self, spot: Spot, name: str) -> None:
        """Give an item another name.

        Raises:
            Hand: the item is written elsewhere.
        """
        if spot.node.type == "scalar":
            self._set_scalar(spot.node, name, flow=spot.home.flow, indent=spot.home.column)
        else:
            self.set_field(spot, "name", name)

    def set_value(self, around: Node, old: Node, value: Any) -> None:
        """Put a value in the place of a value of the mapping `around`."""
        if old.type in ("list", "map") and not old.flow:
            if isinstance(value, dict | list) and value and not around.flow:
                self._replace_block(around, old, value)
            else:
                self._replace_collection(around, old, inline(value, flow=around.flow))
        elif old.type == "scalar" and isinstance(value, str):
            self._set_scalar(old, value, flow=around.flow, indent=around.column)
        else:
            text = inline(value, flow=around.flow, indent=around.column)
            self._put(old, text + self._header_comment(old))

    def _set_scalar(self, old: Node, value: str, *, flow: bool, indent: int) -> None:
        comment = self._header_comment(old)
        if old.style in ("|", ">") and not flow and "\n" in value and fits_block(value):
            pad = " " * (indent + STEP)
            lines = [pad + line if line else "" for line in value.split("\n")]
            self._put(old, self.newline.join([f"|-{comment}", *lines]))
            return
        style = old.style if old.style in ("'", '"') else ""
        text = inline(value, flow=flow, style=style, indent=indent)
        self._put(old, text.replace("\n", self.newline) + comment)

    def _header_comment(self, old: Node) -> str:
        """The comment behind the sign of a block, with the space before it."""
        if old.style not in ("|", ">"):
            return ""
        header = self.text[old.content : old.end].splitlines()[0]
        at = header.find("#")
        return header[len(header[:at].rstrip()) :] if at >= 0 else ""

    def _put(self, old: Node, text: str) -> None:
        start = old.content if old.type == "scalar" else old.start
        lead = "" if start and self.text[start - 1] in " [{,\n\r" else " "
        self.replace(start, old.end, lead + text)

    def _replace_collection(self, around: Node, old: Node, text: str) -> None:
        """Put one line in the place of a block collection, behind its key's colon."""
        key = next(name for name, value in around.entries if value is old)
        colon = self.text.index(":", key.end)
        if old.anchor is not None:
            raise Hand(f"the anchor &{old.anchor} stands here")
        self.replace(colon + 1, old.end, f" {text}")

    def _replace_block(self, around: Node, old: Node, value: Any) -> None:
        key = next(name for name, inner in around.entries if inner is old)
        if old.anchor is not None:
            raise Hand(f"the anchor &{old.anchor} stands here")
        lines = list(entry_lines("x", value, around.column))
        tail = lines[0].partition(":")[2]
        colon = self.text.index(":", key.end)
        self.replace(colon + 1, old.end, self.newline.join([tail, *lines[1:]]))

    def add_entry(self, node: Node, name: str, value: Any, before: str | None = None) -> None:
        """Add a key to a mapping, in its style; in front of the key `before` if that is there."""
        if node.type != "map" or not node.entries:
            raise Hand("there is no mapping to add a key to")
        if node.flow:
            text = f"{inline(name, flow=True)}: {inline(value, flow=True)}"
            self.replace(node.entries[-1][1].end, node.entries[-1][1].end, f", {text}")
            return
        position = node.entry(before) if before else None
        column = node.entries[0][0].column
        lines = list(entry_lines(name, value, column))
        if position == 0:
            # The first key may share its line with the dash: the new one goes in front of it.
            start = node.entries[0][0].start
            body = self.newline.join(lines)[column:]
            self.replace(start, start, body + self.newline + " " * column)
            return
        last = node.entries[(position or len(node.entries)) - 1][1]
        self.insert_lines(self.outline.last_line(last) + 1, lines)

    def insert_lines(self, line: int, lines: Sequence[str]) -> None:
        """Put whole lines in front of line number `line` (from 0)."""
        known = self.outline.lines
        body = self.newline.join(lines)
        if line < len(known):
            at = known.starts[line]
            self.replace(at, at, body + self.newline)
        else:
            at = len(self.text)
            bare = bool(self.text) and not self.text.endswith(("\n", "\r"))
            self.replace(at, at, (self.newline if bare else "") + body + self.newline)

    def remove_entry(self, node: Node, name: str) -> None:
        """Take a key out of a mapping, with its value and the comments behind and within it.

        Raises:
            Hand: it is the only key, or others are written within it.
        """
        position = node.entry(name)
        if position is None or len(node.entries) == 1:
            raise Hand(f"`{name}` cannot be taken out")
        key, value = node.entries[position]
        if node.flow:
            if position + 1 < len(node.entries):
                self.replace(key.start, node.entries[position + 1][0].start, "")
            else:
                self.replace(node.entries[position - 1][1].end, max(value.end, key.end + 1), "")
        elif position == 0:
            self.replace(key.start, node.entries[1][0].start, "")
        else:
            lines = self.outline.lines
            first, last = lines.of(key.start), self.outline.last_line(value)
            self.replace(lines.starts[first], lines.end(last), "")

    # -- lists and maps -------------------------------------------------------------------------

    def set_members(
        self, around: Node, name: str, wanted: Sequence[str], renamed: Mapping[str, str]
    ) -> None:
        """Let the list under a key have these members: those that stay keep their text and place.

        `renamed` has new texts of members, by their old ones.
        """
        node = around.get(name)
        assert node is not None
        if node.type != "list":
            self.set_value(around, node, list(wanted))
            return
        members = [trim(one.value) if one.type == "scalar" else None for one in node.items]
        after = [renamed.get(one, one) if one is not None else None for one in members]
        left = list(wanted)
        kept: list[int] = []
        for index, one in enumerate(after):
            if one is not None and one in left:
                left.remove(one)
                kept.append(index)
        if [after[index] for index in kept] + left != list(wanted):
            self._rebuild(node, wanted, after)
            return
        for index in kept:
            text = after[index]
            if text is not None and text != members[index]:
                self._set_scalar(node.items[index], text, flow=node.flow, indent=node.column)
        if node.flow:
            self.flow_members(node, kept, left)
        else:
            self._block_members(around, node, kept, left)

    def _rebuild(self, node: Node, wanted: Sequence[str], after: Sequence[str | None]) -> None:
        """Write the list anew, in another order; members keep their text."""
        if any(one is None for one in after):
            raise Hand("the list has members that are written elsewhere")
        texts = []
        for one in wanted:
            known = after.index(one) if one in after else None
            old = node.items[known] if known is not None else None
            same = old is not None and trim(old.value) == one
            texts.append(
                self.text[old.start : old.end]
                if same and old is not None
                else inline(one, flow=node.flow)
            )
        if node.flow:
            self.replace(node.content, node.end, "[" + ", ".join(texts) + "]")
        else:
            pad = " " * node.column
            body = self.newline.join(f"{pad}- {text}" for text in texts)
            self.replace(node.items[0].start - 2, node.end, body[node.column :])

    def flow_members(self, node: Node, kept: Sequence[int], added: Sequence[str]) -> None:
        """Keep these members of a list in brackets, by position, and add others at its end."""
        new = [inline(one, flow=True) for one in added]
        items = node.items
        if not kept:
            self.replace(node.content + 1, node.end - 1, ", ".join(new))
            return
        here = set(kept)
        index = 0
        while index < kept[-1]:
            if index in here:
                index += 1
                continue
            following = next(one for one in kept if one > index)
            self.replace(items[index].start, items[following].start, "")
            index = following
        tail = "".join(f", {text}" for text in new)
        end = items[-1].end if kept[-1] < len(items) - 1 else items[kept[-1]].end
        if tail or end != items[kept[-1]].end:
            self.replace(items[kept[-1]].end, end, tail)

    def _block_members(
        self, around: Node, node: Node, kept: Sequence[int], added: Sequence[str]
    ) -> None:
        if not kept and not added:
            self._replace_collection(around, node, "[]")
            return
        pad = " " * node.column
        lines = [f"{pad}- {inline(one, indent=node.column)}" for one in added]
        if not kept:
            first, _ = self.outline.extent(node, 0)
            self.insert_lines(first, lines)
            lines = []
        for index in range(len(node.items)):
            if index not in kept:
                self.remove_lines(*self.outline.extent(node, index))
        if lines:
            self.insert_lines(self.outline.extent(node, len(node.items) - 1)[1], lines)

    def remove_lines(self, first: int, behind: int) -> None:
        """Take whole lines out."""
        lines = self.outline.lines
        self.replace(lines.starts[first], lines.end(behind - 1), "")

    def set_keys(self, around: Node, name: str, changed: Mapping[str, Any]) -> None:
        """Change keys of the mapping under a key; None is written as null."""
        node = around.get(name)
        assert node is not None
        if node.type == "scalar" and (node.value in NULLS or not node.value):
            self.set_value(around, node, dict(changed))
            return
        if node.type != "map":
            raise Hand(f"`{name}` is written elsewhere")
        if not node.entries:
            self._put(node, inline(dict(changed), flow=True))
            return
        for key, value in changed.items():
            old = node.get(key)
            if old is None:
                self.add_entry(node, key, value)
            else:
                self.set_value(node, old, value)


def _mapping(spot: Spot) -> Node:
    if spot.node.type != "map":
        raise Hand("the item is no mapping of its own")
    return spot.node


def flow_text(text: str, value: str) -> str:
    """The text of a name as it can stand in brackets."""
    plain = not text.startswith(("'", '"'))
    return inline(value, flow=True) if plain and not is_plain(value, flow=True) else text
