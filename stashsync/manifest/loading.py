"""The desired state of a project, in one call."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from stashsync.errors import ManifestError, Mark, Problem
from stashsync.kinds import KINDS, Kind
from stashsync.manifest.cache import ParseCache
from stashsync.manifest.codec import (
    Named,
    freeze_declared,
    freeze_state,
    thaw_declared,
    thaw_state,
)
from stashsync.manifest.events import BOM
from stashsync.manifest.file_digests import KnownDigests
from stashsync.manifest.images import named_images, resolve_images
from stashsync.manifest.items import Builder, Declared
from stashsync.manifest.layout import layouts
from stashsync.manifest.link import link
from stashsync.manifest.locate import Locator
from stashsync.manifest.places import Path as FieldPath
from stashsync.manifest.project import BEGIN, Paths, find_files, read_source
from stashsync.manifest.reader import read
from stashsync.manifest.reuse import Parsed, Shortened
from stashsync.manifest.source import FileRefused, Source
from stashsync.manifest.variables import Variables
from stashsync.state import Resource, State, desired_state

FOLDER: Final = "manifests"
_WORTH_KEEPING: Final = 16 * 1024
"""The size in bytes from which a file's declarations are cached on their own."""


class Desired(Struct, frozen=True):
    """The desired state of a project.

    `digest` is the same for the same files with the same contents, images included. `files` are
    the paths of the manifests below the project, sorted.
    """

    state: State
    digest: str
    files: tuple[str, ...]
    _locator: Locator
    parsed: Mapping[str, Parsed] = field(default_factory=dict)
    """By file, what the next load can take over; nothing if all of it came from the cache."""

    def locate(self, resource: Resource, path: FieldPath = ()) -> Mark:
        """Where a field of a desired resource is written, or a key or member within it.

        `path` is a field's name, then keys of mappings and indices or texts of list members; it
        leads as far as the manifest does.
        """
        return self._locator.mark(resource, path)


def load(
    root: Path,
    *,
    folder: str = FOLDER,
    kinds: Mapping[str, Kind] = KINDS,
    cached: bool = False,
    instead: Mapping[str, bytes] | None = None,
    images: Mapping[str, bytes] | None = None,
    may_be_empty: bool = False,
    parsed: Mapping[str, Parsed] = MappingProxyType({}),
    shortened: Mapping[str, Shortened] = MappingProxyType({}),
) -> Desired:
    """Read, check and link all manifests below `root / folder`.

    `cached` keeps what was made of them in the user's cache folder, and takes it from there.
    `instead` has, by path below `root`, contents that count in place of what is on disk, or of what
    is not there yet; `images` has the same for images. Nothing is cached then. With `may_be_empty`,
    no manifests, or some that declare nothing, are no problem.
    What the load before has `parsed` is taken over where a file is the same, or is the same but for
    what `shortened` has of it.
    The garbage collector rests meanwhile.

    Raises:
        ManifestError: with every problem of every file, sorted by place.
    """
    with collector_resting():
        cache = ParseCache.of_project(root, kinds) if cached and not instead else None
        known = _Known(instead or {}, images or {}, parsed, shortened)
        return _Load(root, folder, kinds, cache, known, may_be_empty).run()


class _Known(NamedTuple):
    """What stands for files or parts of them; see `load`."""

    instead: Mapping[str, bytes]
    images: Mapping[str, bytes]
    parsed: Mapping[str, Parsed]
    shortened: Mapping[str, Shortened]


