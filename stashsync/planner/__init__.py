"""Deciding what to do. Pure: no I/O, no clock, no randomness; the same two sides, the same bytes.

keep_supported → match → (details are read) → resolve → diff → check → order → Plan
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.errors import Mark, PlanError, Problem
from stashsync.fields.names import fold
from stashsync.planner.changes import Change, Create, Matched, Update
from stashsync.planner.context import Context, Locate, at_resource
from stashsync.planner.diff import diff
from stashsync.planner.hierarchy import check_hierarchy
from stashsync.planner.match import Pair, match
from stashsync.planner.names import check_names
from stashsync.planner.order import order
from stashsync.planner.plan import External, Operation, Plan, Source
from stashsync.planner.resolve import Resolver, resolver
from stashsync.planner.support import keep_supported
from stashsync.state import State
from stashsync.types import KINDS, Capabilities

__all__ = [
    "Change",
    "Context",
    "Create",
    "External",
    "Matched",
    "Operation",
    "Pair",
    "Plan",
    "Source",
    "Update",
    "decide",
    "pair_up",
]


def pair_up(
    desired: State,
    observed: State,
    server: Capabilities,
    *,
    lenient: bool = False,
    locate: Locate = at_resource,
) -> tuple[Context, list[Pair]]:
    """Both sides without what the server cannot hold, and who is who.

    What the pairs need beyond `observed` (see `observe`) is read between this and `decide`.
    """
    context = Context(desired, observed, server, locate)
    context.desired = keep_supported(context, lenient=lenient)
    return context, match(context)


def decide(context: Context, pairs: Sequence[Pair]) -> Plan:
    """The plan that makes the observed side into the desired one.

    Raises:
        PlanError: with everything that cannot be carried out on this server.
    """
    names = resolver(context, pairs)
    changes, unchanged, changed_pairs = diff(context, pairs, names)
    constraints = check_names(context, changes, changed_pairs)
    operations, stuck = order(changes, constraints)
    sequence = [*(one.change for one in operations), *stuck]
    check_hierarchy(context, changes, changed_pairs, sequence)
    for position in sorted({one for one, other, _ in constraints if {one, other} <= set(stuck)}):
        resource = changed_pairs[position].desired
        context.problem(
            resource,
            (),
            f"{resource.address}: this server ({context.server.name}) accepts it in no order",
            "it has to come before what its name or an alias matches (`_` and `%` match other "
            "characters there), and after what it needs; choose another spelling",
        )
    if context.problems:
        raise PlanError(_in_order(context.problems))
    return Plan(
        changes=tuple(changes),
        operations=tuple(operations),
        labels=_labels(context, changes, names),
        externals=names.external_references(),
        warnings=tuple(_in_order(context.warnings)),
        unchanged=unchanged,
        source=Source(context.server.identity, context.server.release_name, context.desired.digest),
    )


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    def rank(one: Problem) -> tuple[object, ...]:
        return (one.mark or Mark(""), one.message, one.hint or "", one.related)

    return sorted(set(problems), key=rank)


def _labels(
    context: Context, changes: Sequence[Change], names: Resolver
) -> dict[str, dict[str, str]]:
    """The names of all tokens that the changes mention, sorted.

    An object that is renamed by the plan goes by its new name.
    """
    made = {one.token: one.label for one in changes if isinstance(one, Create)}
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for change in changes:
        for kind, token in _mentioned(change):
            if token not in found[kind]:
                found[kind][token] = made.get(token) or _label(context, names, kind, token)
    return {
        kind: dict(sorted(some.items(), key=lambda one: (fold(one[1]), one[0])))
        for kind, some in found.items()
        if some
    }


def _label(context: Context, names: Resolver, kind: str, token: str) -> str:
    pair = names.pair_of[kind].get(token)
    if pair is not None:
        return pair.desired.label
    observed = context.indexes[kind].by_id.get(token)
    # Kinds are read one after another: what an object refers to may be gone a moment later.
    return token if observed is None else observed.label


def _mentioned(change: Change) -> list[tuple[str, str]]:
    references = KINDS[change.kind].references
    found = []
    for name, spec in references.items():
        kind = spec.meaning.references() or ""
        if isinstance(change, Create):
            sides = [change.values.get(name)]
        elif name in change.changes:
            sides = [change.changes[name].before, change.changes[name].after]
        else:
            sides = []
        for side in sides:
            tokens = side if isinstance(side, list) else [side] if side else []
            found += [(kind, token) for token in tokens]
    return found
