"""Read a stash-box, page after page, in the time that a public server bears.

One request at a time, and not more of them in a minute than agreed. Pages are sorted by when their
objects were added, so that what is added meanwhile comes last. Where they do not add up to the
number of objects, or that number fell (something was deleted, and what was behind it moved; or
objects of one moment changed places), they are read once more from the other end. If that does not
add up either, it is an error.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from stashsync.errors import (
    PagesMovedError,
    StashAuthenticationError,
    StashConfigurationError,
    StashError,
    StashGraphQLError,
    StashServerError,
)
from stashsync.fields.names import fold
from stashsync.sources.stash_box.kept_pages import KeptPages
from stashsync.sources.stash_box.rows import (
    CATEGORIES,
    QUERIES,
    BoxObject,
    BoxPage,
    BoxQuery,
    CategoryRow,
)
from stashsync.wire.exchange import GraphQLTransport

PER_PAGE: Final = 100
"""Objects that are asked for at once."""
_NOT_AUTHORIZED: Final = "not authorized"
KEY_HINT: Final = (
    "The key is on your own page at the stash-box. Give it as STASH_BOX_API_KEY, with --key, or "
    "as `api_key` of the stash-box in stashsync.yaml."
)
_CLOSED_HINT: Final = "The stash-box, or what stands before it, refuses this address or client."
_OTHER_HINT: Final = "Is it the address of a stash-box, and not of a Stash?"


class Pace:
    """The time between requests. `sleep` waits so many seconds, `clock` gives them."""

    def __init__(
        self,
        per_minute: float | None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = 60 / per_minute if per_minute else 0.0
        self._sleep = sleep
        self._clock = clock
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next request may begin."""
        left = self._next - self._clock()
        if left > 0:
            await self._sleep(left)
        self._next = self._clock() + self._seconds


class _Reading(Struct, frozen=True):
    """The objects of all pages by id, and how many there were in all with each page."""

    rows: dict[str, BoxObject]
    counts: list[int]

    @property
    def whole(self) -> bool:
        """Whether these are all objects: as many as there were at the end, and never more."""
        return len(self.rows) == self.counts[-1] == max(self.counts)


class BoxReader:
    """The reader of one stash-box.

    Args:
        transport: sends documents to it.
        endpoint: its address, for messages.
        kept: the pages that an earlier attempt has read.
        pace: when requests may begin.
        heard: is called with a kind, and how many of its objects are read, of how many.
    """

    def __init__(
        self,
        transport: GraphQLTransport,
        endpoint: str,
        *,
        kept: KeptPages,
        pace: Pace,
        heard: Callable[[str, int, int], None] = lambda *_: None,
    ) -> None:
        self._transport = transport
        self._endpoint = endpoint
        self._kept = kept
        self._pace = pace
        self._heard = heard

    async def categories(self, names: Sequence[str]) -> list[CategoryRow]:
        """Return the categories of tags by these names, in whatever case.

        Raises:
            StashConfigurationError: there is none of a name; the message lists those there are.
            StashError: the stash-box could not be asked.
        """
        data = await self._send(CATEGORIES, {})
        found = self._read(list[CategoryRow], data, "queryTagCategories", "tag_categories")
        known = {fold(each.name): each for each in found}
        missing = [name for name in names if fold(name) not in known]
        if missing:
            listed = ", ".join(sorted(each.name for each in found)) or "none"
            raise StashConfigurationError(
                f'{self._endpoint} has no category "{missing[0]}"', hint=f"It has: {listed}."
            )
        return list({name: known[name] for name in map(fold, names)}.values())

    async def objects(self, kind: str, category: CategoryRow | None = None) -> list[BoxObject]:
        """Return all objects of a kind, or all tags of a category.

        Raises:
            PagesMovedError: the pages never added up to the number of objects.
            StashError: the stash-box could not be asked.
        """
        query = QUERIES[kind]
        upwards = await self._all_pages(query, "ASC", category)
        if upwards.whole:
            return list(upwards.rows.values())
        downwards = await self._all_pages(query, "DESC", category)
        both = _Reading({**upwards.rows, **downwards.rows}, [*upwards.counts, *downwards.counts])
        for reading in (downwards, both):
            if reading.whole:
                return list(reading.rows.values())
        self._kept.discard()
        raise PagesMovedError(
            f"{self._endpoint} has {downwards.counts[-1]:,} {query.rows}, which changed during "
            "every reading",
            hint="Give the command again.",
        )

    async def _all_pages(
        self, query: BoxQuery, direction: str, category: CategoryRow | None
    ) -> _Reading:
        found = _Reading({}, [])
        what = f"{query.rows} of {category.name}" if category else query.rows
        number, read, count = 0, 0, 1
        while read < count:
            number += 1
            page = await self._page(query, direction, category, number)
            rows: list[BoxObject] = self._convert(list[query.type], page.rows)  # type: ignore[name-defined]  # a type that is known at run time
            found.counts.append(page.count)
            if not rows:
                break
            found.rows.update((row.id, row) for row in rows)
            read, count = read + len(rows), page.count
            self._heard(what, min(read, count), count)
        return found

    async def _page(
        self, query: BoxQuery, direction: str, category: CategoryRow | None, number: int
    ) -> BoxPage:
        asked: dict[str, Any] = {
            "page": number,
            "per_page": PER_PAGE,
            "sort": "CREATED_AT",
            "direction": direction,
        }
        if category is not None:
            asked["category_id"] = category.id
        name = f"{query.text} {category.id if category else ''} {direction} {number}"
        known = self._kept.get(name)
        if known is not None:
            return known
        data = await self._send(query.text, {"input": asked})
        count = self._read(int, data, query.field, "count")
        page = BoxPage(count, self._read(list[Any], data, query.field, query.rows))
        self._kept.add(name, page)
        return page

    async def _send(self, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        await self._pace.turn()
        try:
            return (await self._transport.send(text, variables)).data_or_raise()
        except StashAuthenticationError as error:
            error.hint = KEY_HINT if error.status == 401 else _CLOSED_HINT
            raise
        except StashGraphQLError as error:
            raise self._meaning(error) from error

    def _meaning(self, error: StashGraphQLError) -> StashError:
        if any(each.get("message") == _NOT_AUTHORIZED for each in error.errors):
            return StashAuthenticationError(
                f"{self._endpoint} wants the API key of a user who may read", hint=KEY_HINT
            )
        return StashGraphQLError(
            f"{self._endpoint} refused a query: {error.message}",
            errors=error.errors,
            executed=error.executed,
            hint="" if error.executed else _OTHER_HINT,
        )

    def _read(self, type_: Any, data: Any, *path: str) -> Any:
        """Return what lies at a path in an answer, which has to be of a type."""
        for name in path:
            data = data.get(name) if isinstance(data, dict) else None
        return self._convert(type_, data)

    def _convert(self, type_: Any, data: Any) -> Any:
        try:
            return msgspec.convert(data, type_)
        except msgspec.ValidationError as error:
            raise StashServerError(
                f"{self._endpoint} answered otherwise than a stash-box: {error}", hint=_OTHER_HINT
            ) from error
