"""Saboteurs of entities: what is sent, what a reading leaves alone, and both ends of relations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from stashsync.entities import Entity, Performer, Tag, edits, loading, relations, tracked
from stashsync.entities.member_list import MemberList
from stashsync.entities.relations import RelatedList
from stashsync.errors import StashError
from stashsync.kinds.field_spec import FieldSpec
from stashsync.store import edits as store_edits
from stashsync.unset import UNSET
from tests.faults.sabotage import saboteurs

SABOTEURS, brings_back = saboteurs()


def leave_out(patch: pytest.MonkeyPatch, is_left_out: Callable[[Any, FieldSpec], bool]) -> None:
    """Leave out fields of which `is_left_out(value, spec)` is true; they count as sent."""
    pending_write = edits.pending_write

    def leave_some_out(entity: Any, *args: Any) -> Any:
        write = pending_write(entity, *args)
        if write is not None:
            for name, spec in type(entity).kind().all_fields.items():
                if is_left_out(entity.__dict__[name], spec):
                    write.value.pop(spec.input, None)
        return write

    patch.setattr(edits, "pending_write", leave_some_out)
    patch.setattr(store_edits, "pending_write", leave_some_out)


def lacks(model: type[Entity], *names: str) -> Callable[[Any, FieldSpec], bool]:
    """Return a predicate that is true of these fields of a class."""
    specs = [model.kind().all_fields[name] for name in names]
    return lambda _, spec: any(spec is item for item in specs)


@brings_back("1", "an empty list is not sent")
def _(patch: pytest.MonkeyPatch) -> None:
    leave_out(patch, lambda value, _: value == [])


@brings_back("4", "an object takes the failure of its side mutation for done")
def _(patch: pytest.MonkeyPatch) -> None:
    save = Entity.save

    async def log_failures(self: Any, client: Any) -> None:
        try:
            await save(self, client)
        except StashError as error:
            if self.is_new() or self.pending_write() is not None:
                raise
            logging.getLogger(__name__).warning("%s", error)
            self.mark_clean()

    patch.setattr(Entity, "save", log_failures)


@brings_back("6 refetch", "no edit is seen while an answer is merged")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loading, "edited_fields", lambda entity: [])


@brings_back("7 favorite", "tracked, and not in the input")
def _(patch: pytest.MonkeyPatch) -> None:
    leave_out(patch, lacks(Tag, "favorite"))


@brings_back("7 ignore_auto_tag", "tracked, and not in the input")
def _(patch: pytest.MonkeyPatch) -> None:
    leave_out(patch, lacks(Tag, "ignore_auto_tag"))


@brings_back("7 stash_ids", "tracked, and not in the input")
def _(patch: pytest.MonkeyPatch) -> None:
    leave_out(patch, lacks(Performer, "stash_ids"))


@brings_back("7 images", "tracked, and in no input")
def _(patch: pytest.MonkeyPatch) -> None:
    leave_out(patch, lambda _, spec: spec.meaning.shape == "image")


@brings_back("10 looks loaded", "a list that was never read is made for the other end")
def _(patch: pytest.MonkeyPatch) -> None:
    link = relations.link

    def link_anyway(owner: Any, relation: Any, other: Any, *args: Any) -> None:
        if relation.inverse is not None and other.__dict__[relation.inverse] is UNSET:
            end = type(other).__relationships__[relation.inverse]
            if end.spec.form == "many":
                other.__dict__[end.name] = RelatedList.of(other, end, ())
                tracked.note_received(other, frozenset({end.name}))
        link(owner, relation, other, *args)

    patch.setattr(relations, "link", link_anyway)


@brings_back("10 stale", "the other end does not hear of what was removed")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(relations, "unlink", lambda *args: None)


@brings_back("13 decoding", "what the server's schema has typed is validated once more")
def _(patch: pytest.MonkeyPatch) -> None:
    make = loading._entity

    def make_anew(model: Any, row: dict[str, Any], *args: Any) -> Any:
        scalars = {
            name: row[spec.output]
            for name, spec in model.kind().all_fields.items()
            if spec.output in row and spec.form == "scalar" and spec.settable
        }
        model(**scalars)
        return make(model, row, *args)

    patch.setattr(loading, "_entity", make_anew)


@brings_back("13 quadratic", "a list is looked through for each one that joins")
def _(patch: pytest.MonkeyPatch) -> None:
    def join(self: MemberList, member: Any) -> None:
        if not any(item is member for item in self):
            self.places = None
            list.append(self, member)

    patch.setattr(MemberList, "join", join)
