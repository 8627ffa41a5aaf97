"""Literals and variables against the types of the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    print_ast,
)

from stashsync.sandbox.validation.problems import Problem, problem, suggest

Declared = Mapping[str, VariableDefinitionNode]

_FITS: dict[type[ValueNode], frozenset[str]] = {
    IntValueNode: frozenset(("Int", "Float", "ID")),
    FloatValueNode: frozenset(("Float",)),
    StringValueNode: frozenset(("String", "ID")),
    BooleanValueNode: frozenset(("Boolean",)),
}
"""Which built-in scalars take which literals."""

_MISFITS = {
    "Int": "Int cannot represent non-integer value: {}",
    "Float": "Float cannot represent non numeric value: {}",
    "String": "String cannot represent a non string value: {}",
    "Boolean": "Boolean cannot represent a non boolean value: {}",
    "ID": "ID cannot represent a non-string and non-integer value: {}",
}


class ValueRules:
    """Checks values within one operation; notes which variables are used."""

    def __init__(self, declared: Declared, operation: str | None) -> None:
        self.declared = declared
        self.operation = operation
        self.used: set[str] = set()

    def check(self, node: ValueNode, type_: GraphQLInputType | None) -> Iterator[Problem]:
        """The problems of a value, inner ones first; `type_` is None where nothing is known."""
        if isinstance(node, VariableNode):
            yield from self._variable(node, type_)
            return
        yield from self._inside(node, type_)
        if type_ is not None:
            yield from _literal(node, type_)

    def _inside(self, node: ValueNode, type_: GraphQLInputType | None) -> Iterator[Problem]:
        named = None if type_ is None else get_named_type(type_)
        if isinstance(node, ObjectValueNode):
            fields = named.fields if isinstance(named, GraphQLInputObjectType) else {}
            seen: set[str] = set()
            for child in node.fields:
                name = child.name.value
                if name in seen:
                    yield problem(f'There can be only one input field named "{name}".', child)
                seen.add(name)
                field = fields.get(name)
                yield from self.check(child.value, field.type if field else None)
        elif isinstance(node, ListValueNode):
            bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
            inner = bare.of_type if isinstance(bare, GraphQLList) else None
            for item in node.values:
                yield from self.check(item, inner)

    def _variable(self, node: VariableNode, type_: GraphQLInputType | None) -> Iterator[Problem]:
        name = node.name.value
        self.used.add(name)
        declaration = self.declared.get(name)
        if declaration is None:
            by = f' by operation "{self.operation}"' if self.operation else ""
            yield problem(f'Variable "${name}" is not defined{by}.', node)
        elif type_ is not None and not _fits(declaration, type_):
            yield problem(
                f'Variable "${name}" of type "{print_ast(declaration.type)}"'
                f' used in position expecting type "{type_}".',
                node,
            )


def _fits(declaration: VariableDefinitionNode, place: GraphQLInputType) -> bool:
    """Whether a variable may stand there; a default takes the place of a missing value."""
    default = declaration.default_value
    if isinstance(place, GraphQLNonNull) and default and not isinstance(default, NullValueNode):
        place = place.of_type
    return _compatible(declaration.type, place)


def _compatible(given: TypeNode, place: GraphQLInputType) -> bool:
    if isinstance(given, NonNullTypeNode):
        given = given.type
    elif isinstance(place, GraphQLNonNull):
        return False
    if isinstance(place, GraphQLNonNull):
        place = place.of_type
    if isinstance(given, ListTypeNode) or isinstance(place, GraphQLList):
        return (
            isinstance(given, ListTypeNode)
            and isinstance(place, GraphQLList)
            and _compatible(given.type, place.of_type)
        )
    return print_ast(given) == str(place)


def _literal(node: ValueNode, type_: GraphQLInputType) -> Iterator[Problem]:
    named = get_named_type(type_)
    if isinstance(node, NullValueNode):
        if isinstance(type_, GraphQLNonNull):
            yield problem(f'Expected value of type "{type_}", found null.', node)
        return
    is_list = isinstance(type_, GraphQLList) or (
        isinstance(type_, GraphQLNonNull) and isinstance(type_.of_type, GraphQLList)
    )
    if isinstance(named, GraphQLInputObjectType):
        yield from _input_object(node, type_, named, is_list)
    elif isinstance(named, GraphQLEnumType):
        yield from _enum(node, named, is_list)
    elif named.name in _MISFITS:
        fits = (
            is_list if isinstance(node, ListValueNode) else named.name in _FITS.get(type(node), ())
        )
        if not fits:
            yield _misfit(node, type_, named)


def _misfit(node: ValueNode, type_: GraphQLInputType, named: GraphQLNamedType) -> Problem:
    found = print_ast(node)
    if str(type_).rstrip("!") == named.name and named.name in _MISFITS:
        return problem(_MISFITS[named.name].format(found), node)
    return problem(f'Expected value of type "{type_}", found {found}.', node)


def _input_object(
    node: ValueNode, type_: GraphQLInputType, named: GraphQLInputObjectType, is_list: bool
) -> Iterator[Problem]:
    if not isinstance(node, ObjectValueNode):
        if not (isinstance(node, ListValueNode) and is_list):
            yield _misfit(node, type_, named)
        return
    given = {child.name.value for child in node.fields}
    for name, field in named.fields.items():
        if isinstance(field.type, GraphQLNonNull) and name not in given:
            yield problem(
                f'Field "{named.name}.{name}" of required type "{field.type}" was not provided.',
                node,
            )
    for child in node.fields:
        name = child.name.value
        if name not in named.fields:
            yield problem(
                f'Field "{name}" is not defined by type "{named.name}".'
                + suggest(name, named.fields),
                child,
            )


def _enum(node: ValueNode, named: GraphQLEnumType, is_list: bool) -> Iterator[Problem]:
    if isinstance(node, ListValueNode) and is_list:
        return
    if not isinstance(node, EnumValueNode):
        yield problem(
            f'Enum "{named.name}" cannot represent non-enum value: {print_ast(node)}.'
            + (
                suggest(node.value, named.values, "Did you mean the enum value")
                if isinstance(node, StringValueNode)
                else ""
            ),
            node,
        )
    elif node.value not in named.values:
        yield problem(
            f'Value "{node.value}" does not exist in "{named.name}" enum.'
            + suggest(node.value, named.values, "Did you mean the enum value"),
            node,
        )
