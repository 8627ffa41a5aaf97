"""Writing several files of a project: all of them, or none."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stashsync.cli.output import umask
from stashsync.errors import StashConfigurationError


def write_all(root: Path, files: Mapping[str, bytes]) -> None:
    """Write these files below `root`; what a failure leaves is what was there before.

    Everything is on the disk under another name before the first file is replaced. A file that is
    there keeps its mode, and a link to it stays a link.

    Raises:
        StashConfigurationError: one of them cannot be written; none was.
    """
    ready: list[tuple[str, Path]] = []
    done: list[tuple[Path, bytes | None]] = []
    try:
        for name, content in files.items():
            target = (root / name).resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            ready.append((_beside(target, content), target))
        while ready:
            temporary, target = ready[0]
            before = target.read_bytes() if target.exists() else None
            os.replace(temporary, target)
            ready.pop(0)
            done.append((target, before))
        for folder in {target.parent for target, _ in done}:
            _sync_folder(folder)
    except OSError as error:
        _take_back(done)
        raise StashConfigurationError(
            f"cannot write {error.filename or root}: {error.strerror}", hint="Nothing was written."
        ) from error
    finally:
        for temporary, _ in ready:
            with suppress(OSError):
                os.unlink(temporary)


def _beside(target: Path, content: bytes) -> str:
    """A new file in the same folder, written through to the disk; gives its path."""
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~umask()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
    except BaseException:
        os.unlink(name)
        raise
    return name


def _take_back(done: list[tuple[Path, bytes | None]]) -> None:
    for target, before in reversed(done):
        with suppress(OSError):
            if before is None:
                target.unlink()
            else:
                os.replace(_beside(target, before), target)


def _sync_folder(folder: Path) -> None:
    """Let the new names survive a power cut; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
