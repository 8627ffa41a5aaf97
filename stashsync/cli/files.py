"""Files that commands read and write: whole or not at all, several of them all or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stashsync.errors import StashConfigurationError


def read_file(path: str, limit: int = -1) -> bytes:
    """Read a file that an option or argument names, or its first `limit` bytes.

    Raises:
        StashConfigurationError: it cannot be read.
    """
    _require_name(path)
    try:
        with open(path, "rb") as stream:
            return stream.read(limit)
    except OSError as error:
        raise StashConfigurationError(f"cannot read {path}: {error.strerror}") from error


def write_file(path: str | Path, content: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all; its folder has to exist.

    With `private`, only the owner may read a new file.

    Raises:
        StashConfigurationError: it cannot be written.
    """
    _require_name(str(path))
    target = Path(path)
    try:
        if target.exists() and not target.is_file():  # a pipe or a device: written as it is
            target.write_bytes(content)
        else:
            target = target.resolve()
            os.replace(_beside(target, content, private=private), target)
    except OSError as error:
        raise StashConfigurationError(
            f"cannot write {target}: {error.strerror}", hint="Nothing was written there."
        ) from error


def require_writable(path: str) -> None:
    """Make sure that a file can be written, before there is anything to write.

    Raises:
        StashConfigurationError: its name or its folder is of no use.
    """
    _require_name(path)
    target = Path(path)
    if target.is_dir():
        why = "it is a folder"
    elif target.exists() and not target.is_file():  # a pipe or a device: written as it is
        why = "" if os.access(target, os.W_OK) else "it may not be written to"
    elif not (folder := target.resolve().parent).is_dir():
        why = "its folder does not exist"
    else:
        why = "" if os.access(folder, os.W_OK) else "its folder may not be written to"
    if why:
        raise StashConfigurationError(f"cannot write {path}: {why}")


def _require_name(path: str) -> None:
    if not path:
        raise StashConfigurationError(
            "the name of a file is empty", hint="Is a variable of the shell not set?"
        )


def write_all(root: Path, files: Mapping[str, bytes], *, private: bool = False) -> None:
    """Write files below `root`, all or none; a failure leaves what was there before.

    All are on the disk under temporary names before the first is replaced. With `private`, only
    the owner may read new files.

    Raises:
        StashConfigurationError: one of them cannot be written.
    """
    ready: list[tuple[str, Path]] = []
    done: list[tuple[Path, bytes | None]] = []
    target = root
    try:
        for name, content in files.items():
            target = (root / name).resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            ready.append((_beside(target, content, private=private), target))
        while ready:
            temporary, target = ready[0]
            before = target.read_bytes() if target.exists() else None
            os.replace(temporary, target)
            ready.pop(0)
            done.append((target, before))
        for folder in {written.parent for written, _ in done}:
            _sync_folder(folder)
    except OSError as error:
        _restore(done)
        raise StashConfigurationError(
            f"cannot write {target}: {error.strerror}", hint="Nothing was written."
        ) from error
    finally:
        for temporary, _ in ready:
            with suppress(OSError):
                os.unlink(temporary)


def _beside(target: Path, content: bytes, *, private: bool = False) -> str:
    """Write a temporary file to the same folder, through to the disk; return its path.

    It gets the mode of the file that it is to replace.
    """
    import tempfile  # most commands write nothing

    new = 0o600 if private else 0o666 & ~_umask()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else new
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


def _restore(done: list[tuple[Path, bytes | None]]) -> None:
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
