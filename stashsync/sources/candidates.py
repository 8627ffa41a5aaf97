"""The objects of a source with canonical values, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, field

from stashsync.fields import (
    CustomFields,
    Flag,
    Integer,
    NameSet,
    Number,
    StashIds,
    Value,
    Wrong,
    is_members,
)
from stashsync.fields.names import fold, trim
from stashsync.fields.raw import Raw, as_raw
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS, FieldSpec, Key
from stashsync.sources.found import FoundObject, Leave, LeftOut
from stashsync.state import Resource


class Candidate(Struct, eq=False):
    """An object of a source; `values` are canonical, references by name.

    `declared` is the object of the manifests that it was found to be, if any. What is `out` is
    not written.
    """

    kind: str
    values: dict[str, Value]
    places: list[str]
    pictures: dict[str, bytes] = field(default_factory=dict)
    declared: Resource | None = None
    out: bool = False

    @property
    def name(self) -> str:
        """Its name in the source, trimmed."""
        name: str = self.values["name"]
        return name

    @property
    def key(self) -> Key:
        """Its key by the values of the source."""
        return KINDS[self.kind].key(self.values)

    @property
    def label(self) -> str:
        """Its name for people."""
        return KINDS[self.kind].label(self.values)

    @property
    def address(self) -> str:
        """Kind and name, for people."""
        return f'{self.kind} "{self.label}"'

    @property
    def place(self) -> str:
        """Where the source has it."""
        return self.places[0]

    @property
    def stash_ids(self) -> Mapping[str, list[str]]:
        """Its ids at other databases, by endpoint."""
        return self.values.get("stash_ids") or {}

    def left(self, reason: str, field: str = "", other: str = "") -> LeftOut:
        """Return what to report if it, or one of its fields, is left out."""
        return LeftOut(self.kind, self.label, reason, self.place, field, other)


def candidates_of(found: Iterable[FoundObject], leave: Leave) -> list[Candidate]:
    """Return the objects of a source, in its order; those of one key are one."""
    by_key: dict[tuple[str, Key], Candidate] = {}
    for each in found:
        made = _candidate(each, leave)
        if made is None:
            continue
        first = by_key.setdefault((made.kind, made.key), made)
        if first is not made:
            _unite(first, made, leave)
    found_once = list(by_key.values())
    _refuse_shared_ids(found_once, leave)
    return found_once


def _refuse_shared_ids(candidates: Sequence[Candidate], leave: Leave) -> None:
    """Leave out objects that have an id at a database in common: only one can be that object."""
    holders: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in candidates:
        for endpoint, ids in candidate.stash_ids.items():
            for each in ids:
                holders.setdefault((candidate.kind, endpoint, each), []).append(candidate)
    for several in holders.values():
        for candidate in several if len(several) > 1 else ():
            if not candidate.out:
                candidate.out = True
                others = ", ".join(each.place for each in several if each is not candidate)
                leave(candidate.left("another object of the source has its stash_id", other=others))


def parsed(spec: FieldSpec, value: Any) -> Value:
    """Return the canonical value of a field of a source.

    Raises:
        Wrong: it is nothing that the field can be.
    """
    found = spec.meaning.parse(_raw(spec, value))
    if is_members(found) and spec.meaning.shape in ("set", "list"):
        raise Wrong("a list is wanted here", "a source has all members, or none")
    return found


def _raw(spec: FieldSpec, value: Any) -> Raw:
    if isinstance(value, str):
        _require_text(value)
        # Files and other databases have numbers and flags as texts, too.
        return value if isinstance(spec.meaning, Flag | Integer | Number) else as_raw(value)
    for text in _texts(value):
        _require_text(text)
    return as_raw(value)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


def _require_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Wrong(f"{text!r} is no text: it has half of a character") from None


def _candidate(found: FoundObject, leave: Leave) -> Candidate | None:
    kind = KINDS[found.kind]
    report = partial(LeftOut, found.kind, trim(found.name), place=found.place)
    try:
        values: dict[str, Value] = {"name": parsed(kind.fields["name"], found.name)}
    except Wrong as wrong:
        leave(report(wrong.message))
        return None
    for name, value in found.values.items():
        if name == "name":
            continue
        try:
            canonical = parsed(kind.fields[name], value)
        except Wrong as wrong:
            leave(report(wrong.message, field=name))
            continue
        if canonical not in (None, False, [], {}):
            values[name] = canonical
    for fault in list(kind.check(values)):
        if fault.path and values.pop(str(fault.path[0]), None) is not None:
            leave(report(fault.message, field=str(fault.path[0])))
    return Candidate(found.kind, values, [found.place], dict(found.pictures))


def _unite(first: Candidate, other: Candidate, leave: Leave) -> None:
    """Add what the source has of an object at another place; the first single value counts."""
    if ids_differ(first.stash_ids, other.stash_ids):
        if not first.out:
            first.out = True
            leave(first.left("several objects of the source have this name", other=other.place))
        leave(other.left("several objects of the source have this name", other=first.place))
        return
    first.places += other.places
    first.pictures = {**other.pictures, **first.pictures}
    kind = KINDS[first.kind]
    for name, value in other.values.items():
        mine = first.values.get(name)
        if mine is None:
            first.values[name] = value
        elif name not in kind.key_fields:
            united = united_with(kind.fields[name], mine, value)
            if united is None and mine != value:
                reason = "another place of the source has another value, which is taken"
                leave(other.left(reason, name, first.place))
            first.values[name] = mine if united is None else united


def united_with(spec: FieldSpec, mine: Value, other: Value) -> Value:
    """Return a list or a map with what another adds to it; None where a field is single.

    What is cleared for an endpoint or a key stays so.
    """
    if isinstance(spec.meaning, StashIds):
        more = {endpoint: ids for endpoint, ids in other.items() if mine.get(endpoint) != []}
        return {
            endpoint: list(dict.fromkeys([*mine.get(endpoint, ()), *more.get(endpoint, ())]))
            for endpoint in {**mine, **more}
        }
    if isinstance(spec.meaning, CustomFields):
        return {**other, **mine}
    if spec.meaning.shape not in ("set", "list"):
        return None
    named = spec.meaning.references() or isinstance(spec.meaning, NameSet)
    fix = fold if named else str
    present = {fix(text) for text in reference_list(mine)}
    members = zip(reference_list(other), other, strict=True)
    return [*mine, *(member for text, member in members if fix(text) not in present)]


def ids_differ(mine: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> bool:
    """Whether two objects have different ids at one database, and none in common."""
    shared = [(mine[name], other[name]) for name in mine if mine[name] and other.get(name)]
    return bool(shared) and all(set(left).isdisjoint(right) for left, right in shared)
