"""JSON as Go's encoding/json reads and writes it, where answers would differ."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson


class JsonFloat(float):
    """A number that was written with a fraction or an exponent; `text` is how."""

    text: str

    def __new__(cls, text: str) -> JsonFloat:
        """Read a number and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[type[JsonFloat], tuple[str]]:
        return JsonFloat, (self.text,)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"invalid character {name[0]!r} looking for beginning of value")


def decode(body: bytes) -> Any:
    """Return the JSON value in `body`; numbers that are no plain integers become `JsonFloat`.

    Text that is not UTF-8, and halves of surrogate pairs, become U+FFFD.

    Raises:
        ValueError: it is no JSON. The wording is Go's for an empty body and for a wrong
            beginning, and only near it further inside.
    """
    text = body.decode("utf-8", "replace")
    try:
        value = json.loads(text, parse_float=JsonFloat, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(_words(text, error)) from None
    except RecursionError:
        raise ValueError("exceeded max depth") from None
    return _whole(value) if "\\ud" in text or "\\uD" in text else value


def _words(text: str, error: json.JSONDecodeError) -> str:
    rest = text[error.pos :].lstrip()
    if not text.strip():
        return "EOF"
    if not rest:
        return "unexpected EOF"
    if error.msg.startswith("Extra data"):
        return f"invalid character {_quoted(rest[0])} after top-level value"
    return f"invalid character {_quoted(rest[0])} looking for beginning of value"


def _quoted(char: str) -> str:
    return "'\\''" if char == "'" else f"'{char}'"


def _whole(value: Any) -> Any:
    """`value` without lone surrogates in its texts and keys."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


_ESCAPES = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


def encode(value: Any) -> bytes:
    """`value` as compact JSON; `<`, `>`, `&` and the two line separators are escaped.

    These characters can only stand inside texts, so replacing them in the bytes is safe.
    """
    try:
        text = orjson.dumps(value, default=_plain)
    except TypeError:  # a whole number wider than 64 bits; an opaque map may hold one
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    for char, escape in _ESCAPES:
        if char in text:
            text = text.replace(char, escape)
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, JsonFloat):
        return float(value)
    raise TypeError(type(value).__name__)
