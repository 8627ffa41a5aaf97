"""The base that all machinery of objects works on, and what of an object was edited.

    value  =  snapshot      clean
    value  ≠  snapshot      edited: a save sends it
    value, no snapshot      edited, where it can be sent: the server never confirmed it

Snapshots are taken when both sides agree and compared when someone asks. Only two sets of fields
are compared: those that were assigned, which pydantic notes (`__pydantic_fields_set__`), and those
that can be edited in place without notice (`Kind.edited_in_place`). Nothing else can differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, MutableMapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from stashsync.entities.relation import Relation, compile_relations
from stashsync.kinds.field_spec import FieldSpec
from stashsync.kinds.ids import NameOf, OtherName
from stashsync.kinds.kind import Kind
from stashsync.unset import UNSET

T = TypeVar("T")

MISSING: Final = object()
"""No snapshot: the two sides never agreed on the field."""


class ClassValue(Generic[T]):
    """A value of a class, made by `make(cls)` on first use."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.made: dict[type[Any], T] = {}

    def __get__(self, owner: object, model: type[Any]) -> T:
        made = self.made.get(model)
        if made is None:
            made = self.made[model] = self.make(model)
        return made


def _conversions(model: Any) -> dict[str, str]:
    return {name: spec.input for name, spec in model.kind().tracked.items() if spec.settable}


def _sides(model: Any) -> dict[str, str]:
    return {
        name: model.__relationships__[name].target.kind().bulk_mutation
        for name, spec in model.kind().tracked.items()
        if spec.meaning.bulk
    }


def _short(model: Any) -> tuple[str, ...]:
    return tuple(name for name in ("name", "title", "status") if name in model.kind().all_fields)


def _id_names(model: Any) -> frozenset[str]:
    return frozenset(
        name
        for base in model.__mro__
        for name, attribute in vars(base).items()
        if isinstance(attribute, OtherName)
    )


def own_name(model: type[Any], name: str) -> str:
    """Return our name of a field, for that of the server or for our own."""
    found = getattr(model, name, None)
    return found.field if isinstance(found, NameOf) else name


class Tracked:
    """What every object has beside its values; `__tracked_fields__` and its like are of a class."""

    __slots__ = ()

    if TYPE_CHECKING:  # annotations of a model are its fields
        id: str
        snapshots: dict[str, Any]
        """What the server is known to have, by field, in the form of `Meaning.snapshot`."""
        identity_map: IdentityMap | None
        """Where the object is kept, once a server knows it or a store holds it."""
        read_at: float
        """When the last answer came, in the seconds of the identity map."""
        marked_new: bool | None
        """Whether it is new; None: it is if its id is temporary."""
        _received_fields: frozenset[str]
        """The fields that answers had, or that were saved."""
        __pydantic_fields_set__: set[str]

        @classmethod
        def kind(cls) -> Kind:
            """Return the table of the class."""
            ...

        def is_new(self) -> bool:
            """Return whether no server knows it yet."""
            ...

        def update_id(self, server_id: str) -> None:
            """Take over the id that the server has given it."""
            ...

    __type_name__ = ClassValue[str](lambda model: model.kind().type_name)
    """The GraphQL type."""
    __tracked_fields__ = ClassValue[frozenset[str]](lambda model: frozenset(model.kind().tracked))
    """The fields whose edits are noticed and saved."""
    __field_conversions__ = ClassValue[dict[str, str]](_conversions)
    """Each tracked field with the name it has in the inputs."""
    __relationships__ = ClassValue[dict[str, Relation]](compile_relations)
    """Each relation: its target, the other end, how it is read (`Relation`)."""
    __side_mutations__ = ClassValue[dict[str, str]](_sides)
    """The far ends whose edits are saved by a bulk update of the other kind, with that update."""
    __create_input_type__ = ClassValue[str | None](lambda model: model.kind().create_input or None)
    __update_input_type__ = ClassValue[str | None](lambda model: model.kind().update_input or None)
    __destroy_input_type__ = ClassValue[str | None](
        lambda model: model.kind().mutations.destroy_input or None
    )
    __short_repr_fields__ = ClassValue[tuple[str, ...]](_short)

    __id_names__ = ClassValue[frozenset[str]](_id_names)
    """The properties that hold relations by id."""


class IdentityMap(Protocol):
    """Keeps each object of one server once. A client has one; `PlainIdentityMap` is the least."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """The lock to hold while objects are made: other threads look through the tables."""
        ...

    gone: MutableMapping[Tracked, Tracked | None]
    """What the server has no more, with the object that it was merged into, if any."""

    def table(self, model: type[Any]) -> MutableMapping[str, Any]:
        """Return the known objects of exactly this class by id. Decoding adds to it."""
        ...

    def renamed(self, entity: Tracked, before: str) -> None:
        """Note that `entity`, which had the id `before`, has its server id now."""
        ...

    def removed(self, entity: Tracked) -> None:
        """Note that the server has deleted `entity`."""
        ...

    async def load(self, entities: Sequence[Any], fields: Collection[str]) -> None:
        """Fetch these fields of these entities in as few requests as possible.

        Raises:
            StashError: the server could not be asked.
        """
        ...


def edited_fields(entity: Tracked) -> list[FieldSpec]:
    """Return the tracked fields that were edited since the two sides agreed, in table order."""
    kind = type(entity).kind()
    tracked, values, snapshots = kind.tracked, entity.__dict__, entity.snapshots
    edited = []
    for name in entity.__pydantic_fields_set__ | kind.edited_in_place:
        if name not in tracked:
            continue
        held, before = values[name], snapshots.get(name, MISSING)
        if held is UNSET or held is before or held == before:  # as nearly always
            continue
        if is_edited(tracked[name], held, before):
            edited.append(tracked[name])
    if len(edited) > 1:
        edited.sort(key=list(tracked.values()).index)
    return edited


def is_edited(spec: FieldSpec, held: Any, before: Any) -> bool:
    """Return whether `held`, which is set, has to be saved; `before` is its snapshot or MISSING."""
    if before is MISSING:
        return spec.settable or bool(held)
    return spec.meaning.differs(held, before)


def mark_clean(entity: Tracked) -> None:
    """Take all values as they are for what the server has."""
    for name, spec in type(entity).kind().tracked.items():
        held = entity.__dict__.get(name, UNSET)
        if held is not UNSET:
            entity.snapshots[name] = spec.meaning.snapshot(held)


def mark_dirty(entity: Tracked, names: tuple[str, ...]) -> None:
    """Count these fields as edited; without names all that can be sent as they are.

    An image cannot: what was read of it is an address at the server itself.
    """
    for name, spec in type(entity).kind().tracked.items():
        if name in names or (not names and spec.settable and spec.meaning.shape != "image"):
            entity.snapshots.pop(name, None)
            entity.__pydantic_fields_set__.add(name)


def note_received(entity: Tracked, names: frozenset[str]) -> None:
    """Note that the server has sent, or taken, these fields."""
    if not names <= entity._received_fields:
        object.__setattr__(entity, "_received_fields", _union(entity._received_fields, names))


@lru_cache(maxsize=4096)
def _union(names: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    """Return both sets as one, which all objects with the same fields share."""
    return names | more
