"""A whole library, or a part of it, as new manifest files.

    tags.yaml          one file a kind, or
    tags/a.yaml …      where there are many: by the first letter of the outermost object

A hierarchy is nested. An object with several parents is nested in the first of them by name and
names the others in `parents`, so that the place of an item depends on nothing but the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from stashsync.engine.observe import wanted_by
from stashsync.fields.names import fold
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS, FieldSpec, Kind
from stashsync.planner import Policy
from stashsync.pull.writing.blocks import CHILDREN, Content, name_of, section_text, shortest
from stashsync.pull.writing.items import ItemWriter, ReferenceNames
from stashsync.state import Resource, State

MANY: Final = 2000
"""Objects of a kind from which it is cut into several files."""
DEEPEST: Final = 12
"""How deep items are nested; what is below names its parents instead."""


class PullScope(Struct, frozen=True):
    """What a pull accepts beside what the manifests manage.

    `into` is the file below the project that new objects go to, where they have no parent there.
    `reset` accepts the server's values whatever the baseline is.
    """

    all_fields: bool = False
    new: bool = False
    into: str | None = None
    reset: bool = False


class Exported(Struct, frozen=True):
    """New files, by path below the project; what could not be written; the ids of what was."""

    files: Mapping[str, str]
    notes: tuple[str, ...] = ()
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of objects in the files."""
        return sum(map(len, self.ids.values()))


# -- what is read, and what is chosen -------------------------------------------------------------


def kinds_of(policy: Policy) -> list[str]:
    """Return the kinds that a policy can choose objects of."""
    named = {kind for kind, _ in policy.only}
    return [name for name in KINDS if not named or name in named]


def fields_to_export(policy: Policy) -> dict[str, frozenset[str]]:
    """Return by kind the fields to read for a first export: of chosen kinds, all."""
    return _whole(kinds_of(policy), {})


def fields_to_compare(
    desired: State, scope: PullScope, policy: Policy
) -> dict[str, frozenset[str]]:
    """Return by kind the fields to read for a pull."""
    managed = wanted_by(desired)
    if not (scope.all_fields or scope.new):
        return dict(managed)
    return _whole([name for name in kinds_of(policy) if scope.new or name in managed], managed)


