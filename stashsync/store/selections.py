"""What to read of an object: its fields as selections, each related object by id and name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stashsync.kinds import Capabilities, Kind
    from stashsync.kinds.field_spec import FieldSpec

_ON_DEMAND = frozenset({"scene_streams", "captions", "chapters", "play_history", "o_history"})
"""What few ask for. Counts are not read at once either: the server counts them row by row."""


def base_fields(kind: Kind) -> frozenset[str]:
    """Return the fields of a first reading: all settable ones, and what costs the server little.

    Far ends of relations are not among them: the scenes of a performer may be thousands. What is
    below an object in its hierarchy is: a library has as many children as it has parents.
    """
    own = {name for name, spec in kind.fields.items() if spec.reads}
    if kind.hierarchy is not None and kind.hierarchy.inverse is not None:
        own.add(kind.hierarchy.inverse.name)
    shown = {
        name
        for name, spec in kind.further.items()
        if spec.reads
        and spec.form in ("scalar", "nested", "memberships")
        and name not in _ON_DEMAND
    }
    return frozenset(own | {name for name in shown if not name.endswith("_count")})


def parts(kind: Kind, fields: Iterable[str], server: Capabilities) -> list[str]:
    """Return the selections of these fields in the kind's order, without what the server lacks.

    Raises:
        KeyError: the kind has no such field.
    """
    wanted = set(fields) - {"id"}
    for unknown in sorted(wanted - kind.all_fields.keys()):
        raise KeyError(unknown)
    return [
        selection(spec, server)
        for name, spec in kind.all_fields.items()
        if name in wanted and spec.reads and server.has_output(kind.type_name, spec.output)
    ]


def row_selection(kind: Kind, server: Capabilities) -> str:
    """Return what a first reading selects of an object."""
    return " ".join(["id", *parts(kind, base_fields(kind), server)])


def selection(spec: FieldSpec, server: Capabilities) -> str:
    """Return the selection of a field; of related objects it has the ids and the names."""
    if not spec.is_relation:
        return spec.selection(server)
    meaning = spec.meaning
    named = reference(meaning.references() or "", server)
    return meaning.selection(spec.output, server).replace("{ id }", f"{{ {named} }}")


def reference(name: str, server: Any) -> str:
    """Return the selection of a related object of this kind: its id and key."""
    from stashsync.kinds.registry import ENTITIES

    kind = ENTITIES[name]
    keys = [
        spec.output
        for field in kind.key_fields
        if (spec := kind.all_fields[field]).form == "scalar"
        and server.has_output(kind.type_name, spec.output)
    ]
    return " ".join(["id", *keys])
