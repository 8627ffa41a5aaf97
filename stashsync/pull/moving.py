"""The order in which items move: each has a place to go to, and no list is lost meanwhile."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence

from stashsync.errors import Mark
from stashsync.kinds import Key
from stashsync.pull.placing import Place
from stashsync.pull.rewrite import ProjectTexts
from stashsync.pull.writing.outline import ItemNode, nodes_in


def move_all(texts: ProjectTexts, places: Sequence[tuple[Place, Mark]]) -> None:
    """Move items to their new places; those that cannot go there are manual steps.

    What is in an item leaves it before the item goes below it. A list gets new items before it
    loses its last one, with which its comments would go.
    """
    waiting = deque(places)
    filled = Counter((place.kind, place.below) for place, _ in places)
    deferred = 0
    while waiting:
        place, mark = waiting[0]
        rounds = deferred // len(waiting)  # without any move: then the second rule is dropped
        empties = rounds < 1 and any(filled[each] for each in _emptied_by(texts, place))
        if empties or (rounds < 2 and _goes_into_itself(texts, place)):
            waiting.rotate(-1)
            deferred += 1
            continue
        deferred = 0
        waiting.popleft()
        filled[place.kind, place.below] -= 1
        _leave_anchors_around(texts, place)
        texts.move(place, mark)


def _leave_anchors_around(texts: ProjectTexts, place: Place) -> None:
    """Let an item that goes into what it has aliases of have values: nothing contains itself."""
    moving = texts.find(place.kind, place.key)
    target = texts.find(place.kind, place.below) if place.below is not None else None
    if moving is None or target is None or moving[0] != target[0]:
        return
    file, item = target
    inside = {id(node) for node in nodes_in(moving[1].node)}
    with texts.splicer_of(file) as splicer:
        meant = {id(node) for alias, node in splicer.outline.aliases if id(alias) in inside}
        around: ItemNode | None = item
        while around is not None:
            if id(around.node) in meant:
                splicer.leave(around.node)
            around = around.parent


def _goes_into_itself(texts: ProjectTexts, place: Place) -> bool:
    """Whether the new place of an item is now within the item."""
    found = texts.find(place.kind, place.below) if place.below is not None else None
    item = found[1] if found is not None else None
    while item is not None and item.key != place.key:
        item = item.parent
    return item is not None


def _emptied_by(texts: ProjectTexts, place: Place) -> Iterator[tuple[str, Key]]:
    """Yield the items that have no children any more once an item has left."""
    for _, item in texts.places(place.kind, place.key):
        parent = item.parent
        if parent is not None and parent.key in place.lost and len(parent.children) == 1:
            yield place.kind, parent.key
