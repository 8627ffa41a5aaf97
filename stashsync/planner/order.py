"""In which order the changes are sent.

        creates                                     updates
    wave 0      wave 1       …                    after all creates
    ┌──────┐   ┌────────┐                        ┌──────────┐
    │ tags │──>│ tags   │── an id that is used ─>│ anything │
    │ A_D  │   │ below  │                        └──────────┘
    │  └─> AxD │ them,  │
    └──────┘   │ studios│   within a wave: kind by kind, patterns before what they match
               └────────┘

An id is known only after its create has returned, so whatever uses it stands in a later wave and
hence in a later document (planning 4, reference). Release-before-claim constraints do not occur
here: the steps before have reported them as problems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stashsync.fields import Value
from stashsync.graph import waves
from stashsync.planner.changes import Change, Create
from stashsync.planner.plan import Operation
from stashsync.types import KINDS

Edges = list[tuple[int, int, int]]


def order(changes: Sequence[Change], constraints: Edges) -> tuple[list[Operation], list[int]]:
    """The operations in sending order, and the changes that no order satisfies.

    `constraints` are further edges between changes (see `graph`).
    """
    creator = {one.token: index for index, one in enumerate(changes) if isinstance(one, Create)}
    needs = [
        sorted({creator[token] for token in tokens_of(one) if token in creator}) for one in changes
    ]
    # Numbers decide where no edge does: all creates, then all updates, kind by kind.
    ranks = sorted(range(len(changes)), key=lambda one: (changes[one].action != "create", one))
    rank_of = {change: rank for rank, change in enumerate(ranks)}
    edges = [
        (rank_of[needed], rank_of[change], 1)
        for change, some in enumerate(needs)
        for needed in some
    ]
    edges += [(rank_of[before], rank_of[after], gap) for before, after, gap in constraints]
    placed, stuck = waves(len(changes), edges)
    creates = [
        wave
        for wave, some in enumerate(placed)
        if any(isinstance(changes[ranks[rank]], Create) for rank in some)
    ]
    last_create = max(creates, default=-1)
    after: dict[int, list[int]] = {}
    for before, change, _ in constraints:
        after.setdefault(change, []).append(before)
    operations = _operations(changes, needs, after, placed, ranks, last_create)
    return operations, [ranks[rank] for rank in stuck]


def _operations(
    changes: Sequence[Change],
    needs: Sequence[Sequence[int]],
    after: Mapping[int, Sequence[int]],
    placed: Sequence[Sequence[int]],
    ranks: Sequence[int],
    last_create: int,
) -> list[Operation]:
    """Creates wave by wave, then the updates, which wait for the last of them."""
    sequence: list[tuple[int, int]] = []
    updates: list[int] = []
    for wave, some in enumerate(placed):
        for rank in some:
            change = ranks[rank]
            if isinstance(changes[change], Create):
                sequence.append((wave, change))
            else:
                updates.append(change)
    sequence += [(last_create + 1, change) for change in updates]
    position = {change: index for index, (_, change) in enumerate(sequence)}
    return [
        Operation(
            change=change,
            fields=_fields(changes[change]),
            needs=_positions(position, needs[change]),
            after=_positions(position, after.get(change, ())),
            wave=wave,
        )
        for wave, change in sequence
    ]


def _positions(position: Mapping[int, int], some: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({position[change] for change in some if change in position}))


def _fields(change: Change) -> tuple[str, ...]:
    return tuple(change.values if isinstance(change, Create) else change.changes)


def tokens_of(change: Change) -> Iterator[str]:
    """The tokens that the change's references will have to name when it is sent."""
    for name in KINDS[change.kind].references:
        value: Value = None
        if isinstance(change, Create):
            value = change.values.get(name)
        elif name in change.changes:
            value = change.changes[name].after
        if isinstance(value, list):
            yield from value
        elif value:
            yield value
