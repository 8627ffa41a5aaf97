"""What a comparison of one field finds: which side changed it, and whether that is accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from stashsync.fields import Value
from stashsync.kinds import FieldSpec
from stashsync.pull.differences import AcceptedChange, Choose, Difference, ListChange
from stashsync.state import ChangedBy

UNKNOWN: Final[Any] = object()
"""The baseline's value of a field that it does not have."""


class ComparedField(NamedTuple):
    """One field of a pair: the manifest's value, the server's, and the baseline's or `UNKNOWN`."""

    change: AcceptedChange
    spec: FieldSpec
    mine: Value
    theirs: Value
    base: Value

    @property
    def is_hierarchy(self) -> bool:
        """Whether it names the parents of the object."""
        return self.spec.name == self.change.hierarchy

    def lost(self, members: set[str]) -> set[str]:
        """Those members of the manifest's list, absent on the server, that the server dropped."""
        return members if self.base is UNKNOWN else members & set(self.base)

    def gained(self, members: set[str]) -> set[str]:
        """Those members of the server's list, absent in the manifest, that the server added."""
        return members if self.base is UNKNOWN else members - set(self.base)


def who_changed(manifest_same: bool, server_same: bool) -> ChangedBy:
    """Tell who changed a value, from whether each side still has the baseline's."""
    if manifest_same:
        return ChangedBy.SERVER
    return ChangedBy.MANIFEST if server_same else ChangedBy.BOTH


@dataclass
class Findings:
    """The differences found so far; `choose` decides about what both sides changed."""

    choose: Choose
    reset: bool = False
    """Whether every difference of values counts as the server's."""
    differences: list[Difference] = field(default_factory=list)

    def report(
        self, change: AcceptedChange, field: str, changed_by: ChangedBy, server: str = ""
    ) -> bool:
        """Add a difference; return whether the server's value is accepted."""
        found = Difference(change.desired, field, changed_by, server, change.observed)
        both = changed_by is ChangedBy.BOTH
        ask = both and not self.reset
        accepted = self.choose(found) if ask else both or changed_by is ChangedBy.SERVER
        self.differences.append(replace(found, accepted=accepted))
        return bool(accepted)

    def accept_members(self, field: ComparedField, members: ListChange, differs: bool) -> None:
        """Accept what the server changed in a list; what else `differs` is the manifests'."""
        if members:
            self.report(field.change, field.spec.name, ChangedBy.SERVER)
            field.change.lists[field.spec.name] = members
        elif differs:
            self.report(field.change, field.spec.name, ChangedBy.MANIFEST)
