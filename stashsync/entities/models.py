"""The pydantic classes of the kinds, each built from its declaration when first asked for.

`Record` and `Entity` enter themselves as bases, so that what they are made of can ask for models.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from stashsync.kinds.registry import NAME_OF_TYPE, declaration_of

T = TypeVar("T", bound=type[Any])

_bases: dict[bool, type[Any]] = {}


def base_of_models(*, has_id: bool) -> Callable[[T], T]:
    """Enter a class as the base of all models that have an id, or of those that have none."""

    def enter(base: T) -> T:
        _bases[has_id] = base
        return base

    return enter


@cache
def model_of(name: str) -> type[Any]:
    """Return the class that holds objects of a kind.

    Raises:
        KeyError: there is no such kind.
    """
    declaration = declaration_of(name)
    parent = NAME_OF_TYPE.get(declaration.__mro__[1].__name__)
    base = model_of(parent) if parent else _bases[declaration.kind().has_id]
    namespace = {
        "__module__": "stashsync.entities",
        "__doc__": declaration.__doc__,
        "__kind__": declaration.kind(),
    }
    metaclass: Any = type(base)
    model: type[Any] = metaclass(declaration.__name__, (declaration, base), namespace)
    return model
