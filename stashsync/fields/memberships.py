"""References that carry a value of their own, in an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stashsync.fields.base import Held, Ids, Json, Meaning, ServerFacts, Value
from stashsync.fields.lists import MEMBER_SCHEMA, members_schema, one_name, parse_members
from stashsync.fields.names import fold
from stashsync.fields.raw import Raw, RawMap, Wrong
from stashsync.fields.references import type_name
from stashsync.fields.scalars import Text
from stashsync.unset import UNSET

_TEXT = Text()


@dataclass(frozen=True, eq=False)
class Memberships(Meaning):
    """References that carry a value of their own: the groups in a group, each with a description.

    `part` is the name of the part's table, `extra` its one field besides the `group`.

    Desired: `[name]` for each member, or `[name, extra]`; observed and afterwards `[id, extra]`, in
    the order of the server. The extra of a member that is only named stays as it is.
    """

    shape: ClassVar[str] = "list"
    form: ClassVar[str] = "memberships"
    sent_whole: ClassVar[bool] = False
    kind: str
    part: str
    extra: str

    @property
    def parts(self) -> tuple[str, ...]:  # type: ignore[override]  # derived from the part
        return (self.part,)

    @property
    def output_type(self) -> str:  # type: ignore[override]  # derived from the part
        return f"[{type_name(self.part)}!]!"

    @property
    def create_type(self) -> str:  # type: ignore[override]
        return f"[{type_name(self.part)}Input!]"

    update_type = create_type  # pyright: ignore[reportAssignmentType]  # as for mypy above

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {{ {self.kind} {{ id }} {self.extra} }}"

    def references(self) -> str:
        return self.kind

    @property
    def empty(self) -> Value:
        return []

    # -- in manifests ----------------------------------------------------------------------------

    def parse(self, raw: Raw) -> Value:
        return parse_members(raw, self._member, lambda member: fold(member[0]), once=True)

    def _member(self, raw: Raw) -> list[Any]:
        if not isinstance(raw, RawMap):
            return [one_name(raw)]
        for key in raw:
            if key not in (self.kind, self.extra):
                known = f"write {{{self.kind}: name, {self.extra}: text}}, or the name alone"
                raise Wrong(f"unknown key {key!r} in a member of a list", known, (key,))
        if self.kind not in raw:
            raise Wrong(f"this member has no `{self.kind}`", f"write {{{self.kind}: name}}")
        try:
            name = one_name(raw[self.kind])
        except Wrong as wrong:
            raise wrong.below(self.kind) from None
        return [name, _TEXT.parse(raw[self.extra])] if self.extra in raw else [name]

    def json_schema(self) -> dict[str, Any]:
        member = {
            "type": "object",
            "properties": {self.kind: MEMBER_SCHEMA, self.extra: _TEXT.json_schema()},
            "required": [self.kind],
            "additionalProperties": False,
        }
        return members_schema({"anyOf": [MEMBER_SCHEMA, member]})

    def read(self, wire: Json) -> Value:
        found = ((item[self.kind]["id"], item[self.extra]) for item in wire or ())
        return [[identifier, None if extra == "" else extra] for identifier, extra in found]

    def written(self, observed: Value) -> Value:
        return [
            name if extra is None else {self.kind: name, self.extra: extra}
            for name, extra in observed or ()
        ]

    def shortest(self, members: Value) -> Value:
        """Return members with names as they are written: those without a value as names alone."""
        return [
            {self.kind: name, self.extra: value[0]} if value else name for name, *value in members
        ]

    def settle(self, desired: Value, observed: Value) -> Value:
        extras = dict(observed or ())
        wanted = desired
        if isinstance(desired, dict):
            given = {member[0]: member for member in desired["add"]}
            gone = {member[0] for member in desired["remove"]}
            kept = [given.pop(name, [name]) for name in extras if name not in gone]
            wanted = [*kept, *given.values()]
        return [[name, rest[0] if rest else extras.get(name)] for name, *rest in wanted]

    # -- held by objects that scripts edit -------------------------------------------------------

    def pairs(self, held: Held) -> list[tuple[Any, Any]]:
        """Return each member with its extra value, None where it has none.

        A list that is edited in place may hold anything: what is no part stands for itself.
        """
        pairs = [
            (getattr(part, self.kind), getattr(part, self.extra))
            if hasattr(part, self.kind)
            else (part, None)
            for part in held or ()
        ]
        return [
            (member, None if extra is UNSET else extra)
            for member, extra in pairs
            if member is not UNSET
        ]

    def snapshot(self, held: Held) -> Any:
        return self.pairs(held)

    def differs(self, held: Held, snapshot: Any) -> bool:
        return bool(self.pairs(held) != snapshot)

    def linked(self, held: Held) -> dict[Any, Any]:
        return dict(self.pairs(held))

    def linked_before(self, snapshot: Any) -> dict[Any, Any]:
        return dict(snapshot or ())

    def canonical(self, held: Held, ids: Ids) -> Value:
        extras = self.linked(held)
        return [(id_, extra) for member, extra in extras.items() for id_ in ids([member])]

    def write(self, after: Value, before: Value, server: ServerFacts) -> Json:  # noqa: ARG002
        return [
            {f"{self.kind}_id": id_, **({} if extra is None else {self.extra: extra})}
            for id_, extra in after
        ]