def _whole(kinds: list[str], more: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return all fields of these kinds, and `more`; of what they refer to, only the names."""
    found = {**more, **{name: frozenset(KINDS[name].fields) for name in kinds}}
    for name in kinds:
        for spec in KINDS[name].references.values():
            found.setdefault(spec.meaning.references() or "", frozenset())
        for meaning in KINDS[name].inner.values():
            for target in meaning.inner_kinds:
                found.setdefault(target, frozenset())
    return found


def chosen(observed: State, kind: str, policy: Policy) -> list[Resource]:
    """Return the observed objects of a kind that the policy chooses and does not ignore."""
    return [
        resource
        for resource in observed.of(kind)
        if policy.chooses(resource) and not policy.ignores(resource)
    ]


# -- files ----------------------------------------------------------------------------------------


def first_export(observed: State, folder: str, policy: Policy) -> Exported:
    """Return new files below `folder` for the chosen objects; the plan of them is empty.

    `observed` has the names of all objects that these refer to.
    """
    notes: list[str] = []
    writer = ItemWriter(
        observed,
        ReferenceNames.of(observed),
        lambda resource, what: notes.append(f"{resource.address}: {what}"),
    )
    files: dict[str, str] = {}
    written: dict[str, frozenset[str]] = {}
    for name in kinds_of(policy):
        wanted = frozenset(map(id_of, chosen(observed, name, policy)))
        if not wanted:
            continue
        items, written[name] = nested_items(writer, KINDS[name], wanted)
        for path, contents in _cut(KINDS[name], items, len(written[name])):
            files[f"{folder}/{path}"] = section_text(
                KINDS[name].plural, contents, f"{folder}/{path}"
            )
    return Exported(files, tuple(notes), written)


def _cut(kind: Kind, items: list[Content], count: int) -> Iterable[tuple[str, list[Content]]]:
    """Yield the files of a kind, below the manifests' folder."""
    if not items:
        return
    if count <= MANY:
        yield f"{kind.plural}.yaml", items
        return
    shards: dict[str, list[Content]] = {}
    for item in items:
        shards.setdefault(shard_of(name_of(item)), []).append(item)
    for shard in sorted(shards):
        yield f"{kind.plural}/{shard}.yaml", shards[shard]


def shard_of(name: str) -> str:
    """Return `a` to `z` by the first letter, `0-9`, or `other`: what no new neighbour changes."""
    first = fold(name[:1])
    if first.isascii() and first.isalpha():
        return first
    return "0-9" if first.isascii() and first.isdigit() else "other"


def id_of(resource: Resource) -> str:
    """Return the server's id of an observed object, which always has one."""
    assert resource.id is not None
    return resource.id


# -- nesting --------------------------------------------------------------------------------------


def nested_items(
    writer: ItemWriter, kind: Kind, wanted: frozenset[str]
) -> tuple[list[Content], frozenset[str]]:
    """Return the outermost items of the wanted objects, by name, and the ids of all that are in."""
    declared = [resource for resource in writer.declarable(kind) if id_of(resource) in wanted]
    ids = [id_of(resource) for resource in declared]
    fields = [name for name in kind.fields if name in writer.state.fields(kind.name)]
    items = {id_of(resource): writer.item(resource, fields) for resource in declared}
    spec = kind.hierarchy
    tops = ids
    if spec is not None and spec.name in fields:
        tops = _nest(writer, spec, declared, items)
    return [shortest(items[identifier]) for identifier in tops], frozenset(ids)


def _nest(
    writer: ItemWriter, spec: FieldSpec, declared: list[Resource], items: dict[str, dict[str, Any]]
) -> list[str]:
    """Put items into the `children` of their parents; return the ids of the outermost ones."""
    home, outermost = _homes(spec, declared, items, writer.names)
    for resource in declared:
        identifier = id_of(resource)
        if identifier in outermost or identifier in home:
            _add_parents(writer, spec, resource, items[identifier], home.get(identifier))
        else:
            outermost.add(identifier)
            writer.note(resource, f"{spec.name}: the library has a circle here")
    for resource in declared:  # by name, so children stand in that order too
        if id_of(resource) in home:
            outer = items[home[id_of(resource)]]
            outer.setdefault(CHILDREN, []).append(items[id_of(resource)])
    for item in items.values():
        if CHILDREN in item:
            item[CHILDREN] = [shortest(child) for child in item.pop(CHILDREN)]
    return [id_of(resource) for resource in declared if id_of(resource) in outermost]


def _homes(
    spec: FieldSpec,
    declared: list[Resource],
    items: dict[str, dict[str, Any]],
    names: ReferenceNames,
) -> tuple[dict[str, str], set[str]]:
    """Return in which item each is nested, and the outermost ones; those in circles are neither."""
    nearest: dict[str, str] = {}
    children: dict[str, list[str]] = {}
    tops = []
    for resource in declared:
        inside = [
            parent
            for parent in _parents(resource, spec)
            if parent in items and names.get(resource.kind, parent) is not None
        ]
        if not inside:
            tops.append(id_of(resource))
            continue
        place = min(inside, key=lambda each: (fold(items[each]["name"]), items[each]["name"]))
        nearest[id_of(resource)] = place
        children.setdefault(place, []).append(id_of(resource))
    home: dict[str, str] = {}
    outermost: set[str] = set()
    while tops:
        outermost.add(tops[-1])
        level = [(tops.pop(), 1)]
        while level:
            above, depth = level.pop()
            for child in children.get(above, ()):
                if depth == DEEPEST:
                    tops.append(child)
                else:
                    home[child] = nearest[child]
                    level.append((child, depth + 1))
    return home, outermost


def _add_parents(
    writer: ItemWriter, spec: FieldSpec, resource: Resource, item: dict[str, Any], home: str | None
) -> None:
    """Name the parents that the nesting leaves out."""
    others = [parent for parent in _parents(resource, spec) if parent != home]
    if not others:
        return
    names = [writer.names.get(resource.kind, parent) for parent in others]
    around = writer.names.get(resource.kind, home or "")
    # Beside the parent that it is nested in, a manifest cannot tell that one's twin.
    names = [name if around is None or fold(name or "") != fold(around) else None for name in names]
    good = sorted((name for name in names if name), key=lambda name: (fold(name), name))
    if len(good) < len(names):
        writer.note(resource, f"{spec.name}: no name means just one of them")
    if spec.form == "one":
        if good:
            item[spec.name] = good[0]
    elif len(good) == len(names):
        item[spec.name] = good
    elif good or home is not None:
        item[spec.name] = {"add": good}


def _parents(resource: Resource, spec: FieldSpec) -> list[str]:
    return reference_list(resource.values.get(spec.name))
