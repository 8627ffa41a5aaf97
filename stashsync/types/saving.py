"""From an entity's edits to mutations, and from their answers back to an entity that is clean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from stashsync.errors import StashError
from stashsync.fields import CustomFields, FarEnd, Image, Memberships, Server, StashIds
from stashsync.types import relations, tracking
from stashsync.types.kind import FieldSpec, Way
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.types.capabilities import Capabilities
    from stashsync.types.entity import Entity

MINIMAL = "id __typename"
SIDE_BATCH = 500
"""How many objects one bulk update of a side mutation changes."""


class Saver(Protocol):
    """What saving needs of a client."""

    async def capabilities(self) -> Capabilities:
        """What the server can do."""
        ...

    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        """Run `mutation(argument: value)`; `type_name` is the argument's GraphQL type.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        ...


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


@dataclass(slots=True)  # not frozen: that would make it three times as slow to build
class Write:
    """One mutation that saves `entity`, and what to note once the server has answered.

    Between the two, more edits may be made: `sent` has the snapshots of what this one carries.
    """

    entity: Entity
    way: Way
    value: Mapping[str, Any]
    sent: Mapping[str, Any]

    @property
    def mutation(self) -> str:
        """The mutation's name."""
        return self.way.mutation

    @property
    def argument(self) -> str:
        """The name of its only argument."""
        return "input"

    @property
    def type_name(self) -> str:
        """The argument's GraphQL type."""
        return self.way.argument_type

    @property
    def selection(self) -> str:
        """What to select of the answer."""
        return MINIMAL

    def settle(self, answer: Mapping[str, Any] | None) -> None:
        """The server has done it and sent `answer`: exchange the id, note what both agree on.

        Raises:
            StashError: there is no such object any more; nothing is noted.
        """
        entity = self.entity
        if not answer:
            raise StashError(
                f"{self.mutation} changed nothing: {entity!r} is not there",
                hint="It may have been deleted meanwhile; fetch it again.",
            )
        if self.way.new and entity.is_new():
            entity.update_id(str(answer["id"]))
        model = type(entity)
        table = model.__relation_table__ or model._relations()
        for name in self.sent:
            if name in table:
                relations.agree(entity, name, self.sent[name])
        entity._base.update(self.sent)
        if not entity._received_fields.issuperset(self.sent):
            told = {name for name in self.sent if not _is_image(entity, name)}
            entity._received_fields |= told | {"id"}


@dataclass(frozen=True, slots=True)
class SideWrite:
    """A bulk update of other objects, by which an edit on the far end of a relation is saved."""

    entity: Entity
    field: str
    mutation: str
    argument: str
    type_name: str
    value: Mapping[str, Any]
    members: tuple[Entity, ...]
    joins: bool
    selection: str = MINIMAL

    def settle(self) -> None:
        """The server has done it: both ends agree on these members."""
        base: set[Entity] = self.entity._base.setdefault(self.field, set())
        after = base.union(self.members) if self.joins else base.difference(self.members)
        relations.agree(self.entity, self.field, after)
        self.entity._base[self.field] = after


def _is_image(entity: Entity, name: str) -> bool:
    return isinstance(type(entity).kind().all_fields[name].meaning, Image)


