"""Numbers, times and lists of names as phrases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

FEW: Final = 3
"""How many names a sentence has."""
_PLURALS: Final = {"gallery": "galleries"}


def counted(count: int, word: str) -> str:
    """Return `1 scene`, `1,204 galleries`."""
    return f"{count:,} {word if count == 1 else _PLURALS.get(word, word + 's')}"


def orphans_text(count: int) -> str:
    """Return `2 children lose this parent`."""
    return "1 child loses this parent" if count == 1 else f"{count:,} children lose this parent"


def duration(seconds: float) -> str:
    """Return `20 s`, `3 min`, `1 h 5 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def few(names: Sequence[str], write: Callable[[str], str] = str) -> str:
    """Return `"A", "B", "C" and 4 more`, each written by `write`."""
    more = len(names) - FEW
    return f"{', '.join(map(write, names[:FEW]))}{f' and {more:,} more' if more > 0 else ''}"


def with_details(text: str, details: Sequence[str]) -> str:
    """Return `text: details, more of them`, or the text alone."""
    found = ", ".join(detail for detail in details if detail)
    return f"{text}: {found}" if found else text
