"""Lists of texts: sets of names (aliases) and ordered lists (URLs).

Both may be written whole, or as `{add, remove}`, which owns only those members. The canonical
value of the second form is `{"add": [...], "remove": [...]}`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from stashsync.fields.base import Held, Json, PlainData, Value, is_members
from stashsync.fields.names import trim
from stashsync.fields.raw import (
    Raw,
    RawList,
    RawMap,
    Wrong,
    describe,
    is_null,
    parse_each,
    parse_list,
    raise_faults,
)
from stashsync.fields.scalars import text_of

T = TypeVar("T")
MEMBER_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}


def members_schema(member: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list, of `{add, remove}` with such lists, or null."""
    items = {"type": "array", "items": member}
    part = {
        "type": "object",
        "properties": {"add": items, "remove": items},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [items, part, {"type": "null"}]}


def parse_members(
    raw: Raw, entry: Callable[[Raw], T], key: Callable[[T], str] = str, *, once: bool = False
) -> list[T] | dict[str, list[T]]:
    """Return the members in written order, read by `entry`; two with the same `key` count once.

    Raises:
        Wrong: not a list, or a member is unreadable, or both added and removed, or with `once` is
            there twice.
    """
    if is_null(raw):
        return []
    if isinstance(raw, RawMap):
        parts: dict[str, list[T]] = {"add": [], "remove": []}
        if not raw:
            raise Wrong("a list is wanted here", "write [] to clear it, or {add: […], remove: […]}")

        def part_of(item: tuple[str, Raw]) -> None:
            step, part = item
            if step not in parts:
                raise Wrong(f"unknown key {step!r} in a list", "a list may have `add` and `remove`")
            parts[step] = _members(part, entry, key, once=once)

        parse_each(((item[0], item) for item in raw.items()), part_of)
        removed = {key(member) for member in parts["remove"]}
        raise_faults(
            [
                Wrong(f"{member!r} is both added and removed", "keep one", ("add", index))
                for index, member in enumerate(parts["add"])
                if key(member) in removed
            ]
        )
        return parts
    return _members(raw, entry, key, once=once)


def _members(
    raw: Raw, entry: Callable[[Raw], T], key: Callable[[T], str], *, once: bool
) -> list[T]:
    if not isinstance(raw, RawList):
        raise Wrong(f"a list is wanted here, not {describe(raw)}", "write [one, two]")
    found: dict[str, T] = {}
    members = parse_list(raw, entry)
    twice = []
    for index, member in enumerate(members):
        identity = key(member)
        if identity in found:
            twice.append(Wrong(f"{identity!r} is listed twice", "keep one", (index,)))
        else:
            found[identity] = member
    raise_faults(twice if once else [])
    return list(found.values())


def merged(desired: dict[str, list[str]], observed: list[str]) -> list[str]:
    """`observed` with the members of `desired["add"]` and without those of `desired["remove"]`."""
    removed = set(desired.get("remove", ()))
    kept = [member for member in observed if member not in removed]
    present = set(kept)
    return kept + [member for member in desired.get("add", ()) if member not in present]


def one_name(raw: Raw) -> str:
    """Return a member that is a name.

    Raises:
        Wrong: it is blank, or no text at all.
    """
    name = trim(text_of(raw, "a name"))
    if not name:
        raise Wrong("a blank entry", "leave it out")
    return name


class NameSet(PlainData):
    """Names without an order: aliases. The server returns them sorted by bytes.

    Source: docs/stash-behaviour.md#aliases
    """

    shape: ClassVar[str] = "set"
    output_type = "[String!]!"
    create_type = update_type = "[String!]"

    def parse(self, raw: Raw) -> Value:
        value = parse_members(raw, one_name)
        if isinstance(value, dict):
            return {part: sorted(members) for part, members in value.items()}
        return sorted(value)

    def json_schema(self) -> dict[str, Any]:
        return members_schema(MEMBER_SCHEMA)

    def read(self, wire: Json) -> Value:
        return sorted(wire) if wire else []

    def hold(self, wire: Json) -> Held:
        return wire.copy() if wire else []

    def differs(self, held: Held, snapshot: Any) -> bool:
        if held == snapshot or not isinstance(held, list) or not isinstance(snapshot, list):
            return bool(held != snapshot)
        return sorted(held) != sorted(snapshot)

    def settle(self, desired: Value, observed: Value) -> Value:
        if is_members(desired):
            return sorted(merged(desired, observed))
        return desired

    @property
    def empty(self) -> Value:
        return []


class TextList(PlainData):
    """Texts in an order that counts: URLs. Repeats are kept by the server, so they are here."""

    shape: ClassVar[str] = "list"
    output_type = "[String!]!"
    create_type = update_type = "[String!]"

    def parse(self, raw: Raw) -> Value:
        if isinstance(raw, RawList):
            return parse_list(raw, one_name)
        return parse_members(raw, one_name)

    def json_schema(self) -> dict[str, Any]:
        return members_schema(MEMBER_SCHEMA)

    def read(self, wire: Json) -> Value:
        return list(wire) if wire else []

    def hold(self, wire: Json) -> Held:
        return wire.copy() if wire else []

    def settle(self, desired: Value, observed: Value) -> Value:
        return merged(desired, observed) if is_members(desired) else desired

    @property
    def empty(self) -> Value:
        return []
