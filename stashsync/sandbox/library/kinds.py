"""The kinds of object that are kept here."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.lists import TextList
from stashsync.sandbox.library.objects import Objects

TAGS: Final = Objects(
    "Tag",
    "tag",
    "tags",
    texts=("sort_name", "description"),
    name_order="COALESCE(tags.sort_name, tags.name)",
)
STUDIOS: Final = Objects(
    "Studio",
    "studio",
    "studios",
    texts=("details",),
    plain=("rating100",),
    name_order="studios.name",
)
PERFORMERS: Final = Objects(
    "Performer",
    "performer",
    "performers",
    texts=(
        "disambiguation",
        "ethnicity",
        "country",
        "eye_color",
        "hair_color",
        "measurements",
        "fake_tits",
        "career_length",
        "tattoos",
        "piercings",
        "details",
    ),
    plain=(
        "gender",
        "circumcised",
        "height_cm",
        "weight",
        "penis_length",
        "rating100",
    ),
    dates=("birthdate", "death_date"),
    name_order="performers.name",
)
_MEDIA_FLAGS = ("organized",)
SCENES: Final = Objects(
    "Scene",
    "scene",
    "scenes",
    flags=_MEDIA_FLAGS,
    texts=("title", "code", "details", "director"),
    plain=("rating100", "resume_time", "play_duration"),
    dates=("date",),
    images=(),
    hidden=("cover_blob",),
    strict=(("resume_time", "float64"), ("play_duration", "float64")),
)
GALLERIES: Final = Objects(
    "Gallery",
    "gallery",
    "galleries",
    flags=_MEDIA_FLAGS,
    texts=("title", "code", "details", "photographer"),
    plain=("rating100",),
    dates=("date",),
    images=(),
)
IMAGES: Final = Objects(
    "Image",
    "image",
    "images",
    flags=_MEDIA_FLAGS,
    texts=("title", "code", "details", "photographer"),
    plain=("rating100",),
    dates=("date",),
    images=(),
)
GROUPS: Final = Objects(
    "Group",
    "group",
    "groups",
    flags=(),
    texts=("aliases", "director", "synopsis"),
    plain=("duration", "rating100"),
    dates=("date",),
    images=("front_image", "back_image"),
    sparse=("back_image",),
    name_order="groups.name",
)
MOVIES: Final = replace(GROUPS, type_name="Movie")
"""Groups by the name that they had before."""
MARKERS: Final = Objects(
    "SceneMarker",
    "scene marker",
    "scene_markers",
    flags=(),
    plain=("seconds", "end_seconds"),
    strict=(("seconds", "float64"), ("primary_tag_id", "int"), ("scene_id", "int")),
    images=(),
    name_order="scene_markers.title",
)
CHAPTERS: Final = Objects(
    "GalleryChapter",
    "gallery chapter",
    "galleries_chapters",
    flags=(),
    plain=("image_index",),
    images=(),
    strict=(("image_index", "int"), ("gallery_id", "int")),
)

FILES: Final = Objects("BaseFile", "file", "files", flags=(), images=())
FOLDERS: Final = Objects("Folder", "folder", "folders", flags=(), images=())
"""Named here for filters alone; `files` reads them."""

IMAGE_COLUMNS: Final = {
    ("tag", "image"): ("tags", "image_blob"),
    ("studio", "image"): ("studios", "image_blob"),
    ("performer", "image"): ("performers", "image_blob"),
    ("group", "frontimage"): ("groups", "front_image_blob"),
    ("group", "backimage"): ("groups", "back_image_blob"),
    ("scene", "screenshot"): ("scenes", "cover_blob"),
}
"""Where the bytes are that an address such as /tag/1/image shows: table and column."""

TAG_ALIASES: Final = TextList("tag_aliases", "tag_id", "alias")
STUDIO_ALIASES: Final = TextList("studio_aliases", "studio_id", "alias")
PERFORMER_ALIASES: Final = TextList("performer_aliases", "performer_id", "alias")
STUDIO_URLS: Final = TextList("studio_urls", "studio_id", "url", ordered=True)
PERFORMER_URLS: Final = TextList("performer_urls", "performer_id", "url", ordered=True)

STUDIO_TAGS: Final = Links("studios_tags", "studio_id", "tag_id")
PERFORMER_TAGS: Final = Links("performers_tags", "performer_id", "tag_id")
TAG_STUDIOS: Final = Links("studios_tags", "tag_id", "studio_id")
TAG_PERFORMERS: Final = Links("performers_tags", "tag_id", "performer_id")

SCENE_URLS: Final = TextList("scene_urls", "scene_id", "url", ordered=True)
GALLERY_URLS: Final = TextList("gallery_urls", "gallery_id", "url", ordered=True)
IMAGE_URLS: Final = TextList("image_urls", "image_id", "url", ordered=True)
GROUP_URLS: Final = TextList("group_urls", "group_id", "url", ordered=True)

SCENE_TAGS: Final = Links("scenes_tags", "scene_id", "tag_id")
GALLERY_TAGS: Final = Links("galleries_tags", "gallery_id", "tag_id")
IMAGE_TAGS: Final = Links("images_tags", "image_id", "tag_id")
GROUP_TAGS: Final = Links("groups_tags", "group_id", "tag_id")
MARKER_TAGS: Final = Links("scene_markers_tags", "scene_marker_id", "tag_id")
MARKER_ALL_TAGS: Final = Links("scene_markers_all_tags", "scene_marker_id", "tag_id")
"""With the primary tag among them; for reading only."""

SCENE_PERFORMERS: Final = Links("performers_scenes", "scene_id", "performer_id")
GALLERY_PERFORMERS: Final = Links("performers_galleries", "gallery_id", "performer_id")
IMAGE_PERFORMERS: Final = Links("performers_images", "image_id", "performer_id")
PERFORMER_STUDIOS: Final = Links("performers_studios", "performer_id", "studio_id")
PERFORMER_GROUPS: Final = Links("performers_groups", "performer_id", "group_id")
PERFORMER_PERFORMERS: Final = Links("performers_performers", "performer_id", "other_id")
"""What performers have to do with each other and with others by what they are in; read only."""

SCENE_STUDIO: Final = Links("scenes", "id", "studio_id")
GALLERY_STUDIO: Final = Links("galleries", "id", "studio_id")
IMAGE_STUDIO: Final = Links("images", "id", "studio_id")
GROUP_STUDIO: Final = Links("groups", "id", "studio_id")
STUDIO_CHILDREN: Final = Links("studios", "parent_id", "id")

SCENE_GALLERIES: Final = Links("scenes_galleries", "scene_id", "gallery_id")
SCENE_GROUPS: Final = Links("groups_scenes", "scene_id", "group_id")
GALLERY_IMAGES: Final = Links("galleries_images", "gallery_id", "image_id")
SCENE_MARKERS: Final = Links("scene_markers", "scene_id", "id")
SUB_GROUPS: Final = Links("groups_relations", "containing_id", "sub_id")
CONTAINING_GROUPS: Final = SUB_GROUPS.reversed()

SCENE_FILES: Final = Links("scenes_files", "scene_id", "file_id")
GALLERY_FILES: Final = Links("galleries_files", "gallery_id", "file_id")
IMAGE_FILES: Final = Links("images_files", "image_id", "file_id")
