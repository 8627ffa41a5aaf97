"""A small language for types: field names with type expressions, and the releases that have them.

{"Version": {"version": "String", "hash": "String!"},
 "StashID": {"endpoint": "String!", "updated_at": Field("Time!", since="0.28.0")}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
    GraphQLUnionType,
    Undefined,
)
from msgspec import Struct, field
from msgspec.structs import replace

from stashsync.sandbox.releases import Release


class TypeField(Struct, frozen=True):
    """One field of an object or input type.

    `type` is a type expression ("[ID!]!"); `since` and `until` are the releases with which it
    came and went; `deprecated` is the reason, which older releases need not have given
    (`deprecated_since`). `then` is the release with which the type became another, and that.
    `default` is the value of an input field that is left out.
    """

    type: str
    since: str | None = None
    until: str | None = None
    args: Mapping[str, str | TypeField] = field(default_factory=dict)
    deprecated: str | None = None
    deprecated_since: str | None = None
    then: tuple[str, str] | None = None
    default: Any = Undefined

    def type_in(self, release: Release) -> str:
        """Return the type expression in a release."""
        return self.then[1] if self.then and release.has(self.then[0]) else self.type


Table = Mapping[str, str | TypeField]
"""The fields of one type, in order."""


RENAMED: Mapping[str, tuple[str, str]] = {"CircumisedEnum": ("0.31.0", "CircumcisedEnum")}
"""Types that are called otherwise since a release, and how."""


def fields_of(table: Table, release: Release) -> dict[str, TypeField]:
    """Return the fields of `table` that `release` has."""
    found = ((name, as_field(spec)) for name, spec in table.items())
    return {name: spec for name, spec in found if release.has(spec.since, spec.until)}


def _type_of(value: Any, *_: Any) -> str:
    """Return the type of a row that a field of several types has."""
    return str(value.type)


def each(spec: str | TypeField, names: str) -> dict[str, str | TypeField]:
    """Several fields of one type, their names in one text."""
    return dict.fromkeys(names.split(), spec)


def since(release: str, table: Table) -> dict[str, TypeField]:
    """Return the fields of a table, which came with a release, those that came later aside."""
    fields = {name: as_field(spec) for name, spec in table.items()}
    return {
        name: spec if spec.since else replace(spec, since=release) for name, spec in fields.items()
    }


def as_field(spec: str | TypeField) -> TypeField:
    """Return a field; a type expression alone is one that was always there."""
    return _plain(spec) if isinstance(spec, str) else spec


@cache
def _plain(type_: str) -> TypeField:
    return TypeField(type_)


class TypeRegistry:
    """Named types by name, created from tables for one release.

    Types may refer to each other in any order: their fields are made when first asked for.
    A type whose table is empty for this release is not in it.
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self.types: dict[str, GraphQLNamedType] = {
            scalar.name: scalar
            for scalar in (GraphQLID, GraphQLString, GraphQLInt, GraphQLFloat, GraphQLBoolean)
        }

    def name(self, type_: str) -> str:
        """Return what a named type is called in this release."""
        since, name = RENAMED.get(type_, (None, type_))
        return name if self.release.has(since) else type_

    def scalars(self, names: Iterable[str]) -> None:
        """Add scalar types."""
        for name in names:
            self.types[name] = GraphQLScalarType(name)

    def enums(self, tables: Mapping[str, str]) -> None:
        """Add enums, the values of each in one text."""
        for table, values in tables.items():
            name = self.name(table)
            self.types[name] = GraphQLEnumType(name, {value: value for value in values.split()})

    def interfaces(self, tables: Mapping[str, Table]) -> None:
        """Add interfaces."""
        for name, table in tables.items():
            fields = partial(self._outputs, fields_of(table, self.release))
            self.types[name] = GraphQLInterfaceType(name, fields, resolve_type=_type_of)

    def objects(self, tables: Mapping[str, Table], interfaces: Iterable[str] = ()) -> None:
        """Add object types, each of which has all the fields of the interfaces."""
        above = [cast(GraphQLInterfaceType, self.types[name]) for name in interfaces]
        for name, table in tables.items():
            fields = fields_of(table, self.release)
            if fields:
                make = partial(self._outputs, fields)
                self.types[name] = GraphQLObjectType(name, make, interfaces=above)

    def unions(self, tables: Mapping[str, tuple[str, ...]]) -> None:
        """Add unions of types that were added before."""
        for name, members in tables.items():
            self.types[name] = GraphQLUnionType(
                name,
                [cast(GraphQLObjectType, self.types[name]) for name in members],
                resolve_type=_type_of,
            )

    def inputs(self, tables: Mapping[str, Table]) -> None:
        """Add input types."""
        for name, table in tables.items():
            fields = fields_of(table, self.release)
            if fields:
                self.types[name] = GraphQLInputObjectType(name, partial(self._inputs, fields))

    def type(self, expression: str) -> GraphQLNamedType | GraphQLList | GraphQLNonNull:  # type: ignore[type-arg]  # a wrapper of whatever the expression names
        """Return the type that an expression such as "[ID!]!" means.

        Raises:
            KeyError: it names a type that this release lacks.
        """
        if expression.endswith("!"):
            inner: Any = self.type(expression[:-1])
            return GraphQLNonNull(inner)
        if expression.startswith("["):
            return GraphQLList(self.type(expression[1:-1]))
        return self.types[self.name(expression)]

    def _outputs(self, fields: Mapping[str, TypeField]) -> dict[str, GraphQLField]:
        return {name: self._output(spec) for name, spec in fields.items()}

    def _inputs(self, fields: Mapping[str, TypeField]) -> dict[str, GraphQLInputField]:
        return {name: self._input(spec) for name, spec in fields.items()}

    def _reason(self, spec: TypeField) -> str | None:
        return spec.deprecated if self.release.has(spec.deprecated_since) else None

    def _of(self, spec: TypeField) -> Any:
        """Return a field's type; tables name output types in outputs and input types in inputs."""
        return self.type(spec.type_in(self.release))

    def _output(self, spec: TypeField) -> GraphQLField:
        args = {
            name: GraphQLArgument(self._of(arg))
            for name, arg in fields_of(spec.args, self.release).items()
        }
        return GraphQLField(self._of(spec), args, deprecation_reason=self._reason(spec))

    def _input(self, spec: TypeField) -> GraphQLInputField:
        return GraphQLInputField(
            self._of(spec), default_value=spec.default, deprecation_reason=self._reason(spec)
        )
