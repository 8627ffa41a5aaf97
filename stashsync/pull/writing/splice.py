"""Changes to a text at the places of its nodes; everything else stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stashsync.fields.names import trim
from stashsync.manifest.nodes import Node
from stashsync.pull.writing.anchors import drop_anchor
from stashsync.pull.writing.blocks import CHILDREN, STEP, entry_lines, fits_block
from stashsync.pull.writing.edits import ManualStepError
from stashsync.pull.writing.folding import refolded
from stashsync.pull.writing.lists import ListEdits
from stashsync.pull.writing.outline import ItemNode, Outline
from stashsync.pull.writing.scalars import inline

_COMMENT: Final = re.compile(r"[ \t]*(?:[&!]\S+[ \t]+)*(#[^\r\n]*)")
"""A comment behind a colon, perhaps with an anchor before it."""
_HEADER: Final = re.compile(r"[|>](?=[-+]?(\d?))\d?([-+]?)")
"""The sign of a block scalar, with its digit and the sign of its end in either order."""
_STANDS_IN: Final = re.compile(r"!(?:env|secret)\s")


class Splicer(ListEdits):
    """Collects edits of one text, by what they are about."""

    def __init__(self, outline: Outline) -> None:
        super().__init__(outline)
        self._leaving: list[tuple[int, Node]] = []
        """Nodes whose value others are not to share any more, and the edits before that."""

    def leave(self, node: Node) -> None:
        """Let a node with an anchor change alone: what its aliases stand for stays as it is."""
        self._leaving.append((self.mark(), node))

    def leave_if_shared(self, node: Node) -> None:
        """Do the same with a node that others may share."""
        if self.outline.is_shared(node):
            self.leave(node)

    def undo(self, mark: int) -> None:
        """Drop everything since `mark`."""
        self._leaving = [each for each in self._leaving if each[0] < mark]
        super().undo(mark)

    def result(self) -> str:
        """Return the text with all edits.

        Raises:
            ManualStepError: two of them overlap.
        """
        for _, node in self._leaving:
            drop_anchor(self, node)
        self._leaving.clear()
        return super().result()

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
            self._set_scalar(item.node, name, flow=container.flow, indent=container.indent)
        else:
            self.set_field(item, "name", name)

    def set_value(self, around: Node, old: Node, value: Any, *, exact: bool = False) -> None:
        """Replace a value of the mapping `around`; `exact` if white space at its end counts."""
        if self.outline.lines.colon(around.key_of(old)) is None:
            self.put_value(around, old, inline(value, flow=True))
        elif old.flow and old.type == "list" and value == []:
            self.clear_brackets(old)
        elif old.type in ("list", "map") and not old.flow:
            self._replace_block(around, old, value)
        elif old.type == "scalar" and isinstance(value, str):
            self._set_scalar(old, value, flow=around.flow, indent=around.indent, exact=exact)
        else:
            text = inline(value, flow=around.flow, indent=around.indent)
            self._put(old, text + self._header_comment(old))

    def put_value(self, around: Node, old: Node, text: str) -> None:
        """Replace a value of the mapping `around`, or one that is not there, by a text."""
        key = around.key_of(old)
        if self.outline.lines.colon(key) is not None:
            self._put(old, text)
        elif around.flow:  # a name in braces
            self.replace(key.end, key.end, f": {text}")
        else:  # `? key` alone
            self.replace(key.end, key.end, f"{self.newline}{' ' * around.indent}: {text}")

    def _set_scalar(
        self, old: Node, value: str, *, flow: bool, indent: int, exact: bool = False
    ) -> None:
        if old.style in ("|", ">") and not flow:
            lines = self._block(old, value, indent, exact=exact)
            if lines:
                self._put(old, self.newline.join(lines))
                return
        style = old.style if old.style in ("'", '"') else ""
        text = inline(value, flow=flow, style=style, indent=indent)
        self._put(old, text.replace("\n", self.newline) + self._header_comment(old))

    def _block(self, old: Node, value: str, indent: int, *, exact: bool) -> list[str]:
        """Return the lines of a block scalar with a new text; none if such a block cannot have it.

        Its sign, digit, indentation and comment stay; if the text ends otherwise, it shows that.
        """
        text = value.removesuffix("\n") if exact else value
        header, *body = self.text[old.content : old.end].splitlines()
        if not fits_block(text):
            return []
        lines, style = text.split("\n"), old.style
        if style == ">":
            folded = refolded([line.strip() for line in body], old.value, text)
            lines, style = folded or lines, ">" if folded else "|"
        sign = _HEADER.match(header)
        digit, end = sign.groups() if sign is not None else ("", "")
        if exact:
            end = "" if text != value else "-"
        if old.value[:1] in (" ", "\n") or not body:
            digit = ""
        column = len(body[0]) - len(body[0].lstrip(" ")) if body else indent + STEP
        padded = [" " * column + line if line else "" for line in lines]
        return [f"{style}{digit}{end}{self._header_comment(old)}", *padded]

    def _header_comment(self, old: Node) -> str:
        """Return the comment behind the indicator of a block scalar, with the space before it."""
        if old.style not in ("|", ">"):
            return ""
        header = self.text[old.content : old.end].splitlines()[0]
        at = header.find("#")
        return header[len(header[:at].rstrip()) :] if at >= 0 else ""

    def _put(self, old: Node, text: str) -> None:
        if _STANDS_IN.search(self.text, old.start, old.content):
            raise ManualStepError("`!env` or `!secret` stands here")
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
        position = next(n for n, (_, inner) in enumerate(around.entries) if inner is old)
        lines = self.outline.lines
        start = (lines.colon(around.entries[position][0]) or 0) + 1
        # What is behind the colon is a comment on the key, and stays; those within the value go.
        found = _COMMENT.match(self.text, start)
        comment = f"  {found[1]}" if found is not None else ""
        new = [f"x: {inline(value, flow=around.flow)}"]
        if isinstance(value, dict | list) and value and not around.flow:
            new = list(entry_lines("x", value, around.indent))
        last = self.outline.entry_extent(around, position)[1] - 1
        text = self.newline.join([new[0].partition(":")[2] + comment, *new[1:]])
        self.replace(start, lines.starts[last] + len(lines.get(last)), text)

    def clear_section(self, items: Node) -> None:
        """Empty the list of a section; what belongs to it and its members goes."""
        for root in self.outline.roots:
            if any(value is items for _, value in root.entries):
                self.set_value(root, items, [])

    def add_entry(self, node: Node, name: str, value: Any, before: str | None = None) -> None:
        """Add a key to a mapping in its style, ahead of the key `before` if that is there.

        Raises:
            ManualStepError: it is no mapping with entries.
        """
        if node.type != "map" or not node.entries:
            raise ManualStepError("there is no mapping to add a key to")
        if node.flow:
            self.add_in_braces(node, f"{inline(name, flow=True)}: {inline(value, flow=True)}")
            return
        position = node.entry(before) if before else None
        column = node.indent
        lines = list(entry_lines(name, value, column))
        start = node.entries[0][0].begin
        if position == 0 and self.outline.is_behind(self.outline.lines.of(start), column):
            # The first key shares its line with the dash: the new one goes in front of it.
            body = self.newline.join(lines)[column:]
            self.replace(start, start, body + self.newline + " " * column)
            return
        if position == 0:
            self.insert_lines(self.outline.entry_extent(node, 0)[0], lines)
            return
        last = (position or len(node.entries)) - 1
        self.insert_lines(self.outline.entry_extent(node, last)[1], lines)

    def add_in_braces(self, node: Node, text: str) -> None:
        """Add an entry to a mapping in braces."""
        if node.entries:
            self.append_flow(self.outline.as_list(node), text)
        else:
            self.clear_brackets(node, text)

    def remove_entry(self, node: Node, name: str) -> None:
        """Remove a key with its value and the comments on and within it.

        Raises:
            ManualStepError: it is not there, or the only key.
        """
        position = node.entry(name)
        if position is None or len(node.entries) == 1:
            raise ManualStepError(f"`{name}` cannot be taken out")
        key, _ = node.entries[position]
        if node.flow:
            others = [n for n in range(len(node.entries)) if n != position]
            self.set_flow_members(self.outline.as_list(node), others, [])
        elif position == 0 and self.outline.is_behind(self.outline.lines.of(key.begin), key.column):
            end = node.entries[position + 1][0].begin
            start, lines = key.begin, self.outline.lines
            last = self.outline.entry_extent(node, position)[1] - 1
            if "#" in self.text[lines.end(last) : end]:
                # Comments come before the next key: the dash stands alone.
                start = len(self.text[:start].rstrip(" "))
                end = lines.starts[last] + len(lines.get(last))
            self.replace(start, end, "")
        else:
            self.remove_lines(*self.outline.entry_extent(node, position))

    def named_by(self, member: Node, part: str) -> Node:
        """Return the node that names a member: itself, or the value under its key `part`."""
        named = _naming(member, part)
        return self.outline.meant(named) or named

    # -- lists ----------------------------------------------------------------------------------

    def set_members(
        self,
        around: Node,
        name: str,
        wanted: Sequence[Any],
        renamed: Mapping[str, str],
        part: str = "",
    ) -> None:
        """Set the members of the list under a key; those that stay keep their text and place.

        `renamed` has new texts of members, by their old ones. A member that is a mapping is
        named under its key `part`; what else it is to have replaces what is written of that.
        """
        node = around.get(name)
        assert node is not None
        if node.type != "list":
            self.set_value(around, node, list(wanted))
            return
        named = [self.named_by(item, part) for item in node.items]
        members = [trim(item.value) if item.type == "scalar" else None for item in named]
        after = [renamed.get(member, member) if member is not None else None for member in members]
        texts = [each[part] if isinstance(each, dict) else each for each in wanted]
        places, before = dict[int, int](), list(after)
        """The old places of members that stay, by the new ones."""
        for place, text in enumerate(texts):
            if text in before:
                places[place] = before.index(text)
                before[places[place]] = None
        mark = self.mark()
        for place, index in places.items():
            self.change_member(node, node.items[index], texts[place], wanted[place], part)
        kept = sorted(places.values())
        added = [each for place, each in enumerate(wanted) if place not in places]
        if [*places] != [*range(len(kept))] or [*places.values()] != kept:
            if None in after:
                raise ManualStepError("the list has members that are written elsewhere")
            order = [places.get(place, each) for place, each in enumerate(wanted)]
            self.rebuild(node, order, self.take(mark))
        elif node.flow:
            self.set_flow_members(node, kept, added)
        else:
            self._set_block_members(around, node, kept, added)

    def change_member(
        self, node: Node, member: Node, text: str, wanted: Any = None, part: str = ""
    ) -> None:
        """Give a member of a list another name, and other values if it is a mapping."""
        name = _naming(member, part)
        if name.type != "alias" and trim(name.value) != text:  # an alias follows what it is of
            within = member if name is not member else node
            self._set_scalar(name, text, flow=within.flow, indent=within.indent)
        for key, value in wanted.items() if isinstance(wanted, dict) else ():
            old = member.get(key)
            known = self.outline.meant(old)
            if key != part and old and (known is None or trim(known.value) != (value or "")):
                self.set_value(member, old, value)

    def _set_block_members(
        self, around: Node, node: Node, kept: Sequence[int], added: Sequence[Any]
    ) -> None:
        if kept or added:
            self.set_members_by_line(node, kept, [self.member_line(node, text) for text in added])
        else:
            self._replace_block(around, node, [])


def _naming(member: Node, part: str) -> Node:
    return (member.get(part) if member.type == "map" else None) or member
