"""Scans bring files from the disk into the library; cleaning removes what is gone from it.

As on a real server, a video becomes a scene, an image an image, a zip a gallery of the images in
it; none of them gets a title. A known file changes only if its size or time did, or in a rescan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from posixpath import dirname
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, Value, ids_param
from stashsync.sandbox.library.disk import MediaFile, is_wanted
from stashsync.sandbox.library.files import assign_files
from stashsync.sandbox.library.kinds import (
    GALLERIES,
    GALLERY_FILES,
    IMAGE_FILES,
    IMAGES,
    SCENE_FILES,
    SCENES,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.values import stamp

_BELONGS: dict[str, tuple[Objects, Links]] = {
    "video": (SCENES, SCENE_FILES),
    "image": (IMAGES, IMAGE_FILES),
    "gallery": (GALLERIES, GALLERY_FILES),
}


def scan(
    ctx: Context,
    paths: Sequence[str] = (),
    *,
    rescan: bool = False,
    changed_since: datetime | None = None,
) -> list[str]:
    """Bring in what lies on the disk, and return the paths of new and changed files.

    No paths mean all; `rescan` takes unchanged files as changed, `changed_since` leaves out older
    ones.
    """
    wanted = [
        file
        for file in ctx.disk
        if is_wanted(file.path, paths) and (changed_since is None or file.mod_time >= changed_since)
    ]
    # zips go first, for the images inside them to find their gallery
    wanted.sort(key=lambda file: (file.type != "gallery", file.path))
    return [file.path for file in wanted if bring_in(ctx, file, rescan=rescan)]


def bring_in(ctx: Context, file: MediaFile, *, rescan: bool = False) -> int | None:
    """Bring in one file: the id of its scene, image or gallery, or None where nothing was new."""
    kind, links = _BELONGS[file.type]
    with ctx.db.transaction():
        id_, fresh = _store(ctx, file, rescan=rescan)
        owner: int | None = ctx.db.value(
            f"SELECT {links.own} FROM {links.table} WHERE file_id = ?", (id_,)
        )
        if owner is not None:
            return owner if fresh else None
        owner = kind.insert(ctx, {})
        assign_files(ctx, links, owner, [id_])
        if file.type == "image":
            _put_into_gallery(ctx, owner, id_)
        return owner


def _store(ctx: Context, file: MediaFile, *, rescan: bool) -> tuple[int, bool]:
    """Return the id of the file's record, and whether it is new or was changed."""
    known = ctx.db.all("SELECT id, size, mod_time FROM files WHERE path = ?", (file.path,))
    changed = stamp(file.mod_time)
    if known and not rescan and known[0][1:] == (file.size, changed):
        return known[0][0], False
    now = stamp(ctx.clock())
    folder, zip_file = _folder(ctx, file.folder, changed)
    columns: dict[str, Value] = {
        "size": file.size,
        "mod_time": changed,
        "updated_at": now,
        **_details(file),
    }
    if known:
        id_ = known[0][0]
        ctx.db.update("files", id_, columns)
    else:
        new: dict[str, Value] = {
            "type": file.type,
            "path": file.path,
            "basename": file.name,
            "parent_folder_id": folder,
            "zip_file_id": zip_file,
            "created_at": now,
        }
        id_ = ctx.db.insert("files", {**new, **columns})
    for type_, value in fingerprints(file):
        set_fingerprint(ctx, id_, type_, value)
    return id_, True


def _details(file: MediaFile) -> dict[str, Value]:
    if file.type == "gallery":
        return {}
    seen: dict[str, Value] = {"width": file.width, "height": file.height, "format": file.format}
    if file.type == "image":
        return seen
    return {
        **seen,
        "duration": file.duration,
        "video_codec": file.video_codec,
        "audio_codec": file.audio_codec,
        "frame_rate": file.frame_rate,
        "bit_rate": file.bit_rate,
    }


def fingerprints(file: MediaFile) -> Iterable[tuple[str, str]]:
    """Return the checksums that a scan finds: the file's own, or stable invented ones."""
    if file.fingerprints:
        return file.fingerprints
    digest = hashlib.md5(f"{file.path}\0{file.size}".encode(), usedforsecurity=False).hexdigest()
    return (("oshash", digest[:16]),) if file.type == "video" else (("md5", digest),)


