"""JSON with the place of every value, which the standard library does not keep."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from msgspec import Struct

DEEPEST: Final = 100
_SPACE: Final = re.compile(r"[ \t\r\n]*")


class Placed(Struct, frozen=True):
    """A value at an offset: a dict of keys with their own offsets, a list of these, or a scalar."""

    value: Any
    at: int

    @property
    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: inner.plain for key, (_, inner) in self.value.items()}
        if isinstance(self.value, list):
            return [inner.plain for inner in self.value]
        return self.value

    def below(self, path: tuple[str | int, ...]) -> Placed:
        """Return the value that a path of keys and indices leads to, as far as it does."""
        here = self
        for step in path:
            if isinstance(here.value, list) and isinstance(step, int) and step < len(here.value):
                here = here.value[step]
            elif isinstance(here.value, dict) and step in here.value:
                here = here.value[step][1]
            else:
                break
        return here


class JsonFault(ValueError):
    """What is no JSON, at an offset."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


def values_in(text: str, base: int = 0) -> list[Placed]:
    """Return the JSON values in a text, one or several one after the other.

    `base` is the offset of the text, from which places count.

    Raises:
        JsonFault: it is no JSON.
    """
    reader = _Reader(text, base)
    found: list[Placed] = []
    at = reader.skip(0)
    while at < len(reader.text):
        value, at = reader.read(at, 0)
        found.append(value)
        at = reader.skip(at)
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


class _Reader:
    def __init__(self, text: str, base: int) -> None:
        self.text, self._base = text, base
        self._scalars = json.JSONDecoder(parse_constant=_no_number)

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def read(self, at: int, depth: int) -> tuple[Placed, int]:
        """Read the value that begins here; return it, and where it ends."""
        if depth > DEEPEST:
            message = f"more than {DEEPEST} lists and objects are inside each other"
            raise JsonFault(message, self._base + at)
        first = self.text[at : at + 1]
        if first == "[":
            return self._list(at, depth)
        if first == "{":
            return self._object(at, depth)
        value, end = self._scalar(at)
        return Placed(value, self._base + at), end

    def _scalar(self, at: int) -> tuple[Any, int]:
        try:
            return self._scalars.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            at = min(error.pos, len(self.text))
            raise JsonFault(_message(error.msg), self._base + at) from None
        except ValueError as error:
            raise JsonFault(str(error), self._base + at) from None

    def _list(self, start: int, depth: int) -> tuple[Placed, int]:
        found: list[Placed] = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "]" or found:
            value, at = self.read(at, depth + 1)
            found.append(value)
            at = self.skip(at)
            if self.text[at : at + 1] == "]":
                break
            at = self.skip(self._require(",", at, "or ] "))
        return Placed(found, self._base + start), at + 1

    def _object(self, start: int, depth: int) -> tuple[Placed, int]:
        found: dict[str, tuple[int, Placed]] = {}
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "}" or found:
            key_at = at
            self._require('"', at, "of a key ")
            key, at = self._scalar(at)
            if key in found:
                raise JsonFault(f"the key {key!r} is written twice", self._base + key_at)
            at = self.skip(self._require(":", self.skip(at)))
            value, at = self.read(at, depth + 1)
            found[key] = (self._base + key_at, value)
            at = self.skip(at)
            if self.text[at : at + 1] == "}":
                break
            at = self.skip(self._require(",", at, "or } "))
        return Placed(found, self._base + start), at + 1

    def _require(self, char: str, at: int, further: str = "") -> int:
        if self.text[at : at + 1] != char:
            found = repr(self.text[at]) if at < len(self.text) else "the end"
            raise JsonFault(f"{char} {further}is wanted here, not {found}", self._base + at)
        return at + 1


def _message(message: str) -> str:
    return "a value is wanted here" if message == "Expecting value" else message.lower()
