"""A writer of manifests in random styles, with comments wherever YAML allows them.

It records which node each comment belongs to, by the rules of docs/pull.md#comments. Paths of nodes
are those of `stashsync.pull.writing.comments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from stashsync.kinds import KINDS
from stashsync.pull.writing.comments import INSIDE, Path
from stashsync.pull.writing.scalars import double, is_plain, single
from tests.pull.shapes import (
    UNSHARED,
    Alias,
    Merged,
    folded,
    is_flat,
    item_path,
    literal,
    member_name,
)

Plain = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass
class Writer:
    """Writes one file; `comments` has those written so far, each with the path of its node."""

    random: Random
    comments: list[tuple[Path, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = self.random
        self.density = chance.choice([0.0, 0.1, 0.3, 0.6])
        self.flowing = chance.choice([0.0, 0.3, 0.7])
        self.step = chance.choice([2, 2, 3, 4])
        self.dashes = chance.choice([0, 0, 2, 1])
        self.gap = chance.choice([1, 1, 1, 3])
        self.quotes = chance.choice(["", "", "'", '"', "any"])
        self.blanks = chance.choice([0.0, 0.2])
        self.odd = chance.choice([0.0, 0.1])
        self.question_marks = chance.choice([0.0, 0.0, 0.3])
        self.merging = chance.choice([0.0, 0.0, 0.3])
        self._anchors: dict[str, str] = {}
        self._merged: dict[str, tuple[str, Mapping[str, Any]]] = {}
        """Kind and fields of each mapping that later items can merge, by its anchor."""
        self._lines: list[str] = []

    # -- files ----------------------------------------------------------------------------------

    def text(self, content: Plain) -> str:
        """Return the text of a file; its content has a list of items by section."""
        if self._often(0.2):
            self._lines += ["# " + "-" * 20, ""]
            self.comments.append(((INSIDE,), "# " + "-" * 20))
        sections = list(content.items())
        self.random.shuffle(sections)
        for number, (section, items) in enumerate(sections):
            if (number and self._often(0.2)) or (not number and self._often(0.1)):
                self._line("---", ())
                self._anchors.clear()
                self._merged.clear()
            kind = next(name for name, kind in KINDS.items() if kind.plural == section)
            self._entry(section, list(items), 0, (), kind, first=False, within=(INSIDE,))
        if self._often(0.05):  # the document is closed
            self._lines.append("...")
        newline = self.random.choice(["\n", "\n", "\r\n"])
        ending = newline if self._often(0.9) else ""
        if ending and self._often(0.1):
            self._lines.append("# the end")
            self.comments.append(((INSIDE,), "# the end"))
        return newline.join("\n".join(self._lines).split("\n")) + ending

    def _often(self, share: float) -> bool:
        return self.random.random() < share

    # -- comments -------------------------------------------------------------------------------

    def _comment(self, path: Path) -> str:
        text = f"# c{len(self.comments)}" + self.random.choice(["", " it's", ' "x', ": y", " - z"])
        self.comments.append((path, text))
        return text

    def _line(self, text: str, path: Path) -> None:
        """Write a line, perhaps with a comment behind it."""
        if self._often(self.density):
            is_sign = text.endswith("-") or text.strip() == ":"  # a tab would indent
            gaps = [" ", "  ", "   " if is_sign else " \t"]
            text += self.random.choice(gaps) + self._comment(path)
        elif self._often(self.odd / 2):
            text += "  "
        self._lines.append(text)

    def _above(self, column: int, path: Path) -> None:
        while self._often(self.density / 2):
            self._lines.append(" " * column + self._comment(path))

    def _alone(self, column: int, path: Path) -> None:
        """Write a comment between blank lines."""
        if self._often(self.density / 4):
            self._lines += ["", " " * column + self._comment(path), ""]
        elif self._often(self.blanks):
            self._lines.append(self.random.choice(["", "", "  "]))

    # -- items ----------------------------------------------------------------------------------

    def _items(
        self, kind: str, items: Sequence[Any], column: int, inside: Path, *, behind: bool = False
    ) -> None:
        for number, item in enumerate(items):
            name = item if isinstance(item, str) else item["name"]
            path = item_path(kind, item)
            if number or not behind:
                self._alone(column, inside)
                self._above(column, path)
            pad, gap = " " * column, " " * self.gap
            if isinstance(item, str):
                self._line(f"{pad}-{gap}{self._scalar(name)}", path)
                self._below(column + 2, path)
            elif self._often(self.flowing / 2) and is_flat(item):
                self._flow_item(f"{pad}-{gap}", item, column, path)
                self._below(column + 2, path)
            else:
                self._mapping(kind, item, column, path)

    def _mapping(self, kind: str, item: Mapping[str, Any], column: int, path: Path) -> None:
        item, anchor = self._merge(item, kind)
        names = list(item)
        if self._often(0.15):
            self.random.shuffle(names)
        inner = column + 1 + self.gap
        head = f"{' ' * column}-{' ' * self.gap}"
        if anchor or self._often(self.odd):
            self._line(f"{' ' * column}-{anchor}", path)
            head = " " * inner
        for position, name in enumerate(names):
            below = path if name == "name" else (*path, name)
            at = len(self._lines)
            first = position == 0 and "-" in head
            self._entry(name, item[name], inner, path, kind, first=first, item=True, path=below)
            if first:
                line = self._lines[at]
                self._lines[at] = head + line[inner:]
        self._below(inner, path)

    def _merge(self, item: Mapping[str, Any], kind: str) -> tuple[dict[str, Any], str]:
        """Return an item with some fields moved to a merge key, and an anchor or "".

        The anchor is for later items that merge this one.
        """
        found, anchor = dict(item), ""
        fields = {name: value for name, value in item.items() if name not in UNSHARED and value}
        known = [
            alias
            for alias, (of, others) in self._merged.items()
            if of == kind
            and others.keys() <= item.keys()
            and any(fields.get(name) == value for name, value in others.items())
        ]
        if known and self._often(0.7):
            alias = self.random.choice(known)
            for name, value in self._merged[alias][1].items():
                if fields.get(name) == value and self._often(0.9):
                    del found[name]
            merged = Alias(alias)
            found = {"<<": [merged] if self._often(0.3) else merged, **found}
        elif fields and self._often(self.merging):
            names = self.random.sample(sorted(fields), self.random.randint(1, len(fields)))
            found["<<"] = Merged((name, found.pop(name)) for name in names)
        elif fields and not {*UNSHARED} - {"name"} & {*item} and self._often(self.merging):
            anchor = self._anchor(kind, fields)
        return found, anchor

    def _anchor(self, kind: str, fields: Mapping[str, Any]) -> str:
        """Return a new anchor, with which later items can merge these fields."""
        alias = f"m{len(self._merged)}"
        self._merged[alias] = (kind, fields)
        return f" &{alias}"

    def _below(self, column: int, path: Path) -> None:
        if self._often(self.density / 4):
            self._lines.append(" " * column + self._comment(path))

    # -- entries --------------------------------------------------------------------------------

    def _entry(
        self,
        name: str,
        value: Any,
        column: int,
        around: Path,
        kind: str,
        *,
        first: bool,
        item: bool = False,
        path: Path | None = None,
        within: Path | None = None,
        field: str | None = None,
    ) -> None:
        path = (*around, name) if path is None else path
        if not first:
            self._alone(column, around if within is None else within)
            self._above(column, path)
        items = name == "children" or not around
        key = f"{' ' * column}{self._key(name)}:"
        behind = False
        if self._often(self.question_marks):
            has_inside = isinstance(value, list | dict) and value
            key, behind = self._asked(name, column, path, (*path, INSIDE) if has_inside else path)
        if isinstance(value, Alias):
            self._line(f"{key} *{value.name}", path)
        elif not value and isinstance(value, list | dict):
            self._line(f"{key} {'[]' if isinstance(value, list) else '{}'}", path)
        elif isinstance(value, list) and self._flows(value):
            self._flow_list(key, value, column, path, kind, items=items, name=field or name)
        elif isinstance(value, list):
            below = column + self.dashes if item else self.random.choice([0, 1, 2, 4])
            anchor, at = "", len(self._lines)
            if behind:
                below = len(key) + 1
            else:
                anchor = f" &l{len(self._lines)}" if self._often(self.odd / 2) else ""
                self._line(key + anchor, path)
            if items:
                self._items(kind, value, below, (*path, INSIDE), behind=behind)
            else:
                self._members(kind, field or name, value, below, path, behind=behind)
            if below > column:
                self._below(below, (*path, INSIDE))
            if behind:
                self._lines[at] = key + self._lines[at][len(key) :]
        elif isinstance(value, dict):
            self._map(key, name, value, column, path, kind, behind=behind)
        else:
            self._value(key, value, column, path)

    def _asked(self, name: str, column: int, path: Path, within: Path) -> tuple[str, bool]:
        """Write `? key`; return the indented colon, and if the value may follow on that line."""
        self._line(f"{' ' * column}? {self._key(name)}", path)
        self._above(column, within)
        return f"{' ' * column}:", self._often(0.6)

    def _map(
        self, key: str, name: str, value: dict[str, Any], column: int, path: Path, kind: str, *,
        behind: bool,
    ) -> None:  # fmt: skip
        anchor = ""
        if isinstance(value, Merged) and self._often(0.5):
            anchor = self._anchor(kind, value)
        if self._often(self.flowing) and is_flat(value):
            self._line(f"{key}{anchor} {self._flow(value)}", path)
            return
        at, below = len(self._lines), column + self.step
        behind = behind and not anchor
        if behind:
            below = len(key) + 1
        else:
            self._line(f"{key}{anchor}", path)
        for number, (inner, each) in enumerate(value.items()):
            first = behind and not number
            # The members of `add` and `remove` are those of the field.
            self._entry(
                inner, each, below, path, kind, first=first, item=True, within=(*path, INSIDE),
                field=name if inner in ("add", "remove") else inner,
            )  # fmt: skip
            if first:
                self._lines[at] = key + self._lines[at][len(key) :]

    def _key(self, name: str) -> str:
        if name == "<<":  # in quotes it would be an ordinary key
            return name
        if name.isidentifier() and not self._often(self.odd):
            return name
        return double(name) if self._often(0.5) else single(name)

    def _flows(self, value: list[Any]) -> bool:
        return self._often(self.flowing) and all(
            isinstance(each, str | Alias) or is_flat(each) for each in value
        )

    def _members(
        self, kind: str, name: str, value: Sequence[Any], column: int, around: Path, *,
        behind: bool,
    ) -> None:  # fmt: skip
        for number, each in enumerate(value):
            path = (*around, member_name(kind, name, each))
            if number or not behind:
                self._above(column, path)
            head, inner = f"{' ' * column}-{' ' * self.gap}", column + 1 + self.gap
            if isinstance(each, Mapping) and (not is_flat(each) or self._often(0.5)):
                for key, text in each.items():
                    self._value(f"{head}{key}:", text, inner, (*path, key))
                    head = " " * inner
                continue
            self._line(f"{head}{self._flow(each)}", path)

    def _flow_list(
        self, key: str, value: list[Any], column: int, path: Path, kind: str, *, items: bool,
        name: str,
    ) -> None:  # fmt: skip
        if value and self._often(self.density / 4):  # the list stands below its key
            self._line(key, path)
            self._above(column + 2, (*path, INSIDE))
            key = " " * (column + 1)
        if self._often(0.6):
            inner = self.random.choice([", ", ",", " , "]).join(self._flow(each) for each in value)
            pad = self.random.choice(["", " "])
            self._line(f"{key} [{pad}{inner}{pad}]", path)
            return
        self._line(f"{key} [", path)
        pad = " " * (column + self.step)
        for number, each in enumerate(value):
            below = item_path(kind, each) if items else (*path, member_name(kind, name, each))
            self._above(len(pad), below)
            comma = "," if number + 1 < len(value) or self._often(0.5) else ""
            if self._often(0.2) and comma and number + 1 < len(value):
                self._lines.append(f"{pad}{self._flow(each)}{comma}")
            else:
                self._line(f"{pad}{self._flow(each)}{comma}", below)
        self._below(len(pad), (*path, INSIDE))
        self._line(" " * max(column, 1) + "]", path)

    # -- values ---------------------------------------------------------------------------------

    def _flow_item(self, head: str, item: Mapping[str, Any], column: int, path: Path) -> None:
        """Write an item in braces, on one line or with one entry per line."""
        if self._often(0.6):
            self._line(f"{head}{self._flow(item)}", path)
            return
        self._line(head + "{", path)
        pad = " " * (column + 1 + self.gap + self.step)
        for number, (name, value) in enumerate(item.items()):
            below = path if name == "name" else (*path, name)
            self._above(len(pad), below)
            comma = "," if number + 1 < len(item) or self._often(0.5) else ""
            self._line(f"{pad}{self._flow({name: value})[1:-1]}{comma}", below)
        self._line(" " * (column + 1) + "}", path)

    def _flow(self, value: Any) -> str:
        if isinstance(value, Alias):
            return f"*{value.name}"
        if isinstance(value, Mapping):
            parts = [f"{self._key(key)}: {self._flow(inner)}" for key, inner in value.items()]
            return "{" + ", ".join(parts) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._flow(each) for each in value) + "]"
        return self._scalar(value, flow=True)

    def _scalar(self, value: Any, *, flow: bool = False) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str):
            return str(value)
        style = self.random.choice(["", "'", '"']) if self.quotes == "any" else self.quotes
        if not value.isprintable() or style == '"':
            return double(value)
        if style == "'" or not is_plain(value, flow=flow):
            return single(value)
        return value

    def _wrapped(self, scalar: str, column: int) -> str:
        """Return a plain or quoted scalar, sometimes broken into several lines."""
        words = scalar.split(" ")
        if not self._often(self.odd) or not all(word.strip("'\"").isalnum() for word in words):
            return scalar
        return ("\n" + " " * column).join(words)

    def _value(self, key: str, value: Any, column: int, path: Path) -> None:
        trimmed = "custom_fields" not in path  # the server trims other texts
        if isinstance(value, str) and trimmed and self._often(0.3) and value in self._anchors:
            self._line(f"{key} *{self._anchors[value]}", path)
            return
        anchor = ""
        if isinstance(value, str) and self._often(self.odd) and value not in self._anchors:
            self._anchors[value] = f"v{len(self._anchors)}"
            anchor = f"&{self._anchors[value]} "
        block = None
        if isinstance(value, str) and self._often(0.5):
            block = literal(value) if self._often(0.5) else folded(value, self.random)
        if block is None:
            scalar = self._wrapped(self._scalar(value), column + 2)
            if self._often(self.density / 4):  # the value stands below its key
                self._line(key, path)
                self._above(column + 2, path)
                key = " " * (column + 1)
            self._line(f"{key} {anchor}{scalar}", path)
            self._below(column + 2, path)
            return
        sign = self.random.choice(["", "-", "-", "+"] if trimmed else ["-"])
        self._line(f"{key} {anchor}{block[0]}{sign}", path)
        pad = " " * (column + self.random.choice([1, 2, 4]))
        self._lines += [
            pad + line if line else self.random.choice(["", "", pad]) for line in block[1:]
        ]
