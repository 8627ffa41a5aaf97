"""What a source has: one type for what files, exports and other databases describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FoundObject:
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
