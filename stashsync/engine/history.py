"""What a run did, by its journal, and what is there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct, field

from stashsync.applier.journal import Run
from stashsync.fields import ObjectFilter, Value
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import KINDS, FieldSpec
from stashsync.outcomes import Status
from stashsync.planner import Create, Delete, Merge, Update
from stashsync.planner.changes import Change, values_after
from stashsync.planner.expectation import Expectation
from stashsync.state import Resource, State

Identity: TypeAlias = tuple[str, str]
"""The kind and the id of an object."""


class Look(Struct, frozen=True, dict=True):
    """What is there now of what the run touched.

    `observed` has the images of objects whose images the run set. `others` are objects that have
    ids of the run and are others than it knew (see `evidence`). `bearers` are the objects of
    other kinds that refer to what the run made. `references` are, by object of another kind and
    by field, what it refers to; those that are gone have none.
    """

    observed: State
    bearers: Mapping[Identity, frozenset[Identity]] = field(default_factory=dict)
    references: Mapping[Identity, Mapping[str, Value]] = field(default_factory=dict)
    others: Mapping[Identity, Resource] = field(default_factory=dict)

    @cached_property
    def now(self) -> Mapping[Identity, Resource]:
        """The objects of the kinds that manifests may have, without the others."""
        there = {(item.kind, item.id or ""): item for item in self.observed}
        return {me: item for me, item in there.items() if me not in self.others}


class History(Struct, frozen=True, dict=True):
    """What a run did, from its journal, and what is there now."""

    run: Run
    look: Look

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The ids of what the run created, by placeholder.

        What was sent and not answered is looked for by its key among what the plan does not know.
        """
        found = {
            change.token: outcome.id
            for index, outcome in self.run.outcomes.items()
            if outcome.id and isinstance(change := self._change(index), Create)
        }
        was_there = Expectation(self.run.plan).was_there
        for index in self.run.unknown:
            change = self._change(index)
            if not isinstance(change, Create) or change.token in found:
                continue
            key = KINDS[change.kind].key(change.values)
            for me, resource in self.look.now.items():
                if (me[0], resource.key) == (change.kind, key) and not was_there(*me):
                    found[change.token] = me[1]
        return found

    @cached_property
    def happened(self) -> list[int]:
        """The operations that were applied, or may have been."""
        over = (Status.APPLIED, Status.UNKNOWN)
        ended = {index: outcome.status in over for index, outcome in self.run.outcomes.items()}
        return sorted(index for index in {*self.run.sent, *ended} if ended.get(index, True))

    def changes(self) -> Iterator[tuple[int, Change]]:
        """Yield the operations that happened, with their changes."""
        return ((index, self._change(index)) for index in self.happened)

    def _change(self, index: int) -> Change:
        return self.run.plan.changes[self.run.plan.operations[index].change]

    def deleted_by(self, index: int) -> Identity | None:
        """Return what an operation deletes: the first one of a delete may only rename it."""
        operation, change = self.run.plan.operations[index], self._change(index)
        if isinstance(change, Delete) and not operation.fields:
            return change.kind, change.id
        return None

    @cached_property
    def deleted(self) -> frozenset[Identity]:
        """What the run deleted, or may have."""
        return frozenset(filter(None, map(self.deleted_by, self.happened)))

    @cached_property
    def removed(self) -> Mapping[Identity, str]:
        """What the run deleted or merged and is gone, with the destinations that are there."""
        found: dict[Identity, str] = {}
        for index, change in self.changes():
            if deleted := self.deleted_by(index):
                found[deleted] = ""
            elif isinstance(change, Merge) and not self.run.plan.operations[index].content:
                into = change.id if (change.kind, change.id) in self.look.now else ""
                found.update({(change.kind, source): into for source, _ in change.sources})
        return {me: into for me, into in found.items() if me not in self.look.now}

    @cached_property
    def not_merged(self) -> Mapping[Identity, str]:
        """What the run was to merge and is there, with the destinations.

        It was not merged, or an earlier undo made it again.

        The plan counts what is below it as below the destination already (see `applier.before`).
        """
        return {
            me: change.id
            for change in self.run.plan.changes
            if isinstance(change, Merge)
            for source, _ in change.sources
            if (me := (change.kind, source)) in self.run.before and me not in self.removed
        }

    @cached_property
    def unmerged(self) -> frozenset[Identity]:
        """The destinations of merges of which not all that was to be merged is gone."""
        return frozenset(
            (change.kind, change.id)
            for change in self.run.plan.changes
            if isinstance(change, Merge)
            and any((change.kind, source) not in self.removed for source, _ in change.sources)
        )

    @cached_property
    def made(self) -> Mapping[Identity, Create]:
        """What the run created and is there."""
        return {
            me: change
            for change in self.run.plan.changes
            if isinstance(change, Create)
            and (me := (change.kind, self.ids.get(change.token, ""))) in self.look.now
        }

    @cached_property
    def written(self) -> Mapping[Identity, Mapping[str, list[Value]]]:
        """By object and field the values that the run gave it, for a moment or in the end."""
        found: dict[Identity, dict[str, list[Value]]] = {}
        for index in self.happened:
            for me, spec, value in self.writes_of(index):
                found.setdefault(me, {}).setdefault(spec.name, []).append(value)
        return found

    def writes_of(self, index: int) -> Iterator[tuple[Identity, FieldSpec, Value]]:
        """Yield the fields of what was there that an operation writes, with their values."""
        operation, change = self.run.plan.operations[index], self._change(index)
        if isinstance(change, Update | Delete):
            after = values_after(change)
            for name in operation.fields:
                value = operation.detour.get(name, after.get(name))
                yield (change.kind, change.id), KINDS[change.kind].fields[name], value

    def redirected(self, index: int) -> Iterator[tuple[tuple[Identity, str], str, str]]:
        """Yield what an undo lets refer elsewhere, by which field, from which id to which."""
        operation, change = self.run.plan.operations[index], self._change(index)
        if operation.content and isinstance(change, Create | Update):
            done = change.bearers[int(operation.content)]
            before, after = (self.ids.get(token, token) for token in (done.before, done.after))
            for identifier in done.ids:
                yield ((done.kind, identifier), done.field), before, after

    @cached_property
    def final(self) -> Mapping[Identity, Set[str]]:
        """By object the fields that updates gave a value after all merges into the object."""
        found: dict[Identity, set[str]] = {}
        for index, change in self.changes():
            if isinstance(change, Merge):
                found.pop((change.kind, change.id), None)
            elif isinstance(change, Update):
                fields = found.setdefault((change.kind, change.id), set())
                fields.update(self.run.plan.operations[index].fields)
        return found

    @cached_property
    def given_up(self) -> Mapping[Identity, Mapping[str, list[Value]]]:
        """By object and field the members of a list that it gave up and has not got back."""
        found: dict[Identity, dict[str, list[Value]]] = {}
        for index, change in self.changes():
            operation = self.run.plan.operations[index]
            if not isinstance(change, Update):
                continue
            fields = found.setdefault((change.kind, change.id), {})
            for name in operation.fields:
                before, fewer = operation.undo.get(name), operation.detour.get(name)
                fields[name] = []
                if isinstance(before, list) and isinstance(fewer, list):
                    fields[name] = [each for each in before if each not in fewer]
        return found

    @cached_property
    def released(self) -> Mapping[Identity, Mapping[str, Value]]:
        """By object and field the values that it gave up for a moment."""
        found: dict[Identity, dict[str, Value]] = {}
        for index, change in self.changes():
            if isinstance(change, Update | Delete):
                fields = found.setdefault((change.kind, change.id), {})
                fields.update(self.run.plan.operations[index].undo)
        return found

    @cached_property
    def replaced(self) -> Mapping[Identity, Mapping[str, Value]]:
        """By object and field the values that operations replaced, as the plan has them."""
        found = {me: dict(fields) for me, fields in self.released.items()}
        for index, change in self.changes():
            if isinstance(change, Update):
                edits = change.changes
                for name in self.run.plan.operations[index].fields:
                    if name in edits:
                        found[change.kind, change.id][name] = edits[name].before
        return found

    def as_now(self, spec: FieldSpec, value: Value) -> Value:
        """Return a value of the run with ids for placeholders, without what is not there."""
        if isinstance(spec.meaning, ObjectFilter):
            return spec.meaning.exchange(value, lambda _, token: self.ids.get(token))
        target = spec.meaning.references()
        if target is None or not value:
            return value

        def now(token: str) -> str | None:
            each = self.ids.get(token, token)
            return each if (target, each) in self.look.now else None

        return exchanged(value, now)

    def moved_content(self) -> Iterator[tuple[Identity, str, str, Identity]]:
        """Yield what was moved to the destination of a merge whose sources are still there.

        The object and the field, the id of the destination, and the source that it was of.
        """
        for index, change in self.changes():
            content = self.run.plan.operations[index].content
            if not (content and isinstance(change, Merge)):
                continue
            for source, _ in change.sources:
                me = (change.kind, source)
                image = self.run.before.get(me)
                if image is None or me not in self.look.now:
                    continue
                for where, ids in (image.bearers or {}).items():
                    kind, _, name = where.partition(".")
                    for identifier in ids if kind == content else ():
                        yield (kind, identifier), name, change.id, me

    def moved_kinds(self, me: Identity) -> set[str]:
        """Return the kinds of what was moved from a merged object to the destination."""
        return {
            self.run.plan.operations[index].content
            for index, change in self.changes()
            if isinstance(change, Merge)
            and me in [(change.kind, each) for each, _ in change.sources]
        } - {""}

    def kept(self, me: Identity) -> Mapping[str, Value]:
        """Return the values of an object that the journal has from before the run."""
        image = self.run.before.get(me)
        return {**image.values, **self.released.get(me, {})} if image is not None else {}

    @cached_property
    def _order(self) -> Mapping[Identity, int]:
        return {me: number for number, me in enumerate(self.run.before)}

    def shared(self, other: Identity, where: str, me: Identity, into: str) -> bool:
        """Whether an object referred to the destination of a merge beside what was merged.

        Not if that reference has come during the run.
        """
        former = self.kept(other).get(where.partition(".")[2])
        is_new = former is not None and into not in reference_list(former)
        return other[1] in self.run.before[me].sharing.get(where, ()) and not is_new

    def went_before(self, me: Identity, other: Identity) -> bool:
        """Whether the run removed one object before another."""
        return self._order.get(me, len(self._order)) < self._order.get(other, len(self._order))

    def referred(self, other: Identity, name: str, me: Identity) -> bool:
        """Whether one object referred to another before the run.

        What it referred to when that was removed may have come by an earlier merge.
        """
        if self.went_before(me, other):
            return True
        former = self.kept(other)
        return name not in former or me[1] in reference_list(former[name])
