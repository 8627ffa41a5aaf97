"""Single values: text, names, flags, numbers, choices."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from stashsync.fields.base import Json, Meaning, Value
from stashsync.fields.names import trim
from stashsync.fields.raw import (
    NULLS,
    Quoted,
    Raw,
    RawList,
    RawMap,
    Word,
    Wrong,
    describe,
    is_null,
)

INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
LONGEST_INTEGER = 20
"""Digits of the longest 64-bit number, and its sign."""


def text_of(raw: Raw, what: str = "text") -> str:
    """`raw` as the text it is.

    Raises:
        Wrong: it is a list or a mapping.
    """
    if isinstance(raw, RawList | RawMap):
        raise Wrong(f"{what} is wanted here, not {describe(raw)}")
    return raw


class Text(Meaning):
    """Free text. Blank and null are the same: cleared (docs/stash-behaviour.md#null-and-absent)."""

    def parse(self, raw: Raw) -> Value:
        if type(raw) is str:
            return None if raw in NULLS else trim(raw) or None
        return trim(text_of(raw)) or None

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean", "null"]}

    def read(self, wire: Json) -> Value:
        return wire or None


class Name(Meaning):
    """A name: never blank, and always text, however much it looks like something else."""

    output_type = "String!"
    create_type = "String!"

    def parse(self, raw: Raw) -> Value:
        name = trim(text_of(raw, "a name"))
        if not name:
            raise Wrong("a name must not be blank", "give it a name, in quotes if need be")
        return name

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean", "null"]}

    def stored(self, value: Value) -> Value:
        return trim(value) if isinstance(value, str) else value

    def refuse(self, value: Value) -> str | None:
        return None if value and trim(value) else "a name must not be blank"


class Flag(Meaning):
    """True or false. The server has no null for it, so null means false.

    Source: docs/planning-rules.md#differences
    """

    output_type = "Boolean!"
    create_type = update_type = "Boolean"

    def parse(self, raw: Raw) -> Value:
        text = text_of(raw, "true or false")
        if isinstance(raw, Quoted):
            raise Wrong("true or false is wanted here, not text", "leave the quotes out")
        if text in NULLS:
            return False
        value = {"true": True, "false": False}.get(text.lower())
        if value is None:
            hint = {
                "yes": "write true",
                "on": "write true",
                "no": "write false",
                "off": "write false",
            }
            raise Wrong(
                f"true or false is wanted here, not {text!r}",
                hint.get(text.lower(), "write true or false"),
            )
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["boolean", "null"]}

    def read(self, wire: Json) -> Value:
        return bool(wire)

    @property
    def empty(self) -> Value:
        return False


@dataclass(frozen=True, eq=False)
class Integer(Meaning):
    """A whole number, `minimum` to `maximum` where these are given."""

    minimum: int | None = None
    maximum: int | None = None
    output_type = create_type = update_type = "Int"

    def parse(self, raw: Raw) -> Value:
        text = text_of(raw, "a whole number")
        if is_null(raw):
            return None
        if isinstance(raw, Quoted) or not INTEGER.match(text):
            raise Wrong(f"a whole number is wanted here, not {text!r}", self._hint)
        number = integer_of(text)
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise Wrong(f"{number} is out of range", self._hint)
        return number

    @property
    def _hint(self) -> str:
        if self.minimum is None and self.maximum is None:
            return "write digits only, without quotes"
        low = "" if self.minimum is None else f" from {self.minimum}"
        high = "" if self.maximum is None else f" to {self.maximum}"
        return f"write a whole number{low}{high}, without quotes"

    def json_schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": ["integer", "null"]}
        if self.minimum is not None:
            schema["minimum"] = self.minimum
        if self.maximum is not None:
            schema["maximum"] = self.maximum
        return schema

    def refuse(self, value: Value) -> str | None:
        low = -(2**63) if self.minimum is None else self.minimum
        high = 2**63 - 1 if self.maximum is None else self.maximum
        if value is None or low <= value <= high:
            return None
        return f"{value} is out of range: a whole number from {low} to {high} is wanted"


class Number(Meaning):
    """A decimal number."""

    output_type = create_type = update_type = "Float"

    def parse(self, raw: Raw) -> Value:
        text = text_of(raw, "a number")
        if is_null(raw):
            return None
        if isinstance(raw, Quoted) or not is_number(text):
            raise Wrong(
                f"a number is wanted here, not {text!r}", "write 12 or 12.5, without quotes"
            )
        return float(text)

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["number", "null"]}

    def refuse(self, value: Value) -> str | None:
        if value is None or math.isfinite(value):
            return None
        return f"{value} is no finite number"  # JSON has no other


def integer_of(text: str) -> int:
    """Return the number in a text that `INTEGER` matches.

    Raises:
        Wrong: it does not fit the 64 bits that the server has for it.
    """
    if len(text) <= LONGEST_INTEGER:
        number = int(text)
        if -(2**63) <= number < 2**63:
            return number
    raise Wrong(f"{text} does not fit the server's 64 bits", "write a smaller number")


def is_number(text: str) -> bool:
    """Whether `text` is a finite decimal number that people would write without quotes."""
    return bool(NUMBER.match(text)) and abs(float(text)) < 1e300


@dataclass(frozen=True, eq=False)
class Choice(Meaning):
    """One of the values of an enum of the server, called `enum` there."""

    enum: str
    values: tuple[str, ...]
    output_type: str = field(init=False)
    create_type: str = field(init=False)
    update_type: str = field(init=False)

    def __post_init__(self) -> None:
        for name in ("output_type", "create_type", "update_type"):
            object.__setattr__(self, name, self.enum)

    def parse(self, raw: Raw) -> Value:
        text = text_of(raw, "one word")
        if is_null(raw):
            return None
        if text not in self.values:
            from difflib import get_close_matches  # only a wrong name needs it

            near = get_close_matches(text.upper(), self.values, n=1, cutoff=0.5)
            known = ", ".join(self.values)
            hint = f"did you mean {near[0]}? It is one of {known}" if near else f"one of {known}"
            raise Wrong(f"{text!r} is not a value of this field", hint)
        return str(text)

    def json_schema(self) -> dict[str, Any]:
        return {"enum": [*self.values, None]}

    def refuse(self, value: Value) -> str | None:
        if value is None or value in self.values:
            return None
        return f"{value!r} is not one of {', '.join(self.values)}"

    def read(self, wire: Json) -> Value:
        return wire or None

    def written(self, observed: Value) -> Value:
        return None if observed is None else Word(observed)
