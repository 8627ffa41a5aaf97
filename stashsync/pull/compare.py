"""What differs between manifests and server, and which of the two changed it.

With a baseline (the values that both sides last held) every difference was made by the server, by
the manifests, or by both. Without one all differences of values count as the server's, and what is
not on the server counts as the manifests': no guess loses anything.

    desired ─ settle ─▶ differs from observed?  ──▶ who_changed(desired = baseline?, observed = it?)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from stashsync.engine.baseline import Baseline
from stashsync.fields import JsonMap, ObjectFilter, Value, is_members
from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.planner import Matched, Pair
from stashsync.planner.repetitions import kept_aliases
from stashsync.pull.compare_references import ReferenceComparer
from stashsync.pull.differences import (
    AcceptedChange,
    Choose,
    Comparison,
    ListChange,
)
from stashsync.pull.findings import UNKNOWN, ComparedField, Findings, who_changed
from stashsync.pull.identities import Identities
from stashsync.pull.placing import TextNesting
from stashsync.pull.writing.edits import REMOVED
from stashsync.pull.writing.items import NOTHING, ItemWriter
from stashsync.state import ChangedBy, Resource


@dataclass
class Comparer:
    """Compares pairs. `nesting` is that of the texts that the pairs were read from."""

    pairs: Sequence[Pair]
    baseline: Baseline | None
    nesting: TextNesting
    choose: Choose
    writer: ItemWriter
    all_fields: bool = False
    reset: bool = False
    """Whether every difference of values counts as the server's."""
    drops_repeated_aliases: bool = False
    """Whether the server keeps no aliases of tags and studios that repeat others."""

    def __post_init__(self) -> None:
        self._identities = Identities(self.pairs, self.baseline, self.writer)
        self._findings = Findings(self.choose, self.reset)
        self._references = ReferenceComparer(
            self._findings, self._identities, self.nesting, self.writer
        )

    def run(self, names: Collection[tuple[str, str]] | None = None) -> Comparison:
        """Compare every pair, or those of objects with these kinds and folded names."""
        for pair in self.pairs:
            if pair.observed is not None and not pair.desired.absent:
                self._compare_name(pair, pair.observed)
        # The kinds that name others within a value come last: those have their new names then.
        changes = [
            change
            for pair in sorted(self.pairs, key=lambda pair: bool(KINDS[pair.desired.kind].inner))
            if not (pair.desired.absent or pair.refused)
            and (names is None or (pair.desired.kind, pair.desired.key[0]) in names)
            and (change := self._compare(pair, pair.observed)) is not None
        ]
        for change in changes:
            self._references.follow(change)
        changes = [change for change in changes if change.fields]
        changes.sort(key=lambda change: change.observed is None)
        return Comparison(changes, self._findings.differences)

    # -- objects --------------------------------------------------------------------------------

    def _compare(self, pair: Pair, observed: Resource | None) -> AcceptedChange | None:
        if observed is None:
            return self._compare_missing(pair.desired)
        change = self._compare_fields(pair.desired, observed)
        if change.fields and change.new_label != pair.desired.label:
            self._identities.accepted_labels[pair.desired.kind, observed.id] = change.new_label
        return change

    def _compare_missing(self, desired: Resource) -> AcceptedChange | None:
        """Compare a declared object that is not on the server: removed there, or new here."""
        base = self._identities.base_of(desired)
        changed_by = ChangedBy.MANIFEST
        if base is not None:
            specs = KINDS[desired.kind].fields
            same = all(
                self._identities.equals_base(desired, specs[name], base[name])
                for name in desired.values
                if name in base
            )
            changed_by = ChangedBy.SERVER if same else ChangedBy.BOTH
        change = AcceptedChange(desired, None)
        return change if self._findings.report(change, "", changed_by) else None

    def _compare_name(self, pair: Pair, observed: Resource) -> None:
        desired = pair.desired
        if observed.name == desired.name:
            return
        base = None if self.reset else self._identities.base_of(desired, observed)
        if base is not None:
            known = base.get("name")
            changed_by = who_changed(desired.name == known, observed.name == known)
        elif pair.matched is Matched.RENAME:
            changed_by = ChangedBy.MANIFEST
        else:
            changed_by = ChangedBy.SERVER
        if self._findings.report(
            AcceptedChange(desired, observed), "name", changed_by, observed.name
        ):
            self._identities.accepted_names[desired.kind, observed.id] = observed.name

    # -- fields ---------------------------------------------------------------------------------

    def _compare_fields(self, desired: Resource, observed: Resource) -> AcceptedChange:
        name = self._identities.accepted_names.get((desired.kind, observed.id))
        change = AcceptedChange(desired, observed, name)
        base = (not self.reset and self._identities.base_of(desired, observed)) or {}
        for name, value in desired.values.items():
            spec = KINDS[desired.kind].fields[name]
            if name == "name" or name not in observed.values:
                continue
            theirs = observed.values[name]
            if value == theirs and not spec.is_relation:
                continue  # whoever changed it: nothing is to be done
            field = ComparedField(change, spec, value, theirs, base.get(name, UNKNOWN))
            match spec.meaning.shape:
                case "image":
                    continue
                case _ if isinstance(spec.meaning, JsonMap):
                    self._compare_json(field, spec.meaning)
                case _ if spec.is_relation:
                    self._references.compare(field)
                case "map":
                    self._compare_map(field)
                case "set" | "list":
                    self._compare_list(field)
                case _:
                    self._compare_scalar(field)
        if self.all_fields:
            self._add_unmanaged(change, observed)
        return change

    def _compare_scalar(self, field: ComparedField) -> None:
        settle = field.spec.meaning.settle
        if settle(field.mine, field.theirs) == field.theirs:
            return
        changed_by = ChangedBy.SERVER
        if field.base is not UNKNOWN:
            changed_by = who_changed(
                settle(field.mine, field.base) == field.base, field.theirs == field.base
            )
        written = field.spec.meaning.written(field.theirs)
        if self._findings.report(field.change, field.spec.name, changed_by, str(written)):
            field.change.values[field.spec.name] = written

    def _compare_list(self, field: ComparedField) -> None:
        others: set[str] = set()
        if field.spec is KINDS[field.change.desired.kind].aliases:
            field = field._replace(theirs=_without_former(field))
            if self.drops_repeated_aliases and KINDS[field.change.desired.kind].shared_names:
                others = _lost_spellings(field)
                field = field._replace(mine=_without_repetitions(field))
        mine, theirs = field.mine, field.theirs
        members = ListChange()
        if is_members(mine):
            members.drop = field.lost(set(mine.get("add", ())) - set(theirs)) | others
            members.allow = field.gained(set(mine.get("remove", ())) & set(theirs))
        elif field.spec.meaning.shape == "list" and mine != theirs:
            if field.base is UNKNOWN or field.base == mine:
                members.whole = list(theirs)
            elif field.base != theirs:
                if self._findings.report(
                    field.change, field.spec.name, ChangedBy.BOTH, str(theirs)
                ):
                    field.change.lists[field.spec.name] = ListChange(whole=list(theirs))
                return
        elif field.spec.meaning.shape == "set":
            members.drop = field.lost(set(mine) - set(theirs)) | others
            members.add = sorted(field.gained(set(theirs) - set(mine)))
        self._findings.accept_members(
            field, members, field.spec.meaning.settle(mine, theirs) != theirs
        )

    def _compare_map(self, field: ComparedField) -> None:
        written = field.spec.meaning.written
        server: dict[str, Any] = written(field.theirs) or {}
        known = (written(field.base) or {}) if field.base is not UNKNOWN else None
        changed: dict[str, Any] = {}
        keys = server if field.mine is None else field.mine
        for key in {**keys, **server} if self.all_fields else keys:
            mine = _one_or_list((field.mine or {}).get(key))
            theirs = server.get(key)
            if _same(mine, theirs):
                continue
            changed_by = ChangedBy.SERVER
            if known is not None:
                base = known.get(key)
                changed_by = who_changed(_same(mine, base), _same(theirs, base))
            if self._findings.report(field.change, field.spec.name, changed_by, f"{key}: {theirs}"):
                changed[key] = theirs
        if changed:
            field.change.maps[field.spec.name] = changed

    def _compare_json(self, field: ComparedField, meaning: JsonMap) -> None:
        """Compare a map that the manifest has whole, entry by entry.

        What differs by the names of objects alone is written anew, as other references are.
        """
        name, mine, theirs = field.spec.name, field.mine or {}, field.theirs or {}
        written, wanted = meaning.written(theirs) or {}, meaning.written(mine) or {}
        followed: set[str] = set()
        if isinstance(meaning, ObjectFilter):
            mine = self._identities.resolved(meaning, mine) or {}
            written, wanted, followed = self._named(field, meaning, mine)
        base = None if field.base is UNKNOWN else field.base or {}
        changed: dict[str, Any] = {}
        for key in (*mine, *(key for key in theirs if key not in mine)):
            my, their, known = (_entry(each, key) for each in (mine, theirs, base or {}))
            changed_by = ChangedBy.SERVER
            if meaning.same(my, their):
                if key not in followed:
                    continue
            elif base is not None:
                changed_by = who_changed(meaning.same(my, known), meaning.same(their, known))
            shown = f"{key}: {meaning.shortest(key, written.get(key))}"
            if self._findings.report(field.change, name, changed_by, shown):
                changed[key] = written.get(key, REMOVED)
        if changed:
            field.change.maps[name] = changed
            field.change.whole[name] = {
                key: meaning.shortest(key, value)
                for key, value in {**wanted, **changed}.items()
                if value is not REMOVED
            }

    def _named(
        self, field: ComparedField, meaning: ObjectFilter, mine: Value
    ) -> tuple[Value, Value, set[str]]:
        """Return the server's criteria and the manifest's by name, in the manifest's order.

        The third are the criteria in which names change. `mine` is the manifest's value with ids.
        """
        names = self._identities.names_by_id(meaning, field.mine)
        lost = {me for me, name in names.items() if not self._identities.still_means(*me, name)}

        def name_of(kind: str, identifier: str) -> str | None:
            me = (kind, identifier)
            known = names.get(me) if me not in lost else None
            return known or self._identities.reference_to(kind, identifier, names.get(me))

        written = meaning.named(field.theirs, name_of, short=False, like=mine)
        wanted = meaning.named(mine, lambda kind, id_: names.get((kind, id_)), like=mine)
        renamed = {names[me]: new for me in lost if (new := name_of(*me)) is not None}
        field.change.renamed[field.spec.name] = renamed
        followed = {key for key in mine if not lost.isdisjoint(meaning.ids_in(_entry(mine, key)))}
        return written, wanted, followed

    def _add_unmanaged(self, change: AcceptedChange, observed: Resource) -> None:
        """Accept the fields that the manifest does not mention and that are not empty."""
        for name, spec in KINDS[change.desired.kind].fields.items():
            value = observed.values.get(name)
            managed = name == "name" or name in change.desired.values or name in change.maps
            unnamed = spec.meaning.shape == "image" and spec.meaning.written(value) is None
            if managed or unnamed or value in NOTHING:
                continue
            written = self.writer.value(observed, spec)
            if written is not None:
                change.values[name] = written
                self._findings.report(change, name, ChangedBy.SERVER)


