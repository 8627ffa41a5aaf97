"""Validation of documents: graphql-core's verdict, in the server's words where these are known.

The server's GraphQL library (gqlparser) words some errors differently, as the recorded
transcripts show, and decides differently in two cases: whole numbers may have 64 bits, and the
arguments of two fields with one response key are compared by kind and own text only. Lists and
objects have no text of their own, so two different input literals pass for the same, and the
second operation is dropped silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLSchema,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    TypeNode,
    ValidationContext,
    ValidationRule,
    Visitor,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    print_ast,
    specified_rules,
    visit,
)
from graphql import validate as core_validate
from graphql.pyutils import did_you_mean, suggestion_list

Problem: TypeAlias = dict[str, Any]
"""One error as it goes to the client: `{"message": …, "locations": […]}`."""

INT64 = range(-(2**63), 2**63)

_OTHER_RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]


def validate(schema: GraphQLSchema, document: DocumentNode) -> list[Problem]:
    """Return every problem of a parsed document; an empty list if it may run."""
    if not core_validate(schema, document):
        return []
    errors = core_validate(schema, document, _OTHER_RULES)
    compared = visit(document, _WithoutInnerText())
    errors += core_validate(schema, compared, [OverlappingFieldsCanBeMergedRule])
    reworded: dict[int, list[Problem]] = defaultdict(list)

    class Rule(_Rewording):
        problems = reworded

    core_validate(schema, document, [Rule])
    found = [problem for error in errors for problem in _problems(error, reworded)]
    return [problem for index, problem in enumerate(found) if problem not in found[:index]]


def _problems(error: GraphQLError, reworded: Mapping[int, list[Problem]]) -> list[Problem]:
    """Return an error in the server's words; the place is that of the second field in conflict."""
    nodes = error.nodes or ()
    for node in nodes:
        if id(node) in reworded:
            return reworded[id(node)]
    return [_problem(error.message.replace("'", '"'), nodes[len(nodes) // 2])]


def _problem(message: str, node: Node) -> Problem:
    assert node.loc is not None
    start = node.loc.start_token
    return {"message": message, "locations": [{"line": start.line, "column": start.column}]}


class _WithoutInnerText(Visitor):
    """Empties lists and objects, whose contents the server does not compare."""

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> ObjectValueNode:
        return ObjectValueNode(fields=(), loc=node.loc)

    def enter_list_value(self, node: ListValueNode, *_: Any) -> ListValueNode:
        return ListValueNode(values=(), loc=node.loc)


class _Rewording(ValidationRule):
    """Collects the server's messages, by the `id` of the node that graphql-core reports."""

    context: ValidationContext
    problems: dict[int, list[Problem]]

    def _reword(self, reported: Node, message: str, place: Node | None = None) -> None:
        self.problems[id(reported)].append(_problem(message, place or reported))

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Report missing and unknown arguments, and selections on scalars."""
        field, parent = self.context.get_field_def(), self.context.get_parent_type()
        if field is None:
            return
        name, given = (
            node.name.value,
            {argument.name.value: argument for argument in node.arguments or ()},
        )
        for key, argument in given.items():
            if key not in field.args:
                what = f'Unknown argument "{key}" on field "{parent}.{name}".'
                self._reword(argument, what, place=node)
        for key, definition in field.args.items():
            if is_required_argument(definition) and key not in given:
                what = f'Field "{name}" argument "{key}" of type "{definition.type}"'
                self._reword(node, f"{what} is required, but it was not provided.")
        inner, type_ = node.selection_set, get_named_type(field.type)
        if inner is not None and is_leaf_type(type_):
            for field_node in inner.selections:
                if isinstance(field_node, FieldNode):
                    what = f'Cannot query field "{field_node.name.value}" on type "{type_}".'
                    self._reword(inner, what, place=field_node)
            what = f'Field "{name}" must not have a selection since type "{type_}"'
            self._reword(inner, f"{what} has no subfields.", place=node)

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> None:
        """Report missing and unknown fields of input types; graphql-core reports either place."""
        type_ = get_named_type(self.context.get_input_type())
        if not isinstance(type_, GraphQLInputObjectType):
            return
        given = {child.name.value: child for child in node.fields}
        for name, field in type_.fields.items():
            if is_required_input_field(field) and name not in given:
                what = f'Field "{type_}.{name}" of required type "{field.type}"'
                self._reword(node, f"{what} was not provided.")
        for name, child in given.items():
            if name not in type_.fields:
                near = did_you_mean(suggestion_list(name, list(type_.fields)))
                what = f'Field "{name}" is not defined by type "{type_}".{near}'
                for reported in (node, child):
                    self._reword(reported, what.replace("'", '"'), place=child)

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        """Accept whole numbers of 64 bits."""
        is_int = get_named_type(self.context.get_input_type()) is GraphQLInt
        if is_int and int(node.value) in INT64:
            self.problems[id(node)] = []

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Report a variable of an unknown type, which fits nowhere."""
        declared = {
            variable.variable.name.value: variable.type
            for variable in node.variable_definitions or ()
        }
        unknown = {name: type_ for name, type_ in declared.items() if not self._knows(type_)}
        for type_ in unknown.values():
            self._reword(_named(type_), f'Unknown type "{_named(type_).name.value}".')
        for usage in self.context.get_variable_usages(node):
            name = usage.node.name.value
            if name in unknown and usage.type is not None:
                what = f'Variable "${name}" of type "{print_ast(unknown[name])}"'
                what += f' used in position expecting type "{usage.type}".'
                self._reword(_named(unknown[name]), what, place=usage.node)

    def _knows(self, type_: TypeNode) -> bool:
        return _named(type_).name.value in self.context.schema.type_map


def _named(type_: TypeNode) -> NamedTypeNode:
    while isinstance(type_, ListTypeNode | NonNullTypeNode):
        type_ = type_.type
    assert isinstance(type_, NamedTypeNode)
    return type_
