"""What the tables of lookups share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from stashsync.errors import StashFilterError


def plain(value: Any) -> Any:
    """Return the value of an enum's member; anything else as it is."""
    return value.value if isinstance(value, Enum) else value


def members(value: Any) -> list[Any]:
    """Return the members of a list, set or other collection that is not a text.

    Raises:
        StashFilterError: it is none.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise StashFilterError(f"wants a list, not {value!r}")
    return list(value)


def ends(value: Any) -> tuple[Any, Any]:
    """Both ends of a range.

    Raises:
        StashFilterError: there are not two.
    """
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence) or len(value) != 2:
        raise StashFilterError(f"wants two ends, the lower first, not {value!r}")
    return value[0], value[1]


def truth(value: Any) -> bool:
    """Return a Boolean, and nothing that is like one.

    Raises:
        StashFilterError: it is none.
    """
    if not isinstance(value, bool):
        raise StashFilterError(f"wants True or False, not {value!r}")
    return value


def null_lookups(absent: Any, present: Any) -> dict[str, Callable[[Any], list[Any]]]:
    """Return the criterion of `null` or `notnull` from those for "has none" and "has one"."""
    return {
        "null": lambda value: [absent if truth(value) else present],
        "notnull": lambda value: [present if truth(value) else absent],
    }


def nullness(nothing: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the criteria for "has none" and "has one"; the schema wants `nothing` beside."""
    return {**nothing, "modifier": "IS_NULL"}, {**nothing, "modifier": "NOT_NULL"}
