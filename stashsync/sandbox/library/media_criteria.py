"""What scenes, galleries and images can be narrowed by."""

from __future__ import annotations

from typing import Any, Final

from stashsync.sandbox.library.conditions import (
    Condition,
    Criterion,
    compared,
    date,
    flag,
    moment,
    negated,
    number,
    text,
    text_list,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.file_criteria import OfFiles, no_captions, orientation, resolution
from stashsync.sandbox.library.filters import criteria, through
from stashsync.sandbox.library.hierarchy import CHILDREN
from stashsync.sandbox.library.kinds import (
    FOLDERS,
    GALLERIES,
    GALLERY_FILES,
    GALLERY_IMAGES,
    GALLERY_PERFORMERS,
    GALLERY_STUDIO,
    GALLERY_TAGS,
    GROUPS,
    IMAGE_FILES,
    IMAGE_PERFORMERS,
    IMAGE_STUDIO,
    IMAGE_TAGS,
    IMAGES,
    MARKERS,
    MOVIES,
    PERFORMERS,
    SCENE_FILES,
    SCENE_GALLERIES,
    SCENE_GROUPS,
    SCENE_MARKERS,
    SCENE_PERFORMERS,
    SCENE_STUDIO,
    SCENE_TAGS,
    SCENES,
    STUDIO_CHILDREN,
    STUDIOS,
    SUB_GROUPS,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import count, linked, missing, owners
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.relation_criteria import plain, related, single, stash_id_at, strict

PLAYS: Final = "(SELECT COUNT(*) FROM scenes_view_dates v WHERE v.scene_id = scenes.id)"
OS: Final = "(SELECT COUNT(*) FROM scenes_o_dates o WHERE o.scene_id = scenes.id)"
LAST_PLAYED: Final = "(SELECT MAX(view_date) FROM scenes_view_dates v WHERE v.scene_id = scenes.id)"
"""SQL of what was counted of a scene, and when it was played last."""


def has_studio(kind: Objects) -> Links:
    """Objects with their studio, those without one left out."""
    table = f"(SELECT id, studio_id FROM {kind.table} WHERE studio_id IS NOT NULL)"
    return Links(table, "id", "studio_id")


def _common(kind: Objects, tags: Links, performers: Links, studio: Links) -> dict[str, Criterion]:
    table, owner = kind.table, kind.owner
    through_performers = Links(
        f"(SELECT {owner}, tag_id FROM {performers.table} JOIN performers_tags "
        "USING (performer_id))",
        owner,
        "tag_id",
    )
    return {
        **{name: text(f"{table}.{name}") for name in kind.texts},
        "id": number(f"{table}.id"),
        "rating100": number(f"{table}.rating100"),
        "organized": flag(f"{table}.organized"),
        "date": date(f"{table}.date"),
        "url": text_list(owner, f"{kind.word}_urls", "url"),
        "created_at": moment(f"{table}.created_at"),
        "updated_at": moment(f"{table}.updated_at"),
        "tags": related(tags, CHILDREN),
        "tag_count": count(tags),
        "tags_filter": through(tags, TAGS),
        "performers": related(performers),
        "performer_count": count(performers),
        "performer_tags": related(through_performers, CHILDREN, strict(" for performer tags")),
        "performer_favorite": _favorites(kind, performers),
        "performer_age": _ages(kind, performers),
        "performers_filter": through(performers, PERFORMERS),
        "studios": related(has_studio(kind), STUDIO_CHILDREN, single, of=table),
        "studios_filter": through(studio, STUDIOS, of=table),
    }


def _lacking(kind: Objects, tags: Links, performers: Links) -> dict[str, str]:
    return {
        "tags": linked(tags),
        "performers": linked(performers),
        "studio": f"SELECT id FROM {kind.table} WHERE studio_id IS NOT NULL",
    }


def _favorites(kind: Objects, performers: Links) -> Criterion:
    """Whether a favourite takes part."""
    rows = (
        f"SELECT {performers.own} FROM {performers.table} "
        "JOIN performers ON performers.id = performer_id WHERE favorite"
    )

    def condition(_: Context, wanted: Any) -> Condition:
        inside = Condition(f"{kind.table}.id IN ({rows})")
        return inside if wanted else negated(inside)

    return condition


def _ages(kind: Objects, performers: Links) -> Criterion:
    """How old a performer was on the object's date."""
    age = (
        "(strftime('%Y', subject.date) - strftime('%Y', birthdate)"
        " - (strftime('%m-%d', subject.date) < strftime('%m-%d', birthdate)))"
    )
    rows = (
        f"SELECT subject.id FROM {kind.table} AS subject "
        f"JOIN {performers.table} ON {performers.own} = subject.id "
        "JOIN performers ON performers.id = performer_id"
    )

    def condition(_: Context, given: Any) -> Condition:
        inner = compared(age, given)
        return Condition(f"{kind.table}.id IN ({rows} WHERE {inner.sql})", inner.params)

    return condition


def _whether(rows: str) -> Criterion:
    """Given as the text "true", the objects that have something; otherwise those that do not."""

    def condition(_: Context, wanted: Any) -> Condition:
        inside = Condition(rows)
        return inside if wanted == "true" else negated(inside)

    return condition


_SCENE_FILES, _GALLERY_FILES, _IMAGE_FILES = map(OfFiles, (SCENE_FILES, GALLERY_FILES, IMAGE_FILES))
_VIDEO_SIZE = (_SCENE_FILES.column("width"), _SCENE_FILES.column("height"))
_IMAGE_SIZE = (_IMAGE_FILES.column("width"), _IMAGE_FILES.column("height"))

criteria(
    SCENES,
    _common(SCENES, SCENE_TAGS, SCENE_PERFORMERS, SCENE_STUDIO)
    | _SCENE_FILES.common()
    | {
        "oshash": _SCENE_FILES.fingerprint("oshash"),
        "phash": _SCENE_FILES.fingerprint("phash"),
        "phash_distance": _SCENE_FILES.near,
        "duplicated": _SCENE_FILES.duplicated,
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
        "play_duration": number("scenes.play_duration"),
        "resume_time": number("scenes.resume_time"),
        "last_played_at": moment(LAST_PLAYED),
        "has_markers": _whether("scenes.id IN (SELECT scene_id FROM scene_markers)"),
        "is_missing": missing(
            SCENES,
            _lacking(SCENES, SCENE_TAGS, SCENE_PERFORMERS)
            | owners("stash_ids", "urls", of=SCENES)
            | dict.fromkeys(("group", "movie"), linked(SCENE_GROUPS))
            | {
                "galleries": linked(SCENE_GALLERIES),
                "cover": "SELECT id FROM scenes WHERE cover_blob IS NOT NULL",
                "phash": "SELECT scene_id FROM scenes_files JOIN files_fingerprints "
                "USING (file_id) WHERE type = 'phash'",
            },
        ),
        "groups": related(SCENE_GROUPS, SUB_GROUPS),
        "groups_filter": through(SCENE_GROUPS, GROUPS),
        "movies": related(SCENE_GROUPS),
        "movies_filter": through(SCENE_GROUPS, MOVIES),
        "galleries": related(SCENE_GALLERIES),
        "galleries_filter": through(SCENE_GALLERIES, GALLERIES),
        "markers_filter": through(SCENE_MARKERS, MARKERS),
        "stash_id_endpoint": stash_id_at("scene"),
    },
)


def _average_resolution(ctx: Context, given: Any) -> Condition:
    """The mean shorter side of a gallery's images."""
    mean = (
        "(SELECT AVG(MIN(width, height)) FROM galleries_images g "
        "JOIN images_files i USING (image_id) JOIN files ON files.id = i.file_id "
        "WHERE g.gallery_id = galleries.id)"
    )
    return resolution(mean, mean)(ctx, given)


criteria(
    GALLERIES,
    _common(GALLERIES, GALLERY_TAGS, GALLERY_PERFORMERS, GALLERY_STUDIO)
    | _GALLERY_FILES.common()
    | {
        "is_zip": lambda _, wanted: Condition(
            f"galleries.id {'' if wanted else 'NOT '}IN (SELECT gallery_id FROM galleries_files)"
        ),
        "average_resolution": _average_resolution,
        "has_chapters": _whether("galleries.id IN (SELECT gallery_id FROM galleries_chapters)"),
        "scenes": related(SCENE_GALLERIES.reversed(), manner=plain),
        "scenes_filter": through(SCENE_GALLERIES.reversed(), SCENES),
        "image_count": count(GALLERY_IMAGES),
        "images_filter": through(GALLERY_IMAGES, IMAGES),
        "folders_filter": through(
            Links("galleries", "id", "folder_id"), FOLDERS, of=GALLERIES.table
        ),
        "is_missing": missing(
            GALLERIES,
            _lacking(GALLERIES, GALLERY_TAGS, GALLERY_PERFORMERS)
            | owners("urls", of=GALLERIES)
            | {"scenes": linked(SCENE_GALLERIES.reversed())},
        ),
    },
)

criteria(
    IMAGES,
    _common(IMAGES, IMAGE_TAGS, IMAGE_PERFORMERS, IMAGE_STUDIO)
    | _IMAGE_FILES.common()
    | {
        "o_counter": number("images.o_counter"),
        "resolution": resolution(*_IMAGE_SIZE),
        "orientation": orientation(*_IMAGE_SIZE),
        "galleries": related(GALLERY_IMAGES.reversed()),
        "galleries_filter": through(GALLERY_IMAGES.reversed(), GALLERIES),
        "is_missing": missing(
            IMAGES,
            _lacking(IMAGES, IMAGE_TAGS, IMAGE_PERFORMERS)
            | {"galleries": linked(GALLERY_IMAGES.reversed())},
        ),
    },
)
