"""Changes to a text at the places of its nodes; everything else stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from stashsync.fields.names import trim
from stashsync.fields.raw import NULLS
from stashsync.manifest.nodes import Node
from stashsync.pull.writing.blocks import CHILDREN, STEP, entry_lines, fits_block
from stashsync.pull.writing.outline import ItemNode, Outline
from stashsync.pull.writing.scalars import inline, is_plain


class ManualStepError(Exception):
    """Why a change cannot be spliced and is left to a person."""


class Splicer:
    """Collects edits of one text. Edits must not overlap; those at one place keep their order."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.text = outline.text
        self.newline = "\r\n" if "\r\n" in outline.text else "\n"
        self._edits: list[tuple[int, int, int, str]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace the text from `start` up to `end`."""
        self._edits.append((start, end, len(self._edits), text))

    def mark(self) -> int:
        """Return how many edits there are, for `undo`."""
        return len(self._edits)

    def undo(self, mark: int) -> None:
        """Drop the edits since `mark`."""
        del self._edits[mark:]

    def result(self) -> str:
        """Return the text with all edits.

        Raises:
            ManualStepError: two of them overlap.
        """
        parts, at = [], 0
        for start, end, _, text in sorted(self._edits):
            if start < at:
                raise ManualStepError("two changes are about the same place")
            parts += [self.text[at:start], text]
            at = end
        return "".join([*parts, self.text[at:]])

    # -- values ---------------------------------------------------------------------------------

    def set_field(self, item: ItemNode, name: str, value: Any) -> None:
        """Set a field of an item, present or not.

        Raises:
            ManualStepError: there is no safe place for it.
        """
        if item.node.type != "map":
            raise ManualStepError("the item is no mapping of its own")
        old = item.node.get(name)
        if old is None:
            self.add_entry(item.node, name, value, before=CHILDREN)
        else:
            self.set_value(item.node, old, value)

    def set_name(self, item: ItemNode, name: str) -> None:
        """Rename an item.

        Raises:
            ManualStepError: the item is an alias of a node elsewhere.
        """
        if item.node.type == "scalar":
            container = item.container
            self._set_scalar(item.node, name, flow=container.flow, indent=container.column)
        else:
            self.set_field(item, "name", name)

    def set_value(self, around: Node, old: Node, value: Any) -> None:
        """Replace a value of the mapping `around`."""
        if old.type in ("list", "map") and not old.flow:
            self._replace_block(around, old, value)
        elif old.type == "scalar" and isinstance(value, str):
            self._set_scalar(old, value, flow=around.flow, indent=around.column)
        else:
            text = inline(value, flow=around.flow, indent=around.column)
            self._put(old, text + self._header_comment(old))

    def _set_scalar(self, old: Node, value: str, *, flow: bool, indent: int) -> None:
        comment = self._header_comment(old)
        if old.style in ("|", ">") and not flow:
            header, *body = self.text[old.content : old.end].splitlines()
            pad = " " * (len(body[0]) - len(body[0].lstrip(" ")) if body else indent + STEP)
            lines = refolded([line.strip() for line in body], old, value)
            if not lines and "\n" in value and fits_block(value):
                header, lines = f"|-{comment}", value.split("\n")
            if lines:
                padded = [pad + line if line else "" for line in lines]
                self._put(old, self.newline.join([header, *padded]))
                return
        style = old.style if old.style in ("'", '"') else ""
        text = inline(value, flow=flow, style=style, indent=indent)
        self._put(old, text.replace("\n", self.newline) + comment)

    def _header_comment(self, old: Node) -> str:
        """Return the comment behind the indicator of a block scalar, with the space before it."""
        if old.style not in ("|", ">"):
            return ""
        header = self.text[old.content : old.end].splitlines()[0]
        at = header.find("#")
        return header[len(header[:at].rstrip()) :] if at >= 0 else ""

    def _put(self, old: Node, text: str) -> None:
        start = old.content if old.type == "scalar" else old.start
        lead = "" if start and self.text[start - 1] in " [{,\n\r" else " "
        end = old.end
        if old.style in (
            "|",
            ">",
        ):  # line breaks that a block keeps are no part of what is replaced
            end = start + len(self.text[start:end].rstrip(" \r\n"))
        self.replace(start, end, lead + text)

    def _replace_block(self, around: Node, old: Node, value: Any) -> None:
        """Replace a block collection, from the colon of its key on."""
        if old.anchor is not None:
            raise ManualStepError(f"the anchor &{old.anchor} stands here")
        position = next(n for n, (_, inner) in enumerate(around.entries) if inner is old)
        key, lines = around.entries[position][0], self.outline.lines
        start = self.text.index(":", key.end) + 1
        # What is behind the colon is a comment on the key, and stays; those within the value go.
        comment = self.text[start : lines.end(lines.of(start))].strip()
        comment = f"  {comment}" if comment.startswith("#") else ""
        new = [f"x: {inline(value, flow=around.flow)}"]
        if isinstance(value, dict | list) and value and not around.flow:
            new = list(entry_lines("x", value, around.column))
        last = self.outline.entry_extent(around, position)[1] - 1
        text = self.newline.join([new[0].partition(":")[2] + comment, *new[1:]])
        self.replace(start, lines.starts[last] + len(lines.get(last)), text)

    def add_entry(self, node: Node, name: str, value: Any, before: str | None = None) -> None:
        """Add a key to a mapping in its style, ahead of the key `before` if that is there.

        Raises:
            ManualStepError: it is no mapping with entries.
        """
        if node.type != "map" or not node.entries:
            raise ManualStepError("there is no mapping to add a key to")
        end = node.entries[-1][1].end
        if node.flow:
            self.replace(end, end, f", {inline(name, flow=True)}: {inline(value, flow=True)}")
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
        last = (position or len(node.entries)) - 1
        self.insert_lines(self.outline.entry_extent(node, last)[1], lines)

    def insert_behind(self, node: Node, lines: Sequence[str]) -> None:
        """Insert whole lines below the last line of a node."""
        self.insert_lines(self.outline.last_line(node) + 1, lines)

    def insert_lines(self, line: int, lines: Sequence[str]) -> None:
        """Insert whole lines ahead of line number `line` (from 0)."""
        known = self.outline.lines
        body = self.newline.join(lines)
        at = known.starts[line] if line < len(known) else len(self.text)
        bare = line >= len(known) and self.text and not self.text.endswith(("\n", "\r"))
        self.replace(at, at, (self.newline if bare else "") + body + self.newline)

    def remove_lines(self, first: int, behind: int) -> None:
        """Remove whole lines."""
        lines = self.outline.lines
        self.replace(lines.starts[first], lines.end(behind - 1), "")

    def remove_entry(self, node: Node, name: str) -> None:
        """Remove a key with its value and the comments on and within it.

        Raises:
            ManualStepError: it is not there, or the only key.
        """
        position = node.entry(name)
        if position is None or len(node.entries) == 1:
            raise ManualStepError(f"`{name}` cannot be taken out")
        key, value = node.entries[position]
        if node.flow and position + 1 == len(node.entries):
            self.replace(node.entries[position - 1][1].end, max(value.end, key.end + 1), "")
        elif node.flow or position == 0:
            self.replace(key.start, node.entries[position + 1][0].start, "")
        else:
            self.remove_lines(*self.outline.entry_extent(node, position))

    # -- lists and maps -------------------------------------------------------------------------

    def set_members(
        self, around: Node, name: str, wanted: Sequence[str], renamed: Mapping[str, str]
    ) -> None:
        """Set the members of the list under a key; those that stay keep their text and place.

        `renamed` has new texts of members, by their old ones.
        """
        node = around.get(name)
        assert node is not None
        if node.type != "list":
            self.set_value(around, node, list(wanted))
            return
        members = [trim(item.value) if item.type == "scalar" else None for item in node.items]
        after = [renamed.get(member, member) if member is not None else None for member in members]
        left = list(wanted)
        kept: list[int] = []
        for index, member in enumerate(after):
            if member is not None and member in left:
                left.remove(member)
                kept.append(index)
        if [after[index] for index in kept] + left != list(wanted):
            self._rebuild(node, wanted, after)
            return
        for index in kept:
            text = after[index]
            if text is not None and text != members[index]:
                self._set_scalar(node.items[index], text, flow=node.flow, indent=node.column)
        if node.flow:
            self.set_flow_members(node, kept, left)
        else:
            self._set_block_members(around, node, kept, left)

    def _rebuild(self, node: Node, wanted: Sequence[str], after: Sequence[str | None]) -> None:
        """Write the list anew in another order; members keep their text and their comments."""
        if any(text is None for text in after):
            raise ManualStepError("the list has members that are written elsewhere")
        places: dict[str, list[int]] = {}
        for place, old in enumerate(node.items):
            places.setdefault(trim(old.value), []).append(place)
        kept = [places[text].pop(0) if places.get(text) else None for text in wanted]
        if node.flow:
            texts = [
                inline(text, flow=True)
                if index is None
                else self.text[node.items[index].start : node.items[index].end]
                for index, text in zip(kept, wanted, strict=True)
            ]
            self.replace(node.content, node.end, f"[{', '.join(texts)}]")
            return
        lines = self.outline.lines
        extents = [self.outline.extent(node, place) for place in range(len(node.items))]
        found: list[str] = []
        for index, text in zip(kept, wanted, strict=True):
            if index is None:
                found.append(f"{' ' * node.column}- {inline(text, indent=node.column)}")
            else:
                found += [lines.get(number) for number in range(*extents[index])]
        last = extents[-1][1] - 1
        end = lines.starts[last] + len(lines.get(last))
        self.replace(lines.starts[extents[0][0]], end, self.newline.join(found))

    def set_flow_members(self, node: Node, kept: Sequence[int], added: Sequence[str]) -> None:
        """Keep these members of a list in brackets, by position, and add others at its end."""
        new = [inline(text, flow=True) for text in added]
        items = node.items
        if not kept:
            self.replace(node.content + 1, node.end - 1, ", ".join(new))
            return
        before = -1
        for index in kept:
            if index > before + 1:
                self.replace(items[before + 1].start, items[index].start, "")
            before = index
        tail = "".join(f", {text}" for text in new)
        if tail or before < len(items) - 1:
            self.replace(items[before].end, items[-1].end, tail)

    def _set_block_members(
        self, around: Node, node: Node, kept: Sequence[int], added: Sequence[str]
    ) -> None:
        if not kept and not added:
            self._replace_block(around, node, [])
            return
        pad = " " * node.column
        lines = [f"{pad}- {inline(text, indent=node.column)}" for text in added]
        extents = [self.outline.extent(node, index) for index in range(len(node.items))]
        if lines and not kept:
            self.insert_lines(extents[0][0], lines)
        for index, extent in enumerate(extents):
            if index not in kept:
                self.remove_lines(*extent)
        if lines and kept:
            self.insert_lines(extents[-1][1], lines)

    def set_keys(self, around: Node, name: str, changed: Mapping[str, Any]) -> None:
        """Change keys of the mapping under a key; None is written as null.

        Raises:
            ManualStepError: the mapping is written elsewhere.
        """
        node = around.get(name)
        assert node is not None
        if node.type == "scalar" and (node.value in NULLS or not node.value):
            self.set_value(around, node, dict(changed))
            return
        if node.type != "map":
            raise ManualStepError(f"`{name}` is written elsewhere")
        if not node.entries:
            self._put(node, inline(dict(changed), flow=True))
            return
        for key, value in changed.items():
            old = node.get(key)
            if old is None:
                self.add_entry(node, key, value)
            else:
                self.set_value(node, old, value)


def flow_text(text: str, value: str) -> str:
    """Return the text of a name as it can stand in brackets."""
    plain = not text.startswith(("'", '"'))
    return inline(value, flow=True) if plain and not is_plain(value, flow=True) else text


def refolded(body: Sequence[str], old: Node, value: str) -> list[str]:
    """Return the lines of a folded block with a new text, which breaks where the old one did.

    `body` are its lines; none are returned unless both texts are one paragraph.
    """
    if old.style != ">" or " ".join(body) != trim(old.value) or value != " ".join(value.split()):
        return []
    before = [(word, number) for number, line in enumerate(body) for word in line.split(" ")]
    words = value.split(" ")
    lines: list[list[str]] = [[] for _ in body]
    matcher = SequenceMatcher(None, [word for word, _ in before], words, autojunk=False)
    for _, start, end, first, behind in matcher.get_opcodes():
        for offset, word in enumerate(words[first:behind]):
            at = max(min(start + offset, end - 1), 0)  # what is inserted follows the word before
            lines[before[at][1]].append(word)
    return [" ".join(line) for line in lines if line]
