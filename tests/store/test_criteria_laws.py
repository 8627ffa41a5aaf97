"""Laws of lookups: for all values, the criteria select exactly what the lookup describes.

The criteria are read here as the server reads them (docs/stash-behaviour.md#criteria): LIKE with
wildcards, words that are alternatives, both ends of BETWEEN.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashsync.fields.names import fold, like
from stashsync.store.criteria_numbers import DATES, FLOATS, INTEGERS
from stashsync.store.criteria_texts import TEXTS

whole = st.integers(-50, 50)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
few_days = st.dates(date(2023, 12, 20), date(2024, 3, 10))
numbers = st.floats(-10, 10, allow_nan=False).map(lambda number: number + 0.0)
texts = st.text("abAB_%\"'éÉ .^$\\", min_size=1, max_size=6)

_WORD = re.compile(r'"([^"]*)"|(\S+)')


def holds(criteria: list[dict[str, Any]], value: Any) -> bool:
    """Return whether a criterion finds an object with this value."""
    return all(_holds(item, value) for item in criteria)


def _holds(criterion: dict[str, Any], value: Any) -> bool:
    wanted, other = criterion.get("value"), criterion.get("value2")
    if criterion["modifier"] in ("IS_NULL", "NOT_NULL"):
        return (value is None) == (criterion["modifier"] == "IS_NULL")
    if value is None:
        return False
    match criterion["modifier"]:
        case "EQUALS" | "NOT_EQUALS" as modifier:
            same = (
                bool(like(wanted).match(fold(value)))
                if isinstance(value, str) and not _is_day(value)
                else value == wanted
            )
            return same == (modifier == "EQUALS")
        case "GREATER_THAN":
            return bool(value > wanted)
        case "LESS_THAN":
            return bool(value < wanted)
        case "BETWEEN":
            return bool(wanted <= value <= other)
        case "NOT_BETWEEN":
            return not wanted <= value <= other
        case "MATCHES_REGEX" | "NOT_MATCHES_REGEX" as modifier:
            return bool(re.search(wanted, value)) == (modifier == "MATCHES_REGEX")
        case "INCLUDES" | "EXCLUDES" as modifier:
            words = [phrase or word for phrase, word in _WORD.findall(wanted)]
            found = any(like(f"%{word}%").match(fold(value)) for word in words)
            return found == (modifier == "INCLUDES")
    raise AssertionError(criterion)


def _is_day(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


@pytest.mark.row("D10")
@given(whole, whole, whole, st.lists(whole, max_size=8))
def test_whole_numbers(x: int, low: int, high: int, several: list[int]) -> None:
    """Every lookup of whole numbers selects what Python's own comparison selects."""
    for bound in (low, low + 0.5):
        assert holds(INTEGERS["gt"](bound), x) == (x > bound)
        assert holds(INTEGERS["gte"](bound), x) == (x >= bound)
        assert holds(INTEGERS["lt"](bound), x) == (x < bound)
        assert holds(INTEGERS["lte"](bound), x) == (x <= bound)
    assert holds(INTEGERS["between"]((low, high)), x) == (low <= x <= high)
    assert holds(INTEGERS["not_between"]((low, high)), x) == (not low <= x <= high)
    assert holds(INTEGERS["in"](several), x) == (x in several)
    assert holds(INTEGERS["not_in"](several), x) == (x not in several)
    assert not holds(INTEGERS["in"](several), None)


@pytest.mark.row("D10")
@given(numbers, numbers, st.lists(numbers, max_size=6))
def test_numbers(x: float, bound: float, several: list[float]) -> None:
    """Every lookup of numbers with a fraction selects what Python selects; ends are included."""
    assert holds(FLOATS["gt"](bound), x) == (x > bound)
    assert holds(FLOATS["gte"](bound), x) == (x >= bound)
    assert holds(FLOATS["lt"](bound), x) == (x < bound)
    assert holds(FLOATS["lte"](bound), x) == (x <= bound)
    assert holds(FLOATS["in"](several), x) == (x in several)
    assert holds(FLOATS["not_in"](several), x) == (x not in several)


@pytest.mark.row("D10")
@given(days, days, few_days, st.lists(few_days, max_size=6))
def test_days(day: date, bound: date, near: date, several: list[date]) -> None:
    """For days, given as dates or as text."""
    for limit in (bound, bound.isoformat()):
        assert holds(DATES["gt"](limit), day.isoformat()) == (day > bound)
        assert holds(DATES["gte"](limit), day.isoformat()) == (day >= bound)
        assert holds(DATES["lt"](limit), day.isoformat()) == (day < bound)
        assert holds(DATES["lte"](limit), day.isoformat()) == (day <= bound)
    assert holds(DATES["in"](several), near.isoformat()) == (near in several)
    assert holds(DATES["not_in"](several), near.isoformat()) == (near not in several)


@given(few_days, st.sampled_from(["2024", "2023", "2024-01", "2024-02", "2023-12"]))
def test_months_and_years(day: date, partial: str) -> None:
    """A partial date is all of its days; what is before or after it is none of them."""
    text = day.isoformat()
    within = text.startswith(partial)
    assert holds(DATES["exact"](partial), text) == within
    assert holds(DATES["ne"](partial), text) == (not within)
    assert holds(DATES["gte"](partial), text) == (within or text > partial)
    assert holds(DATES["lte"](partial), text) == (within or text < partial)
    assert holds(DATES["gt"](partial), text) == (not within and text > partial)
    assert holds(DATES["lt"](partial), text) == (not within and text < partial)


@pytest.mark.row("D10")
@given(texts, texts, st.lists(texts, max_size=4))
def test_texts(text: str, wanted: str, several: list[str]) -> None:
    """Every character stands for itself, ASCII case aside."""
    same, inside = fold(text) == fold(wanted), fold(wanted) in fold(text)
    assert holds(TEXTS["exact"](wanted), text) == same
    assert holds(TEXTS["ne"](wanted), text) == (not same)
    assert holds(TEXTS["startswith"](wanted), text) == fold(text).startswith(fold(wanted))
    assert holds(TEXTS["endswith"](wanted), text) == fold(text).endswith(fold(wanted))
    assert holds(TEXTS["in"](several), text) == (fold(text) in map(fold, several))
    assert holds(TEXTS["not_in"](several), text) == (fold(text) not in map(fold, several))
    if wanted.strip():
        assert holds(TEXTS["contains"](wanted), text) == inside
        assert holds(TEXTS["excludes"](wanted), text) == (not inside)
