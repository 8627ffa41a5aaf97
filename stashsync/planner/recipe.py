"""The recipe of a plan. Pure: no I/O, no clock, no randomness; the same two sides, the same bytes.

pair_up    1. support   drop what this server cannot hold
           2. match     find the observed object of every desired one
removals   what will be merged or deleted; its details are read before the plan goes on
decide     3. diff      resolve references, compare, see the library as merges will leave it
           4. order     split what has to be split, put operations in sending order
           5. policy    refuse what thresholds and protection forbid
           6. Plan
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stashsync.errors import Mark, PlanError, Problem
from stashsync.kinds import Capabilities, Key
from stashsync.planner.bearers import MOST_BEARERS, bearers_are_kept
from stashsync.planner.changes import Delete, Merge
from stashsync.planner.context import Locate, PlanContext, at_resource
from stashsync.planner.diff import diff
from stashsync.planner.drafts import draft_of
from stashsync.planner.explain import explain
from stashsync.planner.filters import with_filters
from stashsync.planner.labels import labels_of
from stashsync.planner.match import Pair, match
from stashsync.planner.merges import merge_inputs, merges_of, without_removed
from stashsync.planner.ordering import order
from stashsync.planner.plan import Origin, Plan
from stashsync.planner.policy import Policy, deletes_of, refusals, refuse_ignored
from stashsync.planner.resolve import resolver
from stashsync.planner.support import keep_supported
from stashsync.state import State


def pair_up(
    desired: State,
    observed: State,
    server: Capabilities,
    *,
    policy: Policy | None = None,
    locate: Locate = at_resource,
    remembered: Mapping[tuple[str, Key], str] | None = None,
) -> tuple[PlanContext, list[Pair]]:
    """Drop from both sides what the server cannot hold, and match the rest.

    What the pairs need beyond `observed` (see `engine.observe`) is read between this and `decide`.
    """
    policy = policy or Policy()
    context = PlanContext(desired, observed, server, locate, remembered or {})
    context.desired = keep_supported(context, lenient=policy.lenient)
    refuse_ignored(context, policy)
    pairs = match(context)
    explain(context, pairs)
    return context, pairs


def removals(context: PlanContext, pairs: Sequence[Pair], policy: Policy) -> list[Delete | Merge]:
    """Return merges and deletes, before what depends on them is known (see `engine.impact`)."""
    chosen = [pair for pair in pairs if policy.chooses(pair.desired)]
    merges = merges_of(context, chosen)
    merged = {(merge.kind, source) for merge in merges for source, _ in merge.sources}
    deletes = deletes_of(context, chosen, policy)
    return [*merges, *(delete for delete in deletes if (delete.kind, delete.id) not in merged)]


def decide(
    context: PlanContext,
    pairs: Sequence[Pair],
    policy: Policy | None = None,
    removed: Sequence[Delete | Merge] = (),
) -> Plan:
    """Make the plan that turns the observed side into the desired one.

    `removed` are the `removals`, with what has been read about them.

    Raises:
        PlanError: with everything that cannot be carried out on this server.
    """
    policy = policy or Policy()
    for change in removed:
        if isinstance(change, Delete) and change.blockers:
            context.problems.append(_blocked(change))
        if not bearers_are_kept(change):
            context.warnings.append(_not_kept(change))
    staying = [pair for pair in pairs if not pair.desired.absent]
    chosen = [pair for pair in staying if policy.chooses(pair.desired)]
    left_out = [pair for pair in staying if not policy.chooses(pair.desired)]
    by_id = {(pair.desired.kind, pair.observed.id): pair for pair in chosen if pair.observed}
    removing = [draft_of(context, item, by_id.get((item.kind, item.id))) for item in removed]

    # 4. diff
    names = resolver(context, chosen, left_out)
    around_merges = merge_inputs(context, staying, chosen, removing)
    drafts, unchanged = diff(context, chosen, names)
    drafts = with_filters(context, without_removed(context, drafts, removing), removing, policy)

    # 5. order
    drafts, operations = order(context, [*drafts, *around_merges, *removing], names)

    # 6. Plan
    if context.problems:
        raise PlanError(_in_order(context.problems))
    changes = tuple(draft.change for draft in drafts)
    return Plan(
        source=Origin(context.server.identity, context.server.release_name, context.desired.digest),
        changes=changes,
        operations=tuple(operations),
        labels=labels_of(context, changes, names),
        externals=names.external_references(),
        warnings=tuple(_in_order(context.warnings)),
        refusals=refusals(context, changes, policy),
        unchanged=unchanged,
    )


def _blocked(change: Delete) -> Problem:
    few = ", ".join(change.blockers[:3])
    more = f" and {len(change.blockers) - 3} more" if len(change.blockers) > 3 else ""
    return Problem(
        f'{change.kind} "{change.label}" cannot be deleted: it is the primary tag of {few}{more}',
        change.mark,
        "give these markers another primary tag first, or merge the tag into another one",
    )


def _not_kept(change: Delete | Merge) -> Problem:
    what = "what is merged into it" if isinstance(change, Merge) else "it"
    return Problem(
        f'{change.kind} "{change.label}": more than {MOST_BEARERS:,} objects refer to {what}; '
        "`undo` cannot let them refer to that again",
        change.mark,
    )


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    def rank(problem: Problem) -> tuple[object, ...]:
        return (problem.mark or Mark(""), problem.message, problem.hint or "", problem.related)

    return sorted(set(problems), key=rank)
