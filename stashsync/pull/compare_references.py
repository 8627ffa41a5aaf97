"""What differs in the fields that refer to other objects.

Their values are compared by id: a new name on the server is no difference of the reference, but is
written where the manifests have the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashsync.fields import is_members
from stashsync.fields.names import fold
from stashsync.fields.references import exchanged
from stashsync.kinds import Key
from stashsync.pull.differences import ListChange, Move
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
        """Accept a list with values of its members as a whole: their order counts."""
        target, settle = field.spec.meaning.references() or "", field.spec.meaning.settle

        def now(name: str) -> str:
            return self.identities.id_of(target, name) or f"+{name}"

        mine = (
            {part: exchanged(members, now) for part, members in field.mine.items()}
            if is_members(field.mine)
            else exchanged(field.mine, now)
        )
        if settle(mine, field.theirs) == field.theirs:
            return
        changed_by = ChangedBy.SERVER
        if field.base is not UNKNOWN:
            changed_by = who_changed(
                settle(mine, field.base) == field.base, field.theirs == field.base
            )
        assert field.change.observed is not None  # it is compared
        written = self.writer.value(field.change.observed, field.spec)
        if self.findings.report(field.change, field.spec.name, changed_by, str(written)):
            field.change.values[field.spec.name] = written

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
