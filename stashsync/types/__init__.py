"""The names that scripts import from `types`: entities, enums, inputs and the third value.

For scripts alone: the names come from `stashsync.entities` and `stashsync.kinds`;
`stashsync.types.api` has every input, result and enum under the server's name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stashsync.entities import (
    Entity,
    Gallery,
    GalleryChapter,
    Group,
    GroupDescription,
    Image,
    Job,
    JobStatusUpdate,
    Performer,
    Record,
    SavedFilter,
    Scene,
    SceneGroup,
    SceneMarker,
    Studio,
    Tag,
)
from stashsync.kinds import JobStatus, JobStatusUpdateType, OnMultipleMatch
from stashsync.unset import UNSET, UnsetType, is_set

if TYPE_CHECKING:
    from stashsync.types import api
    from stashsync.types.api import *  # noqa: F403  # its stub has hundreds of names

__all__ = [
    "UNSET",
    "Entity",
    "Gallery",
    "GalleryChapter",
    "Group",
    "GroupDescription",
    "Image",
    "Job",
    "JobStatus",
    "JobStatusUpdate",
    "JobStatusUpdateType",
    "OnMultipleMatch",
    "Performer",
    "Record",
    "SavedFilter",
    "Scene",
    "SceneGroup",
    "SceneMarker",
    "Studio",
    "Tag",
    "UnsetType",
    "is_set",
]

if TYPE_CHECKING:
    __all__ += api.__all__


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module("stashsync.types.api"), name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
