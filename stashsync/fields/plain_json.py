"""JSON in manifests: maps that the server keeps and does not look into."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

from stashsync.fields.base import Json, PlainData, Value
from stashsync.fields.raw import (
    NULLS,
    Quoted,
    Raw,
    RawList,
    RawMap,
    Wrong,
    is_null,
    mapping_of,
    parse_each,
    parse_list,
)
from stashsync.fields.scalars import INTEGER, LONGEST_INTEGER, Choice, Integer, is_number, text_of

_FLAGS: Final = {"true": True, "false": False}


def json_of(raw: Raw) -> Json:
    """Return the JSON value that a manifest has: what is in quotes is text.

    Raises:
        Wrong: the server would keep another number.
    """
    if isinstance(raw, RawMap):
        values = parse_each(raw.items(), json_of)
        return dict(zip(raw, values, strict=True))
    if isinstance(raw, RawList):
        return parse_list(raw, json_of)
    return str(raw) if isinstance(raw, Quoted) else _plain(raw)


def _plain(raw: str) -> Json:
    if raw in NULLS:
        return None
    if raw.lower() in _FLAGS:
        return _FLAGS[raw.lower()]
    if INTEGER.match(raw):
        # The server has all numbers of a map as 64-bit floats, and shows as few digits as it can.
        if len(raw) > LONGEST_INTEGER or int(Decimal(repr(float(raw)))) != int(raw):
            raise Wrong(f"the server cannot hold {raw} as a number", "write it in quotes")
        return int(raw)
    return float(raw) if is_number(raw) else raw


def same_json(value: Json, other: Json) -> bool:
    """Whether two JSON values are equal; unlike in Python, `true` is not 1."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(
            same_json(inner, other[key]) for key, inner in value.items()
        )
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(same_json, value, other))
    return isinstance(value, bool) is isinstance(other, bool) and bool(value == other)


class JsonMap(PlainData):
    """A map of any JSON, which a manifest has whole. An empty one and none are the same."""

    shape: ClassVar[str] = "map"
    whole: ClassVar[bool] = True
    output_type = "Map"
    create_type = "Map"
    update_type = "Map"

    def parse(self, raw: Raw) -> Value:
        if is_null(raw):
            return None
        return self.parse_entries(mapping_of(raw, "{key: value}")) or None

    def parse_entries(self, raw: RawMap) -> dict[str, Json]:
        """Return the entries of a map.

        Raises:
            Wrong: the field cannot have one of them.
        """
        entries: dict[str, Json] = json_of(raw)
        return entries

    def shortest(self, name: str, value: Json) -> Json:  # noqa: ARG002 - other maps need the name
        """Return the value of an entry in the shortest form in which manifests have it."""
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["object", "null"]}

    def read(self, wire: Json) -> Value:
        return wire or None

    def same(self, value: Value, other: Value) -> bool:
        return same_json(value or None, other or None)

    def settle(self, desired: Value, observed: Value) -> Value:
        return observed if self.same(desired, observed) else desired


class FindFilter(JsonMap):
    """The words, the page and the order of a search. What is blank or null is not there."""

    output_type = "SavedFindFilterType"
    create_type = "FindFilterType"
    update_type = "FindFilterType"

    _NUMBER: ClassVar = Integer(-(2**31), 2**31 - 1)
    _DIRECTION: ClassVar = Choice("SortDirectionEnum", ("ASC", "DESC"))
    KEYS: ClassVar = ("q", "page", "per_page", "sort", "direction")

    def parse_entries(self, raw: RawMap) -> dict[str, Json]:
        values = parse_each(((key, (key, inner)) for key, inner in raw.items()), self._entry)
        return _filled(dict(zip(raw, values, strict=True)))

    def _entry(self, entry: tuple[str, Raw]) -> Json:
        key, raw = entry
        match key:
            case "page" | "per_page":
                return self._NUMBER.parse(raw)
            case "direction":
                return self._DIRECTION.parse(raw)
            case "q" | "sort":
                return None if is_null(raw) else str(text_of(raw))
        raise Wrong(f"unknown key {key!r} in a find filter", f"it has {', '.join(self.KEYS)}")

    def json_schema(self) -> dict[str, Any]:
        text = {"type": ["string", "number", "boolean", "null"]}
        number = self._NUMBER.json_schema()
        types = (text, number, number, text, self._DIRECTION.json_schema())
        return {
            "type": ["object", "null"],
            "properties": dict(zip(self.KEYS, types, strict=True)),
            "additionalProperties": False,
        }

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {{ {' '.join(self.KEYS)} }}"

    def read(self, wire: Json) -> Value:
        return {key: value for key, value in (wire or {}).items() if value is not None} or None

    def same(self, value: Value, other: Value) -> bool:
        return same_json(_filled(value or {}), _filled(other or {}))

    def written(self, observed: Value) -> Value:
        found = _filled(observed or {})
        return {
            key: self._DIRECTION.written(found[key]) if key == "direction" else found[key]
            for key in self.KEYS
            if key in found
        } or None

    def write(self, after: Value, before: Value, server: Any) -> Json:  # noqa: ARG002
        """Return it with words as the server's pages do: without, they keep the last search."""
        words = {"q": ""} if not before or "q" in before else {}
        return after and {**words, **after}


def _filled(entries: dict[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in entries.items() if value is not None and value != ""}
