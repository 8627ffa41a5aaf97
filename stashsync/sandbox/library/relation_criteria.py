"""Criteria on what an object is related to (docs/stash-behaviour.md#criteria)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from stashsync.sandbox.library.conditions import (
    ALL,
    NONE,
    Condition,
    Criterion,
    all_of,
    any_of,
    compared,
    negated,
    text_condition,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import LateRefusal, Panic, Refusal

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_RANGE = 2

NULLS = ("IS_NULL", "NOT_NULL")
_KNOWN = ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", *NULLS)

Manner: TypeAlias = Callable[[Mapping[str, Any], str], str]
"""What a relation makes of a modifier: the one that counts, or "" where the value is ignored.

Given the criterion and its modifier; raises Refusal for what the relation does not have.
"""


def linked(given: Mapping[str, Any], modifier: str) -> str:
    """Refuse NOT_EQUALS with values: far ends without a hierarchy (observed on v0.30-dev)."""
    if modifier == "NOT_EQUALS" and given.get("value"):
        raise Refusal("not equals modifier is not supported for multi criterion input")
    return modifier if modifier in (*_KNOWN, "EQUALS") else ""


def plain(_: Mapping[str, Any], modifier: str) -> str:
    """Ignore EQUALS, which some far ends do not know (observed on v0.30-dev)."""
    return modifier if modifier in _KNOWN else ""


def below(given: Mapping[str, Any], modifier: str) -> str:
    """Refuse a depth beside EQUALS: far ends with a hierarchy (observed on v0.30-dev)."""
    if modifier == "EQUALS" and given.get("depth"):
        raise Refusal(
            "depth is not supported for equals modifier in hierarchical multi criterion input"
        )
    if modifier == "NOT_EQUALS" and given.get("value"):
        raise Refusal("not equals modifier is not supported for hierarchical multi criterion input")
    return modifier if modifier in (*_KNOWN, "EQUALS") else ""


def single(_: Mapping[str, Any], modifier: str) -> str:
    """Read EQUALS as INCLUDES_ALL and NOT_EQUALS as EXCLUDES: at most one far end."""
    same = {"EQUALS": "INCLUDES_ALL", "NOT_EQUALS": "EXCLUDES"}.get(modifier, modifier)
    return same if same in _KNOWN else ""


def loose(given: Mapping[str, Any], modifier: str) -> str:
    """Ignore everything but INCLUDES and EXCLUDES (observed on v0.30-dev)."""
    known = modifier in NULLS or (modifier in ("INCLUDES", "EXCLUDES") and given.get("value"))
    return modifier if known else ""


def company(given: Mapping[str, Any], modifier: str) -> str:
    """Read every modifier but INCLUDES_ALL as INCLUDES: performers that appear together.

    (observed on v0.30-dev)
    """
    if not given.get("value"):
        raise LateRefusal('near ")": syntax error')
    return "INCLUDES_ALL" if modifier == "INCLUDES_ALL" else "INCLUDES"


def marked(given: Mapping[str, Any], modifier: str) -> str:
    """Ignore values to exclude: the tags of a marker (observed on v0.30-dev)."""
    if modifier == "EQUALS" and given.get("depth"):
        raise Refusal("depth is not supported for equals modifier for marker tag filtering")
    if modifier == "NOT_EQUALS" and given.get("value"):
        raise Refusal("not equals modifier is not supported for scene marker tags")
    return modifier if modifier in ("INCLUDES", "INCLUDES_ALL", "EQUALS", *NULLS) else ""


def strict(where: str = "") -> Manner:
    """Refuse modifiers that are not known (observed on v0.30-dev).

    Args:
        where: what the message ends with.
    """

    def manner(_: Mapping[str, Any], modifier: str) -> str:
        if modifier not in _KNOWN:
            raise Refusal(f"invalid modifier {modifier}{where}")
        return modifier

    return manner


def related(
    links: Links, hierarchy: Links | None = None, manner: Manner | None = None
) -> Criterion:
    """Return the criterion on links to given objects, or to those near them in their hierarchy.

    Ids that are none match nothing; one that is given twice for INCLUDES_ALL cannot be met, for
    different ones are counted (observed on v0.30-dev).

    Args:
        links: from the filtered objects to the given ones.
        hierarchy: from a given object to those that count as it, `depth` steps away.
        manner: how it takes modifiers; by default `linked`, or `below` with a hierarchy.
    """
    table = links.near
    own = f"{table}.id IN (SELECT {links.own} FROM {links.table}"
    manner = manner or (below if hierarchy else linked)

    def linked_to(ctx: Context, id_: int, depth: int) -> Condition:
        ids = hierarchy.reach(ctx.db, [id_], depth) if hierarchy and depth else {id_}
        return Condition(f"{own} WHERE {links.other} {IN_IDS})", (ids_param(ids),))

    def condition(ctx: Context, given: Any) -> Condition:
        modifier = manner(given, given["modifier"])
        if modifier in NULLS:
            return Condition(f"{'NOT ' if modifier == 'IS_NULL' else ''}{own})")
        value, excludes = numbers(given.get("value")), numbers(given.get("excludes"))
        if modifier == "EXCLUDES":
            value, excludes = [], value + excludes
        depth = given.get("depth") or 0
        wanted = [linked_to(ctx, id_, depth) for id_ in value]
        parts = [negated(linked_to(ctx, id_, depth)) for id_ in excludes]
        if not wanted or not modifier:
            return all_of(parts)
        if modifier == "INCLUDES":
            return all_of([any_of(wanted), *parts])
        if len(set(value)) < len(value):
            return NONE
        if modifier == "EQUALS":
            count = f"(SELECT COUNT(*) FROM {links.table} WHERE {links.own} = {table}.id)"
            parts.append(Condition(f"{count} = ?", (len(value),)))
        return all_of(wanted + parts)

    return condition


def numbers(ids: Iterable[Any] | None) -> list[int]:
    """Return the ids of a criterion, 0 for what is none: nothing has that."""
    return [int(str(id_)) if _NUMBER.fullmatch(str(id_)) else 0 for id_ in ids or ()]


def parent_studios(_: Context, given: Mapping[str, Any]) -> Condition:
    """Compare the one parent of a studio."""
    modifier = given["modifier"]
    if modifier in NULLS:
        return compared("studios.parent_id", given)
    ids = set(numbers(given.get("value")))
    inside = Condition(f"COALESCE(studios.parent_id, 0) {IN_IDS}", (ids_param(ids),))
    if not ids or modifier not in _KNOWN:
        return ALL
    if modifier == "INCLUDES_ALL" and len(given["value"]) > 1:
        return NONE
    return negated(inside) if modifier == "EXCLUDES" else inside


def stash_id_at(kind: Objects) -> Criterion:
    """Return the criterion on an id at one stash-box, or at any where no endpoint is given.

    Objects without an entry there are missing it, and match nothing else.
    """
    table, near = f"{kind.stem}_stash_ids", kind.table

    def condition(_: Context, given: Any) -> Condition:
        endpoint = given.get("endpoint")
        join = f"{kind.owner} = {near}.id" + (" AND endpoint = ?" if endpoint else "")
        inner = text_condition(
            f"{table}.stash_id",
            {"value": given.get("stash_id") or "", "modifier": given["modifier"]},
        )
        sql = f"SELECT {near}.id FROM {near} LEFT JOIN {table} ON {join} WHERE {inner.sql}"
        params = ((endpoint,) if endpoint else ()) + inner.params
        return Condition(f"{near}.id IN ({sql})", params)

    return condition


def stash_ids_at(kind: Objects) -> Criterion:
    """Return the criterion on any of several ids (second-hand, v0.31)."""
    single = stash_id_at(kind)

    def condition(ctx: Context, given: Any) -> Condition:
        ids = given.get("stash_ids") or [""]
        parts = [single(ctx, {**given, "stash_id": stash_id}) for stash_id in ids]
        return all_of(parts) if given["modifier"] == "NOT_EQUALS" else any_of(parts)

    return condition


def custom_fields_of(kind: Objects) -> Criterion:
    """Return the criterion on custom fields by key; all conditions must hold."""
    return lambda _, given: all_of(_custom_field(kind, wanted) for wanted in given)


def _custom_field(kind: Objects, given: Mapping[str, Any]) -> Condition:
    values = [
        int(value) if isinstance(value, bool) else value for value in given.get("value") or ()
    ]
    modifier, key, near = given["modifier"], given["field"], kind.table
    _refuse_wrong_number(modifier, len(values))
    outer = modifier in ("IS_NULL", "EXCLUDES", "NOT_MATCHES_REGEX")  # those without it too
    base = (
        f"SELECT {near}.id FROM {near} {'LEFT' if outer else ''} JOIN {kind.stem}_custom_fields own"
        f" ON own.{kind.owner} = {near}.id AND own.field = ?"
    )
    inner = _of_values("own.value", modifier, values)
    return Condition(f"{near}.id IN ({base} WHERE {inner.sql})", (key, *inner.params))


def _refuse_wrong_number(modifier: str, found: int) -> None:
    """Refuse too many or too few values (observed on v0.30-dev, GREATER_THAN's words too)."""
    if modifier == "BETWEEN" and found != _RANGE:
        raise Refusal(f"expected 2 values for custom field criterion modifier BETWEEN, got {found}")
    if modifier == "NOT_BETWEEN" and found < _RANGE:
        raise Panic(f"runtime error: index out of range [{found}] with length {found}")
    if modifier in ("LESS_THAN", "GREATER_THAN") and found != 1:
        raise Refusal(
            f"expected 1 value for custom field criterion modifier LESS_THAN, got {found}"
        )


def _of_values(column: str, modifier: str, values: list[Any]) -> Condition:
    match modifier:
        case "IS_NULL" | "NOT_NULL":
            return text_condition(column, {"modifier": modifier})
        case "EQUALS" | "NOT_EQUALS":
            marks = ", ".join("?" * len(values))
            word = "NOT IN" if modifier == "NOT_EQUALS" else "IN"
            return Condition(f"{column} {word} ({marks})", tuple(values))
        case "INCLUDES":
            return all_of(Condition(f"{column} LIKE ?", (f"%{value}%",)) for value in values)
        case "EXCLUDES":
            return all_of(Condition(f"{column} NOT LIKE ?", (f"%{value}%",)) for value in values)
        case "MATCHES_REGEX" | "NOT_MATCHES_REGEX":
            return all_of(
                text_condition(column, {"value": _pattern(value), "modifier": modifier})
                for value in values
            )
        case "INCLUDES_ALL":
            raise Refusal(f"unsupported custom field criterion modifier: {modifier}")
    pair = {"value": values[0], "value2": values[-1]}
    return compared(column, {**pair, "modifier": modifier})


def _pattern(value: Any) -> str:
    if not isinstance(value, str):
        kind = "float64" if isinstance(value, float) else "int64"
        raise Refusal(f"unsupported custom field criterion value type: {kind}")
    return value
