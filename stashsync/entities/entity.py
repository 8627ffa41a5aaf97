"""The base of all entities: objects of the library with an id, edits that are noticed, saving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, Self, SupportsIndex, TypeVar

from pydantic import ConfigDict, ValidationError

from stashsync.entities import edits, tracked
from stashsync.entities.edits import SideWrite, Write
from stashsync.entities.identity import PlainIdentityMap, is_temporary, temporary_id
from stashsync.entities.loading import load_members, merge_row
from stashsync.entities.models import base_of_models
from stashsync.entities.record import Record
from stashsync.entities.relations import assigned, refuse_edit, revert
from stashsync.entities.tracked import Tracked, edited_fields
from stashsync.kinds.capabilities import Capabilities
from stashsync.kinds.ids import OtherName
from stashsync.kinds.likeness import question
from stashsync.kinds.wire_names import snake_case
from stashsync.unset import UNSET

T = TypeVar("T", bound="Entity")

_START: Final[dict[str, Any]] = {
    "_received_fields": frozenset(),
    "identity_map": None,
    "marked_new": None,
    "read_at": 0.0,
}


class UnitOfWorkProtocol(Protocol):
    """What saves objects of a client."""

    async def save(self, entity: Any) -> None:
        """Save one object, and none that it refers to.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        ...


class Store(Protocol):
    """The part of a client's store that finding by a name needs."""

    async def find_one(self, entity_type: type[T], **filters: Any) -> T | None:
        """Return the matching object with the lowest id, or None.

        Raises:
            StashError: the server refused it, or gave no answer.
        """
        ...


class Finder(Protocol):
    """The part of a client that finding by a name needs."""

    @property
    def store(self) -> Store:
        """Its objects, each once."""
        ...


