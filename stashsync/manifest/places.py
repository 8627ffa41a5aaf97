"""Raw values that know their places, and where, inside of one, something stands.

A parser's mark is two numbers, and to take them out of it for every key and value costs a sixth
of the time of loading. They are seldom needed: so the marks are kept as they came, for as long as
their item lives, and packed on demand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stashsync.fields.names import trim
from stashsync.fields.raw import Raw, RawList, RawMap, pack


class PlacedMap(RawMap):
    """A mapping as the reader makes it.

    `places` are the parser's marks: of the first key, of its value, of the second key, and so on.
    """

    __slots__ = ("places",)
    places: list[Any]

    @property
    def marks(self) -> dict[str, int]:  # type: ignore[override]  # made when asked for
        """The packed places of its keys."""
        return {key: packed(mark) for key, mark in zip(self, self.places[::2], strict=True)}

    @property
    def value_marks(self) -> dict[str, int]:  # type: ignore[override]  # made when asked for
        """The packed places of its values."""
        return {key: packed(mark) for key, mark in zip(self, self.places[1::2], strict=True)}


class PlacedList(RawList):
    """A sequence as the reader makes it, with the parser's marks of its items."""

    __slots__ = ("places",)
    places: list[Any]

    @property
    def marks(self) -> list[int]:  # type: ignore[override]  # made when asked for
        """The packed places of its items."""
        return [packed(mark) for mark in self.places]


def packed(mark: Any) -> int:
    """Pack the place of a parser's mark."""
    return pack(mark.line, mark.column)


Path = tuple[str | int, ...]
"""Keys of mappings; indices or texts of list members."""


def place_of(raw: Raw, place: int, path: Path) -> int:
    """Return the packed place of what `path` leads to in `raw`, which itself stands at `place`.

    Where the path leads no further, the place of the last thing that it did lead to.
    """
    for step in path:
        found = _step(raw, step)
        if found is None:
            break
        raw, place = found
    return place


def _texts(member: Raw) -> Iterable[Raw]:
    """Return the texts of a member of a list: itself, or the values of a mapping."""
    return member.values() if isinstance(member, RawMap) else (member,)


def _step(raw: Raw, step: str | int) -> tuple[Raw, int] | None:
    if isinstance(raw, RawList):
        if isinstance(step, int):
            return (raw[step], raw.marks[step]) if step < len(raw) else None
        members = zip(raw, raw.marks, strict=True)
        return next(
            (
                member
                for member in members
                if any(isinstance(text, str) and trim(text) == step for text in _texts(member[0]))
            ),
            None,
        )
    if not isinstance(raw, RawMap):
        return None
    if isinstance(step, str) and step in raw:
        return raw[step], raw.value_marks[step]
    found = (_step(inner, step) for inner in raw.values() if isinstance(inner, RawList | RawMap))
    return next((member for member in found if member is not None), None)
