"""What stands between the members of a list in brackets: a comma, line breaks, comments.

[Pan,   # on Pan: it stays with what is ahead of it on its line
 # above Tilt: it stays with what follows
 Tilt]
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

_COMMA: Final = re.compile(r",|#[^\r\n]*")
"""A comma, or a comment, which may have commas of its own."""
_BREAK: Final = re.compile(r"\r?\n")


class Gaps(Struct, frozen=True):
    """Makes gaps with the line break of a text; what begins a line there has an `indent`."""

    newline: str
    indent: int

    def between(self, before: str, after: str) -> str:
        """Return the gap in place of members that go, from the gaps before and after them."""
        head, tail = _ahead(before), _below(after)
        if not _has_comma(head):
            comma = "" if _has_comma(tail or after) else ","
            return comma + head + self._apart(head, tail or after)
        if _BREAK.match(tail):
            head = head.rstrip(" ")
        return head + self._apart(head, _without_comma(tail))

    def first(self, before: str, after: str) -> str:
        """Return the gap behind the opening bracket, if members behind it go."""
        head, tail = _ahead(before), _without_comma(_below(after))
        if head == before and "#" not in tail:
            return head
        return head + (tail or self._new_line())

    def last(self, before: str, after: str) -> str:
        """Return the gap ahead of the closing bracket, if members ahead of it go."""
        head, tail = _ahead(before), _below(after)
        if "#" in head:
            return head + self._apart(head, _without_comma(tail))
        return tail or after

    def ending(self, gap: str, new: str) -> str:
        """Return the gap ahead of the closing bracket with new members in it."""
        head, tail = _ahead(gap), _below(gap)
        if "#" not in head:
            return f", {new}{gap}"
        comma = "" if _has_comma(head) else ","
        return f"{comma}{head}{self._new_line()}{new}{_without_comma(tail)}"

    def _apart(self, head: str, tail: str) -> str:
        """Return what follows `head`: something else than the comment that may end it."""
        if "#" not in head or _BREAK.match(tail):
            return tail
        return self._new_line() + tail.lstrip(" ")

    def _new_line(self) -> str:
        return self.newline + " " * self.indent


def _ahead(gap: str) -> str:
    """Return what is on the line of what stands ahead of a gap."""
    return _BREAK.split(gap, maxsplit=1)[0]


def _below(gap: str) -> str:
    """Return the rest, from its line break on."""
    return gap[len(_ahead(gap)) :]


def _has_comma(gap: str) -> bool:
    return "," in _COMMA.findall(gap)


def _without_comma(gap: str) -> str:
    comma = next((found for found in _COMMA.finditer(gap) if found[0] == ","), None)
    return gap if comma is None else gap[: comma.start()] + gap[comma.end() :]
