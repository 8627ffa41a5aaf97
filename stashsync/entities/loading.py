"""Rows of an answer to objects, by a layout that is made once for each class and selection.

The server's schema has typed every value, so none is looked at again. What most fields need is
nothing at all: the row becomes the object's values in one copy, and another copy is kept as the
snapshot that later edits are compared with. Only containers and references take a step each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from stashsync.entities.agreement import compare_with_found, compare_with_others
from stashsync.entities.collector import collector_paused
from stashsync.entities.identity import PlainIdentityMap
from stashsync.entities.models import model_of
from stashsync.entities.relations import RelatedList, is_raw
from stashsync.entities.tracked import IdentityMap, edited_fields, note_received
from stashsync.kinds.declaration import Record
from stashsync.kinds.field_spec import FieldSpec
from stashsync.kinds.registry import ENTITIES
from stashsync.unset import UNSET

R = TypeVar("R", bound=Record)

Loader = Callable[[Any, IdentityMap, float, Any], tuple[Any, Any]]
"""Makes a value and its snapshot of what the server sent: in an identity map, when, for whom."""

_NOTHING: frozenset[str] = frozenset()
_new = object.__new__
_set = object.__setattr__


class RowLayout:
    """How rows with these keys become objects of a class."""

    __slots__ = ("dropped", "has_id", "has_news", "model", "names", "steps", "template")

    def __init__(self, model: type[Record], keys: tuple[str, ...]) -> None:
        kind = model.kind()
        by_output = {spec.output: spec for spec in kind.all_fields.values() if spec.reads}
        self.model = model
        self.has_id = model.kind().has_id
        self.template: dict[str, Any] = {
            **({"id": ""} if self.has_id else {}),
            **dict.fromkeys(kind.all_fields, UNSET),
        }
        specs = [by_output[key] for key in keys if key in by_output]
        known = {spec.output for spec in specs} | ({"id"} if self.has_id else set())
        self.dropped = [key for key in keys if key not in known]
        self.steps = [
            (spec.output, spec.name, loader)
            for spec in specs
            if (loader := _loader(model, spec)) or spec.output != spec.name
        ]
        self.names = frozenset(spec.name for spec in specs) | ({"id"} if self.has_id else set())
        self.has_news = bool(self.names.difference({"id"}, kind.key_fields))

    def settle(
        self,
        row: dict[str, Any],
        values: dict[str, Any],
        base: dict[str, Any],
        identity_map: IdentityMap,
        read_at: float,
        owner: Any,
    ) -> None:
        """Make values by field and their snapshots of a row, both in place.

        `values` has the row's keys, perhaps among others; `base` is a copy of the row. Both may
        be settled in part before their turn: a row can hold the same object once more, deeper.
        """
        for key in self.dropped:
            del values[key], base[key]
            if key in self.template:
                values[key] = UNSET
        for output, name, loader in self.steps:
            wire = row[output]
            if output != name:
                del values[output], base[output]
            if loader is None:
                values[name] = base[name] = wire
            else:
                values[name], base[name] = loader(wire, identity_map, read_at, owner)


_layouts: dict[tuple[Any, tuple[str, ...]], RowLayout] = {}


def _layout(model: Any, keys: tuple[str, ...]) -> RowLayout:
    found = _layouts.get((model, keys))
    if found is None:
        found = _layouts[model, keys] = RowLayout(model, keys)
    return found


def decode_rows(
    model: type[R],
    rows: Sequence[dict[str, Any]],
    identity_map: IdentityMap | None = None,
    read_at: float = 0.0,
) -> list[R]:
    """Return the objects of these rows, as `from_row` does for each."""
    if identity_map is None:
        identity_map = PlainIdentityMap()
    if not model.kind().has_id:
        return [_part(model, row, identity_map, read_at) for row in rows]
    with (
        identity_map.lock,
        collector_paused(len(rows)),
    ):  # no other thread sees one that is half made
        table = identity_map.table(model)
        return [_entity(model, row, identity_map, read_at, table) for row in rows]


def _part(model: type[R], row: dict[str, Any], identity_map: IdentityMap, read_at: float) -> R:
    layout = _layout(model, tuple(row))
    part = _new(model)
    values = layout.template | row
    _fill(part, values)
    layout.settle(row, values, dict(row), identity_map, read_at, part)
    return part


def _fill(record: Any, values: dict[str, Any]) -> None:
    _set(record, "__dict__", values)
    _set(record, "__pydantic_fields_set__", set())  # what was assigned, not what was received
    _set(record, "__pydantic_extra__", None)
    _set(record, "__pydantic_private__", None)


def _entity(
    model: type[R], row: dict[str, Any], identity_map: IdentityMap, read_at: float, table: Any
) -> R:
    identifier = row["id"]
    entity = table.get(identifier)
    if entity is not None:
        if len(row) > 1:
            merge_row(entity, row, identity_map, read_at)
        known: R = entity
        return known
    layout = _layout(model, tuple(row))
    made: Any = _new(model)
    # known before its references are followed: they may lead back to it
    table[identifier] = made
    values, base = layout.template | row, row.copy()
    _fill(made, values)
    _set(made, "snapshots", base)
    _set(made, "_received_fields", _NOTHING)  # so that nothing of it is taken for edited
    _set(made, "identity_map", identity_map)
    _set(made, "read_at", read_at)
    _set(made, "marked_new", None)
    layout.settle(row, values, base, identity_map, read_at, made)
    received = made._received_fields
    _set(made, "_received_fields", layout.names | received if received else layout.names)
    whole: R = made
    return whole


def merge_row(entity: Any, row: dict[str, Any], identity_map: IdentityMap, read_at: float) -> None:
    """Bring `entity` up to date: clean fields take the new value, edited ones keep theirs.

    The snapshot moves for all of them: what is saved later is the difference to what the server
    has now.
    """
    layout = _layout(type(entity), tuple(row))
    if not layout.has_news and row.items() <= entity.snapshots.items():
        return  # a mere reference, as most rows are, without news
    edited = {spec.name for spec in edited_fields(entity)}
    values, base = dict(row), dict(row)
    layout.settle(row, values, base, identity_map, read_at, entity)
    mine = entity.__dict__
    relations = type(entity).__relationships__
    moved: list[tuple[str, Any]] = []
    for name, value in values.items():
        if name in edited:
            if (
                isinstance(value, dict)
                and isinstance(mine[name], dict)
                and name in entity.snapshots
            ):
                mine[name] = merged_map(entity.snapshots[name], mine[name], value)
            continue
        before = mine.get(name, UNSET)
        if name in relations and before != value and not is_raw(before):
            moved.append((name, before[:] if isinstance(before, list) else before))
        if isinstance(value, RelatedList) and isinstance(before, RelatedList):
            before.load(value)
        else:
            mine[name] = value
    entity.snapshots.update(base)
    for name, before in moved:
        compare_with_others(entity, relations[name], before)
    if layout.has_news:  # a mere reference, by id and name, does not make the rest any younger
        _set(entity, "read_at", read_at)
    note_received(entity, layout.names)


def load_members(entity: Any, field: str, members: list[Any]) -> None:
    """Give the relation `field` of `entity` the members that a query found.

    An unsaved edit of it stays, and its snapshot moves.
    """
    relation = type(entity).__relationships__[field]
    edited = field in {spec.name for spec in edited_fields(entity)}
    before = entity.__dict__[field]
    entity.snapshots[field] = set(members)
    note_received(entity, frozenset((field,)))
    if edited:
        return
    if isinstance(before, RelatedList):
        former = before[:]
        before.load(members)
        compare_with_others(entity, relation, former)
    else:
        entity.__dict__[field] = RelatedList.of(entity, relation, members)
        compare_with_found(entity, relation, members)


def merged_map(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> dict[str, Any]:
    """Return `theirs` with what was edited between `base` and `mine`, key by key."""
    kept = {key: edit for key, edit in theirs.items() if key in mine or key not in base}
    edits = {key: edit for key, edit in mine.items() if key not in base or base[key] != edit}
    return kept | edits


# -- one loader for each form of value ------------------------------------------------------------


def _loader(model: type[Record], spec: FieldSpec) -> Loader | None:
    match spec.form:
        case "scalar":
            return None
        case "plain":
            return _plain(spec.meaning.hold)
        case "nested":
            return _nested(spec)
        case "memberships":
            return _memberships(spec)
        case "one":
            return _one(model_of(spec.meaning.references() or ""))
        case _:
            return _many(model, spec)


def _plain(hold: Callable[[Any], Any]) -> Loader:
    def load(wire: Any, identity_map: IdentityMap, read_at: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        return hold(wire), hold(None) if wire is None else wire

    return load


def _one(target: type[Record]) -> Loader:
    def load(wire: Any, identity_map: IdentityMap, read_at: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        if wire is None:
            return None, None
        entity = _entity(target, wire, identity_map, read_at, identity_map.table(target))
        return entity, entity

    return load


def _many(model: type[Record], spec: FieldSpec) -> Loader:
    target = model_of(spec.meaning.references() or "")
    relation = model.__relationships__[spec.name]  # type: ignore[attr-defined]  # entities alone refer
    of = RelatedList.of

    def load(wire: Any, identity_map: IdentityMap, read_at: float, owner: Any) -> tuple[Any, Any]:
        if not wire:
            return of(owner, relation, ()), set()
        table = identity_map.table(target)
        members = []
        for row in wire:
            entity = table.get(row["id"]) if len(row) == 1 else None  # mostly ids of known ones
            members.append(entity or _entity(target, row, identity_map, read_at, table))
        return of(owner, relation, members), set(members)

    return load


def _memberships(spec: FieldSpec) -> Loader:
    snapshot = spec.meaning.snapshot
    part = model_of(spec.meaning.parts[0])

    def load(wire: Any, identity_map: IdentityMap, read_at: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        parts = [_part(part, row, identity_map, read_at) for row in wire or ()]
        return parts, snapshot(parts)

    return load


def _nested(spec: FieldSpec) -> Loader:
    models = {ENTITIES[kind].type_name: model_of(kind) for kind in spec.meaning.parts}
    first = next(iter(models.values()))
    many = spec.output_type.startswith("[")

    def decoded(row: Any, identity_map: IdentityMap, read_at: float) -> Any:
        model = models.get(row.get("__typename"), first) if len(models) > 1 else first
        if model.kind().has_id:
            return _entity(model, row, identity_map, read_at, identity_map.table(model))
        return _part(model, row, identity_map, read_at)

    def load(wire: Any, identity_map: IdentityMap, read_at: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        if wire is None:
            return None, None
        value = (
            [decoded(row, identity_map, read_at) for row in wire]
            if many
            else decoded(wire, identity_map, read_at)
        )
        return value, None

    return load
