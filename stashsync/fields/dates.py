"""Dates that may know no more than their year or their month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import Any

from stashsync.fields.base import Held, Json, Meaning, ServerFacts, Value
from stashsync.fields.names import trim
from stashsync.fields.raw import Raw, Word, Wrong, is_null
from stashsync.fields.scalars import text_of

FORM = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z", re.ASCII)
FULL_LENGTH = len("1990-05-01")
YEAR_LENGTH = len("1990")
MONTHS = 12


@dataclass(frozen=True, eq=False)
class Date(Meaning):
    """A day, a month or a year: `1990-05-01`, `1990-05`, `1990` (docs/stash-behaviour.md#dates).

    `or_year`: some builds have the year alone there, as a whole number.
    """

    or_year: bool = False

    def parse(self, raw: Raw) -> Value:
        text = trim(text_of(raw, "a date"))
        if is_null(raw) or not text:
            return None
        match = FORM.match(text)
        if not match:
            raise Wrong(
                f"{text!r} is not a date",
                "write YYYY-MM-DD, YYYY-MM or YYYY",
            )
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if month is not None and not 1 <= month <= MONTHS:
            raise Wrong(f"{text!r} is not a date: there is no month {month}")
        if month and day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]:
            raise Wrong(f"{text!r} is not a date: that month has no day {day}")
        return text

    def json_schema(self) -> dict[str, Any]:
        pattern = r"^\d{4}(-\d\d(-\d\d)?)?$"
        year = {"type": "integer", "minimum": 1000, "maximum": 9999}
        return {"anyOf": [{"type": "string", "pattern": pattern}, year, {"type": "null"}]}

    def refuse(self, value: Value) -> str | None:
        try:
            self.parse(value or "")
        except Wrong as wrong:
            return wrong.message
        return None

    def read(self, wire: Json) -> Value:
        return f"{wire:04}" if isinstance(wire, int) else wire or None

    def hold(self, wire: Json) -> Held:
        return self.read(wire) if self.or_year else wire

    def write(self, after: Value, before: Value, server: ServerFacts) -> Json:  # noqa: ARG002
        as_year = self.or_year and server.career_years and after
        return int(after[:YEAR_LENGTH]) if as_year else after

    def written(self, observed: Value) -> Value:
        return None if observed is None else Word(observed)

    def unsupported(self, desired: Value, server: ServerFacts) -> str | None:
        if desired and len(desired) < FULL_LENGTH and not server.partial_dates:
            return f"the date {desired} is not exact to the day, which needs Stash v0.30.0"
        if desired and len(desired) > YEAR_LENGTH and self.or_year and server.career_years:
            return f"this server keeps the year alone, not {desired}"
        return None


def first_day(date: str) -> str:
    """Return the first day that a partial date can mean, `YYYY-MM-DD`: the server compares it."""
    return date + "-01" * ((FULL_LENGTH - len(date)) // 3)
