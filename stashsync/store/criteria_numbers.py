"""Lookups of what has an order: whole numbers, numbers, dates and moments.

Days and whole numbers are counted: "at least 80" is "more than 79", "in 3, 4, 9" is "between 3 and
9 but not between 5 and 8". Numbers with a fraction use BETWEEN, which includes both ends.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from stashsync.errors import StashFilterError
from stashsync.store.criteria_values import ends, members, null_lookups, nullness

MOST_STRETCHES = 250
"""Into how many stretches the values of one `in` may fall: each is a level of the filter."""

_LARGEST = math.nextafter(math.inf, 0.0)
_NO_NUMBER, _A_NUMBER = nullness({"value": 0})
_NO_DATE, _A_DATE = nullness({"value": ""})
_FIRST_MOMENT, _LAST_MOMENT = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"
Stretch = tuple[int, int]


def _is(modifier: str, value: Any, value2: Any = None) -> dict[str, Any]:
    criterion = {"value": value, "modifier": modifier}
    return criterion if value2 is None else {**criterion, "value2": value2}


# -- what is counted: whole numbers and days ----------------------------------------------------


def _stretches(given: list[Stretch]) -> list[Stretch]:
    """Return the same numbers as the fewest ranges, in order."""
    result: list[Stretch] = []
    for first, last in sorted(given):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    if len(result) > MOST_STRETCHES:
        raise StashFilterError(
            f"has {len(result)} values with gaps between them, at most {MOST_STRETCHES} can be sent"
        )
    return result


def _within(stretch: Stretch, write: Callable[[int], Any]) -> dict[str, Any]:
    first, last = stretch
    if first == last:
        return _is("EQUALS", write(first))
    return _is("BETWEEN", write(first), write(last))


def _outside(stretch: Stretch, write: Callable[[int], Any]) -> dict[str, Any]:
    first, last = stretch
    if first == last:
        return _is("NOT_EQUALS", write(first))
    return _is("NOT_BETWEEN", write(first), write(last))


def _one_of(given: list[Stretch], write: Callable[[int], Any]) -> list[Any]:
    stretches = _stretches(given)
    gaps = [(before[1] + 1, after[0] - 1) for before, after in pairwise(stretches)]
    return [
        _within((stretches[0][0], stretches[-1][1]), write),
        *[_outside(gap, write) for gap in gaps],
    ]


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise StashFilterError(f"wants a number, not {value!r}")
    return value


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise StashFilterError(f"wants a whole number, not {value!r}")
    return int(number)


def _wholes(value: Any) -> list[Stretch]:
    return [(number, number) for number in map(_whole, members(value))]


def _integers_between(value: Any) -> list[Any]:
    low, high = ends(value)
    return [_is("BETWEEN", math.ceil(_number(low)), math.floor(_number(high)))]


def _unless_none(
    on_none: dict[str, Any], make: Callable[[Any], dict[str, Any]]
) -> Callable[[Any], list[Any]]:
    return lambda value: [on_none if value is None else make(value)]


INTEGERS: dict[str, Callable[[Any], list[Any]]] = {
    "exact": _unless_none(_NO_NUMBER, lambda value: _is("EQUALS", _whole(value))),
    "ne": _unless_none(_A_NUMBER, lambda value: _is("NOT_EQUALS", _whole(value))),
    "not": _unless_none(_A_NUMBER, lambda value: _is("NOT_EQUALS", _whole(value))),
    "gt": lambda value: [_is("GREATER_THAN", math.floor(_number(value)))],
    "gte": lambda value: [_is("GREATER_THAN", math.ceil(_number(value)) - 1)],
    "lt": lambda value: [_is("LESS_THAN", math.ceil(_number(value)))],
    "lte": lambda value: [_is("LESS_THAN", math.floor(_number(value)) + 1)],
    "between": _integers_between,
    "not_between": lambda value: [
        {**criterion, "modifier": "NOT_BETWEEN"} for criterion in _integers_between(value)
    ],
    "in": lambda value: _one_of(_wholes(value), int) if members(value) else [_NO_NUMBER, _A_NUMBER],
    "not_in": lambda value: [_outside(stretch, int) for stretch in _stretches(_wholes(value))],
    **null_lookups(_NO_NUMBER, _A_NUMBER),
}


# -- numbers with a fraction --------------------------------------------------------------------


def _float(value: Any) -> float:
    return float(_number(value))


def _floats_in(value: Any) -> list[Any]:
    numbers = sorted({_float(member) for member in members(value)})
    if not numbers:
        return [_NO_NUMBER, _A_NUMBER]
    if len(numbers) > MOST_STRETCHES:
        raise StashFilterError(f"has {len(numbers)} values, at most {MOST_STRETCHES} can be sent")
    if len(numbers) == 1:
        return [_is("EQUALS", numbers[0])]
    gaps = [
        _is("NOT_BETWEEN", math.nextafter(before, math.inf), math.nextafter(after, -math.inf))
        for before, after in pairwise(numbers)
    ]
    return [_is("BETWEEN", numbers[0], numbers[-1]), *gaps]


FLOATS: dict[str, Callable[[Any], list[Any]]] = {
    "exact": _unless_none(_NO_NUMBER, lambda value: _is("EQUALS", _float(value))),
    "ne": _unless_none(_A_NUMBER, lambda value: _is("NOT_EQUALS", _float(value))),
    "not": _unless_none(_A_NUMBER, lambda value: _is("NOT_EQUALS", _float(value))),
    "gt": lambda value: [_is("GREATER_THAN", _float(value))],
    "gte": lambda value: [_is("BETWEEN", _float(value), _LARGEST)],
    "lt": lambda value: [_is("LESS_THAN", _float(value))],
    "lte": lambda value: [_is("BETWEEN", -_LARGEST, _float(value))],
    "between": lambda value: [_is("BETWEEN", *map(_float, ends(value)))],
    "not_between": lambda value: [_is("NOT_BETWEEN", *map(_float, ends(value)))],
    "in": _floats_in,
    "not_in": lambda value: [_is("NOT_EQUALS", number) for number in map(_float, members(value))],
    **null_lookups(_NO_NUMBER, _A_NUMBER),
}


# -- days ---------------------------------------------------------------------------------------


def _days(value: Any) -> Stretch:
    """Return the days that a date stands for, as ordinals: 2024 is a year of them."""
    try:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return value.toordinal(), value.toordinal()
        numbers = [int(part) for part in value.split("-")]
        first = date(*[*numbers, 1, 1][:3])
        year, month = first.year, first.month
        match len(numbers):
            case 1:
                last = date(year, 12, 31)
            case 2:
                last = date(year, month, monthrange(year, month)[1])
            case _:
                last = date(*numbers)
    except (ValueError, AttributeError, TypeError, OverflowError):
        raise StashFilterError(f"wants a date like 2024-05-31, not {value!r}") from None
    return first.toordinal(), last.toordinal()


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _from(value: Any) -> list[Any]:
    first = _days(value)[0]
    return [_A_DATE if first == date.min.toordinal() else _is("GREATER_THAN", _day(first - 1))]


def _until(value: Any) -> list[Any]:
    last = _days(value)[1]
    return [_A_DATE if last == date.max.toordinal() else _is("LESS_THAN", _day(last + 1))]


def _range_of_days(value: Any) -> Stretch:
    low, high = ends(value)
    return _days(low)[0], _days(high)[1]


DATES: dict[str, Callable[[Any], list[Any]]] = {
    "exact": _unless_none(_NO_DATE, lambda value: _within(_days(value), _day)),
    "ne": _unless_none(_A_DATE, lambda value: _outside(_days(value), _day)),
    "not": _unless_none(_A_DATE, lambda value: _outside(_days(value), _day)),
    "gt": lambda value: [_is("GREATER_THAN", _day(_days(value)[1]))],
    "gte": _from,
    "lt": lambda value: [_is("LESS_THAN", _day(_days(value)[0]))],
    "lte": _until,
    "between": lambda value: [_is("BETWEEN", *map(_day, _range_of_days(value)))],
    "not_between": lambda value: [_is("NOT_BETWEEN", *map(_day, _range_of_days(value)))],
    "in": lambda value: (
        _one_of([_days(member) for member in members(value)], _day)
        if members(value)
        else [_NO_DATE, _A_DATE]
    ),
    "not_in": lambda value: [
        _outside(stretch, _day)
        for stretch in _stretches([_days(member) for member in members(value)])
    ],
    **null_lookups(_NO_DATE, _A_DATE),
}


# -- moments ------------------------------------------------------------------------------------


def _moment(value: Any) -> str:
    """Return a time as text; a text is taken as it is, a date is its first second."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if not isinstance(value, str) or not value.strip():
        raise StashFilterError(f"wants a time like 2024-05-31T12:00:00Z, not {value!r}")
    return value


MOMENTS: dict[str, Callable[[Any], list[Any]]] = {
    "exact": _unless_none(_NO_DATE, lambda value: _is("EQUALS", _moment(value))),
    "ne": _unless_none(_A_DATE, lambda value: _is("NOT_EQUALS", _moment(value))),
    "not": _unless_none(_A_DATE, lambda value: _is("NOT_EQUALS", _moment(value))),
    "gt": lambda value: [_is("GREATER_THAN", _moment(value))],
    "gte": lambda value: [_is("BETWEEN", _moment(value), _LAST_MOMENT)],
    "lt": lambda value: [_is("LESS_THAN", _moment(value))],
    "lte": lambda value: [_is("BETWEEN", _FIRST_MOMENT, _moment(value))],
    "between": lambda value: [_is("BETWEEN", *map(_moment, ends(value)))],
    "not_between": lambda value: [_is("NOT_BETWEEN", *map(_moment, ends(value)))],
    **null_lookups(_NO_DATE, _A_DATE),
}
