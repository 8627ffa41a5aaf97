"""From what was edited of an object to the input of the mutation that saves it, in one look.

    class, told and set fields ──> Profile: which fields to look at, and how each is sent
                                     │      (made once, for all objects that are alike in this)
    object ── value ≠ snapshot? ─────┴───> Look: input, snapshots of what it carries

A look is the dearest part of saving many objects: what they have in common is found out once, and
most fields take one comparison.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from stashsync.entities import tracking
from stashsync.entities.identity import standing
from stashsync.entities.models import model_of
from stashsync.entities.saving import Write
from stashsync.entities.tracking import MISSING
from stashsync.fields import Server
from stashsync.kinds.kind import FieldSpec, Way
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity
    from stashsync.kinds.capabilities import Capabilities


class Newest:
    """A server that has everything, where nobody has said which one it is."""

    partial_dates = True

    def lacks_input(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        """No."""
        return False

    def has_output(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        """Yes."""
        return True

    def has_input(self, type_name: str, field: str) -> bool:  # noqa: ARG002
        """Yes."""
        return True


NEWEST: Final = Newest()


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What objects of a class have in common that were told the same fields and set the same.

    One is like another only if it is that one.
    """

    model: type[Any]
    new: bool
    told: frozenset[str]
    assigned: Collection[str]
    way: Way | None
    simple: tuple[tuple[str, str], ...]
    """The fields to look at that are compared, sent and kept as they are, with their names in the
    input."""
    others: tuple[tuple[str, FieldSpec], ...]
    """The fields to look at that take more than that."""
    news: frozenset[str]
    """The fields that are not told yet, and count as told once they have been sent."""
    whole: bool
    """Whether all fields are sent each time, not the edited ones alone."""
    plain: bool
    """Whether all that becomes of an object is that its simple fields agree, which the input calls
    by their names."""


Look: TypeAlias = tuple[Profile, dict[str, Any], Mapping[str, Any], Sequence[FieldSpec]]
"""The profile of an edited object, its input, snapshots of what the input carries of the fields
that are not simple, and those edited fields that refer to other objects."""

NOBODY: Final = Profile(
    object, False, frozenset(), frozenset(), None, (), (), frozenset(), False, False
)
_STATE = attrgetter(  # an attribute of a pydantic model is dear, and several at once are less so
    "__dict__", "_base", "_received_fields", "__pydantic_fields_set__", "_new"
)
NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def carries(look: Look) -> bool:
    """Whether the input says more than an id: where only far ends were edited it does not."""
    return look[0].new or len(look[1]) > 1


