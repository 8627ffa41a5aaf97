"""Lookups of relations, stash ids and custom fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stashsync.errors import StashFilterError
from stashsync.store.criteria_values import null_lookups, nullness

_NONE, _SOME = nullness({})


def id_of(value: Any) -> str:
    """Return the id of an object, or an id as it is."""
    if isinstance(value, bool) or not (isinstance(value, (str, int)) or hasattr(value, "id")):
        raise StashFilterError(f"wants ids or objects, not {value!r}")
    if isinstance(value, (str, int)):
        return str(value)
    if not value.id or value.is_new():
        raise StashFilterError("wants objects that are on the server; save this one first")
    return str(value.id)


def ids(value: Any) -> list[str]:
    """Return the ids in `value`: an id, an object, or a collection of them."""
    if isinstance(value, (str, int)) or hasattr(value, "id") or not isinstance(value, Iterable):
        return [id_of(value)]
    return list(dict.fromkeys(id_of(member) for member in value))


def _related(modifier: str) -> Callable[[Any], list[Any]]:
    def lookup(value: Any) -> list[Any]:
        if value is None:
            return [_SOME if modifier == "EXCLUDES" else _NONE]
        given = ids(value)
        if not given:
            return [_NONE, _SOME] if modifier == "INCLUDES" else []
        return [{"value": given, "modifier": modifier}]

    return lookup


def _all_of(value: Any) -> list[Any]:
    given = value if value is None else ids(value)
    return _related("INCLUDES_ALL" if given and len(given) > 1 else "INCLUDES")(given)


MULTI = {
    "exact": _all_of,
    "in": _related("INCLUDES"),
    "includes": _related("INCLUDES"),
    "includes_all": _related("INCLUDES_ALL"),
    "excludes": _related("EXCLUDES"),
    "ne": _related("EXCLUDES"),
    "not": _related("EXCLUDES"),
    "not_in": _related("EXCLUDES"),
    **null_lookups(_NONE, _SOME),
}
"""A list without a lookup: all of them; `in`: any of them."""


def _stash_id(modifier: str, on_none: dict[str, Any]) -> Callable[[Any], list[Any]]:
    def lookup(value: Any) -> list[Any]:
        if value is None:
            return [on_none]
        if not isinstance(value, str):
            raise StashFilterError(f"wants the id at the other database, not {value!r}")
        return [{"stash_id": value, "modifier": modifier}]

    return lookup


STASH_IDS = {
    "exact": _stash_id("EQUALS", _NONE),
    "ne": _stash_id("NOT_EQUALS", _SOME),
    "not": _stash_id("NOT_EQUALS", _SOME),
    **null_lookups(_NONE, _SOME),
}


def _any_stash_id(modifier: str, on_none: dict[str, Any]) -> Callable[[Any], list[Any]]:
    def lookup(value: Any) -> list[Any]:
        if value is None:
            return [on_none]
        given = [value] if isinstance(value, str) else list(value)
        if not all(isinstance(member, str) for member in given):
            raise StashFilterError(f"wants ids at the other database, not {value!r}")
        return [{"stash_ids": given, "modifier": modifier}]

    return lookup


STASH_IDS_OF_MANY = {
    **dict.fromkeys(("exact", "in"), _any_stash_id("EQUALS", _NONE)),
    **dict.fromkeys(("ne", "not", "not_in"), _any_stash_id("NOT_EQUALS", _SOME)),
    **null_lookups(_NONE, _SOME),
}


def _custom_fields(value: Any) -> list[Any]:
    """Return a list of criteria as it is; of a mapping, one criterion for each name."""
    if isinstance(value, Mapping):
        return [[_custom_field(name, wanted) for name, wanted in value.items()]]
    if isinstance(value, (list, tuple)) and all(
        isinstance(criterion, Mapping) for criterion in value
    ):
        return [[dict(criterion) for criterion in value]]
    raise StashFilterError(f"wants the values by name, not {value!r}")


def _custom_field(name: str, wanted: Any) -> dict[str, Any]:
    if isinstance(wanted, Mapping):
        return {"field": name, **wanted}
    if wanted is None:
        return {"field": name, "modifier": "IS_NULL"}
    values = list(wanted) if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
    return {"field": name, "value": values, "modifier": "EQUALS"}


CUSTOM_FIELDS = {"exact": _custom_fields}
