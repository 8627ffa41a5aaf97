"""Random runs that are cut short and taken back at once.

    library A ── apply, with a journal ──╳ killed ─┬─ undo ──> A
                                                   └─ another client edits ── undo ──> they stay

The process is killed after the server has carried out so many mutations, of whose answers the last
may be lost. Where no other client edits, nothing may be called changed since the run.
`python -m tests.laws.long_run --law cut` does many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from msgspec import structs

from stashsync.applier import carry_out
from stashsync.applier.journal import Journal, Run, read_run
from stashsync.client import StashClient
from stashsync.engine.restored import SINCE
from stashsync.errors import PlanError
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from stashsync.wire.exchange import Answer
from tests.laws.journey import Broken, Case, case_of, plan_over, transport_of
from tests.laws.undoing import ORIGIN, RUNS, Outcome, Undoing, begin, with_edits
from tests.support.clock import patience
from tests.support.servers import Tap

EDITED = (5, 6, 7)
"""The last digits of the numbers of runs in which another client edits."""


class Killed(BaseException):
    """The process is killed."""


class Dying(Tap):
    """A transport whose process is killed once the server has carried out so many mutations."""

    def __init__(self, inner: Any, server: Sandbox, rnd: Random, mutations: int) -> None:
        super().__init__(inner)
        self._server, self._rnd, self._left = server, rnd, mutations
        self._mutate = server.library.mutate
        self._is_dead = False
        server.library.mutate = self._on_mutation  # type: ignore[method-assign]

    def _on_mutation(self, field: str, args: dict[str, Any]) -> Any:
        if not self._left:
            self._is_dead = True
            raise Refusal("the process that wanted this is dead")
        self._left -= 1
        return self._mutate(field, args)

    async def send(
        self, text: str, variables: Mapping[str, Any] | None = None, **options: Any
    ) -> Answer:
        """Send a document; a killed process gets no answer."""
        if self._is_dead:
            raise Killed
        answer = await self.inner.send(text, variables, **options)
        if text.startswith("mutation") and not self._left and self._rnd.random() < 0.5:
            self._is_dead = True
        if self._is_dead:
            raise Killed
        return answer

    def revive(self) -> None:
        """Let the server carry out mutations again."""
        self._server.library.mutate = self._mutate  # type: ignore[method-assign]


def go(seed: int, size: int = 6, *, root: Path) -> Outcome:
    """Apply, be killed, undo.

    Raises:
        Broken: the law does not hold.
    """
    case = case_of(seed, size)
    rnd = Random(f"{seed} cut")
    with Sandbox(release=case.release) as server:
        begin(case, server)
        return asyncio.run(_cut_and_undone(case, server, root, rnd))


async def _cut_and_undone(case: Case, server: Sandbox, root: Path, rnd: Random) -> Outcome:
    async with StashClient(transport_of(case, server)) as client:
        undoing = Undoing(case, server, client, root)
        try:
            plan = await plan_over(case, client)
        except PlanError:
            return Outcome(0, ())  # the other law has it
        before = undoing.content()
        run = await killed(undoing, plan, rnd)
        if case.seed % 10 in EDITED:
            return await with_edits(undoing, run, rnd)
        _, warnings = await undoing.undo(run, before)
    since = [each for each in warnings if SINCE in each]
    if since:
        raise Broken(f"seed {case.seed}: {since} after {sorted(run.sent)} of {plan}")
    return Outcome(len(plan.operations), tuple(warnings))


async def killed(undoing: Undoing, plan: Plan, rnd: Random, undoes: str = "") -> Run:
    """Carry a plan out until the process is killed; return what the journal knows."""
    # The tasks of a process that is killed are gone with it: they are no errors to report.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    journal = Journal(undoing.root / RUNS, structs.replace(ORIGIN, undoes=undoes))
    mutations = rnd.randint(0, len(plan.operations))
    dying = Dying(transport_of(undoing.case, undoing.server), undoing.server, rnd, mutations)
    try:
        async with StashClient(dying) as client:
            await carry_out(
                plan, client, root=undoing.root, listener=journal,
                max_batch=rnd.choice((1, 2, 5, 250)), patience=patience(),
            )  # fmt: skip
    except Killed:
        pass
    finally:
        dying.revive()
        journal.close()
    return read_run(undoing.root / RUNS / f"{journal.id}.jsonl")
