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

    `constraints` are further edges between changes (see `graph`); none leads from an update to a
    create.
    """
    creator = {one.token: index for index, one in enumerate(changes) if isinstance(one, Create)}
    needs = [
        sorted({creator[token] for token in tokens_of(one) if token in creator}) for one in changes
    ]
    edges = [(needed, change, 1) for change, some in enumerate(needs) for needed in some]
    edges += constraints
    creates = [index for index, one in enumerate(changes) if isinstance(one, Create)]
    updates = [index for index, one in enumerate(changes) if not isinstance(one, Create)]
    placed, stuck = _placed(creates, edges)
    last, more_stuck = _placed(updates, edges)
    sequence = [(wave, change) for wave, some in enumerate([*placed, *last]) for change in some]
    position = {change: index for index, (_, change) in enumerate(sequence)}
    after: dict[int, list[int]] = {}
    for before, change, _ in constraints:
        after.setdefault(change, []).append(before)
    operations = [
        Operation(
            change=change,
            fields=_fields(changes[change]),
            needs=_positions(position, needs[change]),
            after=_positions(position, after.get(change, ())),
            wave=wave,
        )
        for wave, change in sequence
    ]
    return operations, stuck + more_stuck


def _placed(some: Sequence[int], edges: Edges) -> tuple[list[list[int]], list[int]]:
    """Some changes wave by wave, by the edges among themselves; and those that are stuck.

    Their order decides where no edge does: kind by kind, by key.
    """
    number = {change: index for index, change in enumerate(some)}
    mine = [
        (number[before], number[after], gap)
        for before, after, gap in edges
        if before in number and after in number
    ]
    placed, stuck = waves(len(some), mine)
    return [[some[one] for one in wave] for wave in placed], [some[one] for one in stuck]


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
