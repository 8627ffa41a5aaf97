"""The edits of one object as mutations, and what to note once the server has answered.

    edited fields ── canonical values ── input ── sent ──┬─ done ────> settle: both sides agree
      (tracked)          (meanings)     (Write)          └─ no answer > doubt: sent again

Who sends them, in which order and with what else is the business of the store's unit of work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from stashsync.entities.agreement import agree
from stashsync.entities.identity import ids_of, is_gone
from stashsync.entities.models import model_of
from stashsync.entities.tracked import Tracked, edited_fields, note_received
from stashsync.errors import StashError
from stashsync.kinds.field_spec import FieldSpec
from stashsync.kinds.mutations import SavingMutation
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.kinds.capabilities import Capabilities

MINIMAL: Final = "id __typename"
SIDE_BATCH: Final = 500
"""How many objects one bulk update of a side mutation changes."""


class _Newest:
    """A server that has everything, for inputs that are made for no server in particular."""

    partial_dates = True
    career_years = False

    def has_output(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        return True

    def has_input(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        return True


_NEWEST = _Newest()


class Write(Struct):
    """The mutation that saves the fields of one object, and what to note once it was answered.

    The object may be edited meanwhile: `value` and `snapshots` say what this one carries.
    """

    entity: Tracked
    saving: SavingMutation
    value: dict[str, Any]
    snapshots: dict[str, Any]

    @property
    def mutation(self) -> str:
        """The mutation's name."""
        return self.saving.mutation

    @property
    def argument(self) -> str:
        """The name of its only argument."""
        return "input"

    @property
    def type_name(self) -> str:
        """The argument's GraphQL type."""
        return self.saving.argument_type

    @property
    def selection(self) -> str:
        """What to select of the answer."""
        return MINIMAL

    def settle(self, answer: Mapping[str, Any] | None) -> None:
        """Take over the server's id and note that both sides agree on what was sent.

        Raises:
            StashError: the answer is empty: there is no such object any more. Nothing is noted.
        """
        entity, snapshots = self.entity, self.snapshots
        if not answer:
            raise StashError(
                f"{self.mutation} changed nothing: {entity!r} is not there",
                hint="It may have been deleted meanwhile; fetch it again.",
            )
        if self.saving.new and entity.is_new():
            entity.update_id(str(answer["id"]))
        tracked = type(entity).kind().tracked
        for name, snapshot in snapshots.items():
            if tracked[name].is_relation:
                agree(entity, name, snapshot)
        entity.snapshots.update(snapshots)
        if not entity._received_fields.issuperset(snapshots):
            # an image that was sent reads as an address, which no answer has given yet
            sent = [name for name in snapshots if tracked[name].meaning.shape != "image"]
            note_received(entity, frozenset(("id", *sent)))

    def doubt(self) -> None:
        """Note that no answer came: what was sent whole is to be sent again, whatever it is then.

        Otherwise putting the old value back would leave nothing to save, whatever the server has.
        Relations keep their snapshots, on which their other ends stand, and so do maps that are
        sent by key.
        """
        tracked = type(self.entity).kind().tracked
        for name in self.snapshots:
            if tracked[name].meaning.sent_whole:
                self.entity.snapshots.pop(name, None)

    def without_new(self) -> Write:
        """Return the same without references to objects that are new, where it can do without."""
        value, snapshots = dict(self.value), dict(self.snapshots)
        for name, spec in type(self.entity).kind().tracked.items():
            if name not in snapshots or not spec.is_relation or spec.create_type.endswith("!"):
                continue
            held = self.entity.__dict__[name]
            linked = spec.meaning.linked(held)
            if not any(other.is_new() for other in linked):
                continue
            del value[spec.input], snapshots[name]
            known = [other for other in linked if not other.is_new()] if spec.form == "many" else []
            if known:
                value[spec.input], snapshots[name] = ids_of(known), set(known)
        return Write(self.entity, self.saving, value, snapshots)


