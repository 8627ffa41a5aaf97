"""A whole library as new manifest files.

    tags.yaml          one file a kind, or
    tags/a.yaml …      where there are many: by the first letter of the outermost object

A hierarchy is nested. An object with several parents is nested in the first of them by name and
names the others in `parents`, so that the place of an item depends on nothing but the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stashsync.fields import Ref
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, FieldSpec, Kind
from stashsync.pull.writing.blocks import Item, section_lines
from stashsync.pull.writing.forms import Names, Writer
from stashsync.state import Resource, State

MANY: Final = 2000
"""Objects of a kind from which it is cut into several files."""
DEEPEST: Final = 12
"""How deep items are nested; what is below names its parents instead."""
SCHEMA_FILE: Final = "stashsync.schema.json"


@dataclass(frozen=True)
class Exported:
    """New files, by path below the project, and what could not be written, in words."""

    files: Mapping[str, str]
    notes: tuple[str, ...] = ()
    count: int = 0
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)


def export(state: State, folder: str, chosen: Mapping[str, Iterable[str]]) -> Exported:
    """The objects of `state` with the `chosen` ids by kind, as files below `folder`.

    `state` has the names of all objects that these refer to. The plan of what is written is empty.
    """
    notes: list[str] = []
    writer = Writer(
        state, Names.of(state), lambda one, what: notes.append(f"{one.address}: {what}")
    )
    files: dict[str, str] = {}
    written: dict[str, frozenset[str]] = {}
    for name in KINDS:
        wanted = frozenset[str](chosen.get(name) or ())
        if not wanted:
            continue
        items, ids = nested_items(writer, KINDS[name], wanted)
        written[name] = ids
        for path, some in _cut(KINDS[name], items, len(ids)):
            files[f"{folder}/{path}"] = _text(KINDS[name], some, f"{folder}/{path}")
    return Exported(files, tuple(notes), sum(len(some) for some in written.values()), written)


def nested_items(
    writer: Writer, kind: Kind, wanted: frozenset[str]
) -> tuple[list[Item], frozenset[str]]:
    """The outermost items of the wanted objects, by name, and which of them are written."""
    declared = [one for one in writer.declarable(kind) if id_of(one) in wanted]
    ids = frozenset(id_of(one) for one in declared)
    fields = [name for name in kind.fields if name in writer.state.fields(kind.name)]
    items = {id_of(one): writer.item(one, fields) for one in declared}
    spec = kind.hierarchy
    if spec is None or spec.name not in fields:
        return [_shortest(items[id_of(one)]) for one in declared], ids
    tops = _nest(writer, spec, declared, items)
    return [_shortest(items[one]) for one in tops], ids


def _nest(
    writer: Writer, spec: FieldSpec, declared: list[Resource], items: dict[str, dict[str, Any]]
) -> list[str]:
    """Put items into the `children` of their parents; gives the ids of the outermost ones."""
    home: dict[str, str] = {}
    children: dict[str, list[str]] = {}
    tops = []
    for one in declared:
        mine = _parents(one, spec)
        inside = [parent for parent in mine if parent in items]
        if not inside:
            tops.append(id_of(one))
            continue
        place = min(inside, key=lambda each: (fold(items[each]["name"]), items[each]["name"]))
        home[id_of(one)] = place
        children.setdefault(place, []).append(id_of(one))
    outermost: list[str] = []
    reached: set[str] = set()
    while tops:
        outermost.append(tops[-1])
        level = [(tops.pop(), 1)]
        while level:
            above, depth = level.pop()
            reached.add(above)
            for child in children.get(above, ()):
                if depth == DEEPEST:
                    del home[child]
                    tops.append(child)
                else:
                    level.append((child, depth + 1))
    for one in declared:
        identifier = id_of(one)
        if identifier not in reached:
            home.pop(identifier, None)
            outermost.append(identifier)
            writer.note(one, f"{spec.name}: the library has a circle here")
            continue
        _say_parents(writer, spec, one, items[identifier], home.get(identifier))
    for one in declared:  # by name, so children stand in that order too
        if id_of(one) in home:
            outer = items[home[id_of(one)]]
            outer.setdefault("children", []).append(items[id_of(one)])
    for item in items.values():
        if "children" in item:
            item["children"] = [_shortest(child) for child in item.pop("children")]
    order = {id_of(one): position for position, one in enumerate(declared)}
    return sorted(outermost, key=lambda one: order[one])


def _say_parents(
    writer: Writer, spec: FieldSpec, one: Resource, item: dict[str, Any], home: str | None
) -> None:
    """Name the parents that the nesting does not say."""
    others = [parent for parent in _parents(one, spec) if parent != home]
    if not others:
        return
    names = [writer.names.get(one.kind, parent) for parent in others]
    good = sorted((name for name in names if name), key=lambda name: (fold(name), name))
    if len(good) < len(names):
        writer.note(one, f"{spec.name}: no name means just one of them")
    if isinstance(spec.meaning, Ref):
        if good:
            item[spec.name] = good[0]
    elif len(good) == len(names):
        item[spec.name] = good
    elif good or home is not None:
        item[spec.name] = {"add": good}


def _parents(one: Resource, spec: FieldSpec) -> list[str]:
    value = one.values.get(spec.name)
    if isinstance(spec.meaning, Ref):
        return [value] if value else []
    return list(value or ())


def _shortest(item: dict[str, Any]) -> Item:
    """The name alone where there is nothing else."""
    return item["name"] if len(item) == 1 else item


def _cut(kind: Kind, items: list[Item], count: int) -> Iterable[tuple[str, list[Item]]]:
    """The files of a kind, below the manifests' folder."""
    if not items:
        return
    if count <= MANY:
        yield f"{kind.plural}.yaml", items
        return
    shards: dict[str, list[Item]] = {}
    for item in items:
        shards.setdefault(shard_of(name_of(item)), []).append(item)
    for shard in sorted(shards):
        yield f"{kind.plural}/{shard}.yaml", shards[shard]


def id_of(one: Resource) -> str:
    """The server's id of an observed object, which always has one."""
    assert one.id is not None
    return one.id


def name_of(item: Item) -> str:
    """The name in an item."""
    return item if isinstance(item, str) else str(item["name"])


def shard_of(name: str) -> str:
    """`a` to `z` by the first letter, `0-9`, or `other`: what no new neighbour changes."""
    first = fold(name[:1])
    if first.isascii() and first.isalpha():
        return first
    return "0-9" if first.isascii() and first.isdigit() else "other"


def _text(kind: Kind, items: list[Item], path: str) -> str:
    up = "../" * path.count("/")
    head = f"# yaml-language-server: $schema={up}{SCHEMA_FILE}\n"
    return head + "\n".join(section_lines(kind.plural, items)) + "\n"


def section_text(kind: Kind, items: list[Item], path: str) -> str:
    """A new file with one section."""
    return _text(kind, items, path)
