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
from typing import Any

from msgspec import Struct

from stashsync.errors import PagesMovedError, StashServerError
from stashsync.wire.exchange import GraphQLTransport

SIDE_BY_SIDE = 8
"""Pages in flight at once, of all kinds together: the server reads with ten connections."""
Row = dict[str, Any]
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
    *,
    per_page: int = 1000,
    where: Mapping[str, Any] | None = None,
    slots: asyncio.Semaphore | None = None,
    progress: Progress | None = None,
    as_row: Callable[[Row], Row] | None = None,
) -> list[Row]:
    """Return all rows, by ascending id, of one moment in which nothing came or went.

    `slots` bounds the pages in flight, together with everybody else who waits for it. `as_row`
    makes what is kept of each row as its page comes; it has to keep the id.

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

        async def page(number: int) -> Page:
            nonlocal read
            async with slots:
                found = await read_page(
                    transport, text, page=number, per_page=per_page, where=where
                )
            read += len(found.rows)
            if progress is not None:
                progress(read, found.count)
            return found if as_row is None else Page(found.count, list(map(as_row, found.rows)))

        pages = await _all_pages(page, per_page)
        rows = [row for found in pages for row in found.rows]
        if _held_still(pages, rows):
            return rows if _is_sorted(rows) else sorted(rows, key=_by_id)
    raise PagesMovedError(
        f"{transport.endpoint} changed during each of {READINGS} readings",
        hint="Wait until scans and imports are done, then try again.",
        status=200,
    )


async def _all_pages(page: Callable[[int], Awaitable[Page]], per_page: int) -> list[Page]:
    """Read the first page, then side by side the others that its count implies."""
    first = await page(1)
    last = -(-first.count // per_page)
    tasks = [asyncio.ensure_future(page(number)) for number in range(2, last + 1)]
    try:
        return [first, *await asyncio.gather(*tasks)]
    finally:
        # One failure is enough: what else is on its way is called off, and waited for.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _held_still(pages: list[Page], rows: list[Row]) -> bool:
    counts = {page.count for page in pages}
    return counts == {len(rows)} and len({row["id"] for row in rows}) == len(rows)


def _is_sorted(rows: list[Row]) -> bool:
    """Return whether rows are sorted by id, as nearly all servers send them."""
    try:
        ids = [int(row["id"]) for row in rows]
    except ValueError:
        return False
    return ids == sorted(ids)


def _by_id(row: Row) -> tuple[int, str]:
    # Ids are numbers, sent as text; whatever isn't comes last rather than breaking the order.
    identifier = str(row["id"])
    return (int(identifier), "") if identifier.isdecimal() else (sys.maxsize, identifier)
