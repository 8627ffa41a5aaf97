"""Unified diffs of files, in time that grows with their length."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

_FAR: Final = 400
"""How many lines ahead two texts are compared to find where they are the same again."""
_CONTEXT: Final = 2
Opcode: TypeAlias = tuple[str, int, int, int, int]


def unified_diff(before: Sequence[str], after: Sequence[str], old: str, new: str) -> list[str]:
    """Return the lines of a unified diff, without line ends; none if nothing differs."""
    matcher: Any = difflib.SequenceMatcher(None, "", "", autojunk=False)
    matcher.a, matcher.b = before, after
    matcher.opcodes = list(_opcodes(before, after))
    out: list[str] = []
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        if not out:
            out += [f"--- {old}", f"+++ {new}"]
        first, last = group[0], group[-1]
        out.append(f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@")
        for tag, start, end, low, high in group:
            if tag == "equal":
                out += [f" {line}" for line in before[start:end]]
                continue
            out += [f"-{line}" for line in before[start:end]]
            out += [f"+{line}" for line in after[low:high]]
    return out


def _range(start: int, end: int) -> str:
    """Return a range of lines in the unified format."""
    length = end - start
    begin = start + 1 if length else start
    return f"{begin}" if length == 1 else f"{begin},{length}"


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Iterator[Opcode]:
    """Yield what turns one text into the other, as `difflib` does; each difference is local."""
    at, other = 0, 0
    while at < len(before) or other < len(after):
        start, low = at, other
        while at < len(before) and other < len(after) and before[at] == after[other]:
            at, other = at + 1, other + 1
        if at > start:
            yield "equal", start, at, low, other
        if at == len(before) and other == len(after):
            return
        end, high = _same_again(before, after, at, other)
        window = difflib.SequenceMatcher(None, before[at:end], after[other:high], autojunk=False)
        for tag, a, b, c, d in window.get_opcodes():
            yield tag, at + a, at + b, other + c, other + d
        at, other = end, high


def _same_again(
    before: Sequence[str], after: Sequence[str], at: int, other: int
) -> tuple[int, int]:
    """Return the nearest lines below from which on both texts are the same for two lines."""
    for distance in range(1, _FAR):
        for ahead in range(distance + 1):
            end, high = at + ahead, other + distance - ahead
            here = before[end : end + 2]
            if here and here == after[high : high + 2]:
                return end, high
    return len(before), len(after)
