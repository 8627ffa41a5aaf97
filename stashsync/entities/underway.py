"""Who is being saved: two savings must not make one object twice, nor cross on their way.

The server does what arrives first, and that need not be what was sent first. So one who wants to
save what somebody else is saving waits, and looks at it again then: else the older of two values
could stay at the server, and the newer be taken for saved. The same goes for the two ends of a
relation. Savings that have nothing to do with each other go side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity


@dataclass(eq=False)
class _Saving:
    entities: Collection[Entity]
    touched: Collection[Entity]
    done: asyncio.Future[None]
    indexed: bool = False

    def index(self) -> None:
        """Let it be found by who is in it."""
        self.indexed, self.entities = True, list(self.entities)
        for one in self.entities:
            _UNDERWAY[one] = self.done
        for one in self.touched:
            _TOUCHED.setdefault(one, {})[self.done] = None

    def end(self) -> None:
        """Let who waits for it go on."""
        if self.indexed:
            for one in self.entities:
                del _UNDERWAY[one]
            for one in self.touched:
                del _TOUCHED[one][self.done]
                if not _TOUCHED[one]:
                    del _TOUCHED[one]
        else:
            _ALONE.remove(self)
        self.done.set_result(None)


_UNDERWAY: dict[Entity, asyncio.Future[None]] = {}
_TOUCHED: dict[Entity, dict[asyncio.Future[None], None]] = {}
"""Who is joined to, or parted from, what is being saved: by which savings."""
_ALONE: list[_Saving] = []
"""Savings that nobody has asked about yet, which is most of them: they are in no index."""


def underway(
    entities: Iterable[Entity], touched: Iterable[Entity] = ()
) -> asyncio.Future[None] | None:
    """What ends when somebody else has done saving one of these, or a relation between them and
    those that are `touched`; None where nobody does."""
    while _ALONE:
        _ALONE.pop().index()
    if not _UNDERWAY:
        return None
    for one in entities:
        if (found := _UNDERWAY.get(one)) is not None:
            return found
        if one in _TOUCHED:
            return next(iter(_TOUCHED[one]))
    return next((found for one in touched if (found := _UNDERWAY.get(one))), None)


async def wait_for_others(entities: Collection[Entity]) -> None:
    """Until nobody else is saving one of these; new ones may have their ids then."""
    while (other := underway(entities)) is not None:
        await asyncio.shield(other)


@contextmanager
def saving(entities: Collection[Entity], touched: Collection[Entity] = ()) -> Iterator[None]:
    """Whoever wants to save one of these meanwhile has to wait, and whoever edits a relation
    between them and the `touched` from there. Nobody else must be `underway` with any."""
    if not entities:
        yield
        return
    one = _Saving(entities, touched, asyncio.get_running_loop().create_future())
    _ALONE.append(one)
    try:
        yield
    finally:
        one.end()
