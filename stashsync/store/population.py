"""Which fields are known, fetching those that are not, and filters over what is known.

Fields are named as in `fields=["studio__parent__name"]`: each `__` is a step to related objects.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from stashsync.entities import Entity, Record
from stashsync.entities.tracked import own_name
from stashsync.errors import StashIntegrationError
from stashsync.kinds.likeness import question
from stashsync.store.cached import Cached
from stashsync.store.slices import slices
from stashsync.unset import UNSET

T = TypeVar("T", bound=Entity)
Predicate = Callable[[T], object]
"""What chooses objects: whatever it gives counts as true or false, `UNSET` as false."""


class Population(Cached):
    """The part of a store that knows what is loaded. Mixed into it."""

    # -- what is there --------------------------------------------------------------------------

    def missing_fields(self, obj: Entity, *fields: str) -> set[str]:
        """Return those of the fields that no answer had."""
        return {name for name in fields if not _has(obj, name)}

    def has_fields(self, obj: Entity, *fields: str) -> bool:
        """Return whether answers had all of the fields."""
        return all(_has(obj, name) for name in fields)

    def missing_fields_nested(self, obj: Entity, *field_specs: str) -> set[str]:
        """Return those of the fields, also nested (`files__path`), that are not loaded to the end.

        A relation to nothing is loaded: there is nothing behind it.
        """
        return {spec for spec in field_specs if not _reaches(obj, spec.split("__"))}

    # -- fetching -------------------------------------------------------------------------------

    async def populate(
        self,
        obj: T,
        fields: Collection[str] | None = None,
        force_refetch: bool = False,
    ) -> T:
        """Fetch those of the fields that are missing and return the object.

        Without `fields`, those of a first reading. With `force_refetch` they are fetched again;
        a field with an unsaved edit keeps the edit. It is the object of this client that is
        returned, which is another one where `obj` was built by hand.

        Raises:
            ValueError: there is no such field, or the server does not have the object any more.
            StashError: the server could not be asked.
        """
        if not isinstance(obj, Entity):
            raise TypeError(f"there is nothing to populate in {obj!r}")
        known = self._known(obj)
        wanted = await self._cache.reader.first_fields(type(known)) if fields is None else fields
        gone = await self._populate([known], list(wanted), force=force_refetch)
        if gone:
            self._cache.removed(known)
            raise StashIntegrationError(f"{known!r} is not there: the server has none")
        return known

    def _known(self, obj: T) -> T:
        if obj.identity_map is self._cache:
            return obj
        with self._cache.lock:
            found: T = self._cache.table(type(obj)).setdefault(obj.id, obj)
            if found is obj:
                self._cache.take_in(obj)
            return found

    async def _populate(
        self, objects: Sequence[Entity], specs: Collection[str], *, force: bool = False
    ) -> set[Entity]:
        """Fetch what is missing of all the objects, level by level; those that are gone."""
        objects = [entity for entity in dict.fromkeys(objects) if not entity.is_new()]
        if not objects or not specs:
            return set()
        deeper: dict[str, list[str]] = {}
        for spec in specs:
            name, _, rest = spec.partition("__")
            name = own_name(type(objects[0]), name)
            deeper.setdefault(name, []).extend([rest] if rest else [])
        for model in {type(entity) for entity in objects}:
            _must_have(model, deeper)
        gone: set[Entity] = set()
        by_need: dict[frozenset[str], list[Entity]] = {}
        for entity in objects:
            missing = frozenset(name for name in deeper if force or not _has(entity, name))
            if missing - {"id"}:
                by_need.setdefault(missing - {"id"}, []).append(entity)
        for missing, batch in by_need.items():
            gone.update(await self._cache.reader.load(batch, missing))
        for name, further in deeper.items():
            if further:
                behind = [
                    other
                    for entity in objects
                    if entity not in gone
                    for other in _behind(entity, name)
                    if isinstance(other, Entity)
                ]
                # files and folders came whole with their owner: nothing finds them by themselves
                findable = [entity for entity in behind if type(entity).kind().mutations.update]
                await self._populate(findable, further, force=force)
        return gone

    # -- filters over what is cached ------------------------------------------------------------

    def filter(self, entity_type: type[T], predicate: Predicate[T]) -> list[T]:
        """Return the cached objects that the predicate is true of; nothing is fetched."""
        return [entity for entity in self.all_cached(entity_type) if predicate(entity)]

    def filter_strict(
        self, entity_type: type[T], required_fields: Iterable[str], predicate: Predicate[T]
    ) -> list[T]:
        """Filter cached objects, all of which must have all of the fields, also nested ones.

        Raises:
            ValueError: one of them lacks a field.
        """
        required = list(required_fields)
        _must_have(entity_type, [spec.partition("__")[0] for spec in required])
        cached = self.all_cached(entity_type)
        for entity in cached:
            missing = self.missing_fields_nested(entity, *required)
            if missing and not (entity.is_new() and _given(entity, missing)):
                raise StashIntegrationError(
                    f"{entity!r} lacks {', '.join(sorted(missing))}",
                    hint="`filter_and_populate` fetches what is missing.",
                )
        return [entity for entity in cached if predicate(entity)]

    async def filter_and_populate(
        self,
        entity_type: type[T],
        required_fields: Iterable[str],
        predicate: Predicate[T],
        batch_size: int = 50,
    ) -> list[T]:
        """Filter cached objects after fetching what is missing of the fields, also nested ones.

        `batch_size` objects are asked for in one document. Objects that the server does not have
        any more are left out and forgotten.

        Raises:
            ValueError: there is no such field, or `batch_size` is less than 1.
            StashError: the server could not be asked.
        """
        found, _ = await self.filter_and_populate_with_stats(
            entity_type, required_fields, predicate, batch_size
        )
        return found

    async def filter_and_populate_with_stats(
        self,
        entity_type: type[T],
        required_fields: Iterable[str],
        predicate: Predicate[T],
        batch_size: int = 50,
    ) -> tuple[list[T], dict[str, Any]]:
        """Filter with statistics, as `filter_and_populate`: `batch_size` objects in one document.

            {"total_cached": 1000,        objects looked at
             "needed_population": 500,    of which something was missing
             "populated_fields": [...],   what that was, in order
             "matches": 30,
             "cache_hit_rate": 0.5}       the share of which nothing was missing, 0 to 1

        Raises:
            ValueError, StashError: as `filter_and_populate`.
        """
        required = list(dict.fromkeys(required_fields))
        cached = self.all_cached(entity_type)
        needy: list[T] = []
        fetched: set[str] = set()
        for entity in cached:
            if missing := self.missing_fields_nested(entity, *required):
                needy.append(entity)
                fetched |= missing
        gone = await self._populate_some(entity_type, needy, required, batch_size)
        found = [entity for entity in cached if entity not in gone and predicate(entity)]
        total = len(cached)
        return found, {
            "total_cached": total,
            "needed_population": len(needy),
            "populated_fields": sorted(fetched),
            "matches": len(found),
            "cache_hit_rate": (total - len(needy)) / total if total else 1.0,
        }

    async def populated_filter_iter(
        self,
        entity_type: type[T],
        required_fields: Iterable[str],
        predicate: Predicate[T],
        populate_batch: int = 50,
        yield_batch: int = 10,
    ) -> AsyncIterator[T]:
        """Filter as `filter_and_populate`, one by one: fields are fetched as the loop goes on.

        `populate_batch` objects are asked for in one document; `yield_batch` are looked at before
        the next matches are given.

        Raises:
            ValueError: there is no such field, or a size is less than 1.
            StashError: the server could not be asked.
        """
        required = list(dict.fromkeys(required_fields))
        for batch in slices(self.all_cached(entity_type), populate_batch):
            needy = [entity for entity in batch if self.missing_fields_nested(entity, *required)]
            gone = await self._populate_some(entity_type, needy, required, populate_batch)
            for few in slices([entity for entity in batch if entity not in gone], yield_batch):
                for entity in [entity for entity in few if predicate(entity)]:
                    yield entity

    async def _populate_some(
        self, model: type[T], needy: Sequence[T], specs: Collection[str], size: int
    ) -> set[Entity]:
        _must_have(model, [spec.partition("__")[0] for spec in specs])
        gone: set[Entity] = set()
        for batch in slices(needy, size):
            gone |= await self._populate(batch, specs)
        for entity in gone:
            self._cache.removed(entity)
        return gone


def _has(obj: Record, name: str) -> bool:
    name = own_name(type(obj), name)
    if isinstance(obj, Entity) and not obj.is_new():
        return name == "id" or name in obj._received_fields
    return getattr(obj, name, UNSET) is not UNSET  # without an answer: what was set


def _given(obj: Record, specs: Iterable[str]) -> bool:
    return all(_reaches(obj, spec.split("__")) for spec in specs)


def _reaches(obj: Record, path: Sequence[str]) -> bool:
    name, *rest = path
    if not _has(obj, name):
        return False
    return not rest or all(_reaches(entity, rest) for entity in _behind(obj, name))


def _behind(obj: Record, name: str) -> list[Record]:
    """Return the records that a field leads to."""
    name = own_name(type(obj), name)
    if isinstance(obj, Entity):
        relation = type(obj).__relationships__.get(name)
        if relation is not None:
            return list(relation.linked(getattr(obj, name)))
    value = getattr(obj, name, None)
    if isinstance(value, list):
        return [entity for entity in value if isinstance(entity, Record)]
    return [value] if isinstance(value, Record) else []


def _must_have(model: type[Any], names: Iterable[str]) -> None:
    known = model.kind().all_fields
    for name in names:
        if own_name(model, name) not in known and name != "id":
            raise StashIntegrationError(
                f"a {model.__name__} has no field {name!r}{question(name, known)}",
                hint=f"It has: {', '.join(known)}.",
            )
