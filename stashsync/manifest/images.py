"""Images that manifests name by a path: found below the project, and known by their MD5.

The server's ETag of an image is the MD5 of its bytes (docs/stash-behaviour.md#images), so that is
what a desired image is compared by. A file whose size and times have not changed since it was last
read is not read again.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from stashsync.errors import Problem
from stashsync.manifest.file_digests import Stamp, stamp_of
from stashsync.manifest.layout import ItemLayout
from stashsync.manifest.locate import Locator
from stashsync.state import Resource, State

_HEAD: Final = 1024
"""Bytes that tell an image from a text."""
_LFS: Final = b"version https://git-lfs"
Report = Callable[[Problem], object]
Seen = dict[str, tuple[Stamp, str]]
"""By path: what its stamp was, and its MD5."""


class ImageError(Exception):
    """Why a path is no image that can be sent."""


def named_images(state: State, layouts: Iterable[ItemLayout]) -> list[tuple[Resource, str]]:
    """List the resources and fields of `state` that name a file."""
    return [
        (resource, field)
        for layout in layouts
        for field in layout.images
        for resource in state.of(layout.kind.name)
        if "file" in (resource.values.get(field) or ())
    ]


def resolve_images(
    named: Iterable[tuple[Resource, str]],
    root: Path,
    seen: Seen,
    where: Locator,
    report: Report,
    new: Mapping[str, bytes],
) -> Seen:
    """Give each named image its MD5; returns what is worth remembering for the next time.

    `new` has the contents of files that are not there yet.
    """
    found: Seen = {}
    digests = {path: _md5(data) for path, data in new.items()}
    inside = os.path.realpath(root)
    for resource, field in named:
        path = resource.values[field]["file"]
        try:
            if path not in digests:
                digests[path] = _digest(path, inside, seen, found)
            image = {"file": path, "md5": digests[path]}
            resource.values = {**resource.values, field: image}
        except ImageError as error:
            report(
                where.problem(
                    str(error),
                    resource,
                    (field,),
                    "an image is a URL, or the path of a file below the project",
                )
            )
    return found


def image_fault(path: str, root: Path) -> str | None:
    """Return why a path is no image below the project at `root`, or None."""
    try:
        _digest(path, os.path.realpath(root), {}, {})
    except ImageError as error:
        return str(error)
    return None


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _digest(path: str, inside: str, seen: Seen, found: Seen) -> str:
    if os.path.isabs(path) or "\x00" in path:
        raise ImageError(f"{path!r} is not a path below the project")
    full = os.path.realpath(os.path.join(inside, path))
    if os.path.commonpath([inside, full]) != inside:
        raise ImageError(f"{path!r} leaves the project")
    try:
        with open(full, "rb", opener=_open) as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise ImageError(f"{path!r} is not a file")
            if not before.st_size:
                raise ImageError(f"the image {path!r} is empty")
            known = seen.get(path)
            if known is not None and known[0] == stamp_of(before):
                found[path] = known
                return known[1]
            digest = hashlib.file_digest(
                stream, lambda: hashlib.md5(usedforsecurity=False)
            ).hexdigest()
            stream.seek(0)
            _refuse_text(path, stream.read(_HEAD))
            if stamp_of(os.fstat(stream.fileno())) == stamp_of(before):
                found[path] = (stamp_of(before), digest)
    except OSError as error:
        raise ImageError(f"the image {path!r} cannot be read: {error.strerror}") from None
    return digest


def _refuse_text(path: str, head: bytes) -> None:
    """Refuse a file that begins like a text; a server would not (docs/stash-behaviour.md#images).

    Raises:
        ImageError: it does.
    """
    if head.startswith(_LFS):
        raise ImageError(f"{path!r} is a Git LFS pointer; `git lfs pull` fetches the image")
    if b"\x00" in head or b"<svg" in head:
        return
    try:
        # A character may be cut off at the end; a text has no other fault.
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < _HEAD or error.start < _HEAD - 3:
            return
    raise ImageError(f"{path!r} is a text, not an image")


def _open(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
