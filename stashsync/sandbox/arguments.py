"""The arguments of a field as it runs: literals with their variables, checked by their types.

What fails here fails this field only, with a path into its input
(docs/stash-behaviour.md#coercion).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    Undefined,
    ValueNode,
    VariableNode,
)

from stashsync.sandbox.jsontext import JsonFloat
from stashsync.sandbox.library import gotime

Variables: TypeAlias = Mapping[str, Any]
Source: TypeAlias = Callable[[Variables], Any]
"""Gives a value once the variables are known."""


class ArgumentError(Exception):
    """An argument does not fit its scalar or enum; `path` leads to it from the field."""

    def __init__(self, message: str, path: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def compile_value(node: ValueNode) -> Source:  # one line per kind of node
    """Return the source of a literal or variable.

    A variable without a value counts as null where it stands inside a list or an object
    (docs/stash-behaviour.md#null-and-absent); as a whole argument it is absent, which the caller
    sees to.
    """
    if isinstance(node, VariableNode):
        name = node.name.value
        return lambda variables: variables.get(name)
    if isinstance(node, ObjectValueNode):
        fields = [(field.name.value, compile_value(field.value)) for field in node.fields]
        return lambda variables: {key: source(variables) for key, source in fields}
    if isinstance(node, ListValueNode):
        items = [compile_value(item) for item in node.values]
        return lambda variables: [source(variables) for source in items]
    constant = _constant(node)
    return lambda _: constant


def _constant(node: ValueNode) -> Any:
    match node:
        case IntValueNode(value=text):
            return int(text)
        case FloatValueNode(value=text):
            return JsonFloat(text)
        case BooleanValueNode(value=value) | StringValueNode(value=value):
            return value
        case EnumValueNode(value=value):
            return value
        case NullValueNode():
            return None
    raise TypeError(type(node).__name__)


Check: TypeAlias = Callable[[Any, tuple[str | int, ...]], Any]
"""Checks and converts a value; the second argument is where it stands."""


def compile_check(type_: GraphQLInputType) -> Check:
    """Return the check of a type's values; those of recursive types are made on first use."""
    if isinstance(type_, GraphQLNonNull):
        return compile_check(type_.of_type)
    if isinstance(type_, GraphQLList):
        return _list_check(compile_check(type_.of_type))
    if isinstance(type_, GraphQLInputObjectType):
        return _object_check(type_)
    if isinstance(type_, GraphQLEnumType):
        return _enum_check(type_)
    assert isinstance(type_, GraphQLScalarType)
    return _SCALARS.get(type_.name, _as_is)


def _list_check(look: Check) -> Check:
    def check(value: Any, path: tuple[str | int, ...]) -> Any:
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        return [look(item, (*path, index)) for index, item in enumerate(items)]

    return check


_OBJECT_CHECKS: dict[GraphQLInputObjectType, Check] = {}


def _object_check(type_: GraphQLInputObjectType) -> Check:
    """One look per type: filters contain themselves, so theirs is filled in on first use."""
    found = _OBJECT_CHECKS.get(type_)
    if found is not None:
        return found
    looks: dict[str, Check] = {}
    defaults: dict[str, Any] = {}

    def check(value: Any, path: tuple[str | int, ...]) -> Any:
        if value is None:
            return None
        if not looks:
            looks.update((name, compile_check(field.type)) for name, field in type_.fields.items())
            defaults.update(
                (name, field.default_value)
                for name, field in type_.fields.items()
                if field.default_value is not Undefined
            )
        return defaults | {
            name: look(value[name], (*path, name)) for name, look in looks.items() if name in value
        }

    _OBJECT_CHECKS[type_] = check
    return check


def _enum_check(type_: GraphQLEnumType) -> Check:
    names = frozenset(type_.values)

    def check(value: Any, path: tuple[str | int, ...]) -> Any:
        if value is None or (isinstance(value, str) and value in names):
            return value
        if not isinstance(value, str):
            raise ArgumentError("enums must be strings", path)
        raise ArgumentError(f"{value} is not a valid {type_.name}", path)

    return check


def _as_is(value: Any, _: tuple[str | int, ...]) -> Any:
    return value


def _text(value: Any, _: tuple[str | int, ...]) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


def _float(value: Any, _: tuple[str | int, ...]) -> Any:
    return None if value is None else float(value)


def _map(value: Any, path: tuple[str | int, ...]) -> Any:
    if value is None or isinstance(value, dict):
        return value
    raise ArgumentError(f"{_go_type(value)} is not a map", path)


def _time(value: Any, path: tuple[str | int, ...]) -> Any:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ArgumentError("time should be RFC3339Nano formatted string", path)
    problem = gotime.complaint(value) if value else None
    if problem is not None:
        raise ArgumentError(problem, path)
    return value or None


def _timestamp(value: Any, path: tuple[str | int, ...]) -> Any:
    """Read a moment, a day, or `<4m`: so long ago (observed on v0.30-dev)."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ArgumentError("cannot parse Timestamp: not a string", path)
    if not value:
        raise ArgumentError("cannot parse Timestamp: empty string", path)
    try:
        return gotime.moment(value)
    except ValueError as error:
        raise ArgumentError(str(error), path) from None


def _go_type(value: Any) -> str:
    """Return what Go's %T calls a value out of JSON."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "[]interface {}"
    return "bool" if isinstance(value, bool) else "json.Number"


_SCALARS: dict[str, Check] = {
    "String": _text,
    "ID": _text,
    "Float": _float,
    "Map": _map,
    "Time": _time,
    "Timestamp": _timestamp,
}
