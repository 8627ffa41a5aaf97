"""What an entity is. `ENTITIES` is the only list of them; `KINDS` are those of manifests.

Those of manifests are imported with this module, all others when they are first asked for.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from stashsync.types.capabilities import Capabilities, Release, release_text
from stashsync.types.entity import Entity
from stashsync.types.kind import FieldSpec, Inverse, Key, Kind, Mutations, Wire
from stashsync.types.performer import Performer
from stashsync.types.record import Record
from stashsync.types.registry import ENTITIES, MODULES
from stashsync.types.studio import Studio
from stashsync.types.tag import Tag
from stashsync.unset import UNSET, UnsetType, is_set

if TYPE_CHECKING:
    from stashsync.types.chapter import GalleryChapter as GalleryChapter
    from stashsync.types.decoding import decode_rows as decode_rows
    from stashsync.types.enums import JobStatus as JobStatus
    from stashsync.types.enums import JobStatusUpdateType as JobStatusUpdateType
    from stashsync.types.enums import OnMultipleMatch as OnMultipleMatch
    from stashsync.types.files import BasicFile as BasicFile
    from stashsync.types.files import Fingerprint as Fingerprint
    from stashsync.types.files import Folder as Folder
    from stashsync.types.files import GalleryFile as GalleryFile
    from stashsync.types.files import ImageFile as ImageFile
    from stashsync.types.files import VideoFile as VideoFile
    from stashsync.types.gallery import Gallery as Gallery
    from stashsync.types.group import Group as Group
    from stashsync.types.identity import IdentityMap as IdentityMap
    from stashsync.types.identity import Objects as Objects
    from stashsync.types.image import Image as Image
    from stashsync.types.job import Job as Job
    from stashsync.types.job import JobStatusUpdate as JobStatusUpdate
    from stashsync.types.marker import SceneMarker as SceneMarker
    from stashsync.types.memberships import GroupDescription as GroupDescription
    from stashsync.types.memberships import SceneGroup as SceneGroup
    from stashsync.types.parts import GalleryPathsType as GalleryPathsType
    from stashsync.types.parts import ImagePathsType as ImagePathsType
    from stashsync.types.parts import ScenePathsType as ScenePathsType
    from stashsync.types.parts import SceneStreamEndpoint as SceneStreamEndpoint
    from stashsync.types.parts import VideoCaption as VideoCaption
    from stashsync.types.relations import Relation as Relation
    from stashsync.types.saved_filter import SavedFilter as SavedFilter
    from stashsync.types.saving import Saver as Saver
    from stashsync.types.saving import SideWrite as SideWrite
    from stashsync.types.saving import Write as Write
    from stashsync.types.scene import Scene as Scene

KINDS: Final = MappingProxyType(
    {model.kind().name: model.kind() for model in (Tag, Studio, Performer)}
)
"""The kinds that manifests may have, by name, each after those that it refers to."""

_FURTHER: Final = {
    "JobStatus": "enums",
    "JobStatusUpdateType": "enums",
    "OnMultipleMatch": "enums",
    "IdentityMap": "identity",
    "Objects": "identity",
    "Relation": "relations",
    "Saver": "saving",
    "SideWrite": "saving",
    "Write": "saving",
    "decode_rows": "decoding",
    **{name[0].upper() + name[1:]: module for name, module in MODULES.items()},
}

__all__ = [
    "ENTITIES",
    "KINDS",
    "UNSET",
    "Capabilities",
    "Entity",
    "FieldSpec",
    "Inverse",
    "Key",
    "Kind",
    "Mutations",
    "Performer",
    "Record",
    "Release",
    "Studio",
    "Tag",
    "UnsetType",
    "Wire",
    "is_set",
    "release_text",
]
__all__ += sorted(_FURTHER.keys() - set(__all__))


def __getattr__(name: str) -> Any:
    if name not in _FURTHER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"stashsync.types.{_FURTHER[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
