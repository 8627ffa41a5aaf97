"""Find the names that look most like an unknown one without measuring them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from stashsync.fields.names import fold

SHOWN: Final = 3
ALIKE: Final = 0.7
"""How alike names must be to be shown, by difflib's measure: 1 is the same."""
LOOKED_AT: Final = 8_000
"""How many places of pairs of letters are looked up, the rarest pairs first."""
MEASURED: Final = 50
"""How many of the likeliest names are measured: that is what takes time (10 µs each)."""


class Names:
    """Names, found by the pairs of neighbouring letters they have in common with another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {fold(name): name for name in sorted(names, reverse=True)}
        self._folded = sorted(self._names)
        self._places: dict[str, list[int]] = {}
        for place, text in enumerate(self._folded):
            for two in set(_pairs(text)):
                self._places.setdefault(two, []).append(place)

    def nearest(self, name: str) -> list[str]:
        """Return up to three names that look like `name`, the most alike first."""
        text = fold(name)
        known = {two: self._places[two] for two in _pairs(text) if two in self._places}
        common: Counter[int] = Counter()
        budget = LOOKED_AT
        for two in sorted(known, key=lambda pair: (len(known[pair]), pair)):
            common.update(known[two])
            budget -= len(known[two])
            if budget < 0:
                break
        likeliest = sorted(place for place, _ in common.most_common(MEASURED))
        candidates = [self._folded[place] for place in likeliest]
        from difflib import get_close_matches  # only a wrong name needs it

        near = get_close_matches(text, candidates, n=SHOWN, cutoff=ALIKE)
        return [self._names[text] for text in near]


def _pairs(text: str) -> Iterator[str]:
    """Its pairs of letters; its first and its last letter make a pair with nothing."""
    padded = f"\0{text}\0"
    return (padded[start : start + 2] for start in range(len(padded) - 1))
