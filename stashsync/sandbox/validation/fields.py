"""The fields of types, and what a field or directive asks of its arguments and selection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    Node,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
)
from graphql.type import SchemaMetaFieldDef, TypeMetaFieldDef

from stashsync.sandbox.validation.problems import Problem, problem, suggest

TYPENAME = GraphQLField(GraphQLNonNull(GraphQLString))
"""What `__typename` is on every type."""

_META: dict[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


def find_field(schema: GraphQLSchema, parent: GraphQLNamedType, name: str) -> GraphQLField | None:
    """The definition of a field, introspection included; None where there is no such field."""
    if name == "__typename" and is_composite_type(parent):
        return TYPENAME
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    if parent is schema.query_type and name in _META:
        return _META[name]
    fields: dict[str, GraphQLField] = parent.fields
    return fields.get(name)


def argument_names(
    node: Node,
    nodes: Sequence[ArgumentNode] | None,
    args: Mapping[str, GraphQLArgument],
    where: str,
) -> Iterator[Problem]:
    for one in nodes or ():
        if one.name.value not in args:
            yield problem(
                f'Unknown argument "{one.name.value}" on {where}.' + suggest(one.name.value, args),
                node,
            )


def required(
    node: Node, nodes: Sequence[ArgumentNode] | None, args: Mapping[str, GraphQLArgument], what: str
) -> Iterator[Problem]:
    given = {one.name.value for one in nodes or ()}
    for name, arg in args.items():
        if is_required_argument(arg) and name not in given:
            yield problem(
                f'{what} argument "{name}" of type "{arg.type}" is required,'
                " but it was not provided.",
                node,
            )


def leaf(node: FieldNode, field: GraphQLField) -> Iterator[Problem]:
    name, type_ = node.name.value, get_named_type(field.type)
    if is_leaf_type(type_) and node.selection_set is not None:
        yield problem(
            f'Field "{name}" must not have a selection since type "{type_}" has no subfields.',
            node,
        )
    if not is_leaf_type(type_) and node.selection_set is None:
        yield problem(
            f'Field "{name}" of type "{field.type}" must have a selection of subfields.'
            f' Did you mean "{name} {{ ... }}"?',
            node,
        )
