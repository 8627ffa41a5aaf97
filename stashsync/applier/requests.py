"""Make the mutations of a plan's operations."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from stashsync.fields import Value
from stashsync.kinds import ENTITIES, KINDS, Capabilities
from stashsync.planner import Change, Create, Delete, Merge, Plan, Update
from stashsync.planner.changes import Bearers, targets_of, token_of
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

    `ids` are the server's ids of created objects, by their tokens. `image` makes what to send from
    the canonical value of an image; what it raises is raised.
    """
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    kind = KINDS[change.kind]
    if operation.content and isinstance(change, Create | Update):
        return _request_for_bearers(change.bearers[int(operation.content)], ids, server)
    parts, images = [], {spec.name for spec in kind.images}
    for name, before, planned in _sent(plan, index):
        value = operation.detour.get(name, planned) if name in operation.fields else planned
        parts.append((name, before, image(value) if name in images else value))
    match change:
        case Create() if "name" in operation.fields:
            values = {name: value for name, _, value in parts}
            return create_operation(kind, values, ids, server)
        case Merge():
            return _request_for_merge(change, operation.content)
        case Delete() if not operation.fields:
            return delete_operation(kind, change.id)
    token = token_of(change)
    request = update_operation(kind, ids.get(token, token), parts, ids, server)
    if operation.children is not None and kind.hierarchy and kind.hierarchy.inverse:
        children = kind.all_fields[kind.hierarchy.inverse.name].input
        request.variables["input"][children] = list(operation.children)
    return request


def _request_for_merge(change: Merge, content: str) -> BatchOperation:
    kind, sources = KINDS[change.kind], [source for source, _ in change.sources]
    if content:
        return reassign_operation(content, change.content[content], kind, change.id)
    if change.native:
        return merge_operation(kind, change.id, sources)
    return delete_all_operation(kind, sources)


def _request_for_bearers(
    bearers: Bearers, ids: Mapping[str, str], server: Capabilities
) -> BatchOperation:
    """Make the mutation that changes what many objects refer to, or the whole list of one."""
    kind = ENTITIES[bearers.kind]
    spec = kind.fields[bearers.field]
    if bearers.members:
        there = [
            [token, extra] for token, extra in bearers.members if token in ids or token[0] != "+"
        ]
        (identifier,) = bearers.ids
        return update_operation(kind, identifier, [(spec.name, None, there)], ids, server)
    before, after = (ids.get(token, token) for token in (bearers.before, bearers.after))
    if spec.form == "one":
        return bulk_update_operation(kind, bearers.ids, {spec.input: after or None})
    value = {"mode": "ADD" if after else "REMOVE", "ids": [after or before]}
    return bulk_update_operation(kind, bearers.ids, {spec.bulk_input: value})


def _sent(plan: Plan, index: int) -> list[tuple[str, Value, Value]]:
    """Return the fields that an operation sends, with their values before and after."""
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    if not isinstance(change, Update) or not KINDS[change.kind].saved_whole:
        return _sides(change, operation.fields)
    earlier = [each for each in plan.operations[:index] if each.change == operation.change]
    written = {name for each in (*earlier, operation) for name in each.fields}
    sides = []
    for name, value in whole_before(change, {}).items():
        after = change.changes[name].after if name in change.changes else value
        sides.append((name, value, after if name in written else value))
    return sides


def whole_before(change: Update, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return `values`, and with them what the object has where it is always saved whole."""
    if not KINDS[change.kind].saved_whole:
        return dict(values)
    return {
        **{name: field.before for name, field in change.changes.items()},
        **change.kept,
        **values,
    }


def _sides(change: Change, fields: Sequence[str]) -> list[tuple[str, Value, Value]]:
    """Return the fields with their values before and after; those of a detour have none."""
    if isinstance(change, Create):
        specs = KINDS[change.kind].fields
        return [(name, specs[name].meaning.empty, change.values[name]) for name in fields]
    known = change.changes if isinstance(change, Update) else {}
    return [
        (name, known[name].before, known[name].after) if name in known else (name, None, None)
        for name in fields
    ]


def patch_for(
    plan: Plan,
    index: int,
    ids: Mapping[str, str],
    server: Capabilities,
    merged: Container[str] = (),
) -> dict[str, Any] | None:
    """Return the operation as the input of a bulk update without its object; None if impossible.

    Operations with equal patches of one kind do the same to their objects. Where the plan merges
    objects of the kinds `merged`, references to them are written whole: the plan has them as the
    merge leaves them, and the operation may come before it.
    """
    operation = plan.operations[index]
    change = plan.changes[operation.change]
    apart = operation.detour or operation.children is not None or not operation.fields
    if not isinstance(change, Update) or apart:
        return None
    targets = targets_of(change.kind)
    sides = [
        (name, None if targets.get(name, "") in merged else before, after)
        for name, before, after in _sides(change, operation.fields)
    ]
    return bulk_patch(KINDS[change.kind], sides, ids, server)


def request_for_patch(
    plan: Plan, indices: Sequence[int], patch: Mapping[str, Any]
) -> BatchOperation:
    """Make one mutation for many updates with the same patch: all of them happen, or none."""
    changes = [plan.changes[plan.operations[index].change] for index in indices]
    return bulk_update_operation(
        KINDS[changes[0].kind], [token_of(change) for change in changes], patch
    )


def request_for_deletes(plan: Plan, indices: Sequence[int]) -> BatchOperation:
    """Make one mutation for many deletes of one kind: all of them happen, or none."""
    changes = [plan.changes[plan.operations[index].change] for index in indices]
    ids = [change.id for change in changes if isinstance(change, Delete)]
    return delete_all_operation(KINDS[changes[0].kind], ids)


def update_request(
    kind: str, identifier: str, values: Mapping[str, Value], server: Capabilities
) -> BatchOperation:
    """Make the mutation that gives an object these values, whatever it had before."""
    parts = [(name, None, value) for name, value in values.items()]
    return update_operation(KINDS[kind], identifier, parts, {}, server)


def deletes(plan: Plan, index: int) -> bool:
    """Whether the operation deletes its object."""
    operation = plan.operations[index]
    return isinstance(plan.changes[operation.change], Delete) and not operation.fields
