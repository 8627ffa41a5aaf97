"""Saboteurs of entities: what is sent, what a reading leaves alone, and both ends of relations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from stashsync.entities import Entity, Performer, Tag, inputs, loading, relations
from stashsync.entities.related_list import RelatedList
from stashsync.errors import StashError
from stashsync.fields import Image
from stashsync.kinds.kind import FieldSpec
from stashsync.unset import UNSET
from tests.faults.sabotage import saboteurs

SABOTEURS, brings_back = saboteurs()


def leave_out(patch: pytest.MonkeyPatch, is_left_out: Callable[[Any, FieldSpec], bool]) -> None:
    """Keep the fields with a true `is_left_out(value, spec)` out of inputs; they count as sent."""
    look = inputs.Inputs.look

    def look_away(self: Any, entity: Any) -> Any:
        found = look(self, entity)
        if found is not None:
            for name, spec in type(entity).kind().all_fields.items():
                if is_left_out(entity.__dict__[name], spec):
                    found[1].pop(spec.input, None)
        return found

    patch.setattr(inputs.Inputs, "look", look_away)


def lacks(model: type[Entity], *names: str) -> Callable[[Any, FieldSpec], bool]:
    """Return a predicate that is true of these fields of a class."""
    specs = [model.kind().all_fields[name] for name in names]
    return lambda _, spec: any(spec is item for item in specs)


@brings_back("1", "an empty list says nothing")
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
    patch.setattr(loading, "changed", lambda entity: [])


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
    leave_out(patch, lambda _, spec: isinstance(spec.meaning, Image))


@brings_back("10 looks loaded", "a list that nobody has read is made for the other end")
def _(patch: pytest.MonkeyPatch) -> None:
    link = relations.link

    def link_anyway(owner: Any, relation: Any, other: Any, *args: Any) -> None:
        if relation.inverse is not None and other.__dict__[relation.inverse] is UNSET:
            end = type(other)._relations()[relation.inverse]
            if end.spec.form == "many":
                other.__dict__[end.name] = RelatedList.of(other, end, ())
                other._received_fields |= {end.name}
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
    def join(self: RelatedList, member: Any) -> None:
        if not any(item is member for item in self):
            self._places = None
            list.append(self, member)

    patch.setattr(RelatedList, "join", join)
