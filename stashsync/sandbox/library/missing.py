"""What an object can lack, and how many it has of something: criteria and sorts of all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stashsync.sandbox.library.conditions import Condition, Criterion, number
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.rows import table_of


def missing(
    kind: Objects, columns: Iterable[str] = (), without: Mapping[str, str] | None = None
) -> Criterion:
    """Objects that lack something.

    Args:
        columns: those that may be asked for by name, and lack text where they are blank.
        without: by what is asked for, SQL of the objects that have it.

    Raises:
        Refusal: when called, what is asked for is nothing that an object could have.
    """
    known, having = frozenset(columns), without or {}

    def condition(_: Context, what: Any) -> Condition:
        if what in having:
            return Condition(f"{kind.table}.id NOT IN ({having[what]})")
        if what not in known:
            raise Refusal(f"no such column: {kind.table}.{what}")
        column = f"{kind.table}.{what}"
        return Condition(f"{column} IS NULL OR TRIM({column}) = ''")

    return condition


def owners(*tables: str, of: Objects) -> dict[str, str]:
    """Who has an entry in a kind's lists, which are named by their tables: stash_ids, urls."""
    names = {"stash_ids": "stash_id", "aliases": "aliases", "urls": "url"}
    word = of.owner.removesuffix("_id")
    return {names[table]: f"SELECT {of.owner} FROM {word}_{table}" for table in tables}


def linked(links: Links) -> str:
    """SQL of the objects that have such a link."""
    return f"SELECT {links.own} FROM {links.table}"


def how_many(links: Links, *, of: str | None = None) -> str:
    """SQL of how many objects are at the far end."""
    return (
        f"(SELECT COUNT(*) FROM {links.table} AS counted "
        f"WHERE counted.{links.own} = {of or table_of(links.own)}.id)"
    )


def count(links: Links, *, of: str | None = None) -> Criterion:
    """How many objects are at the far end, as a criterion."""
    return number(how_many(links, of=of))