def _without_former(field: ComparedField) -> list[str]:
    """Return the aliases without old names that `keep_old_name` or `merge` keep.

    What the manifest lists all the same stays.
    """
    desired = field.change.desired
    former = desired.former_names.difference(map(fold, _listed(field.mine)))
    return [alias for alias in field.theirs if fold(alias) not in former]


def _listed(value: Value) -> list[str]:
    """Return the aliases that a manifest has, or adds."""
    return value if isinstance(value, list) else value.get("add", [])


def _without_repetitions(field: ComparedField) -> Value:
    """Return the manifest's aliases without those that the server does not keep."""
    mine, theirs = field.mine, field.theirs
    whole = field.spec.meaning.settle(mine, theirs)
    kept = kept_aliases(field.change.name or field.change.desired.name, whole, theirs)
    if isinstance(mine, list):
        return kept
    return {**mine, "add": [alias for alias in _listed(mine) if alias in kept]}


def _lost_spellings(field: ComparedField) -> set[str]:
    """Return other spellings in the manifest of what the server had in one of them, and dropped."""
    mine = _listed(field.mine)
    name = field.change.name or field.change.desired.name
    theirs = {text.lower() for text in (name, *field.theirs)}
    lost = field.lost({alias for alias in mine if alias.lower() not in theirs})
    dropped = {alias.lower() for alias in lost}
    return {alias for alias in mine if alias.lower() in dropped}


def _entry(value: dict[str, Value], key: str) -> dict[str, Value]:
    return {key: value[key]} if key in value else {}


def _one_or_list(value: Value) -> Value:
    if isinstance(value, list):
        return value[0] if len(value) == 1 else value or None
    return value


def _same(left: Value, other: Value) -> bool:
    if isinstance(left, list) and isinstance(other, list):
        return sorted(map(str, left)) == sorted(map(str, other))
    return bool(left == other)
