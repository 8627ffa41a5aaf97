"""What was made of the same bytes before, so that it need not be made again.

Two levels, both by content: a file's declarations, and the whole project once it is linked. An
entry's name is the digest of what went in: the contents, the kinds, this package's code and the
Python that runs it. Only what had no problem is kept. Everything here may be deleted at any time;
what cannot be read or written is as if it were not there.

The format is marshal, which shares repeated strings and so reads in less time than any JSON or
msgpack decoder needs for the same data (`benchmarks/bench_loading.py`). Reading marshal that
someone else wrote is not safe, and a cloned project could bring some along: so every entry is
signed with a key that lies in the user's own cache folder and that no project can know.
"""

from __future__ import annotations

import hashlib
import hmac
import marshal
import mmap
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import stashsync
from stashsync.kinds import Kind

_MAC: Final = 32
"""Bytes of the signature (SHA-256), which an entry begins with."""
_LENGTH: Final = 8
"""Bytes of the length before each part."""
_UNFINISHED: Final = ".part"
_KEPT: Final = 16
"""How many entries of earlier contents stay."""
_SUFFIX: Final = ".cache"
_CODE: Final = ("errors.py", "state.py", "fields", "types", "manifest")


class Cache:
    """Entries in a folder, each a sequence of parts that are made of what marshal takes."""

    def __init__(self, folder: Path, kinds: Mapping[str, Kind], key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._about = fingerprint(kinds)
        self._used: set[str] = set()

    def name(self, what: str, *contents: bytes) -> str:
        """The name of the entry for these contents, which are digests."""
        digest = hashlib.sha256(self._about)
        for part in (what.encode(), *contents):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return f"{what}-{digest.hexdigest()[:40]}{_SUFFIX}"

    def get(self, name: str) -> list[Any] | None:
        """The parts of an entry, or None where there is none that is whole and ours."""
        self._used.add(name)
        try:
            with (
                open(self._folder / name, "rb") as stream,
                mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole,
                memoryview(whole) as data,
                data[_MAC:] as body,
            ):
                signature = self._signature(name)
                signature.update(body)
                if not hmac.compare_digest(whole[:_MAC], signature.digest()):
                    return None
                return list(_parts(body))
        except (OSError, EOFError, ValueError, TypeError):
            return None

    def written(self, name: str) -> int:
        """When the entry was written, in nanoseconds by the disk's clock; 0 if it is not there."""
        try:
            return (self._folder / name).stat().st_mtime_ns
        except OSError:
            return 0

    def put(self, name: str, parts: Iterable[Any]) -> None:
        """Keep an entry; written beside and moved into place, so it is there whole or not.

        The parts are made and written one after another, so that a large state is not in memory
        twice.
        """
        self._used.add(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, path = tempfile.mkstemp(dir=self._folder, suffix=_UNFINISHED)
            try:
                with open(descriptor, "wb") as stream:
                    signature = self._signature(name)
                    stream.write(bytes(_MAC))
                    for part in parts:
                        # What is referred to once now is so again in the copy; marshal then
                        # takes no note of it, which makes reading faster.
                        body = marshal.dumps(marshal.loads(marshal.dumps(part)))
                        for piece in (len(body).to_bytes(_LENGTH, "big"), body):
                            signature.update(piece)
                            stream.write(piece)
                    stream.seek(0)
                    stream.write(signature.digest())
                os.replace(path, self._folder / name)
            except BaseException:
                with suppress(OSError):
                    os.unlink(path)
                raise
        except OSError:
            return

    def tidy(self) -> None:
        """Delete entries of earlier contents, but for the newest few."""
        with suppress(OSError):
            others = [
                (entry.stat().st_mtime_ns, entry.path)
                for entry in os.scandir(self._folder)
                if entry.name.endswith((_SUFFIX, _UNFINISHED)) and entry.name not in self._used
            ]
            for _, path in sorted(others, reverse=True)[_KEPT:]:
                os.unlink(path)

    def _signature(self, name: str) -> hmac.HMAC:
        """A signature that has taken in the entry's name, so that entries cannot be exchanged."""
        return hmac.new(self._key, name.encode(), hashlib.sha256)


def _parts(body: memoryview) -> Iterator[Any]:
    at = 0
    while at < len(body):
        start = at + _LENGTH
        at = start + int.from_bytes(body[at:start], "big")
        with body[start:at] as part:
            yield marshal.loads(part)


def fingerprint(kinds: Mapping[str, Kind]) -> bytes:
    """What an entry depends on beside its contents: Python, the kinds, and our own code."""
    parts = [sys.version, str(marshal.version)]
    for kind in kinds.values():
        parts.append(f"{kind.name} {kind.plural} {kind.key_fields} {kind.shared_names}")
        parts += [f"{name} {spec.meaning!r}" for name, spec in kind.fields.items()]
    for place in _CODE:
        parts += _stamps(os.path.join(stashsync.__path__[0], place))
    return hashlib.sha256("\n".join(parts).encode()).digest()


def _stamps(path: str) -> list[str]:
    """Name, size and time of our modules: another release, or an edit, empties the cache.

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


def user_key() -> bytes | None:
    """The key that signs this user's entries, made at first use; None where that fails."""
    folder = _user_folder()
    if folder is None:
        return None
    path = folder / "cache.key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as stream:
                stream.write(os.urandom(_MAC))
        key = path.read_bytes()
    except OSError:
        return None
    return key if len(key) == _MAC else None


def _user_folder() -> Path | None:
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if named:
        return Path(named) / "stashsync"
    try:
        return Path.home() / ".cache" / "stashsync"
    except RuntimeError:
        return None
