"""Two selections with one response key must be one field with the same arguments.

The server's library compares arguments by their kind and their own text only, and lists and
objects have no text of their own: two different input literals pass for the same, and the
second operation is dropped without a word (behaviour 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from stashsync.sandbox.validation.problems import Problem, problem

Fragments = Mapping[str, FragmentDefinitionNode]


def response_key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def overlaps(selection: SelectionSetNode, fragments: Fragments) -> Iterator[Problem]:
    """The conflicts among the fields directly in a selection and its fragments."""
    for key, nodes in _by_key([selection], fragments).items():
        for first, second in combinations(nodes, 2):
            reason = _reason(first, second, fragments)
            if reason is not None:
                yield problem(
                    f'Fields "{key}" conflict because {reason}. Use different aliases on the'
                    " fields to fetch both if this was intentional.",
                    second,
                )


def _reason(first: FieldNode, second: FieldNode, fragments: Fragments) -> str | None:
    if first.name.value != second.name.value:
        return f'"{first.name.value}" and "{second.name.value}" are different fields'
    if _arguments(first) != _arguments(second):
        return "they have differing arguments"
    inner = [node.selection_set for node in (first, second) if node.selection_set]
    for key, nodes in _by_key(inner, fragments).items():
        for one, other in combinations(nodes, 2):
            reason = _reason(one, other, fragments)
            if reason is not None:
                return f'subfields "{key}" conflict because {reason}'
    return None


def _arguments(node: FieldNode) -> dict[str, tuple[str, str]]:
    return {arg.name.value: _own_text(arg.value) for arg in node.arguments or ()}


def _own_text(value: ValueNode) -> tuple[str, str]:
    if isinstance(value, VariableNode):
        return value.kind, value.name.value
    return value.kind, str(getattr(value, "value", ""))


def _by_key(selections: list[SelectionSetNode], fragments: Fragments) -> dict[str, list[FieldNode]]:
    found: dict[str, list[FieldNode]] = {}
    seen: set[str] = set()

    def collect(selection: SelectionSetNode) -> None:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                found.setdefault(response_key(node), []).append(node)
            elif isinstance(node, InlineFragmentNode):
                collect(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                if node.name.value in fragments:
                    collect(fragments[node.name.value].selection_set)

    for selection in selections:
        collect(selection)
    return found
