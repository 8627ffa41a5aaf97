"""Find the texts that a pattern of the server matches without trying them all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, takewhile
from typing import Generic, TypeVar

from stashsync.fields.names import like

T = TypeVar("T")
_WILDCARD = re.compile("[_%]")


class PatternIndex(Generic[T]):
    """Folded texts, each with what it belongs to.

    A pattern is tried only on those that begin with what precedes its first wildcard, or end
    with what follows its last: a library may have thousands of names with `_` in them.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry[0])
        self._texts = [text for text, _ in self._entries]

    @cached_property
    def _backwards(self) -> list[tuple[str, int]]:
        return sorted((text[::-1], place) for place, text in enumerate(self._texts))

    def matching(self, pattern: str) -> Iterator[tuple[str, T]]:
        """Yield the texts that `pattern` (folded) matches, in order; equal ones as they came."""
        expression = like(pattern)
        for place in self._candidates(*_ends(pattern)):
            text, owner = self._entries[place]
            if expression.match(text):
                yield text, owner

    def _candidates(self, beginning: str, end: str) -> Iterable[int]:
        if len(beginning) >= len(end):
            start = bisect_left(self._texts, beginning)
            rest = range(start, len(self._texts))
            return takewhile(lambda place: self._texts[place].startswith(beginning), rest)
        backwards = end[::-1]
        found = islice(self._backwards, bisect_left(self._backwards, (backwards, 0)), None)
        return sorted(
            place for _, place in takewhile(lambda entry: entry[0].startswith(backwards), found)
        )


def _ends(pattern: str) -> tuple[str, str]:
    """Return what precedes the first wildcard, and what follows the last."""
    first, *others = _WILDCARD.split(pattern)
    return first, others[-1] if others else first
