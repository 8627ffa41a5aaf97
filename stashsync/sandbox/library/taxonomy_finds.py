"""How tags, studios and performers are found."""

from __future__ import annotations

from stashsync.sandbox.library.finds import Finds, enter_finds, sorts
from stashsync.sandbox.library.kinds import (
    GALLERY_PERFORMERS,
    GALLERY_STUDIO,
    GALLERY_TAGS,
    GROUP_TAGS,
    IMAGE_PERFORMERS,
    IMAGE_STUDIO,
    IMAGE_TAGS,
    MARKER_ALL_TAGS,
    PERFORMER_TAGS,
    PERFORMERS,
    SCENE_PERFORMERS,
    SCENE_STUDIO,
    SCENE_TAGS,
    STUDIO_CHILDREN,
    STUDIO_TAGS,
    STUDIOS,
    TAG_PERFORMERS,
    TAG_STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import how_many
from stashsync.sandbox.library.taxonomy_criteria import OS_OF_PERFORMER, PLAYS_OF_PERFORMER


def _counts(scenes: Links, images: Links, galleries: Links) -> dict[str, str]:
    own = scenes.own.removesuffix("_id")
    duration = (
        f"(SELECT SUM(files.duration) FROM {scenes.table} link "
        f"JOIN scenes_files s ON s.scene_id = link.{scenes.other} "
        f"JOIN files ON files.id = s.file_id WHERE link.{scenes.own} = {own}s.id)"
    )
    return {
        "scenes_count": how_many(scenes),
        "images_count": how_many(images),
        "galleries_count": how_many(galleries),
        "scenes_duration": duration,
    }


def _latest(table: str, column: str) -> str:
    return (
        f"(SELECT MAX({column}) FROM performers_scenes p JOIN {table} USING (scene_id) "
        "WHERE p.performer_id = performers.id)"
    )


def _aliases(word: str) -> str:
    return f"LEFT JOIN {word}_aliases ON {word}_id = {word}s.id"


enter_finds(
    Finds(
        TAGS,
        "tag_filter",
        ("tags.name", "tags.sort_name", "alias"),
        sorts(
            TAGS,
            _counts(SCENE_TAGS.reversed(), IMAGE_TAGS.reversed(), GALLERY_TAGS.reversed())
            | {
                "groups_count": how_many(GROUP_TAGS.reversed()),
                "movies_count": how_many(GROUP_TAGS.reversed()),
                "scene_markers_count": how_many(MARKER_ALL_TAGS.reversed()),
                "studios_count": how_many(TAG_STUDIOS),
                "performers_count": how_many(TAG_PERFORMERS),
            },
        ),
        _aliases("tag"),
    ),
    "findTag",
    "findTags",
    "allTags",
)
enter_finds(
    Finds(
        STUDIOS,
        "studio_filter",
        ("studios.name", "alias"),
        sorts(
            STUDIOS,
            _counts(SCENE_STUDIO.reversed(), IMAGE_STUDIO.reversed(), GALLERY_STUDIO.reversed())
            | {
                "child_count": how_many(STUDIO_CHILDREN, of="studios"),
                "rating": "studios.rating100",
                "tag_count": how_many(STUDIO_TAGS),
            },
        ),
        _aliases("studio"),
    ),
    "findStudio",
    "findStudios",
    "allStudios",
)
enter_finds(
    Finds(
        PERFORMERS,
        "performer_filter",
        ("performers.name", "alias"),
        sorts(
            PERFORMERS,
            _counts(
                SCENE_PERFORMERS.reversed(),
                IMAGE_PERFORMERS.reversed(),
                GALLERY_PERFORMERS.reversed(),
            )
            | {
                "birthdate": "performers.birthdate",
                "career_length": "performers.career_length",
                "height": "performers.height_cm",
                "measurements": "performers.measurements",
                "penis_length": "performers.penis_length",
                "rating": "performers.rating100",
                "tag_count": how_many(PERFORMER_TAGS),
                "weight": "performers.weight",
                "o_counter": OS_OF_PERFORMER,
                "play_count": PLAYS_OF_PERFORMER,
                "last_o_at": _latest("scenes_o_dates", "o_date"),
                "last_played_at": _latest("scenes_view_dates", "view_date"),
            },
        ),
        _aliases("performer"),
    ),
    "findPerformer",
    "findPerformers",
    "allPerformers",
)
