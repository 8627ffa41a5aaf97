"""What tags, studios and performers can be narrowed by."""

from __future__ import annotations

from typing import Final

from stashsync.sandbox.library.conditions import (
    Criterion,
    choice,
    date,
    flag,
    moment,
    number,
    text,
    text_list,
)
from stashsync.sandbox.library.filters import criteria, through
from stashsync.sandbox.library.hierarchy import CHILDREN, PARENTS
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GALLERY_PERFORMERS,
    GALLERY_STUDIO,
    GALLERY_TAGS,
    GROUP_TAGS,
    IMAGE_PERFORMERS,
    IMAGE_STUDIO,
    IMAGE_TAGS,
    IMAGES,
    MARKER_ALL_TAGS,
    PERFORMER_GROUPS,
    PERFORMER_PERFORMERS,
    PERFORMER_STUDIOS,
    PERFORMER_TAGS,
    PERFORMERS,
    SCENE_PERFORMERS,
    SCENE_STUDIO,
    SCENE_TAGS,
    SCENES,
    STUDIO_CHILDREN,
    STUDIO_TAGS,
    STUDIOS,
    SUB_GROUPS,
    TAG_PERFORMERS,
    TAG_STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import count, linked, missing, owners
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.relation_criteria import (
    company,
    custom_fields_of,
    loose,
    parent_studios,
    related,
    stash_id_at,
    strict,
)


def _common(kind: Objects, scenes: Links, images: Links, galleries: Links) -> dict[str, Criterion]:
    table = kind.table
    return {
        "name": text(f"{table}.name"),
        "aliases": text_list(kind.owner, f"{kind.word}_aliases", "alias"),
        "ignore_auto_tag": flag(f"{table}.ignore_auto_tag"),
        "stash_id_endpoint": stash_id_at(kind.word),
        "custom_fields": custom_fields_of(kind.word),
        "created_at": moment(f"{table}.created_at"),
        "updated_at": moment(f"{table}.updated_at"),
        "scene_count": count(scenes),
        "image_count": count(images),
        "gallery_count": count(galleries),
        "scenes_filter": through(scenes, SCENES),
        "images_filter": through(images, IMAGES),
        "galleries_filter": through(galleries, GALLERIES),
    }


def _image(kind: Objects) -> dict[str, str]:
    return {"image": f"SELECT id FROM {kind.table} WHERE image_blob IS NOT NULL"}


criteria(
    TAGS,
    _common(TAGS, SCENE_TAGS.reversed(), IMAGE_TAGS.reversed(), GALLERY_TAGS.reversed())
    | {
        "sort_name": text("tags.sort_name"),
        "description": text("tags.description"),
        "favorite": flag("tags.favorite"),
        "is_missing": missing(TAGS, _image(TAGS)),
        "performer_count": count(TAG_PERFORMERS),
        "studio_count": count(TAG_STUDIOS),
        "movie_count": count(GROUP_TAGS.reversed()),
        "group_count": count(GROUP_TAGS.reversed()),
        "marker_count": count(MARKER_ALL_TAGS.reversed()),
        "parents": related(PARENTS, CHILDREN, strict(), of="tags"),
        "children": related(CHILDREN, PARENTS, strict(), of="tags"),
        "parent_count": count(PARENTS, of="tags"),
        "child_count": count(CHILDREN, of="tags"),
    },
)

criteria(
    STUDIOS,
    _common(STUDIOS, SCENE_STUDIO.reversed(), IMAGE_STUDIO.reversed(), GALLERY_STUDIO.reversed())
    | {
        "details": text("studios.details"),
        "favorite": flag("studios.favorite"),
        "rating100": number("studios.rating100"),
        "url": text_list("studio_id", "studio_urls", "url"),
        "is_missing": missing(STUDIOS, _image(STUDIOS) | owners("stash_ids", "urls", of=STUDIOS)),
        "parents": parent_studios,
        "child_count": count(STUDIO_CHILDREN, of="studios"),
        "tags": related(STUDIO_TAGS, CHILDREN),
        "tag_count": count(STUDIO_TAGS),
    },
)

_DAY_OF_AGE = "COALESCE(performers.death_date, date('now'))"
_AGE = (
    f"(strftime('%Y', {_DAY_OF_AGE}) - strftime('%Y', performers.birthdate)"
    f" - (strftime('%m-%d', {_DAY_OF_AGE}) < strftime('%m-%d', performers.birthdate)))"
)
PLAYS_OF_PERFORMER: Final = (
    "(SELECT COUNT(*) FROM performers_scenes p JOIN scenes_view_dates USING (scene_id) "
    "WHERE p.performer_id = performers.id)"
)
OS_OF_PERFORMER: Final = (
    "((SELECT COUNT(*) FROM performers_scenes p JOIN scenes_o_dates USING (scene_id) "
    "WHERE p.performer_id = performers.id) + "
    "(SELECT COALESCE(SUM(images.o_counter), 0) FROM performers_images p "
    "JOIN images ON images.id = p.image_id WHERE p.performer_id = performers.id))"
)
"""SQL that sums up what was counted for scenes and images of a performer."""

criteria(
    PERFORMERS,
    _common(
        PERFORMERS,
        SCENE_PERFORMERS.reversed(),
        IMAGE_PERFORMERS.reversed(),
        GALLERY_PERFORMERS.reversed(),
    )
    | {name: text(f"performers.{name}") for name in PERFORMERS.texts}
    | {
        "filter_favorites": flag("performers.favorite"),
        "rating100": number("performers.rating100"),
        "height_cm": number("performers.height_cm"),
        "weight": number("performers.weight"),
        "penis_length": number("performers.penis_length"),
        "gender": choice("performers.gender"),
        "circumcised": choice("performers.circumcised"),
        "birthdate": date("performers.birthdate"),
        "death_date": date("performers.death_date"),
        "birth_year": number("CAST(strftime('%Y', performers.birthdate) AS INTEGER)"),
        "death_year": number("CAST(strftime('%Y', performers.death_date) AS INTEGER)"),
        "age": number(_AGE),
        "url": text_list("performer_id", "performer_urls", "url"),
        "is_missing": missing(
            PERFORMERS,
            _image(PERFORMERS)
            | owners("stash_ids", "aliases", "urls", of=PERFORMERS)
            | {"scenes": linked(SCENE_PERFORMERS.reversed())},
        ),
        "tags": related(PERFORMER_TAGS, CHILDREN),
        "tags_filter": through(PERFORMER_TAGS, TAGS),
        "tag_count": count(PERFORMER_TAGS),
        "play_count": number(PLAYS_OF_PERFORMER),
        "o_counter": number(OS_OF_PERFORMER),
        "studios": related(PERFORMER_STUDIOS, STUDIO_CHILDREN, loose),
        "groups": related(PERFORMER_GROUPS, SUB_GROUPS, loose),
        "performers": related(PERFORMER_PERFORMERS, manner=company),
    },
)
