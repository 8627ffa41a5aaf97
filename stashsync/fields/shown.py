"""Meanings for scripts alone: values that no manifest can set.

They complete the tables of entities. `parse` refuses every value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stashsync.fields.base import Held, Ids, Json, Meaning, PlainData, Server, Value
from stashsync.fields.raw import Raw, Wrong
from stashsync.fields.references import HoldsMany, type_name
from stashsync.unset import UNSET


class NotInManifests(Meaning):
    """A meaning that has no manifest form."""

    def parse(self, raw: Raw) -> Value:  # noqa: ARG002
        raise Wrong("manifests cannot set this field", "leave it out")

    def json_schema(self) -> dict[str, Any]:
        return {"not": {}}


@dataclass(frozen=True)
class Shown(NotInManifests):
    """A scalar of the GraphQL type `output_type` that can be read and never set."""

    read_only: ClassVar[bool] = True
    output_type: str


@dataclass(frozen=True)
class Opaque(NotInManifests, PlainData):
    """A JSON value that is set and read as it is: the insides of a saved filter."""

    output_type: str
    create_type: str
    update_type: str
    select: str = ""
    shape: ClassVar[str] = "map"

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {self.select}".rstrip()


@dataclass(frozen=True)
class Nested(NotInManifests):
    """Objects that come with their owner and are not set through it: files, paths, captions.

    `parts` are the names of their kinds; more than one where the GraphQL type is a union.
    """

    form: ClassVar[str] = "nested"
    read_only: ClassVar[bool] = True
    output_type: str
    parts: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        """Whether it is a list."""
        return self.output_type.startswith("[")


@dataclass(frozen=True)
class FarEnd(NotInManifests, HoldsMany):
    """The other end of the relation that objects of `kind` hold in their field `field`.

    `criterion` is the filter criterion of `kind` that finds them where the owner's own GraphQL
    type has no such list ("" where it has). `bulk`: whether one bulk update of `kind` can
    change them, so that an edit on this end can be saved from this end.
    """

    read_only: ClassVar[bool] = True
    kind: str
    field: str
    criterion: str = ""
    bulk: bool = True

    @property
    def far_end_of(self) -> tuple[str, str] | None:  # type: ignore[override]  # of its own parts
        return self.kind, self.field

    @property
    def output_type(self) -> str:  # type: ignore[override]  # derived from the kind
        return f"[{type_name(self.kind)}!]!"

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {{ id }}"

    def references(self) -> str:
        return self.kind


@dataclass(frozen=True)
class Memberships(NotInManifests):
    """References that carry a value of their own: a scene's groups with its number in each.

    `part` is the name of the part's table, `extra` its one field besides the `group`.
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
    def empty(self) -> Json:
        return []

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

    def write(self, after: Value, before: Value, server: Server) -> Json:  # noqa: ARG002
        return [
            {f"{self.kind}_id": id_, **({} if extra is None else {self.extra: extra})}
            for id_, extra in after
        ]
