"""What differs, as plain data that others render, order, apply and save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec

from stashsync.errors import Mark
from stashsync.fields import Value
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS


class Matched(StrEnum):
    """How a desired and an observed object were found to be the same, strongest first."""

    ID = "id"
    STASH_ID = "stash_id"
    RENAME = "renamed_from"
    MEMORY = "remembered id"
    """It was this very object at the last apply or pull, and was renamed on the server since."""
    KEY = "name"
    MERGE = "merge"
    """It is the first of those that are to be merged into it, and there is no other."""
    RUN = "run"
    """A run changed it, and that is undone."""
    AROUND_LOOP = "around a loop"
    """It loses a parent as a loop is taken apart, and gets it back."""
    AROUND_MERGE = "around a merge"
    """No manifest declares it: it is about to be merged into another, or is below one that is."""


Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Part of a plan: a value that is saved and read as JSON."""


class FieldChange(Data, frozen=True):
    """One field of an object: its value on the server and the one it is to have.

    Canonical values (see `fields`); references are tokens: server ids, or the placeholder of an
    object that the plan creates. `Plan.labels` has the names of all tokens.
    """

    before: Value
    after: Value


class Bearers(Data, frozen=True):
    """Objects of a kind that no manifest has, and whose reference changes.

    Those with the `ids`, of the kind `kind`, refer in their field `field` to `after` in place of
    `before`. Either is a token, or "" for none. `first`: nothing is lost with the reference that
    goes, as they refer to `before` in another field too; so it goes before others come. `members`:
    what the list of a single object has afterwards, with what it has of each, where only the
    whole list can be written; what the plan could not create is left out.
    """

    kind: str
    field: str
    ids: tuple[str, ...]
    before: str = ""
    after: str = ""
    first: bool = False
    members: tuple[tuple[str, Value], ...] = ()


class Create(Data, frozen=True, tag_field="action", tag="create"):
    """An object that is on no server yet. `token` stands for its id until it has one.

    Where a deletion is undone, `bearers` refer to it once it is there, and `former` is the id that
    it had.
    """

    action: ClassVar[Literal["create"]] = "create"

    kind: str
    token: str
    label: str
    values: Mapping[str, Value]
    mark: Mark
    bearers: tuple[Bearers, ...] = ()
    former: str = ""


class Update(Data, frozen=True, tag_field="action", tag="update"):
    """An object whose fields change. `label` is what the server calls it now.

    `unchanged` counts the fields that the manifest mentions and that already hold. `bearers` come
    to refer to it, or refer to it no more: where a merge is undone. `kept` are the other fields
    of an object that is always saved whole, as they are.
    """

    action: ClassVar[Literal["update"]] = "update"

    kind: str
    id: str
    label: str
    changes: Mapping[str, FieldChange]
    mark: Mark
    matched: Matched
    unchanged: Count = 0
    bearers: tuple[Bearers, ...] = ()
    kept: Mapping[str, Value] = msgspec.field(default_factory=dict)

    @property
    def renames(self) -> bool:
        """Whether it gets another name."""
        return "name" in self.changes


class Delete(Data, frozen=True, tag_field="action", tag="delete"):
    """An object that is removed. `mark` is where its manifest wants it; None where `prune` does.

    `impact` counts what bears it or belongs to it, by the server's name for that; `blockers` are
    descriptions of what keeps the server from deleting it.
    """

    action: ClassVar[Literal["delete"]] = "delete"

    kind: str
    id: str
    label: str
    mark: Mark | None = None
    impact: Mapping[str, Count] = msgspec.field(default_factory=dict)
    blockers: tuple[str, ...] = ()


class Merge(Data, frozen=True, tag_field="action", tag="merge"):
    """Objects that are merged into another: what bears them will bear that one instead.

    `id` and `label` are the destination's; `sources` are the others, as (id, name now). `native`
    is whether the server has a mutation for it; where it has none, `content` has the ids of what
    belongs to the others, by kind, and all of that is moved before they are deleted.
    """

    action: ClassVar[Literal["merge"]] = "merge"

    kind: str
    id: str
    label: str
    sources: tuple[tuple[str, str], ...]
    mark: Mark
    native: bool = True
    impact: Mapping[str, Count] = msgspec.field(default_factory=dict)
    content: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


Change: TypeAlias = Create | Update | Merge | Delete


def token_of(change: Change) -> str:
    """Return what other objects refer to it by: its id, or the placeholder for it."""
    return change.token if isinstance(change, Create) else change.id


def contents_of(change: Change) -> Sequence[str]:
    """Return the names of the parts of a change that are about objects no manifest can have."""
    if isinstance(change, Create | Update):
        return [str(place) for place in range(len(change.bearers))]
    return list(change.content) if isinstance(change, Merge) else []


def values_after(change: Change) -> Mapping[str, Value]:
    """Return the fields that the change sets, with their values afterwards."""
    if isinstance(change, Create):
        return change.values
    if isinstance(change, Update):
        return {name: field.after for name, field in change.changes.items()}
    return {}


@cache
def targets_of(kind: str) -> Mapping[str, str]:
    """Return the kind that each reference field of a kind refers to."""
    return {name: spec.meaning.references() or "" for name, spec in KINDS[kind].references.items()}


as_list = reference_list


def references_in(change: Change, *, before: bool = False) -> Iterator[tuple[str, str, str]]:
    """Yield field, kind and token of every object that the change will refer to.

    With `before`, the objects that it refers to no more are among them.
    """
    for name, kind in targets_of(change.kind).items():
        for side in _sides(change, name, before=before):
            for token in as_list(side):
                yield name, kind, token
    for name, meaning in KINDS[change.kind].inner.items():
        for side in _sides(change, name, before=before):
            for kind, token in meaning.ids_in(side):
                yield name, kind, token


def _sides(change: Change, name: str, *, before: bool) -> Sequence[Value]:
    if isinstance(change, Create):
        return [change.values.get(name)]
    if not isinstance(change, Update) or name not in change.changes:
        return []
    field = change.changes[name]
    return [field.before, field.after] if before else [field.after]
