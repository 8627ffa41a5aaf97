"""Where a field of a resource is written, found when someone asks.

Marks of every key would double what a loaded project weighs, and few are ever needed: so the file
is read again. A file that has changed meanwhile gives the place of the item as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path as FilePath

from stashsync.errors import Mark, Problem
from stashsync.fields.raw import Raw, RawList, RawMap, pack
from stashsync.manifest.events import BOM
from stashsync.manifest.places import Path, place_of
from stashsync.manifest.reader import read
from stashsync.manifest.source import FileRefused, Source
from stashsync.state import Resource


class Locator:
    """Finds places in the files of one load. `digests` are of their contents, by file."""

    def __init__(self, root: FilePath, digests: Mapping[str, bytes]) -> None:
        self._root = root
        self._digests = digests
        self._read: dict[str, tuple[Source | None, dict[int, Raw]]] = {}

    def mark(self, resource: Resource, path: Path = ()) -> Mark:
        """Return the place of what `path` leads to: a field, then keys, indices or member texts."""
        _, items = self._items(resource.file)
        start = pack(max(resource.line - 1, 0), max(resource.column - 1, 0))
        raw = items.get(start)
        if raw is None:
            return resource.mark
        place = place_of(raw, start, path)
        return Source(resource.file, b"").mark(place)

    def problem(
        self,
        message: str,
        resource: Resource,
        path: Path = (),
        hint: str = "",
        related: tuple[tuple[Mark, str], ...] = (),
    ) -> Problem:
        """Make a problem at a field of a resource, with the line it is written in."""
        mark = self.mark(resource, path)
        source, _ = self._items(resource.file)
        excerpt = source.line(mark.line) if source is not None else None
        return Problem(message, mark, hint or None, excerpt, related)

    def _items(self, file: str) -> tuple[Source | None, dict[int, Raw]]:
        found = self._read.get(file)
        if found is None:
            source = self._source(file)
            items: dict[int, Raw] = {}
            if source is not None:
                try:
                    for section in read(source, lambda _: None):
                        for raw, place in section.items:
                            items.update(_nested(raw, place))
                except FileRefused:
                    pass  # What stands before the fault has its place all the same.
            found = self._read[file] = (source, items)
        return found

    def _source(self, file: str) -> Source | None:
        try:
            data = (self._root / file).read_bytes()
        except OSError:
            return None
        if sha256(data).digest() != self._digests.get(file):
            return None
        return Source(file, data.removeprefix(BOM))


def _nested(raw: Raw, place: int) -> Iterator[tuple[int, Raw]]:
    yield place, raw
    children = raw.get("children") if isinstance(raw, RawMap) else None
    if isinstance(children, RawList):
        for child, mark in zip(children, children.marks, strict=True):
            yield from _nested(child, mark)
