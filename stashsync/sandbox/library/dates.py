"""Dates with their precision: a year, a month or a day.

Source: docs/stash-behaviour.md#dates
"""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct

from stashsync.sandbox.library.gotime import complaint, whole
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.values import quote


class Precision(IntEnum):
    """The precision of a date, as it is stored."""

    DAY = 0
    MONTH = 1
    YEAR = 2


_LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


class PartialDate(Struct, frozen=True):
    """A date as stored: its first day as YYYY-MM-DD, and its precision.

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
    time = whole(text)
    if time is not None:
        return PartialDate(time[:10])
    failures = [f"ParseDateStringAsTime failed: dateString <{text}>"]
    if not partial:
        raise Refusal(failures[0])
    for precision, layout in ((Precision.MONTH, "2006-01"), (Precision.YEAR, "2006")):
        failure = complaint(text, layout)
        if failure is None:
            return PartialDate(f"{text}-01-01"[:10], precision)
        failures.append(failure)
    raise Refusal(f"failed to parse date {quote(text)}: [{' '.join(failures)}]")
