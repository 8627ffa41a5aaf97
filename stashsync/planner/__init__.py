"""Deciding what to do. Pure: no I/O, no clock, no randomness; the same two sides, the same bytes.

keep_supported → match → departures → (details are read) → resolve → diff → constrain
                                                                          → sequence → Plan
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.errors import Mark, PlanError, Problem
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Capabilities
from stashsync.planner.changes import (
    Change,
    Create,
    Delete,
    Matched,
    Merge,
    Update,
    token_of,
    values_after,
)
from stashsync.planner.context import Context, Locate, at_resource
from stashsync.planner.diff import diff
from stashsync.planner.match import Pair, match
from stashsync.planner.merges import Folding, fold_in, foldings, kept_before, native_merge
from stashsync.planner.moves import link_moves
from stashsync.planner.namespaces import Namespace
from stashsync.planner.parts import Link, Parts, Role
from stashsync.planner.plan import External, Operation, Plan, Source
from stashsync.planner.policy import Policy, doomed, refusals, refuse_ignored
from stashsync.planner.resolve import Resolver, resolver
from stashsync.planner.sequence import link_references, put_in_sequence
from stashsync.planner.support import keep_supported
from stashsync.state import State

__all__ = [
    "Change",
    "Context",
    "Create",
    "Delete",
    "External",
    "Matched",
    "Merge",
    "Operation",
    "Pair",
    "Plan",
    "Policy",
    "Source",
    "Update",
    "decide",
    "departures",
    "pair_up",
]


def pair_up(
    desired: State,
    observed: State,
    server: Capabilities,
    *,
    policy: Policy | None = None,
    locate: Locate = at_resource,
) -> tuple[Context, list[Pair]]:
    """Both sides without what the server cannot hold, and who is who.

    What the pairs need beyond `observed` (see `observe`) is read between this and `decide`.
    """
    policy = policy or Policy()
    context = Context(desired, observed, server, locate)
    context.desired = keep_supported(context, lenient=policy.lenient)
    refuse_ignored(context, policy)
    return context, match(context)


def departures(context: Context, pairs: Sequence[Pair], policy: Policy) -> list[Delete | Merge]:
    """What will go, before anything is known of what depends on it (see `observe_impacts`)."""
    chosen = [pair for pair in pairs if policy.chooses(pair.desired)]
    merges = [
        one.change(native=native_merge(KINDS[one.pair.desired.kind], context) is not None)
        for one in foldings(context, chosen)
    ]
    gone = {(one.kind, source) for one in merges for source, _ in one.sources}
    deletes = [one for one in doomed(context, chosen, policy) if (one.kind, one.id) not in gone]
    return [*merges, *deletes]


def decide(
    context: Context,
    pairs: Sequence[Pair],
    policy: Policy | None = None,
    going: Sequence[Delete | Merge] = (),
) -> Plan:
    """The plan that makes the observed side into the desired one.

    `going` are the `departures`, with what is known of them meanwhile.

    Raises:
        PlanError: with everything that cannot be carried out on this server.
    """
    policy = policy or Policy()
    for one in going:
        if isinstance(one, Delete) and one.blockers:
            context.problems.append(_blocked(one))
    staying = [pair for pair in pairs if not pair.desired.absent]
    chosen = [pair for pair in staying if policy.chooses(pair.desired)]
    left_out = [pair for pair in staying if not policy.chooses(pair.desired)]
    names = resolver(context, chosen, left_out)
    deleted = {(one.kind, one.id) for one in going if isinstance(one, Delete)}
    extra = fold_in(context, staying, chosen, foldings_of(context, chosen, going), deleted)
    changes, unchanged, pairs_of = diff(context, chosen, names)
    changes += [*extra, *going]
    pairs_of += [None] * (len(extra) + len(going))
    parts = _constraints(context, changes, pairs_of, names)
    operations = put_in_sequence(context, changes, pairs_of, parts)
    if context.problems:
        raise PlanError(_in_order(context.problems))
    return Plan(
        changes=tuple(changes),
        operations=tuple(operations),
        labels=_labels(context, changes, names),
        externals=names.external_references(),
        warnings=tuple(_in_order(context.warnings)),
        refusals=refusals(context, changes, policy),
        unchanged=unchanged,
        source=Source(context.server.identity, context.server.release_name, context.desired.digest),
    )


def _blocked(change: Delete) -> Problem:
    few = ", ".join(change.blockers[:3])
    more = f" and {len(change.blockers) - 3} more" if len(change.blockers) > 3 else ""
    return Problem(
        f'{change.kind} "{change.label}" cannot be deleted: it is the primary tag of {few}{more}',
        change.mark,
        "give these markers another primary tag first, or merge the tag into another one",
    )


def foldings_of(
    context: Context, pairs: Sequence[Pair], going: Sequence[Delete | Merge]
) -> list[Folding]:
    """The merges among the departures, with the objects that they are about."""
    by_id = {(one.desired.kind, one.observed.id): one for one in pairs if one.observed is not None}
    return [
        Folding(
            by_id[one.kind, one.id],
            tuple(context.indexes[one.kind].by_id[source] for source, _ in one.sources),
        )
        for one in going
        if isinstance(one, Merge)
    ]


def _constraints(
    context: Context, changes: list[Change], pairs: list[Pair | None], names: Resolver
) -> Parts:
    """What has to happen before what; changes that have to step aside are added to `changes`."""
    namespaces = []
    for name, kind in KINDS.items():
        if any(one.kind == name for one in changes):
            namespace = Namespace(context, kind, changes, pairs, names.pair_of[name])
            namespace.step_aside()
            namespaces.append(namespace)
    parts = Parts(changes)
    for namespace in namespaces:
        namespace.link(parts)
        link_moves(context, namespace.kind, changes, pairs, parts)
        link_merges(context, namespace, pairs, parts)
    link_references(changes, parts)
    return parts


def link_merges(
    context: Context, namespace: Namespace, pairs: Sequence[Pair | None], parts: Parts
) -> None:
    """What is merged gives up first what it has to; what it would lose is written before.

    Everything else that changes of a destination changes once it is what the merge makes it.
    """
    for source, merge in namespace.merged.items():
        giving_up = namespace.change_of.get(source)
        if giving_up is not None:
            parts.link(giving_up, merge, Link.WAIT)
        update = namespace.change_of.get(token_of(parts.changes[merge]))
        if update is None:
            continue
        pair, after = pairs[update], values_after(parts.changes[update])
        assert pair is not None  # what no manifest speaks of is no destination
        kept = kept_before(context, pair, after)
        if kept == tuple(after):
            parts.link(update, merge, Link.WAIT)
            continue
        parts.link(merge, update, Link.WAIT)
        if kept:
            parts.kept[update] = kept
            parts.link(parts.of(update, Role.KEEP), merge, Link.WAIT)


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
        elif isinstance(change, Update) and name in change.changes:
            sides = [change.changes[name].before, change.changes[name].after]
        else:
            sides = []
        for side in sides:
            tokens = side if isinstance(side, list) else [side] if side else []
            found += [(kind, token) for token in tokens]
    return found
