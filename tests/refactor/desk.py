"""A project on which commands are carried out, without and with a library beside it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from stashsync.kinds import Key
from stashsync.manifest import load
from stashsync.pull.pairing import Project
from stashsync.refactor.verbs import Refactoring


def begin(root: Path, **files: str) -> None:
    """Write manifests, by name without extension."""
    for name, text in files.items():
        path = root / "manifests" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def refactoring(root: Path, remembered: Collection[tuple[str, Key]] = ()) -> Refactoring:
    """Load the project."""
    return Refactoring(Project(root, "manifests", load(root)), remembered)


def write(root: Path, command: Refactoring) -> None:
    """Write what a command changed; it is valid."""
    for name, data in command.files().items():
        (root / name).write_bytes(data)
    load(root)


def text(root: Path, name: str = "tags") -> str:
    """Read a manifest."""
    return (root / "manifests" / f"{name}.yaml").read_bytes().decode()
