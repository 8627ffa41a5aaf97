"""Whether changed texts are read as what was meant: the changes, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from stashsync.errors import Problem
from stashsync.fields import ObjectFilter
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, Key
from stashsync.pull.differences import AcceptedChange, Comparison
from stashsync.pull.new_items import NewItem
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.references import Replaced, followed, names_after
from stashsync.pull.writing.blocks import name_of
from stashsync.pull.writing.items import ReferenceNames
from stashsync.state import Resource, State

_Identity: TypeAlias = tuple[str, Key, str | None]


class ChangeChecker:
    """Checks states that changed texts give; `names` are those of the observed objects."""

    def __init__(self, project: Project, pairing: Pairing, names: ReferenceNames) -> None:
        self.project, self.pairing, self.names = project, pairing, names
        self._counts = Counter((item.kind, item.key) for item in project.state)
        self._bearers = Counter((item.kind, item.key[0]) for item in project.state)

    def reads_as_meant(
        self,
        state: State,
        comparison: Comparison,
        manual: Sequence[Problem],
        changes: Sequence[AcceptedChange],
        added: Sequence[NewItem],
    ) -> bool:
        """Whether a state has the changes, all that are no manual steps, and nothing else."""
        marks = {step.mark for step in manual}
        still_open = {
            (change.desired.kind, change.desired.id or change.desired.key)
            for change in comparison.changes
            if change.observed is not None
        }
        names = {(item.kind, item.key[0]) for item in state}
        names -= {
            (change.desired.kind, change.desired.key[0])
            for change in comparison.changes
            if change.observed is not None
        }
        for new in added:
            name = KINDS[new.kind].key({"name": name_of(new.item)})[0]
            if (new.kind, name) not in names and new.mark not in marks:
                return False
        touched: dict[_Identity, set[str]] = {}
        for change in changes:
            desired = change.desired
            if change.observed is None or desired.mark in marks:
                touched[self._identity(desired, desired.key)] = set(desired.values)
                continue
            key = change.new_key
            touched[self._identity(desired, key)] = change.fields
            if not still_open.isdisjoint({(desired.kind, desired.id or key), (desired.kind, key)}):
                return False
        new_names = {
            (new.kind, KINDS[new.kind].key({"name": name})[0])
            for new in added
            for name in new.names()
        }
        return self._rest_is_same(state, touched, changes, new_names)

    def _rest_is_same(
        self,
        state: State,
        touched: Mapping[_Identity, set[str]],
        changes: Sequence[AcceptedChange],
        new_names: Container[tuple[str, str]],
    ) -> bool:
        """Whether the rest reads as before, and nothing is new but what has these names."""
        left = {self._identity(item, item.key): item for item in self.project.state}
        old_keys = {
            self._identity(change.desired, change.new_key): self._identity(
                change.desired, change.desired.key
            )
            for change in changes
            if change.observed is not None
        }
        replaced = self.replaced(changes)
        for resource in state:
            identity = self._identity(resource, resource.key)
            old = left.pop(old_keys.get(identity, identity), None)
            if old is None:
                if (resource.kind, resource.key[0]) not in new_names:
                    return False
                continue
            names = {*resource.values, *old.values} - touched.get(identity, set())
            if _extras(resource) != _extras(old) or not all(
                _equal(resource, old, name) or self._follows(resource, old, name, replaced)
                for name in names
            ):
                return False
        removed = {
            self._identity(change.desired, change.desired.key)
            for change in changes
            if change.observed is None
        }
        return left.keys() <= removed

    def _follows(self, resource: Resource, old: Resource, name: str, replaced: Replaced) -> bool:
        """Whether references differ by what became of the objects alone."""
        meaning = KINDS[resource.kind].fields[name].meaning
        if (old.kind, old.key) not in self.others or name not in old.values:
            return False
        if isinstance(meaning, ObjectFilter):
            after = meaning.rename(old.values[name], names_after(replaced))
            return meaning.same(resource.values.get(name), after)
        target = meaning.references()
        if target is None:
            return False
        return bool(resource.values.get(name) == followed(old.values[name], target, replaced))

    def replaced(self, changes: Sequence[AcceptedChange]) -> Replaced:
        """Return what became of the names that references of other items may hold."""
        found = dict(self.undeclared)
        for change in changes:
            old, removed = change.desired, change.observed is None
            if self._counts[old.kind, old.key] > 1:
                continue
            if self._bearers[old.kind, old.key[0]] == 1 and (removed or change.name is not None):
                found[old.kind, old.key[0]] = change.name
            if old.label != old.name and (removed or change.new_label != old.label):
                found[old.kind, fold(old.label)] = None if removed else change.new_label
        return found

    @cached_property
    def undeclared(self) -> Replaced:
        """What became of the objects that no manifest declares and that the baseline knows."""
        observed, baseline = self.pairing.observed, self.pairing.baseline
        declared = {(item.kind, item.key[0]) for item in (*self.project.state, *observed)}
        known = baseline.undeclared if baseline is not None else {}
        return {
            (kind, name): self.names.get(kind, identifier)
            for (kind, name), identifier in known.items()
            if (kind, name) not in declared and observed.of(kind)
        }

    @cached_property
    def others(self) -> frozenset[tuple[str, Key]]:
        """Kinds and keys of the items that are not compared: what they refer to follows alone."""
        compared = {
            (pair.desired.kind, pair.desired.key)
            for pair in self.pairing.pairs(self.project.state)[1]
            if pair.observed is not None and self.pairing.policy.chooses(pair.desired)
        }
        everything = {(item.kind, item.key) for item in self.project.state}
        return frozenset(everything - compared)

    def _identity(self, resource: Resource, key: Key) -> _Identity:
        """Return kind and key, of what has its key in common with others also the id."""
        has_twins = self._counts[resource.kind, key] > 1
        return resource.kind, key, resource.id if has_twins else None


def _extras(resource: Resource) -> tuple[object, ...]:
    return resource.id, resource.merge, resource.absent, resource.keep_old_name


def _equal(resource: Resource, old: Resource, name: str) -> bool:
    """Whether a field reads the same; the parents may have followed a rename."""
    absent = object()
    if resource.values.get(name, absent) == old.values.get(name, absent):
        return True
    spec = KINDS[resource.kind].hierarchy
    return spec is not None and name == spec.name and name in old.values
