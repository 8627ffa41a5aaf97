"""What groups, by both of their names, and markers can be narrowed by."""

from __future__ import annotations

from typing import Any, Final

from stashsync.sandbox.library.conditions import (
    Condition,
    Criterion,
    date,
    moment,
    number,
    text,
    text_list,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.filters import criteria, through
from stashsync.sandbox.library.hierarchy import CHILDREN
from stashsync.sandbox.library.kinds import (
    CONTAINING_GROUPS,
    GROUP_STUDIO,
    GROUP_TAGS,
    GROUPS,
    MARKER_ALL_TAGS,
    MARKER_TAGS,
    MARKERS,
    MOVIES,
    PERFORMER_GROUPS,
    SCENE_GROUPS,
    SCENES,
    STUDIO_CHILDREN,
    STUDIOS,
    SUB_GROUPS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.media_criteria import has_studio
from stashsync.sandbox.library.missing import count, linked, missing
from stashsync.sandbox.library.relation_criteria import (
    NULLS,
    marked,
    plain,
    related,
    single,
    strict,
)

OS_OF_GROUP: Final = (
    "(SELECT COUNT(*) FROM groups_scenes g JOIN scenes_o_dates USING (scene_id) "
    "WHERE g.group_id = groups.id)"
)

_GROUP: dict[str, Criterion] = {
    "name": text("groups.name"),
    "director": text("groups.director"),
    "synopsis": text("groups.synopsis"),
    "duration": number("groups.duration"),
    "rating100": number("groups.rating100"),
    "date": date("groups.date"),
    "url": text_list("group_id", "group_urls", "url"),
    "created_at": moment("groups.created_at"),
    "updated_at": moment("groups.updated_at"),
    "studios": related(has_studio(GROUPS), STUDIO_CHILDREN, single, of="groups"),
    "studios_filter": through(GROUP_STUDIO, STUDIOS, of="groups"),
    "performers": related(PERFORMER_GROUPS.reversed(), manner=plain),
    "tags": related(GROUP_TAGS, CHILDREN),
    "tag_count": count(GROUP_TAGS),
    "scenes_filter": through(SCENE_GROUPS.reversed(), SCENES),
    "is_missing": missing(
        GROUPS,
        {
            "scenes": linked(SCENE_GROUPS.reversed()),
            "front_image": "SELECT id FROM groups WHERE front_image_blob IS NOT NULL",
            "back_image": "SELECT id FROM groups WHERE back_image_blob IS NOT NULL",
        },
    ),
}
criteria(MOVIES, _GROUP)
criteria(
    GROUPS,
    _GROUP
    | {
        "containing_groups": related(CONTAINING_GROUPS, SUB_GROUPS, strict(), of="groups"),
        "sub_groups": related(SUB_GROUPS, CONTAINING_GROUPS, strict(), of="groups"),
        "containing_group_count": count(CONTAINING_GROUPS, of="groups"),
        "sub_group_count": count(SUB_GROUPS, of="groups"),
        "o_counter": number(OS_OF_GROUP),
    },
)


def _of_scene(inner: Criterion) -> Criterion:
    """A criterion on the marker's scene."""

    def condition(ctx: Context, given: Any) -> Condition:
        found = inner(ctx, given)
        sql = f"scene_markers.scene_id IN (SELECT scenes.id FROM scenes WHERE {found.sql})"
        return Condition(sql, found.params)

    return condition


def _with_scene(table: str, column: str) -> Links:
    """Markers with what their scenes have."""
    joined = f"(SELECT m.id, x.{column} FROM scene_markers m JOIN {table} x USING (scene_id))"
    return Links(joined, "id", column)


_ALL_TAGS = related(MARKER_ALL_TAGS, CHILDREN, marked)
_OTHER_TAGS = related(MARKER_TAGS)


def _marker_tags(ctx: Context, given: Any) -> Condition:
    """All tags of a marker; whether there is any asks for those beside the primary one only."""
    return (_OTHER_TAGS if given["modifier"] in NULLS else _ALL_TAGS)(ctx, given)


criteria(
    MARKERS,
    {
        "tags": _marker_tags,
        "scene_tags": related(_with_scene("scenes_tags", "tag_id"), CHILDREN, of=MARKERS.table),
        "performers": related(_with_scene("performers_scenes", "performer_id"), of=MARKERS.table),
        "scenes": related(Links("scene_markers", "id", "scene_id"), manner=plain, of=MARKERS.table),
        "created_at": moment("scene_markers.created_at"),
        "updated_at": moment("scene_markers.updated_at"),
        "scene_date": _of_scene(date("scenes.date")),
        "scene_created_at": _of_scene(moment("scenes.created_at")),
        "scene_updated_at": _of_scene(moment("scenes.updated_at")),
        "scene_filter": through(Links("scene_markers", "id", "scene_id"), SCENES, of=MARKERS.table),
        "duration": number("(scene_markers.end_seconds - scene_markers.seconds)"),
    },
)
