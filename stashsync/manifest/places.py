"""Where, inside a raw value, something stands."""

from __future__ import annotations

from stashsync.fields.names import trim
from stashsync.fields.raw import Raw, RawList, RawMap

Path = tuple[str | int, ...]
"""Keys of mappings; indices or texts of list members."""


def place_of(raw: Raw, place: int, path: Path) -> int:
    """The packed place of what `path` leads to in `raw`, which itself stands at `place`.

    Where the path leads no further, the place of the last thing that it did lead to.
    """
    for step in path:
        found = _step(raw, step)
        if found is None:
            break
        raw, place = found
    return place


def _step(raw: Raw, step: str | int) -> tuple[Raw, int] | None:
    if isinstance(raw, RawMap):
        if isinstance(step, str) and step in raw:
            return raw[step], raw.value_marks[step]
        for part in ("add", "remove"):
            inner = raw.get(part)
            found = _step(inner, step) if isinstance(inner, RawList) else None
            if found is not None:
                return found
        return None
    if isinstance(raw, RawList):
        if isinstance(step, int):
            return (raw[step], raw.marks[step]) if step < len(raw) else None
        for item, place in zip(raw, raw.marks, strict=True):
            if isinstance(item, str) and trim(item) == step:
                return item, place
        return None
    return None
