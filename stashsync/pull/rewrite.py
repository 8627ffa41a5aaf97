"""Taking over what a comparison found, in the texts of the files.

    1. values    in place, at the nodes of their items
    2. places    items leave a list and join another, with their subtree and their comments
    3. new       items of new objects go below their parents, or to the end of a section
    4. gone      items go, with their own comments

Each step reads the text anew: what one step wrote has its places for the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stashsync.errors import Mark, Problem
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, Key
from stashsync.pull.differences import Taking
from stashsync.pull.indenting import flow_items, indented, paste_flow, shifted
from stashsync.pull.taking import expand, take
from stashsync.pull.writing.blocks import STEP, Item, item_lines
from stashsync.pull.writing.export import section_text
from stashsync.pull.writing.outline import Outline, Spot, outline_of
from stashsync.pull.writing.splice import Hand, Splicer
from stashsync.state import Resource


@dataclass
class Place:
    """Where an item goes: below the object with this key, or to the top of its section.

    `values` are fields that the item gets on its new place, None for a key that goes.
    """

    kind: str
    key: Key
    lost: list[Key]
    below: Key | None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Texts:
    """The texts of a project by file, changed step by step. `hands` is what could not be done."""

    files: dict[str, str]
    hands: list[Problem] = field(default_factory=list)

    def outline(self, file: str) -> Outline:
        """The items of a file as it is now."""
        return outline_of(self.files[file])

    def by_hand(self, mark: Mark, what: str, why: str) -> None:
        """Note what somebody has to do."""
        self.hands.append(Problem(f"{what}: this needs a hand ({why})", mark))

    def find(self, kind: str, key: Key) -> tuple[str, Spot] | None:
        """Where an object is described, or else where it is named; and in which file."""
        bare = None
        for file in sorted(self.files):
            for spot in self.outline(file).find(kind, key):
                if not spot.bare:
                    return file, spot
                bare = bare or (file, spot)
        return bare

    # -- 1. values ------------------------------------------------------------------------------

    def take_values(self, takings: Sequence[Taking]) -> None:
        """Take over values where they are written."""
        by_file: dict[str, list[Taking]] = {}
        for taking in takings:
            by_file.setdefault(taking.desired.file, []).append(taking)
        for file, some in by_file.items():
            outline = self.outline(file)
            splicer = Splicer(outline)
            for taking in some:
                desired = taking.desired
                spot = outline.at.get((desired.line - 1, desired.column - 1))
                mark = splicer.mark()
                try:
                    if spot is None or spot.node.type == "alias":
                        raise Hand("it is written by way of an alias")
                    take(splicer, spot, taking)
                except Hand as hand:
                    splicer.undo(mark)
                    self.by_hand(desired.mark, desired.address, str(hand))
            try:
                self.files[file] = splicer.result()
            except Hand as hand:
                self.by_hand(Mark(file), file, str(hand))

    def rename_bare(self, renamed: Mapping[tuple[str, str], str]) -> None:
        """Give bare names in `children` the new names of what they stand for."""
        words = [_longest_word(name) for _, name in renamed]
        for file in sorted(self.files):
            if not _may_name(self.files[file], words):
                continue  # composing is what takes its time
            outline = self.outline(file)
            splicer = Splicer(outline)
            for spot in outline.spots:
                new = renamed.get((spot.kind.name, spot.key[0]))
                if new is not None and spot.bare and trim(spot.node.value) != new:
                    splicer.set_name(spot, new)
            self.files[file] = splicer.result()

    # -- 2. places ------------------------------------------------------------------------------

    def move(self, place: Place, mark: Mark) -> None:
        """Let an item leave the lists of its lost parents, and join its new place."""
        kind = place.kind
        try:
            found = [
                (file, spot)
                for file in sorted(self.files)
                for spot in self.outline(file).find(kind, place.key)
                if spot.parent is not None and spot.parent.key in place.lost
            ]
            described = self.find(kind, place.key)
            for file, spot in reversed(found):
                elsewhere = described is not None and described[1] is not spot
                if spot.bare and elsewhere:
                    self._cut(file, spot)
            # Only the described one, or the only one, takes its text along.
            file, spot = self._only(kind, place.key)
            if spot.parent is not None and spot.parent.key in place.lost:
                before = dict(self.files)
                try:
                    lines = self._cut(file, spot)
                    self._paste(file, kind, place.below, lines)
                except Hand:
                    self.files = before
                    raise
            elif place.below is not None:
                raise Hand("it has no place of its own to leave")
            if place.values:
                self._set_values(kind, place.key, place.values)
        except Hand as hand:
            self.by_hand(mark, f'{kind} "{place.key[0]}" moves', str(hand))

    def _only(self, kind: str, key: Key) -> tuple[str, Spot]:
        found = self.find(kind, key)
        if found is None:
            raise Hand("it cannot be found in the text")
        return found

    def _set_values(self, kind: str, key: Key, values: Mapping[str, Any]) -> None:
        file, spot = self._only(kind, key)
        splicer = Splicer(self.outline(file))
        if spot.node.type == "scalar":
            new = {name: one for name, one in values.items() if one is not GO}
            if new:
                expand(splicer, spot, {"name": trim(spot.node.value), **new})
        else:
            for name, value in values.items():
                old = spot.node.get(name)
                if isinstance(value, list) and old is not None and old.type == "list":
                    splicer.set_members(spot.node, name, value, {})
                elif value is not GO:
                    splicer.set_field(spot, name, value)
                elif old is not None:
                    splicer.remove_entry(spot.node, name)
        self.files[file] = splicer.result()

    def _cut(self, file: str, spot: Spot) -> list[str]:
        """Take an item out; gives its lines, with its dash at column 0."""
        outline = self.outline(file)
        splicer = Splicer(outline)
        home, owner = spot.home, spot.parent
        if home.anchor is not None or spot.node.anchor is not None:
            raise Hand("an anchor stands here")
        if home.flow:
            text = outline.text[spot.node.start : spot.node.end]
            lines = [f"- {text}"]
        else:
            first, behind = outline.extent(home, spot.index)
            lines = [shifted(outline.lines.get(n), home.column) for n in range(first, behind)]
            last = outline.last_line(spot.node) + 1
        if len(home.items) == 1 and owner is not None:
            splicer.remove_entry(owner.node, "children")
            if not home.flow and last < behind:
                splicer.remove_lines(last, behind)
        elif home.flow:
            kept = [index for index in range(len(home.items)) if index != spot.index]
            splicer.flow_members(home, kept, [])
        else:
            splicer.remove_lines(first, behind)
        self.files[file] = splicer.result()
        return lines

    def _paste(self, file: str, kind: str, below: Key | None, lines: Sequence[str]) -> None:
        """Put an item at the end of the children of an object, or of the section in this file."""
        if below is None:
            self._append(file, kind, lines)
            return
        file, spot = self._only(kind, below)
        splicer = Splicer(self.outline(file))
        node = spot.node
        if node.type == "alias":
            raise Hand("the new parent is written by way of an alias")
        if node.type == "scalar":
            if spot.home.flow:
                raise Hand("the new parent stands in brackets")
            column = spot.home.column + STEP
            splicer.replace(node.start, node.start, "name: ")
            head = f"{' ' * column}children:"
            behind = splicer.outline.last_line(node) + 1
            splicer.insert_lines(behind, [head, *indented(lines, column + STEP)])
            self.files[file] = splicer.result()
            return
        children = node.get("children")
        if children is not None and children.type != "list":
            raise Hand("the children of the new parent are written elsewhere")
        if children is not None and not children.flow and children.anchor is None:
            _, behind = splicer.outline.extent(children, len(children.items) - 1)
            splicer.insert_lines(behind, indented(lines, children.column))
        elif (children is None and node.flow) or (children is not None and children.flow):
            paste_flow(splicer, spot, lines)
        elif children is None:
            column = node.entries[0][0].column
            last = node.entries[-1][1]
            head = f"{' ' * column}children:"
            splicer.insert_lines(
                splicer.outline.last_line(last) + 1, [head, *indented(lines, column + STEP)]
            )
        else:
            raise Hand("an anchor stands at the children of the new parent")
        self.files[file] = splicer.result()

    def _append(self, file: str, kind: str, lines: Sequence[str]) -> None:
        """Put items at the end of a section, which is made where there is none."""
        if file not in self.files or kind not in self.outline(file).sections:
            before = self.files.get(file, "")
            newline = "\r\n" if "\r\n" in before else "\n"
            if before and not before.endswith(("\n", "\r")):
                before += newline
            body = [f"{KINDS[kind].plural}:", *indented(lines, STEP)]
            self.files[file] = before + newline.join(body) + newline
            return
        splicer = Splicer(self.outline(file))
        key, items = splicer.outline.sections[kind]
        if items.type == "list" and not items.flow and items.anchor is None:
            _, behind = splicer.outline.extent(items, len(items.items) - 1)
            splicer.insert_lines(behind, indented(lines, items.column))
        elif items.type == "scalar" and not items.value:
            splicer.insert_lines(splicer.outline.lines.of(key.start) + 1, indented(lines, STEP))
        elif items.flow and not items.items:
            new = splicer.newline.join(["", *indented(lines, STEP)])
            splicer.replace(splicer.text.index(":", key.end) + 1, items.end, new)
        elif items.flow:
            for one in flow_items(lines):
                splicer.replace(items.items[-1].end, items.items[-1].end, f", {one}")
        else:
            raise Hand("the section is written elsewhere")
        self.files[file] = splicer.result()

    # -- 3. and 4. ------------------------------------------------------------------------------

    def add(self, kind: str, below: Key | None, item: Item, file: str) -> None:
        """Put the item of a new object below another, or to the end of its section in `file`."""
        lines = list(item_lines(item, 0))
        if below is None and file not in self.files:
            self.files[file] = section_text(KINDS[kind], [item], file)
            return
        try:
            self._paste(file, kind, below, lines)
        except Hand as hand:
            name = item if isinstance(item, str) else item["name"]
            self.by_hand(Mark(file), f'the new {kind} "{name}"', str(hand))

    def remove(self, resource: Resource, key: Key) -> None:
        """Take out every place of an object, the one where it is described last."""
        try:
            while (found := self.find(resource.kind, key)) is not None:
                bare = [
                    (file, spot)
                    for file in sorted(self.files)
                    for spot in self.outline(file).find(resource.kind, key)
                    if spot.bare
                ]
                file, spot = bare[-1] if bare else found
                if spot.children:
                    raise Hand("others are still nested in it")
                if spot.parent is None and len(spot.home.items) == 1:
                    self._empty_section(file, spot)
                else:
                    self._cut(file, spot)
        except Hand as hand:
            self.by_hand(resource.mark, f"{resource.address} is gone", str(hand))

    def _empty_section(self, file: str, spot: Spot) -> None:
        splicer = Splicer(self.outline(file))
        if spot.home.flow:
            splicer.replace(spot.home.content + 1, spot.home.end - 1, "")
        else:
            splicer.remove_lines(*splicer.outline.extent(spot.home, 0))
        self.files[file] = splicer.result()


GO: Any = object()
"""The value of a key that is taken out."""

_WORD: Final = re.compile("[a-z0-9]+")


def _may_name(text: str, words: Sequence[str]) -> bool:
    """Whether a name with one of these words may stand in a text.

    Every style of YAML keeps words as they are, but for escapes.
    """
    if "\\" in text:
        return True
    folded = fold(text)
    return any(word in folded for word in words)


def _longest_word(name: str) -> str:
    return max(_WORD.findall(name), key=len, default="")
