"""Finding the texts that a pattern matches, among very many, without trying each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from stashsync.fields.names import like
from stashsync.types import Key

_AFTER_ALL = "\U0010ffff"


class Texts:
    """Folded texts, found by `LIKE` patterns. What precedes a pattern's first wildcard narrows."""

    def __init__(self, texts: Iterable[Key]) -> None:
        self._sorted = sorted(set(texts))

    def matching(self, pattern: Key) -> Iterator[Key]:
        """The texts that SQLite's `LIKE` finds, part by part, for a folded pattern; sorted.

        A blank part is no pattern: it finds a blank part alone.
        """
        first = pattern[0]
        cut = min((first.index(one) for one in "_%" if one in first), default=len(first))
        start, end = 0, len(self._sorted)
        if cut:
            prefix = first[:cut]
            start = bisect_left(self._sorted, (prefix,))
            end = bisect_left(self._sorted, (prefix + _AFTER_ALL,), lo=start)
        expressions = [like(part) for part in pattern]
        for text in self._sorted[start:end]:
            if all(one.match(part) for one, part in zip(expressions, text, strict=True)):
                yield text
