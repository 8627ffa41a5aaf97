"""Analysis of a document: the kinds of its variables, what it finds, and what it creates.

    variables ── their types and arguments give a key and a kind for each
    finds ────── each gets a variable for its filter, even if it had none
    answers ──── every object gets a `__typename`

Only these additions are written into the text; the rest stays as the client wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import graphql

from stashsync.kinds import ENTITIES

MADE = ("scene", "gallery", "performer", "studio", "group", "tag")
"""Kinds that can be created without media files; those that refer to others come first."""
FOUND = (*MADE, "image")
TYPES = {ENTITIES[kind].type_name: kind for kind in MADE}
PLURALS = {ENTITIES[kind].plural: kind for kind in MADE}
_TYPE = re.compile(rf"(?:Bulk|Find)?({'|'.join(TYPES)})(?=[A-Z]|$)")
_NAMES = [*PLURALS, *MADE, *(plural.capitalize() for plural in [*PLURALS, *MADE])]
_FIELD = re.compile(rf"(?:find|bulk)?({'|'.join(_NAMES)})(?=[A-Z]|$)")
_FINDS = {ENTITIES[kind].find_many: kind for kind in FOUND}
_OF_FILTERS = ("SaveFilterInput", "DestroyFilterInput")
_IDS = re.compile(r"(?:^|_)ids?$")
_CREATES = {f"{kind}Create": kind for kind in MADE} | {"saveFilter": "saved_filter"}


@dataclass
class Meaning:
    """The analysis of one document.

    Attributes:
        text: the document, with a `__typename` in every selection and a filter in every find.
        mutation: whether it is a mutation.
        variables: for each the key and the kind that it would have as a part of an input.
        filters: the variables that are filters, with the kind that they filter.
        given: the filters in the text that variables have replaced.
        creates: the keys of the answer that are new objects, with their kinds.
        written: ids that stand in the text itself.
    """

    text: str
    mutation: bool = False
    variables: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)
    given: dict[str, graphql.ValueNode] = field(default_factory=dict)
    creates: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def filter_value(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the filter that the client asked for; {} if it asked for everything."""
        if node := self.given.get(name):
            return dict(graphql.value_from_ast_untyped(node, dict(variables)) or {})
        return dict(variables.get(name) or {})


def name_field(kind: str) -> str:
    """Return the name field of a kind: `title` or `name`."""
    return "title" if "title" in ENTITIES[kind].key_fields else "name"


def named(key: str) -> str | None:
    """Return the kind that a key names: performer for `performer_ids` and `performers_filter`."""
    name = re.sub(r"_(?:ids?|filter)\Z", "", key).removeprefix("primary_")
    return PLURALS.get(name) or (name if name in MADE and name != key else None)


@lru_cache(maxsize=512)
def understood(text: str) -> Meaning:
    """Return the analysis of a document."""
    look = _Look(text)
    graphql.visit(graphql.parse(text), look)
    return look.meaning()


class _Look(graphql.Visitor):
    """Visits a document and collects its meaning, with the places of the additions."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found = Meaning(text)
        self.edits: list[tuple[int, int, str]] = []
        self.declared: list[str] = []
        self.head = (0, "", "")

    def meaning(self) -> Meaning:
        place, before, after = self.head
        if self.declared:
            self.edits.append((place, place, f"{before}{', '.join(self.declared)}{after}"))
        for start, end, words in sorted(self.edits, reverse=True):
            self.found.text = f"{self.found.text[:start]}{words}{self.found.text[end:]}"
        return self.found

    def enter_operation_definition(self, node: graphql.OperationDefinitionNode, *_: Any) -> None:
        self.found.mutation = node.operation is graphql.OperationType.MUTATION
        start = _start(node)
        if node.variable_definitions:
            self.head = _start(node.variable_definitions[0]), "", ", "
        elif node.name:
            self.head = _end(node.name), "(", ")"
        elif self.found.text[start] == "{":
            self.head = start, "query (", ") "
        else:
            self.head = start + len(node.operation.value), " (", ")"
        for selection in node.selection_set.selections:
            if isinstance(selection, graphql.FieldNode) and selection.name.value in _CREATES:
                self.found.creates[(selection.alias or selection.name).value] = _CREATES[
                    selection.name.value
                ]

    def enter_variable_definition(self, node: graphql.VariableDefinitionNode, *_: Any) -> None:
        name = graphql.print_ast(node.type).strip("[]!")
        of = _TYPE.match(name)
        key = "ids" if name == "ID" else ""
        kind = TYPES[of[1]] if of else "saved_filter" if name in _OF_FILTERS else None
        self.found.variables[node.variable.name.value] = key, kind

    def enter_field(self, node: graphql.FieldNode, *_: Any) -> None:
        if node.selection_set:
            place = _end(node.selection_set) - 1
            self.edits.append((place, place, "__typename "))
        self._arguments(node)
        if kind := _FINDS.get(node.name.value):
            self._filter(node, kind)

    def enter_argument(self, node: graphql.ArgumentNode, *_: Any) -> None:
        self._written(node)

    def enter_object_field(self, node: graphql.ObjectFieldNode, *_: Any) -> None:
        self._written(node)

    def _written(self, node: graphql.ArgumentNode | graphql.ObjectFieldNode) -> None:
        if _IDS.search(node.name.value) and not isinstance(node.value, graphql.VariableNode):
            self.found.written.append(graphql.print_ast(node))

    def _arguments(self, node: graphql.FieldNode) -> None:
        of = _FIELD.match(node.name.value)
        for argument in node.arguments or ():
            if node.name.value == "findSavedFilter" and isinstance(
                argument.value, graphql.VariableNode
            ):
                self.found.variables[argument.value.name.value] = "ids", "saved_filter"
            if isinstance(argument.value, graphql.VariableNode) and of:
                name = argument.value.name.value
                key, kind = self.found.variables[name]
                plural = of[1][0].lower() + of[1][1:]
                self.found.variables[name] = key, kind or PLURALS.get(plural, plural)

    def _filter(self, node: graphql.FieldNode, kind: str) -> None:
        argument = f"{kind}_filter"
        given = next(
            (item.value for item in node.arguments or () if item.name.value == argument), None
        )
        if isinstance(given, graphql.VariableNode):
            self.found.filters[given.name.value] = kind
            return
        name = f"own{len(self.found.filters)}"
        self.found.filters[name] = kind
        self.declared.append(f"${name}: {ENTITIES[kind].type_name}FilterType")
        if given:
            self.found.given[name] = given
            self.edits.append((_start(given), _end(given), f"${name}"))
        elif node.arguments:
            place = _start(node.arguments[0])
            self.edits.append((place, place, f"{argument}: ${name}, "))
        else:
            place = _end(node.name)
            self.edits.append((place, place, f"({argument}: ${name})"))


def _start(node: graphql.Node) -> int:
    assert node.loc
    return node.loc.start


def _end(node: graphql.Node) -> int:
    assert node.loc
    return node.loc.end