def pending_write(
    entity: Tracked, server: Capabilities | None = None, edited: Sequence[FieldSpec] | None = None
) -> Write | None:
    """Return the mutation that creates the object or sends its edits; None if there are none.

    Args:
        entity: the object.
        server: whose inputs to make; None for one that has everything.
        edited: the edited fields, if they are known already.

    Raises:
        StashCapabilityError: this release of the server has no place for a field.
        ValueError: a field is missing, or cannot be changed any more.
        NotImplementedError: objects of the kind cannot be created, or changed.
    """
    kind, new = type(entity).kind(), entity.is_new()
    saving = kind.creating if new else kind.updating
    fields = edited_fields(entity) if edited is None else edited
    if saving is not None and saving.whole and any(spec.settable for spec in fields):
        fields = [spec for name, spec in kind.tracked.items() if entity.__dict__[name] is not UNSET]
    value: dict[str, Any] = {} if new else {"id": entity.id}
    snapshots: dict[str, Any] = {}
    for spec in fields:
        if not (spec.creates if new else spec.updates):
            if new or not spec.creates:
                continue  # a side mutation, or an update that follows the create
            raise ValueError(f"{spec.name} can be given only when a {kind.type_name} is created")
        if saving is None:
            done = "created" if new else "changed"
            raise NotImplementedError(f"a {kind.type_name} cannot be {done}")
        if server is not None and server.lacks_input(saving.input_type, spec.input):
            raise server.lacks(
                f"{spec.input!r} in {saving.input_type}",
                hint=f"Leave {spec.name} of {entity!r} unset, or update the server.",
            )
        held, meaning = entity.__dict__[spec.name], spec.meaning
        if spec.form == "memberships":
            _check_parts(entity, spec, held)
        after = meaning.canonical(held, ids_of)
        value[spec.input] = (
            meaning.write_new(after, server or _NEWEST)
            if new
            else meaning.write(after, entity.snapshots.get(spec.name), server or _NEWEST)
        )
        snapshots[spec.name] = meaning.snapshot(held)
    if new:
        if saving is None:
            raise NotImplementedError(f"a {kind.type_name} cannot be created")
        for spec in kind.required:
            if value.get(spec.input) is None:
                raise ValueError(f"a new {type(entity).__name__} needs its {spec.name}")
    return Write(entity, saving, value, snapshots) if saving and (new or snapshots) else None


def _check_parts(entity: Tracked, spec: FieldSpec, held: Sequence[Any]) -> None:
    part = model_of(spec.meaning.parts[0])
    fits = (part, model_of(spec.meaning.references() or ""))
    strange = next((member for member in held if not isinstance(member, fits)), None)
    if strange is not None:
        raise ValueError(f"{spec.name} of {entity!r} wants a {part.__name__}, not {strange!r}")


class SideWrite(Struct, frozen=True):
    """A bulk update of other objects, by which an edit on the far end of a relation is saved."""

    entity: Tracked
    field: str
    mutation: str
    argument: str
    type_name: str
    value: Mapping[str, Any]
    members: tuple[Any, ...]
    joins: bool
    selection: str = MINIMAL

    def settle(self) -> None:
        """Note that the server has done it: both ends agree on these members."""
        before: set[Any] = self.entity.snapshots.setdefault(self.field, set())
        after = before.union(self.members) if self.joins else before.difference(self.members)
        agree(self.entity, self.field, after)
        self.entity.snapshots[self.field] = after


def side_writes(entity: Tracked) -> Iterator[SideWrite]:
    """Yield the bulk updates that save edits on far ends; the object must have its id."""
    for spec in edited_fields(entity):
        if not spec.meaning.bulk:
            continue
        relation = type(entity).__relationships__[spec.name]
        near = relation.target.kind()
        field = near.all_fields[relation.inverse]
        before = entity.snapshots.get(spec.name, set())
        now = dict.fromkeys(entity.__dict__[spec.name])
        for joins, changed in (
            (False, [member for member in before if member not in now]),
            (True, [member for member in now if member not in before and not member.is_new()]),
        ):
            there = [member for member in changed if not is_gone(member)]
            for start in range(0, len(there), SIDE_BATCH):
                part = tuple(there[start : start + SIDE_BATCH])
                value = {
                    "ids": [member.id for member in part],
                    **_bulk(field, entity.id, joins=joins),
                }
                yield SideWrite(
                    entity, spec.name, near.bulk_mutation, "input",
                    f"{near.bulk_input}!", value, part, joins,
                )  # fmt: skip


def _bulk(field: FieldSpec, identifier: str, *, joins: bool) -> dict[str, Any]:
    if field.form == "one":
        return {field.input: identifier if joins else None}
    return {field.bulk_input: {"ids": [identifier], "mode": "ADD" if joins else "REMOVE"}}


def new_references(entity: Tracked, edited: Sequence[FieldSpec]) -> Iterator[tuple[FieldSpec, Any]]:
    """Yield the new objects that these edited fields refer to, each with the field.

    Those at far ends are not among them: nothing of the object itself waits for them.
    """
    for spec in edited:
        if spec.is_relation and spec.settable:
            for member in spec.meaning.linked(entity.__dict__[spec.name]):
                if member.is_new() and member is not entity:
                    yield spec, member


def unsaved_references(entity: Tracked, edited: Sequence[FieldSpec]) -> list[Any]:
    """Return the objects of `new_references`, each once."""
    return list(dict.fromkeys(member for _, member in new_references(entity, edited)))
