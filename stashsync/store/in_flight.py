"""Saves in flight: two of them must not create one object twice, nor overtake each other.

The server does what arrives first, which need not be what was sent first. So a save of an object
that is being saved waits, and looks at the object again then: otherwise the older of two values
could stay at the server while the newer one counts as saved. The same goes for the two ends of a
relation. Saves that have no object in common run side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.entities import Entity


class InFlight:
    """The saves of one client that are on their way, by the objects that they are about."""

    def __init__(self) -> None:
        self._saved: dict[Entity, asyncio.Future[None]] = {}
        self._touched: dict[Entity, list[asyncio.Future[None]]] = {}

    def find(
        self, saved: Iterable[Entity], touched: Iterable[Entity]
    ) -> asyncio.Future[None] | None:
        """Return what ends with a save that is in the way of another one; None if there is none.

        Args:
            saved: the objects to save.
            touched: those that are put into their relations, or taken out.
        """
        if not self._saved:
            return None
        for entity in saved:
            if (found := self._saved.get(entity)) is not None:
                return found
            if entity in self._touched:
                return self._touched[entity][0]
        return next((found for entity in touched if (found := self._saved.get(entity))), None)

    @contextmanager
    def entered(self, saved: Collection[Entity], touched: Collection[Entity]) -> Generator[None]:
        """Let other saves of these objects wait meanwhile; none may be in the way already."""
        done = asyncio.get_running_loop().create_future()
        self._saved.update(dict.fromkeys(saved, done))
        for entity in touched:
            self._touched.setdefault(entity, []).append(done)
        try:
            yield
        finally:
            for entity in saved:
                del self._saved[entity]
            for entity in touched:
                self._touched[entity].remove(done)
                if not self._touched[entity]:
                    del self._touched[entity]
            done.set_result(None)
