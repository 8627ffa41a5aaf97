"""The one walk over a document that asks every rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeNode,
    VariableDefinitionNode,
    do_types_overlap,
    get_named_type,
    is_composite_type,
    is_input_type,
    print_ast,
    type_from_ast,
)

from stashsync.sandbox.validation.fields import argument_names, find_field, leaf, required
from stashsync.sandbox.validation.overlaps import overlaps
from stashsync.sandbox.validation.problems import Problem, problem, suggest
from stashsync.sandbox.validation.values import ValueRules


class Walk:
    """Visits a document as the server's library does; see the package."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        nodes = document.definitions
        self.operations = [one for one in nodes if isinstance(one, OperationDefinitionNode)]
        self.definitions = [one for one in nodes if isinstance(one, FragmentDefinitionNode)]
        self.fragments = {one.name.value: one for one in reversed(self.definitions)}
        self.used: set[str] = set()
        self.reached: set[str] = set()

    def problems(self) -> Iterator[Problem]:
        yield from self._names()
        for operation in self.operations:
            yield from self._operation(operation)
        for fragment in self.definitions:
            yield from self._fragment(fragment)

    # -- whole definitions ----------------------------------------------------------------------

    def _names(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for operation in self.operations:
            name = operation.name.value if operation.name else ""
            if not name and len(self.operations) > 1:
                yield problem(
                    "This anonymous operation must be the only defined operation.", operation
                )
            if name in seen and name:
                yield problem(f'There can be only one operation named "{name}".', operation)
            seen.add(name)
        names: set[str] = set()
        for fragment in self.definitions:
            name = fragment.name.value
            if name in names:
                yield problem(f'There can be only one fragment named "{name}".', fragment)
            names.add(name)

    def _operation(self, node: OperationDefinitionNode) -> Iterator[Problem]:
        name = node.name.value if node.name else None
        declared: dict[str, VariableDefinitionNode] = {}
        for variable in node.variable_definitions or ():
            if variable.variable.name.value in declared:
                yield problem(
                    f'There can be only one variable named "${variable.variable.name.value}".',
                    variable,
                )
            declared.setdefault(variable.variable.name.value, variable)
        values = ValueRules(declared, name)
        self.reached = set()
        for variable in node.variable_definitions or ():
            yield from self._variable(variable, values)
        yield from self._directives(node.directives, node.operation.name, values)
        root = self.schema.get_root_type(OperationType(node.operation))
        yield from self._selections(node.selection_set, root, values)
        for variable in node.variable_definitions or ():
            if variable.variable.name.value not in values.used:
                within = f' in operation "{name}"' if name else ""
                yield problem(
                    f'Variable "${variable.variable.name.value}" is never used{within}.', variable
                )

    def _variable(self, node: VariableDefinitionNode, values: ValueRules) -> Iterator[Problem]:
        named = _type_name(node.type)
        known = self.schema.type_map.get(named)
        if known is None:
            yield problem(f'Unknown type "{named}".', node)
        elif not is_input_type(known):
            yield problem(
                f'Variable "${node.variable.name.value}" cannot be non-input type'
                f' "{print_ast(node.type)}".',
                node,
            )
        elif node.default_value is not None:
            type_ = type_from_ast(self.schema, node.type)
            yield from values.check(node.default_value, type_)  # type: ignore[arg-type]  # an input type: checked above
        yield from self._directives(node.directives, "VARIABLE_DEFINITION", values)

    def _fragment(self, node: FragmentDefinitionNode) -> Iterator[Problem]:
        name = node.name.value
        if name not in self.used:
            yield problem(f'Fragment "{name}" is never used.', node)
        condition = node.type_condition.name.value
        known = self.schema.type_map.get(condition)
        if known is None:
            yield problem(f'Unknown type "{condition}".', node)
        elif not is_composite_type(known):
            yield problem(
                f'Fragment "{name}" cannot condition on non composite type "{condition}".', node
            )
        way = self._cycle(node, [name])
        if way is not None:
            via = ", ".join(f'"{one}"' for one in way)
            yield problem(
                f'Cannot spread fragment "{name}" within itself{" via " + via if via else ""}.',
                node,
            )
        if name not in self.used:
            yield from self._selections(node.selection_set, known, None)

    def _cycle(self, node: FragmentDefinitionNode, way: list[str]) -> list[str] | None:
        """The fragments between a fragment and itself, or None where it does not come back."""
        for spread in _spreads(node.selection_set):
            if spread == way[0]:
                return way[1:]
            inner = self.fragments.get(spread)
            if inner is not None and spread not in way:
                found = self._cycle(inner, [*way, spread])
                if found is not None:
                    return found
        return None

    # -- selections -----------------------------------------------------------------------------

    def _selections(
        self, node: SelectionSetNode, parent: GraphQLNamedType | None, values: ValueRules | None
    ) -> Iterator[Problem]:
        for child in node.selections:
            if isinstance(child, FieldNode):
                yield from self._field(child, parent, values)
            elif isinstance(child, InlineFragmentNode):
                yield from self._inline(child, parent, values)
            elif isinstance(child, FragmentSpreadNode):
                yield from self._spread(child, parent, values)
        yield from overlaps(node, self.fragments)

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, values: ValueRules | None
    ) -> Iterator[Problem]:
        name = node.name.value
        field = None if parent is None else find_field(self.schema, parent, name)
        args = field.args if field else {}
        yield from self._arguments(node.arguments, args, values)
        yield from self._directives(node.directives, "FIELD", values)
        type_ = get_named_type(field.type) if field else None
        if node.selection_set is not None:
            yield from self._selections(node.selection_set, type_, values)
        if parent is None:
            return
        if field is None:
            fields = (
                parent.fields
                if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
                else {}
            )
            yield problem(
                f'Cannot query field "{name}" on type "{parent.name}".' + suggest(name, fields),
                node,
            )
            return
        where = f'field "{parent.name}.{name}"'
        yield from argument_names(node, node.arguments, args, where)
        yield from required(node, node.arguments, args, f'Field "{name}"')
        yield from leaf(node, field)

    def _inline(
        self, node: InlineFragmentNode, parent: GraphQLNamedType | None, values: ValueRules | None
    ) -> Iterator[Problem]:
        yield from self._directives(node.directives, "INLINE_FRAGMENT", values)
        inner = parent
        if node.type_condition is not None:
            condition = node.type_condition.name.value
            inner = self.schema.type_map.get(condition)
            if inner is None:
                yield problem(f'Unknown type "{condition}".', node)
            elif not is_composite_type(inner):
                yield problem(
                    f'Fragment cannot condition on non composite type "{condition}".', node
                )
            elif parent is not None and not self._overlap(inner, parent):
                yield problem(
                    f'Fragment cannot be spread here as objects of type "{parent}"'
                    f' can never be of type "{inner}".',
                    node,
                )
        yield from self._selections(node.selection_set, inner, values)

    def _spread(
        self, node: FragmentSpreadNode, parent: GraphQLNamedType | None, values: ValueRules | None
    ) -> Iterator[Problem]:
        name = node.name.value
        yield from self._directives(node.directives, "FRAGMENT_SPREAD", values)
        self.used.add(name)
        fragment = self.fragments.get(name)
        if fragment is None:
            yield problem(f'Unknown fragment "{name}".', node.name)
            return
        type_ = self.schema.type_map.get(fragment.type_condition.name.value)
        if name not in self.reached:
            self.reached.add(name)
            yield from self._directives(fragment.directives, "FRAGMENT_DEFINITION", values)
            yield from self._selections(fragment.selection_set, type_, values)
        if is_composite_type(type_) and parent is not None and not self._overlap(type_, parent):
            yield problem(
                f'Fragment "{name}" cannot be spread here as objects of type "{parent}"'
                f' can never be of type "{type_}".',
                node,
            )

    def _overlap(self, one: GraphQLNamedType | None, other: GraphQLNamedType) -> bool:
        """Whether an object can be of both types; of what has no fields there is nothing to say."""
        if not (is_composite_type(one) and is_composite_type(other)):
            return True
        return do_types_overlap(self.schema, one, other)

    # -- arguments and directives ---------------------------------------------------------------

    def _arguments(
        self,
        nodes: Sequence[ArgumentNode] | None,
        args: Mapping[str, GraphQLArgument],
        values: ValueRules | None,
    ) -> Iterator[Problem]:
        seen: set[str] = set()
        for node in nodes or ():
            name = node.name.value
            if name in seen:
                yield problem(f'There can be only one argument named "{name}".', node)
            seen.add(name)
            if values is not None:
                yield from values.check(node.value, args[name].type if name in args else None)

    def _directives(
        self, nodes: Sequence[DirectiveNode] | None, location: str, values: ValueRules | None
    ) -> Iterator[Problem]:
        seen: set[str] = set()
        for node in nodes or ():
            name = node.name.value
            directive = self.schema.get_directive(name)
            args = directive.args if directive else {}
            yield from self._arguments(node.arguments, args, values)
            if directive is None:
                yield problem(f'Unknown directive "@{name}".', node)
                continue
            if location not in {one.name for one in directive.locations}:
                yield problem(f'Directive "@{name}" may not be used on {location}.', node)
            if name in seen:
                yield problem(
                    f'The directive "@{name}" can only be used once at this location.', node
                )
            seen.add(name)
            yield from argument_names(node, node.arguments, args, f'directive "@{name}"')
            yield from required(node, node.arguments, args, f'Directive "@{name}"')


def _type_name(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return node.name.value  # type: ignore[attr-defined, no-any-return]  # all that is left is a name


def _spreads(node: SelectionSetNode) -> Iterator[str]:
    for child in node.selections:
        if isinstance(child, FragmentSpreadNode):
            yield child.name.value
        elif isinstance(child, FieldNode | InlineFragmentNode) and child.selection_set is not None:
            yield from _spreads(child.selection_set)
