"""Documents: parsed, validated and planned once per text, as on the server.

Source: docs/stash-behaviour.md#http
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    parse,
    type_from_ast,
)
from msgspec import Struct

from stashsync.sandbox.arguments import compile_value
from stashsync.sandbox.coercion import DeclaredVariable, VariableError, coerce_variables
from stashsync.sandbox.plan import FieldStep, Fragments, Planner, has_conditions
from stashsync.sandbox.validation import validate

KEPT = 1000
"""How many documents are remembered, as on the real server."""

INVALID = "GRAPHQL_VALIDATION_FAILED"
UNPARSED = "GRAPHQL_PARSE_FAILED"


class DocumentRefused(Exception):
    """A document that does not run at all; `errors` as they go to the client."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


def refused(message: str, code: str = INVALID, **more: Any) -> DocumentRefused:
    """One error that keeps a document from running."""
    return DocumentRefused([{"message": message, **more, "extensions": {"code": code}}])


class Ready(Struct, frozen=True):
    """One operation with its variables, ready to run."""

    type: OperationType
    steps: tuple[FieldStep, ...]
    variables: Mapping[str, Any]


class DocumentOperation:
    """One operation of a document."""

    def __init__(
        self, schema: GraphQLSchema, node: OperationDefinitionNode, fragments: Fragments
    ) -> None:
        root = schema.get_root_type(node.operation)
        if root is None:
            raise refused(f'Schema does not support operation type "{node.operation.value}"')
        self.type = node.operation
        self._variables = [
            _declared(schema, variable) for variable in node.variable_definitions or ()
        ]

        def planned(variables: Mapping[str, Any] | None) -> tuple[FieldStep, ...]:
            return Planner(schema, fragments, variables).steps([node.selection_set], root)

        selections = [
            node.selection_set,
            *(fragment.selection_set for fragment in fragments.values()),
        ]
        self._planned = planned if has_conditions(selections) else _constant(planned(None))

    def ready(self, sent: Mapping[str, Any]) -> Ready:
        """Return the operation with the variables that came with it.

        Raises:
            Refused: a variable is wrong.
        """
        try:
            variables = coerce_variables(self._variables, sent)
        except VariableError as error:
            raise refused(error.message, path=["variable", *error.path]) from None
        return Ready(self.type, self._planned(variables), variables)


def _constant(steps: tuple[FieldStep, ...]) -> Callable[[Any], tuple[FieldStep, ...]]:
    """Return the same steps for any variables, without a reference to the document."""
    return lambda _: steps


def _declared(schema: GraphQLSchema, node: VariableDefinitionNode) -> DeclaredVariable:
    type_: Any = type_from_ast(schema, node.type)
    given = node.default_value
    default = None if given is None else compile_value(given)({})
    return DeclaredVariable(node.variable.name.value, type_, given is not None, default)


class Documents:
    """The documents of one schema; `documents_of` gives those that all sandboxes share."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._lock = Lock()
        self._known: OrderedDict[str, dict[str, DocumentOperation]] = OrderedDict()

    def operation(self, text: str, name: str | None) -> DocumentOperation:
        """Return the operation of that name in a document; the only one where no name is given.

        Raises:
            Refused: the text is no valid document, or has no such operation.
        """
        with self._lock:
            operations = self._known.get(text)
            if operations is None:
                operations = self._known[text] = self._read(text)
                if len(self._known) > KEPT:
                    self._known.popitem(last=False)
            else:
                self._known.move_to_end(text)
        if not name and len(operations) == 1:
            return next(iter(operations.values()))
        if name and name in operations:
            return operations[name]
        raise refused(f"operation {name or ''} not found")

    def _read(self, text: str) -> dict[str, DocumentOperation]:
        try:
            document = parse(text)
        except GraphQLSyntaxError as error:
            raise self._unparsed(text, error) from None
        nodes = document.definitions
        operations = [node for node in nodes if isinstance(node, OperationDefinitionNode)]
        if not operations:
            raise refused("no operation provided")
        problems = validate(self._schema, document)
        if problems:
            raise DocumentRefused(
                [{**problem, "extensions": {"code": INVALID}} for problem in problems]
            )
        fragments = {
            node.name.value: node for node in nodes if isinstance(node, FragmentDefinitionNode)
        }
        return {
            node.name.value if node.name else "": DocumentOperation(self._schema, node, fragments)
            for node in operations
        }

    @staticmethod
    def _unparsed(text: str, error: GraphQLSyntaxError) -> DocumentRefused:
        """graphql-core's complaint in the other library's words, as near as they go."""
        message = error.message.removeprefix("Syntax Error: ").removesuffix(".")
        place = error.locations[0] if error.locations else None
        if message == "Unexpected <EOF>" and not _has_tokens(text):
            return refused("no operation provided")
        if message.startswith(("Unexpected character", "Invalid character")):
            message = "Unexpected <Invalid>"
        where = [{"line": place.line, "column": place.column}] if place else []
        return refused(message.replace("'", '"'), UNPARSED, locations=where)


@cache
def documents_of(schema: GraphQLSchema) -> Documents:
    """Return the documents of a schema, read once per process."""
    return Documents(schema)


def _has_tokens(text: str) -> bool:
    return any(line.split("#", 1)[0].strip(" \t,\ufeff") for line in text.splitlines())
