"""Forests: the objects of a kind, who is below whom, and what a plan does to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stashsync.fields import is_members
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import Create, Merge, Update, token_of
from stashsync.planner.plan import Plan
from stashsync.render.labels import label_after
from stashsync.render.lineage import change_sign, children, parents_of, roots
from stashsync.render.redact import Redactor
from stashsync.state import State

SIGNS = {
    "+": "new",
    "-": "destroyed",
    "⇒": "merged",
    "→": "renamed",
    "⤷": "moved",
    "~": "changed",
}
"""The signs of changes in words."""


@dataclass(slots=True)
class Forest:
    """The objects of one kind by token, with the tokens of their parents.

    `signs` has what a plan does to an object (see `SIGNS`); what it leaves alone is not in there.
    """

    kind: str
    names: dict[str, str] = field(default_factory=dict)
    parents: dict[str, Sequence[str]] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The kind, for people."""
        return KINDS[self.kind].plural

    def sign(self, token: str) -> str:
        """What a plan does to an object; "" for nothing."""
        return self.signs.get(token, "")


class Row(NamedTuple):
    """One line of a drawn forest.

    `ends` tells for every level down to this one whether it is the last branch there. `again` says
    that what is below it was drawn before: an object may have several parents.
    """

    token: str
    ends: tuple[bool, ...]
    again: bool

    @property
    def depth(self) -> int:
        """How many objects stand above it here."""
        return len(self.ends) - 1


def kinds_with_hierarchy() -> list[Kind]:
    """The kinds whose objects have parents."""
    return [kind for kind in KINDS.values() if kind.hierarchy is not None]


def desired_forests(state: State, plan: Plan | None = None) -> Iterator[Forest]:
    """What the manifests say; objects that they only refer to are there too."""
    for kind in kinds_with_hierarchy():
        assert kind.hierarchy is not None
        found = Forest(kind.name)
        for one in state.of(kind.name):
            if one.absent:
                continue
            token = fold(one.name)
            found.names[token] = one.label
            value: Any = one.values.get(kind.hierarchy.name)
            named = value.get("add", []) if is_members(value) else parents_of(value)
            found.parents[token] = [fold(name) for name in named]
            for name in named:
                found.names.setdefault(fold(name), name)
        if plan is not None:
            upwards = kind.hierarchy.name
            for change in plan.changes:
                token = fold(label_after(change))
                if change.kind == kind.name and token in found.names:
                    found.signs[token] = change_sign(change, upwards)
        if found.names:
            yield found


def observed_forests(state: State, plan: Plan | None = None) -> Iterator[Forest]:
    """What the server has; with a plan, what it creates is there too, at its place."""
    for kind in kinds_with_hierarchy():
        assert kind.hierarchy is not None
        upwards = kind.hierarchy.name
        found = Forest(kind.name)
        for one in state.of(kind.name):
            token = one.id or ""
            found.names[token] = one.label
            found.parents[token] = parents_of(one.values.get(upwards))
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
            forest.parents[token] = parents_of(change.values.get(upwards))
        elif isinstance(change, Update) and not change.changes:
            continue  # it only steps aside for a moment
        elif token not in forest.names:
            continue  # the plan was made for another state
        forest.signs[token] = change_sign(change, upwards)
        if isinstance(change, Merge):
            forest.signs[token] = "~"
            forest.signs.update({one: "⇒" for one, _ in change.sources if one in forest.names})


def redacted(forest: Forest, redactor: Redactor) -> Forest:
    """The same forest under pseudonyms."""
    names = {token: redactor.name(forest.kind, name) for token, name in forest.names.items()}
    return Forest(forest.kind, names, forest.parents, forest.signs)


def walk(forest: Forest) -> Iterator[Row]:
    """The lines of a forest from the top, by name; everything below an object comes once."""
    below = children(forest.names, forest.parents)
    stack = _branches(roots(forest.names, forest.parents), ())
    seen: set[str] = set()
    while stack:
        token, ends = stack.pop()
        lower = below.get(token, [])
        yield Row(token, ends, token in seen and bool(lower))
        if token not in seen:
            seen.add(token)
            stack += _branches(lower, ends)


def _branches(tokens: Sequence[str], ends: tuple[bool, ...]) -> list[tuple[str, tuple[bool, ...]]]:
    """The branches at one place, the last one first, each with its `ends`."""
    return [(token, (*ends, index == 0)) for index, token in enumerate(reversed(tokens))]