def input_of(
    entity: Entity, server: Capabilities | None = None, edited: list[FieldSpec] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The input that saves the entity, and the snapshots of the fields it carries.

    `edited` is what `tracking.changed` says, where the caller has asked already.

    Raises:
        StashCapabilityError: this release of the server has no place for a field.
        ValueError: a field is missing, or cannot be changed any more.
    """
    new = entity.is_new()
    fields = tracking.changed(entity) if edited is None else edited
    return _input(entity, _way(entity, new=new), fields, server or Newest())


def _way(entity: Entity, *, new: bool) -> Way:
    model = type(entity)
    kind = (model.__tracked_table__ or model._tracked()).kind
    way = kind.creating if new else kind.updating
    if way is None:
        raise NotImplementedError(f"a {kind.type_name} cannot be {'created' if new else 'changed'}")
    return way


def _input(
    entity: Entity, way: Way, edited: list[FieldSpec], server: Capabilities | Newest
) -> tuple[dict[str, Any], dict[str, Any]]:
    """As `input_of`, where all that has been asked already."""
    values, new = entity.__dict__, way.new
    if way.whole and edited:
        specs = type(entity)._tracked().specs
        edited = [spec for spec in specs if values[spec.name] is not UNSET]
    value: dict[str, Any] = {} if new else {"id": values["id"]}
    sent: dict[str, Any] = {}
    for spec in edited:
        name, key = spec.name, spec.input
        if not (spec.creates if new else spec.updates):
            if new or not spec.creates:
                continue  # a side mutation, or an update that follows the create
            type_name = type(entity).kind().type_name
            raise ValueError(f"{name} can be given only when a {type_name} is created")
        if server.lacks_input(way.input_type, key):
            assert not isinstance(server, Newest)  # that one lacks nothing
            raise server.lacks(
                f"{key!r} in {way.input_type}",
                hint=f"Leave {name} of {entity!r} unset, or update the server.",
            )
        now = values[name]
        if spec.form == "scalar":  # sent as it is, and nobody can edit it in place
            value[key] = sent[name] = now
        else:
            value[key] = written(spec, now, entity, server)
            sent[name] = tracking.snapshot(spec, now)
    if new:
        _complete(entity, value)
    return value, sent


def _complete(entity: Entity, value: Mapping[str, Any]) -> None:
    for spec in type(entity).kind().all_fields.values():
        if spec.creates and spec.create_type.endswith("!") and value.get(spec.input) is None:
            raise ValueError(f"a new {type(entity).__name__} needs its {spec.name}")


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
        before = entity._base.get(spec.name, tracking.MISSING)
        if before is tracking.MISSING or not value:
            return {"full": tracking.copied(value or {})}
        return meaning.write(tracking.copied(value), before, server)
    if isinstance(meaning, StashIds):
        return meaning.write(tracking.copied(value), [], server)
    return tracking.copied(value)


def write_of(
    entity: Entity, server: Capabilities | None = None, edited: list[FieldSpec] | None = None
) -> Write | None:
    """The mutation that saves the entity's own fields, or None where there is nothing to save.

    `edited` is what `tracking.changed` says, where the caller has asked already.

    Raises:
        StashCapabilityError, ValueError, NotImplementedError: as `input_of`.
    """
    new = entity.is_new()
    if edited is None:
        edited = tracking.changed(entity)
    if not new:
        for spec in edited:
            if spec.settable:
                break
        else:
            return None
    way = _way(entity, new=new)
    value, sent = _input(entity, way, edited, server or Newest())
    return Write(entity, way, value, sent)


def side_writes(entity: Entity) -> Iterator[SideWrite]:
    """The bulk updates that save the entity's edits on far ends; the entity must have its id."""
    for spec in tracking.changed(entity):
        meaning = spec.meaning
        if not isinstance(meaning, FarEnd):
            continue
        near = type(entity)._relations()[spec.name].target.kind()
        field = near.all_fields[meaning.field]
        before: set[Entity] = entity._base.get(spec.name, set())
        now = entity.__dict__[spec.name]
        present = set(now)
        known = [one for one in now if not one.is_new()]  # new ones say it when they are created
        for joins, some in (
            (False, [one for one in before if one not in present]),
            (True, [one for one in known if one not in before]),
        ):
            for start in range(0, len(some), SIDE_BATCH):
                part = tuple(some[start : start + SIDE_BATCH])
                value = {"ids": [one.id for one in part], **_bulk(field, entity.id, joins=joins)}
                yield SideWrite(
                    entity, spec.name, f"bulk{near.type_name}Update", "input",
                    f"Bulk{near.type_name}UpdateInput!", value, part, joins,
                )  # fmt: skip


def _bulk(field: FieldSpec, identifier: str, *, joins: bool) -> dict[str, Any]:
    if field.form == "one":
        return {field.input: identifier if joins else None}
    name = f"{field.meaning.references()}_ids" if field.form == "memberships" else field.input
    return {name: {"ids": [identifier], "mode": "ADD" if joins else "REMOVE"}}


def unsaved_references(entity: Entity, edited: list[FieldSpec] | None = None) -> list[Entity]:
    """The objects without a server id that the entity's edits refer to, each once.

    `edited` is what `tracking.changed` says, where the caller has asked already.
    """
    table = type(entity)._relations()
    return list(
        dict.fromkeys(
            one
            for spec in (tracking.changed(entity) if edited is None else edited)
            if spec.is_relation and spec.settable
            for one in relations.members(table[spec.name], entity.__dict__[spec.name])
            if one.is_new() and one is not entity
        )
    )
