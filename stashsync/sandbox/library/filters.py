"""Filters of find queries; the criteria of each kind are entered here.

CRITERIA   "Tag", "name" → f(context, given) → Condition
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from stashsync.sandbox.library.conditions import ALL, Condition, Criterion, all_of, any_of, negated
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import Stored
from stashsync.sandbox.library.refusals import Refusal

_TOGETHER = ("AND", "OR", "NOT")

CRITERIA: Final[dict[str, dict[str, Criterion]]] = defaultdict(dict)
"""For each type, the fields of its filter."""


def criteria(kind: Stored, entries: Mapping[str, Criterion]) -> None:
    """Enter what a kind can be narrowed by."""
    CRITERIA[kind.type_name].update(entries)


def filtered(ctx: Context, kind: Stored, given: Mapping[str, Any]) -> Condition:
    """Return the condition that a whole filter stands for."""
    known = CRITERIA[kind.type_name]
    asked = (
        known[field](ctx, value)
        for field, value in given.items()
        if value is not None and field not in _TOGETHER
    )
    own = all_of(condition for condition in asked if condition != ALL)
    inner = [word for word in _TOGETHER if given.get(word) is not None]
    if not inner:
        return own
    if len(inner) > 1:
        raise Refusal(f"cannot have {inner[0]} and {inner[1]} in the same filter")
    word = inner[0]
    other = filtered(ctx, kind, given[word])
    if other == ALL:  # nothing is asked for there, so nothing is joined or turned round
        return own
    match word:
        case "AND":
            return all_of((own, other))
        case "OR":
            return other if own == ALL else any_of((own, other))
    return all_of((own, negated(other)))


def through(links: Links, far: Stored) -> Criterion:
    """Return a filter on related objects: one of them has to match it."""
    matching = (
        f"SELECT link.{links.own} FROM {links.table} AS link "
        f"JOIN {far.table} ON {far.table}.id = link.{links.other}"
    )

    def condition(ctx: Context, given: Any) -> Condition:
        inner = filtered(ctx, far, given)
        if inner == ALL:  # nothing is asked for, and objects without any are not left out
            return ALL
        return Condition(f"{links.near}.id IN ({matching} WHERE {inner.sql})", inner.params)

    return condition
