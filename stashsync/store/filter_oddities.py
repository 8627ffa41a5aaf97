"""Relations that a real server filters by in ways of its own (observed on v0.30-dev).

It answers these without a complaint, but not with what was asked for:

    marker tags       values to exclude are only looked at under `excludes`
    performer studios, groups
                      all of several, or a second criterion: not looked at
    performer performers
                      whom one appears with is always to include, even under EXCLUDES

And each relation has room for what is to be there and what is not in one criterion, while a second
one further down (AND) fails where the server goes through a hierarchy: "no such table".
"""

from __future__ import annotations

from typing import Any, Final

from stashsync.errors import StashFilterError

_INCLUDING: Final = ("INCLUDES", "INCLUDES_ALL")
_NULLS: Final = ("IS_NULL", "NOT_NULL")
_LOOSE: Final = (("PerformerFilterType", "studios"), ("PerformerFilterType", "groups"))
_COMPANY: Final = ("PerformerFilterType", "performers")
_MARKED: Final = ("SceneMarkerFilterType", "tags")
_WITH_BOTH: Final = "HierarchicalMultiCriterionInput"


def as_meant(filter_type: str, name: str, criterion: Any) -> Any:
    """Return the criterion that the server reads as `criterion` is meant.

    Raises:
        StashFilterError: there is none; the server would answer something else.
    """
    field = (filter_type, name)
    modifier = criterion.get("modifier") if isinstance(criterion, dict) else None
    if field == _MARKED and modifier == "EXCLUDES":
        return {"value": [], "modifier": "INCLUDES", "excludes": criterion["value"]}
    if field in _LOOSE and modifier == "INCLUDES_ALL":
        raise StashFilterError(
            f"the server cannot look for performers with all of several {name}",
            hint=f"Ask for any of them, {name}__in=[...], and compare what comes.",
        )
    if field == _COMPANY and modifier not in (*_INCLUDING, None):
        raise StashFilterError(
            "the server can look for performers who appear with others, not for those who do not",
            hint="Ask for all, and leave out those of performers__in=[...].",
        )
    return criterion


def joined(type_name: str, item: Any, other: Any) -> Any | None:
    """One criterion of the relation for both, or None where there is none."""
    if type_name != _WITH_BOTH:
        return None
    for first, second in ((item, other), (other, item)):
        if first.get("modifier") in _INCLUDING and "excludes" not in first:
            if second.get("modifier") == "EXCLUDES" and set(second) == {"value", "modifier"}:
                return {**first, "excludes": second["value"]}
            only = {"value": [], "modifier": "INCLUDES", "excludes": second.get("excludes")}
            if second == only:
                return {**first, "excludes": second["excludes"]}
    return None


def ensure_both(filter_type: str, name: str, item: Any, other: Any) -> None:
    """Refuse a second criterion where the server would not look at both.

    Raises:
        StashFilterError: it would not.
    """
    if (filter_type, name) not in (*_LOOSE, _COMPANY):
        return
    if any(criterion.get("modifier") not in _NULLS for criterion in (item, other)):
        raise StashFilterError(f"the server takes one criterion on the {name} of performers")
