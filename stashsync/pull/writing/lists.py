"""Edits of lists: block lists, and lists in brackets, on one line or one member a line.

Members take their comments along (`Outline.extent`), also in brackets if each begins its own line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stashsync.manifest.nodes import Node, dash_line
from stashsync.pull.writing.blocks import STEP
from stashsync.pull.writing.edits import Edit, TextEdits
from stashsync.pull.writing.gaps import Gaps
from stashsync.pull.writing.scalars import inline


class ListEdits(TextEdits):
    """Collects edits of one text, those of its lists among them."""

    def clear_brackets(self, node: Node, new: str = "") -> None:
        """Replace the members of a list in brackets; a comment behind the first bracket stays."""
        if not (node.items or new):
            return
        lines, start, end = self.outline.lines, node.content + 1, node.end - 1
        line, column = lines.of(start), lines.column(end)
        head = self.text[start : lines.starts[line] + len(lines.get(line))]
        if head.strip().startswith("#"):
            start += len(head)
            if new or lines.get(lines.of(end))[:column].strip():
                column = node.items[0].column if node.items else column
            new = self.newline + " " * column + new
        self.replace(start, end, new)

    def rebuild(self, node: Node, order: Sequence[Any], edits: Sequence[Edit]) -> None:
        """Write the list anew in another order; members keep their text and their comments.

        `order` has the old place of each member, or the content of a new one; `edits` are those
        of the members.
        """
        if not self.by_line(node):
            self._rebuild_brackets(node, order, edits)
            return
        lines = self.outline.lines
        extents = self.extents(node)
        found: list[str] = []
        for each in order:
            if isinstance(each, int):
                found += self._with_comma(node, each, range(*extents[each]), edits)
            else:
                found.append(self.member_line(node, each))
        last = extents[-1][1] - 1
        end = lines.starts[last] + len(lines.get(last))
        start = lines.starts[extents[0][0]]
        if self.begins_behind(node):
            start = self._behind_sign(start + node.indent)
            found.insert(0, "")
        self.replace(start, end, self.newline.join(found))

    def _rebuild_brackets(self, node: Node, order: Sequence[Any], edits: Sequence[Edit]) -> None:
        """Write a list in brackets in another order; with comments it has one member a line."""
        opening, alone = self.comments_in(node, node)
        texts, found = list[str](), list[str]()
        for each in order:
            above, comment, below = list[str](), "", list[str]()
            text = inline(each, flow=True) if not isinstance(each, int) else ""
            if isinstance(each, int):
                above, comment, below = self._comments_of(node, each)
                text = self.changed(node.items[each].start, node.items[each].end, edits)
            texts.append(text)
            found += [*above, f"{text},  {comment}".rstrip(), *below]
        if not (opening or alone or any("#" in line for line in found)):
            self.replace(node.content, node.end, f"[{', '.join(texts)}]")
            return
        column = node.items[0].column
        pad = self.newline + " " * column
        begins = pad if opening or found[0].startswith("#") else ""
        whole = [f"[{f'  {opening}' if opening else ''}{begins}{found[0]}", *found[1:], *alone]
        self.replace(node.content, node.end, f"{pad.join(whole)}{pad[:-1]}]")

    def comments_in(self, node: Node, listed: Node) -> tuple[str, list[str]]:
        """Return the comment behind an opening bracket, and those that are no member's."""
        lines = self.outline.lines
        first, last = lines.of(node.content), lines.of(node.end - 1)
        owned = {number for extent in self.extents(listed) for number in range(*extent)}
        behind = lines.get(first)[lines.column(node.content) + 1 :].strip() if first < last else ""
        alone = [lines.get(number).strip() for number in range(first + 1, last)]
        return behind if behind.startswith("#") else "", [
            text
            for number, text in enumerate(alone, first + 1)
            if number not in owned and text.startswith("#")
        ]

    def append_flow(self, node: Node, text: str) -> None:
        """Append members, written for brackets, to a list in brackets that has some."""
        lines, last = self.outline.lines, node.items[-1]
        if self.outline.last_line(last) < lines.of(node.end - 1):
            whole = lines.get(lines.of(last.start))
            indent = len(whole) - len(whole.lstrip(" "))
            self.set_members_by_line(node, range(len(node.items)), [f"{' ' * indent}{text},"])
        else:
            self.replace(last.end, last.end, f", {text}")

    def by_line(self, node: Node) -> bool:
        """Whether each member of a list begins its own line; those of block lists do."""
        lines = self.outline.lines
        return not node.flow or (
            lines.of(node.start) < lines.of(node.end - 1)
            and lines.of(node.items[-1].end - 1) < lines.of(node.end - 1)
            and all(
                not lines.get(lines.of(item.start))[: item.column].strip() for item in node.items
            )
        )

    def member_line(self, node: Node, new: Any) -> str:
        """Return the line of a new member of a list, each of whose members begins one."""
        if node.flow:
            return f"{' ' * node.items[0].column}{inline(new, flow=True)},"
        return f"{' ' * node.indent}- {inline(new, indent=node.indent)}"

    def _comma_at(self, node: Node, index: int) -> int | None:
        """Return where a member in brackets lacks the comma that has to follow it, or None."""
        end = node.items[index].end
        missing = node.flow and not self.text[end:].lstrip().startswith(",")
        return end if missing else None

    def _with_comma(
        self, node: Node, index: int, numbers: range, edits: Sequence[Edit]
    ) -> list[str]:
        """Return lines of a member with its edits, so that another can follow it."""
        at = self._comma_at(node, index)
        return self.block_lines(node, numbers, [*edits, *([(at, at, 0, ",")] if at else [])])

    def set_flow_members(self, node: Node, kept: Sequence[int], added: Sequence[Any]) -> None:
        """Keep these members of a list in brackets, by position, and add others at its end."""
        new = [inline(text, flow=True) for text in added]
        items = node.items
        if items and (kept or added) and self.by_line(node):
            self.set_members_by_line(node, kept, [self.member_line(node, text) for text in added])
            return
        if not kept:
            self.clear_brackets(node, ", ".join(new))
            return
        gaps, text = Gaps(self.newline, items[0].column), self.text
        starts = [node.content + 1, *(item.end for item in items)]
        ends = [*(item.start for item in items), node.end - 1]
        known = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        following = 0  # the member that the next gap follows, from 1
        for index in kept:
            if index > following:
                gap = gaps.between if following else gaps.first
                self.replace(starts[following], ends[index], gap(known[following], known[index]))
            following = index + 1
        last = known[-1] if following == len(items) else gaps.last(known[following], known[-1])
        last = gaps.ending(last, ", ".join(new)) if new else last
        if following < len(items) or new:
            self.replace(starts[following], ends[-1], last)

    def set_members_by_line(self, node: Node, kept: Sequence[int], lines: Sequence[str]) -> None:
        """Remove and add whole lines, with the comments of members that go."""
        extents = self.extents(node)
        if lines and not kept:
            self.insert_lines(extents[0][self.begins_behind(node)], lines)
        self.remove_members(node, [n for n in range(len(extents)) if n not in kept])
        if lines and kept:
            comma = self._comma_at(node, len(extents) - 1)
            if comma is not None and len(extents) - 1 in kept:
                self.replace(comma, comma, ",")
            self.insert_lines(extents[-1][1], lines)

    def remove_members(self, node: Node, gone: Sequence[int]) -> None:
        """Remove lines of members, by position; each begins its line, or follows a colon."""
        extents, lines = self.extents(node), self.outline.lines
        for index in gone:
            first, behind = extents[index]
            if index or not self.begins_behind(node):
                self.remove_lines(first, behind)
                continue
            start, following = lines.starts[first] + node.indent, index + 1
            if following < len(extents) and following not in gone:
                dash = dash_line(lines, node, node.items[following])
                if extents[following][0] == behind == dash:  # it comes to stand there
                    self.replace(start, lines.starts[dash] + node.indent, "")
                    continue
            end = lines.starts[behind - 1] + len(lines.get(behind - 1))
            self.replace(self._behind_sign(start), end, "")

    def _behind_sign(self, offset: int) -> int:
        """Return the offset right behind the colon or dash that something at `offset` follows."""
        return len(self.text[:offset].rstrip(" "))

    def begins_behind(self, node: Node) -> bool:
        """Whether the first dash of a block list follows a colon on its line."""
        lines = self.outline.lines
        return not node.flow and self.outline.is_behind(
            dash_line(lines, node, node.items[0]), node.indent
        )

    def extents(self, node: Node) -> list[tuple[int, int]]:
        """Return the lines of each member of a list with its comments."""
        return [self.outline.extent(node, index) for index in range(len(node.items))]

    def block_lines(self, node: Node, numbers: range, edits: Sequence[Edit] = ()) -> list[str]:
        """Return lines of a member of a list with edits, without a colon ahead of its dash."""
        lines, last = self.outline.lines, numbers[-1]
        text = self.changed(
            lines.starts[numbers[0]], lines.starts[last] + len(lines.get(last)), edits
        )
        found = text.split(self.newline)
        behind = not node.flow and self.outline.is_behind(numbers.start, node.indent)
        if behind and found[0].startswith("-", node.indent):
            found[0] = " " * node.indent + found[0][node.indent :]
        return found

    def member_lines(self, node: Node, index: int, sign: str = "- ") -> list[str]:
        """Return a member of a list in brackets with its comments, as lines of a block list."""
        above, comment, below = self._comments_of(node, index)
        first, *rest = self.text[node.items[index].start : node.items[index].end].split(
            self.newline
        )
        found = [f"{sign}{first}", *rest]
        found[-1] = f"{found[-1]}  {comment}".rstrip()
        return [*above, *found, *(f"{STEP * ' '}{line}" for line in below)]

    def _comments_of(self, node: Node, index: int) -> tuple[list[str], str, list[str]]:
        """Return the comments of a member in brackets: above it, behind it and below it."""
        item, lines = node.items[index], self.outline.lines
        first, behind = self.outline.extent(node, index)
        start, last = lines.of(item.start), lines.of(item.end - 1)
        after = node.items[index + 1].start if index + 1 < len(node.items) else node.end - 1
        gap = self.text[item.end : min(after, lines.starts[last] + len(lines.get(last)))]
        return (
            [lines.get(number).strip() for number in range(first, start)],
            gap[gap.index("#") :] if "#" in gap else "",
            [lines.get(number).strip() for number in range(last + 1, behind)],
        )
