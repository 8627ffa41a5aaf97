"""Whether a text is a time as Go's `time.Parse(time.RFC3339Nano, …)` sees it, and its complaint."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

LAYOUT = "2006-01-02T15:04:05.999999999Z07:00"

_ELEMENTS = (
    ("2006", re.compile(r"\d{4}")),
    ("-", re.compile("-")),
    ("01", re.compile(r"\d\d")),
    ("-", re.compile("-")),
    ("02", re.compile(r"\d\d")),
    ("T", re.compile("T")),
    ("15", re.compile(r"\d\d?")),
    (":", re.compile(":")),
    ("04", re.compile(r"\d\d")),
    (":", re.compile(":")),
    ("05", re.compile(r"\d\d(?:[.,]\d+)?")),
    ("Z07:00", re.compile(r"Z|[+-]\d\d:\d\d")),
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LIMITS = {"15": (0, 23, "hour"), "04": (0, 59, "minute"), "05": (0, 59, "second")}


def complaint(text: str) -> str | None:
    """Return what is wrong with `text` as a time, in Go's words, or None.

    `parsing time "soon" as "2006-…": cannot parse "soon" as "2006"`
    (docs/stash-behaviour.md#coercion)
    """
    rest, date = text, []
    for name, pattern in _ELEMENTS:
        found = pattern.match(rest)
        if found is None:
            return f'parsing time "{text}" as "{LAYOUT}": cannot parse "{rest}" as "{name}"'
        value, rest = found.group(), rest[found.end() :]
        if name in ("2006", "01", "02"):
            date.append(int(value))
        if name == "01" and not 1 <= date[1] <= len(_DAYS):
            return f'parsing time "{text}": month out of range'
        if name in _LIMITS:
            low, high, what = _LIMITS[name]
            if not low <= int(value[:2]) <= high:
                return f'parsing time "{text}": {what} out of range'
    if rest:
        return f'parsing time "{text}": extra text: "{rest}"'
    year, month, day = date
    leap = month == 2 and ((year % 4 == 0 and year % 100 != 0) or year % 400 == 0)
    if not 1 <= day <= _DAYS[month - 1] + leap:
        return f'parsing time "{text}": day out of range'
    return None


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
    if complaint(text) is None:
        return text
    if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?", text, re.ASCII):
        day, _, hour = text.partition(" ")
        whole = f"{day}T{hour or '00:00:00'}Z"
        if complaint(whole) is None:
            return whole
    raise ValueError(f"ParseDateStringAsTime failed: dateString <{text}>")


def _duration(text: str) -> timedelta | None:
    parts = _PART.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        return None
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
