"""The kinds that are stored, each from its table of fields.

Named here is what does not follow from the fields: tables with other names on a real server (its
messages have them), views, and the order of names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from stashsync.kinds import ENTITIES, Kind
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import OBJECTS, Objects, Stored

SUB_GROUPS: Final = Links("groups_relations", "containing_id", "sub_id", "groups", "groups")
TAG_CHILDREN: Final = Links("tags_relations", "parent_id", "child_id", "tags", "tags")
_SCENE_GALLERIES = Links("scenes_galleries", "scene_id", "gallery_id", "scenes", "galleries")
_MARKERS_TAGS = Links(
    "scene_markers_all_tags", "scene_marker_id", "tag_id", "scene_markers", "tags"
)
"""The tags of markers with the primary tag among them; for reading only."""


def _performers(owner: str, table: str) -> Links:
    return Links(f"performers_{table}", owner, "performer_id", table, "performers")


def _of_performers(table: str, other: str) -> Links:
    """Return a relation of performers through what they appear in; for reading only."""
    return Links(f"performers_{table}", "performer_id", other, "performers", table)


_OTHERWISE: Final[Mapping[str, Mapping[str, Any]]] = {
    "tag": {
        "name_order": "COALESCE(tags.sort_name, tags.name)",
        "pairs": {
            "parents": TAG_CHILDREN.reversed(),
            "children": TAG_CHILDREN,
            "scene_markers": _MARKERS_TAGS.reversed(),
        },
    },
    "studio": {
        "pairs": {"performers": _of_performers("studios", "studio_id").reversed()},
    },
    "performer": {
        "pairs": {
            "studios": _of_performers("studios", "studio_id"),
            "groups": _of_performers("groups", "group_id"),
            "performers": _of_performers("performers", "other_id"),
        },
    },
    "group": {
        "pairs": {
            "sub_groups": SUB_GROUPS,
            "containing_groups": SUB_GROUPS.reversed(),
            "performers": _of_performers("groups", "group_id").reversed(),
        },
        "sparse": ("back_image",),
    },
    "scene": {
        "pairs": {
            "performers": _performers("scene_id", "scenes"),
            "groups": Links("groups_scenes", "scene_id", "group_id", "scenes", "groups"),
        },
        "blobs_by_input": {"cover_image": "cover_blob"},
        "zero": ("resume_time", "play_duration"),
    },
    "gallery": {
        "pairs": {
            "performers": _performers("gallery_id", "galleries"),
            "scenes": _SCENE_GALLERIES.reversed(),
            "chapters": Links(
                "galleries_chapters", "gallery_id", "id", "galleries", "galleries_chapters"
            ),
        },
    },
    "image": {
        "pairs": {
            "performers": _performers("image_id", "images"),
            "galleries": Links("galleries_images", "image_id", "gallery_id", "images", "galleries"),
        },
    },
    "sceneMarker": {
        "name_order": "scene_markers.title",
        "pairs": {"all_tags": _MARKERS_TAGS},
    },
    "galleryChapter": {"table": "galleries_chapters"},
}
"""What does not follow from the fields, by kind."""


def _objects(kind: Kind) -> Objects:
    table = kind.plural
    usual: dict[str, Any] = {
        "table": table,
        "name_order": f"{table}.name" if "name" in kind.fields else "",
    }
    return Objects(kind.type_name, kind=kind, **{**usual, **_OTHERWISE.get(kind.name, {})})


OBJECTS.update(
    (kind.name, _objects(kind))
    for kind in ENTITIES.values()
    if kind.mutations.update and kind.mutations.update != kind.mutations.create
)

TAGS: Final = OBJECTS["tag"]
STUDIOS: Final = OBJECTS["studio"]
PERFORMERS: Final = OBJECTS["performer"]
SCENES: Final = OBJECTS["scene"]
GALLERIES: Final = OBJECTS["gallery"]
IMAGES: Final = OBJECTS["image"]
GROUPS: Final = OBJECTS["group"]
MOVIES: Final = replace(GROUPS, type_name="Movie")
"""Groups by the name that they had before."""
MARKERS: Final = OBJECTS["sceneMarker"]
CHAPTERS: Final = OBJECTS["galleryChapter"]

FILES: Final = Stored("BaseFile", "files")
FOLDERS: Final = Stored("Folder", "folders")


def files_of_kind(kind: Objects) -> Links:
    """Return the links from objects that have files to these."""
    return Links(f"{kind.table}_files", kind.owner, "file_id", kind.table, "files")


SCENE_FILES: Final = files_of_kind(SCENES)
GALLERY_FILES: Final = files_of_kind(GALLERIES)
IMAGE_FILES: Final = files_of_kind(IMAGES)

IMAGE_COLUMNS: Final = {
    **{
        (kind.word, name.replace("_", "")): (kind.table, kind.blobs[name])
        for kind in OBJECTS.values()
        for name in kind.images
    },
    ("scene", "screenshot"): ("scenes", "cover_blob"),
}
"""Where the bytes are that an address such as /tag/1/image shows: table and column."""
