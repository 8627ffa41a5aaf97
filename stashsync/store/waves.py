"""Which new objects are created together: each after those that it refers to.

creations and their references ── arranged ──> wave 1, wave 2, …; in a circle, one of them
                                               without what refers to the others
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stashsync.entities import Entity
from stashsync.entities.inputs import Look
from stashsync.entities.saving import new_references
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.graph import Edge, arrange
from stashsync.store.edits import Edits

Step = tuple[Entity, bool]
"""A new object, and whether its references to other new ones wait for a later step."""
Named = tuple[int, type[Entity], str]
"""A new object by number, its class, and its name."""


def waves(edits: Edits) -> Iterator[list[Step]]:
    """What to create in each wave: as soon as what it refers to is there."""
    new = edits.new
    number = {one: n for n, one in enumerate(new)}
    group_of = list(range(len(new)))  # parts: each creation,
    refers: dict[int, int] = {}  # and its references, where it has any: cut off in a circle only
    edges: list[Edge] = []
    for n, one in enumerate(new):
        if one in edits.needs:
            refers[n] = len(group_of)
            group_of.append(n)
            edges.append(Edge(n, refers[n], 1))
            _, _, _, relations = edits.own[one]
            edges += [
                Edge(number[other], n if field.create_type.endswith("!") else refers[n], 1)
                for field, other in new_references(one, relations)
                if other in number
            ]
    edges += patterns_first(_shared_names([edits.own[one] for one in new]))
    order = arrange(group_of, edges)
    found: list[list[Step]] = [[] for _ in range(1 + max(order.waves, default=-1))]
    for step, wave in zip(order.steps, order.waves, strict=True):
        n = group_of[step[0]]
        found[wave].append((new[n], n in refers and refers[n] not in step))
    yield from found
    # A circle of references that no create can do without: the server says what it thinks of it.
    yield [(new[n], False) for n in dict.fromkeys(group_of[part] for part in order.stuck)]


def _shared_names(new: Sequence[Look]) -> list[Named]:
    return [
        (n, profile.model, str(name))
        for n, (profile, value, _, _) in enumerate(new)
        if profile.model.kind().shared_names and (name := value.get("name"))
    ]


def patterns_first(new: Sequence[Named]) -> Iterator[Edge]:
    """New names that the server reads as patterns before those that they match.

    It reads `_` and `%` in a new name as wildcards, and refuses what matches a known one, ASCII
    case aside (docs/stash-behaviour.md#wildcards). Of two that match each other it refuses one in
    any order.
    """
    folded = [(n, model, fold(name)) for n, model, name in new]
    for n, model, pattern in folded:
        if not has_wildcards(pattern):
            continue
        match = like(pattern).match
        for other, its, name in folded:
            if its is model and match(name) and not like(name).match(pattern):
                yield Edge(n, other)
