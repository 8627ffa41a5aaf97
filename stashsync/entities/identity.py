"""Who is who: ids of objects that no server knows yet, and where known objects are kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, MutableMapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity

_TEMPORARY = re.compile(r"[0-9a-f]{32}\Z", re.IGNORECASE)
LEGACY_NEW = "new"


def standing(entities: Iterable[Entity]) -> list[Entity]:
    """These objects, each once by id; in the place of one that was merged the one that it is in,
    and none that was deleted. Each knows where it was kept: who refers to it may be new."""
    found: dict[str, Entity] = {}
    for one in entities:
        now: Entity | None = one
        while now is not None and is_gone(now):
            assert now._home is not None
            now = now._home.gone[now]
        if now is not None:
            found.setdefault(now.id, now)
    return list(found.values())


def is_gone(entity: Entity) -> bool:
    """Whether it was deleted, or merged into another."""
    home = entity._home
    return home is not None and entity in home.gone


def temporary_id() -> str:
    """A new id of 32 hexadecimal digits; servers count in decimals, so none is ever like it."""
    return uuid4().hex


def is_temporary(identifier: str) -> bool:
    """Whether no server has given this id."""
    return (
        not identifier
        or identifier == LEGACY_NEW
        or (len(identifier) == 32 and _TEMPORARY.match(identifier) is not None)
    )


class IdentityMap(Protocol):
    """Where each object of one server is kept once. The store is one; `Objects` the plainest."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """To be held while objects are made: on other threads they are looked through."""
        ...

    gone: MutableMapping[Entity, Entity | None]
    """What the server has no more, and the object in whose place it is referred to, if any."""

    def table(self, model: type[Any]) -> MutableMapping[str, Any]:
        """The known objects of exactly this class by id. Decoding adds to it."""
        ...

    def renamed(self, entity: Entity, before: str) -> None:
        """`entity` was called `before` and has its server id now."""
        ...

    def removed(self, entity: Entity) -> None:
        """The server has deleted `entity`."""
        ...

    async def load(self, entities: Sequence[Entity], fields: Collection[str]) -> None:
        """Fetch these fields of these entities, as few requests as possible.

        Raises:
            StashError: the server could not be asked.
        """
        ...


class Objects:
    """An identity map that knows no server: for one answer, and for tests."""

    def __init__(self) -> None:
        self.lock = nullcontext()
        self.gone: MutableMapping[Entity, Entity | None] = WeakKeyDictionary()
        self._tables: dict[type[Any], dict[str, Any]] = {}

    def table(self, model: type[Any]) -> MutableMapping[str, Any]:
        """As `IdentityMap.table`."""
        found = self._tables.get(model)
        if found is None:
            found = self._tables[model] = {}
        return found

    def renamed(self, entity: Entity, before: str) -> None:
        """As `IdentityMap.renamed`."""
        table = self.table(type(entity))
        table.pop(before, None)
        table[entity.id] = entity

    def removed(self, entity: Entity) -> None:
        """As `IdentityMap.removed`."""
        self.gone[entity] = None
        self.table(type(entity)).pop(entity.id, None)

    async def load(
        self,
        entities: Sequence[Entity],  # noqa: ARG002
        fields: Collection[str],
    ) -> None:
        """There is nobody to ask.

        Raises:
            LookupError: always.
        """
        raise LookupError(f"no server to fetch {', '.join(sorted(fields))} from")
