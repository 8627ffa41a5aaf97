"""Who is being created: whoever makes a new object (a saving, a mapping), it is made once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.types.entity import Entity

_UNDERWAY: dict[Entity, asyncio.Future[None]] = {}


def underway(entities: Iterable[Entity]) -> asyncio.Future[None] | None:
    """What ends when somebody else has done creating one of these; None where nobody does."""
    if not _UNDERWAY:
        return None
    return next((found for one in entities if (found := _UNDERWAY.get(one))), None)


async def wait_for_others(entities: Collection[Entity]) -> None:
    """Until nobody else is creating one of these; some of them may have their ids then."""
    while (other := underway(entities)) is not None:
        await asyncio.shield(other)


@contextmanager
def creating(entities: Sequence[Entity]) -> Iterator[None]:
    """Whoever wants to create one of these meanwhile has to wait: otherwise it would be there
    twice. Nobody else must be `underway` with any."""
    if not entities:
        yield
        return
    done = asyncio.get_running_loop().create_future()
    _UNDERWAY.update(dict.fromkeys(entities, done))
    try:
        yield
    finally:
        for one in entities:
            del _UNDERWAY[one]
        done.set_result(None)
