"""The pending edits of many objects, and the new objects that have to be saved with them."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from stashsync.entities import Entity
from stashsync.entities.collector import collector_paused
from stashsync.entities.edits import pending_write, unsaved_references
from stashsync.entities.tracked import MISSING, edited_fields

if TYPE_CHECKING:
    from stashsync.entities import Write
    from stashsync.kinds import Capabilities
    from stashsync.kinds.field_spec import FieldSpec


class CascadeWarning(DeprecationWarning):
    """An object was saved because another one refers to it; better save it by itself, before."""


class Edits(Struct):
    """What is to be saved, none of which is sent yet."""

    own: dict[Entity, Write] = field(default_factory=dict)
    """Each object whose own fields were edited, with the mutation that saves them."""
    needs: dict[Entity, list[Entity]] = field(default_factory=dict)
    """The new objects that these refer to: without their ids they cannot be sent."""
    far: list[Entity] = field(default_factory=list)
    """Those whose far ends of relations were edited."""
    touched: set[Entity] = field(default_factory=set)
    """The objects that were put into relations of these, or taken out."""
    cascade: list[tuple[Entity, Entity]] = field(default_factory=list)
    """New objects that were not given, each with the one that refers to it."""

    @property
    def saved(self) -> Collection[Entity]:
        """Return all objects that are saved, each once."""
        return dict.fromkeys([*self.own, *self.far]) if self.far else self.own.keys()

    def warn(self, stacklevel: int) -> None:
        """Warn of objects that were not given; `stacklevel` as `warnings` counts it from here."""
        for other, entity in self.cascade:
            warnings.warn(
                f"{other!r} is saved because {entity!r} refers to it; save it before",
                CascadeWarning,
                stacklevel=stacklevel,
            )


def collect_edits(objects: Iterable[Entity], server: Capabilities, *, cascade: bool) -> Edits:
    """Return all of the objects that are new or edited, and all new ones that they refer to.

    What is to be sent is built here, before anything is sent: what cannot be saved fails early.

    Args:
        objects: the objects to save.
        server: what takes the inputs.
        cascade: whether new objects that are not given are saved too, or refused.

    Raises:
        ValueError, NotImplementedError, StashCapabilityError: an object lacks something, or cannot
            be saved at all.
        TypeError: something is no object.
    """
    edits = Edits()
    given = dict.fromkeys(objects)
    for model in {type(entity): entity for entity in given}.items():
        if not issubclass(model[0], Entity):
            raise TypeError(f"wants objects to save, not {model[1]!r}")
    waiting = list(given)
    with collector_paused(len(given)):
        for entity in waiting:  # which grows
            edited = edited_fields(entity)
            if not edited and not entity.is_new():
                continue
            write = pending_write(entity, server, edited)
            if write is not None:
                edits.own[entity] = write
            relations = [spec for spec in edited if spec.is_relation]
            if not relations:
                continue
            for other in _add_relations(edits, entity, relations, cascade=cascade):
                if other not in given:
                    if not cascade:
                        raise ValueError(
                            f"save {other!r} first, or use the store: {entity!r} refers to it"
                        )
                    edits.cascade.append((other, entity))
                    given[other] = None
                    waiting.append(other)
    return edits


def _add_relations(
    edits: Edits, entity: Entity, relations: Sequence[FieldSpec], *, cascade: bool
) -> list[Entity]:
    """Note what the edited relations of an object need; return the new objects among it."""
    edits.touched.update(_touched(entity, relations))
    needs = unsaved_references(entity, relations)
    if needs:
        edits.needs[entity] = needs
    if all(spec.settable for spec in relations):
        return needs
    edits.far.append(entity)
    far = [
        other
        for spec in relations
        if not spec.settable
        for other in entity.__dict__[spec.name]
        if other.is_new() and (cascade or not _refers_back(entity, spec, other))
    ]
    return [*needs, *dict.fromkeys(far)]


def _touched(entity: Entity, relations: Iterable[FieldSpec]) -> Iterator[Any]:
    """Yield the objects that were put into the relations, or taken out of them."""
    for spec in relations:
        now = spec.meaning.linked(entity.__dict__[spec.name])
        before = spec.meaning.linked_before(entity.snapshots.get(spec.name))
        for other in {**before, **now}:
            if now.get(other, MISSING) != before.get(other, MISSING):
                yield other


def _refers_back(entity: Entity, spec: FieldSpec, other: Entity) -> bool:
    """Return whether a new object at a far end refers to `one` itself, so that it can wait."""
    end = type(entity).__relationships__[spec.name].other_end
    return end is not None and entity in end.linked(other.__dict__[end.name])
