"""Plan how a run is taken back: read what is there now, and let the planner do the rest.

    journal ── what the run wrote, removed, overwrote ──┐
    server ─── what is there now ───────────────────────┴─> pairs by id ──> decide ──> Plan

What the server would refuse, as another client has taken a name since, is left out and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import structs

from stashsync.applier.before import read_bearers
from stashsync.applier.journal import PICTURES, Run
from stashsync.applier.patience import Patience
from stashsync.client.core import Core
from stashsync.engine.baseline import Baseline
from stashsync.engine.earlier import earlier_undoes
from stashsync.engine.evidence import GivenNames, believed, others_than_known
from stashsync.engine.following import Following
from stashsync.engine.history import History, Identity, Look
from stashsync.engine.impact import observe_impacts
from stashsync.engine.inverse import Inverse, pair_of, with_tokens
from stashsync.engine.observe import Wanted, observe, observe_images, observe_times
from stashsync.engine.reattach import Reattachment
from stashsync.engine.reconcile import Reconciliation
from stashsync.engine.unanswered import answered, settled_by_undoes
from stashsync.errors import Mark, PlanError, Problem, StashConfigurationError
from stashsync.fields import Value
from stashsync.fields.names import has_wildcards, like
from stashsync.kinds import ENTITIES, KINDS, Capabilities
from stashsync.planner import Create, Delete, Merge, Pair, Plan, PlanContext, Policy, Update, decide
from stashsync.planner.changes import Bearers, targets_of
from stashsync.planner.index import names_in, texts_of
from stashsync.planner.resolve import resolver
from stashsync.state import Resource, State, desired_state
from stashsync.store.rows import IDS_A_DOCUMENT, rows_by_id
from stashsync.store.slices import slices


class Undoing(Reconciliation, frozen=True, kw_only=True):
    """A plan that takes a run back.

    `blocked` is whether something is left of the run that a later undo may take back.
    """

    blocked: bool = False


async def plan_undo(
    run: Run,
    client: Core,
    *,
    journal: str,
    policy: Policy | None = None,
    later: Sequence[Run] = (),
    baseline: Baseline | None = None,
    patience: Patience | None = None,
    own: Callable[[], GivenNames] = dict,
) -> Undoing:
    """Plan what takes a run back, as far as it was not changed since. Sends no mutation.

    Args:
        run: what the journal knows of the run.
        client: the server that it was on.
        journal: the journal's file, below the project.
        policy: what is protected; thresholds do not count.
        later: the runs on this library since, which may have made objects again.
        baseline: what is remembered of the library: evidence that its ids are still the same.
        patience: how long to look for what was sent and not answered.
        own: returns the names that runs gave of which the baseline does not know.

    Raises:
        StashConfigurationError: the run knew the objects by other ids.
        PlanError: it cannot be taken back, and what is in the way could not be left out.
        StashError: anything that kept the library from being read.
    """
    server = await client.capabilities()
    patience = patience or Patience()
    run = await answered(settled_by_undoes(run, later), client, patience)
    observed = await observe(_wanted_by(run.plan), client)
    if baseline is not None:
        await _require_same_ids(run, observed, baseline, client, own)
    there = Look(observed).now
    later = [
        await answered(each, client, patience) if each.origin.undoes else each for each in later
    ]
    following = Following.by(later, there)
    run = following.run(run)
    look = await _look(run, observed, client, server, following)
    history = History(run, look)
    earlier = earlier_undoes(history, later, look)
    protect = Policy(protect=policy.protect if policy else {}, thresholds={})
    left: frozenset[Identity] = frozenset()
    stuck: frozenset[tuple[Identity, str]] = frozenset()
    reported: list[Problem] = []
    while True:
        context = PlanContext(State({}), look.observed, server)
        pictures = journal.removesuffix(".jsonl") + PICTURES
        inverse = Inverse(history, earlier, following, context, pictures, left, stuck=stuck)
        pairs = _pairs(inverse, journal)
        removed = {
            Mark(journal, 0, column): me
            for column, me in enumerate(sorted(inverse.going), start=len(pairs) + 1)
        }
        context.warnings += [*inverse.warnings, *reported]
        try:
            deletes = [Delete(*me, inverse.now[me].label, mark) for mark, me in removed.items()]
            impacts = await observe_impacts(deletes, client)
            impacts = [_unblocked(change, pairs.values()) for change in impacts]
            plan = decide(context, list(pairs.values()), protect, impacts)
        except PlanError as error:
            found = {**{pair.desired.mark: me for me, pair in pairs.items()}, **removed}
            problems = error.problems
            refused = {found[each.mark] for each in problems if each.mark in found}
            more, names = _to_leave(refused, inverse, pairs)
            if more <= left and names <= stuck:
                # What stays as it is would have to step aside for a pattern, and cannot.
                patterns = dict(_patterns_over(refused, inverse, pairs))
                more, names = _to_leave(patterns.keys(), inverse, pairs)
                if more <= left and names <= stuck:
                    raise
                problems = tuple(patterns.values())
            left, stuck = left | more, stuck | names
            reported += [
                Problem(
                    f"{problem.message}: it is left as it is",
                    hint=f"`stashsync undo {run.id}` takes it back once nothing is in its way",
                )
                for problem in problems
            ]
        else:
            blocked = bool(reported) or inverse.leaves_some
            return Undoing(plan, list(pairs.values()), look.observed, protect, blocked=blocked)


def _pairs(inverse: Inverse, journal: str) -> dict[Identity, Pair]:
    """Return the objects that change or are made again, with their values.

    What the run changed is among them in any case: it may have to step aside for others.
    """
    bearers = Reattachment(inverse).by_object()
    touched = inverse.history.written.keys() & inverse.now.keys()
    objects = sorted((touched | {*inverse.back, *bearers, *inverse.again}) - inverse.going)
    pairs = {
        me: pair_of(inverse, me, journal, number) for number, me in enumerate(objects, start=1)
    }
    inverse.context.desired = desired_state(pair.desired for pair in pairs.values())
    resolver(inverse.context, list(pairs.values()))  # gives tokens to what is made again
    for me, pair in pairs.items():
        values = inverse.again.get(me) or inverse.back.get(me) or {}
        pair.inherited = with_tokens(inverse, me, values, pairs)
        pair.bearers = tuple(_with_tokens(each, me[0], pairs) for each in bearers.get(me, ()))
    return pairs


def _to_leave(
    refused: Collection[Identity], inverse: Inverse, pairs: Mapping[Identity, Pair]
) -> tuple[set[Identity], set[tuple[Identity, str]]]:
    """Return the removed and new objects among those refused, and the fields of the others."""
    more = {me for me in refused if me in inverse.again or me in inverse.going}
    return more, {(me, name) for me in {*refused} - more for name in pairs[me].inherited}


def _patterns_over(
    objects: Collection[Identity], inverse: Inverse, pairs: Mapping[Identity, Pair]
) -> Iterator[tuple[Identity, Problem]]:
    """Yield what would get a pattern that a name or an alias of these objects matches."""
    for me, pair in pairs.items():
        if not inverse.context.server.wildcard_names(me[0]):
            continue
        for text in names_in(KINDS[me[0]], pair.inherited):
            over = [
                inverse.now[other].address
                for other in sorted(objects)
                if other != me and other[0] == me[0] and other in inverse.now
                if has_wildcards(text)
                and any(like(text).match(each) for each in texts_of(inverse.now[other]))
            ]
            if over:
                yield (
                    me,
                    Problem(
                        f'{pair.desired.address}: this server takes "{text}" for a pattern, and '
                        f"{over[0]} cannot step aside for it"
                    ),
                )


def _unblocked(change: Delete | Merge, pairs: Iterable[Pair]) -> Delete | Merge:
    """Let markers not block a delete that the plan gives another primary tag first."""
    moved = [
        identifier
        for pair in pairs
        for each in pair.bearers
        if (pair.desired.kind, each.before) == (change.kind, change.id)
        and each.after
        and ENTITIES[each.kind].fields[each.field].create_type.endswith("!")
        for identifier in each.ids
    ]
    if isinstance(change, Delete) and len(moved) >= len(change.blockers):
        return structs.replace(change, blockers=())
    return change


def _with_tokens(bearers: Bearers, kind: str, pairs: dict[Identity, Pair]) -> Bearers:
    """Return bearers with the placeholders of objects that are made again."""

    def token(identifier: str) -> str:
        pair = pairs.get((kind, identifier))
        return pair.token if pair is not None else identifier

    return structs.replace(
        bearers,
        before=token(bearers.before),
        after=token(bearers.after),
        members=tuple((token(identifier), extra) for identifier, extra in bearers.members),
    )


async def _require_same_ids(
    run: Run, observed: State, baseline: Baseline, client: Core, own: Callable[[], GivenNames]
) -> None:
    """Raise StashConfigurationError where ids are those of other objects than at the run."""
    marked = bool((await client.capabilities()).mark)
    read_times = partial(observe_times, client=client)
    kept, _ = await believed(baseline, observed, read_times, marked=marked, own=own)
    if kept is None or run.id < baseline.since:
        raise StashConfigurationError(
            f"the run {run.id} cannot be taken back: the ids of this library are others than at "
            "the run, as after a restored backup or an import",
            hint="Change the manifests, and apply them.",
        )


# -- looking --------------------------------------------------------------------------------------


def _wanted_by(plan: Plan) -> Wanted:
    """Return what to read: the changed kinds whole, of the others what refers to them."""
    changed = {change.kind for change in plan.changes}
    wanted: dict[str, set[str]] = {}
    for name, kind in KINDS.items():
        targets = targets_of(name)
        fields = set(kind.fields) if name in changed else set()
        fields |= {field for field, target in targets.items() if target in changed}
        inner = {target for meaning in kind.inner.values() for target in meaning.inner_kinds}
        if inner & changed:
            fields |= set(kind.fields)
        if fields:
            wanted.setdefault(name, set()).update(fields)
            for field in fields & targets.keys():
                wanted.setdefault(targets[field], set())
            for target in inner:
                wanted.setdefault(target, set())
    return {name: frozenset(wanted[name]) for name in KINDS if name in wanted}


async def _look(
    run: Run, observed: State, client: Core, server: Capabilities, following: Following
) -> Look:
    """Read what is there now beside the fields: images, and what refers to what."""
    read_times = partial(observe_times, client=client)
    others = await others_than_known(run, observed, read_times, following.made_again)
    history = History(run, Look(observed, others=others))
    await observe_images([*_with_images(history)], client)
    bearers: dict[Identity, frozenset[Identity]] = {}
    for name in KINDS:
        ids = sorted(identifier for kind, identifier in history.made if kind == name)
        for me, fields in (
            await read_bearers(client, server, name, dict.fromkeys(ids, ""))
        ).items():
            bearers[me] = frozenset(
                (kind, identifier)
                for where, found in fields.items()
                if (kind := where.partition(".")[0]) not in KINDS
                for identifier, *_ in found
            )
    return Look(observed, bearers, await _references(run, client, server), others)


def _with_images(history: History) -> Iterator[Pair]:
    """Pair the objects whose images the run set with what it set."""
    now = history.look.now
    for me, fields in history.written.items():
        if me in now:
            values = {name: written[-1] for name, written in fields.items()}
            yield Pair(Resource(me[0], now[me].key, values), now[me])
    for me, made in history.made.items():
        yield Pair(Resource(me[0], now[me].key, dict(made.values)), now[me])


async def _references(
    run: Run, client: Core, server: Capabilities
) -> dict[Identity, dict[str, Value]]:
    """Read what the objects refer to whose references the run changed, by object and field."""
    wanted: dict[str, tuple[set[str], set[str]]] = {}

    def want(kind: str, name: str, ids: Iterable[str]) -> None:
        if kind not in KINDS and server.has_mutation(ENTITIES[kind].bulk_mutation):
            target = ENTITIES[kind].fields[name].meaning.references()
            fields, objects = wanted.setdefault(kind, (set(), set()))
            fields.update(
                each.name
                for each in ENTITIES[kind].fields.values()
                if each.meaning.references() == target and each.is_relation
            )
            objects.update(ids)

    for image in run.before.values():
        for where, members in (image.bearers or {}).items():
            kind, _, name = where.partition(".")
            want(kind, name, members)
    for change in run.plan.changes:
        for each in change.bearers if isinstance(change, Create | Update) else ():
            want(each.kind, each.field, each.ids)

    found: dict[Identity, dict[str, Value]] = {}
    for name, (fields, objects) in wanted.items():
        specs = [ENTITIES[name].fields[field] for field in sorted(fields)]
        chosen = [spec.selection(server) for spec in specs]
        for ids in slices(sorted(objects), IDS_A_DOCUMENT):
            rows = await rows_by_id(client, ENTITIES[name], ids, chosen)
            for identifier, row in zip(ids, rows, strict=True):
                if row is not None:
                    found[name, identifier] = {
                        spec.name: spec.meaning.read(row[spec.output]) for spec in specs
                    }
    return found
