"""Selections as steps: one per response key, with everything looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_enum_type,
)
from graphql.type import SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef
from msgspec import Struct

from stashsync.sandbox.arguments import Check, Source, Variables, compile_check, compile_value

Fragments = Mapping[str, FragmentDefinitionNode]


_META = {
    "__typename": TypeNameMetaFieldDef,
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
}
_PLAIN = 1e21
"""From here on Go prints numbers with an exponent."""


class Argument(Struct, frozen=True):
    """One argument that the document gives; `variable` where it is a variable as a whole."""

    name: str
    source: Source
    check: Check
    variable: str | None


class FieldStep(Struct, frozen=True):
    """One field to answer.

    Attributes:
        key: the name in the answer; `name` is the field's own.
        constant: the value, where it is known beforehand (`__typename`).
        required: whether null is not allowed; `items_required` for the items of a list.
        convert: what makes a leaf out of a value; None leaves it alone.
        steps: what is selected of an object; None for leaves, and where it depends on the type.
        variants: what is selected of an object of each type, where there are several.
        resolve: how graphql-core reads this field of its introspection; None elsewhere.
    """

    key: str
    name: str
    arguments: tuple[Argument, ...]
    constant: str | None
    required: bool
    is_list: bool
    items_required: bool
    convert: Callable[[Any], Any] | None
    steps: tuple[FieldStep, ...] | None
    variants: Mapping[str, tuple[FieldStep, ...]] | None
    resolve: Callable[..., Any] | None


class Planner:
    """The maker of steps for one document.

    Args:
        variables: their values where conditions (`@skip`, `@include`) have to be decided;
            documents without any can be planned once, for every request.
    """

    def __init__(
        self, schema: GraphQLSchema, fragments: Fragments, variables: Variables | None
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables

    def steps(
        self, selections: Iterable[SelectionSetNode], parent: GraphQLObjectType
    ) -> tuple[FieldStep, ...]:
        """Return the steps of some selections of one object, in the order of the answer's keys."""
        nodes: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection in selections:
            self._collect(selection, parent, nodes, seen)
        return tuple(self._step(key, same, parent) for key, same in nodes.items())

    def _collect(
        self,
        selection: SelectionSetNode,
        parent: GraphQLObjectType,
        nodes: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selection.selections:
            if not self._wanted(node.directives):
                continue
            if isinstance(node, FieldNode):
                key = node.alias or node.name
                nodes.setdefault(key.value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._concerns(node.type_condition, parent):
                    self._collect(node.selection_set, parent, nodes, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._concerns(fragment.type_condition, parent):
                    self._collect(fragment.selection_set, parent, nodes, seen)

    def _concerns(self, condition: NamedTypeNode | None, parent: GraphQLObjectType) -> bool:
        """Whether a fragment on that type is about objects of this one."""
        if condition is None or condition.name.value == parent.name:
            return True
        type_ = self.schema.type_map[condition.name.value]
        return is_abstract_type(type_) and self.schema.is_sub_type(type_, parent)

    def _wanted(self, directives: Sequence[DirectiveNode] | None) -> bool:
        for node in directives or ():
            if node.name.value in ("skip", "include"):
                argument = next(iter(node.arguments or ()))
                source = compile_value(argument.value)
                value = bool(source(self.variables or {}))
                if value is (node.name.value == "skip"):
                    return False
        return True

    def _step(self, key: str, nodes: list[FieldNode], parent: GraphQLObjectType) -> FieldStep:
        """Arguments are those of the first node; the others add their selections only."""
        node = nodes[0]
        name = node.name.value
        field = parent.fields[name] if name in parent.fields else _META[name]
        outer = field.type
        required = isinstance(outer, GraphQLNonNull)
        bare = outer.of_type if isinstance(outer, GraphQLNonNull) else outer
        is_list = isinstance(bare, GraphQLList)
        item = bare.of_type if isinstance(bare, GraphQLList) else None
        type_ = get_named_type(outer)
        inner, variants = None, None
        selections = [node.selection_set for node in nodes if node.selection_set]
        if isinstance(type_, GraphQLObjectType):
            inner = self.steps(selections, type_)
        elif is_abstract_type(type_):
            possible = self.schema.get_possible_types(type_)
            variants = {type_.name: self.steps(selections, type_) for type_ in possible}
        introspects = parent.name.startswith("__") or name in ("__schema", "__type")
        return FieldStep(
            key=key,
            name=name,
            arguments=_arguments(node, field),
            constant=parent.name if name == "__typename" else None,
            required=required,
            is_list=is_list,
            items_required=isinstance(item, GraphQLNonNull),
            convert=_conversion(type_, introspects),
            steps=inner,
            variants=variants,
            resolve=_resolver(parent, name, field) if introspects else None,
        )


def _resolver(parent: GraphQLObjectType, name: str, field: GraphQLField) -> Any:
    """Return how introspection reads a field; deprecated inputs are always among the others.

    Source: docs/stash-behaviour.md#capabilities
    """
    if (parent.name, name) == ("__Type", "inputFields"):
        assert field.resolve is not None
        return partial(field.resolve, includeDeprecated=True)
    return field.resolve


def _conversion(type_: Any, introspects: bool) -> Callable[[Any], Any] | None:
    if type_.name == "ID":
        return str
    if type_.name == "Float":
        return _float
    if introspects and is_enum_type(type_):
        serialize: Callable[[Any], Any] = type_.serialize
        return serialize
    return None


def _float(value: Any) -> Any:
    """Return a number as Go prints it: 10 for 10.0."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _PLAIN
    return int(value) if whole else value


def _arguments(node: FieldNode, field: GraphQLField) -> tuple[Argument, ...]:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    return tuple(
        Argument(
            name=arg.out_name or name,
            source=compile_value(given[name]),
            check=compile_check(arg.type),
            variable=_variable_name(given[name]),
        )
        for name, arg in field.args.items()
        if name in given
    )


def _variable_name(node: Any) -> str | None:
    return node.name.value if isinstance(node, VariableNode) else None


def has_conditions(selections: Iterable[SelectionSetNode]) -> bool:
    """Whether a `@skip` or `@include` stands anywhere in these selections."""
    for selection in selections:
        for node in selection.selections:
            if any(
                directive.name.value in ("skip", "include") for directive in node.directives or ()
            ):
                return True
            inner = getattr(node, "selection_set", None)
            if inner is not None and has_conditions([inner]):
                return True
    return False
