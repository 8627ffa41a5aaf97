"""Which items are nested in which, as far as the texts of a project say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from stashsync.manifest.writing.outline import outline_of
from stashsync.pull.differences import Taking
from stashsync.pull.rewrite import Texts
from stashsync.state import Resource
from stashsync.types import Key

Nested: TypeAlias = dict[tuple[str, Key], list[Key]]


def nestings(texts: Mapping[str, str]) -> Nested:
    """By object, the keys of the items that it is nested in."""
    found: Nested = {}
    for text in texts.values():
        for spot in outline_of(text).spots:
            if spot.parent is not None:
                found.setdefault((spot.kind.name, spot.key), []).append(spot.parent.key)
    return found


def still_nested(taking: Taking, texts: Mapping[str, str], lost: Sequence[Key]) -> list[Key]:
    """The parents that an object stays nested in."""
    around = nestings(texts).get((taking.desired.kind, taking.desired.key), [])
    move = taking.move
    gone = [*lost, *(move.lost if move is not None else ())]
    return [key for key in around if key not in gone]


def deepest_first(gone: Sequence[Resource], texts: Texts) -> list[Resource]:
    """Objects in an order in which none has another of them nested in it."""

    def depth(one: Resource) -> int:
        found = texts.find(one.kind, one.key)
        count, spot = 0, found[1] if found else None
        while spot is not None and spot.parent is not None:
            count, spot = count + 1, spot.parent
        return count

    return sorted(gone, key=lambda one: (-depth(one), one.key))
