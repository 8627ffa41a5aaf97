"""The order in which pending edits are sent: each object after the new ones that it refers to.

new objects and their references ── arranged ──> wave 0, wave 1, …; in a circle, one of them
other edits ── after the waves of what they need ──┘            without what refers to others
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from stashsync.entities.edits import new_references
from stashsync.entities.tracked import edited_fields
from stashsync.fields.names import fold, has_wildcards, like
from stashsync.graph import Edge, arrange

if TYPE_CHECKING:
    from stashsync.entities import Entity
    from stashsync.store.edits import Edits


class Wave(Struct):
    """What is sent together: no object in it waits for the id of another one in it."""

    creates: list[Entity] = field(default_factory=list)
    updates: list[Entity] = field(default_factory=list)
    cut: set[Entity] = field(default_factory=set)
    """Those creates that do without their references to new objects, which are sent later."""


def waves_of(edits: Edits) -> list[Wave]:
    """Arrange pending edits in waves, as early as what they refer to allows.

    The objects of a circle of references that no create can do without come last; the server
    refuses them in its own words.
    """
    new = [entity for entity, write in edits.own.items() if write.saving.new]
    waves = [Wave()]
    wave_of: dict[Entity, int] = {}
    for entity, number, is_cut in _arranged(edits, new):
        while len(waves) <= number:
            waves.append(Wave())
        if entity in wave_of:
            waves[number].updates.append(entity)
            continue
        waves[number].creates.append(entity)
        wave_of[entity] = number
        if is_cut:
            waves[number].cut.add(entity)
    for entity, write in edits.own.items():
        if write.saving.new:
            continue
        number = 0
        if entity in edits.needs:
            number = 1 + max(wave_of[other] for other in edits.needs[entity])
        if number == len(waves):
            waves.append(Wave())
        waves[number].updates.append(entity)
    return waves


def _arranged(edits: Edits, new: Sequence[Entity]) -> Iterator[tuple[Entity, int, bool]]:
    """Yield the new objects in order, each with its wave and whether it is cut.

    One that is cut comes once more, when its references can be sent.
    """
    number = {entity: n for n, entity in enumerate(new)}
    group_of = list(range(len(new)))  # parts: each creation,
    refers: dict[int, int] = {}  # and its references, where it has any: cut off in a circle only
    edges = list(_patterns_first(new))
    for n, entity in enumerate(new):
        if entity in edits.needs:
            refers[n] = len(group_of)
            group_of.append(n)
            edges.append(Edge(n, refers[n], 1))
            edges += [
                Edge(number[other], n if spec.create_type.endswith("!") else refers[n], 1)
                for spec, other in new_references(entity, edited_fields(entity))
                if other in number
            ]
    if not edges:
        yield from ((entity, 0, False) for entity in new)
        return
    order = arrange(group_of, edges)
    for step, wave in zip(order.steps, order.waves, strict=True):
        n = group_of[step[0]]
        yield new[n], wave, step == (n,) and n in refers
    last = 1 + max(order.waves, default=-1)
    yield from (
        (new[n], last, False) for n in dict.fromkeys(group_of[part] for part in order.stuck)
    )


def _patterns_first(new: Sequence[Entity]) -> Iterator[Edge]:
    """Yield new names that the server reads as patterns before those that they match.

    It reads `_` and `%` in a new name as wildcards, and refuses what matches a known one, ASCII
    case aside (docs/stash-behaviour.md#wildcards). Of two that match each other it refuses one in
    any order.
    """
    named = [
        (n, type(entity), fold(str(getattr(entity, "name", "") or "")))
        for n, entity in enumerate(new)
        if type(entity).kind().shared_names
    ]
    for n, model, pattern in named:
        if not has_wildcards(pattern):
            continue
        match = like(pattern).match
        for other, its, name in named:
            if its is model and match(name) and not like(name).match(pattern):
                yield Edge(n, other)
