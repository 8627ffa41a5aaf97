"""What is to be saved of many objects: one operation for each, made in one look at it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stashsync.fields import Memberships
from stashsync.types import Entity
from stashsync.types.collector import collector_paused
from stashsync.types.inputs import Inputs, carries
from stashsync.types.relations import members
from stashsync.types.saving import unsaved_references
from stashsync.wire.operations import MINIMAL, NOT_SENT, BatchOperation

if TYPE_CHECKING:
    from stashsync.types import Capabilities
    from stashsync.types.inputs import Profile
    from stashsync.types.kind import FieldSpec


class CascadeWarning(DeprecationWarning):
    """An object was saved because another one refers to it; better save it by itself, before."""


class Saving(BatchOperation):
    """The operation that saves an object, and what to note once it was done.

    Between the two, more edits may be made: `sent` has the snapshots of what this one carries.
    `needs` are the new objects that it refers to: without their ids it cannot be sent.
    """

    __slots__ = ("entity", "kept", "needs", "profile", "relations")

    def __init__(
        self,
        entity: Entity,
        profile: Profile,
        value: dict[str, Any],
        kept: Mapping[str, Any],
        relations: Sequence[FieldSpec] = (),
        needs: Sequence[Entity] = (),
    ) -> None:
        way = profile.way
        assert way is not None  # otherwise there would be nothing to send
        # What BatchOperation's own does, without another call: there is one for each object.
        self.mutation_name, self.input_type_name = way.mutation, way.argument_type
        self.variables, self.return_fields = {"input": value}, MINIMAL
        self.result = self.error = None
        self.outcome = NOT_SENT
        self.entity, self.profile, self.kept = entity, profile, kept
        self.relations, self.needs = relations, needs


@dataclass(slots=True)
class Edits:
    """What is to be saved, none of which is sent yet."""

    own: dict[Entity, Saving] = field(default_factory=dict)
    """What saves the own fields of each object."""
    far: list[Entity] = field(default_factory=list)
    """Those whose far ends of relations were edited."""


def edits_of(objects: Iterable[Entity], server: Capabilities, *, stacklevel: int = 3) -> Edits:
    """All of the objects that are new or edited, and all new ones that they refer to.

    What is to be sent is built here, before anything is sent: so what cannot be is said before.
    Warns of those that were not given.

    Raises:
        ValueError, NotImplementedError, StashCapabilityError: an object lacks something, or cannot
            be saved at all.
    """
    edits = Edits()
    own = edits.own
    look_at = Inputs(server).look
    given = dict.fromkeys(objects)
    waiting = list(given)
    with collector_paused(len(waiting)):
        for one in waiting:  # it grows
            look = look_at(one)
            if look is None:
                continue
            profile, value, kept, relations = look
            if not relations:
                own[one] = Saving(one, profile, value, kept)
                continue
            needs = unsaved_references(one, relations)
            if carries(look):
                own[one] = Saving(one, profile, value, kept, relations, needs)
            if not all(spec.settable for spec in relations):
                edits.far.append(one)
            for other in needs:
                if other not in given:
                    warnings.warn(
                        f"{other!r} is saved because {one!r} refers to it; save it before",
                        CascadeWarning,
                        stacklevel=stacklevel,
                    )
                    given[other] = None
                    waiting.append(other)
    return edits


def without_new(saving: Saving) -> Saving:
    """The same creation without references to objects that are new themselves."""
    entity, kept = saving.entity, dict(saving.kept)
    value = dict(saving.variables["input"])
    table = type(entity)._relations()
    for spec in saving.relations:
        if not spec.settable or spec.create_type.endswith("!"):
            continue
        now = entity.__dict__[spec.name]
        if not any(one.is_new() for one in members(table[spec.name], now)):
            continue
        value.pop(spec.input, None)
        kept.pop(spec.name, None)
        if isinstance(spec.meaning, Memberships) or spec.form == "one":
            continue
        known = [one for one in now if not one.is_new()]
        if known:
            value[spec.input] = [one.id for one in known]
            kept[spec.name] = set(known)
    return Saving(entity, saving.profile, value, kept, saving.relations)
