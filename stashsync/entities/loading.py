"""Rows of an answer to objects, by a plan that is made once for each class and selection.

The server's schema has typed every value, so none is looked at again. What most fields need is
nothing at all: the row becomes the object's values in one copy, and another copy is kept as the
snapshot that later edits are compared with. Only containers and references take a step each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from stashsync.entities.agreement import found, told
from stashsync.entities.collector import collector_paused
from stashsync.entities.identity import IdentityMap, Objects
from stashsync.entities.models import model_of
from stashsync.entities.related_list import RelatedList
from stashsync.entities.relations import is_raw
from stashsync.entities.tracking import changed, together
from stashsync.kinds.kind import FieldSpec
from stashsync.kinds.registry import ENTITIES
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.entities.record import Record

R = TypeVar("R", bound="Record")

Loader = Callable[[Any, IdentityMap, float, Any], tuple[Any, Any]]
"""From what the server sent (in a home, at a time, for an owner) to the value and its snapshot."""

_NOTHING: frozenset[str] = frozenset()
_new = object.__new__
_set = object.__setattr__


class Plan:
    """How rows with these keys become objects of a class."""

    __slots__ = ("dropped", "has_id", "model", "names", "steps", "tells", "template")

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
        self.tells = bool(self.names.difference({"id"}, kind.key_fields))

    def settle(
        self,
        row: dict[str, Any],
        values: dict[str, Any],
        base: dict[str, Any],
        home: IdentityMap,
        stamp: float,
        owner: Any,
    ) -> None:
        """Make what a row told into values by field and their snapshots, both in place.

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
                values[name], base[name] = loader(wire, home, stamp, owner)


def plan_of(model: type[Record], row: dict[str, Any]) -> Plan:
    """The plan for rows with the keys of this one."""
    keys = tuple(row)
    plan = model.__plans__.get(keys)
    if plan is None:
        plan = model.__plans__[keys] = Plan(model, keys)
    return plan


def decode_rows(
    model: type[R],
    rows: Sequence[dict[str, Any]],
    home: IdentityMap | None = None,
    stamp: float = 0.0,
) -> list[R]:
    """The objects of these rows, as `Record.from_row` for each."""
    if home is None:
        home = Objects()
    if not model.kind().has_id:
        return [_part(model, row, home, stamp) for row in rows]
    with home.lock, collector_paused(len(rows)):  # nobody else sees one that is half made
        table = home.table(model)
        return [_entity(model, row, home, stamp, table) for row in rows]


def _part(model: type[R], row: dict[str, Any], home: IdentityMap, stamp: float) -> R:
    plan = plan_of(model, row)
    part = _new(model)
    values = plan.template | row
    _fill(part, values)
    plan.settle(row, values, dict(row), home, stamp, part)
    return part


def _fill(record: Any, values: dict[str, Any]) -> None:
    _set(record, "__dict__", values)
    _set(record, "__pydantic_fields_set__", set())  # what people set, not what was received
    _set(record, "__pydantic_extra__", None)
    _set(record, "__pydantic_private__", None)


def _entity(model: type[R], row: dict[str, Any], home: IdentityMap, stamp: float, table: Any) -> R:
    identifier = row["id"]
    entity = table.get(identifier)
    if entity is not None:
        if len(row) > 1:
            merge_row(entity, row, home, stamp)
        known: R = entity
        return known
    plan = plan_of(model, row)
    made: Any = _new(model)
    # known before its references are followed: they may lead back to it
    table[identifier] = made
    values, base = plan.template | row, row.copy()
    _fill(made, values)
    _set(made, "_base", base)
    _set(made, "_received_fields", _NOTHING)  # so that nothing of it is taken for edited
    _set(made, "_home", home)
    _set(made, "_stamp", stamp)
    _set(made, "_new", None)
    plan.settle(row, values, base, home, stamp, made)
    received = made._received_fields
    _set(made, "_received_fields", plan.names | received if received else plan.names)
    whole: R = made
    return whole


