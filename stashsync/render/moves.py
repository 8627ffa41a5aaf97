"""Where objects move in their hierarchy, as a tree of the places they move to.

    Camera
    ├── + "Drone" (from "Travel")
    └── "Shot"
        └── + "Wide shot" (had no parent)

Only what moves and what is needed to see where: the parents that the plan itself touches.
"""

from __future__ import annotations

from collections.abc import Iterator

from stashsync.planner.changes import Delete, Merge
from stashsync.planner.plan import Plan
from stashsync.render.hierarchy import Forest, lineages
from stashsync.render.safe import quoted
from stashsync.render.style import Style


def moves(plan: Plan, style: Style) -> Iterator[tuple[str, list[str]]]:
    """Yield the tree of each kind in which anything moves: its plural, and the lines."""
    for before, after in lineages(plan):
        tree = _Tree(plan, before, after, style)
        if tree.moved:
            yield before.title, tree.lines()


class _Tree:
    """The moves of one kind. `moved` has them by new parent; None is the place of new roots."""

    def __init__(self, plan: Plan, before: Forest, after: Forest, style: Style) -> None:
        self._plan, self._before, self._after, self._style = plan, before, after, style
        self._names = {**before.names, **after.names}
        self._first = {token: above[0] for token, above in after.parents.items() if above}
        """The place that the plan gives to an object."""
        self._below: dict[str, list[str]] = {}
        for token, parent in self._first.items():
            self._below.setdefault(parent, []).append(token)
        self.moved: dict[str | None, list[str]] = {}
        merged = {
            source
            for change in plan.changes
            if isinstance(change, Merge) and change.kind == before.kind
            for source, _ in change.sources
        }
        for token, old in before.parents.items():
            if token in merged:
                continue  # it only gives up its place
            new = after.parents[token]
            places = [parent for parent in new if parent not in old]
            for place in places if new or not old else [None]:
                self.moved.setdefault(place, []).append(token)
        self._gone: dict[str, str] = {}
        for change in plan.changes:
            if isinstance(change, Delete) and change.kind == before.kind:
                self._gone[change.label] = "destroyed"
            elif isinstance(change, Merge) and change.kind == before.kind:
                into = f"merged into {quoted(change.label)}"
                self._gone.update((name, into) for _, name in change.sources)

    def lines(self) -> list[str]:
        """Return the tree, roots and branches by name."""
        # The new parents, and above them the parents that the plan itself gives them.
        needed: set[str] = set()
        for place in self.moved:
            parent = place
            while parent is not None and parent not in needed:
                needed.add(parent)
                parent = self._first.get(parent)
        roots = [token for token in needed if self._first.get(token) not in needed]
        found: list[str] = []
        for root in sorted(roots, key=self._names.__getitem__):
            found.append(quoted(self._names[root]))
            found += self._branch(root, needed, "", {root})
        for token in sorted(self.moved.get(None, ()), key=self._names.__getitem__):
            found.append(self._move(token, f"{quoted(self._names[token])} becomes a root"))
        return found

    def _branch(self, parent: str, needed: set[str], indent: str, above: set[str]) -> Iterator[str]:
        moved = set(self.moved.get(parent, ()))
        below = needed.intersection(self._below.get(parent, ()))
        children = sorted((moved | below) - above, key=lambda token: (self._names[token], token))
        for index, token in enumerate(children):
            last = index == len(children) - 1
            text = quoted(self._names[token])
            if token in moved:
                text = self._move(token, f"{self._style.create}+{self._style.reset} {text}")
            yield f"{indent}{'└── ' if last else '├── '}{text}"
            if token in needed:
                inner = indent + ("    " if last else "│   ")
                yield from self._branch(token, needed, inner, {*above, token})

    def _move(self, token: str, text: str) -> str:
        """Add to a text which parents an object leaves."""
        old, new = self._before.parents[token], self._after.parents[token]
        left = sorted(
            self._plan.label(self._before.kind, parent) for parent in old if parent not in new
        )
        if left:
            gone = self._gone
            parts = [
                quoted(parent) + (f", {gone[parent]}" if parent in gone else "") for parent in left
            ]
            return f"{text} (from {('; ' if gone else ', ').join(parts)})"
        return text if old else f"{text} (had no parent)"
