"""What an operation of a plan is on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stashsync.applier import pictures
from stashsync.fields import Value
from stashsync.planner import Create, Delete, Merge, Plan, Update
from stashsync.types import KINDS, Capabilities
from stashsync.wire.inputs import (
    create_operation,
    delete_operation,
    merge_operation,
    update_operation,
)
from stashsync.wire.operations import BatchOperation


def request_for(
    plan: Plan, index: int, ids: Mapping[str, str], server: Capabilities, root: Path
) -> BatchOperation:
    """The mutation of operation `index`. `ids` are the server's ids of what was made so far.

    Raises:
        StashError: an image cannot be read, or is not the one that the plan saw.
    """
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    kind = KINDS[change.kind]
    if isinstance(change, Merge):
        return merge_operation(kind, change.id, [one for one, _ in change.sources])
    if isinstance(change, Delete):
        if not operation.fields:
            return delete_operation(kind, change.id)
        parts = [(name, None, value) for name, value in operation.detour.items()]
        return update_operation(kind, change.id, parts, ids, server)

    def after(name: str, planned: Value) -> Value:
        value = operation.detour.get(name, planned)
        return pictures.to_send(value, root) if name == "image" else value

    if isinstance(change, Update):
        changes = []
        for name in operation.fields:
            one = change.changes.get(name)
            changes.append(
                (name, one.before if one else None, after(name, one.after if one else None))
            )
        return update_operation(kind, change.id, changes, ids, server)
    assert isinstance(change, Create)
    if "name" in operation.fields:
        values = {name: after(name, change.values[name]) for name in operation.fields}
        return create_operation(kind, values, ids, server)
    empty = {name: kind.fields[name].meaning.empty for name in operation.fields}
    changes = [(name, empty[name], change.values[name]) for name in operation.fields]
    return update_operation(kind, ids[change.token], changes, ids, server)
