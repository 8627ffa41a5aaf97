"""Observed objects as items of a manifest, by name: only fields that are not empty.

Each value is read again by its meaning. What would be read otherwise (text that a server before
v0.30.0 never trimmed, a number that has no decimal form) is left out and noted: a plan of what was
exported must be empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from stashsync.fields import JsonMap, ObjectFilter, Value, Wrong
from stashsync.fields.names import fold, trim
from stashsync.fields.raw import as_raw
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS, FieldSpec, Kind
from stashsync.state import Resource, State

NOTHING: Final[tuple[Value, ...]] = (None, False, "", [], {})
Note = Callable[[Resource, str], object]
"""Receives what cannot be written: the object, and what, as a phrase."""


@dataclass
class ReferenceNames:
    """By kind and id, the names by which manifests can refer to the objects of a library.

    `owners` has, by kind, the id of the object with a folded name, or of the first of several,
    which old servers allowed. Of these, a name means the one that has it just so.
    """

    names: Mapping[str, Mapping[str, str]]
    owners: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, state: State) -> ReferenceNames:
        """Return the names of all objects in an observed state."""
        names: dict[str, dict[str, str]] = {}
        owners: dict[str, dict[str, str]] = {}
        for name, resources in state.resources.items():
            counts = Counter(resource.name for resource in resources)
            labels = Counter(resource.label for resource in resources)
            good = names[name] = {}
            first = owners[name] = {}
            for resource in resources:
                text, folded = resource.values["name"], resource.key[0]
                first.setdefault(folded, resource.id or "")
                if counts[text] != 1 and len(resource.key) > 1 and labels[resource.label] == 1:
                    text = resource.label  # with what tells it from others of its name
                elif counts[text] != 1:
                    continue
                if text and trim(text) == text:
                    good[resource.id or ""] = text
        return cls(names, owners)

    def get(self, kind: str, identifier: str) -> str | None:
        """Return the name, or None where no reference can mean this object."""
        return self.names.get(kind, {}).get(identifier)


@dataclass
class ItemWriter:
    """Makes items of the observed objects of one library."""

    state: State
    names: ReferenceNames
    note: Note
    _aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    _ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shared_keys = Counter((resource.kind, resource.key) for resource in self.state)
        """How many objects have a key; names that differ in case alone are one."""

    def declarable(self, kind: Kind) -> list[Resource]:
        """Return the objects of a kind that a manifest can declare, in the order of their names."""
        found = []
        for resource in self.state.of(kind.name):
            if not resource.name or trim(resource.name) != resource.name:
                self.note(resource, "its name begins or ends with white space")
            else:
                found.append(resource)
        found.sort(key=lambda resource: (resource.key, resource.name))
        return found

    def item(self, resource: Resource, fields: Iterable[str]) -> dict[str, Any]:
        """Return the object as an item with those of the fields that are not empty.

        The hierarchy is not among them: the nesting of items decides what is left of it.
        """
        kind = KINDS[resource.kind]
        item: dict[str, Any] = {"name": resource.name}
        if self._shared_keys[resource.kind, resource.key] > 1:
            item["id"] = int(resource.id or 0)
        parsed: dict[str, Value] = {"name": resource.name}
        hierarchy = kind.hierarchy
        for name in fields:
            value = resource.values.get(name)
            if name == "name" or value in NOTHING or kind.fields[name] is hierarchy:
                continue
            spec = kind.fields[name]
            if spec.meaning.shape == "image" and spec.meaning.written(value) is None:
                continue  # a server's image has no name
            written = self.value(resource, spec)
            if written is not None:
                item[name] = written
                parsed[name] = spec.meaning.parse(as_raw(written))
        for fault in kind.check(parsed):
            where = str(fault.path[0]) if fault.path else ""
            if item.pop(where, None) is not None:
                self.note(resource, f"{where}: {fault.message}")
        return item

    def value(self, resource: Resource, spec: FieldSpec) -> Any:
        """Return what to write of a field so that the object has it already; None is nothing."""
        observed = resource.values.get(spec.name)
        target = spec.meaning.references()
        if target is not None:
            return self._references(resource, spec, target, observed)
        if isinstance(spec.meaning, JsonMap):
            return self._json(resource, spec.meaning, spec.name, observed)
        written = spec.meaning.written(observed)
        kind = KINDS[resource.kind]
        if spec is kind.aliases and kind.shared_names:
            written = self._unclaimed(resource, observed or [])
        if _holds(spec, written, observed):
            return written
        kept = _what_holds(spec, written, observed)
        self.note(resource, f"{spec.name} holds what a manifest cannot say")
        return kept

    def _json(self, resource: Resource, meaning: JsonMap, field: str, observed: Value) -> Any:
        """Return a map that a manifest has whole; what it cannot say leaves all of it out."""
        written, parsed = meaning.written(observed), None
        if isinstance(meaning, ObjectFilter):
            written = meaning.named(observed, self.names.get)
        with suppress(Wrong):
            parsed = meaning.parse(as_raw(written))
        if isinstance(meaning, ObjectFilter):
            parsed = meaning.resolve(parsed, lambda _, kind, name: (self._id_of(kind, name), ""))
        if meaning.same(parsed, observed):
            return written
        self.note(resource, f"{field} holds what a manifest cannot say")
        return None

    def _id_of(self, kind: str, name: str) -> str:
        """Return the id of the object that a name means."""
        if kind not in self._ids:
            self._ids[kind] = {name: id_ for id_, name in self.names.names.get(kind, {}).items()}
        return self._ids[kind].get(name, "")

    def _references(self, resource: Resource, spec: FieldSpec, target: str, observed: Value) -> Any:
        if spec.form == "one":
            name = self.names.get(target, observed)
            if name is None:
                self.note(resource, f"{spec.name}: no name means just that {target}")
            return name
        if spec.form == "memberships":
            return self._memberships(resource, spec, target, observed)
        assert spec.form == "many"
        names = [self.names.get(target, identifier) for identifier in observed]
        good = sorted(
            (name for name in names if name is not None), key=lambda name: (fold(name), name)
        )
        if len(good) == len(names):
            return good
        self.note(resource, f"{spec.name}: no name means just one of them")
        return {"add": good} if good else None

    def _memberships(
        self, resource: Resource, spec: FieldSpec, target: str, observed: Value
    ) -> Any:
        """Return members by name, in their order; a value of their own goes with the name."""
        named = exchanged(observed, lambda identifier: self.names.get(target, identifier))
        written = spec.meaning.written(named)
        if len(named) == len(observed):
            return written
        self.note(resource, f"{spec.name}: no name means just one of them")
        return {"add": written} if written else None

    def _unclaimed(self, resource: Resource, aliases: list[str]) -> Any:
        """Return the aliases that no other object has as a name or alias, which is refused."""
        owners = self.names.owners[resource.kind]
        claimed = self._aliases.setdefault(resource.kind, {})
        me = resource.id or ""
        good = [
            alias
            for alias in aliases
            if owners.get(fold(alias), me) == me and claimed.setdefault(fold(alias), me) == me
        ]
        return good if len(good) == len(aliases) else {"add": good}


def _holds(spec: FieldSpec, written: Any, observed: Value) -> bool:
    """Whether the written value, read again, leaves nothing to do."""
    try:
        parsed = spec.meaning.parse(as_raw(written))
    except Wrong:
        return False
    settled: bool = spec.meaning.settle(parsed, observed) == observed
    return settled and not (isinstance(written, dict) and written == {"add": []})


def _what_holds(spec: FieldSpec, written: Any, observed: Value) -> Any:
    """Return the part of a list or a map that can be written, or None."""
    if isinstance(written, dict) and written.keys() <= {"add"}:
        written = written["add"]
    if isinstance(written, list):
        good = [member for member in written if _holds(spec, {"add": [member]}, observed)]
        return {"add": good} if good else None
    if isinstance(written, dict):
        part = {
            key: value for key, value in written.items() if _holds(spec, {key: value}, observed)
        }
        return part or None
    return None
