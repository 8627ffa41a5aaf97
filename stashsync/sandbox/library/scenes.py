"""Scenes: with files or, made through the API, without (docs/stash-behaviour.md#scenes)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from stashsync.sandbox.library import media_parts
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.edits import Edit
from stashsync.sandbox.library.files import (
    assign_files,
    delete_files_of,
    files_of,
    first_files,
    set_primary_file,
)
from stashsync.sandbox.library.images import NewImage, new_image, set_image
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GROUPS,
    MARKERS,
    MOVIES,
    PERFORMERS,
    SCENE_FILES,
    SCENE_GALLERIES,
    SCENE_GROUPS,
    SCENE_MARKERS,
    SCENE_PERFORMERS,
    SCENE_TAGS,
    SCENE_URLS,
    SCENES,
    TAGS,
)
from stashsync.sandbox.library.media_parts import Change, Parts, first_url, studio_of
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, Resolver, always, fields, mutation
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.stash_ids import stash_ids, write_stash_ids
from stashsync.sandbox.library.values import to_id, to_ids, unix_time

PARTS: Final = Parts(
    SCENES,
    SCENE_URLS,
    {
        "tag_ids": SCENE_TAGS,
        "performer_ids": SCENE_PERFORMERS,
        "gallery_ids": SCENE_GALLERIES,
    },
)
_BULK_PARTS = Parts(
    SCENES, SCENE_URLS, {**PARTS.links, "group_ids": SCENE_GROUPS, "movie_ids": SCENE_GROUPS}
)
_NO_TITLE = "title must be set if scene has no files"


@mutation("sceneCreate")
def create(ctx: Context, args: Args) -> Row:
    given = args["input"]
    change = media_parts.read_create(ctx, PARTS, given)
    files = to_ids(given.get("file_ids"), "converting file ids")
    with ctx.db.transaction():
        cover = _read_cover(ctx, given)
        if not files and not change.columns.get("title"):
            raise Refusal(_NO_TITLE)
        try:
            id_ = SCENES.insert(ctx, change.columns)
            media_parts.write_lists(ctx, PARTS, id_, change)
            _write_groups(ctx, id_, given)
        except Refusal as refusal:
            raise Refusal(f"creating new scene: {refusal.message}") from None
        _assign_new(ctx, id_, files)
        _write_rest(ctx, id_, given, cover)
        return SCENES.get(ctx.db, id_)


def _assign_new(ctx: Context, id_: int, files: Sequence[int]) -> None:
    """Give a new scene its files.

    Raises:
        Refusal: there is no such file.
    """
    for file in files:
        if ctx.db.value("SELECT id FROM files WHERE id = ?", (file,)) is None:
            raise Refusal(
                f"assigning file {file} to new scene: getting file by id {file}: "
                "sql: no rows in result set"
            )
    assign_files(ctx, SCENE_FILES, id_, files)


def _change_one(ctx: Context, given: Args) -> Row:
    """A blank title goes unnoticed in bulk updates and merges, but not here."""
    id_ = to_id(given["id"], "converting id")
    SCENES.get(ctx.db, id_)
    change = media_parts.read_update(ctx, PARTS, given)
    blank = "title" in change.columns and not change.columns["title"]
    if blank and not SCENE_FILES.read(ctx.db, id_):
        raise Refusal(_NO_TITLE)
    return carry_out(ctx, id_, change)


media_parts.enter_updates(PARTS, _change_one, _BULK_PARTS)


def carry_out(ctx: Context, id_: int, change: Change) -> Row:
    """Make a change of a stored scene; the scene as it is then.

    Where playing stopped is only changed by `sceneSaveActivity` (observed on v0.30-dev).
    """
    change.columns.pop("resume_time", None)
    set_primary_file(ctx, SCENE_FILES, id_, change.given)
    media_parts.write(ctx, PARTS, id_, change)
    _write_groups(ctx, id_, change.given)
    _write_rest(ctx, id_, change.given, _read_cover(ctx, change.given))
    return SCENES.get(ctx.db, id_)


def _write_rest(ctx: Context, id_: int, given: Args, cover: NewImage | None) -> None:
    """Stash ids and the cover, which once set cannot be taken away."""
    write_stash_ids(ctx, SCENES, id_, given)
    if cover is not None:
        set_image(ctx.db, SCENES.table, id_, cover, "cover_blob")


def _read_cover(ctx: Context, given: Args) -> NewImage | None:
    # a real server fetches it inside of the transaction too
    return new_image(given, ctx.fetch_image, "cover_image") if given.get("cover_image") else None


def _write_groups(ctx: Context, id_: int, given: Args) -> None:
    """Replace the groups with their numbers, if the input speaks of them by either name."""
    for field, key in (("groups", "group_id"), ("movies", "movie_id")):
        if field not in given:
            continue
        wanted = [
            (to_id(one[key], f"converting {key[:-3]} id"), one.get("scene_index"))
            for one in given[field] or ()
        ]
        SCENE_GROUPS.change(ctx.db, id_, Edit(()))
        for group, index in wanted:
            entry = {"group_id": group, "scene_id": id_, "scene_index": index}
            ctx.db.insert(SCENE_GROUPS.table, entry)
        return


@mutation("sceneDestroy")
def destroy(ctx: Context, args: Args) -> bool:
    given = args["input"]
    with ctx.db.transaction():
        _destroy(ctx, to_id(given["id"], "converting id"), given)
    return True


@mutation("scenesDestroy")
def destroy_all(ctx: Context, args: Args) -> bool:
    given = args["input"]
    ids = to_ids(given["ids"], "converting ids")
    with ctx.db.transaction():
        for id_ in ids:
            _destroy(ctx, id_, given)
    return True


def _destroy(ctx: Context, id_: int, given: Args) -> None:
    SCENES.get(ctx.db, id_)
    if given.get("delete_file"):
        delete_files_of(ctx, SCENE_FILES, id_)
    SCENES.destroy(ctx, id_)


# --- output fields ---------------------------------------------------------


def _memberships(kind: Objects, name: str) -> Resolver:
    """The groups of a scene, each with the number that it has there."""
    sql = (
        "SELECT scene_id, group_id, scene_index FROM groups_scenes "
        f"WHERE scene_id {IN_IDS} ORDER BY rowid"
    )

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        found = ctx.db.all(sql, (ids_param(row["id"] for row in rows),))
        groups = kind.by_id(ctx.db, {group for _, group, _ in found})
        lists: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for scene, group, index in found:
            lists[scene].append({name: groups[group], "scene_index": index})
        return [lists.get(row["id"], []) for row in rows]

    return resolve


def _paths(_: Context, rows: Sequence[Row], __: Args) -> list[Any]:
    """Addresses of what is made from the file, whether it was made or not."""
    plain = ("preview", "stream", "webp", "funscript", "interactive_heatmap", "caption")
    return [
        {
            **{name: Address(f"/scene/{row['id']}/{name}") for name in plain},
            "screenshot": Address(
                f"/scene/{row['id']}/screenshot?t={unix_time(row['updated_at'])}"
            ),
            "vtt": Address(f"/scene/{row['id']}/vtt/thumbs"),
            "sprite": Address(f"/scene/{row['id']}/vtt/sprite"),
        }
        for row in rows
    ]


def _streams(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """The one direct stream of a scene that has a file."""
    files = first_files(ctx, SCENE_FILES, rows)
    return [
        [
            {
                "url": Address(f"/scene/{row['id']}/stream"),
                "mime_type": "video/mp4",
                "label": "Direct stream",
            }
        ]
        if row["id"] in files
        else []
        for row in rows
    ]


fields(
    "Scene",
    {
        "url": first_url(SCENE_URLS),
        "urls": SCENE_URLS.resolver(),
        "studio": studio_of,
        "tags": SCENE_TAGS.resolver(TAGS),
        "performers": SCENE_PERFORMERS.resolver(PERFORMERS, "link.performer_id"),
        "galleries": SCENE_GALLERIES.resolver(GALLERIES),
        "groups": _memberships(GROUPS, "group"),
        "movies": _memberships(MOVIES, "movie"),
        "scene_markers": SCENE_MARKERS.resolver(MARKERS, "scene_markers.seconds"),
        "stash_ids": stash_ids(SCENES),
        "files": files_of(SCENE_FILES),
        "paths": _paths,
        "sceneStreams": _streams,
        "interactive": always(False),
        "interactive_speed": always(None),
        "captions": always(None),
    },
)
