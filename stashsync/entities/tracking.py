"""What has changed: a field's value against its snapshot, taken when the two sides agreed.

Snapshots are cheap to take and compared only when someone asks, so in-place edits of lists and
dicts of plain data are seen without watching them.

    form          value                       snapshot
    scalar        text, number, flag, None    the value
    plain         list or dict of plain data  a deep copy
    one           entity or None              the same entity
    many          list of entities            the set of them
    memberships   list of parts               (entity, extra) of each

Who asks looks at two sets of fields and no others: what people have set, which pydantic notes
where they assign and related lists where they are edited (`__pydantic_fields_set__`), and what
answers have told that can be edited in place without a word. Nothing else can differ.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stashsync.kinds.kind import FieldSpec, Kind
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity

MISSING = object()
"""No snapshot: the two sides have never agreed on this field."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """The fields of a class whose edits can be saved, from this end at least.

    `silent` are those that can be edited in place and do not tell. `candidates` keeps what may
    differ for each set of fields told and set so far: as many as there are ways of use.
    """

    kind: Kind
    specs: tuple[FieldSpec, ...]
    silent: frozenset[str]
    candidates: dict[tuple[object, ...], tuple[FieldSpec, ...]] = field(default_factory=dict)

    def may_differ(self, told: frozenset[str], assigned: Collection[str]) -> tuple[FieldSpec, ...]:
        """The fields to look at, in the table's order."""
        key = (told, *assigned)
        found = self.candidates.get(key)
        if found is None:
            names = told.intersection(self.silent).union(assigned)
            found = tuple([spec for spec in self.specs if spec.name in names])
            self.candidates[key] = found
        return found


@lru_cache(maxsize=4096)
def together(told: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    """Both sets of fields as one, the same one for all objects that were told the same."""
    return told | more


def compile_tracked(kind: Kind) -> Tracked:
    """What to watch in objects of this kind."""
    return Tracked(kind, tuple(kind.tracked.values()), kind.edited_in_place)


def is_edited(spec: FieldSpec, value: Any, before: Any) -> bool:
    """Whether `value`, which is set, is to be saved, where `before` is its snapshot or MISSING."""
    if before is MISSING:
        return spec.settable or bool(value)
    return spec.meaning.differs(value, before)


def changed(entity: Entity) -> list[FieldSpec]:
    """The tracked fields that were edited since the two sides agreed, in the table's order."""
    model = type(entity)
    tracked = model.__tracked_table__ or model._tracked()
    values, base = entity.__dict__, entity._base
    return [
        spec
        for spec in tracked.may_differ(entity._received_fields, entity.__pydantic_fields_set__)
        if (value := values[spec.name]) is not UNSET
        and is_edited(spec, value, base.get(spec.name, MISSING))
    ]


def mark_clean(entity: Entity) -> None:
    """The two sides agree on every field that is set."""
    for spec in type(entity)._tracked().specs:
        value = entity.__dict__.get(spec.name, UNSET)
        if value is not UNSET:
            entity._base[spec.name] = spec.meaning.snapshot(value)


def mark_dirty(entity: Entity, names: tuple[str, ...]) -> None:
    """These fields count as edited; without names all that can be sent as they are.

    An image is not among those: what was read is an address at the server itself.
    """
    for spec in type(entity)._tracked().specs:
        if spec.name in names or (not names and spec.settable and spec.meaning.shape != "image"):
            entity._base.pop(spec.name, None)
            entity.__pydantic_fields_set__.add(spec.name)
