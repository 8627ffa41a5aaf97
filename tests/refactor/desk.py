"""Helpers that load a project, run a refactoring command on it, and read the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stashsync.engine.baseline import Baseline
from stashsync.manifest import load
from stashsync.pull.pairing import Project
from stashsync.refactor.servers import KnownServer
from stashsync.refactor.verbs import Refactoring


def begin(root: Path, **files: str) -> None:
    """Write manifests; each keyword is the name of a file without its extension."""
    for name, text in files.items():
        path = root / "manifests" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def refactoring(root: Path, *servers: Mapping[str, str]) -> Refactoring:
    """Return the commands of a project; `servers` are names of their tags by id, as last seen."""
    known = [
        KnownServer(Baseline("x", {"tag": {id_: {"name": name} for id_, name in tags.items()}}))
        for tags in servers
    ]
    return Refactoring(Project(root, "manifests", load(root)), known)


def write(root: Path, command: Refactoring) -> None:
    """Write the files that a command changed, and check that the manifests still load."""
    for name, data in command.files().items():
        (root / name).write_bytes(data)
    load(root)


def text(root: Path, name: str = "tags") -> str:
    """Return the text of a manifest."""
    return (root / "manifests" / f"{name}.yaml").read_bytes().decode()