class Saver(Protocol):
    """The part of a client that saving and deleting need."""

    @property
    def unit_of_work(self) -> UnitOfWorkProtocol:
        """What saves its objects."""
        ...

    async def mutate(
        self, mutation: str, argument: str, type_name: str, value: Any, selection: str
    ) -> Any:
        """Run `mutation(argument: value)`; `type_name` is the argument's GraphQL type.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        ...


@base_of_models(has_id=True)
class Entity(Record, Tracked):
    """An object of the library.

    Class arguments: `plural` is the manifest's section and the list's name in find results, `key`
    the fields that identify an object, `shared_names` whether names and aliases of all objects of
    the kind must differ (docs/stash-behaviour.md#names), `mutations` how it is saved where that is
    not the usual way.

    Two entities are equal if they are the same object: a client has each once.
    """

    model_config = ConfigDict(ignored_types=(OtherName,))

    __slots__ = ("_received_fields", "identity_map", "marked_new", "read_at", "snapshots")
    __plain_fields__: ClassVar[frozenset[str]] = frozenset({"id"})

    id: str = ""
    """The server's id, or 32 hexadecimal digits until it has given one."""

    def __init__(self, **data: Any) -> None:
        through = {name: data.pop(name) for name in [*data] if name in type(self).__id_names__}
        given = data.pop("id", None)
        try:
            super().__init__(**{"id": given or temporary_id(), **data})
        except ValidationError as error:
            self._suggest(error, data)
            raise
        _start_tracking(self)
        for name, value in through.items():
            setattr(self, name, value)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Make an object of these values without validating them, as pydantic does."""
        made = super().model_construct(_fields_set, **{"id": temporary_id(), **values})
        _start_tracking(made)
        return made

    @classmethod
    def new(cls, **values: Any) -> Self:
        """Make an object that no server knows yet; saving it creates it there.

        Raises:
            pydantic.ValidationError: a value does not fit, or there is no such field.
        """
        values.pop("id", None)
        return cls(**values)

    # -- values -----------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        model = type(self)
        spec = model.kind().all_fields.get(name)
        if name in Entity.__slots__ or name in model.__id_names__:
            object.__setattr__(self, name, value)
        elif name == "id":
            before = self.id
            super().__setattr__(name, value)
            self._renamed(before, is_new=is_temporary(self.id))
        elif spec is None:
            try:
                super().__setattr__(name, value)
            except ValidationError as error:
                self._suggest(error, [name])
                raise
        elif value is UNSET:  # neither sent nor taken for loaded any more
            relation = model.__relationships__.get(name)
            if relation is not None and relation.editable and self.__dict__[name] is not UNSET:
                revert(self, relation)
            vars(self)[name] = UNSET
            self.snapshots.pop(name, None)
            self._received_fields -= {name}
        else:
            relation = model.__relationships__.get(name)
            if not (relation.editable if relation else spec.settable):
                refuse_edit(f"{name} of {self!r}")
            before = self.__dict__.get(name, UNSET)
            super().__setattr__(name, value)
            if relation is not None:
                assigned(self, relation, before)

    if not TYPE_CHECKING:  # to type checkers, what is not declared is an error

        def __getattr__(self, name: str) -> Any:
            """Say what an unknown name may have meant."""
            hint = question(name, type(self).kind().all_fields)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}")

    @classmethod
    def _suggest(cls, error: ValidationError, names: Iterable[str]) -> None:
        """Note what unknown names may have meant."""
        known = cls.kind().all_fields
        for name in names:
            if name not in known and (hint := question(name, known)):
                error.add_note(f"a {cls.__name__} has no {name!r}{hint}")

    def __delattr__(self, name: str) -> None:
        """Set a field to UNSET; delete any other attribute."""
        if name in type(self).kind().all_fields:
            setattr(self, name, UNSET)
        else:
            super().__delattr__(name)

    __hash__ = object.__hash__  # pyright: ignore[reportAssignmentType]  # by identity again

    __eq__ = object.__eq__  # pyright: ignore[reportAssignmentType]

    def __copy__(self) -> Self:
        """Refuse: a client has each object once.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self!r} cannot be copied; `{type(self).__name__}.new(…)` makes another")

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Refuse, as `__copy__`."""
        return self.__copy__()

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """Refuse: an object belongs to its client; what can leave a process is `model_dump()`.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self!r} cannot be pickled; take its model_dump()")

    def __repr__(self) -> str:
        shown = [f"id={self.id!r}"]
        for name in type(self).__short_repr_fields__:
            value = self.__dict__.get(name, UNSET)
            if value is not UNSET and value is not None:
                shown.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    __str__ = __repr__

    # -- identity ---------------------------------------------------------------------------------

    def is_new(self) -> bool:
        """Return whether no server knows it yet: its id is temporary, "new" or empty."""
        return is_temporary(self.id) if self.marked_new is None else self.marked_new

    @property
    def _is_new(self) -> bool:
        return self.is_new()

    @_is_new.setter
    def _is_new(self, value: bool) -> None:
        self.marked_new = value

    def update_id(self, server_id: str) -> None:
        """Take over the id that the server has given it."""
        before = self.id
        vars(self)["id"] = server_id
        self._renamed(before, is_new=None)

    def _renamed(self, before: str, *, is_new: bool | None) -> None:
        self.marked_new = is_new
        if self.identity_map is not None:
            self.identity_map.renamed(self, before)

    # -- edits ------------------------------------------------------------------------------------

    def get_changed_fields(self) -> dict[str, Any]:
        """Return the edited fields with their values: what `save` would send; of a new one, all.

        In-place edits of lists and dicts count.
        """
        return {spec.name: self.__dict__[spec.name] for spec in edited_fields(self)}

    def is_dirty(self) -> bool:
        """Return whether there is anything to save."""
        return bool(edited_fields(self))

    def mark_clean(self) -> None:
        """Take the values as they are for what the server has."""
        tracked.mark_clean(self)

    def mark_dirty(self, *fields: str) -> None:
        """Send these fields again with the next save; without names all set ones but images."""
        tracked.mark_dirty(self, fields)

    def merge_row(self, row: dict[str, Any], read_at: float = 0.0) -> None:
        """Bring it up to date with what the server sent; edited fields keep their edits.

        `read_at` is when the answer came, in the seconds of the identity map.
        """
        merge_row(self, row, self.identity_map or PlainIdentityMap(), read_at)

    def set_loaded(self, field: str, members: list[Any]) -> None:
        """Take over the members of a relation that a filter of the other kind found.

        An edited one keeps its edits.
        """
        load_members(self, field, members)

    # -- saving -----------------------------------------------------------------------------------

    async def to_input(self, server: Capabilities | None = None) -> dict[str, Any]:
        """Return the input of the mutation that saves it.

        It has all set fields of a new object, or else the id and the edited fields.

        Raises:
            StashCapabilityError: `server` has no place for a field.
            ValueError: a new one lacks what it needs.
            NotImplementedError: objects of its kind cannot be created, or changed.
        """
        write = self.pending_write(server)
        if write is not None:
            return write.value
        if type(self).kind().updating is None:
            raise NotImplementedError(f"a {type(self).kind().type_name} cannot be changed")
        return {"id": self.id}

    def pending_write(self, server: Capabilities | None = None) -> Write | None:
        """Return the mutation that saves its own fields, or None; `settle` takes the answer.

        Raises:
            StashCapabilityError, ValueError, NotImplementedError: as `to_input`.
        """
        return edits.pending_write(self, server)

    def pending_side_writes(self) -> list[SideWrite]:
        """Return the bulk updates that save its edits on far ends, once it has its id."""
        return list(edits.side_writes(self))

    def unsaved_references(self) -> list[Entity]:
        """Return the new objects that its own mutation refers to, which must be saved before it.

        New ones on far ends are not among them: they are only in the way of the side mutation.
        """
        return edits.unsaved_references(self, edited_fields(self))

    async def save(self, client: Saver) -> None:
        """Create it, or send what was edited; send nothing if nothing was.

        A save of the same object that is in flight is waited for.

        Raises:
            ValueError: it refers to objects that are not saved yet, or lacks what it needs.
            StashCapabilityError: the server has no place for a field.
            StashError: the server refused it, or could not be asked.
        """
        await client.unit_of_work.save(self)

    async def delete(self, client: Saver, **options: Any) -> bool:
        """Delete it at the server; `options` go into the input (`delete_file=True`).

        Raises:
            NotImplementedError: objects of its kind cannot be deleted.
            ValueError: no server knows it.
            StashError: the server refused it, or could not be asked.
        """
        kind = type(self).kind()
        mutations = kind.mutations
        if not mutations.destroy:
            raise NotImplementedError(f"a {kind.type_name} cannot be deleted")
        if self.is_new():
            raise ValueError(f"{self!r} cannot be deleted: no server knows it")
        argument, type_name, value = mutations.destroying([self.id], options)
        done = bool(await client.mutate(mutations.destroy, argument, type_name, value, ""))
        if done and self.identity_map is not None:
            self.identity_map.removed(self)
        return done

    # -- by class ---------------------------------------------------------------------------------

    @classmethod
    async def find_by_id(cls, client: Saver, identifier: str | int) -> Self | None:
        """Return the object of this class with this id, or None.

        Raises:
            NotImplementedError: objects of its kind cannot be looked for.
            StashError: the server refused the id, or gave no answer.
        """
        found: Self | None = await cls._ask(client, "find_{}", identifier)
        return found

    @classmethod
    async def find_by_name(cls, client: Finder, name: str) -> Self | None:
        """Return the object of this class with this name or title, or None; of several the oldest.

        Raises:
            StashError: the server refused it, or gave no answer.
        """
        key = "name" if "name" in cls.kind().key_fields else "title"
        return await client.store.find_one(cls, **{key: name})

    @classmethod
    async def merge(
        cls,
        client: Saver,
        source: Sequence[str | int],
        destination: str | int,
        values: Mapping[str, Any] | None = None,
    ) -> Self:
        """Merge objects of this class into another one, by ids or objects; return that one.

        Raises:
            NotImplementedError: objects of its kind cannot be merged.
            StashError: the server refused it, or gave no answer.
        """
        merge = snake_case(cls.kind().mutations.merge)
        merged: Self = await cls._ask(client, merge, source, destination, values)
        return merged

    @classmethod
    async def bulk_destroy(cls, client: Saver, ids: Sequence[str | int]) -> bool:
        """Delete several objects of this class, by ids or objects, all or none.

        Raises:
            NotImplementedError: objects of its kind cannot be deleted together.
            StashError: the server refused it, or gave no answer.
        """
        done: bool = await cls._ask(client, snake_case(cls.kind().destroy_many), ids)
        return done

    @classmethod
    async def _ask(cls, client: Saver, method: str, *given: Any) -> Any:
        call = getattr(client, method.format(cls.kind().snake_name), None) if method else None
        if call is None:
            raise NotImplementedError(f"a {cls.kind().type_name} has no such operation")
        return await call(*given)


def _start_tracking(entity: Entity) -> None:
    """Start tracking: nothing received from a server, no snapshot."""
    for name, value in _START.items():
        object.__setattr__(entity, name, value)
    object.__setattr__(entity, "snapshots", {})
    relations = type(entity).__relationships__
    for name in entity.__pydantic_fields_set__:
        if name in relations and entity.__dict__[name] is not UNSET:
            assigned(entity, relations[name], UNSET)
