"""Where objects move in their hierarchy, as a tree of the places they move to.

    "Camera"
    ├── + "Drone" (from "Travel")
    └── "Shot" (renamed from "Shots")
        └── + "Wide shot" (had no parent)
    "Coast" stays below "Travel", no longer below "Old" (destroyed)
    "Old" is destroyed: 2 children lose this parent

Only what moves and what is needed to see where: the parents that the plan itself touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stashsync.planner.changes import Delete, Merge
from stashsync.planner.plan import Plan
from stashsync.render.hierarchy import Forest, lineages
from stashsync.render.phrases import orphans_text
from stashsync.render.removals import orphans_of
from stashsync.render.safe import quoted
from stashsync.render.style import Style


def moves(plan: Plan, style: Style) -> Iterator[tuple[str, list[str]]]:
    """Yield the tree of each kind in which anything moves: its plural, and the lines."""
    for before, after in lineages(plan):
        tree = _Tree(plan, before, after, style)
        if tree.moved or tree.left:
            yield before.title, tree.lines()


class _Tree:
    """The moves of one kind. `moved` has them by new parent; None is the place of new roots.

    `left` are those that lose some of their parents and get no others.
    """

    def __init__(self, plan: Plan, before: Forest, after: Forest, style: Style) -> None:
        self._plan, self._before, self._after, self._style = plan, before, after, style
        self._names = {**before.names, **after.names}
        self._first = {token: above[0] for token, above in after.parents.items() if above}
        """The place that the plan gives to an object."""
        self._below: dict[str, list[str]] = {}
        for token, parent in self._first.items():
            self._below.setdefault(parent, []).append(token)
        self.moved: dict[str | None, list[str]] = {}
        self.left: list[str] = []
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
            if new and not places and old:
                self.left.append(token)
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
            found.append(self._name(root))
            found += self._branch(root, needed, "", {root})
        for token in sorted(self.moved.get(None, ()), key=self._names.__getitem__):
            found.append(self._move(token, f"{quoted(self._names[token])} becomes a root"))
        for token in sorted(self.left, key=self._names.__getitem__):
            stays = ", ".join(self._labels(self._after.parents[token]))
            lost = [
                each
                for each in self._before.parents[token]
                if each not in self._after.parents[token]
            ]
            found.append(
                f"{self._name(token)} stays below {stays}, no longer below "
                f"{', '.join(self._labels(lost))}"
            )
        return [*found, *self._losses()]

    def _losses(self) -> Iterator[str]:
        """Yield what is destroyed and leaves children that the plan does not move."""
        for change, count in orphans_of(self._plan):
            if change.kind == self._before.kind:
                yield f"{quoted(change.label)} is destroyed: {orphans_text(count)}"

    def _name(self, token: str) -> str:
        """Return the name that an object will have, and the one it has now if that is another."""
        notes = self._former(token)
        return quoted(self._names[token]) + (f" ({notes[0]})" if notes else "")

    def _former(self, token: str) -> list[str]:
        before = self._before.names.get(token, self._names[token])
        return [] if before == self._names[token] else [f"renamed from {quoted(before)}"]

    def _labels(self, tokens: Iterable[str]) -> list[str]:
        """Return the names of parents, and what becomes of those that are gone."""
        names = sorted(self._plan.label(self._before.kind, token) for token in tokens)
        return [
            quoted(name) + (f" ({self._gone[name]})" if name in self._gone else "")
            for name in names
        ]

    def _branch(self, parent: str, needed: set[str], indent: str, above: set[str]) -> Iterator[str]:
        moved = set(self.moved.get(parent, ()))
        below = needed.intersection(self._below.get(parent, ()))
        children = sorted((moved | below) - above, key=lambda token: (self._names[token], token))
        for index, token in enumerate(children):
            last = index == len(children) - 1
            text = self._name(token)
            if token in moved:
                sign = f"{self._style.create}+{self._style.reset}"
                text = self._move(token, f"{sign} {quoted(self._names[token])}")
            yield f"{indent}{'└── ' if last else '├── '}{text}"
            if token in needed:
                inner = indent + ("    " if last else "│   ")
                yield from self._branch(token, needed, inner, {*above, token})

    def _move(self, token: str, text: str) -> str:
        """Add to a text which parents an object leaves, and the name it has now."""
        old, new = self._before.parents[token], self._after.parents[token]
        left = sorted(
            self._plan.label(self._before.kind, parent) for parent in old if parent not in new
        )
        notes = self._former(token)
        if left:
            gone = self._gone
            parts = [
                quoted(parent) + (f", {gone[parent]}" if parent in gone else "") for parent in left
            ]
            notes.append(f"from {('; ' if gone else ', ').join(parts)}")
        elif not old:
            notes.append("had no parent")
        return f"{text} ({'; '.join(notes)})" if notes else text
