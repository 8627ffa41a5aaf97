"""Lookups as criteria: what `gte`, `contains` or `null` is for each type of criterion.

Every lookup becomes a list of criteria of one field that must all hold, so that filters combine by
AND alone: a level of a filter has room for only one of AND, OR and NOT
(docs/stash-behaviour.md#criteria).

    lookup       text               whole number   number            date              id
    exact, ne    EQUALS / LIKE      EQUALS         EQUALS            EQUALS, BETWEEN   INCLUDES
    gt, lt       -                  >, <           >, <              >, <              -
    gte, lte     -                  > value - 1    BETWEEN, to end   > the day before  -
    in, not_in   MATCHES_REGEX      BETWEEN without the gaps         the same          INCLUDES
    null         IS_NULL, NOT_NULL everywhere

The server has no "greater or equal", and reads `_` and `%` in a text as wildcards: such texts are
sent as regular expressions that mean the same characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from stashsync.store.criteria_numbers import DATES, FLOATS, INTEGERS, MOMENTS
from stashsync.store.criteria_relations import (
    CUSTOM_FIELDS,
    MULTI,
    STASH_IDS,
    STASH_IDS_OF_MANY,
    id_of,
)
from stashsync.store.criteria_texts import (
    CIRCUMCISED,
    DUPLICATE_HASHES,
    DUPLICATES,
    FLAGS,
    GENDERS,
    ORIENTATIONS,
    PHASHES,
    RESOLUTIONS,
    TEXTS,
    WORDS,
)

Criteria = list[Any]
Lookup = Callable[[Any], Criteria]

CRITERIA: Final[Mapping[str, Mapping[str, Lookup]]] = MappingProxyType(
    {
        "Boolean": FLAGS,
        "String": WORDS,
        "StringCriterionInput": TEXTS,
        "IntCriterionInput": INTEGERS,
        "FloatCriterionInput": FLOATS,
        "DateCriterionInput": DATES,
        "TimestampCriterionInput": MOMENTS,
        "MultiCriterionInput": MULTI,
        "HierarchicalMultiCriterionInput": MULTI,
        "StashIDCriterionInput": STASH_IDS,
        "StashIDsCriterionInput": STASH_IDS_OF_MANY,
        "[CustomFieldCriterionInput!]": CUSTOM_FIELDS,
        "GenderCriterionInput": GENDERS,
        "CircumcisionCriterionInput": CIRCUMCISED,
        "ResolutionCriterionInput": RESOLUTIONS,
        "OrientationCriterionInput": ORIENTATIONS,
        "PHashDuplicationCriterionInput": DUPLICATES,
        "DuplicationCriterionInput": DUPLICATE_HASHES,
        "FileDuplicationCriterionInput": DUPLICATE_HASHES,
        "PhashDistanceCriterionInput": PHASHES,
    }
)
"""The lookups of each type of criterion."""

LOOKUPS: Final = frozenset(lookup for lookups in CRITERIA.values() for lookup in lookups)
"""Every lookup that some type has."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "StringCriterionInput": "",
        "IntCriterionInput": 0,
        "FloatCriterionInput": 0.0,
        "DateCriterionInput": "",
        "TimestampCriterionInput": "",
    }
)


def raw(type_name: str, given: Mapping[str, Any]) -> Any:
    """Return a criterion that was given as the server takes it, or nearly so.

    `{"value": False, "modifier": "EQUALS"}` on a Boolean field is the Boolean itself, which is all
    that the server takes there; IS_NULL and NOT_NULL get the value that the schema demands.
    Objects become their ids.
    """
    if type_name == "Boolean" and isinstance(given.get("value"), bool):
        match given.get("modifier", "EQUALS"):
            case "EQUALS":
                return given["value"]
            case "NOT_EQUALS":
                return not given["value"]
    given = {name: _with_ids(value) for name, value in given.items()}
    if given.get("modifier") in ("IS_NULL", "NOT_NULL") and type_name in _NOTHING:
        return {"value": _NOTHING[type_name], **given}
    return given


def _with_ids(value: Any) -> Any:
    """Return what a criterion has, with ids in the place of objects."""
    if isinstance(value, list | tuple):
        return [_with_ids(member) for member in value]
    return id_of(value) if hasattr(value, "is_new") else value
