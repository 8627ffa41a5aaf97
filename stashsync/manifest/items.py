"""Raw items to resources: what each file declares, before files know of each other.

- name: Camera                    Resource(tag, {name: Camera})              index 0
  children:
    - name: Drone            ───▶ Resource(tag, {name: Drone})               index 1, above 0
    - Wide shot                   Resource(tag, {name: Wide shot}), bare     index 2, above 0
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field

from stashsync.errors import Problem
from stashsync.fields import Raw, RawList, RawMap, Wrong
from stashsync.fields.raw import StandIn, describe, is_null, unpack
from stashsync.fields.scalars import Name, Text
from stashsync.manifest.extras import ABSENT, EXTRA_FIELDS, check_state, read_extra
from stashsync.manifest.layout import ItemLayout, suggest_section
from stashsync.manifest.places import Path, place_of
from stashsync.manifest.reader import Section
from stashsync.manifest.source import Source
from stashsync.state import Resource

_ATOMS: Final = frozenset({str, int, float, bool, type(None)})
_MEMO: Final = 4096
"""How many plain texts a field remembers: most fields say the same few things again and again."""
_NAME: Final = Name()


class Declared(Struct):
    """What one file declares.

    `resources` stand in written order. `above` leads from the index of a nested resource to that
    of the one around it; the resources in `bare` are names in a `children` list, which may be
    described elsewhere.
    """

    file: str
    resources: list[Resource] = field(default_factory=list)
    above: dict[int, int] = field(default_factory=dict)
    bare: set[int] = field(default_factory=set)


class Builder:
    """Turns the sections of one file into resources; faults go to `report`."""

    def __init__(
        self,
        source: Source,
        sections: Mapping[str, ItemLayout],
        report: Callable[[Problem], object],
        declared: Declared | None = None,
    ) -> None:
        self._source = source
        self._sections = sections
        self._report = report
        self.declared = declared or Declared(source.file)

    def add(self, section: Section) -> None:
        """Everything in a section."""
        layout = self._sections.get(section.name)
        if layout is None:
            self._wrong(
                f"unknown section {section.name!r}",
                section.place,
                suggest_section(section.name, self._sections),
            )
            for _ in section.items:
                pass
            return
        value = section.value
        if value is not None and not is_null(value):
            self._wrong(
                f"`{section.name}` is a list, not {describe(value)}",
                section.value_place,
                "begin each item with '- '",
            )
        item = self._item
        for raw, place in section.items:
            item(layout, raw, place)

    def _item(self, layout: ItemLayout, raw: Raw, place: int) -> int | None:
        """Add an item and what is nested in it; gives its index, or None where it has no name."""
        if not isinstance(raw, RawMap):
            return self._name_only(layout, raw, place)
        self._check_stand_ins(layout, raw, place)
        values: dict[str, Any] = {}
        extras: list[str] | None = None
        parsers = layout.parsers
        for key, inner in raw.items():
            known = parsers.get(key)
            if known is not None:
                name, parse, memo = known
                if inner.__class__ is str and inner in memo:
                    values[name] = memo[inner]
                    continue
                try:
                    value = values[name] = parse(inner)
                except Wrong as wrong:
                    self._fault(wrong, raw, place, (key, *wrong.path))
                    continue
                if value.__class__ in _ATOMS and inner.__class__ is str and len(memo) < _MEMO:
                    memo[inner] = value
            elif extras is None:
                extras = [key]
            else:
                extras.append(key)
        resource = None
        missing = [name for name in layout.required if name not in raw]
        for name in missing:
            self._wrong(f"this {layout.kind.name} has no {name}", place, f"add `{name}: …`")
        if "name" in values:
            resource = self._resource(layout, values, place)
        index = None if resource is None else len(self.declared.resources) - 1
        for fault in layout.kind.check(values):
            self._fault(fault, raw, place, fault.path)
        if extras is not None:
            self._extras(layout, raw, place, extras, resource, index)
        return index

    def _check_stand_ins(self, layout: ItemLayout, raw: Raw, place: int) -> None:
        """Report what stands for a text where no free text is wanted, or for nothing."""
        variables = self._source.variables
        for path, found in _stand_ins(raw) if variables is not None and variables.used else ():
            spec = layout.kind.fields.get(str(path[0])) if len(path) == 1 else None
            free = spec is not None and isinstance(spec.meaning, Text)
            if not free or path[0] in layout.kind.key_fields:
                message = f"{found.source} cannot be used here"
                self._wrong(message, place_of(raw, place, path), "it may be a free text alone")
            elif found.missing:
                hint = "set it, or write a default: `!env NAME default`"
                self._wrong(f"{found.source} is not set", place_of(raw, place, path), hint)

    def _name_only(self, layout: ItemLayout, raw: Raw, place: int) -> int | None:
        if isinstance(raw, RawList):
            self._wrong(
                f"a {layout.kind.name} is a name or a mapping, not a list",
                place,
                "write `- Name`, or `- name: Name` and its fields below",
            )
            return None
        self._check_stand_ins(layout, raw, place)
        if layout.required != ("name",):
            keys = ", ".join(f"{name}: …" for name in layout.required)
            self._wrong(f"a {layout.kind.name} is more than its name", place, f"write {{{keys}}}")
            return None
        try:
            values = {"name": _NAME.parse(raw)}
        except Wrong as wrong:
            self._fault(wrong, raw, place, ())
            return None
        self._resource(layout, values, place)
        return len(self.declared.resources) - 1

    def _resource(self, layout: ItemLayout, values: dict[str, Any], place: int) -> Resource:
        kind = layout.kind
        line, column = unpack(place)
        resource = Resource(
            kind.name, kind.key(values), values, None, self._source.file, line + 1, column + 1
        )
        self.declared.resources.append(resource)
        return resource

    def _extras(
        self,
        layout: ItemLayout,
        raw: RawMap,
        place: int,
        keys: list[str],
        resource: Resource | None,
        index: int | None,
    ) -> None:
        """Read the keys of an item that are no fields."""
        absent = "state" in keys and self._absent(layout, raw, resource)
        for key in keys:
            try:
                if key == "children" and layout.nests:
                    self._children(layout, raw[key], None if absent else index)
                elif key == "state":
                    check_state(raw[key])
                elif key not in EXTRA_FIELDS or key not in layout.keys:
                    self._wrong(
                        f"unknown key {key!r} in a {layout.kind.name}",
                        raw.marks[key],
                        layout.suggest(key),
                    )
                else:
                    value = read_extra(key, raw, layout, resource)
                    if resource is not None and not (absent and key == "merge"):
                        setattr(resource, key, value)
            except Wrong as wrong:
                self._fault(wrong, raw, place, (key, *wrong.path))

    def _absent(self, layout: ItemLayout, raw: RawMap, resource: Resource | None) -> bool:
        """Return whether the item declares its object absent; then it may declare nothing else."""
        if raw["state"] != ABSENT:
            return False
        keys = ", ".join(
            f"`{key}`" for key in layout.keys if key in layout.telling and key != "state"
        )
        for key in raw:
            if key in layout.keys and key not in layout.telling:
                self._wrong(
                    f"`{key}` means nothing for a {layout.kind.name} that is deleted",
                    raw.marks[key],
                    f"beside `state: absent` stand only keys that tell which one is meant: {keys}",
                )
        if resource is not None:
            resource.absent = True
            resource.values = {
                name: value for name, value in resource.values.items() if name in layout.telling
            }
        return True

    def _children(self, layout: ItemLayout, raw: Raw, above: int | None) -> None:
        if not isinstance(raw, RawList):
            raise Wrong(
                f"`children` is a list, not {describe(raw)}",
                "begin each child with '- '; leave the key out where there is none",
            )
        if not raw:
            raise Wrong(
                "`children: []` means nothing: `children` places those it lists",
                "leave it out; to detach a child, write `parents: []` on the child",
            )
        declared = self.declared
        for item, mark in zip(raw, raw.marks, strict=True):
            index = self._item(layout, item, mark)
            if index is None:
                continue
            if above is not None:
                declared.above[index] = above
            if not isinstance(item, RawMap):
                declared.bare.add(index)

    def _fault(self, wrong: Wrong, raw: Raw, place: int, path: Path) -> None:
        for fault in wrong.every:
            whole = (*path[: len(path) - len(wrong.path)], *fault.path)
            self._wrong(fault.message, place_of(raw, place, whole), fault.hint)

    def _wrong(self, message: str, place: int, hint: str) -> None:
        self._report(self._source.problem(message, place, hint))


def _stand_ins(raw: Raw, path: Path = ()) -> Iterator[tuple[Path, StandIn]]:
    """Yield what stands for a text in an item, with the path to it; items below have their turn."""
    if isinstance(raw, StandIn):
        yield path, raw
    elif isinstance(raw, RawMap):
        for key, inner in raw.items():
            if path or key != "children":
                yield from _stand_ins(inner, (*path, key))
    elif isinstance(raw, RawList):
        for index, inner in enumerate(raw):
            yield from _stand_ins(inner, (*path, index))
