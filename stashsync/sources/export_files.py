"""The files of Stash's own export: a folder, or the zip that its pages give.

    tags/Camera-4da9c9af.json   studios/…   performers/…   movies/… (groups)

Nothing is unpacked: a zip is read entry by entry, and what is too large is an error. Other folders
(scenes, images, galleries) are counted and not read.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from stashsync.errors import Mark, Problem
from stashsync.sources.texts import SourceError

FOLDERS: Final = {
    "tags": "tag",
    "studios": "studio",
    "performers": "performer",
    "movies": "group",
    "groups": "group",
}
"""Kinds by the folder that has their files."""
ENTRY_LIMIT: Final = 64 * 2**20
"""The largest file that is read, in bytes; it may have an image in it."""
TOTAL_LIMIT: Final = 2**30
"""How many bytes are read of all files."""


@dataclass
class ExportFiles:
    """The files of an export; `skipped` counts those that are not read, by folder."""

    path: Path
    skipped: Counter[str] = field(default_factory=Counter)

    def read(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield the kind, the name and the content of each file, by kind and name.

        Raises:
            SourceError: it is no export, or a file cannot be read.
        """
        total = found = 0
        try:
            of = self._in_folder if self.path.is_dir() else self._in_zip
            for kind, name, data in of():
                total, found = total + len(data), found + 1
                if total > TOTAL_LIMIT:
                    hint = "export fewer kinds at a time"
                    raise self._error(f"its files have more than {TOTAL_LIMIT:,} bytes", hint)
                yield kind, name, data
        except zipfile.BadZipFile as error:
            raise self._error(f"this is no zip, or a broken one: {error}") from None
        except (NotImplementedError, RuntimeError, zlib.error) as error:
            raise self._error(f"this zip cannot be read: {error}") from None
        except OSError as error:
            raise self._error(f"this cannot be read: {error.strerror or error}") from None
        if not found:
            known = ", ".join(f"{folder}/" for folder in FOLDERS)
            hint = "name the folder or the zip that Stash wrote"
            raise self._error(f"there are no files in {known}", hint)

    def _error(self, message: str, hint: str = "", name: str = "") -> SourceError:
        return SourceError([Problem(message, Mark(name or str(self.path)), hint or None)])

    def _in_folder(self) -> Iterator[tuple[str, str, bytes]]:
        for entry in sorted(self.path.iterdir()):
            if not entry.is_dir():
                continue
            kind = FOLDERS.get(entry.name)
            files = [each for each in sorted(entry.iterdir()) if _is_json(each.name)]
            if kind is None:
                self.skipped[entry.name] += len(files)
                continue
            for file in files:
                name = f"{self.path}/{entry.name}/{file.name}"
                with open(file, "rb", opener=_open) as stream:
                    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                        raise self._error("this is no regular file", name=name)
                    yield kind, name, self._limited(stream.read(ENTRY_LIMIT + 1), name)

    def _in_zip(self) -> Iterator[tuple[str, str, bytes]]:
        with zipfile.ZipFile(self.path) as archive:
            entries = sorted(
                (info for info in archive.infolist() if _is_json(info.filename)),
                key=lambda info: info.filename,
            )
            roots: set[tuple[str, ...]] = set()
            for info in entries:
                parts = PurePosixPath(info.filename.replace("\\", "/")).parts
                name = f"{self.path}: {info.filename}"
                if ".." in parts or parts[0] == "/":
                    raise self._error("this entry leads out of the zip", name=name)
                folder = parts[-2] if len(parts) > 1 else ""
                kind = FOLDERS.get(folder)
                if kind is None:
                    self.skipped[folder] += 1
                    continue
                roots.add(parts[:-2])
                if len(roots) > 1:
                    raise self._error("there are several exports in this zip", name=name)
                with archive.open(info) as stream:
                    yield kind, name, self._limited(stream.read(ENTRY_LIMIT + 1), name)

    def _limited(self, data: bytes, name: str) -> bytes:
        if len(data) > ENTRY_LIMIT:
            raise self._error(f"more than {ENTRY_LIMIT:,} bytes are no object", name=name)
        return data


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json")


def _open(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
