"""The baseline: what both sides held last, the third side of a comparison.

A baseline belongs to one library and has, by kind and server id, the values of the fields that the
manifests mentioned: as they were written, or found equal. Every difference can so be attributed to
the side that changed since. It is a help and never a truth: without one the sides are compared as
ever.

    pairs ──── fields that already held ─────────────┐
    report ─── values of the operations applied ─────┼──> baseline
    former ─── what failed, or was left out ─────────┘
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import msgspec
import orjson

from stashsync.applier.outcomes import Report
from stashsync.engine.reconcile import Reconciliation
from stashsync.fields import Value
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS, FieldSpec, Key, Kind
from stashsync.outcomes import Status
from stashsync.planner import Create, Delete, Merge, Pair, Policy, Update
from stashsync.planner.changes import Change
from stashsync.state import Resource, State

FORMAT: Final = "stashsync-baseline"
VERSION: Final = 1
_FORMER_FORMAT: Final = "stashsync-record"
"""The same objects, and no names."""

Values = Mapping[str, Value]


@dataclass(frozen=True)
class Baseline:
    """Values of declared objects by kind and server id; references are ids.

    `library` is the identity of the server's library. `names` has, by kind and id, the names of
    objects that others refer to and that no manifest declares. `rewritten` counts, by kind, id and
    field, the applies in a row that had to write the value that was remembered already.
    """

    library: str
    objects: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rewritten: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)

    def get(self, kind: str, identifier: str | None) -> Values | None:
        """Look up the values of an object; None where it is not remembered."""
        return self.objects.get(kind, {}).get(identifier or "")

    def times_rewritten(self, kind: str, identifier: str, name: str) -> int:
        """Count the applies in a row that wrote the remembered value of a field once more."""
        return self.rewritten.get(kind, {}).get(identifier, {}).get(name, 0)

    @cached_property
    def ids(self) -> Mapping[tuple[str, Key], str]:
        """The server ids of the remembered objects, by kind and key."""
        return {
            (name, KINDS[name].key(values)): identifier
            for name, objects in self.objects.items()
            for identifier, values in objects.items()
        }


def same(spec: FieldSpec, one: Value, other: Value) -> bool:
    """Whether two values of a field are the same but for what the server adds to them."""
    return bool(spec.meaning.written(one) == spec.meaning.written(other))


# -- writing --------------------------------------------------------------------------------------


def after_pull(
    library: str,
    pairs: Iterable[Pair],
    observed: State,
    policy: Policy,
    former: Baseline | None = None,
) -> Baseline:
    """Remember what is observed of every declared object.

    Objects that the policy does not choose stay as they were remembered.
    """
    writer = _Writer(library, observed, former)
    writer.keep_equal(pairs, policy, {}, {})
    return writer.written()


def after_apply(
    report: Report,
    seen: Reconciliation | None,
    observed: State,
    former: Baseline | None = None,
) -> Baseline:
    """Remember what a run wrote and what had been found equal; nothing is read again.

    Args:
        report: the account of the run.
        seen: both sides before it. A saved plan is another one than that of `seen`. None where
            the manifests are not those of the plan: then what was written is added to `former`.
        observed: what was read of the server before.
        former: the baseline until now.
    """
    writer = _Writer(report.plan.source.identity, observed, former)
    changes = list(_applied(report))
    if seen is None:
        writer.keep_all()
    else:
        merged = {
            (one.change.kind, one.change.id): one.whole
            for one in changes
            if isinstance(one.change, Merge)
        }
        planned: dict[tuple[str, str], set[str]] = {}
        for change in (*report.plan.changes, *seen.plan.changes):
            if isinstance(change, Update):
                planned.setdefault((change.kind, change.id), set()).update(change.changes)
        writer.keep_equal(seen.pairs, seen.policy, planned, merged)
    for one in changes:
        match one.change:
            case Create() if one.id:
                writer.create(one.change, one.id, one.fields)
            case Update() if one.fields:
                writer.update(one.change, one.fields)
            case Delete() | Merge() if one.whole:
                writer.remove(one.change)
    return writer.written()


class _Applied(NamedTuple):
    """What of a change was applied: its final values, its object's id, and whether all was."""

    change: Change
    fields: frozenset[str]
    id: str
    whole: bool


