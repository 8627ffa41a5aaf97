"""Objects of a library as scripts hold them: typed, tracked, saved. Each class loads on first use.

Type checkers see the declarations in `stashsync.kinds`; at run time `models` builds the classes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from stashsync.kinds.registry import NAME_OF_TYPE

if TYPE_CHECKING:
    from stashsync.entities.edits import SideWrite as SideWrite
    from stashsync.entities.edits import Write as Write
    from stashsync.entities.entity import Entity as Entity
    from stashsync.entities.entity import Saver as Saver
    from stashsync.entities.identity import PlainIdentityMap as PlainIdentityMap
    from stashsync.entities.loading import decode_rows as decode_rows
    from stashsync.entities.record import Record as Record
    from stashsync.entities.relation import Relation as Relation
    from stashsync.entities.tracked import IdentityMap as IdentityMap
    from stashsync.kinds.chapter import GalleryChapter as GalleryChapter
    from stashsync.kinds.files import BasicFile as BasicFile
    from stashsync.kinds.files import Fingerprint as Fingerprint
    from stashsync.kinds.files import Folder as Folder
    from stashsync.kinds.files import GalleryFile as GalleryFile
    from stashsync.kinds.files import ImageFile as ImageFile
    from stashsync.kinds.files import VideoFile as VideoFile
    from stashsync.kinds.gallery import Gallery as Gallery
    from stashsync.kinds.group import Group as Group
    from stashsync.kinds.image import Image as Image
    from stashsync.kinds.job import Job as Job
    from stashsync.kinds.job import JobStatusUpdate as JobStatusUpdate
    from stashsync.kinds.marker import SceneMarker as SceneMarker
    from stashsync.kinds.memberships import GroupDescription as GroupDescription
    from stashsync.kinds.memberships import SceneGroup as SceneGroup
    from stashsync.kinds.parts import GalleryPathsType as GalleryPathsType
    from stashsync.kinds.parts import ImagePathsType as ImagePathsType
    from stashsync.kinds.parts import ScenePathsType as ScenePathsType
    from stashsync.kinds.parts import SceneStreamEndpoint as SceneStreamEndpoint
    from stashsync.kinds.parts import VideoCaption as VideoCaption
    from stashsync.kinds.performer import Performer as Performer
    from stashsync.kinds.saved_filter import SavedFilter as SavedFilter
    from stashsync.kinds.scene import Scene as Scene
    from stashsync.kinds.studio import Studio as Studio
    from stashsync.kinds.tag import Tag as Tag

_FURTHER: Final = {
    "Entity": "entity",
    "IdentityMap": "tracked",
    "PlainIdentityMap": "identity",
    "Record": "record",
    "Relation": "relation",
    "Saver": "entity",
    "SideWrite": "edits",
    "Write": "edits",
    "decode_rows": "loading",
}

__all__ = list(NAME_OF_TYPE) + list(_FURTHER)  # type checkers read the imports above


def __getattr__(name: str) -> Any:
    if name in NAME_OF_TYPE:
        import stashsync.entities.entity  # noqa: F401  # enters the bases of all models
        from stashsync.entities.models import model_of

        value: Any = model_of(NAME_OF_TYPE[name])
    elif name in _FURTHER:
        value = getattr(import_module(f"stashsync.entities.{_FURTHER[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
