"""Meanings for scripts alone: values that no manifest can set.

They complete the tables of entities. `parse` refuses every value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stashsync.fields.base import Meaning, PlainData, Value
from stashsync.fields.raw import Raw, Wrong
from stashsync.fields.references import HoldsMany, type_name


class NotInManifests(Meaning):
    """A meaning that has no manifest form."""

    def parse(self, raw: Raw) -> Value:  # noqa: ARG002
        raise Wrong("manifests cannot set this field", "leave it out")

    def json_schema(self) -> dict[str, Any]:
        return {"not": {}}


@dataclass(frozen=True, eq=False)
class Shown(NotInManifests):
    """A scalar of the GraphQL type `output_type` that can be read and never set."""

    read_only: ClassVar[bool] = True
    output_type: str


@dataclass(frozen=True, eq=False)
class Opaque(NotInManifests, PlainData):
    """A JSON value that is set and read as it is: the ids of files."""

    output_type: str
    create_type: str
    update_type: str
    select: str = ""
    shape: ClassVar[str] = "map"

    def selection(self, output: str, server: Any) -> str:  # noqa: ARG002
        return f"{output} {self.select}".rstrip()


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
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
