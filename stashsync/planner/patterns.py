"""Texts in order, so that what a pattern of the server matches is found without trying all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from stashsync.fields.names import like

T = TypeVar("T")
_WILDCARD = re.compile("[_%]")


class Texts(Generic[T]):
    """Folded texts, each with what it belongs to.

    A pattern is tried only on those that begin with what stands before its first wildcard: a
    library may have thousands of names with `_` in them.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._entries = sorted(entries, key=lambda one: one[0])
        self._texts = [text for text, _ in self._entries]

    def matching(self, pattern: str) -> Iterator[tuple[str, T]]:
        """The texts that `pattern` (folded) matches, in order; of equal ones, as they came."""
        beginning = _WILDCARD.split(pattern, maxsplit=1)[0]
        expression = like(pattern)
        for index in range(bisect_left(self._texts, beginning), len(self._texts)):
            text, owner = self._entries[index]
            if not text.startswith(beginning):
                return
            if expression.match(text):
                yield text, owner
