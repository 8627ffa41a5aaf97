"""What differs in the fields that refer to other objects.

Their values are compared by id: a new name on the server is no difference of the reference, but is
written where the manifests have the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashsync.fields import Memberships, Value, in_parts, is_members
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged, reference_list
from stashsync.kinds import KINDS, Key
from stashsync.pull.differences import AcceptedChange, ListChange, Move
from stashsync.pull.findings import UNKNOWN, ComparedField, Findings, who_changed
from stashsync.pull.identities import Identities
from stashsync.pull.placing import TextNesting
from stashsync.pull.writing.items import ItemWriter
from stashsync.state import ChangedBy


@dataclass
class ReferenceComparer:
    """Compares fields that refer to objects. `nesting` is that of the texts."""

    findings: Findings
    identities: Identities
    nesting: TextNesting
    writer: ItemWriter

    def compare(self, field: ComparedField) -> None:
        """Compare one such field, and accept what the server changed in it."""
        match field.spec.form:
            case "one":
                self._compare_one(field)
            case "memberships":
                self._compare_memberships(field)
            case _:
                self._compare_many(field)

    def _compare_many(self, field: ComparedField) -> None:
        target = field.spec.meaning.references() or ""
        members = ListChange(names=True)
        exact = not is_members(field.mine)
        covered: set[str] = set()
        pending = False  # whether the manifests changed something that is not applied yet
        for name in field.mine if exact else field.mine.get("add", ()):
            identifier = self.identities.id_of(target, name)
            if identifier is None:
                members.drop.add(fold(name))
            elif identifier in field.theirs:
                covered.add(identifier)
                now = self.identities.name_of(target, identifier)
                if now is not None and fold(now) != fold(name):
                    members.renamed[fold(name)] = now
            elif self.findings.reset or (identifier and field.lost({identifier})):
                members.drop.add(fold(name))
            else:
                pending = True
        come: list[str] = []
        if exact:
            added = {each for each in field.theirs if each not in covered}
            gained = field.gained(added)
            come = [each for each in field.theirs if each in gained]
            pending = pending or gained != added
        else:
            for name in field.mine.get("remove", ()):
                identifier = self.identities.id_of(target, name)
                if identifier and identifier in field.theirs and field.gained({identifier}):
                    members.allow.add(fold(name))
        if field.is_hierarchy:
            self._move(field, members, come, pending)
            return
        names = [self.identities.name_of(target, each) for each in come]
        members.add = sorted(name for name in names if name is not None)
        self.findings.accept_members(field, members, pending)

    def _compare_memberships(self, field: ComparedField) -> None:
        """Accept a list with values of its members as a whole: their order counts.

        What is accepted has ids; `follow` names them once all names are known.
        """
        assert field.change.observed is not None  # it is compared
        target, settle = field.spec.meaning.references() or "", field.spec.meaning.settle
        mine = self.identities.with_ids(target, field.mine)
        if settle(mine, field.theirs) == field.theirs:
            return
        theirs, base = field.theirs, field.base
        if is_members(mine) and base is not UNKNOWN:  # what others own does not count
            owned = set(_names_in(mine))
            theirs, base = ([each for each in side if each[0] in owned] for side in (theirs, base))
        changed_by = ChangedBy.SERVER
        if base is not UNKNOWN:
            changed_by = who_changed(settle(mine, base) == base, theirs == base)
        shown = self.writer.value(field.change.observed, field.spec)
        if self.findings.report(field.change, field.spec.name, changed_by, str(shown)):
            accepted = _accepted_members(mine, field, reset=self.findings.reset)
            field.change.lists[field.spec.name] = ListChange(whole=accepted)

    def follow(self, change: AcceptedChange) -> None:
        """Name the members of such lists as their objects are called from now on."""
        if change.observed is None:
            return
        for name, spec in KINDS[change.desired.kind].references.items():
            value, accepted = change.desired.values.get(name), change.lists.get(name)
            if not isinstance(spec.meaning, Memberships) or not (value or accepted):
                continue
            target = spec.meaning.references()
            whole = accepted.whole if accepted else self.identities.with_ids(target, value)
            named = self._named(target, value, whole)
            if accepted or named.renamed:
                named.whole = in_parts(named.whole, spec.meaning.shortest)
                change.lists[name] = named

    def _named(self, target: str, value: Value, whole: Value) -> ListChange:
        """Return members by name, in place of their ids; `value` is the manifest's own list."""
        now, found = self.identities, ListChange(names=True, part=target)
        former = {now.former_or_new(target, each): each for each in _names_in(value)}

        def name_of(identifier: str) -> str | None:
            old = former.get(identifier)
            if old is not None and now.still_means(target, identifier, old):
                return old
            name = now.reference_to(target, identifier, old)
            if old is not None and name is not None:
                found.renamed[fold(old)] = name
            return name or old

        found.whole = in_parts(whole, lambda members: exchanged(members, name_of))
        return found

    def _move(
        self, field: ComparedField, members: ListChange, come: list[str], pending: bool
    ) -> None:
        """Accept a change of parents, which the nesting of items defines too."""
        if pending and not (members or come):
            self.findings.report(field.change, field.spec.name, ChangedBy.MANIFEST)
        if not (members or come):
            return
        around = self._around(field)
        nested = {key[0] for key in around}
        members.renamed = {old: new for old, new in members.renamed.items() if old not in nested}
        if members or come:
            self.findings.report(field.change, field.spec.name, ChangedBy.SERVER)
            field.change.lists[field.spec.name] = members
            field.change.move = Move([key for key in around if key[0] in members.drop], come)

    def _around(self, field: ComparedField) -> Sequence[Key]:
        return self.nesting.around(field.change.desired.kind, field.change.desired.key)

    def _compare_one(self, field: ComparedField) -> None:
        target = field.spec.meaning.references() or ""
        mine = None if field.mine is None else self.identities.former_id_of(target, field.mine)
        name = None if field.theirs is None else self.identities.name_of(target, field.theirs)
        if mine == field.theirs:
            renamed = field.mine is not None and name is not None and fold(name) != fold(field.mine)
            if renamed and not (field.is_hierarchy and self._around(field)):
                field.change.values[field.spec.name] = name
            return
        pending = mine == "" and not self.findings.reset
        changed_by = ChangedBy.MANIFEST if pending else ChangedBy.SERVER
        if field.base is not UNKNOWN:
            changed_by = who_changed(mine == field.base, field.theirs == field.base)
        if self.findings.report(field.change, field.spec.name, changed_by, str(name)):
            field.change.values[field.spec.name] = name
            around = self._around(field) if field.is_hierarchy else ()
            if around:
                field.change.move = Move(list(around), [field.theirs] if field.theirs else [])


def _accepted_members(mine: Value, field: ComparedField, *, reset: bool) -> Value:
    """Return the members that a manifest with `mine` is to have, by id.

    Those that it names alone, which leaves their value as it is, go on to be names alone.
    """
    theirs = dict(field.theirs)
    if not is_members(mine):
        has_value = {each: bool(value) for each, *value in mine or ()}
        return [
            [each, value] if has_value.get(each, value is not None) else [each]
            for each, value in theirs.items()
        ]
    known = None if field.base is UNKNOWN else reference_list(field.base)

    def stays(each: str) -> bool:
        """Whether a member that the server does not have is new in the manifest."""
        return not reset and (each.startswith("+") or (known is not None and each not in known))

    return {
        "add": [
            [each, theirs.get(each, value[0])] if value else [each]
            for each, *value in mine["add"]
            if each in theirs or stays(each)
        ],
        "remove": [each for each in mine["remove"] if each[0] not in theirs],
    }


def _names_in(value: Value) -> list[str]:
    """Return the references in a list, or in both parts of one that is owned in part."""
    parts = value.values() if is_members(value) else [value]
    return [each for part in parts for each in reference_list(part)]
