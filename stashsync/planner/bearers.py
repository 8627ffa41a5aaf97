"""Which objects bear others: a scene its tags, a child tag its parents, a group its studio."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from stashsync.kinds import ENTITIES, KINDS, Capabilities, FieldSpec, Kind
from stashsync.planner.changes import Delete, Merge

MOST_BEARERS: Final = 100_000
"""Above so many bearers of one object a run does not keep which they were."""


def bearing(kind: Kind, server: Capabilities) -> Iterator[tuple[Kind, str, Sequence[FieldSpec]]]:
    """Yield the kinds whose objects refer to those of a kind.

    Each comes with the filter criterion that finds them, and the fields that refer.
    """
    for bearer in ENTITIES.values():
        specs = [
            spec
            for spec in _referring(bearer, kind.name)
            if server.has_output(bearer.type_name, spec.output)
        ]
        criteria = [f"{spec.name}s" if spec.form == "one" else spec.name for spec in specs]
        known = [name for name in criteria if server.has_input(bearer.filter_type, name)]
        if known:
            yield bearer, known[0], specs


def _referring(bearer: Kind, kind: str) -> list[FieldSpec]:
    return [
        spec
        for spec in bearer.fields.values()
        if spec.meaning.references() == kind and spec.is_relation
    ]


@cache
def _counts(kind: str) -> frozenset[str]:
    """Return the server's words for counts of what bears the objects of a kind."""
    names = {bearer.name for bearer in ENTITIES.values() if _referring(bearer, kind)} - {kind}
    below = {"child"} if KINDS[kind].hierarchy is not None else set()
    return frozenset(below | {re.sub("([A-Z])", r"_\1", name).lower() for name in names})


def bearers_are_kept(change: Delete | Merge) -> bool:
    """Whether a run keeps which objects bear what the change removes."""
    return sum(change.impact.get(word, 0) for word in _counts(change.kind)) <= MOST_BEARERS
