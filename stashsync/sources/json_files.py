"""JSON: names, objects with fields, and objects with `children`; or JSON Lines of these.

A list is of one kind, and an object of sections of several:

    ["Travel", {"name": "Camera", "children": ["Wide shot", "Drone"]}]
    {"tags": [...], "studios": [...]}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from stashsync.fields import StashIds, Wrong
from stashsync.fields.names import trim
from stashsync.kinds import KINDS
from stashsync.sources.candidates import parsed
from stashsync.sources.columns import Column, Columns
from stashsync.sources.found import FoundObject
from stashsync.sources.json_texts import JsonFault, Placed, values_in
from stashsync.sources.paths import objects_of, path_of
from stashsync.sources.texts import SourceText

CHILDREN: Final = "children"
_LINES: Final = (".jsonl", ".ndjson")


def read_json(
    source: SourceText, kind: str, names: Mapping[str, str], separator: str = ">"
) -> list[FoundObject]:
    """Return the objects in a JSON text; of `kind`, unless sections say what they are.

    `names` has by key what it is, as for columns of a table.

    Raises:
        SourceError: with every fault.
    """
    values = _values(source)
    reader = _Reader(source, names, separator)
    whole = values[0] if len(values) == 1 else Placed(values, 0)
    sections = {table.plural: table.name for table in KINDS.values()}
    if isinstance(whole.value, dict) and whole.value and whole.value.keys() <= sections.keys():
        for name, (_, section) in whole.value.items():
            reader.items(sections[name], section)
    else:
        single = isinstance(whole.value, dict)
        reader.items(kind, Placed([whole], whole.at) if single else whole)
    for key in Columns(kind, names).unused(list(reader.keys)):
        source.fault(f"--map: there is no key {key!r}", 0)
    if not reader.found and not source.problems:
        source.fault("there is no object in this file", 0)
    source.raise_problems()
    return reader.found


def _values(source: SourceText) -> list[Placed]:
    found: list[Placed] = []
    lines = source.name.lower().endswith(_LINES)
    start = 0
    for part in source.text.split("\n") if lines else [source.text]:
        try:
            found += values_in(part, start)
        except JsonFault as fault:
            source.fault(f"this is no JSON: {fault.message}", fault.at)
        start += len(part) + 1
    source.raise_problems()
    return found


@dataclass
class _Reader:
    source: SourceText
    names: Mapping[str, str]
    separator: str

    def __post_init__(self) -> None:
        self.found: list[FoundObject] = []
        self.keys: dict[str, None] = {}
        """Every key that an object has."""

    def items(self, kind: str, listed: Placed, above: str | None = None) -> None:
        """Read a list of objects, all below another if there is one."""
        if not isinstance(listed.value, list):
            self.source.fault(f"a list of {KINDS[kind].plural} is wanted here", listed.at)
            return
        for item in listed.value:
            try:
                self._item(kind, item, above)
            except Wrong as wrong:
                self.source.faults(wrong, item.at)

    def _item(self, kind: str, item: Placed, above: str | None) -> None:
        given = item.value
        if isinstance(given, str):
            given = {"name": (item.at, item)}
        if not isinstance(given, dict):
            raise Wrong(f"a {kind} is a name or an object", 'write "Name" or {"name": "Name"}')
        columns = Columns(kind, self.names)
        values: dict[str, Any] = {}
        children: Placed | None = None
        self.keys |= dict.fromkeys(given)
        for key, (key_at, value) in given.items():
            if key == CHILDREN and CHILDREN not in self.names:
                children = value
                continue
            try:
                column = columns.find(key)
            except Wrong as wrong:
                self.source.faults(wrong, key_at)
                continue
            if column is not None and value.value is not None:
                self._field(column, value, values)
        name = values.pop("name", None)
        if name is None:
            if not self.source.problems:
                raise Wrong(
                    f"this {kind} has no name", "write a key `name`, or give --map KEY=name"
                )
            return
        path = path_of(kind, name, self.separator)
        self.found += objects_of(kind, path, values, self.source.place(item.at), above)
        if children is not None and KINDS[kind].hierarchy is None:
            self.source.fault(f"a {kind} has no children", children.at)
        elif children is not None:
            self.items(kind, children, path[-1])

    def _field(self, column: Column, value: Placed, values: dict[str, Any]) -> None:
        """Add the value of a key, checked, to those of its object."""
        spec, plain = column.spec, value.plain
        if isinstance(spec.meaning, StashIds) and isinstance(plain, list) and not column.key:
            plain = by_endpoint(plain)
        if column.key:
            plain = {column.key: plain}
        if spec.meaning.shape in ("set", "list") and isinstance(plain, str):
            plain = [plain]
        try:
            parsed(spec, trim(plain) if spec.name == "name" and isinstance(plain, str) else plain)
        except Wrong as wrong:
            for each in wrong.every:
                self.source.fault(each.message, value.below(each.path).at, each.hint)
            return
        kept = values.get(spec.name)
        values[spec.name] = {**kept, **plain} if kept and isinstance(plain, dict) else plain


def by_endpoint(pairs: list[Any]) -> Any:
    """Return stash ids as manifests have them, from the list that Stash has of them."""
    found: dict[str, list[Any]] = {}
    for pair in pairs:
        if not isinstance(pair, dict) or not {"endpoint", "stash_id"} <= pair.keys():
            return pairs
        found.setdefault(str(pair["endpoint"]), []).append(pair["stash_id"])
    return found
