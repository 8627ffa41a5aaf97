"""Items that were taken out of their place in the manifests, which alone moves nothing.

What is above an object is not managed where no manifest says it. Whoever cuts an item out of its
nest and pastes it at the top means something else, and the record knows that it had a place.
"""

from __future__ import annotations

from collections.abc import Iterator

from stashsync.errors import Problem
from stashsync.fields import Value
from stashsync.planner import Policy
from stashsync.record import Record
from stashsync.render.safe import quoted
from stashsync.state import State
from stashsync.types import KINDS


def unnested(desired: State, record: Record, policy: Policy) -> Iterator[Problem]:
    """A warning for each, with its place."""
    for kind in KINDS.values():
        if kind.hierarchy is None:
            continue
        field = kind.hierarchy.name
        for one in desired.of(kind.name):
            if field in one.values or one.absent or not policy.chooses(one):
                continue
            base = record.get(kind.name, one.id or record.ids.get((kind.name, one.key)))
            above = _names(record, kind.name, (base or {}).get(field))
            if above:
                nothing = "[]" if field == "parents" else "null"
                yield Problem(
                    f"{one.address} stays below {above} on the server: it was nested there, and "
                    "now no manifest says what is above it",
                    one.mark,
                    hint=f"`{field}: {nothing}` puts it at the top",
                )


def _names(record: Record, kind: str, value: Value) -> str:
    ids = value if isinstance(value, list) else [value] if value else []
    known = (record.get(kind, one) for one in ids)
    return " and ".join(sorted(quoted(str(one["name"])) for one in known if one is not None))
