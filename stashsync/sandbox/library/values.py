"""Values as a Go server reads and prints them: numbers in ids, quoted text, white space, time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from stashsync.sandbox.library.refusals import Refusal

_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_INT_MAX = 2**63 - 1
_INT_MIN = -(2**63)

# What Go's unicode.IsSpace takes for white space; str.strip() would also take U+001C to U+001F.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def trim(text: str) -> str:
    """Return the text without surrounding white space, no-break spaces included."""
    return text.strip(_SPACE)


def quote(text: str) -> str:
    """Return the text in double quotes, as it stands in a Go server's messages."""
    return '"' + "".join(_ESCAPES.get(char) or _printed(char) for char in text) + '"'


def _printed(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def atoi(text: str) -> int:
    """Read the number that an id stands for: "7", "07" and "+7" are all 7."""
    if not _NUMBER.fullmatch(text):
        raise Refusal(f"strconv.Atoi: parsing {quote(text)}: invalid syntax")
    number = int(text) if len(text) < 40 else _INT_MAX + 1
    if not _INT_MIN <= number <= _INT_MAX:
        raise Refusal(f"strconv.Atoi: parsing {quote(text)}: value out of range")
    return number


def to_id(text: Any, what: str) -> int:
    """Read an id; `what` begins the refusal ("converting id")."""
    try:
        return atoi(str(text))
    except Refusal as refusal:
        raise Refusal(f"{what}: {refusal.message}") from None


def to_ids(texts: Iterable[Any] | None, what: str) -> list[int]:
    """Read a list of ids as they stand, repetitions included."""
    return [to_id(text, what) for text in texts or ()]


def to_optional_id(text: Any, what: str) -> int | None:
    """Read an id or none; a blank one is a number that cannot be read."""
    return None if text is None else to_id(text, f"{what}: converting {text} to int")


def to_required_id(text: Any, what: str) -> int | None:
    """Read an id where null is refused later, and a number is named once."""
    return None if text is None else to_id(text, what)


def stamp(moment: datetime) -> str:
    """Return a moment as created_at and updated_at are stored: UTC, whole seconds, sortable."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=4096)
def local_time(stored: str) -> str:
    """Return a stored moment in the server's own time zone, as RFC 3339."""
    return rfc3339(datetime.fromisoformat(stored).astimezone())


@lru_cache(maxsize=4096)
def unix_time(stored: str) -> int:
    """Return a stored moment in seconds since 1970."""
    return int(datetime.fromisoformat(stored).timestamp())


def rfc3339(moment: datetime) -> str:
    """Return a moment as Go prints it: "Z" for UTC, a fraction without trailing zeros."""
    text = moment.isoformat()
    if "." in text:
        text = re.sub(r"(\.\d*?)0*(?=[+-]|$)", r"\1", text)
    return text.replace("+00:00", "Z")


def moment_of(text: str) -> str:
    """Return a time of an input as it is stored."""
    return stamp(datetime.fromisoformat(text))
