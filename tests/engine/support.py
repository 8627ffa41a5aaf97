"""A project on a sandbox: apply with a baseline, edit the server, plan again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from stashsync.applier import carry_out
from stashsync.applier.outcomes import Report
from stashsync.client import StashClient
from stashsync.engine.attribution import Attributed, attribute
from stashsync.engine.baseline import Baseline, after_apply, dump, load
from stashsync.engine.reconcile import Reconciliation, reconcile
from stashsync.manifest import load as load_manifests
from stashsync.planner import Policy
from stashsync.sandbox import Sandbox
from tests.support.projects import write_project
from tests.support.servers import client_of

T = TypeVar("T")


@dataclass
class Bench:
    """A sandbox, a folder of manifests, and their baseline."""

    root: Path
    server: Sandbox
    baseline: Baseline | None = None

    def write(self, **sections: list[dict[str, Any]]) -> None:
        """Write the manifests."""
        write_project(self.root, sections)

    def run(self, job: Callable[[StashClient], Coroutine[Any, Any, T]]) -> T:
        """Do something with a client of the server."""

        async def run() -> T:
            async with client_of(self.server) as client:
                return await job(client)

        return asyncio.run(run())

    def look(self, policy: Policy | None = None) -> Reconciliation:
        """Plan."""
        desired = load_manifests(self.root)
        return self.run(lambda client: reconcile(desired, client, policy=policy))

    def apply(self, policy: Policy | None = None) -> Report:
        """Plan, carry out, remember; the baseline goes through its file."""
        seen = self.look(policy)
        report = self.run(lambda client: carry_out(seen.plan, client, root=self.root))
        found = after_apply(report, seen, seen.observed, self.baseline)
        self.baseline = load(dump(found), found.library)
        assert self.baseline == found
        return report

    def attribution(self) -> dict[str, Attributed]:
        """Attribute the differences of a new plan, by the names of the objects."""
        assert self.baseline is not None
        plan = self.look().plan
        found = attribute(plan, self.baseline)
        return {plan.changes[place].label: fields for place, fields in found.items()}

    def mutate(self, mutation: str, **fields: Any) -> str:
        """Change something on the server; returns the id."""
        return str(self.server.library.mutate(mutation, {"input": fields})["id"])
