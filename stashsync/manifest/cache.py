"""What was made of the same manifests before, in the user's own cache folder.

Two levels, both by content: a file's declarations, and the whole project once it is linked. The
name of an entry is the digest of what went in: the contents, the kinds, this package's code and the
Python that runs it. Only what had no problem is kept. Everything here may be deleted at any time;
what cannot be read or written is as if it were not there.

The format is marshal, which shares repeated strings and so reads in less time than any JSON or
msgpack decoder needs for the same data (`benchmarks/bench_loading.py`). Marshal from
another author is not safe to read. As with `.pyc` files, the folder is the boundary of trust: it is
never the project's, and is used only if it is the user's own and no other user may write to it
(docs/adr/0021-libraries-in-place-of-our-own.md).
"""

from __future__ import annotations

import hashlib
import marshal
import mmap
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

import stashsync
from stashsync.kinds import Kind

_DIGEST: Final = 32
"""Bytes of the digest (SHA-256), which an entry begins with."""
_LENGTH: Final = 8
"""Bytes of the length before each part."""
_KEPT: Final = 16
"""How many entries of earlier contents stay."""
_FORGOTTEN: Final = 30 * 24 * 3600
"""Seconds after which the entries of a project that has not changed are deleted."""
CODE: Final = ("errors.py", "state.py", "fields", "kinds", "manifest")


class ParseCache:
    """Entries in a folder, each a sequence of parts that are made of what marshal takes."""

    def __init__(self, folder: Path, kinds: Mapping[str, Kind]) -> None:
        self._folder = folder
        self._about = fingerprint(kinds)
        self._used: set[str] = set()

    @classmethod
    def of_project(cls, root: Path, kinds: Mapping[str, Kind]) -> Self | None:
        """Open the cache of the project at `root`; None where there is no safe place for it."""
        folder = user_folder()
        if folder is None:
            return None
        digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()
        return cls(folder / digest[:24], kinds)

    def name(self, what: str, *contents: bytes) -> str:
        """Name the entry for these contents, which are digests."""
        digest = hashlib.sha256(self._about)
        for part in (what.encode(), *contents):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return f"{what}-{digest.hexdigest()[:40]}"

    def get(self, name: str) -> list[Any] | None:
        """Return the parts of an entry, or None where there is none that is whole."""
        self._used.add(name)
        try:
            with (
                open(self._folder / name, "rb") as stream,
                mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole,
                memoryview(whole) as data,
                data[_DIGEST:] as body,
            ):
                digest = hashlib.sha256(name.encode())
                digest.update(body)
                return list(_parts(body)) if whole[:_DIGEST] == digest.digest() else None
        except (OSError, EOFError, ValueError, TypeError):
            return None

    def written(self, name: str) -> int:
        """Return when the entry was written, in nanoseconds of the disk's clock, or 0."""
        try:
            return (self._folder / name).stat().st_mtime_ns
        except OSError:
            return 0

    def put(self, name: str, parts: Iterable[Any]) -> None:
        """Keep an entry; written beside and moved into place, so it is there whole or not.

        The parts are made and written one after another, so that a large state is not in memory
        twice.
        """
        import tempfile  # where nothing changed, nothing is written

        self._used.add(name)
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor, path = tempfile.mkstemp(dir=self._folder)
            try:
                with open(descriptor, "wb") as stream:
                    digest = hashlib.sha256(name.encode())
                    stream.write(bytes(_DIGEST))
                    for part in parts:
                        # What is referred to once now is so again in the copy; marshal then
                        # takes no note of it, which makes reading faster.
                        body = marshal.dumps(marshal.loads(marshal.dumps(part)))
                        for piece in (len(body).to_bytes(_LENGTH, "big"), body):
                            digest.update(piece)
                            stream.write(piece)
                    stream.seek(0)
                    stream.write(digest.digest())
                os.replace(path, self._folder / name)
            except BaseException:
                with suppress(OSError):
                    os.unlink(path)
                raise

    def tidy(self) -> None:
        """Delete all but the newest entries of earlier contents, and forgotten projects."""
        with suppress(OSError):
            others = [
                (entry.stat().st_mtime_ns, entry.path)
                for entry in os.scandir(self._folder)
                if entry.name not in self._used
            ]
            for _, path in sorted(others, reverse=True)[_KEPT:]:
                os.unlink(path)
            for project in os.scandir(self._folder.parent):
                if time.time() - project.stat().st_mtime > _FORGOTTEN:
                    import shutil

                    shutil.rmtree(project.path, ignore_errors=True)


def _parts(body: memoryview) -> Iterator[Any]:
    at = 0
    while at < len(body):
        start = at + _LENGTH
        at = start + int.from_bytes(body[at:start], "big")
        with body[start:at] as part:
            yield marshal.loads(part)


def fingerprint(kinds: Mapping[str, Kind]) -> bytes:
    """Digest what an entry depends on beside its contents: Python, the kinds, and our own code."""
    parts = [sys.version, str(marshal.version)]
    for kind in kinds.values():
        parts.append(f"{kind.name} {kind.plural} {kind.key_fields} {kind.shared_names}")
        parts += [f"{name} {spec.meaning!r}" for name, spec in kind.fields.items()]
    for place in CODE:
        parts += _stamps(os.path.join(stashsync.__path__[0], place))
    return hashlib.sha256("\n".join(parts).encode()).digest()


def _stamps(path: str) -> list[str]:
    """Return name, size and time of our modules: another release, or an edit, empties the cache.

    The release's number would say less, and to look it up takes longer than a small project.
    """
    with suppress(OSError):
        if path.endswith(".py"):
            about = os.stat(path)
            return [f"{path} {about.st_size} {about.st_mtime_ns}"]
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(".py"))
        return [stamp for name in names for stamp in _stamps(os.path.join(path, name))]
    return []


def user_folder() -> Path | None:
    """Make the folder of all projects' entries; None where it would not be the user's alone."""
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or ""
    try:
        base = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
        folder = base / "stashsync" / "manifests"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
    except (OSError, RuntimeError):
        return None
    if os.name == "posix":
        own = stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid()
        if not own or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return None
    return folder
