"""A run that is undone: apply with a journal, plan what takes it back, carry that out likewise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.engine.undo import plan_undo
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for, reader_of

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")
RUNS = ".stashsync/runs"


def execute(plan: Plan, server: Sandbox, root: Path, **options: Any) -> Run:
    """Carry a plan out with a journal, and read that."""
    journal = Journal(root / RUNS, ORIGIN)
    assert_complete(carry_out(plan, server, root, listener=journal, **options))
    return read_run(root / RUNS / f"{journal.id}.jsonl")


def apply(server: Sandbox, root: Path, wanted: dict[str, Any], **options: Any) -> Run:
    """Apply manifests."""
    return execute(plan_for(write_project(root, wanted), server, **options), server, root)


def undo_plan(run: Run, server: Sandbox, root: Path, *later: Run) -> Plan:
    """Return the plan that takes a run back, over a transport that cannot send a mutation."""
    journal = f"{RUNS}/{run.id}.jsonl"

    async def plan() -> Plan:
        async with reader_of(server) as client:
            return (await plan_undo(run, client, journal=journal, later=later)).plan

    return asyncio.run(plan())


def undo(run: Run, server: Sandbox, root: Path, *later: Run) -> Run:
    """Take a run back, after later ones; return the run that did it."""
    return execute(undo_plan(run, server, root, *later), server, root)


def warnings(plan: Plan) -> list[str]:
    """Return what a plan does not take back, but the sentence on new ids."""
    return [
        problem.message for problem in plan.warnings if "made again gets" not in problem.message
    ]


def edit(server: Sandbox) -> Callable[..., Any]:
    """Return what changes an object of the library as another client would."""

    def change(mutation: str, **given: Any) -> Any:
        return server.library.mutate(mutation, {"input": given})

    return change
