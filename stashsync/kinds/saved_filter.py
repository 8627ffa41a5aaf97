"""Saved filters: the searches that the pages of the server offer."""

from __future__ import annotations

from typing import Annotated, Any

from stashsync.fields import Choice, FindFilter, JsonMap, Name, ObjectFilter
from stashsync.kinds.base import Entity
from stashsync.kinds.field_spec import Wire
from stashsync.kinds.mutations import KindMutations
from stashsync.unset import UNSET, UnsetType

MODES = (
    "SCENES",
    "PERFORMERS",
    "STUDIOS",
    "GALLERIES",
    "SCENE_MARKERS",
    "MOVIES",
    "GROUPS",
    "TAGS",
    "IMAGES",
)


class SavedFilter(
    Entity,
    name="saved_filter",
    plural="saved_filters",
    key=("name", "mode"),
    exact_names=True,
    mutations=KindMutations(
        "saveFilter",
        "saveFilter",
        "destroySavedFilter",
        "SaveFilterInput",
        "SaveFilterInput",
        "DestroyFilterInput",
    ),
):
    """A search under a name. One mutation saves new and known ones alike, always whole."""

    mode: Annotated[
        str | UnsetType,
        Choice("FilterMode", MODES),
        Wire(output_type="FilterMode!", create_type="FilterMode!"),
    ] = UNSET
    """What it searches for."""
    name: Annotated[str | UnsetType, Name()] = UNSET
    """Its name."""
    find_filter: Annotated[dict[str, Any] | None | UnsetType, FindFilter()] = UNSET
    """The words, the page and the order."""
    object_filter: Annotated[dict[str, Any] | None | UnsetType, ObjectFilter()] = UNSET
    """The criteria."""
    ui_options: Annotated[dict[str, Any] | None | UnsetType, JsonMap()] = UNSET
    """How the results are shown."""
