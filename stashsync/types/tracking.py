"""What has changed: a field's value against its snapshot, taken when the two sides agreed.

Snapshots are cheap to take and compared only when someone asks, so in-place edits of lists and
dicts are seen without watching them.

    form          value                       snapshot
    scalar        text, number, flag, None    the value
    plain         list or dict of plain data  a deep copy
    one           entity or None              the same entity
    many          list of entities            the set of them
    memberships   list of parts               (entity, extra) of each

Who asks looks at two sets of fields and no others: what people have assigned, which pydantic notes,
and the containers that answers have told, which can be edited in place. Nothing else can differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stashsync.fields import FarEnd, Image, Memberships
from stashsync.types.kind import FieldSpec, Kind
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.types.entity import Entity

MISSING = object()
"""No snapshot: the two sides have never agreed on this field."""


def copied(value: Any) -> Any:
    """A deep copy of plain JSON data."""
    kind = type(value)  # as JSON has it, nothing is a subclass
    if kind is list or isinstance(value, list):
        return [copied(one) for one in value]
    if kind is dict:
        made = value.copy()
        for key, one in value.items():
            if type(one) is dict or type(one) is list:
                made[key] = copied(one)
        return made
    return value


def snapshot(spec: FieldSpec, value: Any) -> Any:
    """What to keep of `value` to see later whether it was edited."""
    match spec.form:
        case "many":
            return set(value)
        case "memberships":
            return memberships(spec, value)
        case "plain":
            return copied(value)
        case _:
            return value


def memberships(spec: FieldSpec, parts: list[Any]) -> list[tuple[Any, Any]]:
    """Each part as its entity and its extra value, None where it has none."""
    meaning = spec.meaning
    assert isinstance(meaning, Memberships)
    pairs = [(getattr(part, meaning.kind), getattr(part, meaning.extra)) for part in parts]
    return [(one, None if extra is UNSET else extra) for one, extra in pairs if one is not UNSET]


def differs(spec: FieldSpec, value: Any, before: Any) -> bool:
    """Whether `value`, which is set, is another than the snapshot `before`."""
    match spec.form:
        case "scalar":
            return bool(value != before)
        case "one":
            return value is not before
        case "many":
            return len(value) != len(before) or not before.issuperset(value)
        case "memberships":
            return bool(memberships(spec, value) != before)
    if value == before:
        return False
    if spec.meaning.shape == "set" and isinstance(value, list) and isinstance(before, list):
        return bool(sorted(value) != sorted(before))
    return True


Container = tuple[str, FieldSpec, bool]
"""A field by name, and whether its snapshot is equal to it as long as nothing was edited."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """The fields of a class whose edits can be saved, from this end at least.

    `containers` are those among `by_name` that can be edited in place. `told` keeps, for each set
    of fields that answers have told so far, the containers in it: as many sets as selections.
    """

    kind: Kind
    specs: tuple[FieldSpec, ...]
    by_name: Mapping[str, FieldSpec]
    containers: Mapping[str, FieldSpec]
    order: Mapping[str, int]
    told: dict[frozenset[str], tuple[Container, ...]] = field(default_factory=dict)

    def containers_in(self, names: frozenset[str]) -> tuple[Container, ...]:
        """The containers among these fields."""
        found = self.told.get(names)
        if found is None:
            found = self.told[names] = tuple(
                [
                    (name, spec, spec.form == "plain")
                    for name, spec in self.containers.items()
                    if name in names
                ]
            )
        return found


def compile_tracked(kind: Kind) -> Tracked:
    """What to watch in objects of this kind."""
    specs = [
        spec
        for spec in kind.all_fields.values()
        if spec.settable or (isinstance(spec.meaning, FarEnd) and spec.meaning.bulk)
    ]
    return Tracked(
        kind,
        tuple(specs),
        {spec.name: spec for spec in specs},
        {spec.name: spec for spec in specs if spec.form not in ("scalar", "one")},
        {spec.name: place for place, spec in enumerate(specs)},
    )


def changed(entity: Entity) -> list[FieldSpec]:
    """The tracked fields that were edited since the two sides agreed, in the table's order."""
    model = type(entity)
    tracked = model.__tracked_table__ or model._tracked()
    values, base, received = entity.__dict__, entity._base, entity._received_fields
    found = []
    told = tracked.told.get(received)
    for name, spec, plain in tracked.containers_in(received) if told is None else told:
        value = values[name]
        if value is UNSET:
            continue
        before = base.get(name, MISSING)
        if before is MISSING:
            if spec.settable or value:
                found.append(spec)
        elif (value != before if plain else value or before) and differs(spec, value, before):
            found.append(spec)
    for name in entity.__pydantic_fields_set__:
        assigned = tracked.by_name.get(name)
        if assigned is None or (value := values[name]) is UNSET:
            continue
        before = base.get(name, MISSING)
        if name not in tracked.containers:
            edited = before is not value and value != before  # entities: by identity
        elif name in received:  # looked at above
            continue
        elif before is MISSING:
            edited = assigned.settable or bool(value)
        else:
            edited = differs(assigned, value, before)
        if edited:
            found.append(assigned)
    if len(found) > 1:
        order = tracked.order
        found.sort(key=lambda spec: order[spec.name])
    return found


def mark_clean(entity: Entity) -> None:
    """The two sides agree on every field that is set."""
    for spec in type(entity)._tracked().specs:
        value = entity.__dict__.get(spec.name, UNSET)
        if value is not UNSET:
            entity._base[spec.name] = snapshot(spec, value)


def mark_dirty(entity: Entity, names: tuple[str, ...]) -> None:
    """These fields count as edited; without names all that can be sent as they are.

    An image is not among those: what was read is an address at the server itself.
    """
    for spec in type(entity)._tracked().specs:
        if spec.name in names or (
            not names and spec.settable and not isinstance(spec.meaning, Image)
        ):
            entity._base.pop(spec.name, None)
            entity.__pydantic_fields_set__.add(spec.name)
