"""Dates that know how precise they are: a year, a month or a day.

Source: docs/stash-behaviour.md#dates
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.values import quote

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"[ T](\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_MONTHS = 12
_LEAP_YEAR = 2000


class Precision(IntEnum):
    """Down to what a date is known; the numbers are those that are stored."""

    DAY = 0
    MONTH = 1
    YEAR = 2


_LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as stored: its first day as YYYY-MM-DD, and how much of that is known.

    The year 0000 is one, so the standard library's dates do not fit.
    """

    first_day: str
    precision: Precision = Precision.DAY

    def __str__(self) -> str:
        return printed(self.first_day, self.precision)


def printed(first_day: str, precision: int) -> str:
    """Return a stored date as it is read back: only the part that is known."""
    return first_day[: _LENGTHS[Precision(precision)]]


def parse_date(text: str, *, partial: bool) -> PartialDate:
    """Read a date; a time of day is cut off.

    Args:
        text: as the client sent it; it is not trimmed.
        partial: whether a year or a month alone is a date in this release.
    """
    whole = _parse_day(text)
    if whole is not None:
        return PartialDate(whole)
    failures = [f"ParseDateStringAsTime failed: dateString <{text}>"]
    if not partial:
        raise Refusal(failures[0])
    for precision, layout in ((Precision.MONTH, "2006-01"), (Precision.YEAR, "2006")):
        failure = _mismatch(text, layout)
        if failure is None:
            return PartialDate(f"{text}-01-01"[:10], precision)
        failures.append(failure)
    raise Refusal(f"failed to parse date {quote(text)}: [{' '.join(failures)}]")


def _parse_day(text: str) -> str | None:
    day = _DAY.match(text)
    if day is None:
        return None
    year, month, number = map(int, day.groups())
    if not 1 <= month <= _MONTHS or not 1 <= number <= _days(year, month):
        return None
    rest = text[day.end() :]
    if rest and not _is_time(rest):
        return None
    return day[0]


def _days(year: int, month: int) -> int:
    return monthrange(year or _LEAP_YEAR, month)[1]


def _is_time(rest: str) -> bool:
    """Whether `rest` is "T12:30:00Z" (a zone is a must) or " 12:30:00" (a zone is none)."""
    time = _TIME.fullmatch(rest)
    if time is None or (rest[0] == "T") != bool(time[5]):
        return False
    try:
        datetime.strptime(rest[1:9], "%H:%M:%S")  # noqa: DTZ007  only the digits are looked at
    except ValueError:
        return False
    return True


def _mismatch(text: str, layout: str) -> str | None:
    """Why `text` is not of the layout "2006-01" or "2006", or None when it is."""
    parsing = f"parsing time {quote(text)}"
    if not re.match(r"\d{4}", text, re.ASCII):
        return f'{parsing} as "{layout}": cannot parse {quote(text)} as "2006"'
    rest = text[4:]
    if layout == "2006-01":
        if not rest.startswith("-"):
            return f'{parsing} as "{layout}": cannot parse {quote(rest)} as "-"'
        if not re.match(r"\d\d", rest[1:], re.ASCII):
            return f'{parsing} as "{layout}": cannot parse {quote(rest[1:])} as "01"'
        if not 1 <= int(rest[1:3]) <= _MONTHS:
            return f"{parsing}: month out of range"
        rest = rest[3:]
    return f"{parsing}: extra text: {quote(rest)}" if rest else None
