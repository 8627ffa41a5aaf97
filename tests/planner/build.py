"""Builders for both sides of a plan.

    server = [tag("Camera", id="1", aliases=["Cam"])]
    plan = plan_of([tag("Camera", description="How it was filmed")], server)

An observed object is one with an `id`, whose fields are what the server holds (references by id);
a desired one has the fields that its manifest mentions (references by name).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from msgspec import structs

from stashsync.errors import Mark, PlanError, Problem
from stashsync.fields import Value
from stashsync.kinds import KINDS, Capabilities, Key
from stashsync.kinds.capabilities import Release
from stashsync.planner import Pair, Plan, PlanContext, Policy, decide, pair_up, removals
from stashsync.planner.context import at_resource
from stashsync.state import Resource, State, desired_state

_LINES = iter(range(1, 10**9))


def server_of(release: Release | None = (0, 30, 1), *, without: Iterable[str] = ()) -> Capabilities:
    """Return a server that has every field of the kinds except `without` ("Tag.sort_name")."""
    gone = set(without)
    inputs: dict[str, frozenset[str]] = {}
    outputs: dict[str, frozenset[str]] = {}
    for kind in KINDS.values():
        specs = [
            field for field in kind.fields.values() if f"{kind.type_name}.{field.name}" not in gone
        ]
        if release is not None:
            specs = [spec for spec in specs if spec.since <= release]
        outputs[kind.type_name] = frozenset({"id", *(spec.output for spec in specs)})
        for name in (kind.create_input, kind.update_input):
            inputs[name] = frozenset({"id", *(spec.input for spec in specs)})
    if release is not None and release >= (0, 31, 0):
        inputs["TagsMergeInput"] = frozenset({"source", "destination", "values"})
    inputs["CustomFieldsInput"] = frozenset({"full", "partial", "remove"})
    inputs["StashIDInput"] = frozenset({"endpoint", "stash_id", "updated_at"})
    outputs["StashID"] = frozenset({"endpoint", "stash_id", "updated_at"})
    name = "" if release is None else "v" + ".".join(map(str, release))
    return Capabilities(
        inputs, outputs, frozenset(), release=release, release_name=name, paths="a-library"
    )


SERVER = server_of()
DEVELOP = structs.replace(
    server_of((0, 31, 0)), mutations=frozenset({"tagsMerge", "performerMerge"})
)
"""A server that can merge tags and performers."""


def resource(kind: str, name: str, **values: Value) -> Resource:
    """Return an object; `id`, `merge`, `absent` and the like are attributes of `Resource`."""
    own = {item: values.pop(item) for item in ("id", "keep_old_name", "absent") if item in values}
    renamed = values.pop("renamed_from", ())
    own["merge"] = tuple(values.pop("merge", ()))
    line = values.pop("line", None) or next(_LINES)
    file = values.pop("file", "m.yaml")
    whole = {"name": name, **values}
    return Resource(
        kind,
        KINDS[kind].key(whole),
        whole,
        renamed_from=(renamed,) if isinstance(renamed, str) else tuple(renamed),
        file="" if "id" in own and file == "m.yaml" else file,
        line=line,
        column=3,
        **own,
    )


def tag(name: str, **values: Value) -> Resource:
    """Return a tag."""
    return resource("tag", name, **values)


def studio(name: str, **values: Value) -> Resource:
    """Return a studio."""
    return resource("studio", name, **values)


def performer(name: str, **values: Value) -> Resource:
    """Return a performer."""
    return resource("performer", name, **values)


def observed_state(resources: Iterable[Resource], *, fill: bool = True) -> State:
    """Return an observed state, sorted by id; with `fill`, fields not given are empty."""
    by_kind: dict[str, list[Resource]] = {name: [] for name in KINDS}
    for item in resources:
        if fill:
            for name, spec in KINDS[item.kind].fields.items():
                item.values.setdefault(name, spec.meaning.empty)
        by_kind[item.kind].append(item)
    for group in by_kind.values():
        group.sort(key=lambda item: int(item.id or 0))
    return State(by_kind)


PLACES = {"id", "name", "stash_ids", "renamed_from", "merge", "keep_old_name", "state"} | {
    name for kind in KINDS.values() for name in kind.fields
}


def located(resource: Resource, path: tuple[str | int, ...]) -> Mark:
    """Return the place of a resource, and check that `path` leads to something in a manifest."""
    assert isinstance(path, tuple)
    assert not path or path[0] in PLACES, path
    return at_resource(resource, path)


def paired(
    desired: Iterable[Resource],
    observed: Iterable[Resource] = (),
    server: Capabilities = SERVER,
    *,
    lenient: bool = False,
    remembered: Mapping[tuple[str, Key], str] | None = None,
) -> tuple[PlanContext, list[Pair]]:
    """Return the pairs of desired and observed objects."""
    return pair_up(
        desired_state(desired, "digest"),
        observed_state(observed),
        server,
        policy=Policy(lenient=lenient),
        locate=located,
        remembered=remembered,
    )


def plan_of(
    desired: Iterable[Resource],
    observed: Iterable[Resource] = (),
    server: Capabilities = SERVER,
    *,
    lenient: bool = False,
) -> Plan:
    """Return the plan of two sides."""
    context, pairs = paired(desired, observed, server, lenient=lenient)
    return decide(context, pairs, removed=removals(context, pairs, Policy()))


def problems_of(
    desired: Iterable[Resource],
    observed: Iterable[Resource] = (),
    server: Capabilities = SERVER,
) -> Sequence[Problem]:
    """Return the problems that make the plan impossible; check that each has a hint."""
    with pytest.raises(PlanError) as caught:
        plan_of(desired, observed, server)
    assert all(problem.mark and problem.hint for problem in caught.value.problems)
    return caught.value.problems


def the_problem(
    desired: Iterable[Resource],
    observed: Iterable[Resource] = (),
    server: Capabilities = SERVER,
) -> Problem:
    """Return the only problem of the plan."""
    (problem,) = problems_of(desired, observed, server)
    return problem


def changes_of(plan: Plan) -> dict[str, Any]:
    """Return the changes by address: `{"+ tag Camera": {…}, "~ tag 1": {field: after}}`."""
    found: dict[str, Any] = {}
    for change in plan.changes:
        if change.action == "create":
            found[f"+ {change.kind} {change.label}"] = dict(change.values)
        else:
            found[f"~ {change.kind} {change.id}"] = {
                name: field.after for name, field in change.changes.items()
            }
    return found


def sent_in_order(plan: Plan) -> list[str]:
    """Return the labels of the changes in sending order."""
    return [plan.changes[operation.change].label for operation in plan.operations]
