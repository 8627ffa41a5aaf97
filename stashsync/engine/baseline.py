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

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, Final, TypeAlias

import msgspec
import orjson
from msgspec import Struct, field

from stashsync.applier.outcomes import Report
from stashsync.engine.reconcile import Reconciliation
from stashsync.errors import StashConfigurationError
from stashsync.fields import JsonMap, Value
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import KINDS, FieldSpec, Key, Kind
from stashsync.outcomes import Status
from stashsync.planner import Create, Delete, Merge, Pair, Plan, Policy, Update
from stashsync.state import Resource, State

FORMAT: Final = "stashsync-baseline"
VERSION: Final = 1
_FORMER_FORMAT: Final = "stashsync-record"
"""The same objects, and no names."""

Values: TypeAlias = Mapping[str, Value]
_Object: TypeAlias = tuple[str, str]
"""A kind and an id."""


class Baseline(Struct, frozen=True, dict=True):
    """Values of declared objects by kind and server id; references are ids.

    `library` is the identity of the server's library. `names` has, by kind and id, the names of
    objects that others refer to and that no manifest declares. `rewritten` counts, by kind, id and
    field, the applies in a row that had to write the value that was remembered already.
    """

    library: str
    objects: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rewritten: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    written: str = ""
    """When it was written, by the server's clock (ISO 8601); "" if that is unknown."""
    since: str = ""
    """Runs whose id is less than this knew the objects by other ids; "" if none did."""
    not_before: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By kind and id of what a run created: a time at which it did not exist yet (ISO 8601).
    Another server with the same mark, a copy, may have given the id to an older one."""

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

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], str]:
        """The server ids of the remembered objects, by kind and folded label."""
        return {
            (name, fold(KINDS[name].label(values))): identifier
            for name, objects in self.objects.items()
            for identifier, values in objects.items()
        }

    @cached_property
    def undeclared(self) -> Mapping[tuple[str, str], str]:
        """The server ids of the objects in `names`, by kind and folded name."""
        return {
            (kind, fold(name)): identifier
            for kind, names in self.names.items()
            for identifier, name in names.items()
        }


def same(spec: FieldSpec, value: Value, other: Value) -> bool:
    """Whether two values of a field are the same but for what the server adds to them."""
    if isinstance(spec.meaning, JsonMap):
        return spec.meaning.same(value, other)
    return bool(spec.meaning.written(value) == spec.meaning.written(other))


# -- writing --------------------------------------------------------------------------------------


def after_pull(
    library: str,
    pairs: Iterable[Pair],
    observed: State,
    policy: Policy,
    former: Baseline | None = None,
    unfinished: Collection[tuple[str, str | Key]] = (),
) -> Baseline:
    """Remember what is observed of every declared object.

    Objects that the policy does not choose stay as they were remembered, and so do the unfinished
    ones: these are kinds with ids, or with keys of what the server removed.
    """
    writer = _Writer(library, observed, former)
    writer.take(pairs, policy, unfinished)
    return writer.baseline()


def after_apply(
    report: Report,
    seen: Reconciliation | None,
    observed: State,
    former: Baseline | None = None,
    began: str = "",
) -> Baseline:
    """Remember what a run wrote and what had been found equal; nothing is read again.

    Args:
        report: the account of the run.
        seen: both sides before it. A saved plan is another one than that of `seen`. None where
            the manifests are not those of the plan: then what was written is added to `former`.
        observed: what was read of the server before.
        former: the baseline until now.
        began: when the run had not begun yet, by the server's clock (ISO 8601), if that is known.
    """
    writer = _Writer(report.plan.source.identity, observed, former, began)
    writer.note_run(report)
    if seen is None:
        writer.add()
    else:
        writer.note_plan(seen.plan)
        writer.take(seen.pairs, seen.policy)
    return writer.baseline()


class _Writer:
    """A baseline as it is put together."""

    def __init__(
        self, library: str, observed: State, former: Baseline | None, began: str = ""
    ) -> None:
        self._began = began
        self._library = library
        self._former = former or Baseline(library)
        self._by_id: dict[_Object, Resource] = {
            (resource.kind, resource.id or ""): resource for resource in observed
        }
        self._objects: dict[str, dict[str, dict[str, Value]]] = {name: {} for name in KINDS}
        self._rewritten: dict[str, dict[str, dict[str, int]]] = {}
        self._planned: dict[_Object, set[str]] = {}
        self._written: dict[_Object, dict[str, Value]] = {}
        self._created: dict[tuple[str, Key], str] = {}
        self._ids: dict[str, str] = {}
        """The ids of created objects, by their tokens."""
        self._now: dict[_Object, str | None] = {}
        """What became of removed objects: the destination of a merge, or None."""

    # -- what a run did -------------------------------------------------------------------------

    def note_plan(self, plan: Plan) -> None:
        """Note which fields were not equal."""
        for change in plan.changes:
            if isinstance(change, Update):
                self._planned.setdefault((change.kind, change.id), set()).update(change.changes)

    def note_run(self, report: Report) -> None:
        """Note what was written, created and removed."""
        self.note_plan(report.plan)
        fields: dict[int, set[str]] = {}
        incomplete: set[int] = set()
        for operation, outcome in zip(report.plan.operations, report.outcomes, strict=True):
            if outcome.status is not Status.APPLIED:
                incomplete.add(operation.change)
                continue
            sent = set(operation.fields) - operation.detour.keys()
            fields.setdefault(operation.change, set()).update(sent)
            change = report.plan.changes[operation.change]
            if isinstance(change, Create) and outcome.id:
                self._ids[change.token] = outcome.id
        for place, change in enumerate(report.plan.changes):
            match change:
                case Create() if change.token in self._ids:
                    identifier = self._ids[change.token]
                    self._created[change.kind, KINDS[change.kind].key(change.values)] = identifier
                    self._planned[change.kind, identifier] = set(change.values)
                    self._note_written(change.kind, identifier, change.values, fields[place])
                case Update() if place in fields:
                    after = {name: field.after for name, field in change.changes.items()}
                    self._note_written(change.kind, change.id, after, fields[place])
                case Delete() if place not in incomplete:
                    self._now[change.kind, change.id] = None
                case Merge() if place not in incomplete:
                    self._now |= {(change.kind, source): change.id for source, _ in change.sources}

    def _note_written(
        self, kind: str, identifier: str, values: Values, fields: Collection[str]
    ) -> None:
        images = {spec.name for spec in KINDS[kind].images}
        written = {name: values[name] for name in fields if name not in images}
        self._written.setdefault((kind, identifier), {}).update(written)

    # -- what is remembered ---------------------------------------------------------------------

    def take(
        self,
        pairs: Iterable[Pair],
        policy: Policy,
        unfinished: Collection[tuple[str, str | Key]] = (),
    ) -> None:
        """Remember every declared object that is there: what is equal, and what was written."""
        merged = {(kind, into) for (kind, _), into in self._now.items()}
        for pair in pairs:
            desired, observed = pair.desired, pair.observed
            kind = KINDS[desired.kind]
            if desired.absent or pair.refused:
                continue
            if observed is None:
                identifier = self._created.get((kind.name, desired.key), "")
                values: Values = {name: spec.meaning.empty for name, spec in kind.fields.items()}
            else:
                identifier = observed.id or ""
                me = (kind.name, identifier)
                # The pair of a merge has what that makes of the object.
                values = (observed if me in merged else self._by_id.get(me, observed)).values
            if (kind.name, desired.key) in unfinished:
                self._keep(kind.name, self._former.ids.get((kind.name, desired.key), ""))
            elif (kind.name, identifier) in unfinished:
                self._keep(kind.name, identifier)
            elif identifier and policy.chooses(desired):
                mentioned = dict.fromkeys((*kind.key_fields, *desired.values))
                self._remember(kind, identifier, mentioned, values)
            elif identifier:
                self._keep(kind.name, identifier)

    def _remember(self, kind: Kind, identifier: str, fields: Iterable[str], values: Values) -> None:
        """Remember fields of an object; those that were planned and not written stay as before."""
        me = (kind.name, identifier)
        written, planned = self._written.get(me, {}), self._planned.get(me, ())
        former = self._former.get(*me) or {}
        images = {spec.name for spec in kind.images}
        found = self._objects[kind.name][identifier] = {}
        for name in fields:
            if name in written:
                found[name] = written[name]
                if name in former and same(kind.fields[name], former[name], written[name]):
                    times = self._former.times_rewritten(*me, name) + 1
                    of_kind = self._rewritten.setdefault(kind.name, {})
                    of_kind.setdefault(identifier, {})[name] = times
            elif name in planned and name in former:
                found[name] = former[name]
            elif name in images or name not in values:
                continue
            elif name not in planned or name in kind.key_fields:
                found[name] = values[name]

    def add(self) -> None:
        """Keep the former baseline, and add what was written to it."""
        for name in KINDS:
            for identifier in self._former.objects.get(name, {}):
                if (name, identifier) not in self._now:
                    self._keep(name, identifier)
        for (name, identifier), written in self._written.items():
            observed = self._by_id.get((name, identifier))
            if identifier in self._ids.values() or observed is not None:
                former = self._former.get(name, identifier) or {}
                fields = dict.fromkeys((*KINDS[name].key_fields, *former, *written))
                values = {**(observed.values if observed is not None else {}), **former}
                self._remember(KINDS[name], identifier, fields, values)

    def _keep(self, kind: str, identifier: str) -> None:
        """Take an object over from the former baseline."""
        former = self._former.get(kind, identifier)
        if former is not None:
            self._objects[kind][identifier] = dict(former)
            times = self._former.rewritten.get(kind, {}).get(identifier)
            if times:
                self._rewritten.setdefault(kind, {})[identifier] = dict(times)

    def baseline(self) -> Baseline:
        """Return the baseline, with references to what is there now."""
        names: dict[str, dict[str, str]] = {}
        for kind in KINDS.values():
            for name, spec in kind.references.items():
                target = spec.meaning.references() or ""
                for values in self._objects[kind.name].values():
                    if not values.get(name):
                        continue
                    if self._ids or self._now:
                        values[name] = self._resolved(target, values[name])
                    for token in reference_list(values[name]):
                        if token not in self._objects[target]:
                            names.setdefault(target, {})[token] = self._name(target, token)
            for name, meaning in kind.inner.items():
                for values in self._objects[kind.name].values():
                    if self._ids and name in values:
                        values[name] = meaning.exchange(values[name], self._made)
                    for target, token in meaning.ids_in(values.get(name)):
                        label = self._name(target, token)
                        if label and token not in self._objects[target]:
                            names.setdefault(target, {})[token] = label
        objects = {name: found for name, found in self._objects.items() if found}
        return Baseline(
            self._library, objects, names, self._rewritten, not_before=self._not_before(objects)
        )

    def _not_before(self, objects: Mapping[str, Mapping[str, Values]]) -> dict[str, dict[str, str]]:
        created = {(kind, identifier) for (kind, _), identifier in self._created.items()}
        found: dict[str, dict[str, str]] = {}
        for kind, identifiers in objects.items():
            for identifier in identifiers:
                known = self._former.not_before.get(kind, {}).get(identifier, "")
                time = (self._began if (kind, identifier) in created else "") or known
                if time:
                    found.setdefault(kind, {})[identifier] = time
        return found

    def _resolved(self, target: str, value: Value) -> Value:
        """Replace placeholders and merged objects in a reference by the ids that are there now."""

        def now(token: str) -> str | None:
            identifier = self._ids.get(token, token)
            return self._now.get((target, identifier), identifier)

        return exchanged(value, now)

    def _made(self, _: str, token: str) -> str | None:
        return self._ids.get(token)

    def _name(self, kind: str, identifier: str) -> str:
        observed = self._by_id.get((kind, identifier))
        if observed is not None:
            return observed.label
        return self._former.names.get(kind, {}).get(identifier, "")


# -- the file -------------------------------------------------------------------------------------


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    identity: str
    objects: dict[str, dict[str, dict[str, Any]]]
    names: dict[str, dict[str, str]] = {}
    rewritten: dict[str, dict[str, dict[str, int]]] = {}
    written: str = ""
    since: str = ""
    not_before: dict[str, dict[str, str]] = {}


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
        "written": baseline.written,
        "since": baseline.since,
        "not_before": baseline.not_before,
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def load(data: bytes, library: str, name: str = "this") -> Baseline:
    """Read the baseline of a library. `name` is what errors call it, such as its file.

    Raises:
        StashConfigurationError: it is none, of another version or another library's.
    """
    try:
        content = msgspec.json.decode(data, type=dict[str, Any])
        if content.get("format") not in (FORMAT, _FORMER_FORMAT):
            raise StashConfigurationError(f"{name} is no baseline")
        if content.get("version") != VERSION:
            raise StashConfigurationError(
                f"{name} is a baseline of version {content.get('version')}, not {VERSION}"
            )
        found = msgspec.convert(content, _File)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise StashConfigurationError(f"the baseline {name} is damaged: {error}") from error
    if found.identity != library:
        raise StashConfigurationError(f"{name} is the baseline of another library")
    objects = {kind: values for kind, values in found.objects.items() if kind in KINDS}
    return Baseline(
        library,
        objects,
        found.names,
        found.rewritten,
        found.written,
        found.since,
        found.not_before,
    )
