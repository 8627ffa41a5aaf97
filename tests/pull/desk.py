"""A project and a sandbox side by side: export, edit the server, pull, plan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stashsync.engine.baseline import Baseline, after_pull, dump
from stashsync.engine.baseline import load as load_baseline
from stashsync.engine.reconcile import Live
from stashsync.kinds import KINDS, Capabilities
from stashsync.manifest import load
from stashsync.planner import Policy, pair_up
from stashsync.planner.plan import Plan
from stashsync.pull.differences import Difference
from stashsync.pull.export import PullScope, fields_to_compare, fields_to_export, first_export
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.update import ManifestUpdate, Pulled
from stashsync.sandbox import Sandbox
from stashsync.state import State
from tests.support.servers import plan_for, reader_of


def no_conflict(difference: Difference) -> bool:
    """Fail: a test that passes no `choose` expects no conflict."""
    raise AssertionError(f"both moved: {difference}")


@dataclass
class Desk:
    """A project folder, a server, and the baseline of the two as the bytes of its file."""

    root: Path
    server: Sandbox
    baseline: bytes | None = None
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def look(self, wanted: Any) -> tuple[State, Capabilities]:
        """Return the server's objects with the given fields of each kind, and its capabilities."""

        async def run() -> tuple[State, Capabilities]:
            async with reader_of(self.server) as client:
                return await Live(client).observe(wanted), await client.capabilities()

        return asyncio.run(run())

    def export(self, **policy: Any) -> None:
        """Write the first export and its baseline; fail if an object cannot be written."""
        chosen = Policy(**policy)
        observed, server = self.look(fields_to_export(chosen))
        exported = first_export(observed, "manifests", chosen)
        assert exported.notes == ()
        for name, text in exported.files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        self.remember(observed, server)

    def remember(self, observed: State, server: Capabilities) -> None:
        """Make a baseline from what was observed."""
        _, pairs = pair_up(load(self.root).state, observed, server)
        found = after_pull(server.identity, pairs, observed, Policy())
        self.baseline = dump(found)

    def agree(self) -> None:
        """Make a baseline from what manifests and server hold now."""
        desired = load(self.root)
        self.remember(*self.look(fields_to_compare(desired.state, PullScope(), Policy())))

    def pull(
        self,
        scope: PullScope = PullScope(),  # noqa: B008  # frozen
        choose: Callable[[Difference], bool] = no_conflict,
        *,
        write: bool = True,
        policy: Policy = Policy(),  # noqa: B008  # frozen
    ) -> Pulled:
        """Pull the server's changes into the files."""
        desired = load(self.root)
        observed, server = self.look(fields_to_compare(desired.state, scope, policy))
        project = Project(self.root, "manifests", desired)
        pairing = Pairing(observed, server, self._baseline(server), policy)
        pulled = ManifestUpdate(project, pairing, scope, choose).run()
        if write:
            for name, data in pulled.files.items():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                (self.root / name).write_bytes(data)
            former = self._baseline(server)
            found = (server.identity, pulled.pairs, observed, policy, former, pulled.unfinished)
            self.baseline = dump(after_pull(*found))
        return pulled

    def _baseline(self, server: Capabilities) -> Baseline | None:
        return None if self.baseline is None else load_baseline(self.baseline, server.identity)

    def plan(self) -> Plan:
        """Return the plan of the manifests against the server."""
        return plan_for(self.root, self.server)

    def read(self, name: str = "tags.yaml") -> str:
        """Return the text of a manifest."""
        return (self.root / "manifests" / name).read_bytes().decode()

    def write(self, text: str, name: str = "tags.yaml") -> None:
        """Write a manifest."""
        path = self.root / "manifests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    # -- edits on the server ----------------------------------------------------------------------

    def ids(self, kind: str) -> dict[str, str]:
        """Return the ids of a kind's objects by name."""
        table = KINDS[kind]
        everything = {"filter": {"per_page": -1, "sort": "id"}}
        answer = self.server.library.query(table.find_many, {} if table.saved_whole else everything)
        rows = answer if table.saved_whole else answer[table.plural]
        return {self.server.library.resolve(row, "name", {}): str(row["id"]) for row in rows}

    def edit(self, kind: str, name: str, /, **fields: Any) -> None:
        """Change an object as Stash's own pages do; fields have the names of the server's input."""
        given = {"id": self.ids(kind)[name], **fields}
        self.server.library.mutate(KINDS[kind].update_mutation, {"input": given})

    def create(self, kind: str, /, **fields: Any) -> None:
        """Create an object; fields have the names of the server's input."""
        self.server.library.mutate(KINDS[kind].create_mutation, {"input": fields})

    def delete(self, kind: str, name: str) -> None:
        """Delete an object by name."""
        given = {"id": self.ids(kind)[name]}
        self.server.library.mutate(KINDS[kind].mutations.destroy, {"input": given})
