"""What is to be saved of many objects, found in one look at each; and the documents that do it."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from stashsync.entities import Entity
from stashsync.entities.collector import collector_paused
from stashsync.entities.inputs import Inputs, Look, Profile, carries
from stashsync.entities.relations import members
from stashsync.entities.saving import touched, unsaved_far_ends, unsaved_references
from stashsync.wire.operations import Document, in_documents
from stashsync.wire.shapes import Shape, shape_of

if TYPE_CHECKING:
    from stashsync.kinds import Capabilities


class CascadeWarning(DeprecationWarning):
    """An object was saved because another one refers to it; better save it by itself, before."""


@dataclass(slots=True)
class Edits:
    """What is to be saved, none of which is sent yet."""

    own: dict[Entity, Look] = field(default_factory=dict)
    """Each object whose own fields were edited, and what was found there."""
    new: list[Entity] = field(default_factory=list)
    """Those that are to be created."""
    needs: dict[Entity, list[Entity]] = field(default_factory=dict)
    """The new objects that these refer to: without their ids they cannot be sent."""
    far: list[Entity] = field(default_factory=list)
    """Those whose far ends of relations were edited."""
    touched: set[Entity] = field(default_factory=set)
    """Who was put into relations of these, or taken out of them."""

    cascade: list[tuple[Entity, Entity]] = field(default_factory=list)
    """New ones that nobody has given, each with the one that refers to it."""

    @property
    def saved(self) -> Collection[Entity]:
        """All that are saved, each once."""
        return dict.fromkeys([*self.own, *self.far]) if self.far else self.own.keys()

    def warn(self, stacklevel: int) -> None:
        """Warn of those that nobody has given; `stacklevel` as `warnings` counts it from here."""
        for other, one in self.cascade:
            warnings.warn(
                f"{other!r} is saved because {one!r} refers to it; save it before",
                CascadeWarning,
                stacklevel=stacklevel,
            )


def edits_of(objects: Iterable[Entity], server: Capabilities) -> Edits:
    """All of the objects that are new or edited, and all new ones that they refer to.

    What is to be sent is built here, before anything is sent: so what cannot be is said before.

    Raises:
        ValueError, NotImplementedError, StashCapabilityError: an object lacks something, or cannot
            be saved at all.
        TypeError: it is none.
    """
    edits = Edits()
    given = dict.fromkeys(objects)
    try:
        with collector_paused(len(given)):
            _find(Inputs(server), given, edits)
    except AttributeError:  # found out afterwards: to look at each would cost all of them
        for one in given:
            if not isinstance(one, Entity):
                raise TypeError(f"wants objects to save, not {one!r}") from None
        raise
    return edits


def _find(inputs: Inputs, given: dict[Entity, None], edits: Edits) -> None:
    own = edits.own
    waiting = list(given)
    for one, look in inputs.looks(waiting):  # which grows
        profile, _, _, relations = look
        if profile.new:
            edits.new.append(one)
        if not relations:
            own[one] = look
            continue
        if carries(look):
            own[one] = look
        edits.touched |= touched(one, relations)
        needs = unsaved_references(one, relations)
        if needs:
            edits.needs[one] = needs
        others = needs
        if not all(spec.settable for spec in relations):
            edits.far.append(one)
            others = [*needs, *unsaved_far_ends(one, relations)]
        for other in others:
            if other not in given:
                edits.cascade.append((other, one))
                given[other] = None
                waiting.append(other)


def without_new(entity: Entity, look: Look) -> Look:
    """The same creation without references to objects that are new themselves."""
    profile, value, kept, relations = look
    value, kept = dict(value), dict(kept)
    table = type(entity)._relations()
    for spec in relations:
        if not spec.settable or spec.create_type.endswith("!"):
            continue
        now = entity.__dict__[spec.name]
        if not any(one.is_new() for one in members(table[spec.name], now)):
            continue
        value.pop(spec.input, None)
        kept.pop(spec.name, None)
        known = [one for one in now if not one.is_new()] if spec.form == "many" else []
        if known:
            value[spec.input] = [one.id for one in known]
            kept[spec.name] = set(known)
    return profile, value, kept, relations


def documents_of(looks: Sequence[Look]) -> list[Document]:
    """The documents that save these objects, in their order."""
    profiles, values = [look[0] for look in looks], [look[1] for look in looks]
    runs = [(_shape(profile), len(list(some))) for profile, some in groupby(profiles)]
    return in_documents(runs, values)


def _shape(profile: Profile) -> Shape:
    way = profile.way
    assert way is not None  # otherwise there would be nothing to send
    return shape_of(way.mutation, "input", way.argument_type)
