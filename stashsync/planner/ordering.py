"""In which order the changes are sent, and which of them are sent in pieces.

Creates before updates, updates before merges, merges before deletes, wherever nothing forces
another order (docs/planning-rules.md#order). These force one:

    reference    an id is known once its create has returned     create ══> whatever uses the id
    namespace    a text is free once its holder gave it up       release ─> claim
    pattern      a name with `_` or `%` collides with matches    pattern ─> what it matches
    hierarchy    an edge is checked against what is stored       parents ─> what is below them
    deletion     children would be left without a parent         move ────> delete
    content      a merge moves what belongs to the merged ones   merge ───> its own change
    filter       it is to name what others were merged into      merge ───> filter

══> is a round trip: the two never share a document. Where these run in a circle, a change is cut:
it gives up first what the others wait for (an alias, or its name for a temporary one), and does
the rest later. `graph` does that without knowing any of this.
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.graph import arrange
from stashsync.kinds import KINDS
from stashsync.planner.attaching import with_bearers
from stashsync.planner.changes import Create, Delete, Merge, Update, references_in
from stashsync.planner.context import PlanContext
from stashsync.planner.drafts import Draft
from stashsync.planner.loops import Loops
from stashsync.planner.merges import fields_before_merge
from stashsync.planner.moves import link_moves
from stashsync.planner.namespaces import Namespace
from stashsync.planner.plan import Operation
from stashsync.planner.resolve import Resolver
from stashsync.planner.sequence import Writer
from stashsync.planner.steps import Link, Step, Steps

PHASES = {"create": 0, "update": 1, "merge": 2, "delete": 3}


def order(
    context: PlanContext, drafts: Sequence[Draft], names: Resolver
) -> tuple[list[Draft], list[Operation]]:
    """Put changes into operations in sending order; report what no order satisfies.

    Returns:
        The changes, with one for each object that has to step aside for a moment, and the
        operations.
    """
    namespaces = [
        Namespace(context, kind, mine, names.pair_of[name])
        for name, kind in KINDS.items()
        if (mine := [draft for draft in drafts if draft.kind is kind])
    ]
    loops = [Loops(context, namespace.kind, namespace.drafts) for namespace in namespaces]
    drafts = [
        *drafts,
        *(aside for namespace in namespaces for aside in namespace.step_aside()),
        *(draft for loop in loops for draft in loop.returning),
    ]
    steps = Steps(drafts)
    for loop in loops:
        loop.link(steps)
    for namespace in namespaces:
        namespace.link(steps)
        link_moves(context, namespace.kind, namespace.drafts, steps)
        _link_merges(context, namespace, steps)
    _link_references(steps)
    _link_content(steps)
    _link_filters(steps)
    arrangement = arrange(
        steps.group_of,
        steps.edges,
        [PHASES[draft.change.action] for draft in drafts],
        steps.costs(),
    )
    if arrangement.stuck:
        for number in sorted({steps.group_of[step] for step in arrangement.stuck}):
            _report_stuck(context, drafts[number])
        return drafts, []
    return drafts, with_bearers(drafts, Writer(context, steps, arrangement).operations())


def _link_references(steps: Steps) -> None:
    """Let whatever uses the id of a new object wait for it."""
    creator = {
        draft.token: steps.add(draft) for draft in steps.drafts if isinstance(draft.change, Create)
    }
    for draft in steps.drafts if creator else ():
        upwards = draft.kind.edges
        for name, _, token in references_in(draft.change):
            if token in creator:
                step = Step.MOVE if upwards is not None and name == upwards.name else Step.CLAIM
                steps.link(creator[token], steps.get(draft, step), Link.NEED)


def _link_merges(context: PlanContext, namespace: Namespace, steps: Steps) -> None:
    """Let merged objects give up first what they must, and write before what would be lost.

    Everything else that changes of a destination changes once it is what the merge makes it.
    """
    for source, merge in namespace.merged.items():
        release = namespace.draft_of.get(source)
        if release is not None:
            steps.link(steps.add(release), steps.add(merge), Link.WAIT)
        update = namespace.draft_of.get(merge.token)
        if update is None:
            continue
        assert update.pair is not None  # a destination is declared
        kept = fields_before_merge(context, update.pair, update.after)
        if kept == tuple(update.after):
            steps.link(steps.add(update), steps.add(merge), Link.WAIT)
            continue
        steps.link(steps.add(merge), steps.add(update), Link.WAIT)
        steps.united.add(update)
        if kept:
            steps.kept[update] = kept
            steps.link(steps.add(update, Step.KEEP), steps.add(merge), Link.WAIT)


def _link_content(steps: Steps) -> None:
    """Let what belongs to merged objects change, or go, once the merge has moved it."""
    later = {
        (draft.change.kind, draft.change.id): draft
        for draft in steps.drafts
        if isinstance(draft.change, Update | Delete)
    }
    for draft in steps.drafts:
        content = draft.change.content if isinstance(draft.change, Merge) else {}
        for kind, ids in content.items():
            for other in (later.get((kind, identifier)) for identifier in ids):
                if other is not None:
                    steps.link(steps.add(draft), steps.add(other), Link.AFTER)


def _link_filters(steps: Steps) -> None:
    """Let a filter that no manifest declares follow a merge once that has happened."""
    merge_of = {
        (source.kind, source.id): draft for draft in steps.drafts for source in draft.sources
    }
    for draft in steps.drafts if merge_of else ():
        if isinstance(draft.change, Update) and draft.kind.inner:
            for _, kind, token in references_in(draft.change, before=True):
                if (kind, token) in merge_of:
                    steps.link(steps.add(merge_of[kind, token]), steps.add(draft), Link.WAIT)


def _report_stuck(context: PlanContext, draft: Draft) -> None:
    if draft.pair is not None and isinstance(draft.change, Create | Update):
        context.problem(
            draft.desired,
            (),
            f"{draft.desired.address}: no order of operations gets past this server's checks",
            "its name, or one that it waits for, is a pattern for the server (`_`, `%`) and "
            "matches another one; choose another spelling",
        )
