"""What an object can lack, and how many it has of something: criteria and sorts of all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stashsync.sandbox.library.conditions import ALL, Condition, Criterion, number
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import LateRefusal
from stashsync.sandbox.library.rows import table_of

_NAMES: Final = {"rating100": "rating", "height_cm": "height", "synopsis": "description"}
"""What columns are called in a real server's database, where that is not the field's name."""


def missing(kind: Objects, without: Mapping[str, str]) -> Criterion:
    """Objects that lack something; "" asks for nothing.

    Args:
        without: by what is asked for, SQL of the objects that have it. What else may be asked
            for is a column, and missing where it is blank (observed on v0.30-dev).

    Raises:
        LateRefusal: when called, what is asked for is no column of a real server's database.
    """
    fields = (*kind.texts, *kind.dates, *kind.flags, *kind.plain)
    own = {_NAMES.get(field, field): field for field in fields}
    if kind.name_order:
        own["name"] = "name"

    def condition(_: Context, what: Any) -> Condition:
        if not what:
            return ALL
        if what in without:
            return Condition(f"{kind.table}.id NOT IN ({without[what]})")
        if what not in own:
            raise LateRefusal(f"no such column: {kind.table}.{what}")
        column = f"{kind.table}.{own[what]}"
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