def merge_row(entity: Any, row: dict[str, Any], home: IdentityMap, stamp: float) -> None:
    """Bring `entity` up to date: clean fields take the new value, edited ones keep theirs.

    The snapshot moves for all of them: what is saved later is the difference to what the server
    has now.
    """
    plan = plan_of(type(entity), row)
    if not plan.tells and row.items() <= entity._base.items():
        return  # a mere reference, which most rows are, and it says nothing new
    edited = {spec.name for spec in changed(entity)}
    values, base = dict(row), dict(row)
    plan.settle(row, values, base, home, stamp, entity)
    mine = entity.__dict__
    relations = type(entity)._relations()
    moved: list[tuple[str, Any]] = []
    for name, value in values.items():
        if name in edited:
            if isinstance(value, dict) and isinstance(mine[name], dict) and name in entity._base:
                mine[name] = merged_map(entity._base[name], mine[name], value)
            continue
        before = mine.get(name, UNSET)
        if name in relations and before != value and not is_raw(before):
            moved.append((name, before[:] if isinstance(before, list) else before))
        if isinstance(value, RelatedList) and isinstance(before, RelatedList):
            before.load(value)
        else:
            mine[name] = value
    entity._base.update(base)
    for name, before in moved:
        told(entity, relations[name], before)
    if plan.tells:  # a mere reference, by id and name, does not make the rest any younger
        _set(entity, "_stamp", stamp)
    if not plan.names <= entity._received_fields:
        _set(entity, "_received_fields", together(entity._received_fields, plan.names))


def load_members(entity: Any, field: str, members: list[Any]) -> None:
    """The relation `field` of `entity` has these members, as a query of its own has told.

    An unsaved edit of it stays, and its snapshot moves.
    """
    relation = type(entity)._relations()[field]
    edited = field in {spec.name for spec in changed(entity)}
    before = entity.__dict__[field]
    entity._base[field] = set(members)
    _set(entity, "_received_fields", together(entity._received_fields, frozenset((field,))))
    if edited:
        return
    if isinstance(before, RelatedList):
        former = before[:]
        before.load(members)
        told(entity, relation, former)
    else:
        entity.__dict__[field] = RelatedList.of(entity, relation, members)
        found(entity, relation, members)


def merged_map(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> dict[str, Any]:
    """`theirs` with what was edited between `base` and `mine`, key by key."""
    kept = {key: one for key, one in theirs.items() if key in mine or key not in base}
    edits = {key: one for key, one in mine.items() if key not in base or base[key] != one}
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
    def load(wire: Any, home: IdentityMap, stamp: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        return hold(wire), hold(None) if wire is None else wire

    return load


def _one(target: type[Record]) -> Loader:
    def load(wire: Any, home: IdentityMap, stamp: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        if wire is None:
            return None, None
        entity = _entity(target, wire, home, stamp, home.table(target))
        return entity, entity

    return load


def _many(model: type[Record], spec: FieldSpec) -> Loader:
    target = model_of(spec.meaning.references() or "")
    relation = model._relations()[spec.name]  # type: ignore[attr-defined]  # entities alone refer
    of = RelatedList.of

    def load(wire: Any, home: IdentityMap, stamp: float, owner: Any) -> tuple[Any, Any]:
        if not wire:
            return of(owner, relation, ()), set()
        table = home.table(target)
        members = []
        for row in wire:
            one = table.get(row["id"]) if len(row) == 1 else None  # mostly ids of known ones
            members.append(one or _entity(target, row, home, stamp, table))
        return of(owner, relation, members), set(members)

    return load


def _memberships(spec: FieldSpec) -> Loader:
    snapshot = spec.meaning.snapshot
    part = model_of(spec.meaning.parts[0])

    def load(wire: Any, home: IdentityMap, stamp: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        parts = [_part(part, row, home, stamp) for row in wire or ()]
        return parts, snapshot(parts)

    return load


def _nested(spec: FieldSpec) -> Loader:
    models = {ENTITIES[kind].type_name: model_of(kind) for kind in spec.meaning.parts}
    first = next(iter(models.values()))
    many = spec.output_type.startswith("[")

    def one(row: Any, home: IdentityMap, stamp: float) -> Any:
        model = models.get(row.get("__typename"), first) if len(models) > 1 else first
        if model.kind().has_id:
            return _entity(model, row, home, stamp, home.table(model))
        return _part(model, row, home, stamp)

    def load(wire: Any, home: IdentityMap, stamp: float, owner: Any) -> tuple[Any, Any]:  # noqa: ARG001
        if wire is None:
            return None, None
        value = [one(row, home, stamp) for row in wire] if many else one(wire, home, stamp)
        return value, None

    return load
