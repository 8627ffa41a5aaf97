"""Tags: names and aliases in one namespace, a hierarchy of many parents.

Source: docs/stash-behaviour.md#names, docs/stash-behaviour.md#hierarchy
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.custom_fields import (
    create_custom_fields,
    custom_fields,
    refuse_null_map,
    update_custom_fields,
)
from stashsync.sandbox.library.edits import Edit, bulk_ids_edit, ids_edit
from stashsync.sandbox.library.hierarchy import (
    CHILDREN,
    PARENTS,
    ensure_no_circle,
    ensure_no_circle_through_new,
)
from stashsync.sandbox.library.images import NewImage, new_image, set_image
from stashsync.sandbox.library.kinds import (
    GALLERY_TAGS,
    GROUP_TAGS,
    IMAGE_TAGS,
    MARKER_ALL_TAGS,
    SCENE_TAGS,
    TAG_ALIASES,
    TAG_PERFORMERS,
    TAG_STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.lists import bulk_texts_edit, texts_edit
from stashsync.sandbox.library.naming import ensure_free, tidied
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.removal import enter_removal
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.stash_ids import stash_ids, write_stash_ids
from stashsync.sandbox.library.values import to_id, to_ids, trim

_PARENT_IDS = "converting parent tag ids"
_CHILD_IDS = "converting child tag ids"


@dataclass(frozen=True, slots=True)
class Change:
    """What one input asks for, its ids, texts and image read; None where it asks for nothing."""

    given: Args
    columns: dict[str, Any]
    aliases: Edit[str] | None
    parents: Edit[int] | None
    children: Edit[int] | None
    image: NewImage | None = None


def read_change(ctx: Context, given: Args) -> Change:
    columns = TAGS.columns(ctx, given)
    if "name" in given:
        columns["name"] = ctx.word(given["name"] or "")
    return Change(
        given,
        columns,
        aliases=texts_edit(ctx, given, "aliases"),
        parents=ids_edit(given, "parent_ids", _PARENT_IDS),
        children=ids_edit(given, "child_ids", _CHILD_IDS),
        image=new_image(given, ctx.fetch_image),
    )


@mutation("tagCreate")
def create(ctx: Context, args: Args) -> Row:
    change = read_change(ctx, args["input"])
    name = change.columns["name"]
    aliases = tidied(ctx, change.aliases, name)
    with ctx.db.transaction():
        _ensure_name(ctx, name)
        for alias in aliases.values if aliases else ():
            ensure_free(ctx, TAGS, alias, literal=ctx.rules.literal_tag_names)
        if change.parents and change.children:
            ensure_no_circle_through_new(ctx.db, change.parents.values, change.children.values)
        id_ = TAGS.insert(ctx, change.columns)
        if aliases:
            TAG_ALIASES.write(ctx.db, id_, aliases.values)
        PARENTS.change(ctx.db, id_, change.parents)
        CHILDREN.change(ctx.db, id_, change.children)
        write_stash_ids(ctx, TAGS, id_, change.given)
        create_custom_fields(ctx, TAGS, id_, change.given)
        set_image(ctx.db, TAGS.table, id_, change.image)
        return TAGS.get(ctx.db, id_)


@mutation("tagUpdate")
def update(ctx: Context, args: Args) -> Row:
    given = args["input"]
    id_ = to_id(given["id"], "converting id")
    refuse_null_map(given)
    change = read_change(ctx, given)
    with ctx.db.transaction():
        carry_out(ctx, id_, change)
        return TAGS.get(ctx.db, id_)


@mutation("bulkTagUpdate")
def bulk_update(ctx: Context, args: Args) -> list[Row] | None:
    given = args["input"]
    ids = to_ids(given.get("ids"), "converting ids")
    change = Change(
        {name: given[name] for name in ("custom_fields",) if given.get(name)},
        TAGS.columns(ctx, given),
        aliases=bulk_texts_edit(ctx, given, "aliases"),
        parents=bulk_ids_edit(given, "parent_ids", _PARENT_IDS),
        children=bulk_ids_edit(given, "child_ids", _CHILD_IDS),
    )
    with ctx.db.transaction():
        for id_ in ids:
            carry_out(ctx, id_, change)
        return [TAGS.get(ctx.db, id_) for id_ in ids] or None


def carry_out(ctx: Context, id_: int, change: Change) -> None:
    """Check a change of a stored tag, then make it."""
    tag = TAGS.get(ctx.db, id_)
    if "name" in change.columns:
        _ensure_name(ctx, change.columns["name"], id_)
    aliases = None
    edit = tidied(ctx, change.aliases, change.columns.get("name", tag["name"]))
    if edit:
        aliases = edit.apply(TAG_ALIASES.read(ctx.db, id_))
        for alias in aliases:
            ensure_free(ctx, TAGS, alias, id_, literal=ctx.rules.literal_tag_names)
    parents = change.parents.apply(PARENTS.read(ctx.db, id_)) if change.parents else ()
    children = change.children.apply(CHILDREN.read(ctx.db, id_)) if change.children else ()
    ensure_no_circle(ctx.db, id_, parents, children)
    TAGS.update(ctx, id_, change.columns)
    if aliases is not None:
        TAG_ALIASES.write(ctx.db, id_, aliases)
    PARENTS.change(ctx.db, id_, change.parents)
    CHILDREN.change(ctx.db, id_, change.children)
    write_stash_ids(ctx, TAGS, id_, change.given)
    update_custom_fields(ctx, TAGS, id_, change.given)
    set_image(ctx.db, TAGS.table, id_, change.image)


def _ensure_name(ctx: Context, name: str, own_id: int | None = None) -> None:
    if not trim(name):
        raise Refusal("tag name must not be blank")
    ensure_free(ctx, TAGS, name, own_id, literal=ctx.rules.literal_tag_names)


def _ensure_not_primary(ctx: Context, id_: int) -> None:
    """Refuse to destroy what a marker cannot be without."""
    if ctx.db.value("SELECT 1 FROM scene_markers WHERE primary_tag_id = ? LIMIT 1", (id_,)):
        raise Refusal("cannot delete tag used as a primary tag in scene markers")


enter_removal(TAGS, "tagDestroy", "tagsDestroy", _ensure_not_primary)

fields(
    "Tag",
    {
        "aliases": TAG_ALIASES.resolver(),
        "stash_ids": stash_ids(TAGS),
        "custom_fields": custom_fields(TAGS),
        "parents": PARENTS.resolver(TAGS, f"natural_key({TAGS.name_order}), link.rowid DESC"),
        "children": CHILDREN.resolver(TAGS),
        "parent_count": PARENTS.counter(),
        "child_count": CHILDREN.counter(),
        "performer_count": TAG_PERFORMERS.deep_counter(CHILDREN),
        "studio_count": TAG_STUDIOS.deep_counter(CHILDREN),
        "scene_count": SCENE_TAGS.reversed().deep_counter(CHILDREN),
        "scene_marker_count": MARKER_ALL_TAGS.reversed().deep_counter(CHILDREN),
        "image_count": IMAGE_TAGS.reversed().deep_counter(CHILDREN),
        "gallery_count": GALLERY_TAGS.reversed().deep_counter(CHILDREN),
        "group_count": GROUP_TAGS.reversed().deep_counter(CHILDREN),
        "movie_count": GROUP_TAGS.reversed().deep_counter(CHILDREN),
    },
)
