"""The library's face towards the protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from stashsync.sandbox.library import (  # noqa: F401  they enter the registry
    finds,
    performer_merge,
    performers,
    studios,
    tag_merge,
    tags,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import Database
from stashsync.sandbox.library.images import fetch, stored_image
from stashsync.sandbox.library.kinds import KINDS
from stashsync.sandbox.library.registry import FIELDS, MUTATIONS, QUERIES
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.rules import Rules


def _now() -> datetime:
    return datetime.now(UTC)


class Library:
    """A Stash library that behaves as a server of a given release does.

    It may be used from several threads: operations are done one at a time.

    Args:
        path: the file that keeps the state; None keeps it in memory.
        release: "0.30.1", or "develop".
        clock: gives the present moment, with a time zone.
        fetch_image: gives the bytes at an address; it raises `Refusal` with the reason otherwise.
            Left out, the address is asked over HTTP.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        release: str = "0.30.1",
        clock: Callable[[], datetime] = _now,
        fetch_image: Callable[[str], bytes] | None = None,
    ) -> None:
        self._db = Database(path)
        self._context = Context(self._db, Rules.of(release), clock, fetch_image or fetch)

    def mutate(self, field: str, args: dict[str, Any]) -> Row | list[Row] | bool | None:
        """Do one operation, wholly or not at all.

        Args:
            field: the name of the mutation, such as "tagCreate".
            args: its arguments, coerced: only what was sent, None for null, ids as text.

        Raises:
            Refusal: the operation was refused; nothing of it is kept.
            KeyError: there is no such mutation.
        """
        result: Row | list[Row] | bool | None = MUTATIONS[field](self._context, args)
        return result

    def query(self, field: str, args: dict[str, Any]) -> Any:
        """Answer one query: a row or None, a list, or `{"count": n, "tags": [Row, …]}`.

        Raises:
            Refusal: the query was refused.
            KeyError: there is no such query.
        """
        with self._db.lock:
            return QUERIES[field](self._context, args)

    def resolve(self, row: Row, field: str, args: dict[str, Any]) -> Any:
        """The value of one output field of one row.

        Columns and whatever `prefetch` brought cost nothing; everything else is a query.
        Addresses (`image_path`) come without the server's base.

        Raises:
            KeyError: rows of this type have no such field.
        """
        if field in row:
            return row[field]
        key = _key(field, args)
        if key not in row.fetched:
            self.prefetch([row], field, args)
        return row.fetched[key]

    def prefetch(self, rows: Sequence[Row], field: str, args: dict[str, Any] | None = None) -> None:
        """Fetch one field of many rows of one type at once, for `resolve` to find it there.

        Worth its while before resolving a field of a list of rows: every field that is not a
        column takes one query for all rows instead of one for each (aliases, parents, children,
        parent_studio, child_studios, tags, urls, stash_ids, custom_fields and the counts; with
        a `depth`, counts take one query per row all the same). The rows within a fetched list
        are shared between the lists, so those of a whole level can be given to the next call.

        Raises:
            KeyError: rows of this type have no such field.
        """
        if not rows or field in rows[0]:
            return
        args = args or {}
        key = _key(field, args)
        with self._db.lock:
            values = FIELDS[rows[0].type][field](self._context, rows, args)
        for row, value in zip(rows, values, strict=True):
            row.fetched[key] = value

    def image(self, kind: str, id_: int) -> bytes | None:
        """The stored image of an object ("tag", "studio", "performer"), or None without one.

        Raises:
            KeyError: there is no such kind.
        """
        with self._db.lock:
            return stored_image(self._db, KINDS[kind].table, id_)

    def close(self) -> None:
        """Release the file. What was accepted is on disk already."""
        self._db.close()


def _key(field: str, args: dict[str, Any]) -> Any:
    return (field, *sorted(args.items())) if args else field
