"""Criteria on files, and on scenes, galleries and images through their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from stashsync.sandbox.library.conditions import (
    ALL,
    Condition,
    Criterion,
    all_of,
    any_of,
    compared,
    flag,
    moment,
    negated,
    number,
    text,
    text_condition,
    unsupported,
)
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.filters import criteria, through
from stashsync.sandbox.library.kinds import (
    FILES,
    FOLDERS,
    GALLERIES,
    GALLERY_FILES,
    IMAGE_FILES,
    IMAGES,
    SCENE_FILES,
    SCENES,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import count
from stashsync.sandbox.library.relation_criteria import related

PIXELS: Final = {
    "VERY_LOW": (144, 239),
    "LOW": (240, 359),
    "R360P": (360, 479),
    "STANDARD": (480, 539),
    "WEB_HD": (540, 719),
    "STANDARD_HD": (720, 1079),
    "FULL_HD": (1080, 1439),
    "QUAD_HD": (1440, 1919),
    "VR_HD": (1920, 2159),
    "FOUR_K": (1920, 2559),
    "FIVE_K": (2560, 2999),
    "SIX_K": (3000, 3583),
    "SEVEN_K": (3584, 3839),
    "EIGHT_K": (3840, 6143),
    "HUGE": (6144, 9999),
}
"""The shorter side of each resolution, from and to, in pixels."""


def resolution(width: str, height: str) -> Criterion:
    """Return the criterion on the shorter side: EQUALS, NOT_EQUALS, LESS_THAN, GREATER_THAN."""
    side = f"MIN({width}, {height})"

    def condition(_: Context, given: Any) -> Condition:
        low, high = PIXELS[given["value"]]
        match given["modifier"]:
            case "EQUALS":
                return Condition(f"{side} BETWEEN ? AND ?", (low, high))
            case "NOT_EQUALS":
                return Condition(f"{side} NOT BETWEEN ? AND ?", (low, high))
            case "LESS_THAN":
                return Condition(f"{side} < ?", (low,))
            case "GREATER_THAN":
                return Condition(f"{side} > ?", (high,))
        raise unsupported(given["modifier"])

    return condition


def orientation(width: str, height: str) -> Criterion:
    """Return the criterion on the orientation; no values ask for nothing."""
    words = {"LANDSCAPE": ">", "PORTRAIT": "<", "SQUARE": "="}

    def condition(_: Context, given: Any) -> Condition:
        conditions = [Condition(f"{width} {words[value]} {height}") for value in given["value"]]
        return any_of(conditions) if conditions else ALL

    return condition


def no_captions(ctx: Context, given: Any) -> Condition:
    """Find captions, which nothing here has."""
    return ALL if given["modifier"] == "EXCLUDES" else text("NULL")(ctx, given)


class OfFiles(Struct, frozen=True):
    """Criteria on the files of one kind."""

    links: Links

    @property
    def table(self) -> str:
        """The table of the objects that have the files."""
        return self.links.near

    def column(self, name: str) -> str:
        """Return SQL of a column of the primary file."""
        return (
            f"(SELECT {name} FROM files JOIN {self.links.table} own ON own.file_id = files.id "
            f'WHERE own.{self.links.own} = {self.table}.id AND own."primary")'
        )

    def text(self, name: str) -> Criterion:
        """Return the criterion on a text of any file; without files nothing is excluded."""
        rows = (
            f"SELECT {self.table}.id FROM {self.table} "
            f"LEFT JOIN {self.links.table} own ON own.{self.links.own} = {self.table}.id "
            "LEFT JOIN files ON files.id = own.file_id"
        )
        return self._matching(rows, f"files.{name}")

    def fingerprint(self, type_: str) -> Criterion:
        """Return the criterion on a checksum of any of the files."""
        rows = (
            f"SELECT {self.table}.id FROM {self.table} "
            f"LEFT JOIN {self.links.table} own ON own.{self.links.own} = {self.table}.id "
            "LEFT JOIN files_fingerprints prints ON prints.file_id = own.file_id "
            f"AND prints.type = '{type_}'"
        )
        return self._matching(rows, "prints.fingerprint")

    def _matching(self, rows: str, column: str) -> Criterion:
        def condition(_: Context, given: Any) -> Condition:
            inner = text_condition(column, given)
            return Condition(f"{self.table}.id IN ({rows} WHERE {inner.sql})", inner.params)

        return condition

    def near(self, _: Context, given: Any) -> Condition:
        """Find a perceptual hash, or one that differs in at most `distance` bits."""
        rows = (
            f"SELECT own.{self.links.own} FROM {self.links.table} own JOIN files_fingerprints "
            "USING (file_id) WHERE type = 'phash'"
        )
        within = f"{self.table}.id IN ({rows} AND phash_distance(fingerprint, ?) <= ?)"
        params = (given.get("value") or "", given.get("distance") or 0)
        match given["modifier"]:
            case "EQUALS":
                return Condition(within, params)
            case "NOT_EQUALS":
                return Condition(f"NOT {within}", params)
            case "IS_NULL":
                return Condition(f"{self.table}.id NOT IN ({rows})")
            case "NOT_NULL":
                return Condition(f"{self.table}.id IN ({rows})")
        raise unsupported(given["modifier"])

    def duplicated(self, _: Context, given: Any) -> Condition:
        """Tell whether another one has the same perceptual hash."""
        wanted = given.get("phash", given.get("duplicated"))
        same = (
            f"SELECT own.{self.links.own} FROM {self.links.table} own JOIN files_fingerprints p "
            "USING (file_id) WHERE p.type = 'phash' AND EXISTS (SELECT 1 FROM "
            f"files_fingerprints q JOIN {self.links.table} other USING (file_id) WHERE "
            f"q.type = 'phash' AND q.fingerprint = p.fingerprint AND "
            f"other.{self.links.own} != own.{self.links.own})"
        )
        inside = Condition(f"{self.table}.id IN ({same})")
        return negated(inside) if wanted is False else inside

    def common(self) -> dict[str, Criterion]:
        """Return the criteria that all three kinds have."""
        return {
            "path": self.text("path"),
            "checksum": self.fingerprint("md5"),
            "file_count": count(self.links),
            "files_filter": through(self.links, FILES),
        }


def _of_type(type_: str, entries: Mapping[str, Criterion]) -> Criterion:
    """Return criteria on files of one type; none of other types matches."""

    def condition(ctx: Context, given: Any) -> Condition:
        wanted = [entries[name](ctx, value) for name, value in given.items() if value is not None]
        return all_of((Condition("files.type = ?", (type_,)), *wanted))

    return condition


def _hashes(_: Context, given: Any) -> Condition:
    """Find files with all checksums; perceptual ones may differ in `distance` bits."""
    rows = "SELECT file_id FROM files_fingerprints WHERE type = ?"

    def with_hash(wanted: Mapping[str, Any]) -> Condition:
        type_, value, distance = wanted["type"], wanted["value"], wanted.get("distance")
        if type_ == "phash" and distance:
            sql = f"files.id IN ({rows} AND phash_distance(fingerprint, ?) <= ?)"
            return Condition(sql, (type_, value, distance))
        return Condition(f"files.id IN ({rows} AND fingerprint = ?)", (type_, value))

    return all_of(with_hash(wanted) for wanted in given)


def _duplicated_file(_: Context, given: Any) -> Condition:
    same = Condition(
        "files.id IN (SELECT p.file_id FROM files_fingerprints p JOIN files_fingerprints q "
        "ON q.type = 'phash' AND q.fingerprint = p.fingerprint AND q.file_id != p.file_id "
        "WHERE p.type = 'phash')"
    )
    return negated(same) if given.get("duplicated") is False else same


def _dir(_: Context, given: Any) -> Condition:
    """Compare the path of the folder that a file is in."""
    return text_condition(
        "(SELECT folders.path FROM folders WHERE folders.id = files.parent_folder_id)", given
    )


_SEEN: Mapping[str, Criterion] = {
    "format": text("files.format"),
    "resolution": resolution("files.width", "files.height"),
    "orientation": orientation("files.width", "files.height"),
}
_INSIDE = Links("folders", "parent_folder_id", "id", "folders", "folders")


def _present(table: str, column: str, far: str) -> Links:
    """Return the links from files or folders that have a value in a column to what it refers to."""
    rows = f"(SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL)"
    return Links(rows, "id", column, table, far)


criteria(
    FILES,
    {
        "path": text("files.path"),
        "basename": text("files.basename"),
        "dir": _dir,
        "parent_folder": related(_present("files", "parent_folder_id", "folders"), _INSIDE),
        "zip_file": related(_present("files", "zip_file_id", "files")),
        "mod_time": moment("files.mod_time"),
        "duplicated": _duplicated_file,
        "hashes": _hashes,
        "video_file_filter": _of_type(
            "video",
            {
                **_SEEN,
                "framerate": number("CAST(files.frame_rate AS INTEGER)"),
                "bitrate": number("files.bit_rate"),
                "video_codec": text("files.video_codec"),
                "audio_codec": text("files.audio_codec"),
                "duration": number("CAST(files.duration AS INTEGER)"),
                "captions": no_captions,
                "interactive": flag("0"),
                "interactive_speed": lambda _, given: compared("NULL", given),
            },
        ),
        "image_file_filter": _of_type("image", _SEEN),
        "scene_count": count(SCENE_FILES.reversed()),
        "image_count": count(IMAGE_FILES.reversed()),
        "gallery_count": count(GALLERY_FILES.reversed()),
        "scenes_filter": through(SCENE_FILES.reversed(), SCENES),
        "images_filter": through(IMAGE_FILES.reversed(), IMAGES),
        "galleries_filter": through(GALLERY_FILES.reversed(), GALLERIES),
        "created_at": moment("files.created_at"),
        "updated_at": moment("files.updated_at"),
    },
)

_FOLDER_OF_GALLERY = _present("galleries", "folder_id", "folders")
_GALLERY_OF_FOLDER = _FOLDER_OF_GALLERY.reversed()
FOLDER_OF_GALLERY: Final = related(_FOLDER_OF_GALLERY, _INSIDE)
"""The criterion on the folder that a gallery is (second-hand, v0.31)."""
BASENAME: Final = "REPLACE(folders.path, RTRIM(folders.path, REPLACE(folders.path, '/', '')), '')"
"""SQL of the last part of a folder's path."""
criteria(
    FOLDERS,
    {
        "path": text("folders.path"),
        "basename": text(BASENAME),
        "parent_folder": related(_present("folders", "parent_folder_id", "folders"), _INSIDE),
        "zip_file": related(_present("folders", "zip_file_id", "files")),
        "mod_time": moment("folders.mod_time"),
        "gallery_count": count(_GALLERY_OF_FOLDER),
        "files_filter": through(
            Links("files", "parent_folder_id", "id", "folders", "files"), FILES
        ),
        "galleries_filter": through(_GALLERY_OF_FOLDER, GALLERIES),
        "created_at": moment("folders.created_at"),
        "updated_at": moment("folders.updated_at"),
    },
)
