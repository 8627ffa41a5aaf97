"""From an entity's edits to mutations, and from their answers back to an entity that is clean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from stashsync.entities import tracking
from stashsync.entities.agreement import agree
from stashsync.entities.identity import is_gone
from stashsync.entities.relations import members
from stashsync.errors import StashError
from stashsync.kinds.kind import FieldSpec, Way

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity
    from stashsync.entities.inputs import Look, Profile
    from stashsync.kinds.capabilities import Capabilities

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


@dataclass(slots=True)  # not frozen: that would make it three times as slow to build
class Write:
    """One mutation that saves `entity`, and what to note once the server has answered.

    Between the two, more edits may be made: `value` and `kept`, the snapshots of what in it is not
    simple (`inputs`), say what this one carries.
    """

    entity: Entity
    profile: Profile
    value: dict[str, Any]
    kept: Mapping[str, Any]
    relations: Sequence[FieldSpec]
    """The edited fields that refer to other objects."""

    @property
    def way(self) -> Way:
        """How the object is created, or changed."""
        way = self.profile.way
        assert way is not None  # otherwise there is nothing to send
        return way

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

    def doubt(self) -> None:
        """It was sent, and nobody said what became of it: what it carries stays to be saved."""
        doubt(self.entity, (self.profile, self.value, self.kept, self.relations))

    def settle(self, answer: Mapping[str, Any] | None) -> None:
        """The server has done it and sent `answer`: exchange the id, note what both agree on.

        Raises:
            StashError: there is no such object any more; nothing is noted.
        """
        settle(self.entity, (self.profile, self.value, self.kept, self.relations), answer)


def settle(entity: Entity, look: Look, answer: Mapping[str, Any] | None) -> None:
    """As `Write.settle`, for those who save many."""
    profile, value, kept, relations = look
    if not answer:
        assert profile.way is not None
        raise StashError(
            f"{profile.way.mutation} changed nothing: {entity!r} is not there",
            hint="It may have been deleted meanwhile; fetch it again.",
        )
    base = entity._base
    if profile.plain and not kept:  # as nearly always: then the input has the id beside them
        base.update(value)
        return
    if profile.new and entity.is_new():
        entity.update_id(str(answer["id"]))
    for spec in relations:
        if spec.name in kept:
            agree(entity, spec.name, kept[spec.name])
    base.update({name: value[key] for name, key in profile.simple if key in value})
    base.update(kept)
    if profile.news:
        sent = {name for name, key in profile.simple if key in value}.union(kept)
        news = profile.news.intersection(sent).union(("id",))
        entity._received_fields = tracking.together(entity._received_fields, news)


def doubt(entity: Entity, look: Look) -> None:
    """Nobody knows whether the server has what was sent: it is to be saved until somebody says.

    Otherwise who puts the old value back would have nothing to save, whatever the server has. Not
    so relations, whose other ends stand on what was last agreed on, and maps that are sent by key.
    """
    profile, value, kept, _ = look
    if profile.new:
        return  # nothing has been agreed on yet
    for name, key in profile.simple:
        if key in value:
            entity._base.pop(name, None)
    for name, spec in profile.others:
        if name in kept and spec.meaning.sent_whole:
            entity._base.pop(name, None)


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
        agree(self.entity, self.field, after)
        self.entity._base[self.field] = after


def side_writes(entity: Entity) -> Iterator[SideWrite]:
    """The bulk updates that save the entity's edits on far ends; the entity must have its id."""
    for spec in tracking.changed(entity):
        if not spec.meaning.bulk:
            continue
        relation = type(entity)._relations()[spec.name]
        near = relation.target.kind()
        field = near.all_fields[relation.inverse or ""]
        before: set[Entity] = entity._base.get(spec.name, set())
        now = entity.__dict__[spec.name]
        present = set(now)
        known = [one for one in now if not one.is_new()]  # new ones say it when they are created
        for joins, some in (
            (False, [one for one in before if one not in present and not is_gone(one)]),
            (True, [one for one in known if one not in before and not is_gone(one)]),
        ):
            for start in range(0, len(some), SIDE_BATCH):
                part = tuple(some[start : start + SIDE_BATCH])
                value = {"ids": [one.id for one in part], **_bulk(field, entity.id, joins=joins)}
                yield SideWrite(
                    entity, spec.name, near.bulk_mutation, "input",
                    f"{near.bulk_input}!", value, part, joins,
                )  # fmt: skip


def _bulk(field: FieldSpec, identifier: str, *, joins: bool) -> dict[str, Any]:
    if field.form == "one":
        return {field.input: identifier if joins else None}
    name = f"{field.meaning.references()}_ids" if field.form == "memberships" else field.input
    return {name: {"ids": [identifier], "mode": "ADD" if joins else "REMOVE"}}


def touched(entity: Entity, edited: Iterable[FieldSpec]) -> set[Entity]:
    """Who was put into the relations among these edited fields, or taken out of them."""
    found: set[Entity] = set()
    for spec in edited:
        if not spec.is_relation:
            continue
        now = spec.meaning.linked(entity.__dict__[spec.name])
        before = spec.meaning.linked_before(entity._base.get(spec.name))
        found.update(
            one for one in {**now, **before}
            if now.get(one, tracking.MISSING) != before.get(one, tracking.MISSING)
        )  # fmt: skip
    return found


def new_references(
    entity: Entity, edited: Iterable[FieldSpec]
) -> Iterator[tuple[FieldSpec, Entity]]:
    """The new objects that these edited fields refer to, each with the field."""
    table = type(entity)._relations()
    for spec in edited:
        if spec.is_relation and spec.settable:
            for one in members(table[spec.name], entity.__dict__[spec.name]):
                if one.is_new() and one is not entity:
                    yield spec, one


def unsaved_references(entity: Entity, edited: Iterable[FieldSpec]) -> list[Entity]:
    """The new objects that these edited fields refer to, each once."""
    return list(dict.fromkeys(one for _, one in new_references(entity, edited)))


def unsaved_far_ends(entity: Entity, edited: Iterable[FieldSpec]) -> list[Entity]:
    """The new objects at the far ends that were edited, each once: nothing of `entity` waits for
    them, but the edit is not saved before they are."""
    values = entity.__dict__
    return list(
        dict.fromkeys(
            one
            for spec in edited
            if spec.is_relation and not spec.settable
            for one in values[spec.name]
            if one.is_new()
        )
    )


def says_so(one: Entity, entity: Entity, edited: Iterable[FieldSpec]) -> bool:
    """Whether `one`, at far ends of the entity that were edited, refers to the entity itself."""
    return any(
        entity in members(type(one)._relations()[relation.inverse], one.__dict__[relation.inverse])
        for spec in edited
        if spec.is_relation and not spec.settable and one in entity.__dict__[spec.name]
        if (relation := type(entity)._relations()[spec.name]).inverse is not None
    )
