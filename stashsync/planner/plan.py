"""The plan as a value: what differs, in which order it is sent, and what it was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from stashsync.errors import Mark, Problem
from stashsync.fields import Value
from stashsync.planner.changes import Change, Count, Data


class Operation(Data, frozen=True):
    """One mutation to send: a change, or the part of one that can be sent at that point.

    `change` is an index into `Plan.changes`, `fields` are the fields that are sent; `detour` has
    their values where these are not the change's own: a temporary name, fewer aliases. `undo` has
    what to send to take such a step back. `content` is set where it changes objects that no
    manifest can have: of a merge it is the kind whose objects are moved, of a create or an update
    the place among its `bearers`; the operation without one does the rest. `children` are those
    that an object keeps which is taken out of a loop: they are sent with its parents. The other
    indices are of operations that come earlier:

    - `needs`: it uses their ids; never in one document, skipped where one of them fails;
    - `waits`: the server refuses it until they have happened; skipped where one has failed;
    - `after`: they must have been sent before, whatever became of them.

    `wave` is the number of round trips that precede it at least.
    """

    change: Count
    fields: tuple[str, ...]
    needs: tuple[Count, ...] = ()
    waits: tuple[Count, ...] = ()
    after: tuple[Count, ...] = ()
    wave: Count = 0
    detour: Mapping[str, Value] = msgspec.field(default_factory=dict)
    undo: Mapping[str, Value] = msgspec.field(default_factory=dict)
    content: str = ""
    children: tuple[str, ...] | None = None


class External(Data, frozen=True):
    """An object that manifests refer to and that no manifest declares; the server has it."""

    kind: str
    name: str
    id: str
    marks: tuple[Mark, ...]


class Origin(Data, frozen=True):
    """What a plan was made from: the server (see `Capabilities.identity`) and the manifests."""

    identity: str = ""
    release: str = ""
    digest: str = ""


FORMAT: Final = "stashsync-plan"
VERSION: Final = 3


class Plan(Data, frozen=True, kw_only=True, tag_field="format", tag=FORMAT):
    """Everything that `show`, `apply` and `drift` need.

    `changes` stand in the order in which they are shown: by kind, creates before updates, by key.
    `operations` stand in the order in which they are sent. `labels` has, by kind, the name of
    every token that a change mentions. `refusals` are what thresholds and protection forbid; they
    bind `apply` unless it is forced. `unchanged` counts, by kind, the objects that the
    manifests declare and that already hold.
    """

    version: int = VERSION
    source: Origin = Origin()
    changes: tuple[Change, ...] = ()
    operations: tuple[Operation, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    externals: tuple[External, ...] = ()
    warnings: tuple[Problem, ...] = ()
    refusals: tuple[Problem, ...] = ()
    unchanged: Mapping[str, Count] = msgspec.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def count(self, action: str, kind: str | None = None) -> int:
        """Count the changes of this action, of one kind or of all."""
        return sum(
            1 for change in self.changes if change.action == action and kind in (None, change.kind)
        )

    def totals(self) -> dict[str, Counter[str]]:
        """Count the changes by kind and action, for the kinds that have any."""
        totals: dict[str, Counter[str]] = {}
        for change in self.changes:
            totals.setdefault(change.kind, Counter())[change.action] += 1
        return totals

    def label(self, kind: str, token: str) -> str:
        """Return the name of an object that a change mentions."""
        return self.labels.get(kind, {}).get(token, token)

    def in_waves(self) -> Iterator[list[int]]:
        """Yield the indices of the operations, wave by wave."""
        waves: dict[int, list[int]] = {}
        for index, operation in enumerate(self.operations):
            waves.setdefault(operation.wave, []).append(index)
        for wave in sorted(waves):
            yield waves[wave]
