"""Runs are undone: apply with a journal, plan the undo, and apply that in the same way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from stashsync.applier.journal import Journal, Run, read_run
from stashsync.engine.undo import plan_undo
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from tests.support.clock import patience
from tests.support.killed import ORIGIN, cut_run
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for, reader_of

RUNS = ".stashsync/runs"


def execute(plan: Plan, server: Sandbox, root: Path, undoes: str = "", **options: Any) -> Run:
    """Apply a plan with a journal; return the run as the journal has it."""
    journal = Journal(root / RUNS, replace(ORIGIN, undoes=undoes))
    assert_complete(carry_out(plan, server, root, listener=journal, **options))
    return read_run(root / RUNS / f"{journal.id}.jsonl")


def apply(server: Sandbox, root: Path, wanted: dict[str, Any], **options: Any) -> Run:
    """Apply manifests; return the run."""
    return execute(plan_for(write_project(root, wanted), server, **options), server, root)


def undo_plan(run: Run, server: Sandbox, root: Path, *later: Run) -> Plan:
    """Return the plan that undoes a run, made with a transport that sends no mutation."""
    journal = f"{RUNS}/{run.id}.jsonl"

    async def plan() -> Plan:
        async with reader_of(server) as client:
            found = await plan_undo(run, client, journal=journal, later=later, patience=patience())
            return found.plan

    return asyncio.run(plan())


def undo(run: Run, server: Sandbox, root: Path, *later: Run) -> Run:
    """Undo a run that later ones may have followed; return the run that undid it."""
    return execute(undo_plan(run, server, root, *later), server, root, run.id)


def killed_undo(
    run: Run, server: Sandbox, root: Path, *later: Run, at: int, answered: bool = True
) -> Run | None:
    """Undo a run, one operation a document, until document `at`; None where there are fewer."""
    plan = undo_plan(run, server, root, *later)
    cut = cut_run(plan, server, root, at, answered=answered, folder=RUNS, max_batch=1)
    return None if cut is None else replace(cut, origin=replace(cut.origin, undoes=run.id))


def warnings(plan: Plan) -> list[str]:
    """Return the plan's warnings on what cannot be undone, without the one on new ids."""
    return [
        problem.message for problem in plan.warnings if "made again gets" not in problem.message
    ]


def edit(server: Sandbox) -> Callable[..., Any]:
    """Return a function that changes an object of the library as another client would."""

    def change(mutation: str, **given: Any) -> Any:
        return server.library.mutate(mutation, {"input": given})

    return change
