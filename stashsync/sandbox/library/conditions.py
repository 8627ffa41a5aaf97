"""Conditions in SQL with their parameters, and the criteria on columns.

A criterion is `{"value", "modifier", …}`; text compares as LIKE does: ASCII letters without regard
to case, `_` and `%` as wildcards (docs/stash-behaviour.md#criteria).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple, TypeAlias

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import Value, compiled
from stashsync.sandbox.library.lists import Texts
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.values import stamp, trim


class Condition(NamedTuple):
    """A condition in SQL and the values of its question marks."""

    sql: str
    params: tuple[Value, ...] = ()


Criterion: TypeAlias = Callable[[Context, Any], Condition]
"""Makes the condition of what was given for one field of a filter; never called with None."""

ALL = Condition("1")
NONE = Condition("0")

_PATTERNS = ("MATCHES_REGEX", "NOT_MATCHES_REGEX")


def all_of(conditions: Iterable[Condition]) -> Condition:
    """All of them hold."""
    return _joined(conditions, " AND ", ALL)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """At least one of them holds."""
    return _joined(conditions, " OR ", NONE)


def negated(condition: Condition) -> Condition:
    """Return the opposite of a condition."""
    return Condition(f"NOT ({condition.sql})", condition.params)


def _joined(conditions: Iterable[Condition], word: str, empty: Condition) -> Condition:
    parts = list(conditions)
    if not parts:
        return empty
    sql = word.join(f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.params))


def words(text: str) -> list[str]:
    """Split a text into words; one that begins or ends with a double quote is one word.

    A blank text is one empty word, which everything includes (observed on v0.30-dev).
    """
    text = trim(text)
    phrase = text.strip('"')
    return re.split(r"\s+", text) if phrase == text else [phrase]


# --- text ------------------------------------------------------------------


_TEXT = {
    "EQUALS": "{0} LIKE ?",
    "NOT_EQUALS": "{0} NOT LIKE ?",
    "IS_NULL": "{0} IS NULL OR TRIM({0}) = ''",
    "NOT_NULL": "{0} IS NOT NULL AND TRIM({0}) != ''",
    "MATCHES_REGEX": "{0} IS NOT NULL AND {0} REGEXP ?",
    "NOT_MATCHES_REGEX": "{0} IS NULL OR NOT {0} REGEXP ?",
}


def text_condition(column: str, given: Mapping[str, Any]) -> Condition:
    """Compare a column of text with a text; INCLUDES and EXCLUDES take its words one by one."""
    value, modifier = given.get("value") or "", given["modifier"]
    if modifier == "INCLUDES":
        return any_of(Condition(f"{column} LIKE ?", (f"%{word}%",)) for word in words(value))
    if modifier == "EXCLUDES":
        return all_of(Condition(f"{column} NOT LIKE ?", (f"%{word}%",)) for word in words(value))
    if modifier not in _TEXT:
        raise Panic("unsupported string filter modifier")
    if modifier in _PATTERNS:
        compiled(value)
    sql = _TEXT[modifier]
    return Condition(sql.format(column), (value,) * sql.count("?"))


def text(column: str) -> Criterion:
    """Return the criterion on a column of text."""
    return lambda _, given: text_condition(column, given)


def text_list(texts: Texts) -> Criterion:
    """Return the criterion on a list of text: one of them compares, or, excluding, none."""
    kind, owner, table, column = texts.near, texts.owner, texts.table, texts.value
    rows = f"SELECT {kind}.id FROM {kind} LEFT JOIN {table} ON {owner} = {kind}.id"

    def condition(_: Context, given: Any) -> Condition:
        if given["modifier"] == "EXCLUDES":  # the value is no list of words here
            sql = f"{kind}.id NOT IN (SELECT {owner} FROM {table} WHERE {column} LIKE ?)"
            return Condition(sql, (f"%{given['value']}%",))
        inner = text_condition(column, given)
        return Condition(f"{kind}.id IN ({rows} WHERE {inner.sql})", inner.params)

    return condition


# --- numbers, times, flags, choices ----------------------------------------


_ORDERED = {
    "EQUALS": "{} = ?",
    "NOT_EQUALS": "{} != ?",
    "GREATER_THAN": "{} > ?",
    "LESS_THAN": "{} < ?",
    "BETWEEN": "{} BETWEEN ? AND ?",
    "NOT_BETWEEN": "{} NOT BETWEEN ? AND ?",
    "IS_NULL": "{} IS NULL",
    "NOT_NULL": "{} IS NOT NULL",
}


def compared(column: str, given: Mapping[str, Any]) -> Condition:
    """Compare a column with a number, or anything else that has an order."""
    modifier = given["modifier"]
    if modifier not in _ORDERED:
        raise Panic(f"unsupported numeric modifier type {modifier}")
    sql, values = _ORDERED[modifier], (given.get("value"), given.get("value2") or 0)
    return Condition(sql.format(column), values[: sql.count("?")])


def number(expression: str) -> Criterion:
    """Return the criterion on a number."""
    return lambda _, given: compared(expression, given)


def flag(column: str) -> Criterion:
    """Return the criterion on a flag."""
    return lambda _, given: Condition(f"{column} = ?", (int(given),))


def date(column: str) -> Criterion:
    """Return the criterion on a stored date; texts of dates are in the order of the days."""

    def condition(ctx: Context, given: Any) -> Condition:
        if given["modifier"] in ("IS_NULL", "NOT_NULL"):
            return text_condition(column, given)
        return _in_time(ctx, column, given)

    return condition


def moment(column: str) -> Criterion:
    """Return the criterion on a stored time; the value is any text that SQLite reads as a time."""

    def condition(ctx: Context, given: Any) -> Condition:
        inner = _in_time(ctx, f"julianday({column})", given)
        return Condition(inner.sql.replace("?", "julianday(?)"), inner.params)

    return condition


def _in_time(ctx: Context, column: str, given: Mapping[str, Any]) -> Condition:
    """As `compared`; a range without an end goes on until tomorrow."""
    if given["modifier"] in ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", *_PATTERNS):
        raise Panic("unsupported date modifier type")
    end = given.get("value2")
    if end is None:
        end = stamp(ctx.clock() + timedelta(days=1))
    return compared(column, {**given, "value2": end})


def choice(column: str) -> Criterion:
    """Return the criterion on an enum: EQUALS and INCLUDES any value, NOT_EQUALS and EXCLUDES none.

    Objects without one are never matched by values; no values mean no condition.
    """

    def condition(_: Context, given: Any) -> Condition:
        value, listed = given.get("value"), given.get("value_list")
        values = [value] if isinstance(value, str) else list(value or ())
        values = list(listed) if listed else values
        marks = ", ".join("?" * len(values))
        match given["modifier"]:
            case "EQUALS" | "INCLUDES":
                return Condition(f"{column} IN ({marks})", tuple(values)) if values else ALL
            case "NOT_EQUALS" | "EXCLUDES":
                return Condition(f"{column} NOT IN ({marks})", tuple(values)) if values else ALL
            case "IS_NULL" | "NOT_NULL":
                return text_condition(column, given)
        raise Panic("unsupported string filter modifier")

    return condition


def unsupported(modifier: str) -> Refusal:
    """Return the error for a comparison that the field does not have."""
    return Refusal(f"invalid criterion modifier: {modifier}")
