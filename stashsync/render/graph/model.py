"""Forests of a whole state, with what a plan does to each object; and the walk that draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from stashsync.fields import is_members
from stashsync.fields.names import fold
from stashsync.fields.references import reference_list
from stashsync.graph import reachable
from stashsync.planner.changes import Create, Merge, Update, token_of
from stashsync.planner.plan import Plan
from stashsync.render.hierarchy import Forest, change_sign, kinds_with_hierarchy
from stashsync.render.labels import label_after
from stashsync.render.redact import Redactor
from stashsync.state import State


class TreeRow(NamedTuple):
    """One line of a drawn forest.

    `ends` has for every level down to this one whether it is the last branch there. `again` means
    that what is below it was drawn before: an object may have several parents.
    """

    token: str
    ends: tuple[bool, ...]
    again: bool

    @property
    def depth(self) -> int:
        """The number of objects above it here."""
        return len(self.ends) - 1


def desired_forests(state: State, plan: Plan | None = None) -> Iterator[Forest]:
    """Yield the hierarchies of the manifests, with the objects that these only refer to."""
    for kind, upwards in kinds_with_hierarchy():
        found = Forest(kind.name)
        for resource in state.of(kind.name):
            if resource.absent:
                continue
            token = fold(resource.name)
            found.names[token] = resource.label
            value: Any = resource.values.get(upwards)
            named = value.get("add", []) if is_members(value) else reference_list(value)
            found.parents[token] = [fold(name) for name in named]
            for name in named:
                found.names.setdefault(fold(name), name)
        for change in plan.changes if plan is not None else ():
            token = fold(label_after(change))
            if change.kind == kind.name and token in found.names:
                found.signs[token] = change_sign(change, upwards)
        if found.names:
            yield found


def observed_forests(state: State, plan: Plan | None = None) -> Iterator[Forest]:
    """Yield the hierarchies of the server; with a plan, what it creates is at its place."""
    for kind, upwards in kinds_with_hierarchy():
        found = Forest(kind.name)
        for resource in state.of(kind.name):
            token = resource.id or ""
            found.names[token] = resource.label
            found.parents[token] = reference_list(resource.values.get(upwards))
        if plan is not None:
            _mark(found, plan, upwards)
        if found.names:
            yield found


def _mark(forest: Forest, plan: Plan, upwards: str) -> None:
    for change in plan.changes:
        if change.kind != forest.kind:
            continue
        token = token_of(change)
        if isinstance(change, Create):
            forest.names[token] = change.label
            forest.parents[token] = reference_list(change.values.get(upwards))
        elif isinstance(change, Update) and not change.changes:
            continue  # it only steps aside for a moment
        elif token not in forest.names:
            continue  # the plan was made for another state
        forest.signs[token] = change_sign(change, upwards)
        if isinstance(change, Merge):
            forest.signs[token] = "~"
            forest.signs.update(
                {source: "⇒" for source, _ in change.sources if source in forest.names}
            )


def redacted(forest: Forest, redactor: Redactor) -> Forest:
    """Return the same forest under pseudonyms."""
    names = {token: redactor.name(forest.kind, name) for token, name in forest.names.items()}
    return Forest(forest.kind, names, forest.parents, forest.signs)


def below(forest: Forest, name: str) -> Forest:
    """Return the objects of that name and all below them; empty where there is none.

    A parent that is not below them is left out.
    """
    children = forest.children()
    named = [token for token, known in forest.names.items() if fold(known) == fold(name)]
    found = reachable(named, lambda token: children.get(token, ()))
    names = {token: known for token, known in forest.names.items() if token in found}
    return Forest(forest.kind, names, forest.parents, forest.signs)


def walk(forest: Forest) -> Iterator[TreeRow]:
    """Yield the lines of a forest from the top, by name; what is below an object comes once."""
    below = forest.children()
    stack = _branches(forest.roots(), ())
    seen: set[str] = set()
    while stack:
        token, ends = stack.pop()
        lower = below.get(token, [])
        yield TreeRow(token, ends, token in seen and bool(lower))
        if token not in seen:
            seen.add(token)
            stack += _branches(lower, ends)


def _branches(tokens: Sequence[str], ends: tuple[bool, ...]) -> list[tuple[str, tuple[bool, ...]]]:
    """Return the branches at one place, the last one first, each with its `ends`."""
    return [(token, (*ends, index == 0)) for index, token in enumerate(reversed(tokens))]
