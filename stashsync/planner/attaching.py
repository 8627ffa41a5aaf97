"""Operations for what refers to the objects of a plan and no manifest can have (`Bearers`).

existing objects come to be referred to     first: what they take over may be about to go
references that are there twice             first
new objects come to be referred to          once they have an id
tags of markers                             after all that: a marker whose primary tag is among its
                                            tags may ignore more of them
                                            (docs/stash-behaviour.md#markers)
existing objects are referred to no more    last, and only where the others succeeded
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from stashsync.planner.changes import Bearers, Create, Delete, Update
from stashsync.planner.drafts import Draft
from stashsync.planner.plan import Operation

MARKER_TAGS = ("sceneMarker", "tags")


def with_bearers(drafts: Sequence[Draft], operations: Sequence[Operation]) -> list[Operation]:
    """Add to the operations of changes those for their bearers."""
    if not any(_bearers_of(draft) for draft in drafts):
        return list(operations)
    found: list[Operation] = []
    given: dict[int, Bearers] = {}
    """The bearers that come to refer to something, by the place of their operation."""
    later: list[tuple[int, Sequence[Bearers], tuple[int, ...]]] = []
    """The changes with bearers, and the operations that come before these."""
    for position, draft in enumerate(drafts):
        if isinstance(draft.change, Update):
            later.append((position, _bearers_of(draft), ()))
            _add(found, given, *later[-1])
    places: dict[int, int] = {}
    for number, operation in enumerate(operations):
        draft = drafts[operation.change]
        moved = _moved(operation, places)
        if isinstance(draft.change, Delete) and not operation.fields:
            left = (place for place, each in given.items() if each.before == draft.token)
            moved = structs.replace(moved, waits=(*moved.waits, *left))
        places[number] = len(found)
        found.append(moved)
        if isinstance(draft.change, Create) and "name" in operation.fields:
            later.append((operation.change, _bearers_of(draft), (places[number],)))
            _add(found, given, *later[-1])
    for each in later:
        _add(found, given, *each, to_markers=True)
    last = max((operation.wave for operation in found), default=0) + 1
    for position, draft in enumerate(drafts):
        for place, bearers in _some(_bearers_of(draft), gives=False):
            if isinstance(draft.change, Update):
                waits = [
                    number
                    for number, each in given.items()
                    if (each.kind, each.field) == (bearers.kind, bearers.field)
                ]
                found.append(
                    Operation(position, (), waits=tuple(waits), wave=last, content=str(place))
                )
    return found


def _bearers_of(draft: Draft) -> tuple[Bearers, ...]:
    return draft.change.bearers if isinstance(draft.change, Create | Update) else ()


def _some(bearers: Sequence[Bearers], *, gives: bool) -> Iterator[tuple[int, Bearers]]:
    return (
        (place, each)
        for place, each in enumerate(bearers)
        if bool(each.after or each.first) is gives
    )


def _add(
    found: list[Operation],
    given: dict[int, Bearers],
    position: int,
    bearers: Sequence[Bearers],
    needs: tuple[int, ...],
    *,
    to_markers: bool = False,
) -> None:
    """Add operations by which objects come to refer to another: the tags of markers, or others.

    What writes a list whole comes after what has written it before.
    """
    wave = found[needs[0]].wave + 1 if needs else 0
    for place, each in _some(bearers, gives=True):
        if (bool(each.after) and (each.kind, each.field) == MARKER_TAGS) is not to_markers:
            continue
        if to_markers:
            earlier = [number for number, other in given.items() if other.field == "primary_tag"]
        else:
            earlier = [number for number, other in given.items() if _same_list(each, other)][-1:]
        given[len(found)] = each
        operation = Operation(
            position,
            (),
            needs=needs,
            after=tuple(earlier),
            wave=max([wave, *(found[number].wave for number in earlier)]),
            content=str(place),
        )
        found.append(operation)


def _same_list(mine: Bearers, other: Bearers) -> bool:
    """Return whether both write the same list whole."""
    where = (mine.kind, mine.field, mine.ids)
    return bool(mine.members and other.members) and (other.kind, other.field, other.ids) == where


def _moved(operation: Operation, places: dict[int, int]) -> Operation:
    def moved(earlier: Iterable[int]) -> tuple[int, ...]:
        return tuple(places[index] for index in earlier)

    return structs.replace(
        operation,
        needs=moved(operation.needs),
        waits=moved(operation.waits),
        after=moved(operation.after),
    )
