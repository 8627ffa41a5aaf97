"""What differs, as plain data. Rendering, ordering, applying and saving all read these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from stashsync.errors import Mark
from stashsync.fields import Value


class Matched(StrEnum):
    """What told that a desired and an observed object are the same, strongest first."""

    ID = "id"
    STASH_ID = "stash_id"
    RENAME = "renamed_from"
    KEY = "name"
    MERGE = "merge"
    """It is the first of those that are to be folded into it, and there is no other."""
    AROUND_MERGE = "around a merge"
    """No manifest speaks of it: it is about to be folded into another, or hangs below one."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an object: its value on the server and the one it is to have.

    Canonical values (see `fields`); references are tokens: server ids, or the placeholder of an
    object that the plan creates. `Plan.labels` has the names of all tokens.
    """

    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Create:
    """An object that is on no server yet. `token` stands for its id until it has one."""

    kind: str
    token: str
    label: str
    values: Mapping[str, Value]
    mark: Mark
    action: Literal["create"] = "create"


@dataclass(frozen=True, slots=True)
class Update:
    """An object whose fields change. `label` is what the server calls it now.

    `unchanged` counts the fields that the manifest speaks of and that already hold.
    """

    kind: str
    id: str
    label: str
    changes: Mapping[str, FieldChange]
    mark: Mark
    matched: Matched
    unchanged: int = 0
    action: Literal["update"] = "update"

    @property
    def renames(self) -> bool:
        """Whether it gets another name."""
        return "name" in self.changes


@dataclass(frozen=True, slots=True)
class Delete:
    """An object that goes. `mark` is where its manifest says so; None where `prune` does.

    `impact` counts what bears it or belongs to it, by the server's name for that; `blockers` are
    in words what keeps the server from deleting it.
    """

    kind: str
    id: str
    label: str
    mark: Mark | None = None
    impact: Mapping[str, int] = field(default_factory=dict)
    blockers: tuple[str, ...] = ()
    action: Literal["delete"] = "delete"


@dataclass(frozen=True, slots=True)
class Merge:
    """Objects that are folded into another: what bears them will bear that one instead.

    `id` and `label` are the destination's; `sources` are the others, as (id, name now). `native`
    says that the server has a mutation for it; where it has none, `content` has the ids of what
    belongs to the others, by kind, and all of that is moved before they are deleted.
    """

    kind: str
    id: str
    label: str
    sources: tuple[tuple[str, str], ...]
    mark: Mark
    native: bool = True
    impact: Mapping[str, int] = field(default_factory=dict)
    content: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    action: Literal["merge"] = "merge"


Change: TypeAlias = Create | Update | Merge | Delete


def token_of(change: Change) -> str:
    """What other objects refer to it by: its id, or the placeholder for it."""
    return change.token if isinstance(change, Create) else change.id


def values_after(change: Change) -> Mapping[str, Value]:
    """The fields that the change sets, with their values afterwards."""
    if isinstance(change, Create):
        return change.values
    if isinstance(change, Update):
        return {name: one.after for name, one in change.changes.items()}
    return {}
