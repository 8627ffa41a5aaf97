"""Digests of files that have not been touched since they were last read, without reading them.

As git's index does it: a file whose size, times and inode are what they were has the contents it
had. Times have a grain, within which a file may change twice; so a file counts as untouched only
if it was at rest for a while when its digest was written down. The clock for that is the disk's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeAlias

from stashsync.manifest.cache import ParseCache
from stashsync.manifest.project import file_digest

_REST: Final = 2_000_000_000
"""Nanoseconds of rest: the coarsest grain of file times in use (FAT) is two seconds."""

Stamp: TypeAlias = tuple[int, int, int, int]
"""Size in bytes, times of change of contents and of inode (nanoseconds), inode."""


def stamp_of(about: os.stat_result) -> Stamp:
    """Return the values that change when a file does."""
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino


class KnownDigests:
    """The SHA-256 of a project's manifest files, remembered from one load to the next."""

    def __init__(self, cache: ParseCache, root: Path) -> None:
        self._cache = cache
        self._entry = cache.name("files", os.fsencode(root.resolve()))
        parts = cache.get(self._entry)
        self._known: dict[str, tuple[Stamp, bytes]] = parts[0] if parts else {}
        self._written = cache.written(self._entry) if parts else 0

    def of(self, paths: Iterable[tuple[str, str]]) -> dict[str, bytes]:
        """Return the digests of these files, given as shown and as opened.

        Raises:
            OSError: one cannot be read, or is no regular file.
        """
        seen: dict[str, tuple[Stamp, bytes]] = {}
        for file, path in paths:
            about = os.stat(path)
            if not stat.S_ISREG(about.st_mode):
                raise OSError("not a regular file")
            stamp = stamp_of(about)
            known = self._known.get(file)
            at_rest = max(about.st_mtime_ns, about.st_ctime_ns) + _REST <= self._written
            if known is not None and known[0] == stamp and at_rest:
                seen[file] = known
            else:
                seen[file] = (stamp, file_digest(path))
        if any(self._known.get(file) is not known for file, known in seen.items()) or (
            len(seen) != len(self._known)
        ):
            self._cache.put(self._entry, [seen])
        return {file: digest for file, (_, digest) in seen.items()}
