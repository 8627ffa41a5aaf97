"""Which files make up a project's manifests, and their bytes.

All `*.yaml` and `*.yml` below the folder belong to one desired state, whatever the case of the
extension; names that begin with a dot are an editor's or a system's business and left alone.
A link may stand for a file or folder of the same manifests, which is then read once, under its
own name. A link that leads out is refused: what a plan is made of must be in the folder.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from stashsync.errors import Mark, Problem
from stashsync.manifest.events import BOM
from stashsync.manifest.source import Source

EXTENSIONS: Final = (".yaml", ".yml")
SIZE_LIMIT: Final = 256 * 2**20
"""The largest manifest file, in bytes."""
BEGIN: Final = (
    "or let `stashsync pull` write what the server has, `stashsync import` what you have "
    "elsewhere, or `stashsync init --from genres` a set of tags; an empty desired state is never "
    "assumed"
)
"""How manifests come to be, but for being written by hand: for an error without any."""

Report = Callable[[Problem], object]
Paths: TypeAlias = list[tuple[str, str]]
"""Each file's path below the project, with `/`, and the path to open it by."""


def find_files(root: Path, folder: str, report: Report) -> Paths:
    """List every manifest file of the project at `root`, sorted by path below it.

    `folder` is the manifests' folder below `root`. What is in the way goes to `report`; that
    there is nothing to read is in the way too.
    """
    base = root / folder
    name = _shown(folder)
    if not base.is_dir():
        what = "is not a folder" if base.exists() else "does not exist"
        report(
            Problem(
                f"the manifests folder {what}",
                Mark(name),
                "name it in stashsync.yaml (`manifests: folder`), or make it: `stashsync init` "
                "begins one, `stashsync pull` fills one from the server, `stashsync import` from "
                "elsewhere",
            )
        )
        return []
    problems: list[Problem] = []
    paths = sorted(_find(base, root, problems.append))
    for problem in problems:
        report(problem)
    if not paths and not problems:
        report(
            Problem(
                "there are no manifests in this folder",
                Mark(name),
                f"write one, such as tags.yaml, {BEGIN}",
            )
        )
    return paths


def relative(path: Path | str, root: Path) -> str:
    """Write `path` below `root`, with `/`, in characters that can be printed and saved."""
    return _shown(os.path.relpath(path, root).replace(os.sep, "/"))


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _find(base: Path, root: Path, report: Report) -> Iterator[tuple[str, str]]:
    """Yield each manifest file, as its path below `root` and the path to open."""
    inside = os.path.realpath(base)

    def unreadable(error: OSError) -> None:
        report(
            Problem(
                f"this folder cannot be read: {error.strerror}",
                Mark(relative(error.filename, root)),
                "a half-read desired state is never used; give yourself access to it",
            )
        )

    for folder, folders, files in os.walk(base, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*files, *folders]:
            path = os.path.join(folder, name)
            if name.startswith("."):
                continue
            wanted = name.lower().endswith(EXTENSIONS)
            if os.path.islink(path):
                if wanted or os.path.isdir(path):
                    _check_link(path, inside, relative(path, root), report)
            elif wanted and name in files:
                yield relative(path, root), path


def _check_link(path: str, inside: str, file: str, report: Report) -> None:
    target = os.path.realpath(path)
    if not os.path.exists(target):
        report(Problem("this link leads nowhere", Mark(file), "remove it, or restore its target"))
        return
    if os.path.commonpath([inside, target]) != inside:
        report(
            Problem(
                "this link leaves the manifests folder",
                Mark(file),
                "copy or move the file into the folder; links out of it are not followed",
            )
        )
        return
    hidden = any(part.startswith(".") for part in os.path.relpath(target, inside).split(os.sep))
    if hidden or not (os.path.isdir(target) or target.lower().endswith(EXTENSIONS)):
        report(
            Problem(
                "this link leads to a file that is not read as a manifest",
                Mark(file),
                "give the file itself a name that ends in .yaml and begins with no dot",
            )
        )


def file_digest(path: str) -> bytes:
    """Return the SHA-256 of a manifest file.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    with open(path, "rb", opener=_open) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError("not a regular file")
        return hashlib.file_digest(stream, hashlib.sha256).digest()


def read_source(file: str, path: str, report: Report) -> Source | None:
    """Read one manifest file; None where it cannot be read, which `report` gets."""
    try:
        with open(path, "rb", opener=_open) as stream:
            about = os.fstat(stream.fileno())
            if not stat.S_ISREG(about.st_mode):
                report(Problem("this is not a regular file", Mark(file), "remove or rename it"))
                return None
            if about.st_size > SIZE_LIMIT:
                report(
                    Problem(
                        f"this file has {about.st_size:,} bytes; at most {SIZE_LIMIT:,} are read",
                        Mark(file),
                        "cut it into several files; all of them are read as one",
                    )
                )
                return None
            data = stream.read()
    except OSError as error:
        report(
            Problem(
                f"this file cannot be read: {error.strerror}",
                Mark(file),
                "a half-read desired state is never used; give yourself access to it",
            )
        )
        return None
    return Source(file, data.removeprefix(BOM), hashlib.sha256(data).digest())


def _open(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe that is called like a manifest."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