class _Load:
    """One load: its problems, and what it knows of its files."""

    def __init__(
        self,
        root: Path,
        folder: str,
        kinds: Mapping[str, Kind],
        cache: ParseCache | None,
        known: _Known,
        may_be_empty: bool,
    ) -> None:
        self._root = root
        self._folder = folder
        self._kinds = kinds
        self._cache = cache
        self._instead = known.instead
        self._new_images = known.images
        self._may_be_empty = may_be_empty
        self._before = known
        self._parsed: dict[str, Parsed] = {}
        self._layouts = layouts(kinds)
        self._problems: list[Problem] = []
        self._variables = Variables(root)

    def run(self) -> Desired:
        found: list[Problem] = []
        paths = find_files(self._root, self._folder, found.append)
        base = self._root / self._folder
        if self._may_be_empty and (base.is_dir() or not base.exists()):
            found = [problem for problem in found if problem.mark != Mark(self._folder)]
        if paths or not self._instead or self._may_be_empty:
            self._problems += found
        known = self._remembered(paths)
        if known is None:
            sources = self._read(paths)
            digests: Mapping[str, bytes] = {source.file: source.digest for source in sources}
            where = Locator(self._root, digests)
            state = self._make(sources, where)
            state.digest = _combined(digests).hex()
            named = named_images(state, self._layouts.values())
            if used := self._variables.used:
                values = f"{state.digest}{sorted(used.items())}"
                state.digest = hashlib.sha256(values.encode()).hexdigest()
            elif not self._problems:
                self._remember(state, named)
        else:
            state, named, digests = known
            where = Locator(self._root, digests)
        if not (any(state) or self._problems or self._may_be_empty):
            self._problems.append(
                Problem(
                    "these manifests declare nothing",
                    Mark(self._folder),
                    f"write at least one object, {BEGIN}",
                )
            )
        self._images(state, named, where)
        self._raise_problems()
        return Desired(state, state.digest, tuple(digests), where, self._parsed)

    def _remembered(self, paths: Paths) -> tuple[State, Named, Mapping[str, bytes]] | None:
        """Return what was made of these files before, without parsing, mostly without reading."""
        if self._cache is None or self._problems:
            return None
        try:
            digests = KnownDigests(self._cache, self._root).of(paths)
        except OSError:
            return None
        digest = _combined(digests)
        frozen = self._cache.get(self._entry(digest))
        if frozen is None:
            return None
        return (*thaw_state(frozen, digest.hex()), digests)

    def _remember(self, state: State, named: Named) -> None:
        if self._cache is not None:
            entry = self._entry(bytes.fromhex(state.digest))
            self._cache.put(entry, freeze_state(state, named))
            self._cache.tidy()

    def _entry(self, digest: bytes) -> str:
        assert self._cache is not None
        return self._cache.name("project", self._folder.encode(), digest)

    def _read(self, paths: Paths) -> list[Source]:
        given = self._instead
        read_one = (
            read_source(file, path, self._problems.append)
            for file, path in paths
            if file not in given
        )
        sources = [source for source in read_one if source is not None]
        for file, data in given.items():
            digest = hashlib.sha256(data).digest()
            sources.append(Source(file, data.removeprefix(BOM), digest))
        for source in sources:
            source.variables = self._variables
        return sorted(sources, key=lambda source: source.file)

    def _make(self, sources: list[Source], where: Locator) -> State:
        """Parse, link and sort; takes the sources away one by one, to free their bytes."""
        alone = len(sources) == 1
        files: list[Declared] = []
        sources.reverse()
        while sources:
            source = sources.pop()
            files.append(self._same(source) or self._declared(source, alone=alone))
            self._parsed[source.file] = Parsed.of(source.digest, files[-1])
        resources = link(files, self._kinds, where, self._problems.append)
        return desired_state(resources)

    def _same(self, source: Source) -> Declared | None:
        """Take over what the load before made of a file, if that is known to be still so."""
        before = self._before.parsed.get(source.file)
        if before is None:
            return None
        if before.digest == source.digest:
            return before.again()
        short = self._before.shortened.get(source.file)
        if short is None:
            return None
        problems: list[Problem] = []
        declared = Declared(source.file)
        try:
            self._parse(replace(source, data=short.data), problems, declared)
        except FileRefused:
            return None
        return before.woven(declared, short.runs) if not problems else None

    def _declared(self, source: Source, *, alone: bool) -> Declared:
        """Parse one file, or take what it declares from the cache."""
        cache = self._cache
        keep = cache is not None and not alone and len(source.data) >= _WORTH_KEEPING
        entry = ""
        if cache is not None and keep:
            entry = cache.name("file", source.digest)
            known = cache.get(entry)
            if known is not None:
                return thaw_declared(known, source.file)
        problems: list[Problem] = []
        declared = Declared(source.file)
        try:
            self._parse(source, problems, declared)
        except FileRefused as refused:
            problems.append(source.problem(refused.message, refused.place, refused.hint))
        self._problems += problems
        if cache is not None and keep and not problems and not self._variables.used:
            cache.put(entry, freeze_declared(declared))
        return declared

    def _parse(self, source: Source, problems: list[Problem], declared: Declared) -> None:
        """Add what a file declares.

        Raises:
            FileRefused: it cannot be read any further.
        """
        builder = Builder(source, self._layouts, problems.append, declared)
        for section in read(source, problems.append):
            builder.add(section)

    def _images(self, state: State, named: Named, where: Locator) -> None:
        """Look at the image files; part of the state's digest, as they are of the state."""
        if not named:
            return
        cache = self._cache
        entry = cache.name("images", str(self._root.resolve()).encode()) if cache else ""
        parts = cache.get(entry) if cache else None
        seen = parts[0] if parts else {}
        new = self._new_images
        found = resolve_images(named, self._root, seen, where, self._problems.append, new)
        if cache is not None and found != seen:
            cache.put(entry, [found])
        digest = hashlib.sha256(state.digest.encode())
        for resource, name in named:
            digest.update(repr(resource.values[name]).encode())
        state.digest = digest.hexdigest()

    def _raise_problems(self) -> None:
        if self._problems:
            unique = dict.fromkeys(self._problems)
            raise ManifestError(sorted(unique, key=_order))


def _order(problem: Problem) -> tuple[Mark, str]:
    return problem.mark or Mark(""), problem.message


def _combined(digests: Mapping[str, bytes]) -> bytes:
    """One digest for all files, by path and content."""
    whole = hashlib.sha256()
    for file in sorted(digests):
        name = file.encode()
        whole.update(len(name).to_bytes(8, "big"))
        whole.update(name)
        whole.update(digests[file])
    return whole.digest()


@contextmanager
def collector_resting() -> Generator[None]:
    """Stop garbage collection, which would look at every new object again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
