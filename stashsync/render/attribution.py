"""Which side made each difference of a plan: the server, the manifests, or both.

engine.attribution.attribute(plan, baseline) ──> Attribution ──> text, bullets, data
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from msgspec import Struct

from stashsync.render.phrases import counted
from stashsync.render.safe import quoted
from stashsync.render.view import Entry
from stashsync.state import ChangedBy

FEW: Final = 10
"""How many objects are named; the machine formats have them all."""
SINCE: Final = "Since the last apply or pull"
HINT: Final = "`stashsync pull` brings the server's changes into the manifests."
GONE: Final = "renamed or removed"

_WHERE: Final = {
    ChangedBy.SERVER: "on the server",
    ChangedBy.MANIFEST: "in the manifests",
    ChangedBy.BOTH: "on both sides",
}


class Attribution(Struct, frozen=True, dict=True):
    """Who made each difference, by the place of the change in its plan, then by field.

    The field "" is the object as a whole. None means that it is unknown.
    """

    fields: Mapping[int, Mapping[str, ChangedBy | None]]

    @cached_property
    def counts(self) -> Counter[ChangedBy | None]:
        """The number of differences by who made them."""
        return Counter(side for fields in self.fields.values() for side in fields.values())

    def of_field(self, entry: Entry, field: str) -> ChangedBy | None:
        """Return who changed a field."""
        fields = self.fields.get(entry.number, {})
        return fields.get(field, fields.get(""))

    def of_change(self, entry: Entry) -> ChangedBy | None:
        """Return who changed an object: `BOTH` too if each side changed other fields of it."""
        known = set(self.fields.get(entry.number, {}).values()) - {None}
        return next(iter(known)) if len(known) == 1 else ChangedBy.BOTH if known else None

    @property
    def has_server_changes(self) -> bool:
        """Whether there is anything to pull."""
        return bool(self.counts[ChangedBy.SERVER] or self.counts[ChangedBy.BOTH])

    def sentence(self) -> str:
        """Return `Since the last apply or pull: 4 differences were made on the server, …`."""
        where = [*_WHERE.items(), (None, "by an unknown side")]
        found = [(self.counts[side], words) for side, words in where if self.counts[side]]
        count, words = found[0]
        first = f"{counted(count, 'difference')} {'was' if count == 1 else 'were'} made {words}"
        rest = [f"{count:,} {words}" for count, words in found[1:]]
        return f"{SINCE}: {', '.join([first, *rest])}."

    def lines(self, entries: Iterable[Entry]) -> Iterator[str]:
        """Yield the server's changes: `tag "Pan": description (changed on both sides)`."""
        found = [line for entry in entries if (line := self._line(entry))]
        yield from found[:FEW]
        if len(found) > FEW:
            yield f"and {counted(len(found) - FEW, 'more object')}"

    def notes(self, entry: Entry) -> Iterator[str]:
        """Yield `changed on the server: aliases, description`, one note for each side."""
        fields = self.fields.get(entry.number, {})
        for side, where in _WHERE.items():
            named = [name for name, author in fields.items() if author is side]
            if named == [""]:
                gone = side is ChangedBy.SERVER and entry.action == "create"
                named = [GONE] if gone else []
            elif not named:
                continue
            yield f"changed {where}{': ' if named else ''}{', '.join(named)}"

    def _line(self, entry: Entry) -> str:
        parts = []
        for name, side in self.fields.get(entry.number, {}).items():
            if side in (ChangedBy.SERVER, ChangedBy.BOTH):
                both = f" (changed {_WHERE[side]})" if side is ChangedBy.BOTH else ""
                parts.append(f"{name or GONE}{both}")
        return f"{entry.kind} {quoted(entry.label)}: {', '.join(parts)}" if parts else ""