class Inputs:
    """The inputs that one server takes."""

    def __init__(self, server: Capabilities | None = None) -> None:
        self._server: Capabilities | Newest = server or NEWEST
        self._profiles: dict[tuple[object, ...], Profile] = {}

    def write(self, entity: Entity) -> Write | None:
        """What saves the fields of the entity's own, or None: nothing of them was edited.

        Raises:
            StashCapabilityError, ValueError, NotImplementedError: as `look`.
        """
        look = self.look(entity)
        return Write(entity, *look) if look is not None and carries(look) else None

    def look(self, entity: Entity) -> Look | None:
        """What is edited of the entity now; None where nothing is.

        Raises:
            StashCapabilityError: this release of the server has no place for a field.
            ValueError: a field is missing, or cannot be changed any more.
            NotImplementedError: objects of its kind cannot be created, or changed.
        """
        for _, look in self.looks((entity,)):
            return look
        return None

    def looks(self, entities: Iterable[Entity]) -> Iterator[tuple[Entity, Look]]:
        """Those entities that are edited, each with what is edited of it when its turn comes.

        Raises:
            StashCapabilityError, ValueError, NotImplementedError: as `look`.
        """
        profile = NOBODY
        for entity in entities:
            values, base, told, assigned, new = _STATE(entity)
            if new is None:  # what an answer has told of is known
                new = not told and entity.is_new()
            if (  # neighbours are mostly alike
                told is not profile.told
                or assigned != profile.assigned
                or type(entity) is not profile.model
                or new is not profile.new
            ):
                profile = self._profile_of(entity)
            value: dict[str, Any] = {} if new else {"id": values["id"]}
            for name, key in profile.simple:
                now, before = values[name], base.get(name, MISSING)
                if now is not before and now != before and now is not UNSET:
                    value[key] = now
            edited: list[FieldSpec] | None = None
            for name, spec in profile.others:
                now, before = values[name], base.get(name, MISSING)
                if now is before or now == before or now is UNSET:
                    continue
                if tracking.is_edited(spec, now, before):
                    edited = [*edited, spec] if edited else [spec]
            if edited or new or (profile.whole and len(value) > 1):
                yield entity, self._rest_of(entity, profile, value, edited or ())
            elif len(value) > 1:
                yield entity, (profile, value, NONE, ())

    def _rest_of(
        self, entity: Entity, profile: Profile, value: dict[str, Any], edited: Sequence[FieldSpec]
    ) -> Look:
        """What is edited of the entity, where there is more than simple fields."""
        kept: dict[str, Any] = {}
        for spec in edited:
            self._put(entity, profile, spec, value, kept)
        if profile.whole and len(value) > 1:
            for spec in profile.model._tracked().specs:
                if entity.__dict__[spec.name] is not UNSET:
                    self._put(entity, profile, spec, value, kept)
        if profile.new:
            _check_complete(profile, value)
        return profile, value, kept, [spec for spec in edited if spec.is_relation]

    def _put(
        self,
        entity: Entity,
        profile: Profile,
        spec: FieldSpec,
        value: dict[str, Any],
        kept: dict[str, Any],
    ) -> None:
        """Put a field into the input, where this mutation carries it."""
        type_name = type(entity).kind().type_name
        if not (spec.creates if profile.new else spec.updates):
            if profile.new or not spec.creates:
                return  # a side mutation, or an update that follows the create
            raise ValueError(f"{spec.name} can be given only when a {type_name} is created")
        if profile.way is None:
            done = "created" if profile.new else "changed"
            raise NotImplementedError(f"a {type_name} cannot be {done}")
        if self._server.lacks_input(profile.way.input_type, spec.input):
            assert not isinstance(self._server, Newest)  # that one lacks nothing
            raise self._server.lacks(
                f"{spec.input!r} in {profile.way.input_type}",
                hint=f"Leave {spec.name} of {entity!r} unset, or update the server.",
            )
        now = entity.__dict__[spec.name]
        value[spec.input] = written(spec, now, entity, self._server)
        kept[spec.name] = spec.meaning.snapshot(now)

    def _profile_of(self, entity: Entity) -> Profile:
        model, new = type(entity), entity.is_new()
        told, assigned = entity._received_fields, entity.__pydantic_fields_set__
        known = (model, new, told, *assigned)
        profile = self._profiles.get(known)
        if profile is None:
            specs = model._tracked().may_differ(told, assigned)
            kind = model.kind()
            way = kind.creating if new else kind.updating
            simple = [one for one in specs if self._is_simple(one, way)]
            news = [
                one.name for one in specs if one.name not in told and one.meaning.shape != "image"
            ]
            profile = self._profiles[known] = Profile(
                model,
                new,
                told,
                frozenset(assigned),
                way,
                tuple([(one.name, one.input) for one in simple]),
                tuple([(one.name, one) for one in specs if one not in simple]),
                frozenset(news),
                way is not None and way.whole,
                not new and not news and all(one.name == one.input for one in simple),
            )
        return profile

    def _is_simple(self, spec: FieldSpec, way: Way | None) -> bool:
        return (
            spec.form == "scalar"
            and way is not None
            and (spec.creates if way.new else spec.updates)
            and not self._server.lacks_input(way.input_type, spec.input)
        )


def _check_complete(profile: Profile, value: Mapping[str, Any]) -> None:
    kind = profile.model.kind()
    if profile.way is None:
        raise NotImplementedError(f"a {kind.type_name} cannot be created")
    for spec in kind.all_fields.values():
        if spec.creates and spec.create_type.endswith("!") and value.get(spec.input) is None:
            raise ValueError(f"a new {profile.model.__name__} needs its {spec.name}")


def written(spec: FieldSpec, value: Any, entity: Entity, server: Server) -> Any:
    """Return the input value of a field."""
    if spec.form == "memberships":
        part = model_of(spec.meaning.parts[0])
        fits = (part, model_of(spec.meaning.references() or ""))
        strange = next((one for one in value if not isinstance(one, fits)), None)
        if strange is not None:
            raise ValueError(f"{spec.name} of {entity!r} wants a {part.__name__}, not {strange!r}")
    after = spec.meaning.canonical(value, _ids)
    if entity.is_new():
        return spec.meaning.write_new(after, server)
    return spec.meaning.write(after, entity._base.get(spec.name), server)


def _ids(entities: Iterable[Entity]) -> list[str]:
    return [one.id for one in standing(entities)]
