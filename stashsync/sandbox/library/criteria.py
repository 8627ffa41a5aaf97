"""The criteria of tags, studios, performers and groups beside those of their fields."""

from __future__ import annotations

from typing import Final

from stashsync.sandbox.library.conditions import (
    flag,
    number,
)
from stashsync.sandbox.library.filters import criteria, through
from stashsync.sandbox.library.kinds import (
    GROUPS,
    MARKERS,
    MOVIES,
    PERFORMERS,
    STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import count, linked, missing, owners
from stashsync.sandbox.library.relation_criteria import (
    company,
    loose,
    parent_studios,
    plain,
    related,
    strict,
)
from stashsync.sandbox.library.usual_criteria import usual, with_image

criteria(
    TAGS,
    usual(TAGS)
    | {
        "is_missing": missing(TAGS, with_image(TAGS)),
        "marker_count": count(TAGS["scene_markers"]),
        "markers_filter": through(TAGS["scene_markers"], MARKERS),
        "parents": related(TAGS["parents"], TAGS["children"], strict()),
        "children": related(TAGS["children"], TAGS["parents"], strict()),
        "parent_count": count(TAGS["parents"]),
        "child_count": count(TAGS["children"]),
    },
)
criteria(
    STUDIOS,
    usual(STUDIOS)
    | {
        "is_missing": missing(
            STUDIOS, with_image(STUDIOS) | owners("stash_ids", "urls", of=STUDIOS)
        ),
        "parents": parent_studios,
        "child_count": count(STUDIOS["children"]),
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

_markers_of_performers = Links(
    "(SELECT performer_id, m.id AS marker_id FROM performers_scenes "
    "JOIN scene_markers m USING (scene_id))",
    "performer_id",
    "marker_id",
    "performers",
    "scene_markers",
)
criteria(
    PERFORMERS,
    usual(PERFORMERS)
    | {
        "filter_favorites": flag("performers.favorite"),
        "birth_year": number("CAST(strftime('%Y', performers.birthdate) AS INTEGER)"),
        "death_year": number("CAST(strftime('%Y', performers.death_date) AS INTEGER)"),
        "age": number(_AGE),
        "is_missing": missing(
            PERFORMERS,
            with_image(PERFORMERS)
            | owners("stash_ids", "aliases", "urls", of=PERFORMERS)
            | {"scenes": linked(PERFORMERS["scenes"])},
        ),
        "marker_count": count(_markers_of_performers),
        "markers_filter": through(_markers_of_performers, MARKERS),
        "play_count": number(PLAYS_OF_PERFORMER),
        "o_counter": number(OS_OF_PERFORMER),
        "studios": related(PERFORMERS["studios"], STUDIOS.hierarchy, loose),
        "groups": related(PERFORMERS["groups"], GROUPS.hierarchy, loose),
        "performers": related(PERFORMERS["performers"], manner=company),
    },
)

OS_OF_GROUP: Final = (
    "(SELECT COUNT(*) FROM groups_scenes g JOIN scenes_o_dates USING (scene_id) "
    "WHERE g.group_id = groups.id)"
)
for _kind in (GROUPS, MOVIES):
    criteria(
        _kind,
        usual(GROUPS)
        | {
            "performers": related(GROUPS["performers"], manner=plain),
            "containing_groups": related(
                GROUPS["containing_groups"], GROUPS["sub_groups"], strict()
            ),
            "sub_groups": related(GROUPS["sub_groups"], GROUPS["containing_groups"], strict()),
            "containing_group_count": count(GROUPS["containing_groups"]),
            "sub_group_count": count(GROUPS["sub_groups"]),
            "o_counter": number(OS_OF_GROUP),
            "is_missing": missing(
                GROUPS,
                {
                    "scenes": linked(GROUPS["scenes"]),
                    "front_image": "SELECT id FROM groups WHERE front_image_blob IS NOT NULL",
                    "back_image": "SELECT id FROM groups WHERE back_image_blob IS NOT NULL",
                },
            ),
        },
    )
