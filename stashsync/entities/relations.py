"""Relations, kept in step on both ends.

    scene.studio = b            a.scenes loses the scene, b.scenes gets it: where they are loaded
    tag.scenes.append(scene)    scene.tags gets the tag: where it is loaded

The end that was edited is the one with something to save. The other end's list and its snapshot
move together, so that nothing is saved twice. No step looks through a list: each list knows the
places of its members. What answers say of one end is held against the other in `agreement`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from stashsync.entities.models import model_of
from stashsync.entities.related_list import RelatedList
from stashsync.entities.tracking import MISSING
from stashsync.fields import FarEnd, Memberships
from stashsync.kinds.kind import FieldSpec
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.entities.entity import Entity

_left: WeakKeyDictionary[Entity, dict[str, Entity]] = WeakKeyDictionary()
"""Who was taken out of a list at a far end where it can be in one only: from whose, by field."""


@dataclass(frozen=True, eq=False, slots=True)
class Relation:
    """One end of a relation: the field of `spec` refers to objects of the class `target`.

    `inverse` is the name of the field at the other end, where it has one. `strategy` says how it
    is read: "direct_field" (a list of ids in the answer), "filter_query" (by a filter of the
    other kind, whose criterion is `criterion`), "complex_object" (parts with a value each).
    """

    spec: FieldSpec
    target: type[Entity]
    inverse: str | None
    strategy: str
    criterion: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.spec.name

    @property
    def many(self) -> bool:
        """Whether it refers to any number of objects."""
        return self.spec.form != "one"

    def part(self, member: Entity, extra: Any) -> Any:
        """Make the membership of `member` with its extra value."""
        meaning = self.spec.meaning
        assert isinstance(meaning, Memberships)
        return model_of(meaning.part)(**{meaning.kind: member, meaning.extra: extra})

    @property
    def editable(self) -> bool:
        """Whether an edit can be saved from either end."""
        return self.saved_here or self.inverse is not None

    @property
    def saved_here(self) -> bool:
        """Whether an edit on this end can be saved from this end."""
        return self.spec.settable or self.spec.meaning.bulk


def compile_relations(model: type[Entity]) -> dict[str, Relation]:
    """The relations of a class by field."""
    kind = model.kind()
    return {
        name: _relation(kind.name, spec)
        for name, spec in kind.all_fields.items()
        if spec.is_relation
    }


def _relation(owner: str, spec: FieldSpec) -> Relation:
    meaning = spec.meaning
    target: Any = model_of(meaning.references() or "")
    if isinstance(meaning, FarEnd):
        strategy = "filter_query" if meaning.criterion else "direct_field"
        return Relation(spec, target, meaning.field or None, strategy, meaning.criterion)
    strategy = "complex_object" if isinstance(meaning, Memberships) else "direct_field"
    inverse = spec.inverse.name if spec.inverse else _far_end(target, owner, spec.name)
    return Relation(spec, target, inverse, strategy, "")


def _far_end(target: type[Entity], owner: str, field: str) -> str | None:
    for name, spec in target.kind().all_fields.items():
        meaning = spec.meaning
        if isinstance(meaning, FarEnd) and (meaning.kind, meaning.field) == (owner, field):
            return name
    return None


def checked(spec: FieldSpec, value: Any) -> Any:
    """`value`, which fits as it is; a list without repeats.

    Raises:
        ValueError: something in it is no entity of the right kind.
    """
    (name,) = spec.meaning.parts or (spec.meaning.references() or "",)
    model = model_of(name)
    many = spec.form != "one"
    for one in value if many else [value]:
        if not isinstance(one, model) and (many or one is not None):
            raise ValueError(f"a {model.__name__} is wanted here, not {one!r}")
    if spec.form == "many":
        return list(dict.fromkeys(value))
    return value


def members(relation: Relation, value: Any) -> Iterable[Entity]:
    """The entities that the value of a relation refers to."""
    return relation.spec.meaning.linked(value)


def ensure_saved_there(relation: Relation, others: Iterable[Entity]) -> None:
    """Where an edit can be saved from the other end alone, that end must be known: it is a list
    that is sent whole.

    Raises:
        ValueError: it is not loaded.
    """
    if relation.saved_here or relation.inverse is None:
        return
    end = relation.target._relations()[relation.inverse]
    for one in others:
        if end.many and one.__dict__.get(end.name, UNSET) is UNSET and not one.is_new():
            raise ValueError(
                f"{end.name} of {one!r} would be saved, and it is not loaded: fetch it first"
            )


def assigned(owner: Entity, relation: Relation, before: Any) -> None:
    """The owner's field was given another value than `before`: wrap it, and tell the other ends.

    Raises:
        ValueError: as `ensure_saved_there`; the field is as it was.
    """
    value = owner.__dict__[relation.name]
    if not relation.saved_here:
        was, now = extras(relation, before), extras(relation, value)
        try:
            ensure_saved_there(relation, was.keys() ^ now.keys())
        except ValueError:
            owner.__dict__[relation.name] = before
            raise
    if relation.spec.form == "many":
        if isinstance(before, RelatedList):
            before.detach()
        value = owner.__dict__[relation.name] = RelatedList.of(owner, relation, value)
    old = extras(relation, before)
    new = extras(relation, value)
    for one in old:
        if one not in new:
            unlink(owner, relation, one)
    for one, extra in new.items():
        if one not in old or old[one] != extra:
            link(owner, relation, one, extra)


def extras(relation: Relation, value: Any) -> dict[Entity, Any]:
    """The entities that the value of a relation refers to, with what it says of each: nothing
    (UNSET) where they are not memberships."""
    return relation.spec.meaning.linked(value)


def is_raw(value: Any) -> bool:
    """Whether a relation is not loaded, or not yet: it is part of the very answer that is read."""
    if value is UNSET or type(value) is dict:
        return True
    return type(value) is list and bool(value) and type(value[0]) is dict


def membership(one: Entity, end: Relation, owner: Entity) -> tuple[bool, bool] | None:
    """Whether `one` shows `owner` at this end, and whether the server was known to have it there;
    None where nothing is known."""
    value, base = one.__dict__.get(end.name, UNSET), one._base.get(end.name, MISSING)
    if base is MISSING or is_raw(value):
        return None
    match end.spec.form:
        case "one":
            return value is owner, base is owner
        case "many":
            return owner in value, owner in base
        case _:
            shown = any(other is owner for other in members(end, value))
            return shown, any(other is owner for other, _ in base)


def _borrowed(owner: Entity, relation: Relation, other: Entity, end: Relation) -> None:
    """The owner is edited, and the other end waits with an edit of the same: that is over now.

    It had lent its edit to the owner's snapshot, which gets back what the server has.
    """
    if not (relation.saved_here and end.saved_here) or relation.name not in owner._base:
        return
    there = membership(other, end, owner)
    if there is None or there[0] == there[1]:
        return
    known, base = there[1], owner._base
    match relation.spec.form:
        case "one" if known:
            base[relation.name] = other
        case "one":
            if base[relation.name] is other:  # nobody knows what the server has
                del base[relation.name]
        case "many":
            (base[relation.name].add if known else base[relation.name].discard)(other)
        case _:
            rest = [pair for pair in base[relation.name] if pair[0] is not other]
            base[relation.name] = [*rest, (other, None)] if known else rest


def link(owner: Entity, relation: Relation, other: Entity, extra: Any = UNSET) -> None:
    """`owner` refers to `other` now: tell the other end, if that is loaded."""
    if relation.inverse is None:
        return
    end = type(other)._relations()[relation.inverse]
    if end.spec.form == "one":
        _moved(other, end.name, relation, owner)
    elif relation.spec.form == "one":
        _moved(owner, relation.name, end, other)
    _borrowed(owner, relation, other, end)
    value = _saved_there(relation, other, end)
    if value is UNSET or value is owner:
        return
    if end.spec.form == "one":
        if value is not None:  # it can have one only, so the former owner loses it
            leave(value, relation, other)
        other.__dict__[end.name] = owner
        other.__pydantic_fields_set__.add(end.name)
        if relation.saved_here and end.name in other._base:
            other._base[end.name] = owner
    else:
        join(other, end, owner, extra, moves=relation.saved_here)


def unlink(owner: Entity, relation: Relation, other: Entity) -> None:
    """`owner` no longer refers to `other`: tell the other end, if that is loaded."""
    if relation.inverse is None:
        return
    end = type(other)._relations()[relation.inverse]
    if end.spec.form == "one" and relation.saved_here:
        _left.setdefault(other, {})[end.name] = owner
    _borrowed(owner, relation, other, end)
    value = _saved_there(relation, other, end)
    if value is UNSET:
        return
    if end.spec.form == "one":
        if value is owner:
            other.__dict__[end.name] = None
            other.__pydantic_fields_set__.add(end.name)
            if relation.saved_here and other._base.get(end.name) is owner:
                other._base[end.name] = None
    else:
        leave(other, end, owner, moves=relation.saved_here)


def _saved_there(relation: Relation, other: Entity, end: Relation) -> Any:
    """The value of the other end, which is spoken of from now on if the edit is saved from it."""
    value = other.__dict__.get(end.name, UNSET)
    if value is UNSET and not relation.saved_here:
        value = other.__dict__[end.name] = (
            RelatedList.of(other, end, ()) if end.spec.form == "many" else None
        )
        other.__pydantic_fields_set__.add(end.name)
    return value


def _moved(one: Entity, field: str, far: Relation, owner: Entity) -> None:
    """`one` belongs to `owner` now. Whom it was taken from has nothing to save about that: the
    server takes it away with the move, and would undo the move if it was told to afterwards."""
    former = _left.get(one, {}).pop(field, None)
    if former is not None and former is not owner:
        base: set[Entity] = former._base.get(far.name, set())
        if one in base:
            base.discard(one)
            if field in one._base:
                one._base[field] = former


def join(
    entity: Entity, end: Relation, member: Entity, extra: Any = UNSET, *, moves: bool = True
) -> None:
    """`member` is in this list of the entity, and if it `moves`, in its snapshot too."""
    value = entity.__dict__[end.name]
    base = entity._base.get(end.name) if moves else None
    if end.spec.form == "many":
        value.join(member)
        if base is not None:
            base.add(member)
        return
    meaning: Any = end.spec.meaning
    part = next((part for part in value if getattr(part, meaning.kind, None) is member), None)
    if part is None:
        part = end.part(member, None if extra is UNSET else extra)
        value.append(part)
    elif extra is not UNSET:
        setattr(part, meaning.extra, extra)
    if base is not None:
        known = next((n for n, (one, _) in enumerate(base) if one is member), None)
        if known is None:
            base.append((member, None if extra is UNSET else extra))
        elif extra is not UNSET:
            base[known] = (member, extra)


def leave(entity: Entity, end: Relation, member: Entity, *, moves: bool = True) -> None:
    """`member` is not in this list of the entity, nor, if it `moves`, in its snapshot."""
    value = entity.__dict__.get(end.name, UNSET)
    if value is UNSET:
        return
    base = entity._base.get(end.name) if moves else None
    if end.spec.form == "many":
        value.leave(member)
        if base is not None:
            base.discard(member)
        return
    key = end.spec.meaning.references() or ""
    value[:] = [part for part in value if getattr(part, key, part) is not member]
    if base is not None:
        base[:] = [pair for pair in base if pair[0] is not member]


def taken_back(owner: Entity, relation: Relation) -> None:
    """The owner's edit of the field never was: both ends are as the server has them."""
    value, base = owner.__dict__[relation.name], owner._base.get(relation.name)
    known: Any = base
    if relation.spec.form == "many":
        known = list(base or ())
    elif relation.spec.form == "memberships":
        known = [relation.part(one, extra) for one, extra in base or ()]
    owner.__dict__[relation.name] = known
    assigned(owner, relation, value)
    now = owner.__dict__[relation.name]
    if isinstance(now, RelatedList):
        now.detach()
