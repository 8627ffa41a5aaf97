"""Runs whose process is killed at one document; the journal has what was known by then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stashsync import applier
from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.client import StashClient
from stashsync.planner import Plan
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from tests.support.servers import Tap, transport_to

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")


class Killed(BaseException):
    """Stands for a process that was killed."""


@dataclass
class Killer(Tap):
    """A transport that is killed at one document of mutations, before or after it was sent."""

    at: int = -1
    answered: bool = False
    count: int = field(default=0)

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Send, or be killed."""
        mine = -1
        if text.startswith("mutation"):
            mine, self.count = self.count, self.count + 1
        if mine == self.at and not self.answered:
            raise Killed
        answer = await self.inner.send(text, variables, operation_name=operation_name)
        if mine == self.at:
            raise Killed
        return answer


def cut_run(
    plan: Plan,
    server: Sandbox,
    root: Path,
    at: int,
    *,
    answered: bool,
    folder: str = "runs",
    max_batch: int = 2,
) -> Run | None:
    """Run until it is killed; return what the journal knows, or None where it came to its end."""
    journal = Journal(root / folder, ORIGIN)

    async def run() -> None:
        killer = Killer(transport_to(server), at=at, answered=answered)
        async with StashClient(killer) as client:
            await applier.carry_out(plan, client, root=root, listener=journal, max_batch=max_batch)

    try:
        asyncio.run(run())
    except Killed:
        return read_run(root / folder / f"{journal.id}.jsonl")
    finally:
        journal.close()
    return None
