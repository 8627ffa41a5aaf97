"""Files and folders that scans have brought in, and their owners.

Source: docs/stash-behaviour.md#mutations
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, Resolver, fields
from stashsync.sandbox.library.resolvers import grouped, listed
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import local_time, to_id

TYPES = {"video": "VideoFile", "image": "ImageFile", "gallery": "GalleryFile"}
"""GraphQL types by what is stored as the type of a file."""

_MOMENTS = ("created_at", "updated_at", "mod_time")
_NUMBERS = ("width", "height", "duration", "frame_rate", "bit_rate")
_TEXTS = ("format", "video_codec", "audio_codec")


def file_rows(ctx: Context, ids: Iterable[int], type_name: str | None = None) -> dict[int, Row]:
    """Files by id; `type_name` shows them as another type than their own."""
    records = ctx.db.records(f"SELECT * FROM files WHERE id {IN_IDS}", (ids_param(ids),))
    return {
        record["id"]: Row(type_name or TYPES[record.pop("type")], _readable(record))
        for record in records
    }


def folder_rows(ctx: Context, ids: Iterable[int]) -> dict[int, Row]:
    """Folders by id."""
    records = ctx.db.records(f"SELECT * FROM folders WHERE id {IN_IDS}", (ids_param(ids),))
    return {record["id"]: Row("Folder", _readable(record)) for record in records}


def _readable(record: dict[str, Any]) -> dict[str, Any]:
    for name in _MOMENTS:
        record[name] = local_time(record[name])
    for name in _NUMBERS:
        if name in record:
            record[name] = record[name] or 0
    for name in _TEXTS:
        if name in record:
            record[name] = record[name] or ""
    return record


def files_of(links: Links) -> Resolver:
    """Return the output field with the files of objects, the primary one first."""
    sql = (
        f"SELECT {links.own}, file_id FROM {links.table} WHERE {links.own} {IN_IDS} "
        'ORDER BY "primary" DESC, file_id'
    )

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        lists = grouped(ctx, rows, sql)
        files = file_rows(ctx, {file for found in lists for (file,) in found})
        return [[files[file] for (file,) in found] for found in lists]

    return resolve


def first_files(ctx: Context, links: Links, rows: Sequence[Row]) -> Mapping[int, Row]:
    """Return the primary file of each object that has any, by the object's id."""
    lists = files_of(links)(ctx, rows, {})
    return {row["id"]: files[0] for row, files in zip(rows, lists, strict=True) if files}


# --- what files belong to --------------------------------------------------


def assign_files(ctx: Context, links: Links, id_: int, files: Sequence[int]) -> None:
    """Give files to an object and to no other; the first may become its primary."""
    for file in files:
        ctx.db.execute(f"DELETE FROM {links.table} WHERE file_id = ?", (file,))
        others = ctx.db.value(f"SELECT COUNT(*) FROM {links.table} WHERE {links.own} = ?", (id_,))
        ctx.db.link(links.table, {links.own: id_, "file_id": file})
        if not others:
            _mark(ctx, links, id_, file)


def set_primary_file(ctx: Context, links: Links, id_: int, given: Args) -> None:
    """Make one of an object's files its primary one, if the input names it."""
    if given.get("primary_file_id") is None:
        return
    file = to_id(given["primary_file_id"], "converting primary file id")
    if file not in links.read(ctx.db, id_):
        raise Refusal(f"file with id {file} not associated with {links.own.removesuffix('_id')}")
    _mark(ctx, links, id_, file)


def _mark(ctx: Context, links: Links, id_: int, file: int) -> None:
    ctx.db.execute(
        f'UPDATE {links.table} SET "primary" = (file_id = ?) WHERE {links.own} = ?', (file, id_)
    )


def delete_files_of(ctx: Context, links: Links, id_: int, given: Args) -> None:
    """Forget an object's files, where the input asks for it; also remove them from the disk."""
    if given.get("delete_file") or given.get("destroy_file_entry"):
        for row in file_rows(ctx, links.read(ctx.db, id_)).values():
            delete_file(ctx, row["id"], on_disk=bool(given.get("delete_file")))


def delete_file(ctx: Context, id_: int, *, on_disk: bool = True) -> None:
    """Forget one file and what is inside it, and remove it from the disk."""
    path = ctx.db.value("SELECT path FROM files WHERE id = ?", (id_,))
    for inner in ctx.db.column("SELECT id FROM files WHERE zip_file_id = ?", (id_,)):
        delete_file(ctx, inner, on_disk=on_disk)
    ctx.db.execute("UPDATE folders SET zip_file_id = NULL WHERE zip_file_id = ?", (id_,))
    ctx.db.execute("DELETE FROM files WHERE id = ?", (id_,))
    if on_disk:
        ctx.disk[:] = [file for file in ctx.disk if file.path != path]


# --- output fields ---------------------------------------------------------


_fingerprints = listed(
    f"SELECT file_id, type, fingerprint FROM files_fingerprints WHERE file_id {IN_IDS} "
    "ORDER BY rowid",
    lambda type_, value: {"type": type_, "value": value},
)


def _fingerprint(ctx: Context, rows: Sequence[Row], args: Args) -> list[Any]:
    wanted = args["type"]
    return [
        next((entry["value"] for entry in found if entry["type"] == wanted), None)
        for found in _fingerprints(ctx, rows, {})
    ]


def _parent_folder(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    found = folder_rows(ctx, {row["parent_folder_id"] for row in rows if row["parent_folder_id"]})
    return [found.get(row["parent_folder_id"]) for row in rows]


def _zip_file(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    ids = {row["zip_file_id"] for row in rows if row["zip_file_id"]}
    found = file_rows(ctx, ids, "BasicFile")
    return [found.get(row["zip_file_id"]) for row in rows]


for _type in ("VideoFile", "ImageFile", "GalleryFile", "BasicFile"):
    fields(
        _type,
        {
            "fingerprint": _fingerprint,
            "fingerprints": _fingerprints,
            "parent_folder": _parent_folder,
            "zip_file": _zip_file,
        },
    )


def _basename(_: Context, rows: Sequence[Row], __: Args) -> list[Any]:
    return [row["path"].rsplit("/", 1)[-1] for row in rows]


def _parent_folders(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """Resolve the folders that a folder is in, the outermost first (second-hand, v0.31)."""
    found = []
    for row in rows:
        above: list[Row] = []
        while (parent := (above[0] if above else row)["parent_folder_id"]) is not None:
            above.insert(0, folder_rows(ctx, [parent])[parent])
        found.append(above)
    return found


def _sub_folders(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    sql = f"SELECT parent_folder_id, id FROM folders WHERE parent_folder_id {IN_IDS} ORDER BY path"
    lists = grouped(ctx, rows, sql)
    folders = folder_rows(ctx, {id_ for found in lists for (id_,) in found})
    return [[folders[id_] for (id_,) in found] for found in lists]


fields(
    "Folder",
    {
        "parent_folder": _parent_folder,
        "parent_folders": _parent_folders,
        "sub_folders": _sub_folders,
        "zip_file": _zip_file,
        "basename": _basename,
    },
)
