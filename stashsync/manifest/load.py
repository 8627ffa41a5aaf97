"""The desired state of a project, in one call."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stashsync.errors import ManifestError, Mark, Problem
from stashsync.manifest.cache import Cache, share, user_key
from stashsync.manifest.images import named_images, resolve_images
from stashsync.manifest.items import Builder, Declared
from stashsync.manifest.layout import layouts
from stashsync.manifest.link import link
from stashsync.manifest.locate import Locator
from stashsync.manifest.places import Path as FieldPath
from stashsync.manifest.project import read_sources
from stashsync.manifest.reader import read
from stashsync.manifest.source import Refused, Source
from stashsync.state import Resource, State, desired_state
from stashsync.types import KINDS, Kind

FOLDER: Final = "manifests"
_WORTH_KEEPING: Final = 16 * 1024
"""The size in bytes from which a file's declarations are cached on their own."""


@dataclass(frozen=True, slots=True)
class Desired:
    """What the manifests of a project say.

    `digest` is the same for the same files with the same contents, images included. `files` are
    the paths of the manifests below the project, sorted.
    """

    state: State
    digest: str
    files: tuple[str, ...]
    _locator: Locator = field(repr=False)

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
    cache_dir: Path | None = None,
) -> Desired:
    """Read, check and link all manifests below `root / folder`.

    `cache_dir` is where to keep what was made of them; None keeps nothing. The garbage collector
    rests meanwhile.

    Raises:
        ManifestError: with every problem of every file, sorted by place.
    """
    with _collector_resting():
        key = user_key() if cache_dir is not None else None
        cache = Cache(cache_dir, kinds, key) if cache_dir is not None and key else None
        return _Load(root, folder, kinds, cache).run()


class _Load:
    """One load: its problems, and what it knows of its files."""

    def __init__(
        self, root: Path, folder: str, kinds: Mapping[str, Kind], cache: Cache | None
    ) -> None:
        self._root = root
        self._folder = folder
        self._kinds = kinds
        self._cache = cache
        self._layouts = layouts(kinds)
        self._problems: list[Problem] = []

    def run(self) -> Desired:
        sources = read_sources(self._root, self._folder, self._problems.append)
        digests = {one.file: hashlib.sha256(one.data).digest() for one in sources}
        where = Locator(self._root, digests)
        digest = _combined(digests)
        entry = None
        state = None
        if self._cache is not None and not self._problems:
            entry = self._cache.name("project", self._folder.encode(), digest)
            state = _thaw_state(self._cache.get(entry), digest.hex())
        if state is None:
            state = self._make(sources, digests, where)
            self._raise_problems()
            state.digest = digest.hex()
            if self._cache is not None and entry is not None:
                self._cache.put(entry, _freeze_state(state))
                self._cache.tidy()
        self._images(state, where)
        self._raise_problems()
        return Desired(state, state.digest, tuple(digests), where)

    def _make(self, sources: list[Source], digests: Mapping[str, bytes], where: Locator) -> State:
        """Parse, link and sort; takes the sources away one by one, to free their bytes."""
        alone = len(sources) == 1
        files: list[Declared] = []
        sources.reverse()
        while sources:
            source = sources.pop()
            files.append(self._declared(source, digests[source.file], alone=alone))
        resources = link(files, self._kinds, where, self._problems.append)
        if not resources and not self._problems:
            self._problems.append(
                Problem(
                    "these manifests declare nothing",
                    Mark(self._folder),
                    "write at least one object; an empty desired state is never assumed",
                )
            )
        return desired_state(resources)

    def _declared(self, source: Source, digest: bytes, *, alone: bool) -> Declared:
        """What one file declares."""
        cache = self._cache
        keep = cache is not None and not alone and len(source.data) >= _WORTH_KEEPING
        entry = ""
        if cache is not None and keep:
            entry = cache.name("file", digest)
            known = _thaw_declared(cache.get(entry), source.file)
            if known is not None:
                return known
        problems: list[Problem] = []
        builder = Builder(source, self._layouts, problems.append)
        try:
            for section in read(source, problems.append):
                builder.add(section)
        except Refused as refused:
            problems.append(source.problem(refused.message, refused.place, refused.hint))
        self._problems += problems
        if cache is not None and keep and not problems:
            cache.put(entry, _freeze_declared(builder.declared))
        return builder.declared

    def _images(self, state: State, where: Locator) -> None:
        """Look at the image files; part of the state's digest, as they are of the state."""
        named = named_images(state, self._layouts.values())
        if not named:
            return
        cache = self._cache
        entry = cache.name("images", str(self._root.resolve()).encode()) if cache else ""
        seen = (cache.get(entry) if cache else None) or {}
        found = resolve_images(named, self._root, seen, where, self._problems.append)
        if cache is not None and found != seen:
            cache.put(entry, found)
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
def _collector_resting() -> Iterator[None]:
    """Without garbage collection, which would look at every new object again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _row(resource: Resource) -> tuple[Any, ...]:
    return (
        resource.kind,
        resource.key,
        resource.values,
        resource.id,
        resource.file,
        resource.line,
        resource.column,
        resource.renamed_from,
        resource.keep_old_name,
    )


def _freeze_state(state: State) -> Any:
    return share((_row(one) for one in state), {})


def _thaw_state(frozen: Any, digest: str) -> State | None:
    if frozen is None:
        return None
    resources: dict[str, list[Resource]] = {}
    some: list[Resource] = []
    current = None
    for row in frozen:
        if row[0] is not current:
            current = row[0]
            some = resources.setdefault(current, [])
        some.append(Resource(*row))
    return State(resources, digest)


def _freeze_declared(declared: Declared) -> Any:
    rows = share((_row(one) for one in declared.resources), {})
    return rows, dict(declared.above), set(declared.bare)


def _thaw_declared(frozen: Any, file: str) -> Declared | None:
    if frozen is None:
        return None
    rows, above, bare = frozen
    resources = [Resource(*row) for row in rows]
    for one in resources:
        # The entry goes by content: the same text may have stood in another file.
        one.file = file
    return Declared(file, resources, above, bare)
