"""All objects of a kind, read in pages side by side.

    page 1 ── count ── pages 2 … n, eight at a time ── count again? ── rows by id
                 ▲                                          │ moved
                 └──────────────── read again ──────────────┘

The server counts with every page, and numbers rows by position: what comes or goes meanwhile shifts
rows from page to page, so that some appear twice or never. Therefore all pages must agree on the
count, no id may appear twice, and there must be as many as counted; otherwise everything is read
again (docs/planning-rules.md#reading). One object gone and another come within one reading cannot
be distinguished from neither; the next plan shows it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct

from stashsync.errors import PagesMovedError, StashServerError
from stashsync.wire.exchange import GraphQLTransport

SIDE_BY_SIDE = 8
"""Pages in flight at once, of all kinds together: the server reads with ten connections."""
Row = dict[str, Any]
Made = TypeVar("Made")
Progress = Callable[[int, int], None]
"""Called after each page with the rows read so far, and how many there are."""
READINGS = 4
"""How often everything is read before giving up on a library that won't hold still."""


class Page(Struct, frozen=True):
    """One page of rows as they came, and the count of all that match, on any page."""

    count: int
    rows: list[Row]


async def read_page(
    transport: GraphQLTransport,
    text: str,
    *,
    page: int,
    per_page: int,
    where: Mapping[str, Any] | None = None,
) -> Page:
    """Page number `page` (from 1) of a document made by `documents.find_page`, sorted by id.

    Raises:
        StashGraphQLError: the server refuses the filter or the selection.
        StashConnectionError, StashServerError: no answer, or not one of the API.
    """
    variables: dict[str, Any] = {
        "filter": {"page": page, "per_page": per_page, "sort": "id", "direction": "ASC"}
    }
    if where is not None:
        variables["where"] = where
    answer = await transport.send(text, variables)
    try:
        found = answer.data_or_raise()["found"]
        return Page(found["count"], found["rows"])
    except (KeyError, TypeError) as error:
        raise StashServerError(
            f"{transport.endpoint} answered a search with something else", status=200
        ) from error


async def read_all(
    transport: GraphQLTransport,
    text: str,
    make: Callable[[Row], Made],
    *,
    per_page: int = 1000,
    where: Mapping[str, Any] | None = None,
    slots: asyncio.Semaphore | None = None,
    progress: Progress | None = None,
) -> list[Made]:
    """Return what `make` makes of each row, by ascending id, of one moment without changes.

    Nothing else of a page is kept once it has come. `slots` bounds the pages in flight, of this
    reading and of others that share it.

    Raises:
        PagesMovedError: something came or went in every reading.
        StashGraphQLError, StashConnectionError, StashServerError: as `read_page`.
        ValueError: `per_page` is less than 1.
    """
    if per_page < 1:
        message = f"per_page must be at least 1, not {per_page}"
        raise ValueError(message)
    slots = slots or asyncio.Semaphore(SIDE_BY_SIDE)
    for _ in range(READINGS):
        read = 0

        async def page(number: int) -> _Kept[Made]:
            nonlocal read
            async with slots:
                found = await read_page(
                    transport, text, page=number, per_page=per_page, where=where
                )
            read += len(found.rows)
            if progress is not None:
                progress(read, found.count)
            ids = [row["id"] for row in found.rows]
            return _Kept(found.count, ids, list(map(make, found.rows)))

        pages = await _all_pages(page, per_page)
        ids = [identifier for found in pages for identifier in found.ids]
        if {found.total for found in pages} == {len(ids)} == {len(set(ids))}:
            made = [each for found in pages for each in found.made]
            if not _is_sorted(ids):
                order = sorted(range(len(ids)), key=lambda at: _as_number(ids[at]))
                made = [made[at] for at in order]
            return made
    raise PagesMovedError(
        f"{transport.endpoint} changed during each of {READINGS} readings",
        hint="Wait until scans and imports are done, then try again.",
        status=200,
    )


class _Kept(NamedTuple, Generic[Made]):
    """What is kept of a page."""

    total: int
    ids: list[str]
    made: list[Made]


async def _all_pages(
    page: Callable[[int], Awaitable[_Kept[Made]]], per_page: int
) -> list[_Kept[Made]]:
    """Read the first page, then side by side the others that its count implies."""
    first = await page(1)
    last = -(-first.total // per_page)
    tasks = [asyncio.ensure_future(page(number)) for number in range(2, last + 1)]
    try:
        return [first, *await asyncio.gather(*tasks)]
    finally:
        # One failure is enough: what else is on its way is called off, and waited for.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _is_sorted(ids: list[str]) -> bool:
    """Return whether ids are sorted, as nearly all servers send them."""
    try:
        numbers = list(map(int, ids))
    except ValueError:
        return False
    return numbers == sorted(numbers)


def _as_number(identifier: str) -> tuple[int, str]:
    # Ids are numbers, sent as text; whatever isn't comes last rather than breaking the order.
    text = str(identifier)
    return (int(text), "") if text.isdecimal() else (sys.maxsize, text)
