"""Scenes: with files or, made through the API, without (docs/stash-behaviour.md#scenes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.files import assign_files, files_of, first_files
from stashsync.sandbox.library.kinds import MOVIES, SCENE_FILES, SCENES
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.media import MediaWriting
from stashsync.sandbox.library.outputs import memberships
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields
from stashsync.sandbox.library.resolvers import always
from stashsync.sandbox.library.rows import Address, Row
from stashsync.sandbox.library.values import to_id, to_ids, unix_time
from stashsync.sandbox.library.writing import Change

_NO_TITLE = "title must be set if scene has no files"
_BULK_LINKS = {**SCENES.links, "group_ids": SCENES["groups"], "movie_ids": SCENES["groups"]}


class SceneWriting(MediaWriting):
    """The rules of scenes."""

    def _without_groups_of_many(self, ctx: Context, id_: int, change: Change) -> Change:
        """Set or add the groups of a bulk update, which fails where one of them is there twice."""
        links, edit = SCENES["groups"], change.links.get("group_ids")
        if edit is None or edit.mode == "REMOVE":
            return change
        existing = links.read(ctx.db, id_)
        if edit.mode == "SET":
            links.change(ctx.db, id_, ListEdit(()))
            existing = []
        for group in edit.values:
            if group not in existing:
                entry = {"scene_id": id_, "group_id": group, "scene_index": None}
                ctx.db.insert(links.table, entry)
        others = {name: ids for name, ids in change.links.items() if name != "group_ids"}
        return replace(change, links=others)

    def linked(self, *, bulk: bool) -> Mapping[str, Links]:
        """Add groups, which bulk updates set without their numbers."""
        return _BULK_LINKS if bulk else SCENES.links

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Read the files of a new scene too; a cover that is set once cannot be taken away."""
        asked = {k: v for k, v in given.items() if k != "cover_image" or v}
        change = super().read(ctx, asked, new=new, bulk=bulk)
        return replace(change, further=to_ids(given.get("file_ids"), "converting file ids"))

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse a scene without title and files; bulk updates and merges do not look."""
        change = super().check(ctx, row, change)
        if row is None:
            untitled = not change.columns.get("title") and not change.further
        else:
            blank = "title" in change.columns and not change.columns["title"]
            untitled = blank and not SCENE_FILES.read(ctx.db, row["id"])
        if untitled:
            raise Refusal(_NO_TITLE)
        return change

    def write_new(self, ctx: Context, change: Change) -> int:
        """Give a new scene its files."""
        try:
            id_ = super().write_new(ctx, change)
        except Refusal as refusal:
            raise Refusal(f"creating new scene: {refusal.message}") from None
        for file in change.further:
            if ctx.db.value("SELECT id FROM files WHERE id = ?", (file,)) is None:
                raise Refusal(
                    f"assigning file {file} to new scene: getting file by id {file}: "
                    "sql: no rows in result set"
                )
        assign_files(ctx, SCENE_FILES, id_, change.further)
        return id_

    def write(self, ctx: Context, id_: int, change: Change) -> None:
        """Leave where playing stopped alone: only `sceneSaveActivity` changes it.

        (observed on v0.30-dev)
        """
        change.columns.pop("resume_time", None)
        super().write(ctx, id_, change)

    def write_rest(self, ctx: Context, id_: int, change: Change) -> None:
        """Replace the groups with their numbers, by either name."""
        super().write_rest(ctx, id_, self._without_groups_of_many(ctx, id_, change))
        for field, key in (("groups", "group_id"), ("movies", "movie_id")):
            if field not in change.given:
                continue
            wanted = [
                (to_id(entry[key], f"converting {key[:-3]} id"), entry.get("scene_index"))
                for entry in change.given[field] or ()
            ]
            SCENES["groups"].change(ctx.db, id_, ListEdit(()))
            for group, index in wanted:
                entry = {"group_id": group, "scene_id": id_, "scene_index": index}
                ctx.db.insert(SCENES["groups"].table, entry)
            return


SCENE_WRITING: Final = SceneWriting(SCENES)
SCENE_WRITING.enter("create", "update", "update_all", "bulk_update", "destroy", "destroy_all")

# --- output fields ---------------------------------------------------------


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
    """Return the one direct stream of a scene that has a file."""
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
        "movies": memberships(SCENES["groups"], MOVIES, "movie", "scene_index"),
        "files": files_of(SCENE_FILES),
        "paths": _paths,
        "sceneStreams": _streams,
        "interactive": always(False),
        "interactive_speed": always(None),
        "captions": always(None),
    },
)
