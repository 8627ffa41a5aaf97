"""Random runs that are taken back, whose undoes are taken back, and so on, whole or killed.

    library A ── apply ──> B ── undo ──> … ── undo of that, killed ──> … ── undo of the run ──> A

No other client edits, so the library has to be the first one in the end, and nothing may be called
changed or left. `python -m tests.laws.long_run --law turns` does many.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

from stashsync.applier.journal import Run
from stashsync.client import StashClient
from stashsync.engine.restored import SINCE
from stashsync.planner import Create
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import GraphQLTransport
from tests.laws.cut_and_undone import killed
from tests.laws.journey import Broken, Case, case_of, transport_of
from tests.laws.two_goes import LEFT, PATTERN, messages_of
from tests.laws.undoing import Outcome, Undoing, begin, difference, first_run


def go(seed: int, size: int = 6, *, root: Path) -> Outcome:
    """Apply, undo, undo that, each whole or killed; undo the run.

    Raises:
        Broken: the law does not hold.
    """
    case = case_of(seed, size)
    with Sandbox(release=case.release) as server:
        return asyncio.run(_in_turn(case, server, transport_of(case, server), root))


async def _in_turn(case: Case, server: Sandbox, transport: GraphQLTransport, root: Path) -> Outcome:
    rnd = Random(f"{case.seed} turns")
    begin(case, server)
    async with StashClient(transport) as client:
        undoing = Undoing(case, server, client, root)
        if (started := await first_run(undoing)) is None:
            return Outcome(0, ())
        before, run = started
        if messages_of(await undoing.undo_plan(run)):
            return Outcome(0, ())  # the library is not the one before then
        later: list[Run] = []
        for _ in range(rnd.randint(2, 4)):
            last = [each for each in later if each.origin.undoes == run.id][-1:]
            target = rnd.choice([run, *last])
            step = await undoing.undo_plan(target, *_since(target, later))
            if messages_of(step):
                break
            if not step:
                continue
            is_whole = rnd.random() < 0.5
            whole = undoing.execute(step, target.id) if is_whole else None
            later.append(await (whole or killed(undoing, step, rnd, target.id)))
            if any(_creates(later[-1], index) for index in later[-1].unknown):
                break  # only the next undo can look for what it created (docs/laws.md#limits)
        at_last = await undoing.undo_plan(run, *later)
        await undoing.execute(at_last, run.id)
    warnings = messages_of(at_last)
    done = [(each.origin.undoes == run.id, len(each.unknown), each.ended) for each in later]
    # A name that is a pattern may be left, with what it is in the way of (docs/laws.md#limits).
    may_leave = any(PATTERN in each for each in warnings)
    if any(SINCE in each or (LEFT in each and not may_leave) for each in warnings):
        raise Broken(f"seed {case.seed}: {warnings} after {done} and {at_last}")
    if undoing.content() != before and not warnings:
        found = difference(undoing.content(), before)
        raise Broken(f"seed {case.seed}: {found} after {done} and {at_last}")
    return Outcome(len(run.plan.operations), tuple(warnings), len(later))


def _creates(run: Run, index: int) -> bool:
    return isinstance(run.plan.changes[run.plan.operations[index].change], Create)


def _since(run: Run, later: list[Run]) -> list[Run]:
    """Return the runs after this one."""
    return later[later.index(run) + 1 :] if run in later else later
