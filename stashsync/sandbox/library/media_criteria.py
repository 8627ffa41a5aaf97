"""The criteria of scenes, galleries, images and markers beside those of their fields."""

from __future__ import annotations

from typing import Any, Final

from stashsync.sandbox.library.conditions import (
    Condition,
    Criterion,
    all_of,
    compared,
    date,
    flag,
    moment,
    negated,
    number,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.file_criteria import (
    FOLDER_OF_GALLERY,
    OfFiles,
    no_captions,
    orientation,
    resolution,
)
from stashsync.sandbox.library.filters import criteria, through
from stashsync.sandbox.library.kinds import (
    FOLDERS,
    GALLERIES,
    GALLERY_FILES,
    IMAGE_FILES,
    IMAGES,
    MARKERS,
    SCENE_FILES,
    SCENES,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import linked, missing, owners
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.relation_criteria import (
    NULLS,
    marked,
    plain,
    related,
    strict,
)
from stashsync.sandbox.library.usual_criteria import usual

PLAYS: Final = "(SELECT COUNT(*) FROM scenes_view_dates v WHERE v.scene_id = scenes.id)"
OS: Final = "(SELECT COUNT(*) FROM scenes_o_dates o WHERE o.scene_id = scenes.id)"
LAST_PLAYED: Final = "(SELECT MAX(view_date) FROM scenes_view_dates v WHERE v.scene_id = scenes.id)"
"""SQL of what was counted of a scene, and when it was played last."""


def _of_media(kind: Objects, files: OfFiles) -> dict[str, Criterion]:
    performers, owner = kind["performers"], kind.owner
    tags_of_performers = Links(
        f"(SELECT {owner}, tag_id FROM {performers.table} JOIN performers_tags "
        "USING (performer_id))",
        owner,
        "tag_id",
        kind.table,
        "tags",
    )
    return {
        **usual(kind),
        **files.common(),
        "performer_tags": related(
            tags_of_performers, TAGS.hierarchy, strict(" for performer tags")
        ),
        "performer_favorite": _favorites(performers),
        "performer_age": _ages(performers),
    }


def _lacking(kind: Objects) -> dict[str, str]:
    return {
        "tags": linked(kind["tags"]),
        "performers": linked(kind["performers"]),
        "studio": f"SELECT id FROM {kind.table} WHERE studio_id IS NOT NULL",
    }


def _favorites(performers: Links) -> Criterion:
    """Return the criterion on whether a favourite takes part."""
    rows = (
        f"SELECT {performers.own} FROM {performers.table} "
        "JOIN performers ON performers.id = performer_id WHERE favorite"
    )

    def condition(_: Context, wanted: Any) -> Condition:
        inside = Condition(f"{performers.near}.id IN ({rows})")
        return inside if wanted else negated(inside)

    return condition


def _ages(performers: Links) -> Criterion:
    """Return the criterion on how old a performer was on the object's date."""
    age = (
        "(strftime('%Y', subject.date) - strftime('%Y', birthdate)"
        " - (strftime('%m-%d', subject.date) < strftime('%m-%d', birthdate)))"
    )
    rows = (
        f"SELECT subject.id FROM {performers.near} AS subject "
        f"JOIN {performers.table} ON {performers.own} = subject.id "
        "JOIN performers ON performers.id = performer_id"
    )

    def condition(_: Context, given: Any) -> Condition:
        inner = compared(age, given)
        return Condition(f"{performers.near}.id IN ({rows} WHERE {inner.sql})", inner.params)

    return condition


def _whether(rows: str) -> Criterion:
    """Return the criterion for objects that have something, by the text "true", or do not."""

    def condition(_: Context, wanted: Any) -> Condition:
        inside = Condition(rows)
        return inside if wanted == "true" else negated(inside)

    return condition


_SCENE_FILES, _GALLERY_FILES, _IMAGE_FILES = map(OfFiles, (SCENE_FILES, GALLERY_FILES, IMAGE_FILES))
_VIDEO_SIZE = (_SCENE_FILES.column("width"), _SCENE_FILES.column("height"))
_IMAGE_SIZE = (_IMAGE_FILES.column("width"), _IMAGE_FILES.column("height"))


def _duplicated_scene(ctx: Context, given: Any) -> Condition:
    """Tell whether another scene has the same hash, title, address or stash id; all that is asked.

    Before v0.31 the hash alone could be asked for, as `duplicated`.
    """
    asked = given.get("phash", given.get("duplicated"))
    others = [word for word in _SHARED if given.get(word) is not None]
    parts = [] if asked is None and others else [_SCENE_FILES.duplicated(ctx, given)]
    for word in others:
        inside = Condition(f"scenes.id IN ({_SHARED[word]})")
        parts.append(inside if given[word] else negated(inside))
    return all_of(parts)


_SHARED: Final = {
    "title": "SELECT id FROM scenes s WHERE title IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM scenes o WHERE o.title = s.title AND o.id != s.id)",
    "url": "SELECT scene_id FROM scene_urls s WHERE EXISTS "
    "(SELECT 1 FROM scene_urls o WHERE o.url = s.url AND o.scene_id != s.scene_id)",
    "stash_id": "SELECT scene_id FROM scene_stash_ids s WHERE EXISTS (SELECT 1 FROM "
    "scene_stash_ids o WHERE o.endpoint = s.endpoint AND o.stash_id = s.stash_id "
    "AND o.scene_id != s.scene_id)",
}
"""SQL of the scenes that share something with another one (second-hand, v0.31)."""

criteria(
    SCENES,
    _of_media(SCENES, _SCENE_FILES)
    | {
        "oshash": _SCENE_FILES.fingerprint("oshash"),
        "phash": _SCENE_FILES.fingerprint("phash"),
        "phash_distance": _SCENE_FILES.near,
        "duplicated": _duplicated_scene,
        "stash_id_count": number(
            "(SELECT COUNT(*) FROM scene_stash_ids s WHERE s.scene_id = scenes.id)"
        ),
        "resolution": resolution(*_VIDEO_SIZE),
        "orientation": orientation(*_VIDEO_SIZE),
        "framerate": number(f"CAST({_SCENE_FILES.column('frame_rate')} AS INTEGER)"),
        "bitrate": number(_SCENE_FILES.column("bit_rate")),
        "duration": number(f"CAST({_SCENE_FILES.column('files.duration')} AS INTEGER)"),
        "video_codec": _SCENE_FILES.text("video_codec"),
        "audio_codec": _SCENE_FILES.text("audio_codec"),
        "interactive": flag("0"),
        "interactive_speed": number("NULL"),
        "captions": no_captions,
        "o_counter": number(OS),
        "play_count": number(PLAYS),
        "last_played_at": moment(LAST_PLAYED),
        "has_markers": _whether("scenes.id IN (SELECT scene_id FROM scene_markers)"),
        "markers_filter": through(SCENES["scene_markers"], MARKERS),
        "is_missing": missing(
            SCENES,
            _lacking(SCENES)
            | owners("stash_ids", "urls", of=SCENES)
            | dict.fromkeys(("group", "movie"), linked(SCENES["groups"]))
            | {
                "galleries": linked(SCENES["galleries"]),
                "cover": "SELECT id FROM scenes WHERE cover_blob IS NOT NULL",
                "phash": "SELECT scene_id FROM scenes_files JOIN files_fingerprints "
                "USING (file_id) WHERE type = 'phash'",
            },
        ),
    },
)


def _average_resolution(ctx: Context, given: Any) -> Condition:
    """Compare the mean shorter side of a gallery's images."""
    mean = (
        "(SELECT AVG(MIN(width, height)) FROM galleries_images g "
        "JOIN images_files i USING (image_id) JOIN files ON files.id = i.file_id "
        "WHERE g.gallery_id = galleries.id)"
    )
    return resolution(mean, mean)(ctx, given)


criteria(
    GALLERIES,
    _of_media(GALLERIES, _GALLERY_FILES)
    | {
        "is_zip": lambda _, wanted: Condition(
            f"galleries.id {'' if wanted else 'NOT '}IN (SELECT gallery_id FROM galleries_files)"
        ),
        "average_resolution": _average_resolution,
        "parent_folder": FOLDER_OF_GALLERY,
        "has_chapters": _whether("galleries.id IN (SELECT gallery_id FROM galleries_chapters)"),
        "scenes": related(GALLERIES["scenes"], manner=plain),
        "folders_filter": through(
            Links("galleries", "id", "folder_id", "galleries", "folders"), FOLDERS
        ),
        "is_missing": missing(
            GALLERIES,
            _lacking(GALLERIES)
            | owners("urls", of=GALLERIES)
            | {"scenes": linked(GALLERIES["scenes"])},
        ),
    },
)
criteria(
    IMAGES,
    _of_media(IMAGES, _IMAGE_FILES)
    | {
        "o_counter": number("images.o_counter"),
        "resolution": resolution(*_IMAGE_SIZE),
        "orientation": orientation(*_IMAGE_SIZE),
        "phash_distance": _IMAGE_FILES.near,
        "is_missing": missing(
            IMAGES, _lacking(IMAGES) | {"galleries": linked(IMAGES["galleries"])}
        ),
    },
)


def _of_scene(inner: Criterion) -> Criterion:
    """Return a criterion on the marker's scene."""

    def condition(ctx: Context, given: Any) -> Condition:
        found = inner(ctx, given)
        sql = f"scene_markers.scene_id IN (SELECT scenes.id FROM scenes WHERE {found.sql})"
        return Condition(sql, found.params)

    return condition


def _with_scene(links: Links) -> Links:
    """Return the links from markers to what their scenes have."""
    column = links.other
    joined = f"(SELECT m.id, x.{column} FROM scene_markers m JOIN {links.table} x USING (scene_id))"
    return Links(joined, "id", column, MARKERS.table, links.far)


_ALL_TAGS = related(MARKERS["all_tags"], TAGS.hierarchy, marked)
_OTHER_TAGS = related(MARKERS["tags"])


def _marker_tags(ctx: Context, given: Any) -> Condition:
    """All tags of a marker; whether there is any asks for those beside the primary one only."""
    return (_OTHER_TAGS if given["modifier"] in NULLS else _ALL_TAGS)(ctx, given)


criteria(
    MARKERS,
    usual(MARKERS)
    | {
        "tags": _marker_tags,
        "scene_tags": related(_with_scene(SCENES["tags"]), TAGS.hierarchy),
        "performers": related(_with_scene(SCENES["performers"])),
        "scenes": related(MARKERS["scene"], manner=plain),
        "scene_date": _of_scene(date("scenes.date")),
        "scene_created_at": _of_scene(moment("scenes.created_at")),
        "scene_updated_at": _of_scene(moment("scenes.updated_at")),
        "scene_filter": through(MARKERS["scene"], SCENES),
        "duration": number("(scene_markers.end_seconds - scene_markers.seconds)"),
    },
)