def _applied(report: Report) -> Iterator[_Applied]:
    count = len(report.plan.changes)
    fields: list[set[str]] = [set() for _ in range(count)]
    ids, whole = [""] * count, [True] * count
    for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
        if outcome.status is Status.APPLIED:
            fields[operation.change].update(set(operation.fields) - operation.detour.keys())
            ids[operation.change] = outcome.id or ""
        else:
            whole[operation.change] = False
    for index, change in enumerate(report.plan.changes):
        yield _Applied(change, frozenset(fields[index]), ids[index], whole[index])


class _Writer:
    """A baseline as it is put together."""

    def __init__(self, library: str, observed: State, former: Baseline | None) -> None:
        self._library = library
        self._former = former or Baseline(library)
        self._by_id = {(one.kind, one.id): one for one in observed}
        self._objects: dict[str, dict[str, dict[str, Value]]] = {name: {} for name in KINDS}
        self._rewritten: dict[str, dict[str, dict[str, int]]] = {}
        self._pairs: dict[tuple[str, str | Key], Pair] | None = None
        """By kind and id, or kind and key of what is not on the server; None where unknown."""
        self._ids: dict[str, str] = {}
        self._gone: dict[tuple[str, str], str | None] = {}

    def keep_all(self) -> None:
        """Start from the former baseline."""
        for name in KINDS:
            for identifier in self._former.objects.get(name, {}):
                self._keep(name, identifier)

    def keep_equal(
        self,
        pairs: Iterable[Pair],
        policy: Policy,
        planned: Mapping[tuple[str, str], Collection[str]],
        merged: Mapping[tuple[str, str], bool],
    ) -> None:
        """Start from what is observed of the pairs, but for the fields that the plan changes.

        `merged` has the destinations of merges, and whether these were applied.
        """
        self._pairs = {}
        for pair in pairs:
            desired, observed = pair.desired, pair.observed
            if desired.absent or pair.refused:
                continue
            if observed is None or observed.id is None:
                self._pairs[desired.kind, desired.key] = pair
                continue
            self._pairs[desired.kind, observed.id] = pair
            if not policy.chooses(desired):
                self._keep(desired.kind, observed.id)
                continue
            me = (desired.kind, observed.id)
            names = _mentioned(desired)
            changing = planned.get(me, ())
            if not merged.get(me):
                observed = self._by_id.get(me, observed)  # the pair has what a merge makes of it
            former = self._former.get(desired.kind, observed.id) or {}
            kind = KINDS[desired.kind]
            values = self._objects[kind.name][me[1]] = {}
            for name in names:
                if name in changing and name in former:
                    values[name] = former[name]
                elif name in observed.values and (name not in changing or name in kind.key_fields):
                    values[name] = observed.values[name]

    def create(self, change: Create, identifier: str, fields: Collection[str]) -> None:
        """Remember a created object with the fields that were written."""
        self._ids[change.token] = identifier
        kind = KINDS[change.kind]
        values = {name: change.values[name] for name in _without_images(kind, fields)}
        pair = (self._pairs or {}).get((change.kind, kind.key(change.values)))
        for name in _mentioned(pair.desired) if pair is not None else kind.key_fields:
            if name not in change.values:
                values[name] = kind.fields[name].meaning.empty
        self._objects[change.kind][identifier] = values

    def update(self, change: Update, fields: Collection[str]) -> None:
        """Remember the fields of an object that were written."""
        kind = KINDS[change.kind]
        former = self._former.get(change.kind, change.id) or {}
        values = self._objects[change.kind].get(change.id)
        mentioned: Collection[str] = fields
        if self._pairs is not None:
            pair = self._pairs.get((change.kind, change.id))
            if pair is None or values is None:
                return  # no manifest declares it: it changed for the sake of another object
            mentioned = _mentioned(pair.desired)
        elif values is None:
            observed = self._by_id.get((change.kind, change.id))
            if observed is None:
                return
            values = {name: observed.values[name] for name in kind.key_fields}
            self._objects[change.kind][change.id] = values
        for name in _without_images(kind, fields):
            if name in mentioned:
                values[name] = change.changes[name].after
                if name in former and same(kind.fields[name], former[name], values[name]):
                    times = self._former.times_rewritten(change.kind, change.id, name) + 1
                    of_kind = self._rewritten.setdefault(change.kind, {})
                    of_kind.setdefault(change.id, {})[name] = times

    def remove(self, change: Delete | Merge) -> None:
        """Forget deleted and merged objects; references follow a merge to its destination."""
        if isinstance(change, Delete):
            self._gone[change.kind, change.id] = None
            self._objects[change.kind].pop(change.id, None)
            return
        for source, _ in change.sources:
            self._gone[change.kind, source] = change.id
            self._objects[change.kind].pop(source, None)

    def written(self) -> Baseline:
        """Return the baseline."""
        names: dict[str, dict[str, str]] = {}
        for kind in KINDS.values():
            for name, spec in kind.references.items():
                target = spec.meaning.references() or ""
                declared = self._objects[target]
                for values in self._objects[kind.name].values():
                    value = values.get(name)
                    if not value:
                        continue
                    if self._ids or self._gone:
                        value = values[name] = self._resolved(target, value)
                    for one in reference_list(value):
                        if one not in declared:
                            names.setdefault(target, {})[one] = self._name(target, one)
        objects = {name: found for name, found in self._objects.items() if found}
        return Baseline(self._library, objects, names, self._rewritten)

    def _keep(self, kind: str, identifier: str) -> None:
        """Take an object over from the former baseline."""
        former = self._former.get(kind, identifier)
        if former is not None:
            self._objects[kind][identifier] = dict(former)
            times = self._former.rewritten.get(kind, {}).get(identifier)
            if times:
                self._rewritten.setdefault(kind, {})[identifier] = dict(times)

    def _resolved(self, target: str, value: Value) -> Value:
        """Replace placeholders and merged objects in a reference by the ids that are there now."""

        def now(token: str) -> str | None:
            one = self._ids.get(token, token)
            return self._gone.get((target, one), one)

        if isinstance(value, list):
            return sorted({one for each in value if (one := now(each))})
        return now(value)

    def _name(self, kind: str, identifier: str) -> str:
        observed = self._by_id.get((kind, identifier))
        if observed is not None:
            return observed.label
        return self._former.names.get(kind, {}).get(identifier, "")


