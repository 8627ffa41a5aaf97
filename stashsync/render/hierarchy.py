"""Hierarchies: the objects of a kind, their parents, and what a plan does to each.

A plan has the parents of what it creates and of what it moves, and the names of those parents:
`lineages` shows that much, before and after. `render.graph` shows whole hierarchies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from msgspec import Struct, field

from stashsync.fields.references import reference_list
from stashsync.graph import circles
from stashsync.kinds import KINDS, Kind
from stashsync.planner.changes import Change, Create, Delete, Merge, Update, token_of
from stashsync.planner.plan import Plan
from stashsync.render.labels import label_after

SIGNS: Final[Mapping[str, str]] = {
    "+": "new",
    "-": "destroyed",
    "⇒": "merged",
    "→": "renamed",
    "⤷": "moved",
    "~": "changed",
}
"""The signs of changes in words."""


class Forest(Struct):
    """The objects of one kind by token, with the tokens of their parents.

    `signs` has what a plan does to an object (see `SIGNS`), "" or nothing where it does nothing.
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
        """Return what a plan does to an object; "" for nothing."""
        return self.signs.get(token, "")

    def roots(self) -> list[str]:
        """Return the tokens of objects without a parent in the forest, by name.

        Of a loop with nothing above it, the first by name is one.
        """
        above = {
            token: [parent for parent in self.parents.get(token, ()) if parent in self.names]
            for token in self.names
        }
        loops = (
            self._by_name(iter(loop))[0]
            for loop in circles(above)
            if all(parent in loop for token in loop for parent in above[token])
        )
        return self._by_name(chain((token for token in above if not above[token]), loops))

    def children(self) -> dict[str, list[str]]:
        """Return the tokens below each token, by name."""
        found: dict[str, list[str]] = {}
        for token in self._by_name(self.names):
            for parent in self.parents.get(token, ()):
                if parent in self.names:
                    found.setdefault(parent, []).append(token)
        return found

    def _by_name(self, tokens: Iterator[str] | Mapping[str, str]) -> list[str]:
        return sorted(tokens, key=lambda token: (self.names[token], token))


def kinds_with_hierarchy() -> Iterator[tuple[Kind, str]]:
    """Yield the kinds whose objects have parents, with the field that names these."""
    for kind in KINDS.values():
        if kind.hierarchy is not None:
            yield kind, kind.hierarchy.name


def lineages(plan: Plan) -> Iterator[tuple[Forest, Forest]]:
    """Yield the hierarchy before and after of each kind in which the plan places objects."""
    for kind, upwards in kinds_with_hierarchy():
        signs: dict[str, str] = {}
        before, after = Forest(kind.name, signs=signs), Forest(kind.name, signs=signs)
        changed: dict[str, Change] = {}
        for change in plan.changes:
            if change.kind != kind.name:
                continue
            token = token_of(change)
            changed[token] = change
            if isinstance(change, Create):
                after.parents[token] = reference_list(change.values.get(upwards))
            elif isinstance(change, Update) and upwards in change.changes:
                before.parents[token] = reference_list(change.changes[upwards].before)
                after.parents[token] = reference_list(change.changes[upwards].after)
        named = [*before.parents.values(), *after.parents.values()]
        if not any(named):
            continue
        for token in dict.fromkeys(chain(before.parents, after.parents, *named)):
            found = changed.get(token)
            label = plan.label(kind.name, token) if found is None else found.label
            signs[token] = "" if found is None else change_sign(found, upwards)
            if not isinstance(found, Create):
                before.names[token] = label
            if not isinstance(found, Delete):
                after.names[token] = label if found is None else label_after(found)
        yield before, after


def change_sign(change: Change, upwards: str) -> str:
    """Return what happens to an object, as far as a hierarchy shows it."""
    match change:
        case Create():
            return "+"
        case Delete():
            return "-"
        case Merge():
            return "⇒"
        case Update() if upwards in change.changes:
            return "⤷"
        case Update():
            return "→" if change.renames else "~"
