"""Which field a column or a key of a source is, and how its texts are read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from shlex import quote
from typing import Any, NamedTuple

from msgspec import Struct

from stashsync.fields import Wrong
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, FieldSpec, Kind
from stashsync.kinds.likeness import nearest
from stashsync.manifest.layout import layouts


class Column(NamedTuple):
    """A field, and of a map also one of its keys: `stash_ids.https://stashdb.example/graphql`."""

    spec: FieldSpec
    key: str = ""


class Columns(Struct, frozen=True, dict=True):
    """The columns of a source of one kind.

    `names` has by column what it is: a field, FIELD.KEY of a map, or "" for what is left out.
    """

    kind: str
    names: Mapping[str, str]

    def find(self, column: str) -> Column | None:
        """Return what a column is; None of one that is left out.

        Raises:
            Wrong: it is no field.
        """
        meant = self._given.get(fold(trim(column)), column)
        if not meant:
            return None
        text, _, key = meant.partition(".")
        name = fold(trim(text)).replace(" ", "_").replace("-", "_")
        kind = KINDS[self.kind]
        if kind.hierarchy is not None and name in ("parent", "parents"):
            name = kind.hierarchy.name
        spec = kind.fields.get(name)
        if spec is None:
            raise _no_field(kind, column, name)
        if key and spec.meaning.shape != "map":
            raise Wrong(f"`{spec.name}` has no keys", f"write `{spec.name}` alone")
        return Column(spec, trim(key))

    @cached_property
    def _given(self) -> dict[str, str]:
        return {fold(trim(column)): trim(field) for column, field in self.names.items()}

    def unused(self, columns: list[str]) -> list[str]:
        """Return the names that are given for columns that a source does not have."""
        there = {fold(trim(column)) for column in columns}
        return [column for column in self.names if fold(trim(column)) not in there]


def _no_field(kind: Kind, column: str, name: str) -> Wrong:
    """Return what is wrong with a column that is no field, and the nearest one."""
    instead = layouts(KINDS)[kind.plural].instead.get(name)
    near = instead or nearest(name, [*kind.fields])
    message = f"{column!r} is no field of a {kind.name}"
    if not near:
        message += f"; there are {', '.join(kind.fields)}"
    field = near or "FIELD"
    if near and kind.fields[near].meaning.shape == "map":
        field = f"{near}.KEY"
    named, left = quote(f"{column}={field}"), quote(f"{column}=")
    return Wrong(message, f"`--map {named}` names its field, `--map {left}` leaves it out")


def value_of(column: Column, text: str, lists: str) -> Any:
    """Return what the text of a cell stands for; None of a blank one. `lists` separates members.

    Raises:
        Wrong: one cell cannot hold the field.
    """
    spec, text = column.spec, trim(text)
    if not text:
        return None
    if column.key:
        return {column.key: text}
    if spec.meaning.shape == "map":
        hint = f"a column for each key, such as `{spec.name}.KEY`"
        raise Wrong(f"`{spec.name}` has several values, by key", hint)
    if spec.meaning.shape in ("set", "list"):
        parts = text.split(lists) if lists else [text]
        return [trim(part) for part in parts if trim(part)]
    return text
