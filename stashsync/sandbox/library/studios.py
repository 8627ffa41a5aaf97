"""Studios: names and aliases in one namespace, one parent each, no loops.

Source: docs/stash-behaviour.md#studios
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.custom_fields import (
    create_custom_fields,
    custom_fields,
    refuse_null_map,
    update_custom_fields,
)
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.edits import Edit, bulk_ids_edit, ids_edit
from stashsync.sandbox.library.images import NewImage, new_image, set_image
from stashsync.sandbox.library.kinds import (
    GALLERY_STUDIO,
    GROUP_STUDIO,
    GROUPS,
    IMAGE_STUDIO,
    MOVIES,
    PERFORMER_STUDIOS,
    SCENE_STUDIO,
    STUDIO_ALIASES,
    STUDIO_CHILDREN,
    STUDIO_TAGS,
    STUDIO_URLS,
    STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.lists import bulk_texts_edit, texts_edit
from stashsync.sandbox.library.naming import ensure_free, tidied
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.removal import enter_removal
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.stash_ids import stash_ids, write_stash_ids
from stashsync.sandbox.library.urls import refuse_legacy_beside_urls
from stashsync.sandbox.library.values import to_id, to_ids, to_optional_id, trim

_TAG_IDS = "converting tag ids"


@dataclass(frozen=True, slots=True)
class Change:
    """What one input asks for, its ids, texts and image read; None where it asks for nothing."""

    given: Args
    columns: dict[str, Any]
    aliases: Edit[str] | None
    urls: Edit[str] | None
    tags: Edit[int] | None
    image: NewImage | None = None


@mutation("studioCreate")
def create(ctx: Context, args: Args) -> Row:
    given = dict(args["input"])
    given["parent_id"] = given.get("parent_id") or None  # a blank one is none, here only
    change = _read(ctx, given, urls=_created_urls(ctx, given))
    name = change.columns["name"]
    aliases = tidied(ctx, change.aliases, name)
    with ctx.db.transaction():
        _ensure_name(ctx, name)
        _ensure_aliases(ctx, aliases.values if aliases else ())
        id_ = STUDIOS.insert(ctx, change.columns)
        if aliases:
            STUDIO_ALIASES.write(ctx.db, id_, aliases.values)
        if change.urls:
            STUDIO_URLS.write(ctx.db, id_, change.urls.values)
        STUDIO_TAGS.change(ctx.db, id_, change.tags)
        write_stash_ids(ctx, STUDIOS, id_, given)
        create_custom_fields(ctx, STUDIOS, id_, given)
        set_image(ctx.db, STUDIOS.table, id_, change.image)
        return STUDIOS.get(ctx.db, id_)


def _created_urls(ctx: Context, given: Args) -> Edit[str]:
    legacy = [given["url"]] if given.get("url") is not None else []
    return Edit(tuple(map(ctx.word, legacy + (given.get("urls") or []))))


@mutation("studioUpdate")
def update(ctx: Context, args: Args) -> Row:
    given = args["input"]
    id_ = to_id(given["id"], "converting id")
    refuse_legacy_beside_urls(given, "url")
    refuse_null_map(given)
    change = _read(ctx, given, urls=_legacy_url(given) or texts_edit(ctx, given, "urls"))
    with ctx.db.transaction():
        _carry_out(ctx, id_, change)
        return STUDIOS.get(ctx.db, id_)


@mutation("bulkStudioUpdate")
def bulk_update(ctx: Context, args: Args) -> list[Row] | None:
    given = args["input"]
    ids = to_ids(given.get("ids"), "converting ids")
    refuse_legacy_beside_urls(given, "url")
    change = Change(
        {name: given[name] for name in ("custom_fields",) if given.get(name)},
        _columns(ctx, given),
        aliases=None,
        urls=_legacy_url(given) or bulk_texts_edit(ctx, given, "urls"),
        tags=bulk_ids_edit(given, "tag_ids", _TAG_IDS),
    )
    with ctx.db.transaction():
        for id_ in ids:
            _carry_out(ctx, id_, change)
        return [STUDIOS.get(ctx.db, id_) for id_ in ids] or None


def _legacy_url(given: Args) -> Edit[str] | None:
    """The deprecated `url` replaces the whole list; null empties it, others stay as given."""
    if "url" not in given:
        return None
    return Edit(() if given["url"] is None else (given["url"],))


def _read(ctx: Context, given: Args, *, urls: Edit[str] | None) -> Change:
    columns = _columns(ctx, given)
    if "name" in given:
        columns["name"] = ctx.word(given["name"] or "")
    return Change(
        given,
        columns,
        aliases=texts_edit(ctx, given, "aliases"),
        urls=urls,
        tags=ids_edit(given, "tag_ids", _TAG_IDS),
        image=new_image(given, ctx.fetch_image),
    )


def _columns(ctx: Context, given: Args) -> dict[str, Any]:
    columns = STUDIOS.columns(ctx, given)
    if "parent_id" in given:
        columns["parent_id"] = to_optional_id(given["parent_id"], "converting parent id")
    return columns


def _carry_out(ctx: Context, id_: int, change: Change) -> None:
    """Check a change of a stored studio, then make it."""
    studio = STUDIOS.get(ctx.db, id_)
    _ensure_no_loop(ctx, id_, change.columns.get("parent_id"))
    name = change.columns.get("name", studio["name"])
    if name != studio["name"]:
        _ensure_name(ctx, name, id_)
    aliases = tidied(ctx, change.aliases, name)
    if aliases:
        _ensure_aliases(ctx, aliases.values, id_)
    STUDIOS.update(ctx, id_, change.columns)
    if aliases:
        STUDIO_ALIASES.write(ctx.db, id_, aliases.values)
    if change.urls:
        STUDIO_URLS.write(ctx.db, id_, change.urls.apply(STUDIO_URLS.read(ctx.db, id_)))
    STUDIO_TAGS.change(ctx.db, id_, change.tags)
    write_stash_ids(ctx, STUDIOS, id_, change.given)
    update_custom_fields(ctx, STUDIOS, id_, change.given)
    set_image(ctx.db, STUDIOS.table, id_, change.image)


def _ensure_name(ctx: Context, name: str, own_id: int | None = None) -> None:
    if not trim(name):
        raise Refusal("studio name must not be blank")
    ensure_free(ctx, STUDIOS, name, own_id)


def _ensure_aliases(ctx: Context, aliases: Sequence[str], own_id: int | None = None) -> None:
    for alias in aliases:
        if not alias and ctx.rules.refuses_blank_studio_aliases:
            raise Refusal("studio alias must not be an empty string")
        ensure_free(ctx, STUDIOS, alias, own_id)


def _ensure_no_loop(ctx: Context, id_: int, parent: int | None) -> None:
    """Refuse a parent that does not exist or is the studio itself or below it."""
    seen: set[int] = set()
    while parent is not None and parent not in seen:
        if parent == id_:
            raise Refusal("studio cannot be an ancestor of itself")
        seen.add(parent)
        parent = STUDIOS.get(ctx.db, parent)["parent_id"]


def _parent_studio(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    found = STUDIOS.by_id(ctx.db, {row["parent_id"] for row in rows if row["parent_id"]})
    return [found.get(row["parent_id"]) for row in rows]


def _child_studios(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    children: dict[int, list[Row]] = {row["id"]: [] for row in rows}
    for child in STUDIOS.rows(
        ctx.db, f"WHERE parent_id {IN_IDS} ORDER BY id", (ids_param(children),)
    ):
        children[child["parent_id"]].append(child)
    return [children[row["id"]] for row in rows]


def _o_counter(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """Of the studio's scenes and images together."""
    found = dict(
        ctx.db.all(
            "SELECT studio_id, SUM(counted) FROM ("
            " SELECT studio_id, 1 AS counted FROM scenes_o_dates JOIN scenes ON id = scene_id"
            " UNION ALL SELECT studio_id, o_counter FROM images"
            f") WHERE studio_id {IN_IDS} GROUP BY studio_id",
            (ids_param(row["id"] for row in rows),),
        )
    )
    return [found.get(row["id"], 0) for row in rows]


