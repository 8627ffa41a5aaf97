"""Ids as callers give them: texts, numbers, or the objects themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def identifier(given: Any) -> str:
    """Return an id as text, or the id of a saved object.

    Raises:
        TypeError: it is neither.
        ValueError: it is an object that no server knows, or blank.
    """
    if isinstance(given, bool) or not (isinstance(given, str | int) or hasattr(given, "is_new")):
        raise TypeError(f"wants an id or an object, not {given!r}")
    if isinstance(given, str | int):
        if given == "":
            raise ValueError("an id cannot be blank")
        return str(given)
    if given.is_new():
        raise ValueError(f"{given!r} has no id yet: save it first")
    return str(given.id)


def identifiers(given: Any) -> list[str]:
    """Return the ids of a list of ids and objects, in their order.

    A text is no list of ids: "12" would be those of two objects.

    Raises:
        TypeError: it is no list, or something in it is neither id nor object.
        ValueError: as `identifier`.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"wants a list of ids, not {given!r}")
    return [identifier(member) for member in given]
