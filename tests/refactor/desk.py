"""Helpers that load a project, run a refactoring command on it, and read the files."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from stashsync.kinds import Key
from stashsync.manifest import load
from stashsync.pull.pairing import Project
from stashsync.refactor.verbs import Refactoring


def begin(root: Path, **files: str) -> None:
    """Write manifests; each keyword is the name of a file without its extension."""
    for name, text in files.items():
        path = root / "manifests" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def refactoring(root: Path, remembered: Collection[tuple[str, Key]] = ()) -> Refactoring:
    """Return the refactoring commands of a project; `remembered` are the baseline's objects."""
    return Refactoring(Project(root, "manifests", load(root)), remembered)


def write(root: Path, command: Refactoring) -> None:
    """Write the files that a command changed, and check that the manifests still load."""
    for name, data in command.files().items():
        (root / name).write_bytes(data)
    load(root)


def text(root: Path, name: str = "tags") -> str:
    """Return the text of a manifest."""
    return (root / "manifests" / f"{name}.yaml").read_bytes().decode()
