"""Times as Go's `time.Parse` reads them, and its complaints.

Source: docs/stash-behaviour.md#coercion
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from stashsync.sandbox.library.values import quote

LAYOUT = "2006-01-02T15:04:05.999999999Z07:00"
_ELEMENTS = {
    "2006": re.compile(r"\d{4}", re.ASCII),
    "01": re.compile(r"\d\d", re.ASCII),
    "02": re.compile(r"\d\d", re.ASCII),
    "15": re.compile(r"\d\d?", re.ASCII),
    "04": re.compile(r"\d\d", re.ASCII),
    "05": re.compile(r"\d\d(?:[.,]\d+)?", re.ASCII),
    "Z07:00": re.compile(r"Z|[+-]\d\d:\d\d", re.ASCII),
}
_PIECES = re.compile(r"2006|01|02|15|04|05|Z07:00|[-T:]")
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LIMITS = {
    "01": (1, 12, "month"),
    "15": (0, 23, "hour"),
    "04": (0, 59, "minute"),
    "05": (0, 59, "second"),
}


@cache
def _elements(layout: str) -> list[tuple[str, re.Pattern[str]]]:
    names = _PIECES.findall(layout.replace(".999999999", ""))
    return [(name, _ELEMENTS.get(name) or re.compile(name)) for name in names]


def complaint(text: str, layout: str = LAYOUT) -> str | None:
    """Return what is wrong with `text` as a time of a layout, in Go's words, or None.

    `parsing time "soon" as "2006": cannot parse "soon" as "2006"`
    """
    parsing, rest, found = f"parsing time {quote(text)}", text, {}
    for name, pattern in _elements(layout):
        match = pattern.match(rest)
        if match is None:
            return f'{parsing} as "{layout}": cannot parse {quote(rest)} as "{name}"'
        found[name], rest = match.group(), rest[match.end() :]
        low, high, what = _LIMITS.get(name, (0, 0, ""))
        if what and not low <= int(found[name][:2]) <= high:
            return f"{parsing}: {what} out of range"
    if rest:
        return f"{parsing}: extra text: {quote(rest)}"
    year, month = int(found["2006"]), int(found.get("01", 1))
    leap = month == _DAYS.index(28) + 1 and ((year % 4 == 0 and year % 100 != 0) or year % 400 == 0)
    if not 1 <= int(found.get("02", 1)) <= _DAYS[month - 1] + leap:
        return f"{parsing}: day out of range"
    return None


def whole(text: str) -> str | None:
    """Return as RFC 3339 a time, a day, or "2024-01-02 03:04:05"; None of anything else."""
    day = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?", text, re.ASCII)
    full = f"{day[1]}T{day[2] or '00:00:00'}Z" if day else text
    return full if "T" in full and complaint(full) is None else None


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(h|ms|us|µs|ns|m|s)")


def moment(text: str) -> str:
    """Return the time, as RFC 3339, that a Timestamp stands for.

    A time, a day, "2024-01-02 03:04:05", or so much before (`<4m`) or after (`>1h30m`) now.

    Raises:
        ValueError: it is none of these.
    """
    if text[0] in "<>":
        away = _duration(text[1:])
        if away is None:
            raise ValueError(
                f"cannot parse Timestamp: cannot parse {ord(text[0])}-duration: "
                f'time: invalid duration "{text[1:]}"'
            )
        now = datetime.now(UTC)
        return (now - away if text[0] == "<" else now + away).isoformat()
    found = whole(text)
    if found is None:
        raise ValueError(f"ParseDateStringAsTime failed: dateString <{text}>")
    return found


def _duration(text: str) -> timedelta | None:
    parts = _PART.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        return None
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
