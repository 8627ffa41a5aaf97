"""The names that scripts import from `types`: entities, their enums and the third value.

A door for scripts alone: `stashsync.entities` and `stashsync.kinds` are the rooms behind it.
"""

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
