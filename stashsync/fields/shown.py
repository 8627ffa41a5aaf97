"""What belongs to the library alone: values that manifests do not speak of.

These meanings make an entity's table whole for people who write scripts. They are never parsed
from a manifest; `parse` says so should one try.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stashsync.fields.base import Json, Meaning, Value
from stashsync.fields.raw import Raw, Wrong
from stashsync.fields.references import type_name


class NotInManifests(Meaning):
    """A meaning that has no manifest form."""

    def parse(self, raw: Raw) -> Value:  # noqa: ARG002
        raise Wrong("manifests cannot set this field", "leave it out")

    def json_schema(self) -> dict[str, Any]:
        return {"not": {}}


@dataclass(frozen=True)
class Shown(NotInManifests):
    """A scalar of the GraphQL type `output_type` that the server tells and nobody sets."""

    output_type: str


@dataclass(frozen=True)
class Opaque(NotInManifests):
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

    `kinds` are the names of their tables; more than one where the GraphQL type is a union.
    """

    output_type: str
    kinds: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        """Whether it is a list."""
        return self.output_type.startswith("[")


@dataclass(frozen=True)
class FarEnd(NotInManifests):
    """The other end of the relation that objects of `kind` hold in their field `field`.

    `criterion` is the filter criterion of `kind` that finds them where the owner's own GraphQL
    type has no such list ("" where it has). `bulk` says whether one bulk update of `kind` can
    change them, so that an edit on this end can be saved from this end.
    """

    kind: str
    field: str
    criterion: str = ""
    bulk: bool = True
    shape: ClassVar[str] = "set"

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

    kind: str
    part: str
    extra: str
    shape: ClassVar[str] = "list"

    @property
    def output_type(self) -> str:  # type: ignore[override]  # derived from the part
        return f"[{type_name(self.part)}!]!"

    @property
    def create_type(self) -> str:  # type: ignore[override]
        return f"[{type_name(self.part)}Input!]"

    update_type = create_type

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {{ {self.kind} {{ id }} {self.extra} }}"

    def references(self) -> str:
        return self.kind

    @property
    def empty(self) -> Json:
        return []
