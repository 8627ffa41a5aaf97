"""The names of the objects that a plan mentions."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.planner.changes import Change, Create, references_in, targets_of
from stashsync.planner.context import PlanContext
from stashsync.planner.resolve import Resolver


def labels_of(
    context: PlanContext, changes: Sequence[Change], names: Resolver
) -> dict[str, dict[str, str]]:
    """Return the names of all tokens that the changes mention, by kind, sorted.

    An object that is renamed by the plan goes by its new name. Ids inside of a filter that no
    object has are left out.
    """
    made = {change.token: change.label for change in changes if isinstance(change, Create)}
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for change in changes:
        for name, kind, token in references_in(change, before=True):
            known = name in targets_of(change.kind) or token in context.indexes[kind].by_id
            if token not in found[kind] and (known or token in made):
                found[kind][token] = made.get(token) or _label(context, names, kind, token)
    return {
        kind: dict(sorted(labels.items(), key=lambda item: (fold(item[1]), item[0])))
        for kind, labels in found.items()
        if labels
    }


def _label(context: PlanContext, names: Resolver, kind: str, token: str) -> str:
    pair = names.pair_of[kind].get(token)
    if pair is not None:
        return pair.desired.label
    observed = context.indexes[kind].by_id.get(token)
    # Kinds are read one after another: what an object refers to may be gone a moment later.
    return token if observed is None else observed.label
