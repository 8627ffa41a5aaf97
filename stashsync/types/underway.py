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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.types.entity import Entity

_UNDERWAY: dict[Entity, asyncio.Future[None]] = {}
_TOUCHED: dict[Entity, dict[asyncio.Future[None], None]] = {}
"""Who is joined to, or parted from, what is being saved: by which savings."""


def underway(
    entities: Iterable[Entity], touched: Iterable[Entity] = ()
) -> asyncio.Future[None] | None:
    """What ends when somebody else has done saving one of these, or a relation between them and
    those that are `touched`; None where nobody does."""
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
    done = asyncio.get_running_loop().create_future()
    _UNDERWAY.update(dict.fromkeys(entities, done))
    for one in touched:
        _TOUCHED.setdefault(one, {})[done] = None
    try:
        yield
    finally:
        for one in entities:
            del _UNDERWAY[one]
        for one in touched:
            del _TOUCHED[one][done]
            if not _TOUCHED[one]:
                del _TOUCHED[one]
        done.set_result(None)
