"""What a source has: one type for what files, exports and other databases describe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field


class FoundObject(Struct, frozen=True):
    """One object of a source.

    `values` are plain data by the names that fields have in manifests, as a manifest would have
    them: references by name, `stash_ids` as `{endpoint: [id, …]}`, the hierarchy as `parents` or
    `parent`. A reference may name another object of the source or one that the manifests have. A
    field that the source does not know is left out; none is cleared. `place` is where the source
    has it, for messages (`genres.csv:12`). `pictures` are the bytes of images by field.
    """

    kind: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


class LeftOut(Struct, frozen=True):
    """What of a source is not written, and why; `field` "" is the object itself.

    `place` is where the source has it, `other` the place of what is in its way, if anything is.
    """

    kind: str
    name: str
    reason: str
    place: str = ""
    field: str = ""
    other: str = ""

    def __str__(self) -> str:
        """Return it as a sentence without an end, for people."""
        place = f" ({self.place})" if self.place else ""
        of = f"{self.field}: " if self.field else ""
        other = f" ({self.other})" if self.other else ""
        return f'{self.kind} "{self.name}"{place}: {of}{self.reason}{other}'


Leave: TypeAlias = Callable[[LeftOut], object]
"""Receives what is not written."""
