"""What the server says otherwise than the manifests, and who of the two moved.

With a baseline of what both agreed on, every difference is the server's move, the manifest's, or
both. Without one all differences of values are the server's, and what is not on the server is the
manifest's: nothing is lost by guessing.

    desired ─ settle ─▶ differs from observed?  ──▶ side(desired holds base?, observed is base?)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stashsync.engine.baseline import Baseline, Values
from stashsync.fields import CustomFields, Ref, Refs, StashIds, TextList, Value, is_members
from stashsync.fields.names import fold
from stashsync.kinds import KINDS, FieldSpec, Key
from stashsync.planner import Matched, Pair
from stashsync.pull.differences import (
    Choose,
    Comparison,
    Difference,
    Members,
    Move,
    Taking,
)
from stashsync.pull.nesting import Nesting
from stashsync.pull.writing.forms import NOTHING, Names, Writer
from stashsync.state import ChangedBy, Resource, State


class Comparer:
    """Compares pairs. `nesting` is that of the texts that the pairs were read from."""

    def __init__(
        self,
        pairs: list[Pair],
        observed: State,
        baseline: Baseline | None,
        nesting: Nesting,
        choose: Choose,
        writer: Writer,
        *,
        all_fields: bool = False,
    ) -> None:
        self._pairs = pairs
        self._baseline = baseline
        self._nesting = nesting
        self._choose = choose
        self._writer = writer
        self._all = all_fields
        self._names = Names.of(observed)
        self._by_id = {(one.kind, one.id): one for one in observed}
        self._declared = {(one.desired.kind, one.desired.key[0]): one for one in pairs}
        self._pair_of = {
            (one.desired.kind, one.observed.id): one for one in pairs if one.observed is not None
        }
        self._taken_names: dict[tuple[str, str | None], str] = {}
        self.found = Comparison()

    def run(self) -> Comparison:
        """Compare every pair."""
        for pair in self._pairs:
            if pair.observed is not None and not pair.desired.absent:
                self._name(pair)
        for pair in self._pairs:
            if pair.desired.absent or pair.refused:
                continue
            if pair.observed is None:
                self._missing(pair.desired)
            else:
                taking = self._fields(pair, pair.observed)
                if taking:
                    self.found.takings.append(taking)
        return self.found

    # -- objects --------------------------------------------------------------------------------

    def _missing(self, desired: Resource) -> None:
        """A declared object that is not on the server: gone there, or new here."""
        base = self._base_of(desired)
        if base is None:
            self._differ(desired, "", ChangedBy.MANIFEST)
            return
        same = all(
            self._holds(desired, KINDS[desired.kind].fields[name], base[name])
            for name in desired.values
            if name in base
        )
        if self._differ(desired, "", ChangedBy.SERVER if same else ChangedBy.BOTH):
            self.found.gone.append(desired)

    def _base_of(self, desired: Resource) -> Values | None:
        if self._baseline is None:
            return None
        identifier = desired.id or self._baseline.ids.get((desired.kind, desired.key))
        return self._baseline.get(desired.kind, identifier)

    def _name(self, pair: Pair) -> None:
        assert pair.observed is not None
        desired, observed = pair.desired, pair.observed
        if observed.name == desired.name:
            return
        base = self._baseline.get(desired.kind, observed.id) if self._baseline else None
        if base is None:
            side = ChangedBy.MANIFEST if pair.matched is Matched.RENAME else ChangedBy.SERVER
        else:
            side = _side(desired.name == base.get("name"), observed.name == base.get("name"))
        if self._differ(desired, "name", side, observed.name, observed):
            self._taken_names[desired.kind, observed.id] = observed.name

    def name_of(self, kind: str, identifier: str) -> str | None:
        """What manifests will call an object."""
        pair = self._pair_of.get((kind, identifier))
        if pair is None:
            return self._names.get(kind, identifier)
        return self._taken_names.get((kind, identifier), pair.desired.name)

    def _differ(
        self,
        desired: Resource,
        name: str,
        side: ChangedBy,
        server: str = "",
        observed: Resource | None = None,
    ) -> bool:
        """Note a difference; gives whether the server's side is taken."""
        difference = Difference(desired, name, side, server, observed)
        taken = self._choose(difference) if side is ChangedBy.BOTH else side is ChangedBy.SERVER
        self.found.differences.append(replace(difference, taken=taken))
        return bool(taken)

    def _field(self, taking: Taking, name: str, side: ChangedBy, server: str = "") -> bool:
        """The same of a field of an object that both have."""
        return self._differ(taking.desired, name, side, server, taking.observed)

    # -- fields ---------------------------------------------------------------------------------

    def _fields(self, pair: Pair, observed: Resource) -> Taking:
        desired = pair.desired
        kind = KINDS[desired.kind]
        taking = Taking(desired, observed, self._taken_names.get((desired.kind, observed.id)))
        base = self._baseline.get(desired.kind, observed.id) if self._baseline else None
        for name, value in desired.values.items():
            spec = kind.fields[name]
            if name == "name" or name not in observed.values or spec.meaning.shape == "image":
                continue
            have = observed.values[name]
            if spec.meaning.references():
                self._references(taking, spec, value, have, base)
            elif isinstance(spec.meaning, StashIds | CustomFields):
                self._map(taking, spec, value, have, base)
            elif spec.meaning.shape in ("set", "list"):
                self._list(taking, spec, value, have, base)
            elif spec.meaning.settle(value, have) != have:
                self._scalar(taking, spec, value, have, base)
        if self._all:
            self._unmanaged(taking)
        return taking

    def _scalar(
        self, taking: Taking, spec: FieldSpec, value: Value, have: Value, base: Values | None
    ) -> None:
        side = ChangedBy.SERVER
        if base is not None and spec.name in base:
            known = base[spec.name]
            side = _side(spec.meaning.settle(value, known) == known, have == known)
        written = spec.meaning.written(have)
        if self._field(taking, spec.name, side, str(written)):
            taking.values[spec.name] = written

    def _list(
        self, taking: Taking, spec: FieldSpec, value: Value, have: Value, base: Values | None
    ) -> None:
        if spec.name == "aliases":
            have = self._without_former(taking.desired, have)
        known = None if base is None else base.get(spec.name)
        members = Members()
        if is_members(value):
            missing = {one for one in value.get("add", ()) if one not in have}
            members.drop = missing if known is None else missing & set(known)
            present = {one for one in value.get("remove", ()) if one in have}
            members.allow = present if known is None else present - set(known)
        elif isinstance(spec.meaning, TextList):
            if value == have:
                return
            if known is None or known == value:
                members.whole = list(have)
            elif known != have:
                if self._field(taking, spec.name, ChangedBy.BOTH, str(have)):
                    taking.lists[spec.name] = Members(whole=list(have))
                return
        else:
            gone, come = set(value) - set(have), set(have) - set(value)
            members.drop = gone if known is None else gone & set(known)
            members.add = sorted(come if known is None else come - set(known))
        self._take_members(taking, spec.name, members, spec.meaning.settle(value, have) != have)

    def _take_members(self, taking: Taking, name: str, members: Members, differs: bool) -> None:
        if members and self._field(taking, name, ChangedBy.SERVER):
            taking.lists[name] = members
        elif differs and not members:
            self._field(taking, name, ChangedBy.MANIFEST)

    @staticmethod
    def _without_former(desired: Resource, have: list[str]) -> list[str]:
        """The aliases without old names that `keep_old_name` or `merge` keep (see the planner)."""
        former = {fold(one) for one in desired.merge}
        if desired.keep_old_name:
            former |= {fold(one) for one in desired.renamed_from}
        spoken = desired.values.get("aliases")
        kept = set(spoken if isinstance(spoken, list) else ())
        return [one for one in have if fold(one) not in former or one in kept]

    def _map(
        self, taking: Taking, spec: FieldSpec, value: Value, have: Value, base: Values | None
    ) -> None:
        server: dict[str, Any] = spec.meaning.written(have) or {}
        known = spec.meaning.written(base[spec.name]) if base and spec.name in base else None
        changed: dict[str, Any] = {}
        for key in server if value is None else value:
            mine = None if value is None else _one_or_list(value[key])
            theirs = server.get(key)
            if _same(mine, theirs):
                continue
            side = ChangedBy.SERVER
            if known is not None:
                side = _side(_same(mine, known.get(key)), _same(theirs, known.get(key)))
            if self._field(taking, spec.name, side, f"{key}: {theirs}"):
                changed[key] = theirs
        if changed:
            taking.maps[spec.name] = changed

    def _unmanaged(self, taking: Taking) -> None:
        """Fields that the manifest does not speak of yet, with what they carry."""
        kind = KINDS[taking.desired.kind]
        for name, spec in kind.fields.items():
            value = taking.observed.values.get(name)
            spoken = name in taking.desired.values or spec.meaning.shape == "image"
            if spoken or name in taking.maps or value in NOTHING or name == "name":
                continue
            written = self._writer.value(taking.observed, spec)
            if written is not None:
                taking.values[name] = written
                self.found.differences.append(
                    Difference(
                        taking.desired, name, ChangedBy.SERVER, observed=taking.observed, taken=True
                    )
                )

    # -- references -----------------------------------------------------------------------------

    def _id_of(self, kind: str, name: str) -> str | None:
        """The id of what a reference means; "" where that is yet to be made, None for nothing."""
        pair = self._declared.get((kind, fold(name)))
        if pair is not None:
            if pair.observed is not None:
                return pair.observed.id
            return None if self._base_of(pair.desired) is not None else ""
        found = [
            one.id
            for one in self._writer.state.of(kind)
            if one.key[0] == fold(name) and self._pair_of.get((kind, one.id)) is None
        ]
        return found[0] if len(found) == 1 else None

    def _known_id(self, kind: str, name: str) -> str | None:
        """The same, but for what is gone the id that it had."""
        pair = self._declared.get((kind, fold(name)))
        if pair is None or pair.observed is not None or self._baseline is None:
            return self._id_of(kind, name)
        known = pair.desired.id or self._baseline.ids.get((kind, pair.desired.key))
        return known or self._id_of(kind, name)

    def _holds(self, desired: Resource, spec: FieldSpec, base: Value) -> bool:
        """Whether the manifest's value is what both sides had."""
        value = desired.values[spec.name]
        target = spec.meaning.references()
        if target is None:
            same: bool = spec.meaning.settle(value, base) == base
            return same
        if isinstance(spec.meaning, Ref):
            held: bool = (None if value is None else self._known_id(target, value)) == base
            return held
        if is_members(value):
            return all(self._known_id(target, one) in base for one in value.get("add", ()))
        return {self._known_id(target, one) for one in value} == set(base)

    def _references(
        self, taking: Taking, spec: FieldSpec, value: Value, have: Value, base: Values | None
    ) -> None:
        target = spec.meaning.references() or ""
        known = None if base is None else base.get(spec.name, _ABSENT)
        if known is _ABSENT:
            known = None
        if isinstance(spec.meaning, Ref):
            self._one(taking, spec, target, value, have, base)
            return
        assert isinstance(spec.meaning, Refs)
        exact = not is_members(value)
        said = value if exact else value.get("add", ())
        members = Members(folded=True)
        covered: set[str] = set()
        waiting = False
        for name in said:
            identifier = self._id_of(target, name)
            if identifier == "":
                waiting = True
            elif identifier is None or identifier not in have:
                if identifier is None or known is None or identifier in known:
                    members.drop.add(fold(name))
                else:
                    waiting = True
            else:
                covered.add(identifier)
                self._rename(members, target, identifier, name)
        come = [one for one in have if one not in covered] if exact else []
        if known is not None:
            waiting = waiting or any(one in known for one in come)
            come = [one for one in come if one not in known]
        if not exact:
            for name in value.get("remove", ()):
                identifier = self._id_of(target, name)
                if identifier and identifier in have and (known is None or identifier not in known):
                    members.allow.add(fold(name))
        if spec is KINDS[taking.desired.kind].hierarchy:
            self._place(taking, spec, members, come, waiting)
            return
        names = [self.name_of(target, one) for one in come]
        members.add = sorted(one for one in names if one is not None)
        self._take_members(taking, spec.name, members, waiting)

    def _rename(self, members: Members, target: str, identifier: str, name: str) -> None:
        now = self.name_of(target, identifier)
        if now is not None and fold(now) != fold(name):
            members.renamed[fold(name)] = now

    def _place(
        self, taking: Taking, spec: FieldSpec, members: Members, come: list[str], waiting: bool
    ) -> None:
        """The same for parents, which nesting says too."""
        if not (members.drop or members.renamed or come or members.allow):
            if waiting:
                self._field(taking, spec.name, ChangedBy.MANIFEST)
            return
        around = self._around(taking)
        lost = [key for key in around if key[0] in members.drop]
        nested = {key[0] for key in around}
        members.renamed = {old: new for old, new in members.renamed.items() if old not in nested}
        if not (members.drop or come or members.renamed or members.allow):
            return
        self._field(taking, spec.name, ChangedBy.SERVER)
        taking.lists[spec.name] = members
        taking.move = Move(lost, come)

    def _around(self, taking: Taking) -> Sequence[Key]:
        return self._nesting.around(taking.desired.kind, taking.desired.key)

    def _one(
        self,
        taking: Taking,
        spec: FieldSpec,
        target: str,
        value: Value,
        have: Value,
        base: Values | None,
    ) -> None:
        mine = None if value is None else self._known_id(target, value)
        name = None if have is None else self.name_of(target, have)
        if mine == have and (value is None or name is None or fold(name) == fold(value)):
            return
        around = self._around(taking)
        if mine == have:  # it goes by another name now
            if spec is not KINDS[taking.desired.kind].hierarchy or not around:
                taking.values[spec.name] = name
            return
        side = ChangedBy.SERVER
        if mine == "":
            side = ChangedBy.MANIFEST
        if base is not None and spec.name in base:
            known = base[spec.name]
            side = _side(mine == known, have == known)
        if not self._field(taking, spec.name, side, str(name)):
            return
        if spec is KINDS[taking.desired.kind].hierarchy and around:
            taking.move = Move(list(around), [have] if have else [])
            taking.values[spec.name] = name
        else:
            taking.values[spec.name] = name


_ABSENT: Any = object()


def _side(manifest_holds: bool, server_holds: bool) -> ChangedBy:
    """Who moved, from whether each side still is what both had."""
    if manifest_holds:
        return ChangedBy.SERVER
    return ChangedBy.MANIFEST if server_holds else ChangedBy.BOTH


def _one_or_list(value: Value) -> Value:
    if isinstance(value, list):
        return value[0] if len(value) == 1 else value or None
    return value


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)
