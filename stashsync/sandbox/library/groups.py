"""Groups: films and series, under names that need not differ (docs/stash-behaviour.md#groups).

`movie…` are the same mutations by older names; they know no relations between groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from stashsync.sandbox.library import media_parts
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.group_relations import (
    Relation,
    bulk_relations,
    ensure_no_loop,
    relations,
    sub_group_count,
    write_relations,
)
from stashsync.sandbox.library.images import DEFAULT_IMAGE, NewImage, new_image, set_image
from stashsync.sandbox.library.kinds import (
    CONTAINING_GROUPS,
    GROUP_TAGS,
    GROUP_URLS,
    GROUPS,
    MOVIES,
    PERFORMER_GROUPS,
    SCENE_GROUPS,
    SCENES,
    SUB_GROUPS,
    TAGS,
)
from stashsync.sandbox.library.media_parts import Change, Parts, first_url, studio_of
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.removal import enter_removal
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import to_id, to_ids, trim

PARTS: Final = Parts(GROUPS, GROUP_URLS, {"tag_ids": GROUP_TAGS})


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What one input asks for beside what all kinds have."""

    common: Change
    relations: Sequence[Relation]
    front: NewImage | None = None
    back: NewImage | None = None


def _read(ctx: Context, given: Args, common: Change) -> GroupChange:
    if "name" in given:
        common.columns["name"] = ctx.word(given["name"] or "")
    return GroupChange(
        common,
        relations(ctx, given),
        new_image(given, ctx.fetch_image, "front_image"),
        new_image(given, ctx.fetch_image, "back_image"),
    )


def _enter(kind: Objects, create_name: str, update_name: str, bulk_name: str) -> None:
    """Enter the mutations that write groups, by one of their two names."""

    @mutation(create_name)
    def create(ctx: Context, args: Args) -> Row:
        given = args["input"]
        change = _read(ctx, given, media_parts.read_create(ctx, PARTS, given))
        with ctx.db.transaction():
            _ensure_name(change.common.columns["name"])
            id_ = GROUPS.insert(ctx, change.common.columns)
            media_parts.write_lists(ctx, PARTS, id_, change.common)
            _write_rest(ctx, id_, change)
            _ensure_front(ctx, id_, change)
            return kind.get(ctx.db, id_)

    @mutation(update_name)
    def update(ctx: Context, args: Args) -> Row:
        given = args["input"]
        id_ = to_id(given["id"], "converting id")
        change = _read(ctx, given, media_parts.read_update(ctx, PARTS, given))
        with ctx.db.transaction():
            _carry_out(ctx, id_, change)
            return kind.get(ctx.db, id_)

    @mutation(bulk_name)
    def bulk_update(ctx: Context, args: Args) -> list[Row] | None:
        given = args["input"]
        ids = to_ids(given.get("ids"), "converting ids")
        common = media_parts.read_bulk(ctx, PARTS, given)
        change = GroupChange(common, bulk_relations(ctx, given))
        with ctx.db.transaction():
            for id_ in ids:
                _carry_out(ctx, id_, change)
            return [kind.get(ctx.db, id_) for id_ in ids] or None


def _carry_out(ctx: Context, id_: int, change: GroupChange) -> None:
    """Check a change of a stored group, then make it."""
    if GROUPS.find(ctx.db, id_) is None:
        raise Refusal("not found")
    if "name" in change.common.columns:
        _ensure_name(change.common.columns["name"])
    ensure_no_loop(ctx, id_, change.relations)
    media_parts.write(ctx, PARTS, id_, change.common)
    _write_rest(ctx, id_, change)


def _write_rest(ctx: Context, id_: int, change: GroupChange) -> None:
    write_relations(ctx, id_, change.relations)
    set_image(ctx.db, GROUPS.table, id_, change.front, "front_image_blob")
    set_image(ctx.db, GROUPS.table, id_, change.back, "back_image_blob")


def _ensure_front(ctx: Context, id_: int, change: GroupChange) -> None:
    """Give a new group with a back a front; one that gets a back later has none."""
    if change.back is not None and change.back.content is not None:
        front = ctx.db.value("SELECT front_image_blob FROM groups WHERE id = ?", (id_,))
        if front is None:
            set_image(ctx.db, GROUPS.table, id_, NewImage(DEFAULT_IMAGE), "front_image_blob")


def _ensure_name(name: str) -> None:
    if not trim(name):
        raise Refusal("name cannot be empty")


def _o_counter(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    found = dict(
        ctx.db.all(
            "SELECT group_id, COUNT(*) FROM groups_scenes JOIN scenes_o_dates USING (scene_id) "
            f"WHERE group_id {IN_IDS} GROUP BY group_id",
            (ids_param(row["id"] for row in rows),),
        )
    )
    return [found.get(row["id"], 0) for row in rows]


_enter(GROUPS, "groupCreate", "groupUpdate", "bulkGroupUpdate")
_enter(MOVIES, "movieCreate", "movieUpdate", "bulkMovieUpdate")
enter_removal(GROUPS, "groupDestroy", "groupsDestroy")
enter_removal(GROUPS, "movieDestroy", "moviesDestroy")

_COMMON: Final = {
    "urls": GROUP_URLS.resolver(),
    "studio": studio_of,
    "tags": GROUP_TAGS.resolver(TAGS),
    "scenes": SCENE_GROUPS.reversed().resolver(SCENES),
    "scene_count": SCENE_GROUPS.reversed().deep_counter(SUB_GROUPS),
}
fields("Movie", {**_COMMON, "url": first_url(GROUP_URLS)})
fields(
    "Group",
    {
        **_COMMON,
        "performer_count": PERFORMER_GROUPS.reversed().deep_counter(SUB_GROUPS),
        "sub_group_count": sub_group_count,
        "o_counter": _o_counter,
        "containing_groups": Relation.resolver(CONTAINING_GROUPS),
        "sub_groups": Relation.resolver(SUB_GROUPS),
    },
)
