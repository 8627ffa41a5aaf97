"""`StashEntityStore`: objects by id and by filter, each once, with what was read remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from stashsync.entities import Entity
from stashsync.errors import (
    StashBatchError,
    StashGraphQLError,
    StashIntegrationError,
    StashRefusedError,
)
from stashsync.fields.names import fold
from stashsync.store.cached import Ttl, seconds_of
from stashsync.store.filters import FilterCompiler
from stashsync.store.population import Population
from stashsync.store.protocol import Client
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.store.cache import EntityCache
    from stashsync.store.unit_of_work import UnitOfWork
    from stashsync.wire.operations import BatchResult

T = TypeVar("T", bound=Entity)


class StoreClient(Client, Protocol):
    """A client that objects are kept and saved for."""

    @property
    def identity_map(self) -> EntityCache:
        """The objects of the server, each once."""
        ...

    @property
    def unit_of_work(self) -> UnitOfWork:
        """What saves objects."""
        ...


class StashEntityStore(Population):
    """The cached objects of one server's library, and how to ask for more.

    All stores of a client share the same objects; each has its own rule for how long they stay
    fresh. An object is cached when more than its id is known, or when it was added. One that has
    expired is read again when it is asked for, into the same object; one with unsaved edits never
    expires, and a reading never overwrites an unsaved edit. Of many thousands, those that have
    expired and that no script holds any more leave the memory as further ones are read.

    `default_ttl` is how long objects stay fresh: a timedelta, seconds, or None for always. The
    cache may be used on any thread; requests belong to the event loop of the client.
    """

    DEFAULT_QUERY_BATCH = 40
    DEFAULT_TTL = timedelta(minutes=30)
    FIND_LIMIT = 1000

    def __init__(self, client: StoreClient, default_ttl: Ttl = DEFAULT_TTL) -> None:
        self._client = client
        self._cache = client.identity_map
        self._default_ttl = seconds_of(default_ttl)
        self._ttls = {}
        self._cache.ttl_policies.add(self)
        self._filters = FilterCompiler(client)

    # -- by id ----------------------------------------------------------------------------------

    async def get(
        self, entity_type: type[T], entity_id: str, fields: Collection[str] | None = None
    ) -> T | None:
        """Return the object from the cache or else from the server; None if there is none.

        With `fields` the server is asked in any case, for these besides those of a first reading.

        Raises:
            ValueError: there is no such field.
            StashError: the server refused the id, or could not be asked.
        """
        if fields is None:
            return next(iter(await self.get_many(entity_type, [entity_id])), None)
        (found,) = await self._cache.reader.each(entity_type, [str(entity_id)])
        if found is not None:
            found = await self.populate(found, fields, force_refetch=True)
        return found

    async def get_many(self, entity_type: type[T], ids: Sequence[str]) -> list[T]:
        """Return the objects with these ids, in their order, without those that do not exist.

        What is not cached is fetched in one document (of at most 250 objects), each by a search of
        its own: the server's list of ids fails whole where one is not there
        (docs/stash-behaviour.md#find-by-ids).

        Raises:
            StashError: the server refused an id, or could not be asked.
        """
        wanted = list(dict.fromkeys(str(identifier) for identifier in ids))
        first = await self._cache.reader.first_fields(entity_type)
        found = {identifier: self._read(entity_type, identifier, first) for identifier in wanted}
        missing = [identifier for identifier, entity in found.items() if entity is None]
        if missing:
            read = await self._cache.reader.each(entity_type, missing)
            found |= zip(missing, read, strict=True)
            self._drop(
                entity_type, [identifier for identifier in missing if found[identifier] is None]
            )
        return [identifier for identifier in found.values() if identifier is not None]

    def _read(self, entity_type: type[T], entity_id: str, first: frozenset[str]) -> T | None:
        """Return the cached object, unless only a part of a first reading is known of it."""
        found = self.get_cached(entity_type, entity_id)
        if found is None or found.is_new() or first <= found._received_fields:
            return found
        return None

    def _drop(self, entity_type: type[Entity], ids: Sequence[str]) -> None:
        for identifier in ids:
            self._cache.forget(entity_type, identifier)

    # -- by filter ------------------------------------------------------------------------------

    async def find(self, entity_type: type[T], **filters: Any) -> list[T]:
        """Return the objects that match all filters, by id; the server is asked each time.

            find(Scene, title__contains="harbour", rating100__gte=80)
            find(Scene, title={"value": "x", "modifier": "NOT_EQUALS"})
            find(Scene, performers_filter={"name": {"value": "Ada", "modifier": "EQUALS"}})

        Raises:
            ValueError: more than FIND_LIMIT match (use `find_iter`), or there is no such filter.
            StashError: the server refused it, or could not be asked.
        """
        where = await self._compiled(entity_type, filters)
        found = await self._cache.reader.page(
            entity_type, where, {"page": 1, "per_page": self.FIND_LIMIT}
        )
        if found.count > self.FIND_LIMIT:
            raise StashIntegrationError(
                f"{found.count} objects match, and find gives {self.FIND_LIMIT} at most",
                hint="Use find_iter, or narrow the filters.",
            )
        return found.items

    async def find_one(self, entity_type: type[T], **filters: Any) -> T | None:
        """Return the matching object with the lowest id, or None.

        Raises:
            ValueError, StashError: as `find`.
        """
        where = await self._compiled(entity_type, filters)
        found = await self._cache.reader.page(entity_type, where, {"page": 1, "per_page": 1})
        return found.items[0] if found.items else None

    async def find_iter(
        self, entity_type: type[T], query_batch: int = DEFAULT_QUERY_BATCH, **filters: Any
    ) -> AsyncIterator[T]:
        """Yield the matching objects by id, read in pages of `query_batch` as the loop goes.

        Where the loop's own changes take objects out of the result, so that later ones move up to
        pages that were read already, it goes back for those: none is skipped, none given twice.

        Raises:
            ValueError: `query_batch` is less than 1, or there is no such filter.
            StashError: the server refused it, or could not be asked.
        """
        if query_batch < 1:
            raise ValueError(f"query_batch must be at least 1, not {query_batch}")
        where = await self._compiled(entity_type, filters)
        given: set[str] = set()
        passed, count, page = 0, -1, 1
        while True:
            found = await self._cache.reader.page(
                entity_type, where, {"page": page, "per_page": query_batch}
            )
            if 0 <= found.count < count:  # as many as that have left, from what was passed
                passed, count = max(0, passed - (count - found.count)), found.count
                back = passed // query_batch + 1
                if back < page:
                    page = back
                    continue
            count = max(count, found.count)
            passed = (page - 1) * query_batch + len(found.items)
            for entity in found.items:
                if entity.id not in given:
                    given.add(entity.id)
                    yield entity
            if not found.items or passed >= count:
                return
            page += 1

    async def _compiled(self, entity_type: type[Entity], filters: dict[str, Any]) -> dict[str, Any]:
        return await self._filters.compile(entity_type.kind().filter_type, filters)

    async def get_or_create(
        self, entity_type: type[T], create_if_missing: bool = True, **search_params: Any
    ) -> T:
        """Return the object with these values, or else a new one, which is not saved yet.

        A new one that an earlier call has made, and that is not saved, is found too. Names are
        taken without the white space around them, as the server keeps them.

        Raises:
            ValueError: there is none and `create_if_missing` is False; or something else than
                plain values is asked for.
            StashError: the server could not be asked. Nothing was made then.
        """
        known = entity_type.kind().all_fields
        for name, value in search_params.items():
            if name in known:
                search_params[name] = known[name].meaning.stored(value)
        before = self._cache.known(entity_type)
        for entity in before:
            if entity.is_new() and _fits(entity, search_params):
                return entity
        found = await self.find_one(entity_type, **search_params)
        if found is not None:
            return found
        # side by side with others: one of them may have made it while the server was asked
        for entity in set(self._cache.known(entity_type)).difference(before):
            if _fits(entity, search_params):
                return entity
        if not create_if_missing:
            raise StashIntegrationError(
                f"there is no {entity_type.__name__} with {search_params}",
                hint="Leave out create_if_missing=False to make one.",
            )
        made = entity_type.new(**search_params)
        self.add(made)
        return made

    # -- saving ---------------------------------------------------------------------------------

    async def save(self, obj: Entity, _cascade_depth: int = 0) -> None:
        """Save an object: create it, or send what was edited; nothing where nothing was.

        New objects that it refers to are saved before it, with a warning.

        Raises:
            ValueError: the server refused it (StashRefusedError), or it lacks what it needs.
            StashBatchError: of several things to save not every one was.
            StashCapabilityError: this release has no place for a field.
            StashConnectionError, StashServerError: no answer; it may or may not be saved.
        """
        try:
            await self._client.unit_of_work.flush([obj], stacklevel=4 + _cascade_depth)
        except StashBatchError as error:
            first = error.first_error
            raise _refused(first) if isinstance(first, StashGraphQLError) else first from error

    async def save_batch(self, objs: Sequence[Entity]) -> BatchResult:
        """Save all that is new or edited among the objects, in as few documents as can be.

        New objects come first, each after those it refers to; new ones that are not in the list
        are saved with them, with a warning. Edits on far ends of relations follow, one object at
        a time. `len` of the result is the number of mutations, in the order of sending.

        Raises:
            StashBatchError: not everything was saved. What was saved is clean and has its id; the
                rest is as it was, and can be saved again.
            ValueError, NotImplementedError, StashCapabilityError: an object cannot be saved as it
                is; nothing was sent.
            TypeError: something is no object; nothing was sent.
        """
        return await self._client.unit_of_work.flush(objs)

    async def save_all(self) -> BatchResult:
        """Save all cached objects that are new or edited, as `save_batch`.

        Raises:
            StashBatchError, ValueError, NotImplementedError, StashCapabilityError: as `save_batch`.
        """
        with self._cache.lock:
            edited = [
                entity
                for entity in self._cache.everything()
                if entity.is_new() or entity.is_dirty()
            ]
        edited.sort(key=lambda entity: not entity.is_new())
        return await self._client.unit_of_work.flush(edited)

    async def delete(self, obj: Entity, **kwargs: Any) -> bool:
        """Delete an object at the server and forget it; `kwargs` go into the input.

        Raises:
            NotImplementedError: objects of its kind cannot be deleted.
            ValueError: no server knows it, or the server refused (StashRefusedError).
            StashConnectionError, StashServerError: no answer.
        """
        try:
            done = await obj.delete(self._client, **kwargs)
        except StashGraphQLError as error:
            raise _refused(error) from error
        if done:
            self._cache.removed(obj)
        return done


def _fits(entity: Entity, values: dict[str, Any]) -> bool:
    """Return whether a search at the server, which ignores ASCII case, would find it."""
    return all(
        _folded(getattr(entity, name, UNSET)) == _folded(wanted) for name, wanted in values.items()
    )


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _refused(error: StashGraphQLError) -> StashRefusedError:
    return StashRefusedError(
        error.message,
        errors=error.errors,
        data=error.data,
        executed=error.executed,
        hint=error.hint,
    )
