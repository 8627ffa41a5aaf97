"""Look for drift: what `drift` does once, and `watch` again and again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from stashsync.errors import ExitCode
from stashsync.planner.changes import Create, Delete, Merge, Update
from stashsync.render.choices import Purpose

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan
    from stashsync.render.attribution import Attribution


class Drift(Struct, frozen=True):
    """How a library differs from the manifests, and whether that counts as drift."""

    plan: Plan
    attribution: Attribution | None
    counts: bool

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that ends with it."""
        if self.plan.refusals:
            return ExitCode.REFUSED
        return ExitCode.CHANGES if self.counts else ExitCode.OK

    @property
    def digest(self) -> str:
        """A digest of what differs, empty where nothing counts.

        Where in the manifests it is declared, and how many scenes bear an object, is not part of
        it: both change while the drift stays.
        """
        if not self.counts:
            return ""
        found: list[tuple[object, ...]] = []
        for change in self.plan.changes:
            match change:
                case Create():
                    found.append(("create", change.kind, change.label, change.values))
                case Update():
                    found.append(("update", change.kind, change.id, change.changes))
                case Merge():
                    found.append(("merge", change.kind, change.id, change.sources))
                case Delete():
                    found.append(("delete", change.kind, change.id, {}))
        content = [found, bool(self.plan.refusals)]
        encoded = msgspec.json.encode(content, enc_hook=str, order="deterministic")
        return hashlib.blake2b(encoded, digest_size=16).hexdigest()

    def write(self, reports: Reports) -> None:
        """Write it in every format that was asked for."""
        reports.plan(self.plan, purpose=Purpose.DRIFT, attribution=self.attribution)


def find_drift(session: Session, reports: Reports, failing: frozenset[str]) -> Drift:
    """Compare the library with the manifests; the actions in `failing` count as drift.

    Raises:
        StashError: the library or the manifests cannot be read; problems are written.
    """
    from stashsync.cli.journals import warn_of_open_runs
    from stashsync.render.view import actions

    with reports.problems(session):
        plan = session.reconcile(session.load()).plan
    reports.stamp(session.server)
    warn_of_open_runs(session, plan.source.identity)
    counts = bool(plan.refusals or failing & actions(plan))
    return Drift(plan, session.attribution(plan), counts)
