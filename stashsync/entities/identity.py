"""Identity: temporary ids of new objects, and which object stands for one that is gone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, MutableMapping, Sequence
from contextlib import nullcontext
from typing import Any, Final
from uuid import uuid4
from weakref import WeakKeyDictionary

from stashsync.entities.tracked import Tracked

_TEMPORARY = re.compile(r"[0-9a-f]{32}\Z", re.IGNORECASE)
_TEMPORARY_LENGTH: Final = 32
LEGACY_NEW: Final = "new"


def temporary_id() -> str:
    """Make an id of 32 hexadecimal digits; servers count in decimals, so none has one like it."""
    return uuid4().hex


def is_temporary(identifier: str) -> bool:
    """Return whether no server has given this id."""
    return (
        not identifier
        or identifier == LEGACY_NEW
        or (len(identifier) == _TEMPORARY_LENGTH and _TEMPORARY.match(identifier) is not None)
    )


def ids_of(entities: Iterable[Tracked]) -> list[str]:
    """Return the ids of objects as inputs refer to them, each once.

    One that was merged has the id of the object that it is in; one that was deleted has none.
    """
    found: dict[str, None] = {}
    for entity in entities:
        now: Tracked | None = entity
        while now is not None and is_gone(now):
            assert now.identity_map is not None  # those alone are known to be gone
            now = now.identity_map.gone[now]
        if now is not None:
            found[now.id] = None
    return list(found)


def is_gone(entity: Tracked) -> bool:
    """Return whether the object was deleted, or merged into another."""
    known = entity.identity_map
    return known is not None and entity in known.gone


class PlainIdentityMap:
    """An identity map that knows no server: for one answer, and for tests."""

    def __init__(self) -> None:
        self.lock = nullcontext()
        self.gone: MutableMapping[Tracked, Tracked | None] = WeakKeyDictionary()
        self._tables: dict[type[Any], dict[str, Any]] = {}

    def table(self, model: type[Any]) -> MutableMapping[str, Any]:
        """Return the objects of a class, as `IdentityMap.table`."""
        found = self._tables.get(model)
        if found is None:
            found = self._tables[model] = {}
        return found

    def renamed(self, entity: Tracked, before: str) -> None:
        """Note a new id, as `IdentityMap.renamed`."""
        table = self.table(type(entity))
        table.pop(before, None)
        table[entity.id] = entity

    def removed(self, entity: Tracked) -> None:
        """Forget an object, as `IdentityMap.removed`."""
        self.gone[entity] = None
        self.table(type(entity)).pop(entity.id, None)

    async def load(
        self,
        entities: Sequence[Any],  # noqa: ARG002
        fields: Collection[str],
    ) -> None:
        """Refuse: there is no server to ask.

        Raises:
            LookupError: always.
        """
        raise LookupError(f"no server to fetch {', '.join(sorted(fields))} from")
