"""The identity map of one client: each object of its server is there once.

Reading, filtering and forgetting may happen on any thread; a lock is held for as long as a table
is looked through, never while the server is asked.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, MutableMapping, Sequence
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakKeyDictionary, WeakSet, ref

from stashsync.entities.loading import decode_rows
from stashsync.entities.tracked import Tracked, edited_fields
from stashsync.errors import StashIntegrationError

if TYPE_CHECKING:
    from stashsync.entities import Entity
    from stashsync.store.protocol import Client
    from stashsync.store.reading import Reader

T = TypeVar("T", bound="Entity")

SHED_FROM = 20_000
"""From how many objects on the cache lets go of expired ones."""


class TtlPolicy(Protocol):
    """How long a store takes objects for fresh."""

    def has_expired(self, obj: Any) -> bool:
        """Return whether it would read the object again: never so with unsaved edits."""
        ...


class EntityCache:
    """The objects of one client, by class and id: its `IdentityMap`.

    `ttl_policies` are those of the stores that share it.
    """

    def __init__(self, client: Client) -> None:
        self.lock = RLock()
        self.ttl_policies: WeakSet[TtlPolicy] = WeakSet()
        self.gone: MutableMapping[Tracked, Tracked | None] = WeakKeyDictionary()
        self._shed_at = SHED_FROM
        self._client = client
        self._tables: dict[type[Any], dict[str, Any]] = {}
        self._reader: Reader | None = None

    @property
    def reader(self) -> Reader:
        """Reads into this map."""
        if self._reader is None:
            from stashsync.store.reading import Reader

            self._reader = Reader(self._client, self)
        return self._reader

    def now(self) -> float:
        """Return the present moment in the seconds of `read_at`."""
        return monotonic()

    def table(self, model: type[Any]) -> MutableMapping[str, Any]:
        """Act as `IdentityMap.table`."""
        with self.lock:
            return self._tables.setdefault(model, {})

    def decode(self, model: type[T], rows: Sequence[dict[str, Any]]) -> list[T]:
        """Return the objects of these rows; known ones are updated, unsaved edits excepted."""
        return decode_rows(model, rows, self, self.now())

    def known(self, model: type[T]) -> list[T]:
        """Return all objects of exactly this class, including those with only an id."""
        with self.lock:
            return list(self.table(model).values())

    def everything(self) -> list[Entity]:
        """Return all objects of all classes."""
        with self.lock:
            return [entity for table in self._tables.values() for entity in table.values()]

    def adopt(self, entity: Tracked) -> None:
        """Keep an object that a script has built.

        Raises:
            StashIntegrationError: another object with this id is there.
        """
        if not self.take_in(entity):
            raise StashIntegrationError(
                f"{entity!r} cannot be added: the store has another object with this id",
                hint="Get that one and change it: each object is there once.",
            )

    def take_in(self, entity: Tracked) -> bool:
        """Keep an object that a script has built; return False if there is another with its id."""
        with self.lock:
            if self.table(type(entity)).setdefault(entity.id, entity) is not entity:
                return False
            if entity.identity_map is not self:
                entity.identity_map = self
                entity.read_at = self.now()
            return True

    def grow_old(self, model: type[Any], ids: Iterable[str]) -> None:
        """Let these objects expire: the server changed them in ways that no answer shows."""
        with self.lock:
            table = self.table(model)
            for identifier in ids:
                if identifier in table:
                    table[identifier].read_at = float("-inf")

    def forget(self, model: type[Any], identifier: str | None = None) -> None:
        """Forget this object, or all of the class."""
        with self.lock:
            table = self.table(model)
            if identifier is None:
                table.clear()
            else:
                table.pop(identifier, None)

    def shed(self) -> None:
        """Drop what has expired for every store and is not referred to.

        It is looked for when the cache has doubled. What a script or another object still holds
        stays: it may be edited yet, and there must not be two of it.
        """
        with self.lock:
            if sum(map(len, self._tables.values())) < self._shed_at:
                return
            loose: list[tuple[dict[str, Any], str, ref[Any]]] = []
            for table in self._tables.values():
                gone = [name for name, entity in table.items() if self._has_expired(entity)]
                loose += [(table, name, ref(table.pop(name))) for name in gone]
            gc.collect()  # they refer to themselves, through the lists of their relations
            for table, name, reference in loose:
                if (entity := reference()) is not None:
                    table[name] = entity
            self._shed_at = max(SHED_FROM, 2 * sum(map(len, self._tables.values())))

    def _has_expired(self, entity: Tracked) -> bool:
        return bool(self.ttl_policies) and all(
            policy.has_expired(entity) for policy in self.ttl_policies
        )

    def forget_all(self) -> None:
        """Forget everything."""
        with self.lock:
            for table in self._tables.values():
                table.clear()

    # -- news from entities -----------------------------------------------------------------------

    def renamed(self, entity: Tracked, before: str) -> None:
        """Act as `IdentityMap.renamed`."""
        with self.lock:
            table = self.table(type(entity))
            if table.get(before) is entity:
                del table[before]
            table[entity.id] = entity

    def removed(self, entity: Tracked) -> None:
        """Act as `IdentityMap.removed`."""
        with self.lock:
            self.gone[entity] = None
            self.forget(type(entity), entity.id)

    def deleted(self, model: type[Any], ids: Iterable[str]) -> list[Entity]:
        """Note that objects were deleted at the server; return those that were known."""
        with self.lock:
            known = [entity for name in ids if (entity := self.table(model).get(name)) is not None]
            for entity in known:
                self.removed(entity)
            return known

    def merged(self, sources: Iterable[Entity], into: Entity) -> None:
        """Note that references to these sources are references to `into` at the server."""
        with self.lock:
            self.gone.update({entity: into for entity in sources if entity is not into})

    async def load(self, entities: Sequence[Any], fields: Collection[str]) -> None:
        """Act as `IdentityMap.load`.

        Raises:
            StashIntegrationError: one of them is not there any more.
            StashError: the server could not be asked.
        """
        gone = await self.reader.load(entities, fields)
        if gone:
            raise StashIntegrationError(f"{gone[0]!r} is not there any more: the server has none")


def is_stub(entity: Tracked) -> bool:
    """Return whether the object was only referred to: by its id, or by its id and its name."""
    received = entity._received_fields
    if "id" not in received or not received <= {"id", *type(entity).kind().key_fields}:
        return False
    written = entity.__pydantic_fields_set__  # a script has built it, or given it values
    return not written and not edited_fields(entity)
