"""Variables as the server's GraphQL library takes them (gqlparser): leniently, first error only.

Numbers arrive there as text, hence "cannot use string as Int" for 50.0
(docs/stash-behaviour.md#coercion). Scalars that it does not know (Map, Time, Any) pass; they are
checked when the operation that uses them runs (see `arguments`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    Undefined,
)
from msgspec import Struct

from stashsync.sandbox.jsontext import JsonFloat

_INT = re.compile(r"[+-]?\d+\Z")
_INT_RANGE = range(-(2**63), 2**63)


class VariableError(Exception):
    """A variable does not fit its type; nothing runs. `path` begins below "variable"."""

    def __init__(self, message: str, path: list[str | int]) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class DeclaredVariable(Struct, frozen=True):
    """A variable of an operation; `default` counts only where there is one."""

    name: str
    type: GraphQLInputType
    has_default: bool
    default: Any


def coerce_variables(
    definitions: Iterable[DeclaredVariable], sent: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of the declared variables; those neither sent nor defaulted are left out.

    Raises:
        VariableError: the first variable, in the order of declaration, that is wrong.
    """
    values: dict[str, Any] = {}
    for definition in definitions:
        name = definition.name
        if name in sent:
            values[name] = _value(definition.type, sent[name], [name])
        elif definition.has_default:
            values[name] = definition.default
        elif isinstance(definition.type, GraphQLNonNull):
            raise VariableError("must be defined", [name])
    return values


def _value(type_: GraphQLInputType, value: Any, path: list[str | int]) -> Any:
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            raise VariableError("cannot be null", path)
        type_ = type_.of_type
    elif value is None:
        return None
    if isinstance(type_, GraphQLList):
        items = value if isinstance(value, list) else [value]
        return [_value(type_.of_type, item, [*path, index]) for index, item in enumerate(items)]
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, value, path)
    if isinstance(type_, GraphQLEnumType):
        return _enum(type_, value, path)
    assert isinstance(type_, GraphQLScalarType)
    return _scalar(type_, value, path)


def _object(type_: GraphQLInputObjectType, value: Any, path: list[str | int]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise VariableError(f"must be a {type_.name}, not a {go_kind(value)}", path)
    fields = type_.fields
    for name in value:
        if name not in fields and name != "__typename":
            raise VariableError("unknown field", [*path, name])
    found: dict[str, Any] = {}
    for name, field in fields.items():
        if name in value:
            found[name] = _value(field.type, value[name], [*path, name])
        elif field.default_value is not Undefined:
            found[name] = field.default_value
        elif isinstance(field.type, GraphQLNonNull):
            raise VariableError("must be defined", [*path, name])
    return found


def _enum(type_: GraphQLEnumType, value: Any, path: list[str | int]) -> Any:
    """Upper and lower case are the same here, but not when the operation runs.

    Source: docs/stash-behaviour.md#coercion
    """
    if isinstance(value, bool | list | dict):
        raise VariableError("enums must be ints or strings", path)
    text = number_text(value) if isinstance(value, int | float) else value
    folded = text.casefold()
    if all(folded != known.casefold() for known in type_.values):
        raise VariableError(f"{text} is not a valid {type_.name}", path)
    return value


def _scalar(type_: GraphQLScalarType, value: Any, path: list[str | int]) -> Any:
    name, kind = type_.name, go_kind(value)
    text = number_text(value) if kind == "string" else ""
    if name == "Int":
        good = kind == "string" and bool(_INT.match(text)) and int(text) in _INT_RANGE
    elif name == "Float":
        good = kind == "string" and is_float(text)
    elif name in ("String", "ID"):
        good = kind == "string"
    elif name == "Boolean":
        good = kind == "bool"
    else:
        return value
    if not good:
        raise VariableError(f"cannot use {kind} as {name}", path)
    if name == "Int":
        return int(text)
    if name == "Float":
        return float(text)
    return text if kind == "string" else value


def is_float(text: str) -> bool:
    """Whether `text` is a decimal number."""
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None


def go_kind(value: Any) -> str:
    """Return what Go's reflection calls a value decoded from JSON; numbers are text there."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, list):
        return "slice"
    return "map" if isinstance(value, dict) else "string"


def number_text(value: Any) -> str:
    """Return a number as it was written; a text as it is."""
    return value.text if isinstance(value, JsonFloat) else str(value)
