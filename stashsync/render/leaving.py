"""What deletes and merges touch, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stashsync.kinds import KINDS
from stashsync.planner.changes import Update
from stashsync.planner.plan import Plan

_USERS: Final[Mapping[str, tuple[str, ...]]] = {
    "tag": (
        "scene",
        "image",
        "gallery",
        "scene_marker",
        "performer",
        "studio",
        "group",
    ),
    "studio": ("scene", "image", "gallery", "group"),
    "performer": ("scene", "image", "gallery"),
}
"""By kind, the counts that are of objects which bear it or belong to it, as the server calls them.

The others tell something else: a studio's performers are those of its scenes.
"""
_PLURALS: Final = {"gallery": "galleries"}


def counted(count: int, word: str) -> str:
    """`1 scene`, `1,204 galleries`."""
    return f"{count:,} {word if count == 1 else _PLURALS.get(word, word + 's')}"


def users(kind: str, impact: Mapping[str, int]) -> list[str]:
    """What bears the objects or belongs to them: `1,204 scenes`, `1 marker`."""
    known = _USERS.get(kind, tuple(impact))
    return [
        counted(impact[word], word.removeprefix("scene_")) for word in known if impact.get(word)
    ]


def moving_away(plan: Plan) -> dict[tuple[str, str], int]:
    """By object (kind, id), how many of its children the plan takes away from it."""
    found: dict[tuple[str, str], int] = {}
    for change in plan.changes:
        hierarchy = KINDS[change.kind].hierarchy
        if isinstance(change, Update) and hierarchy is not None:
            one = change.changes.get(hierarchy.name)
            after = set() if one is None else set(_tokens(one.after))
            for parent in _tokens(one.before if one is not None else None):
                if parent not in after:
                    found[change.kind, parent] = found.get((change.kind, parent), 0) + 1
    return found


def _tokens(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, str):
        yield value
