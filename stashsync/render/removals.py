"""What deletes and merges touch, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS
from stashsync.planner.changes import Delete, Update
from stashsync.planner.plan import Plan
from stashsync.render.phrases import counted

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
"""By kind, the counts of objects that use it or belong to it, by the server's words.

The other counts mean something else: a studio's performers are those of its scenes.
"""


def users(kind: str, impact: Mapping[str, int]) -> list[str]:
    """Return what uses an object or belongs to it: `1,204 scenes`, `1 marker`."""
    known = _USERS.get(kind, tuple(impact))
    return [
        counted(impact[word], word.removeprefix("scene_")) for word in known if impact.get(word)
    ]


def orphans_of(plan: Plan) -> Iterator[tuple[Delete, int]]:
    """Yield the deletes that leave children without this parent, and how many."""
    away = moving_away(plan)
    for change in plan.changes:
        if isinstance(change, Delete):
            left = change.impact.get("child", 0) - away.get((change.kind, change.id), 0)
            if left > 0:
                yield change, left


def moving_away(plan: Plan) -> dict[tuple[str, str], int]:
    """Count by object (kind, id) the children that the plan moves away from it."""
    found: dict[tuple[str, str], int] = {}
    for change in plan.changes:
        hierarchy = KINDS[change.kind].hierarchy
        if isinstance(change, Update) and hierarchy is not None:
            field = change.changes.get(hierarchy.name)
            after = set() if field is None else set(reference_list(field.after))
            for parent in reference_list(field.before if field is not None else None):
                if parent not in after:
                    found[change.kind, parent] = found.get((change.kind, parent), 0) + 1
    return found
