"""Maps that are owned key by key: stash_ids by endpoint, custom fields by name."""

from __future__ import annotations

from typing import Any, ClassVar

from stashsync.fields.base import Held, Json, PlainData, ServerFacts, Value
from stashsync.fields.lists import one_name
from stashsync.fields.names import trim
from stashsync.fields.raw import (
    Quoted,
    Raw,
    RawList,
    Wrong,
    is_null,
    mapping_of,
    parse_each,
    parse_list,
)
from stashsync.fields.scalars import INTEGER, integer_of, is_number, text_of

KEY_LIMIT = 64
"""The longest name of a custom field, in bytes (docs/stash-behaviour.md#custom-fields)."""


class StashIds(PlainData):
    """Ids at other databases, by endpoint.

    Desired: `{endpoint: [id, …]}`, an empty list removes that endpoint's; None removes all.
    Observed and afterwards: the server's list of `{endpoint, stash_id, updated_at}`, in its order.
    The list is replaced whole, so pairs that stay are sent with the `updated_at` they have:
    otherwise the server would stamp them anew (docs/stash-behaviour.md#stash-ids).
    """

    shape: ClassVar[str] = "map"
    output_type = "[StashID!]!"
    create_type = update_type = "[StashIDInput!]"

    def parse(self, raw: Raw) -> Value:
        if is_null(raw):
            return None
        given = mapping_of(raw, "{https://stashdb.example/graphql: the-id}, or null for none")
        return dict(zip(given, parse_each(given.items(), self._ids), strict=True))

    @staticmethod
    def _ids(raw: Raw) -> list[str]:
        if is_null(raw):
            return []
        if not isinstance(raw, RawList):
            return [one_name(raw)]
        return list(dict.fromkeys(parse_list(raw, one_name)))

    def json_schema(self) -> dict[str, Any]:
        stash_id = {"type": ["string", "number"]}
        ids = {"anyOf": [stash_id, {"type": "array", "items": stash_id}, {"type": "null"}]}
        return {"type": ["object", "null"], "additionalProperties": ids}

    def selection(self, output: str, server: ServerFacts) -> str:
        stamp = " updated_at" if server.has_output("StashID", "updated_at") else ""
        return f"{output} {{ endpoint stash_id{stamp} }}"

    def read(self, wire: Json) -> Value:
        return wire or []

    def hold(self, wire: Json) -> Held:
        return [pair.copy() for pair in wire or ()]

    def written(self, observed: Value) -> Value:
        found: dict[str, list[str]] = {}
        for pair in observed or ():
            ids = found.setdefault(pair["endpoint"], [])
            if pair["stash_id"] not in ids:  # after a merge of tags, one may be there twice
                ids.append(pair["stash_id"])
        return {name: ids[0] if len(ids) == 1 else ids for name, ids in found.items()}

    def settle(self, desired: Value, observed: Value) -> Value:
        if desired is None:
            return []
        wanted = {(endpoint, item) for endpoint, ids in desired.items() for item in ids}
        after = [
            pair
            for pair in observed
            if pair["endpoint"] not in desired or (pair["endpoint"], pair["stash_id"]) in wanted
        ]
        present = {(pair["endpoint"], pair["stash_id"]) for pair in after}
        return after + [
            {"endpoint": endpoint, "stash_id": item}
            for endpoint in sorted(desired)
            for item in desired[endpoint]
            if (endpoint, item) not in present
        ]

    def write(self, after: Value, before: Value, server: ServerFacts) -> Json:  # noqa: ARG002
        if server.has_input("StashIDInput", "updated_at"):
            return after
        return [{"endpoint": pair["endpoint"], "stash_id": pair["stash_id"]} for pair in after]

    @property
    def empty(self) -> Value:
        return []


class CustomFields(PlainData):
    """Free values by name. A null removes its key; null for the whole removes all keys.

    Values are what the server would read back (docs/stash-behaviour.md#custom-fields): `true` is 1,
    `2.0` is 2.
    """

    shape: ClassVar[str] = "map"
    sent_whole: ClassVar[bool] = False
    output_type = "Map!"
    create_type = "Map"
    update_type = "CustomFieldsInput"

    def parse(self, raw: Raw) -> Value:
        if is_null(raw):
            return None
        items = mapping_of(raw, "{name: value}").items()
        return dict(
            parse_each(
                ((key, (key, item)) for key, item in items),
                lambda pair: (self._key(pair[0]), self._value(pair[1])),
            )
        )

    @staticmethod
    def _key(key: str) -> str:
        if not key:
            raise Wrong("the name of a custom field must not be empty")
        if key != trim(key):
            raise Wrong(
                f"the name of a custom field must not begin or end with white space: {key!r}"
            )
        if len(key.encode()) > KEY_LIMIT:
            raise Wrong(f"the name of a custom field has at most {KEY_LIMIT} bytes")
        return key

    @staticmethod
    def _value(raw: Raw) -> Any:
        text = text_of(raw, "a text, a number or true or false")
        if is_null(raw):
            return None
        if isinstance(raw, Quoted):
            return str(text)
        if text.lower() in ("true", "false"):
            return int(text.lower() == "true")
        return _number(text) if INTEGER.match(text) or is_number(text) else text

    def json_schema(self) -> dict[str, Any]:
        value = {"type": ["string", "number", "boolean", "null"]}
        return {"type": ["object", "null"], "additionalProperties": value}

    def read(self, wire: Json) -> Value:
        return wire or {}

    def settle(self, desired: Value, observed: Value) -> Value:
        if desired is None:
            return {}
        after = {**observed, **desired}
        return {key: value for key, value in after.items() if value is not None}

    def write(self, after: Value, before: Value, server: ServerFacts) -> Json:
        if not after or before is None:
            return {"full": after or {}}
        gone = [key for key in before if key not in after]
        if gone and not server.has_input("CustomFieldsInput", "remove"):
            return {"full": after}
        changed = {
            key: item for key, item in after.items() if key not in before or before[key] != item
        }
        return {"partial": changed, "remove": gone} if gone else {"partial": changed}

    def write_new(self, after: Value, server: ServerFacts) -> Json:  # noqa: ARG002
        return after

    @property
    def empty(self) -> Value:
        return {}


def _number(text: str) -> int | float:
    """Return a number as the server would read it back.

    Raises:
        Wrong: the server cannot hold it as a number.
    """
    if INTEGER.match(text):
        try:
            return integer_of(text)
        except Wrong as wrong:
            raise Wrong(wrong.message, "write it in quotes") from None
    value = float(text)
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    if "e" in repr(value) or value in (float("inf"), float("-inf")):
        raise Wrong(f"the server cannot hold {text} as a number", "write it in quotes")
    return value