def _url(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """The deprecated field: the first of the list."""
    found = STUDIO_URLS.read_all(ctx.db, [row["id"] for row in rows])
    nothing = "" if ctx.rules.studios_have_one_url else None
    return [next(iter(found.get(row["id"], ())), nothing) for row in rows]


enter_removal(STUDIOS, "studioDestroy", "studiosDestroy")

fields(
    "Studio",
    {
        "parent_studio": _parent_studio,
        "child_studios": _child_studios,
        "aliases": STUDIO_ALIASES.resolver(),
        "url": _url,
        "urls": STUDIO_URLS.resolver(),
        "tags": STUDIO_TAGS.resolver(TAGS),
        "stash_ids": stash_ids(STUDIOS),
        "custom_fields": custom_fields(STUDIOS),
        "scene_count": SCENE_STUDIO.reversed().deep_counter(STUDIO_CHILDREN),
        "image_count": IMAGE_STUDIO.reversed().deep_counter(STUDIO_CHILDREN),
        "gallery_count": GALLERY_STUDIO.reversed().deep_counter(STUDIO_CHILDREN),
        "performer_count": PERFORMER_STUDIOS.reversed().deep_counter(STUDIO_CHILDREN),
        "group_count": GROUP_STUDIO.reversed().deep_counter(STUDIO_CHILDREN),
        "movie_count": GROUP_STUDIO.reversed().deep_counter(STUDIO_CHILDREN),
        "o_counter": _o_counter,
        "groups": GROUP_STUDIO.reversed().resolver(GROUPS, "link.id"),
        "movies": GROUP_STUDIO.reversed().resolver(MOVIES, "link.id"),
    },
)
