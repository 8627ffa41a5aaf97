"""Kinds without rules of their own, which work by their tables."""

from __future__ import annotations

from stashsync.sandbox.library.filters import CRITERIA
from stashsync.sandbox.library.finds import Finds, enter_finds
from stashsync.sandbox.library.objects import OBJECTS
from stashsync.sandbox.library.registry import MUTATIONS
from stashsync.sandbox.library.usual_criteria import usual
from stashsync.sandbox.library.writing import Writing


def enter_plain_kinds() -> None:
    """Enter the operations of every kind for which no file here has entered any."""
    for kind in OBJECTS.values():
        if kind.kind.update_mutation in MUTATIONS:
            continue
        Writing(kind).enter("create", "update", "bulk_update", "destroy", "destroy_all")
        CRITERIA[kind.type_name] = usual(kind)
        searched = tuple(f"{kind.table}.{name}" for name in (*kind.words, *kind.texts))
        enter_finds(Finds(kind, searched, {}, usual_sort="name" if kind.name_order else ""))
