"""What a class says of itself, under the names that writers of scripts know; all from its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from stashsync.kinds.ids import IdOf, IdsOf

if TYPE_CHECKING:
    from stashsync.entities.identity import IdentityMap
    from stashsync.entities.relations import Relation

T = TypeVar("T")


class ClassValue(Generic[T]):
    """A value of a class, made by `make(cls)` when it is first asked for."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.made: dict[type[Any], T] = {}

    def __get__(self, owner: object, model: type[Any]) -> T:
        if model not in self.made:
            self.made[model] = self.make(model)
        return self.made[model]


def _tracked(model: Any) -> frozenset[str]:
    return frozenset(spec.name for spec in model._tracked().specs)


def _conversions(model: Any) -> dict[str, str]:
    return {spec.name: spec.input for spec in model._tracked().specs if spec.settable}


def _sides(model: Any) -> dict[str, str]:
    return {
        spec.name: model._relations()[spec.name].target.kind().bulk_mutation
        for spec in model._tracked().specs
        if spec.meaning.bulk
    }


def _relationships(model: Any) -> dict[str, Relation]:
    return dict(model._relations())


def _short(model: Any) -> tuple[str, ...]:
    return tuple(name for name in ("name", "title", "status") if name in model.kind().all_fields)


def _id_names(model: Any) -> frozenset[str]:
    return frozenset(
        name
        for base in model.__mro__
        for name, one in vars(base).items()
        if isinstance(one, IdOf | IdsOf)
    )


class Metadata:
    """`__tracked_fields__` and its like: what is sent, how it is called there, by which input."""

    __slots__ = ()

    if TYPE_CHECKING:  # of each object; told here because a model's annotations are its fields
        _base: dict[str, Any]
        """Snapshots of the fields, taken when the server and the object agreed on them."""
        _home: IdentityMap | None
        """Where it is kept, if an answer brought it."""
        _new: bool | None
        """Whether it is new, where somebody has said so."""
        _received_fields: frozenset[str]
        """The fields that answers have told."""
        _stamp: float
        """When the last answer came, as whoever decoded it counts."""

    __type_name__ = ClassValue[str](lambda model: model.kind().type_name)
    """The GraphQL type."""
    __tracked_fields__ = ClassValue[frozenset[str]](_tracked)
    """The fields whose edits are noticed and saved."""
    __field_conversions__ = ClassValue[dict[str, str]](_conversions)
    """Each tracked field with the name it has in the inputs."""
    __relationships__ = ClassValue(_relationships)
    """Each relation: its target, the other end, how it is read (`Relation`)."""
    __side_mutations__ = ClassValue[dict[str, str]](_sides)
    """The far ends whose edits are saved by a bulk update of the other kind, with that update."""
    __create_input_type__ = ClassValue[str | None](lambda model: model.kind().create_input or None)
    __update_input_type__ = ClassValue[str | None](lambda model: model.kind().update_input or None)
    __destroy_input_type__ = ClassValue[str | None](
        lambda model: model.kind().mutations.destroy_input or None
    )
    __short_repr_fields__ = ClassValue[tuple[str, ...]](_short)

    __id_names__ = ClassValue[frozenset[str]](_id_names)
    """The properties that hold relations by id."""
