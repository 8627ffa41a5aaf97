"""The order of names: numbers by value, letters without regard to case.

Source: docs/stash-behaviour.md#sorting
"""

from __future__ import annotations

import re
from functools import lru_cache

_PIECES = re.compile(r"[0-9]+|[^0-9]+", re.ASCII)


@lru_cache(maxsize=65536)
def natural_key(text: str) -> str:
    """Return a text whose plain order by code points is the natural order of the given one.

    "M9" comes before "M10"; letters compare by the lowest letter that differs from them in case
    only, so that `_` follows Z and accented letters follow both; of two equal numbers the one
    with fewer leading zeros is first. Beside anything else a number is a digit, behind a space or
    a dash (observed on v0.30-dev); so it is led in by the lowest digit, then by its length.
    """
    pieces = []
    for piece in _PIECES.findall(text):
        if "0" <= piece[0] <= "9":
            digits = piece.lstrip("0")
            zeros = len(piece) - len(digits)
            pieces.append(f"0{chr(len(digits) + 1)}{digits}{chr(zeros + 1)}")
        elif piece.isascii():
            pieces.append(piece.upper())
        else:
            pieces.append("".join(map(_lowest, piece)))
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _lowest(char: str) -> str:
    """Return the lowest of the characters that differ from `char` in case only."""
    folded = char.casefold()
    forms = (char, char.upper(), char.lower(), folded, folded.upper())
    return min(form for form in forms if len(form) == 1 and form.casefold() == folded)
