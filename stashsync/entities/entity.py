"""What all entities are: objects of the library with an id, edits that are noticed, and saving."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Self, SupportsIndex

from pydantic import ConfigDict

from stashsync.entities import saving, tracking
from stashsync.entities.identity import is_temporary, temporary_id
from stashsync.entities.inputs import Inputs
from stashsync.entities.metadata import Metadata
from stashsync.entities.models import base_of_models
from stashsync.entities.record import Record
from stashsync.entities.relations import Relation, assigned, compile_relations, taken_back
from stashsync.entities.saving import Saver, SideWrite, Write
from stashsync.entities.underway import saving as being_saved
from stashsync.entities.underway import underway
from stashsync.errors import StashConnectionError, StashGraphQLError
from stashsync.kinds.capabilities import Capabilities
from stashsync.kinds.ids import IdOf, IdsOf
from stashsync.kinds.kind import Mutations
from stashsync.unset import UNSET

_set = object.__setattr__


@base_of_models(has_id=True)
class Entity(Record, Metadata):
    """An object of the library.

    Class arguments: `plural` is the manifest's section and the list's name in find results, `key`
    the fields that make an object itself, `shared_names` whether names and aliases of all objects
    of the kind must differ (tags and studios; docs/stash-behaviour.md#names), `mutations` what it
    is saved by where that is not the usual.

    Two entities are equal where they are the same object: each is there once per client.
    """

    model_config = ConfigDict(ignored_types=(IdOf, IdsOf))

    __slots__ = ("_base", "_home", "_new", "_received_fields", "_stamp")
    __plain_fields__: ClassVar[frozenset[str]] = frozenset({"id"})
    __relation_table__: ClassVar[dict[str, Relation] | None] = None
    __tracked_table__: ClassVar[tracking.Tracked | None] = None

    id: str = ""
    """The server's id, or 32 hexadecimal digits until it has given one."""

    def __init__(self, **data: Any) -> None:
        through = {name: data.pop(name) for name in [*data] if name in type(self).__id_names__}
        given = data.pop("id", None)
        super().__init__(**{"id": given or temporary_id(), **data})
        self._begin()
        for name, value in through.items():
            setattr(self, name, value)

    def _begin(self) -> None:
        """Nobody but people has said anything of it yet."""
        _set(self, "_base", {})
        _set(self, "_received_fields", frozenset())
        _set(self, "_home", None)
        _set(self, "_stamp", 0.0)
        _set(self, "_new", None)
        relations = type(self)._relations()
        for name in self.__pydantic_fields_set__:
            if name in relations and self.__dict__[name] is not UNSET:
                assigned(self, relations[name], UNSET)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """As pydantic's: an object of these values, none of which is looked at."""
        made = super().model_construct(_fields_set, **{"id": temporary_id(), **values})
        made._begin()
        return made

    @classmethod
    def new(cls, **values: Any) -> Self:
        """An object that no server knows yet; it is made there when it is saved.

        Raises:
            pydantic.ValidationError: a value does not fit, or there is no such field.
        """
        values.pop("id", None)
        return cls(**values)

    @classmethod
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.__relation_table__ = cls.__tracked_table__ = None

    @classmethod
    def _relations(cls) -> dict[str, Relation]:
        if cls.__relation_table__ is None:
            cls.__relation_table__ = compile_relations(cls)
        return cls.__relation_table__

    @classmethod
    def _tracked(cls) -> tracking.Tracked:
        if cls.__tracked_table__ is None:
            cls.__tracked_table__ = tracking.compile_tracked(cls.kind())
        return cls.__tracked_table__

    # -- values -----------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        if name in type(self).__id_names__:
            _set(self, name, value)
        elif name == "id":
            before = self.id
            super().__setattr__(name, value)
            _set(self, "_new", is_temporary(self.id))
            if self._home is not None:
                self._home.renamed(self, before)
        elif name not in type(self).kind().all_fields:
            super().__setattr__(name, value)
        elif value is UNSET:  # not spoken of any more: neither sent nor taken for loaded
            relation = type(self)._relations().get(name)
            if relation is not None and relation.editable and self.__dict__[name] is not UNSET:
                taken_back(self, relation)
            self.__dict__[name] = UNSET
            self._base.pop(name, None)
            self._received_fields -= {name}
        else:
            relation = type(self)._relations().get(name)
            spec = type(self).kind().all_fields[name]
            if not (relation.editable if relation else spec.settable):
                raise AttributeError(f"{name} of {self!r} is what the server tells; nobody sets it")
            before = self.__dict__.get(name, UNSET)
            super().__setattr__(name, value)
            if relation is not None:
                assigned(self, relation, before)

    def __delattr__(self, name: str) -> None:
        """A field is not spoken of any more, as if it was set to UNSET."""
        if name in type(self).kind().all_fields:
            setattr(self, name, UNSET)
        else:
            super().__delattr__(name)

    __hash__ = object.__hash__

    __eq__ = object.__eq__

    def __copy__(self) -> Self:
        """Each object is there once.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self!r} is there once; `{type(self).__name__}.new(…)` makes another")

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """As `__copy__`."""
        return self.__copy__()

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """It belongs to its client: what can leave a process is `model_dump()`.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"{self!r} cannot be pickled: it is there once; take its model_dump()")

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
        """Whether no server knows it yet: its id is temporary, "new" or empty."""
        return is_temporary(self.id) if self._new is None else self._new

    @property
    def _is_new(self) -> bool:
        return self.is_new()

    @_is_new.setter
    def _is_new(self, value: bool) -> None:
        _set(self, "_new", value)

    def update_id(self, server_id: str) -> None:
        """The server has given it this id."""
        before = self.id
        self.__dict__["id"] = server_id
        self._new = None
        if self._home is not None:
            self._home.renamed(self, before)

    # -- edits ------------------------------------------------------------------------------------

    def get_changed_fields(self) -> dict[str, Any]:
        """The edited fields with their values: what `save` would send. All set ones of a new one.

        In-place edits of lists and dicts count.
        """
        return {spec.name: self.__dict__[spec.name] for spec in tracking.changed(self)}

    def is_dirty(self) -> bool:
        """Whether there is anything to save."""
        return bool(tracking.changed(self))

    def mark_clean(self) -> None:
        """Take the values as they are for what the server has."""
        tracking.mark_clean(self)

    def mark_dirty(self, *fields: str) -> None:
        """Let these fields (without names: all that are set, images excepted) be sent again."""
        tracking.mark_dirty(self, fields)

    def merge_row(self, row: dict[str, Any], stamp: float = 0.0) -> None:
        """Bring it up to date with what the server sent; edited fields keep their edits.

        `stamp` is the moment of the answer, in seconds by the clock of where the object is kept.
        """
        from stashsync.entities.identity import Objects
        from stashsync.entities.loading import merge_row  # people who only build need none of it

        merge_row(self, row, self._home or Objects(), stamp)

    def set_loaded(self, field: str, members: list[Any]) -> None:
        """The server says that a relation to many, which was found by a filter, has these members.

        An edited one keeps its edits. The other ends are not told: they have answers of their own.
        """
        from stashsync.entities.loading import load_members

        load_members(self, field, members)

    # -- saving -----------------------------------------------------------------------------------

    async def to_input(self, server: Capabilities | None = None) -> dict[str, Any]:
        """The input of the mutation that saves it: all set fields, or the id and the edited ones.

        Raises:
            StashCapabilityError: `server` has no place for a field.
            ValueError: a new one lacks what it needs.
            NotImplementedError: objects of its kind cannot be created, or changed.
        """
        look = Inputs(server).look(self)
        if look is not None:
            _, value, _, _ = look
            return value
        if type(self).kind().updating is None:
            raise NotImplementedError(f"a {type(self).kind().type_name} cannot be changed")
        return {"id": self.id}

    def pending_write(self, server: Capabilities | None = None) -> Write | None:
        """The mutation that saves its own fields, or None; call its `settle` with the answer.

        Raises:
            StashCapabilityError, ValueError, NotImplementedError: as `to_input`.
        """
        return Inputs(server).write(self)

    def pending_side_writes(self) -> list[SideWrite]:
        """The bulk updates that save its edits on far ends of relations, once it has its id."""
        return list(saving.side_writes(self))

    def unsaved_references(self) -> list[Entity]:
        """The new objects that its own mutation refers to: they have to be saved before it.

        New ones on far ends are not among them: they are only in the way of the side mutation.
        """
        return saving.unsaved_references(self, tracking.changed(self))

    async def save(self, client: Saver) -> None:
        """Create it, or send what was edited; nothing is sent where nothing was.

        Somebody else who is saving it already is waited for.

        Raises:
            ValueError: it refers to objects that are not saved yet, or lacks what it needs.
            StashCapabilityError: the server has no place for a field.
            StashError: the server refused it, or could not be asked.
        """
        server = await client.capabilities()
        edited = tracking.changed(self)
        while (other := underway((self,), touched := saving.touched(self, edited))) is not None:
            await asyncio.shield(other)
            edited = tracking.changed(self)
        unsaved = [
            *saving.unsaved_references(self, edited),
            *(
                one
                for one in saving.unsaved_far_ends(self, edited)
                if not saving.says_so(one, self, edited)
            ),
        ]
        if unsaved:
            raise ValueError(f"save {unsaved[0]!r} first, or use the store: {self!r} refers to it")
        with being_saved((self,), touched):
            while write := self.pending_write(server):
                write.settle(await _carried_out(client, write))
                if self.unsaved_references():  # edited meanwhile: that waits for another saving
                    break
            home = getattr(client, "home", None)
            if self._home is None and home is not None:  # from now on this is the one with its id
                home.take_in(self)
            for side in self.pending_side_writes():
                await client.mutate(
                    side.mutation, side.argument, side.type_name, side.value, side.selection
                )
                side.settle()

    async def delete(self, client: Saver, **options: Any) -> bool:
        """Delete it at the server; `options` go into the input (`delete_file=True`).

        Raises:
            NotImplementedError: objects of its kind cannot be deleted.
            ValueError: no server knows it.
            StashError: the server refused it, or could not be asked.
        """
        kind = type(self).kind()
        mutations: Mutations = kind.mutations
        if not mutations.destroy:
            raise NotImplementedError(f"a {kind.type_name} cannot be deleted")
        if self.is_new():
            raise ValueError(f"{self!r} cannot be deleted: no server knows it")
        argument, type_name, value = mutations.destroying([self.id], options)
        done = bool(await client.mutate(mutations.destroy, argument, type_name, value, ""))
        if done and self._home is not None:
            self._home.removed(self)
        return done


async def _carried_out(client: Saver, write: Write) -> Any:
    try:
        return await client.mutate(
            write.mutation, write.argument, write.type_name, write.value, write.selection
        )
    except BaseException as error:  # an interrupt, too
        refused = isinstance(error, StashGraphQLError)
        unsent = isinstance(error, StashConnectionError) and not error.sent
        if not (refused or unsent):
            write.doubt()
        raise
