"""References to other objects: written by name, read and sent by id.

A desired value names objects; an observed one has their ids. The planner, which knows both sides,
turns names into *tokens* before it compares: the server id of an object that exists, or a
placeholder (`+tag:3`) for one that the same plan creates. `settle`, `write` and all that follows
speak of tokens only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from stashsync.fields.base import Held, Ids, Json, Meaning, Value, is_members
from stashsync.fields.lists import MEMBER_SCHEMA, members_schema, merged, one_name, parse_members
from stashsync.fields.names import fold
from stashsync.fields.raw import Raw, is_null
from stashsync.unset import UNSET


def type_name(kind: str) -> str:
    """Return the GraphQL type of a kind: `SceneMarker` of `sceneMarker` or `scene_marker`."""
    return "".join([word[0].upper() + word[1:] for word in kind.split("_")])


def reference_list(value: Value) -> list[str]:
    """Return the references in a value: one, several or none; without what members carry."""
    if isinstance(value, list):
        return [member[0] for member in value] if value and is_pair(value[0]) else value
    return [value] if isinstance(value, str) else []


def is_pair(member: Value) -> bool:
    """Whether a member of a reference list carries a value of its own: `[reference, value]`."""
    return isinstance(member, list)


def exchanged(value: Value, of: Callable[[str], str | None]) -> Value:
    """Return a value with other references in it; one for which there is None is left out."""
    if not isinstance(value, list):
        return of(value) if value else None
    if not value or not is_pair(value[0]):
        return sorted({now for each in value if (now := of(each)) is not None})
    found = {now: rest for each, *rest in value if (now := of(each)) is not None}
    return [[now, *rest] for now, rest in found.items()]


@dataclass(frozen=True, eq=False)
class Ref(Meaning):
    """A reference to one object of `kind`, or to none."""

    kind: str
    form: ClassVar[str] = "one"
    sent_whole: ClassVar[bool] = False
    create_type = update_type = "ID"

    @property
    def output_type(self) -> str:  # type: ignore[override]  # derived from the kind
        return type_name(self.kind)

    def parse(self, raw: Raw) -> Value:
        return None if is_null(raw) else one_name(raw)

    def json_schema(self) -> dict[str, Any]:
        return MEMBER_SCHEMA

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {{ id }}"

    def read(self, wire: Json) -> Value:
        return wire["id"] if wire else None

    def differs(self, held: Held, snapshot: Any) -> bool:
        return held is not snapshot

    def linked(self, held: Held) -> dict[Any, Any]:
        return {held: UNSET} if held else {}

    def canonical(self, held: Held, ids: Ids) -> Value:
        return next(iter(ids([held])), None) if held else None

    def references(self) -> str:
        return self.kind


class HoldsMany(Meaning):
    """A meaning whose held values are lists of objects, none twice."""

    shape: ClassVar[str] = "set"
    form: ClassVar[str] = "many"
    sent_whole: ClassVar[bool] = False

    def snapshot(self, held: Held) -> Any:
        return set(held)

    def differs(self, held: Held, snapshot: Any) -> bool:
        return len(held) != len(snapshot) or not snapshot.issuperset(held)

    def linked(self, held: Held) -> dict[Any, Any]:
        return dict.fromkeys(held or (), UNSET)

    def canonical(self, held: Held, ids: Ids) -> Value:
        return ids(held)


@dataclass(frozen=True, eq=False)
class Refs(HoldsMany):
    """References to any number of objects of `kind`, without an order."""

    kind: str
    create_type = update_type = "[ID!]"

    @property
    def output_type(self) -> str:  # type: ignore[override]  # derived from the kind
        return f"[{type_name(self.kind)}!]!"

    def parse(self, raw: Raw) -> Value:
        value = parse_members(raw, one_name, fold)
        if isinstance(value, dict):
            return {part: sorted(members) for part, members in value.items()}
        return sorted(value)

    def json_schema(self) -> dict[str, Any]:
        return members_schema(MEMBER_SCHEMA)

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {{ id }}"

    def read(self, wire: Json) -> Value:
        return sorted(item["id"] for item in wire) if wire else []

    def settle(self, desired: Value, observed: Value) -> Value:
        if is_members(desired):
            return sorted(merged(desired, observed))
        return desired

    @property
    def empty(self) -> Value:
        return []

    def references(self) -> str:
        return self.kind
