"""What a store does without a request: what is cached, and how long it stays fresh."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, overload

from msgspec import Struct

from stashsync.entities import Entity
from stashsync.store.cache import is_stub

if TYPE_CHECKING:
    from stashsync.store.cache import EntityCache

T = TypeVar("T", bound=Entity)
Ttl = timedelta | int | None


class CacheStats(Struct, frozen=True):
    """How much is cached.

    `total_entries` objects in all, `by_type` by the name of their class ({"Scene": 40}), and
    `expired_count` of all of them would be read again when asked for.
    """

    total_entries: int
    by_type: dict[str, int]
    expired_count: int


class Cached:
    """The part of a store that only looks at the cache. Mixed into it.

    It is a `TtlPolicy` of the cache: each store has its own.
    """

    _cache: EntityCache
    _default_ttl: float | None
    _ttls: dict[type[Entity], float]

    def get_cached(self, entity_type: type[T], entity_id: str) -> T | None:
        """Return the object if it is cached and fresh; no request is made.

        What was only referred to, by id and name, is not cached.
        """
        with self._cache.lock:
            found: T | None = self._cache.table(entity_type).get(str(entity_id))
            if found is None or is_stub(found) or self.has_expired(found):
                return None
            return found

    def is_cached(self, entity_type: type[T], entity_id: str) -> bool:
        """Return whether `get_cached` has it."""
        return self.get_cached(entity_type, entity_id) is not None

    def all_cached(self, entity_type: type[T]) -> list[T]:
        """Return all objects of this type that are cached and have not expired."""
        with self._cache.lock:
            return [
                entity
                for entity in self._cache.known(entity_type)
                if not is_stub(entity) and not self.has_expired(entity)
            ]

    def add(self, obj: Entity) -> None:
        """Cache an object that was built, so that `save_all` and the filters see it.

        Raises:
            ValueError: there is another object with this id.
        """
        self._cache.adopt(obj)

    @overload
    def invalidate(self, entity_type_or_obj: type[Entity], entity_id: str) -> None: ...
    @overload
    def invalidate(self, entity_type_or_obj: Entity) -> None: ...
    def invalidate(
        self, entity_type_or_obj: type[Entity] | Entity, entity_id: str | None = None
    ) -> None:
        """Forget one object: what is asked for later is read anew, into another object.

        Raises:
            TypeError: a type without an id.
        """
        if isinstance(entity_type_or_obj, Entity):
            self._cache.forget(type(entity_type_or_obj), entity_type_or_obj.id)
        elif entity_id is None:
            raise TypeError("invalidate wants an object, or a type and an id")
        else:
            self._cache.forget(entity_type_or_obj, str(entity_id))

    def invalidate_type(self, entity_type: type[Entity]) -> None:
        """Forget all objects of this type, edits included."""
        self._cache.forget(entity_type)

    def invalidate_all(self) -> None:
        """Forget all objects, edits included."""
        self._cache.forget_all()

    def set_ttl(self, entity_type: type[Entity], ttl: Ttl) -> None:
        """Set how long objects of this type stay fresh, in place of the store's own time.

        `ttl` is a timedelta, or an int in seconds; None takes the store's time again.

        Raises:
            TypeError: it is something else.
        """
        seconds = seconds_of(ttl)
        if seconds is None:
            self._ttls.pop(entity_type, None)
        else:
            self._ttls[entity_type] = seconds

    def has_expired(self, obj: Entity) -> bool:
        """Return whether `get` would read it again: never so with unsaved edits."""
        ttl = self._ttls.get(type(obj), self._default_ttl)
        if ttl is None or self._cache.now() - obj.read_at < ttl:
            return False
        return not (obj.is_new() or obj.is_dirty())

    @property
    def cache_size(self) -> int:
        """Return how many objects are cached. See also `cache_stats`."""
        return self.cache_stats().total_entries

    def cache_stats(self) -> CacheStats:
        """Return how many objects are cached, by type, and how many of them have expired."""
        with self._cache.lock:
            cached = [entity for entity in self._cache.everything() if not is_stub(entity)]
            return CacheStats(
                len(cached),
                dict(Counter(type(entity).__name__ for entity in cached)),
                sum(1 for entity in cached if self.has_expired(entity)),
            )


def seconds_of(ttl: Ttl) -> float | None:
    """Return a time in seconds; None means always.

    Raises:
        TypeError: it is no time.
    """
    if ttl is None:
        return None
    if isinstance(ttl, timedelta):
        return ttl.total_seconds()
    if isinstance(ttl, bool) or not isinstance(ttl, int):
        raise TypeError(f"a TTL is a timedelta, a number of seconds, or None; not {ttl!r}")
    return float(ttl)
