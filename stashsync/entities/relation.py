"""Relations of a class: each end by its field, with the other end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from stashsync.entities.models import model_of
from stashsync.kinds.field_spec import FieldSpec
from stashsync.unset import UNSET


class Relation(Struct, frozen=True, eq=False):
    """One end of a relation: the field of `spec` refers to objects of the class `target`.

    `inverse` is the name of the field at the other end, where it has one. `strategy` is how it
    is read: "direct_field" (a list of ids in the answer), "filter_query" (by a filter of the
    other kind, whose criterion is `criterion`), "complex_object" (parts with a value each).
    """

    spec: FieldSpec
    target: Any
    inverse: str | None
    strategy: str
    criterion: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.spec.name

    @property
    def many(self) -> bool:
        """Return whether it refers to any number of objects."""
        return self.spec.form != "one"

    @property
    def saved_here(self) -> bool:
        """Return whether an edit on this end can be saved from this end."""
        return self.spec.settable or self.spec.meaning.bulk

    @property
    def editable(self) -> bool:
        """Return whether an edit can be saved from either end."""
        return self.saved_here or self.inverse is not None

    @property
    def other_end(self) -> Relation | None:
        """The relation as seen from the objects that this one refers to."""
        return self.target.__relationships__[self.inverse] if self.inverse else None

    def part(self, member: Any, extra: Any) -> Any:
        """Make the membership of `member` with its extra value."""
        meaning: Any = self.spec.meaning
        return model_of(meaning.part)(**{meaning.kind: member, meaning.extra: extra})

    def linked(self, held: Any) -> dict[Any, Any]:
        """Return the objects that a value refers to, each with its extra value or UNSET."""
        return self.spec.meaning.linked(held)

    def ensure_saved_there(self, others: Iterable[Any]) -> None:
        """Check that an edit which only the other end can save finds that end loaded.

        The other end is a list that is sent whole.

        Raises:
            ValueError: it is not loaded.
        """
        end = None if self.saved_here else self.other_end
        if end is None or not end.many:
            return
        for member in others:
            if member.__dict__.get(end.name, UNSET) is UNSET and not member.is_new():
                raise ValueError(
                    f"{end.name} of {member!r} would be saved, and it is not loaded: fetch it first"
                )


def compile_relations(model: Any) -> dict[str, Relation]:
    """Return the relations of a class by field."""
    kind = model.kind()
    return {
        name: _relation(kind.name, spec)
        for name, spec in kind.all_fields.items()
        if spec.is_relation
    }


def _relation(owner: str, spec: FieldSpec) -> Relation:
    meaning = spec.meaning
    target = model_of(meaning.references() or "")
    if meaning.far_end_of:
        strategy = "filter_query" if meaning.criterion else "direct_field"
        return Relation(spec, target, meaning.far_end_of[1] or None, strategy, meaning.criterion)
    strategy = "complex_object" if spec.form == "memberships" else "direct_field"
    inverse = spec.inverse.name if spec.inverse else _far_end(target, owner, spec.name)
    return Relation(spec, target, inverse, strategy, "")


def _far_end(target: Any, owner: str, field: str) -> str | None:
    fields: Mapping[str, FieldSpec] = target.kind().all_fields
    for name, spec in fields.items():
        if spec.meaning.far_end_of == (owner, field):
            return name
    return None


def checked(spec: FieldSpec, value: Any) -> Any:
    """Return `value`, which has the right Python type; a list loses its repeats.

    Raises:
        ValueError: something in it is no object of the right kind.
    """
    (name,) = spec.meaning.parts or (spec.meaning.references() or "",)
    model = model_of(name)
    many = spec.form != "one"
    for member in value if many else [value]:
        if not isinstance(member, model) and (many or member is not None):
            raise ValueError(f"a {model.__name__} is wanted here, not {member!r}")
    return list(dict.fromkeys(value)) if spec.form == "many" else value
