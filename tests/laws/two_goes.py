"""Random runs that are taken back in two goes, as something was in the way of the first.

    A ── apply ──> B ── another client takes names ── undo ── it gives them up ─┬─ undo ──> A
                                                     it edits ── undo ──> they stay ┘

The names are those of what the run removed or renamed. The second undo has to give back all that
the first one left, and may not call anything changed since the run. In some runs the first one is
killed and abandoned. In others another client edits between the two: its edits have to be there
afterwards.
`python -m tests.laws.long_run --law goes` does many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

from stashsync.applier.journal import Run
from stashsync.client import StashClient
from stashsync.engine.restored import SINCE
from stashsync.kinds import KINDS
from stashsync.planner import Delete, Merge, Plan, Update
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from stashsync.wire.exchange import GraphQLTransport
from tests.laws.cut_and_undone import killed
from tests.laws.journey import Broken, Case, case_of, transport_of
from tests.laws.undoing import HARMLESS, Outcome, Undoing, begin, difference, first_run, with_edits

EDITED = (5, 7)
CUT_SHORT = (3, 9)
"""The last digits of the numbers of runs in which another client edits, or the first undo is cut
short and abandoned."""

LEFT = "it is left as it is"
PATTERN = "for a pattern"
"""The server takes a name for one that another object has (docs/laws.md#limits)."""


def go(seed: int, size: int = 6, *, root: Path) -> Outcome:
    """Apply, take names, undo, give the names up, undo again.

    Raises:
        Broken: the law does not hold.
    """
    case = case_of(seed, size)
    with Sandbox(release=case.release) as server:
        return asyncio.run(in_two_goes(case, server, transport_of(case, server), root))


async def in_two_goes(
    case: Case, server: Sandbox, transport: GraphQLTransport, root: Path
) -> Outcome:
    """Fill a server that is empty with library A, and run there.

    Raises:
        Broken: the law does not hold.
    """
    rnd = Random(f"{case.seed} goes")
    begin(case, server)
    async with StashClient(transport) as client:
        undoing = Undoing(case, server, client, root)
        if (started := await first_run(undoing)) is None:
            return Outcome(0, ())
        before, run = started
        alone = messages_of(await undoing.undo_plan(run))
        taken = _take_names(server, run, rnd)
        first = await undoing.undo_plan(run)
        if case.seed % 10 in CUT_SHORT:
            done = await killed(undoing, first, rnd, run.id)
        else:
            done = await undoing.execute(first, run.id)
        for kind, identifier in taken:
            server.library.mutate(f"{kind}Destroy", {"input": {"id": identifier}})
        if case.seed % 10 in EDITED:
            return await with_edits(undoing, run, rnd, done)
        second = await undoing.undo_plan(run, done)
        again = await undoing.execute(second, run.id)
        third = await undoing.undo_plan(run, done, again)
    at_last = messages_of(second)
    # What one undo alone would have to leave stays left, and what a pattern is in the way of may.
    may_leave = any(LEFT in each for each in alone) or any(PATTERN in each for each in at_last)
    untrue = [each for each in at_last if SINCE in each or (LEFT in each and not may_leave)]
    if untrue or third:
        raise Broken(f"seed {case.seed}: {untrue}, then {third}, after {second}")
    later = (LEFT, "stays:", "would ignore")  # what the second undo makes up for
    warnings = [each for each in messages_of(first) if not any(text in each for text in later)]
    warnings += at_last
    now = undoing.content()
    if now != before and not warnings:
        raise Broken(f"seed {case.seed}: {difference(now, before)} after {second}")
    return Outcome(len(run.plan.operations), tuple(warnings), len(taken))


def messages_of(plan: Plan) -> list[str]:
    """Return the warnings of a plan that mean that something is not as before."""
    return [each.message for each in plan.warnings if HARMLESS not in each.message]


def _take_names(server: Sandbox, run: Run, rnd: Random) -> list[tuple[str, str]]:
    """Create objects with names that the run left, where the server lets them be created."""
    taken = []
    left = sorted(set(_names_left(run)))
    for kind, name in rnd.sample(left, min(len(left), rnd.randint(1, 3))):
        try:
            made = server.library.mutate(f"{kind}Create", {"input": {"name": name}})
        except Refusal:
            continue  # by now it is the name or an alias of another
        taken.append((kind, str(made["id"])))
    return taken


def _names_left(run: Run) -> Iterator[tuple[str, str]]:
    for change in run.plan.changes:
        if KINDS[change.kind].saved_whole:
            continue
        removed = [(change.kind, change.id)] if isinstance(change, Delete) else []
        if isinstance(change, Merge):
            removed = [(change.kind, source) for source, _ in change.sources]
        for me in removed:
            image = run.before.get(me)
            if image is not None and (name := image.values.get("name")):
                yield change.kind, str(name)
        if isinstance(change, Update) and "name" in change.changes:
            yield change.kind, str(change.changes["name"].before)
