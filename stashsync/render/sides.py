"""Whose move each difference of a plan is: the server's, the manifests', or of both.

cli.sides.sides_of(plan, baseline) ──> Sides ──> a paragraph, bullets, data of every change
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from stashsync.render.leaving import counted
from stashsync.render.safe import quoted
from stashsync.render.view import Entry
from stashsync.state import ChangedBy

FEW: Final = 10
"""How many objects are named; programs get them all."""
SINCE: Final = "Since the last apply or pull"
HINT: Final = "`stashsync pull` takes the server's moves into the manifests."

_WHOSE: Final = {
    ChangedBy.SERVER: "the server's",
    ChangedBy.MANIFEST: "the manifests'",
    ChangedBy.BOTH: "of both sides",
    None: "of an unknown side",
}
_NOTES: Final = {
    ChangedBy.SERVER: "the server moved",
    ChangedBy.MANIFEST: "the manifests moved",
    ChangedBy.BOTH: "both sides moved",
}
GONE: Final = "renamed or gone"


@dataclass(frozen=True)
class Sides:
    """By the place of a change in its plan, then by field; "" is the object as a whole.

    None is a side that nobody knows.
    """

    moves: Mapping[int, Mapping[str, ChangedBy | None]]

    @cached_property
    def counts(self) -> Counter[ChangedBy | None]:
        """How many differences each side made."""
        return Counter(side for fields in self.moves.values() for side in fields.values())

    def of_field(self, entry: Entry, field: str) -> ChangedBy | None:
        """Who moved a field."""
        fields = self.moves.get(entry.number, {})
        return fields.get(field, fields.get(""))

    def of_change(self, entry: Entry) -> ChangedBy | None:
        """Who moved an object: `BOTH` too where one side moved some fields, the other others."""
        found = set(self.moves.get(entry.number, {}).values())
        known = found - {None}
        return next(iter(known)) if len(known) == 1 else ChangedBy.BOTH if known else None

    @property
    def is_servers(self) -> bool:
        """Whether there is anything to pull."""
        return bool(self.counts[ChangedBy.SERVER] or self.counts[ChangedBy.BOTH])

    def sentence(self) -> str:
        """`Since the last apply or pull: 4 differences are the server's, 1 of both sides.`"""
        found = [(self.counts[side], words) for side, words in _WHOSE.items() if self.counts[side]]
        count, words = found[0]
        first = f"{counted(count, 'difference')} {'is' if count == 1 else 'are'} {words}"
        rest = [f"{count:,} {words}" for count, words in found[1:]]
        return f"{SINCE}: {', '.join([first, *rest])}."

    def lines(self, entries: Iterable[Entry]) -> Iterator[str]:
        """What the server moved, an object each: `tag "Pan": description (both sides moved)`."""
        found = [line for entry in entries if (line := self._line(entry))]
        yield from found[:FEW]
        if len(found) > FEW:
            yield f"and {counted(len(found) - FEW, 'more object')}"

    def notes(self, entry: Entry) -> Iterator[str]:
        """`the server moved aliases, description`, side by side."""
        fields = self.moves.get(entry.number, {})
        for side, words in _NOTES.items():
            some = [name for name, one in fields.items() if one is side]
            if some == [""]:
                gone = f": {GONE}" if side is ChangedBy.SERVER and entry.action == "create" else ""
                yield f"{words}{gone}"
            elif some:
                yield f"{words} {', '.join(some)}"

    def _line(self, entry: Entry) -> str:
        fields = self.moves.get(entry.number, {})
        parts = []
        for name, side in fields.items():
            if side in (ChangedBy.SERVER, ChangedBy.BOTH):
                both = " (both sides moved)" if side is ChangedBy.BOTH else ""
                parts.append(f"{name or GONE}{both}")
        return f"{entry.kind} {quoted(entry.label)}: {', '.join(parts)}" if parts else ""
