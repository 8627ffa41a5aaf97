"""What the finds of each kind can be narrowed by: tag_filter, studio_filter, performer_filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stashsync.sandbox.library.conditions import (
    ALL,
    Condition,
    Criterion,
    choice,
    date,
    every,
    flag,
    moment,
    negated,
    number,
    some,
    text,
    text_list,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.hierarchy import CHILDREN, PARENTS
from stashsync.sandbox.library.kinds import PERFORMER_TAGS, PERFORMERS, STUDIO_TAGS, STUDIOS, TAGS
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.relation_criteria import (
    custom_fields_of,
    nothing,
    parent_studios,
    related,
    stash_id_at,
    unrelated,
)

_TOGETHER = ("AND", "OR", "NOT")


def filtered(ctx: Context, kind: Objects, given: Mapping[str, Any]) -> Condition:
    """The condition that a whole filter stands for.

    Raises:
        Refusal: AND, OR and NOT stand side by side, or a criterion cannot be read.
    """
    criteria = CRITERIA[kind.type_name]
    own = every(
        criteria[field](ctx, value)
        for field, value in given.items()
        if value is not None and field not in _TOGETHER
    )
    inner = [word for word in _TOGETHER if given.get(word) is not None]
    if not inner:
        return own
    if len(inner) > 1:
        raise Refusal(f"cannot have {inner[0]} and {inner[1]} in the same filter")
    word = inner[0]
    other = filtered(ctx, kind, given[word])
    match word:
        case "AND":
            return every((own, other))
        case "OR":
            return some((own, other))
    return every((own, negated(other)))


def _missing(kind: Objects, *columns: str) -> Criterion:
    """Objects that lack something: the image, entries in a list, or the text of a column."""
    lists = {"stash_id": "stash_ids", "aliases": "aliases", "url": "urls"}

    def condition(_: Context, what: Any) -> Condition:
        if what == "image":
            return Condition(f"{kind.table}.image_blob IS NULL")
        if what == "scenes":
            return ALL
        if what in columns and what in lists:
            owners = f"SELECT {kind.owner} FROM {kind.word}_{lists[what]}"
            return Condition(f"{kind.table}.id NOT IN ({owners})")
        if what not in columns:
            raise Refusal(f"no such column: {kind.table}.{what}")
        column = f"{kind.table}.{what}"
        return Condition(f"{column} IS NULL OR TRIM({column}) = ''")

    return condition


def _count(kind: Objects, table: str, own: str) -> Criterion:
    return number(f"(SELECT COUNT(*) FROM {table} WHERE {own} = {kind.table}.id)")


def _common(kind: Objects) -> dict[str, Criterion]:
    table = kind.table
    absent = dict.fromkeys(("scene_count", "image_count", "gallery_count"), number("0"))
    filters = dict.fromkeys(("scenes_filter", "images_filter", "galleries_filter"), nothing)
    return {
        **absent,
        **filters,
        "name": text(f"{table}.name"),
        "aliases": text_list(kind.owner, f"{kind.word}_aliases", "alias"),
        "ignore_auto_tag": flag(f"{table}.ignore_auto_tag"),
        "stash_id_endpoint": stash_id_at(kind.word),
        "custom_fields": custom_fields_of(kind.word),
        "created_at": moment(f"{table}.created_at"),
        "updated_at": moment(f"{table}.updated_at"),
    }


def _tags_filter(ctx: Context, given: Any) -> Condition:
    inner = filtered(ctx, TAGS, given)
    tagged = "SELECT performer_id FROM performers_tags JOIN tags ON tags.id = tag_id"
    return Condition(f"performers.id IN ({tagged} WHERE {inner.sql})", inner.params)


_DAY_OF_AGE = "COALESCE(performers.death_date, date('now'))"
_AGE = (
    f"(strftime('%Y', {_DAY_OF_AGE}) - strftime('%Y', performers.birthdate)"
    f" - (strftime('%m-%d', {_DAY_OF_AGE}) < strftime('%m-%d', performers.birthdate)))"
)

CRITERIA: Final[dict[str, dict[str, Criterion]]] = {
    "Tag": _common(TAGS)
    | {
        "sort_name": text("tags.sort_name"),
        "description": text("tags.description"),
        "favorite": flag("tags.favorite"),
        "is_missing": _missing(TAGS, "stash_id", "aliases", "description", "sort_name"),
        "performer_count": _count(TAGS, "performers_tags", "tag_id"),
        "studio_count": _count(TAGS, "studios_tags", "tag_id"),
        "movie_count": number("0"),
        "group_count": number("0"),
        "marker_count": number("0"),
        "parents": related(PARENTS, CHILDREN, within=True),
        "children": related(CHILDREN, PARENTS, within=True),
        "parent_count": _count(TAGS, "tags_relations", "child_id"),
        "child_count": _count(TAGS, "tags_relations", "parent_id"),
    },
    "Studio": _common(STUDIOS)
    | {
        "details": text("studios.details"),
        "favorite": flag("studios.favorite"),
        "rating100": number("studios.rating100"),
        "url": text_list("studio_id", "studio_urls", "url"),
        "is_missing": _missing(STUDIOS, "stash_id", "aliases", "url", "details", "rating100"),
        "parents": parent_studios,
        "child_count": number("(SELECT COUNT(*) FROM studios c WHERE c.parent_id = studios.id)"),
        "tags": related(STUDIO_TAGS, CHILDREN),
        "tag_count": _count(STUDIOS, "studios_tags", "studio_id"),
    },
    "Performer": _common(PERFORMERS)
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
        "is_missing": _missing(
            PERFORMERS,
            "stash_id",
            "aliases",
            "url",
            *PERFORMERS.texts,
            *PERFORMERS.plain,
            *PERFORMERS.dates,
        ),
        "tags": related(PERFORMER_TAGS, CHILDREN),
        "tags_filter": _tags_filter,
        "tag_count": _count(PERFORMERS, "performers_tags", "performer_id"),
        "play_count": number("0"),
        "o_counter": number("0"),
        "studios": unrelated,
        "groups": unrelated,
        "performers": unrelated,
    },
}
"""For each type, the fields of its filter."""
