"""How a Stash server trims and compares names.

Trimming is Go's `TrimSpace` (docs/stash-behaviour.md#trimming). Comparison is SQLite's `LIKE`,
which ignores the case of the 26 ASCII letters and of nothing else (docs/stash-behaviour.md#names).
Python's `lower()` and `casefold()` would join names that Stash keeps apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

GO_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's `unicode.IsSpace` accepts. Python's `strip()` would also take U+001C to U+001F."""

_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def trim(text: str) -> str:
    """`text` without the white space around it, as the server stores it."""
    return text.strip(GO_SPACE)


def fold(text: str) -> str:
    """`text` in the form in which two names are equal for the server (ASCII case aside).

    The text is taken as it is: trim it first where it comes from a person.
    """
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def without_repetitions(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the names that repeat neither a known one nor one before, letter case aside.

    Within one object the server compares so, accented letters included
    (docs/stash-behaviour.md#aliases-of-tags-and-studios, docs/stash-behaviour.md#performers).
    """
    seen = {name.lower() for name in known}
    found = []
    for name in names:
        if name.lower() not in seen:
            seen.add(name.lower())
            found.append(name)
    return found


def has_wildcards(text: str) -> bool:
    """Whether the server's duplicate check would read `text` as a pattern.

    Source: docs/stash-behaviour.md#wildcards
    """
    return "_" in text or "%" in text


@lru_cache(maxsize=4096)
def like(pattern: str) -> re.Pattern[str]:
    """Compile the expression that matches what SQLite's `LIKE` matches, on folded text.

    `_` stands for one character, `%` for any number of them; there is no escape. Each stretch
    between two `%` is settled where it first fits and never tried again, which is as good as any
    other place and keeps hostile names ("%a%a%a%a…") from taking for ever.
    """
    first, *more = [
        "".join("." if char == "_" else re.escape(char) for char in stretch)
        for stretch in fold(pattern).split("%")
    ]
    body = first
    if more:
        body += "".join(f"(?>.*?{stretch})" for stretch in more[:-1] if stretch) + f".*{more[-1]}"
    return re.compile(rf"\A{body}\Z", re.DOTALL)
