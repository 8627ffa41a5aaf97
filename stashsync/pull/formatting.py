"""A project's files in canonical style, checked to mean what they meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stashsync.errors import ManifestError
from stashsync.manifest.events import BOM
from stashsync.manifest.loading import Desired, load
from stashsync.manifest.source import FileRefused
from stashsync.pull.writing.style import formatted
from stashsync.state import State


@dataclass
class Formatted:
    """The changed files; `left` are those that could not be formatted."""

    files: dict[str, bytes] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def format_project(root: Path, folder: str, desired: Desired) -> Formatted:
    """Format all files of a loaded project."""
    found = Formatted()
    before = load(root, folder=folder).state  # as written: no setting has changed it
    for name in desired.files:
        data = (root / name).read_bytes()
        text = data.removeprefix(BOM).decode("utf-8")
        try:
            new = (BOM if data.startswith(BOM) else b"") + formatted(text).encode("utf-8")
        except FileRefused:  # the style that it was given cannot be read
            found.left.append(name)
            continue
        if new != data:
            found.files[name] = new
    if found.files and not _same(root, folder, before, found.files):
        for name in list(found.files):
            if not _same(root, folder, before, {name: found.files[name]}):
                found.left.append(name)
                del found.files[name]
    return found


def _same(root: Path, folder: str, before: State, files: Mapping[str, bytes]) -> bool:
    """Whether the project still means the same with these files."""
    try:
        after = load(root, folder=folder, instead=files).state
    except ManifestError:
        return False
    return _content(before) == _content(after)


def _content(state: State) -> list[object]:
    return [
        (
            resource.kind,
            resource.key,
            resource.values,
            resource.id,
            resource.renamed_from,
            resource.keep_old_name,
            resource.merge,
            resource.absent,
        )
        for resource in state
    ]
