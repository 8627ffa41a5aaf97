"""What operations of a plan are on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from stashsync.fields import Value
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner import Create, Delete, Merge, Plan, Update
from stashsync.planner.changes import token_of
from stashsync.wire.inputs import (
    bulk_patch,
    bulk_update_operation,
    create_operation,
    delete_all_operation,
    delete_operation,
    merge_operation,
    reassign_operation,
    update_operation,
)
from stashsync.wire.operations import BatchOperation


def request_for(
    plan: Plan,
    index: int,
    ids: Mapping[str, str],
    server: Capabilities,
    image: Callable[[Value], Value],
) -> BatchOperation:
    """Make the mutation of operation `index`.

    Args:
        ids: the server's ids of created objects, by their tokens.
        image: makes what to send from the canonical value of an image; may raise.
    """
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    kind = KINDS[change.kind]

    def to_send(name: str, planned: Value) -> Value:
        value = operation.detour.get(name, planned)
        return image(value) if kind.fields[name] in kind.images else value

    match change:
        case Create() if "name" in operation.fields:
            values = {name: to_send(name, change.values[name]) for name in operation.fields}
            return create_operation(kind, values, ids, server)
        case Create():
            parts = [
                (name, kind.fields[name].meaning.empty, to_send(name, change.values[name]))
                for name in operation.fields
            ]
            return update_operation(kind, ids[change.token], parts, ids, server)
        case Update():
            parts = [
                (name, before, to_send(name, after))
                for name, before, after in _sides(change, operation.fields)
            ]
            return update_operation(kind, change.id, parts, ids, server)
        case Merge() if operation.content:
            return reassign_operation(
                operation.content, change.content[operation.content], kind, change.id
            )
        case Merge() if not change.native:
            return delete_all_operation(kind, [one for one, _ in change.sources])
        case Merge():
            return merge_operation(kind, change.id, [one for one, _ in change.sources])
        case Delete() if operation.fields:
            return update_request(kind.name, change.id, operation.detour, server)
        case _:
            return delete_operation(kind, change.id)


def _sides(change: Update, fields: Sequence[str]) -> Iterator[tuple[str, Value, Value]]:
    """The fields with their values before and after; a detour's have no such values."""
    for name in fields:
        one = change.changes.get(name)
        yield (name, None, None) if one is None else (name, one.before, one.after)


def patch_for(
    plan: Plan, index: int, ids: Mapping[str, str], server: Capabilities
) -> dict[str, Any] | None:
    """The operation as a bulk update says it, without its object; None where that cannot be.

    Operations with equal patches of one kind do the same to their objects.
    """
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    if not isinstance(change, Update) or operation.detour or not operation.fields:
        return None
    return bulk_patch(KINDS[change.kind], _sides(change, operation.fields), ids, server)


def request_for_patch(
    plan: Plan, indices: Sequence[int], patch: Mapping[str, Any]
) -> BatchOperation:
    """One mutation for many updates with the same patch: all of them happen, or none."""
    changes = [plan.changes[plan.operations[index].change] for index in indices]
    return bulk_update_operation(
        KINDS[changes[0].kind], [token_of(change) for change in changes], patch
    )


def request_for_deletes(plan: Plan, indices: Sequence[int]) -> BatchOperation:
    """One mutation for many deletes of one kind: all of them happen, or none."""
    changes = [plan.changes[plan.operations[index].change] for index in indices]
    ids = [one.id for one in changes if isinstance(one, Delete)]
    return delete_all_operation(KINDS[changes[0].kind], ids)


def update_request(
    kind: str, identifier: str, values: Mapping[str, Value], server: Capabilities
) -> BatchOperation:
    """The mutation that gives an object these values, whatever it had before."""
    parts = [(name, None, value) for name, value in values.items()]
    return update_operation(KINDS[kind], identifier, parts, {}, server)


def deletes(plan: Plan, index: int) -> bool:
    """Whether the operation makes its object go."""
    operation = plan.operations[index]
    return isinstance(plan.changes[operation.change], Delete) and not operation.fields
