"""Criteria on what an object is related to (behaviour: 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stashsync.sandbox.library.conditions import (
    ALL,
    Condition,
    Criterion,
    compared,
    every,
    some,
    text_condition,
    unsupported,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.rows import table_of
from stashsync.sandbox.library.values import to_ids

_IDS = "converting ids"


def related(links: Links, hierarchy: Links | None = None, *, of: str | None = None) -> Criterion:
    """Links to given objects, or to those near them in their hierarchy.

    Args:
        links: from the filtered objects to the given ones.
        hierarchy: from a given object to those that count as it, `depth` steps away.
        of: the table of the filtered objects, where the links' column does not tell it (a
            tag's parents).
    """
    own = (
        f"{table_of(links.own) if of is None else of}.id IN (SELECT {links.own} FROM {links.table}"
    )

    def one(ctx: Context, id_: int, depth: int) -> Condition:
        ids = hierarchy.reach(ctx.db, [id_], depth) if hierarchy and depth else {id_}
        return Condition(f"{own} WHERE {links.other} {IN_IDS})", (ids_param(ids),))

    def condition(ctx: Context, given: Any) -> Condition:
        if given["modifier"] in ("IS_NULL", "NOT_NULL"):
            word = "NOT " if given["modifier"] == "IS_NULL" else ""
            return Condition(f"{word}{own})")
        depth = given.get("depth") or 0
        ids, excluded = to_ids(given.get("value"), _IDS), to_ids(given.get("excludes"), _IDS)
        return combined(
            given["modifier"],
            [one(ctx, id_, depth) for id_ in ids],
            [one(ctx, id_, depth) for id_ in excluded],
        )

    return condition


def combined(
    modifier: str, included: list[Condition], excluded: Iterable[Condition] = ()
) -> Condition:
    """One condition for each of several given objects, put together by the modifier."""
    without = [Condition(f"NOT ({one.sql})", one.params) for one in excluded]
    match modifier:
        case "INCLUDES":
            wanted = [some(included)] if included else []
        case "INCLUDES_ALL" | "EQUALS":
            wanted = included
        case "EXCLUDES" | "NOT_EQUALS":
            wanted = [Condition(f"NOT ({one.sql})", one.params) for one in included]
        case _:
            raise unsupported(modifier)
    return every(wanted + without)


def parent_studios(ctx: Context, given: Mapping[str, Any]) -> Condition:
    """The one parent of a studio."""
    if given["modifier"] in ("IS_NULL", "NOT_NULL"):
        return compared("studios.parent_id", given)

    def conditions(field: str) -> list[Condition]:
        ids = to_ids(given.get(field), _IDS)
        return [Condition("COALESCE(studios.parent_id, 0) = ?", (id_,)) for id_ in ids]

    del ctx
    return combined(given["modifier"], conditions("value"), conditions("excludes"))


def stash_id_at(word: str) -> Criterion:
    """An id at one stash-box, or at any where no endpoint is given.

    Objects without an entry there are missing it, and match nothing else.
    """
    table, owner = f"{word}_stash_ids", f"{word}_id"

    def condition(_: Context, given: Any) -> Condition:
        endpoint = given.get("endpoint")
        join = f"{owner} = {word}s.id" + (" AND endpoint = ?" if endpoint else "")
        inner = text_condition(
            f"{table}.stash_id",
            {"value": given.get("stash_id") or "", "modifier": given["modifier"]},
        )
        sql = f"SELECT {word}s.id FROM {word}s LEFT JOIN {table} ON {join} WHERE {inner.sql}"
        params = ((endpoint,) if endpoint else ()) + inner.params
        return Condition(f"{word}s.id IN ({sql})", params)

    return condition


def custom_fields_of(word: str) -> Criterion:
    """Conditions on custom fields by key, all of which must hold."""
    table, owner = f"{word}_custom_fields", f"{word}_id"

    def condition(_: Context, given: Any) -> Condition:
        return every(_custom_field(word, table, owner, one) for one in given)

    return condition


def _custom_field(word: str, table: str, owner: str, given: Mapping[str, Any]) -> Condition:
    values = [
        int(value) if isinstance(value, bool) else value for value in given.get("value") or ()
    ]
    base = f"SELECT {owner} FROM {table} WHERE field = ?"
    modifier, key = given["modifier"], given["field"]

    def having(inner: Condition, *, absent: bool = False) -> Condition:
        sql = f"{word}s.id {'NOT ' if absent else ''}IN ({base} AND ({inner.sql}))"
        return Condition(sql, (key, *inner.params))

    first = values[0] if values else None
    match modifier:
        case "IS_NULL":
            return having(ALL, absent=True)
        case "NOT_NULL":
            return having(ALL)
        case "EQUALS" | "NOT_EQUALS":
            inner = some(Condition("value = ?", (value,)) for value in values)
            return having(inner, absent=modifier == "NOT_EQUALS")
        case "INCLUDES" | "EXCLUDES":
            inner = some(Condition("value LIKE ?", (f"%{value}%",)) for value in values)
            return having(inner, absent=modifier == "EXCLUDES")
        case "MATCHES_REGEX" | "NOT_MATCHES_REGEX":
            pattern = "" if first is None else str(first)
            return having(text_condition("value", {"value": pattern, "modifier": modifier}))
    pair = {"value": first, "value2": values[1] if len(values) > 1 else None}
    return having(compared("value", {**pair, "modifier": modifier}))
