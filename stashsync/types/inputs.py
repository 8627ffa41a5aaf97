"""From what was edited of an object to the input of the mutation that saves it, in one look.

    class, told and set fields ──> Shape: which fields to look at, and how each is sent
                                     │      (made once, for all objects that are alike in this)
    object ── value ≠ snapshot? ─────┴───> Write: input, snapshots of what it carries
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stashsync.fields import CustomFields, Image, Memberships, Server, StashIds
from stashsync.types import tracking
from stashsync.types.kind import FieldSpec, Way
from stashsync.types.saving import Write, unsaved_references
from stashsync.types.tracking import MISSING
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.types.capabilities import Capabilities
    from stashsync.types.entity import Entity


class Newest:
    """A server that has everything, where nobody has said which one it is."""

    partial_dates = True

    def lacks_input(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        """No."""
        return False

    def has_output(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        """Yes."""
        return True

    def has_input(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        """Yes."""
        return True


NEWEST: Final = Newest()


class Step(NamedTuple):
    """One field to look at."""

    name: str
    key: str
    """Its name in the input."""
    simple: bool
    """Whether its value is compared, kept and sent as it is."""
    spec: FieldSpec


@dataclass(frozen=True, slots=True)
class Shape:
    """What objects of a class have in common that were told the same fields and set the same."""

    model: type[Entity]
    new: bool
    told: frozenset[str]
    assigned: Collection[str]
    way: Way | None
    steps: tuple[Step, ...]
    news: frozenset[str]
    """The fields that count as told once they have been sent."""


class Inputs:
    """The inputs that one server takes."""

    def __init__(self, server: Capabilities | None = None) -> None:
        self._server: Capabilities | Newest = server or NEWEST
        self._shapes: dict[tuple[object, ...], Shape] = {}
        self._last: Shape | None = None

    def write(self, entity: Entity) -> Write | None:
        """What saves the entity, as it is now; None where nothing was edited.

        Where only far ends of relations were, the mutation of its own would send nothing: the
        `Write` says so (`sends`).

        Raises:
            StashCapabilityError: this release of the server has no place for a field.
            ValueError: a field is missing, or cannot be changed any more.
            NotImplementedError: objects of its kind cannot be created, or changed.
        """
        values, base = entity.__dict__, entity._base
        shape = self._last  # neighbours are mostly alike
        if (
            shape is None
            or entity._received_fields is not shape.told
            or entity.__pydantic_fields_set__ != shape.assigned
            or type(entity) is not shape.model
            or entity.is_new() is not shape.new
        ):
            shape = self._last = self._shape_of(entity)
        value: dict[str, Any] = {} if shape.new else {"id": values["id"]}
        sent: dict[str, Any] = {}
        relations: list[FieldSpec] | tuple[()] = ()
        for name, key, simple, spec in shape.steps:
            now = values[name]
            before = base.get(name, MISSING)
            if simple:
                if now is not before and now != before and now is not UNSET:
                    value[key] = sent[name] = now
            elif now is not UNSET and tracking.is_edited(spec, now, before):
                if spec.is_relation:
                    relations = [*relations, spec]
                self._put(entity, shape, spec, value, sent)
        if shape.new:
            _check_complete(entity, shape, value)
        elif not sent and not relations:
            return None
        if shape.way is not None and shape.way.whole and sent:
            for spec in type(entity)._tracked().specs:
                if values[spec.name] is not UNSET:
                    self._put(entity, shape, spec, value, sent)
        if not relations:
            return Write(entity, shape, value, sent)
        new = unsaved_references(entity, relations)
        return Write(entity, shape, value, sent, relations, new)

    def _put(
        self,
        entity: Entity,
        shape: Shape,
        spec: FieldSpec,
        value: dict[str, Any],
        sent: dict[str, Any],
    ) -> None:
        """Put a field into the input, where this mutation carries it."""
        type_name = type(entity).kind().type_name
        if not (spec.creates if shape.new else spec.updates):
            if shape.new or not spec.creates:
                return  # a side mutation, or an update that follows the create
            raise ValueError(f"{spec.name} can be given only when a {type_name} is created")
        if shape.way is None:
            done = "created" if shape.new else "changed"
            raise NotImplementedError(f"a {type_name} cannot be {done}")
        if self._server.lacks_input(shape.way.input_type, spec.input):
            assert not isinstance(self._server, Newest)  # that one lacks nothing
            raise self._server.lacks(
                f"{spec.input!r} in {shape.way.input_type}",
                hint=f"Leave {spec.name} of {entity!r} unset, or update the server.",
            )
        now = entity.__dict__[spec.name]
        value[spec.input] = written(spec, now, entity, self._server)
        sent[spec.name] = tracking.snapshot(spec, now)

    def _shape_of(self, entity: Entity) -> Shape:
        model, new = type(entity), entity.is_new()
        told, assigned = entity._received_fields, entity.__pydantic_fields_set__
        known = (model, new, told, *assigned)
        shape = self._shapes.get(known)
        if shape is None:
            specs = model._tracked().may_differ(told, assigned)
            kind = model.kind()
            way = kind.creating if new else kind.updating
            shape = self._shapes[known] = Shape(
                model,
                new,
                told,
                frozenset(assigned),
                way,
                tuple([Step(one.name, one.input, self._simple(one, way), one) for one in specs]),
                frozenset([one.name for one in specs if not isinstance(one.meaning, Image)]),
            )
        return shape

    def _simple(self, spec: FieldSpec, way: Way | None) -> bool:
        return (
            spec.form == "scalar"
            and way is not None
            and (spec.creates if way.new else spec.updates)
            and not self._server.lacks_input(way.input_type, spec.input)
        )


def _check_complete(entity: Entity, shape: Shape, value: Mapping[str, Any]) -> None:
    kind = shape.model.kind()
    if shape.way is None:
        raise NotImplementedError(f"a {kind.type_name} cannot be created")
    for spec in kind.all_fields.values():
        if spec.creates and spec.create_type.endswith("!") and value.get(spec.input) is None:
            raise ValueError(f"a new {shape.model.__name__} needs its {spec.name}")


def written(spec: FieldSpec, value: Any, entity: Entity, server: Server) -> Any:
    """The input value of a field."""
    meaning = spec.meaning
    if spec.form == "one":
        return value.id if value is not None else None
    if spec.form == "many":
        return [one.id for one in value]
    if isinstance(meaning, Memberships):
        return [
            {f"{meaning.kind}_id": one.id, **({meaning.extra: extra} if extra is not None else {})}
            for one, extra in tracking.memberships(spec, value)
        ]
    if isinstance(meaning, CustomFields):
        if entity.is_new():
            return tracking.copied(value)
        before = entity._base.get(spec.name, MISSING)
        if before is MISSING or not value:
            return {"full": tracking.copied(value or {})}
        return meaning.write(tracking.copied(value), before, server)
    if isinstance(meaning, StashIds):
        return meaning.write(tracking.copied(value), [], server)
    return tracking.copied(value)
