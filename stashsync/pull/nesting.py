"""Which items are nested in which, as far as the texts of a project say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from stashsync.kinds import Key
from stashsync.pull.rewrite import Texts
from stashsync.pull.writing.outline import outline_of
from stashsync.state import Resource


class Nesting:
    """The items around each object. The texts are composed once somebody asks."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def around(self, kind: str, key: Key) -> Sequence[Key]:
        """The keys of the items that an object is nested in."""
        return self._found.get((kind, key), ())

    @cached_property
    def _found(self) -> dict[tuple[str, Key], list[Key]]:
        found: dict[tuple[str, Key], list[Key]] = {}
        for text in self.texts.values():
            for spot in outline_of(text).spots:
                if spot.parent is not None:
                    found.setdefault((spot.kind.name, spot.key), []).append(spot.parent.key)
        return found


def deepest_first(gone: Sequence[Resource], texts: Texts) -> list[Resource]:
    """Objects in an order in which none has another of them nested in it."""

    def depth(one: Resource) -> int:
        found = texts.find(one.kind, one.key)
        count, spot = 0, found[1] if found else None
        while spot is not None and spot.parent is not None:
            count, spot = count + 1, spot.parent
        return count

    return sorted(gone, key=lambda one: (-depth(one), one.key))
