"""Filters on the server that name objects which a plan removes.

The server keeps the ids in a filter, whatever becomes of the objects.
Here a filter follows a merge, as what is below a merged object does; of what is deleted it keeps
the id, which is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import structs

from stashsync.errors import Problem
from stashsync.fields import ObjectFilter
from stashsync.kinds import KINDS
from stashsync.planner.changes import FieldChange, Matched, Update
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft, draft_of
from stashsync.planner.merges import Identity, successors_of
from stashsync.planner.policy import Policy
from stashsync.state import Resource


def with_filters(
    context: PlanContext, drafts: Sequence[Draft], removals: Sequence[Draft], policy: Policy
) -> list[Draft]:
    """Let the filters that the plan would leave as they are follow what it removes."""
    successors = successors_of(removals)
    if not successors:
        return [*drafts]
    labels = {
        (draft.change.kind, draft.token): draft.desired.name for draft in removals if draft.sources
    }
    found = {(draft.change.kind, draft.token): draft for draft in drafts}
    for resource, name, meaning in _filters(context):
        me = (resource.kind, resource.id or "")
        known = found.get(me)
        if me in successors or policy.ignores(resource) or (known and name in known.after):
            continue
        before = resource.values[name]
        named = [each for each in dict.fromkeys(meaning.ids_in(before)) if each in successors]
        for each in named:
            if successors[each] is None:
                context.warnings.append(_left(context, resource, each))
        after = meaning.exchange(before, partial(_successor, successors), labels)
        if not meaning.same(before, after):
            change = FieldChange(before, after)
            found[me] = _changed(context, resource, name, change, known, removals, named)
    return list(found.values())


def _filters(context: PlanContext) -> Iterator[tuple[Resource, str, ObjectFilter]]:
    for kind in KINDS.values():
        for name, meaning in kind.inner.items():
            for resource in context.observed.of(kind.name):
                if name in resource.values:
                    yield resource, name, meaning


def _successor(successors: Mapping[Identity, str | None], kind: str, token: str) -> str | None:
    return successors.get((kind, token))


def _changed(
    context: PlanContext,
    resource: Resource,
    name: str,
    change: FieldChange,
    known: Draft | None,
    removals: Sequence[Draft],
    named: Sequence[Identity],
) -> Draft:
    """Return the change of a filter, which may change otherwise too."""
    if known is not None and isinstance(known.change, Update):
        kept = {other: value for other, value in known.change.kept.items() if other != name}
        changes = {**known.change.changes, name: change}
        return draft_of(
            context, structs.replace(known.change, changes=changes, kept=kept), known.pair
        )
    cause = next(
        draft
        for draft in removals
        for source in draft.sources
        if (source.kind, source.id or "") in named
    )
    update = Update(
        kind=resource.kind,
        id=resource.id or "",
        label=resource.label,
        changes={name: change},
        mark=cause.desired.mark,
        matched=Matched.AROUND_MERGE,
        kept={other: value for other, value in resource.values.items() if other != name},
    )
    return Draft(update, None, resource)


def _left(context: PlanContext, resource: Resource, gone: Identity) -> Problem:
    label = context.indexes[gone[0]].by_id[gone[1]].label
    return Problem(
        f'{resource.address} names the {gone[0]} "{label}", which is deleted: it keeps the id '
        f"{gone[1]} and finds nothing by it",
        hint="take it out of the filter, or delete the filter too",
    )
