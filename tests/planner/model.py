"""A library in memory that applies operations, so that tests can plan again afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stashsync.fields import Value
from stashsync.kinds import KINDS
from stashsync.planner import Create, Plan
from stashsync.state import Resource, State
from tests.planner.build import observed_state, resource


def applied(plan: Plan, observed: State) -> State:
    """Return the library after every operation of the plan has been applied in order."""
    objects = {(item.kind, item.id): dict(item.values) for item in observed}
    ids: dict[str, str] = {}
    for operation in plan.operations:
        change = plan.changes[operation.change]
        if isinstance(change, Create):
            number = str(1 + max((int(i or 0) for k, i in objects if k == change.kind), default=0))
            ids[change.token] = number
            empty = {name: spec.meaning.empty for name, spec in KINDS[change.kind].fields.items()}
            objects[change.kind, number] = empty
            values: Any = change.values
        else:
            number = change.id
            values = {name: item.after for name, item in change.changes.items()}
        for name in operation.fields:
            objects[change.kind, number][name] = _stored(change.kind, name, values[name], ids)
    return observed_state(_resources(objects))


def _stored(kind: str, name: str, value: Value, ids: dict[str, str]) -> Value:
    if name == "image":
        return value and {"etag": value.get("md5", "")}
    if name in KINDS[kind].references:
        if isinstance(value, list):
            return sorted(ids.get(item, item) for item in value)
        return ids.get(value, value)
    return value


def _resources(objects: dict[tuple[str, str | None], dict[str, Value]]) -> Iterable[Resource]:
    for (kind, number), values in objects.items():
        yield resource(kind, values["name"], id=number, **{
            name: value for name, value in values.items() if name != "name"
        })  # fmt: skip
