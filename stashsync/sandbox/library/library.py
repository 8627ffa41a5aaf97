"""The interface of the library for the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stashsync.sandbox.library import (  # noqa: F401  they enter the registry
    criteria,
    file_criteria,
    galleries,
    gallery_chapters,
    groups,
    kind_finds,
    markers,
    merges,
    performers,
    pictures,
    saved_filters,
    scene_history,
    scenes,
    studios,
    tags,
)
from stashsync.sandbox.library.auto_tagging import auto_tag
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import Database
from stashsync.sandbox.library.disk import MediaFile
from stashsync.sandbox.library.images import fetch, stored_image
from stashsync.sandbox.library.kinds import IMAGE_COLUMNS
from stashsync.sandbox.library.outputs import enter_outputs
from stashsync.sandbox.library.plain_kinds import enter_plain_kinds
from stashsync.sandbox.library.registry import FIELDS, MUTATIONS, QUERIES
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.rules import Rules
from stashsync.sandbox.library.scanning import bring_in, clean, generate_phashes, scan
from stashsync.sandbox.library.tables import LAYOUT

_SIZES = "SELECT TOTAL(size) FROM files WHERE type = "
STATISTICS = {
    "scenes_size": f"{_SIZES}'video'",
    "scenes_duration": "SELECT TOTAL(duration) FROM files WHERE type = 'video'",
    "images_size": f"{_SIZES}'image'",
    "total_o_count": "SELECT (SELECT COUNT(*) FROM scenes_o_dates) + "
    "(SELECT COALESCE(SUM(o_counter), 0) FROM images)",
    "total_play_duration": "SELECT TOTAL(play_duration) FROM scenes",
    "total_play_count": "SELECT COUNT(*) FROM scenes_view_dates",
    "scenes_played": "SELECT COUNT(DISTINCT scene_id) FROM scenes_view_dates",
}

enter_plain_kinds()
enter_outputs()


def _now() -> datetime:
    return datetime.now(UTC)


class Library:
    """A Stash library that behaves as a server of a given release does.

    It may be used from several threads: operations are done one at a time.

    Args:
        path: the file that keeps the state; None keeps it in memory.
        release: "0.30.1", or "develop".
        clock: gives the present moment, with a time zone.
        fetch_image: gives the bytes at an address; it raises `Refusal` with the reason otherwise.
            Left out, the address is asked over HTTP.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        release: str = "0.30.1",
        clock: Callable[[], datetime] = _now,
        fetch_image: Callable[[str], bytes] | None = None,
    ) -> None:
        self._db = Database(path, LAYOUT)
        self._context = Context(self._db, Rules.of(release), clock, fetch_image or fetch)

    def mutate(self, field: str, args: dict[str, Any]) -> Any:
        """Do one operation, wholly or not at all.

        Args:
            field: the name of the mutation, such as "tagCreate".
            args: its arguments, coerced: only what was sent, None for null, ids as text.

        Returns: what it answers: a row or None, a list of rows, a flag, a number or a dict.

        Raises:
            Refusal: the operation was refused; nothing of it is kept.
            KeyError: there is no such mutation.
        """
        return MUTATIONS[field](self._context, args)

    def query(self, field: str, args: dict[str, Any]) -> Any:
        """Answer one query: a row or None, a list, or `{"count": n, "tags": [Row, …]}`.

        Raises:
            Refusal: the query was refused.
            KeyError: there is no such query.
        """
        with self._db.lock:
            return QUERIES[field](self._context, args)

    def resolve(self, row: Row, field: str, args: dict[str, Any]) -> Any:
        """Return the value of one output field of one row.

        Columns and whatever `prefetch` brought cost nothing; everything else is a query.
        Addresses (`image_path`) come without the server's base.

        Raises:
            KeyError: rows of this type have no such field.
        """
        if field in row:
            return row[field]
        key = _key(field, args)
        if key not in row.fetched:
            self.prefetch([row], field, args)
        return row.fetched[key]

    def prefetch(self, rows: Sequence[Row], field: str, args: dict[str, Any] | None = None) -> None:
        """Fetch one field of many rows of one type at once, for `resolve` to find it there.

        Worth its while before resolving a field of a list of rows: every field that is not a
        column takes one query for all rows instead of one for each (aliases, parents, children,
        parent_studio, child_studios, tags, urls, stash_ids, custom_fields and the counts; with
        a `depth`, counts take one query per row all the same). The rows within a fetched list
        are shared between the lists, so those of a whole level can be given to the next call.

        Raises:
            KeyError: rows of this type have no such field.
        """
        if not rows or field in rows[0]:
            return
        args = args or {}
        key = _key(field, args)
        with self._db.lock:
            values = FIELDS[rows[0].type][field](self._context, rows, args)
        for row, value in zip(rows, values, strict=True):
            row.fetched[key] = value

    def image(self, kind: str, id_: int, name: str = "image") -> bytes | None:
        """Return the stored image of an object, as its address has it: ("tag", 1, "image").

        None without one.

        Raises:
            KeyError: there is no such kind, or it has no such image.
        """
        table, column = IMAGE_COLUMNS[kind, name]
        with self._db.lock:
            return stored_image(self._db, table, id_, column)

    def configure_plugin(self, plugin: str, settings: dict[str, Any]) -> dict[str, Any]:
        """Replace the settings of a plugin, which need not be installed; return them.

        Source: docs/stash-behaviour.md#identity-mark
        """
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO plugin_settings VALUES (?, ?) "
                "ON CONFLICT (plugin) DO UPDATE SET settings = excluded.settings",
                (plugin, json.dumps(settings)),
            )
        return settings

    def plugin_settings(self, args: dict[str, Any]) -> dict[str, Any]:
        """Return the settings of the plugins in `include`, or of all, by plugin."""
        wanted = args.get("include")
        found = self._db.all("SELECT plugin, settings FROM plugin_settings ORDER BY plugin")
        return {
            plugin: json.loads(settings)
            for plugin, settings in found
            if wanted is None or plugin in wanted
        }

    def statistics(self) -> dict[str, int | float]:
        """Return sums over the whole library, by the names that `stats` has for them."""
        with self._db.lock:
            return {name: self._db.value(sql) for name, sql in STATISTICS.items()}

    # --- what plain GraphQL cannot do --------------------------------------

    @property
    def disk(self) -> list[MediaFile]:
        """The files that a scan finds; change it as you like between scans."""
        return self._context.disk

    def seed_file(self, file: MediaFile) -> int:
        """Put a file on the disk and bring it in, as a scan of it would.

        Returns: the id of its scene, image or gallery.

        Raises:
            ValueError: it is there already.
        """
        with self._db.lock:
            id_ = None if file in self.disk else bring_in(self._context, file)
        if id_ is None:
            raise ValueError(f"there already: {file.path}")
        self.disk.append(file)
        return id_

    def scan(
        self,
        paths: Sequence[str] = (),
        *,
        rescan: bool = False,
        changed_since: datetime | None = None,
    ) -> list[str]:
        """Bring in what lies on the disk below these paths, or all; the paths of what was new."""
        with self._db.lock:
            return scan(self._context, paths, rescan=rescan, changed_since=changed_since)

    def clean(self, paths: Sequence[str] = (), *, dry_run: bool = False) -> list[str]:
        """Remove what is no longer on the disk; return the paths, which a dry run keeps."""
        with self._db.lock:
            return clean(self._context, paths, dry_run=dry_run)

    def generate_phashes(
        self,
        of: Sequence[int] | None = None,
        *,
        paths: Sequence[str] | None = None,
        overwrite: bool = False,
    ) -> list[str]:
        """Give the videos of these scenes, or at these paths, perceptual hashes; None means all.

        Returns: the paths of those that got one.
        """
        with self._db.lock:
            return generate_phashes(self._context, of, paths, overwrite=overwrite)

    def auto_tag(self, paths: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> list[str]:
        """Read names out of paths; `wanted` has ids or "*" by "tag", "studio", "performer"."""
        with self._db.lock:
            return auto_tag(self._context, paths, wanted)

    def now(self) -> datetime:
        """Return the present moment, by the library's clock."""
        return self._context.clock()

    def copy_to(self, path: Path) -> None:
        """Write a copy of the library to a file that is not there yet.

        Raises:
            Refusal: it cannot be written.
        """
        self._db.copy_to(path)

    def close(self) -> None:
        """Release the file. What was accepted is on disk already."""
        self._db.close()


def _key(field: str, args: dict[str, Any]) -> Any:
    return (field, *sorted(args.items())) if args else field
