"""Performers: unique by name and disambiguation, aliases of their own.

Source: docs/stash-behaviour.md#performers
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from stashsync.sandbox.library.dates import printed
from stashsync.sandbox.library.edits import Edit, bulk_ids_edit, ids_edit
from stashsync.sandbox.library.images import NewImage, new_image, set_image
from stashsync.sandbox.library.kinds import (
    GALLERY_PERFORMERS,
    GROUPS,
    IMAGE_PERFORMERS,
    MOVIES,
    PERFORMER_ALIASES,
    PERFORMER_GROUPS,
    PERFORMER_PERFORMERS,
    PERFORMER_TAGS,
    PERFORMER_URLS,
    PERFORMERS,
    SCENE_PERFORMERS,
    SCENES,
    TAGS,
)
from stashsync.sandbox.library.lists import bulk_texts_edit, texts_edit
from stashsync.sandbox.library.naming import matching, tidied
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields, mutation
from stashsync.sandbox.library.removal import enter_removal
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.stash_ids import stash_ids, write_stash_ids
from stashsync.sandbox.library.urls import (
    LEGACY,
    created_urls,
    legacy_url,
    refuse_legacy_beside_urls,
    replaced_urls,
)
from stashsync.sandbox.library.values import to_id, to_ids, trim

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


def read_change(ctx: Context, given: Args) -> Change:
    """What an input for one performer asks for.

    Raises:
        Refusal: an id, a date or the image cannot be read.
    """
    columns = PERFORMERS.columns(ctx, given)
    if "name" in given:
        columns["name"] = ctx.word(given["name"] or "")
    return Change(
        given,
        columns,
        aliases=texts_edit(ctx, given, "alias_list"),
        urls=texts_edit(ctx, given, "urls"),
        tags=ids_edit(given, "tag_ids", _TAG_IDS),
        image=new_image(given, ctx.fetch_image),
    )


@mutation("performerCreate")
def create(ctx: Context, args: Args) -> Row:
    change = read_change(ctx, args["input"])
    name = change.columns["name"]
    edit = tidied(ctx, change.aliases, name)
    aliases = edit.values if edit else ()
    with ctx.db.transaction():
        _ensure_free(ctx, name, change.columns.get("disambiguation"))
        _ensure_aliases(name, aliases)
        _ensure_life(change.columns)
        id_ = PERFORMERS.insert(ctx, change.columns)
        PERFORMER_ALIASES.write(ctx.db, id_, aliases)
        PERFORMER_URLS.write(ctx.db, id_, created_urls(ctx, change.given))
        PERFORMER_TAGS.change(ctx.db, id_, change.tags)
        write_stash_ids(ctx, PERFORMERS, id_, change.given)
        create_custom_fields(ctx, PERFORMERS, id_, change.given)
        set_image(ctx.db, PERFORMERS.table, id_, change.image)
        return PERFORMERS.get(ctx.db, id_)


@mutation("performerUpdate")
def update(ctx: Context, args: Args) -> Row:
    given = args["input"]
    id_ = to_id(given["id"], "converting id")
    refuse_legacy_beside_urls(given, *LEGACY)
    refuse_null_map(given)
    change = read_change(ctx, given)
    with ctx.db.transaction():
        _carry_out(ctx, id_, change)
        return PERFORMERS.get(ctx.db, id_)


@mutation("bulkPerformerUpdate")
def bulk_update(ctx: Context, args: Args) -> list[Row] | None:
    given = args["input"]
    ids = to_ids(given.get("ids"), "converting ids")
    refuse_legacy_beside_urls(given, *LEGACY)
    refuse_null_map(given)
    change = Change(
        {name: given[name] for name in ("custom_fields", *LEGACY) if name in given},
        PERFORMERS.columns(ctx, given),
        aliases=bulk_texts_edit(ctx, given, "alias_list"),
        urls=bulk_texts_edit(ctx, given, "urls"),
        tags=bulk_ids_edit(given, "tag_ids", _TAG_IDS),
    )
    with ctx.db.transaction():
        for id_ in ids:
            _carry_out(ctx, id_, change)
        return [PERFORMERS.get(ctx.db, id_) for id_ in ids] or None


def _carry_out(ctx: Context, id_: int, change: Change) -> None:
    """Check a change of a stored performer, then make it."""
    stored = PERFORMERS.get(ctx.db, id_)
    columns = change.columns
    name = columns.get("name", stored["name"])
    if "name" in columns or "disambiguation" in columns:
        _ensure_free(ctx, name, columns.get("disambiguation", stored["disambiguation"]), id_)
    edit = tidied(ctx, change.aliases, name)
    if edit or "name" in columns:
        existing = PERFORMER_ALIASES.read(ctx.db, id_)
        _ensure_aliases(name, edit.apply(existing) if edit else existing)
    _ensure_life(_dates(ctx, id_) | columns)
    write(ctx, id_, Change(change.given, columns, edit, change.urls, change.tags, change.image))


def write(ctx: Context, id_: int, change: Change) -> None:
    """Make a change of a stored performer without checking it.

    Raises:
        Refusal: a constraint of the tables failed.
    """
    PERFORMERS.update(ctx, id_, change.columns)
    if change.aliases:
        aliases = change.aliases.apply(PERFORMER_ALIASES.read(ctx.db, id_))
        PERFORMER_ALIASES.write(ctx.db, id_, aliases)
    urls = PERFORMER_URLS.read(ctx.db, id_)
    if change.urls:
        PERFORMER_URLS.write(ctx.db, id_, change.urls.apply(urls))
    elif any(name in change.given for name in LEGACY):
        PERFORMER_URLS.write(ctx.db, id_, replaced_urls(ctx, urls, change.given))
    PERFORMER_TAGS.change(ctx.db, id_, change.tags)
    write_stash_ids(ctx, PERFORMERS, id_, change.given)
    update_custom_fields(ctx, PERFORMERS, id_, change.given)
    set_image(ctx.db, PERFORMERS.table, id_, change.image)


def _ensure_free(
    ctx: Context, name: str, disambiguation: str | None, own_id: int | None = None
) -> None:
    """Refuse a blank name, or one that another performer has with the same disambiguation.

    `_` and `%` stand for anything, in both; of all that match, the first by name is looked at.
    """
    if not trim(name):
        raise Refusal("performer name must not be blank")
    condition, params = matching("name", name), [name]
    if disambiguation:
        condition += f" AND {matching('disambiguation', disambiguation)}"
        params.append(disambiguation)
    else:
        condition += " AND disambiguation IS NULL"
    first = f"SELECT id FROM performers WHERE {condition} ORDER BY {PERFORMERS.order} LIMIT 1"
    found = ctx.db.value(first, params)
    if found is not None and found != own_id:
        also = f" and disambiguation '{disambiguation}'" if disambiguation else ""
        raise Refusal(f"performer with name '{name}'{also} already exists")


def _ensure_aliases(name: str, aliases: Sequence[str]) -> None:
    """Refuse an alias that repeats the name or another alias, letter case aside."""
    seen = {name.lower()}
    for alias in aliases:
        if alias.lower() in seen:
            raise Refusal(f"performer contains duplicate alias '{alias}'")
        seen.add(alias.lower())


def _dates(ctx: Context, id_: int) -> dict[str, Any]:
    names = ", ".join(f"{name}, {name}_precision" for name in PERFORMERS.dates)
    return ctx.db.records(f"SELECT {names} FROM performers WHERE id = ?", (id_,))[0]


def _ensure_life(columns: Mapping[str, Any]) -> None:
    """Refuse a death before the birth; of a partial date the first day counts."""
    birth, death = columns.get("birthdate"), columns.get("death_date")
    if birth and death and death < birth:
        born, died = (
            printed(columns[name], columns[f"{name}_precision"])
            for name in ("birthdate", "death_date")
        )
        raise Refusal(f"death date {died} should be after birthdate {born}")


def _o_counter(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """Of the performer's scenes and images together."""
    found = dict(
        ctx.db.all(
            "SELECT performer_id, SUM(counted) FROM ("
            " SELECT performer_id, 1 AS counted FROM performers_scenes"
            " JOIN scenes_o_dates USING (scene_id)"
            " UNION ALL SELECT performer_id, o_counter FROM performers_images"
            " JOIN images ON id = image_id"
            f") WHERE performer_id {IN_IDS} GROUP BY performer_id",
            (ids_param(row["id"] for row in rows),),
        )
    )
    return [found.get(row["id"], 0) for row in rows]


enter_removal(PERFORMERS, "performerDestroy", "performersDestroy")

fields(
    "Performer",
    {
        "alias_list": PERFORMER_ALIASES.resolver(),
        "urls": PERFORMER_URLS.resolver(),
        "tags": PERFORMER_TAGS.resolver(TAGS),
        "stash_ids": stash_ids(PERFORMERS),
        "custom_fields": custom_fields(PERFORMERS),
        "scene_count": SCENE_PERFORMERS.reversed().counter(),
        "image_count": IMAGE_PERFORMERS.reversed().counter(),
        "gallery_count": GALLERY_PERFORMERS.reversed().counter(),
        "group_count": PERFORMER_GROUPS.counter(),
        "movie_count": PERFORMER_GROUPS.counter(),
        "performer_count": PERFORMER_PERFORMERS.counter(),
        "o_counter": _o_counter,
        "scenes": SCENE_PERFORMERS.reversed().resolver(SCENES),
        "groups": PERFORMER_GROUPS.resolver(GROUPS),
        "movies": PERFORMER_GROUPS.resolver(MOVIES),
    }
    | {name: legacy_url(name) for name in LEGACY},
)