def _mentioned(desired: Resource) -> list[str]:
    """List the fields that a manifest mentions, and those that tell objects apart; no images."""
    kind = KINDS[desired.kind]
    return _without_images(kind, dict.fromkeys((*kind.key_fields, *desired.values)))


def _without_images(kind: Kind, fields: Iterable[str]) -> list[str]:
    images = {spec.name for spec in kind.images}
    return [name for name in fields if name not in images]


# -- the file -------------------------------------------------------------------------------------


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    identity: str
    objects: dict[str, dict[str, dict[str, Any]]]
    names: dict[str, dict[str, str]] = {}
    rewritten: dict[str, dict[str, dict[str, int]]] = {}


def file_name(library: str) -> str:
    """Name the file of a library's baseline."""
    return f"baseline-{library}.json"


def former_file_name(library: str) -> str:
    """Name the file that versions before 0.2 kept."""
    return f"record-{library}.json"


def dump(baseline: Baseline) -> bytes:
    """Write a baseline as bytes: the same for equal baselines."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "identity": baseline.library,
        "objects": baseline.objects,
        "names": baseline.names,
        "rewritten": baseline.rewritten,
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def load(data: bytes, library: str) -> Baseline | None:
    """Read a baseline; None where it is another library's, or of an unknown version."""
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if found.format not in (FORMAT, _FORMER_FORMAT) or found.version != VERSION:
        return None
    if found.identity != library:
        return None
    objects = {kind: some for kind, some in found.objects.items() if kind in KINDS}
    return Baseline(library, objects, found.names, found.rewritten)
