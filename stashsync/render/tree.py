"""Where objects move in their hierarchy, as a tree of the places they move to.

    Camera
    ├── + "Drone" (from "Travel")
    └── "Shot"
        └── + "Wide shot" (had no parent)

Only what moves and what is needed to see where: the parents that the plan itself touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from stashsync.kinds import KINDS
from stashsync.planner.changes import Create, Delete, Merge, Update, token_of
from stashsync.planner.plan import Plan
from stashsync.render.labels import label_after
from stashsync.render.safe import quoted
from stashsync.render.style import Style


class Move(NamedTuple):
    """One object under one new parent; `origin` are the names of the parents that it leaves."""

    token: str
    origin: Sequence[str]
    had_none: bool


class Forest(NamedTuple):
    """The moves of one kind by new parent; `None` is the place of those that become roots."""

    kind: str
    moves: Mapping[str | None, Sequence[Move]]
    names: Mapping[str, str]
    placed: Mapping[str, str]
    """Where the plan puts each object that it touches: its first parent."""
    gone: Mapping[str, str]
    """What becomes of the objects that go, by their name: "destroyed", or what they go into."""


def forests(plan: Plan) -> Iterator[Forest]:
    """The moves in the plan by kind; kinds in which nothing moves are left out."""
    for kind in KINDS.values():
        if kind.hierarchy is None:
            continue
        field = kind.hierarchy.name
        moves: dict[str | None, list[Move]] = {}
        names = dict(plan.labels.get(kind.name, {}))
        placed: dict[str, str] = {}
        gone: dict[str, str] = {}
        for change in plan.changes:
            if change.kind != kind.name:
                continue
            if isinstance(change, Delete):
                gone[change.label] = "destroyed"
            elif isinstance(change, Merge):
                into = f"merged into {quoted(change.label)}"
                gone.update((name, into) for _, name in change.sources)
            token = token_of(change)
            names[token] = label_after(change)
            if isinstance(change, Create):
                parents = _tokens(change.values.get(field))
            elif isinstance(change, Update) and field in change.changes:
                one = change.changes[field]
                parents = _tokens(one.after)
                _add(moves, change, _tokens(one.before), parents, plan)
            else:
                continue
            if parents:
                placed[token] = parents[0]
        if moves:
            yield Forest(kind.name, moves, names, placed, gone)


def _tokens(value: object) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []


def _add(
    moves: dict[str | None, list[Move]],
    change: Update,
    before: Sequence[str],
    after: Sequence[str],
    plan: Plan,
) -> None:
    left = sorted(plan.label(change.kind, one) for one in before if one not in after)
    move = Move(change.id, left, not before)
    for parent in after:
        if parent not in before:
            moves.setdefault(parent, []).append(move)
    if before and not after:
        moves.setdefault(None, []).append(move)


def forest_lines(forest: Forest, style: Style) -> list[str]:
    """The forest as lines, roots and branches by name."""
    needed = _needed(forest)
    found: list[str] = []
    name = forest.names
    roots = sorted(
        (one for one in needed if forest.placed.get(one) not in needed), key=lambda one: name[one]
    )
    for root in roots:
        found.append(quoted(name[root]))
        found += _branch(forest, root, needed, style, "", {root})
    for move in sorted(forest.moves.get(None, ()), key=lambda one: name[one.token]):
        found.append(_move(forest, move, style, root=True))
    return found


def _needed(forest: Forest) -> set[str]:
    """The new parents, and above them the parents that the plan itself gives them."""
    needed: set[str] = set()
    for parent in forest.moves:
        while parent is not None and parent not in needed:
            needed.add(parent)
            parent = forest.placed.get(parent)  # the way up
    return needed


def _branch(
    forest: Forest, parent: str, needed: set[str], style: Style, indent: str, above: set[str]
) -> list[str]:
    moved = {move.token: move for move in forest.moves.get(parent, ())}
    below = {one for one in needed if forest.placed.get(one) == parent}
    children = sorted({*moved, *below} - above, key=lambda one: (forest.names[one], one))
    found: list[str] = []
    for index, token in enumerate(children):
        last = index == len(children) - 1
        text = _move(forest, moved[token], style) if token in moved else quoted(forest.names[token])
        found.append(f"{indent}{'└── ' if last else '├── '}{text}")
        if token in needed:
            inner = indent + ("    " if last else "│   ")
            found += _branch(forest, token, needed, style, inner, {*above, token})
    return found


def _move(forest: Forest, move: Move, style: Style, *, root: bool = False) -> str:
    sign = f"{style.create}+{style.reset}"
    text = f"{sign} {quoted(forest.names[move.token])}"
    if root:
        text = f"{quoted(forest.names[move.token])} becomes a root"
    if move.origin:
        left = (
            f"{quoted(one)}, {forest.gone[one]}" if one in forest.gone else quoted(one)
            for one in move.origin
        )
        return f"{text} (from {'; '.join(left) if forest.gone else ', '.join(left)})"
    return f"{text} (had no parent)" if move.had_none else text