def set_fingerprint(ctx: Context, id_: int, type_: str, value: str) -> None:
    """Store one checksum of a file."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO files_fingerprints (file_id, type, fingerprint) VALUES (?, ?, ?)",
        (id_, type_, value),
    )


def generate_phashes(
    ctx: Context,
    scenes: Sequence[int] | None = None,
    paths: Sequence[str] | None = None,
    *,
    overwrite: bool = False,
) -> list[str]:
    """Give videos perceptual hashes, and return their paths.

    The hashes are invented and stay the same for a size and length. None means all scenes, or all
    paths; `overwrite` replaces hashes that are there.
    """
    done = []
    with ctx.db.transaction():
        for id_, scene, path, size, duration, known in ctx.db.all(
            "SELECT files.id, scene_id, path, size, duration, fingerprint FROM files "
            "JOIN scenes_files ON scenes_files.file_id = files.id LEFT JOIN files_fingerprints p "
            "ON p.file_id = files.id AND p.type = 'phash' ORDER BY path"
        ):
            wanted = (scenes is None or scene in scenes) and (paths is None or path in paths)
            if wanted and (overwrite or known is None):
                seen = f"{size} {duration}".encode()
                digest = hashlib.md5(seen, usedforsecurity=False).hexdigest()
                set_fingerprint(ctx, id_, "phash", digest[:16])
                done.append(path)
    return done


def _folder(ctx: Context, path: str, changed: str) -> tuple[int, int | None]:
    """Return the ids of a folder, made if it is new, and of the zip that it is in."""
    known = ctx.db.all("SELECT id, zip_file_id FROM folders WHERE path = ?", (path,))
    if known:
        return known[0]
    parent = _folder(ctx, dirname(path), changed) if path != "/" else None
    zip_file: int | None = ctx.db.value("SELECT id FROM files WHERE path = ?", (path,))
    now = stamp(ctx.clock())
    columns: dict[str, Value] = {
        "path": path,
        "mod_time": changed,
        "parent_folder_id": parent and parent[0],
        "zip_file_id": zip_file or (parent and parent[1]),
        "created_at": now,
        "updated_at": now,
    }
    return ctx.db.insert("folders", columns), zip_file or (parent[1] if parent else None)


def _put_into_gallery(ctx: Context, image: int, file: int) -> None:
    """Put an image that is in a zip into the zip's gallery."""
    gallery: int | None = ctx.db.value(
        "SELECT gallery_id FROM galleries_files WHERE file_id = "
        "(SELECT zip_file_id FROM files WHERE id = ?)",
        (file,),
    )
    if gallery is not None:
        ctx.db.link(GALLERIES["images"].table, {"gallery_id": gallery, "image_id": image})


# --- cleaning --------------------------------------------------------------


def clean(ctx: Context, paths: Sequence[str] = (), *, dry_run: bool = False) -> list[str]:
    """Remove files that are no longer on the disk, and what had no others.

    Returns: their paths.
    """
    there = {file.path for file in ctx.disk}
    gone: list[tuple[Any, ...]] = [
        (id_, path)
        for id_, path in ctx.db.all("SELECT id, path FROM files ORDER BY path DESC")
        if path not in there and is_wanted(path, paths)
    ]
    if gone and not dry_run:
        with ctx.db.transaction():
            ids = ids_param(id_ for id_, _ in gone)
            owners = [
                (
                    kind,
                    ctx.db.column(
                        f"SELECT {links.own} FROM {links.table} WHERE file_id {IN_IDS}", (ids,)
                    ),
                    links,
                )
                for kind, links in _BELONGS.values()
            ]
            ctx.db.execute(
                f"UPDATE files SET zip_file_id = NULL WHERE zip_file_id {IN_IDS}", (ids,)
            )
            ctx.db.execute(
                f"UPDATE folders SET zip_file_id = NULL WHERE zip_file_id {IN_IDS}", (ids,)
            )
            ctx.db.execute(f"DELETE FROM files WHERE id {IN_IDS}", (ids,))
            for kind, found, links in owners:
                for id_ in set(found):
                    if not links.read(ctx.db, id_):
                        kind.destroy(ctx, id_)
    return [path for _, path in gone]
