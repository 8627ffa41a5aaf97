"""Criteria and sorts of all kinds: missing values, and counts of related objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stashsync.sandbox.library.conditions import ALL, Condition, Criterion, number
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import LateRefusal

_NAMES: Final = {"rating100": "rating", "height_cm": "height", "synopsis": "description"}
"""What columns are called in a real server's database, where that is not the field's name."""


def missing(kind: Objects, without: Mapping[str, str]) -> Criterion:
    """Return the criterion on what objects lack; "" asks for nothing.

    `without` has by name SQL of the objects that have it. Any other name is a column, and missing
    where it is blank (observed on v0.30-dev).
    """
    fields = (*kind.words, *kind.texts, *kind.dates, *kind.flags, *kind.plain)
    own = {_NAMES.get(field, field): field for field in fields}

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
    """Return SQL of the objects with an entry in each of a kind's lists: stash_ids, urls."""
    names = {"stash_ids": "stash_id", "aliases": "aliases", "urls": "url"}
    return {names[table]: f"SELECT {of.owner} FROM {of.stem}_{table}" for table in tables}


def linked(links: Links) -> str:
    """Return SQL of the objects that have such a link."""
    return f"SELECT {links.own} FROM {links.table}"


def how_many(links: Links) -> str:
    """Return SQL of how many objects are at the far end."""
    return (
        f"(SELECT COUNT(*) FROM {links.table} AS counted "
        f"WHERE counted.{links.own} = {links.near}.id)"
    )


def count(links: Links) -> Criterion:
    """Return the criterion on how many objects are at the far end."""
    return number(how_many(links))
