"""Helper methods of entities: they act when called, and can be awaited.

    scene.add_tag(tag)          done
    await scene.add_tag(tag)    the same; fetches the scene's tags first where they are not loaded

Where something has to be fetched first, the call returns a coroutine: awaiting it does the work,
and Python warns about one that is never awaited.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity

E = TypeVar("E", bound="Entity")


class Done:
    """An awaitable whose work is done."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, None]:
        return
        yield


DONE = Done()


def when_loaded(owner: Entity, field: str, step: Callable[[], None]) -> Awaitable[None]:
    """Take the step now or, where the field is not loaded, once it has been fetched.

    Raises:
        LookupError: it is not loaded, and the owner belongs to no client that could fetch it.
    """
    if getattr(owner, field) is UNSET and owner.is_new():
        setattr(owner, field, [])
    if getattr(owner, field) is not UNSET:
        step()
        return DONE
    if owner.identity_map is None:
        raise LookupError(f"{field} of {owner!r} is not loaded, and there is no client to ask")
    return _after_loading(owner, field, step)


async def _after_loading(owner: Entity, field: str, step: Callable[[], None]) -> None:
    assert owner.identity_map is not None
    await owner.identity_map.load([owner], [field])
    step()


def add(owner: Entity, field: str, member: Entity) -> Awaitable[None]:
    """Add `member` to the relation, once."""
    return when_loaded(owner, field, lambda: getattr(owner, field).append(member))


def remove(owner: Entity, field: str, member: Entity) -> Awaitable[None]:
    """Remove `member` from the relation."""

    def step() -> None:
        members = getattr(owner, field)
        if member in members:
            members.remove(member)

    return when_loaded(owner, field, step)


def join(owner: Entity, field: str, member: Entity, extra: Any) -> Awaitable[None]:
    """Add `member` with its extra value, or replace the value."""

    def step() -> None:
        part = type(owner).__relationships__[field].part(member, extra)
        setattr(owner, field, [*_others(owner, field, member), part])

    return when_loaded(owner, field, step)


def leave(owner: Entity, field: str, member: Entity) -> Awaitable[None]:
    """Remove `member` from a relation whose members have an extra value each."""
    return when_loaded(owner, field, lambda: setattr(owner, field, _others(owner, field, member)))


def _others(owner: Entity, field: str, member: Entity) -> list[Any]:
    key = type(owner).kind().all_fields[field].meaning.references() or ""
    return [part for part in getattr(owner, field) if getattr(part, key) is not member]


def set_one(owner: Entity, field: str, member: Entity | None) -> Awaitable[None]:
    """Let the relation to one refer to `member`."""
    setattr(owner, field, member)
    return DONE


class Hierarchy(list[E]):
    """All objects above or below one, nearest first, each once; cycles end.

    The list has the objects that are loaded; `complete` is true where that is all. Awaiting it
    fetches the rest, one request for each level.
    """

    def __init__(self, start: E, step: Callable[[E], Any], field: str) -> None:
        super().__init__()
        self._start, self._step, self._field = start, step, field
        self._walk()

    @property
    def complete(self) -> bool:
        """Whether all of it is loaded."""
        return not self._unknown

    def _walk(self) -> None:
        self.clear()
        self._unknown: list[E] = []
        seen = {self._start}
        level: list[E] = [self._start]
        while level:
            following: list[E] = []
            for entity in level:
                found = self._step(entity)
                if found is UNSET:
                    self._unknown.append(entity)
                    continue
                for other in _as_list(found):
                    if other not in seen:
                        seen.add(other)
                        following.append(other)
            self.extend(following)
            level = following

    def __await__(self) -> Generator[Any, None, Hierarchy[E]]:
        return self._fetched().__await__()

    async def _fetched(self) -> Hierarchy[E]:
        while unknown := [entity for entity in self._unknown if not entity.is_new()]:
            home = self._start.identity_map
            if home is None:
                raise LookupError(
                    f"{self._field} of {unknown[0]!r} is not loaded, and there is no client to ask"
                )
            await home.load(unknown, [self._field])
            before = set(unknown)
            self._walk()
            if before & set(self._unknown):
                raise LookupError(f"{self._field} of {unknown[0]!r} could not be fetched")
        return self


def _as_list(found: Any) -> Iterable[Any]:
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)
