"""Read what the server has into the type that the manifests are read into.

Only the wanted fields are read, and always those that tell objects apart: the key, and where names
and aliases share a namespace, the aliases.

Source: docs/planning-rules.md#reading
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from stashsync.client.core import Core
from stashsync.client.paging import Progress
from stashsync.client.sparse import find_sparse
from stashsync.fields import Meaning, Value
from stashsync.kinds import KINDS, Capabilities, FieldSpec, Key, Kind
from stashsync.planner import Pair
from stashsync.state import Resource, State
from stashsync.wire import documents

Wanted = Mapping[str, frozenset[str]]
Row = dict[str, Any]
Reading = Callable[[str, int, int], None]
"""Called with progress: the kind, how many of its objects were read, and how many there are."""

TEXT, TEXTS = ("String", "String!"), "[String!]!"
IMAGES_AT_ONCE = 8
"""Conditional requests in flight: the server reads with ten connections."""
ROWS_AT_ONCE = 250


def wanted_by(desired: State, prune: Iterable[str] = ()) -> Wanted:
    """Return the fields to read for a comparison with `desired`, by kind.

    A kind that is only referred to is read for its names, and so are the kinds that are to be
    pruned. Where objects are merged, every field that the merge could lose is read. Filters may
    name what is removed.
    """
    wanted: dict[str, set[str]] = {}
    for name in desired.resources:
        kind, fields = KINDS[name], desired.fields(name)
        mine = wanted.setdefault(name, set())
        mine.update(fields)
        if kind.saved_whole:
            mine.update(kind.fields)  # what is not sent again would be lost
        renamed = any(
            item.keep_old_name or item.renamed_from or item.id for item in desired.of(name)
        )
        if renamed and kind.aliases:
            mine.add(kind.aliases.name)  # an old name may become one, a new one may be one already
        if any(item.merge for item in desired.of(name)):
            mine.update(kind.fields)
            for spec in kind.references.values():
                wanted.setdefault(spec.meaning.references() or "", set())
        for field in fields & kind.references.keys():
            wanted.setdefault(kind.references[field].meaning.references() or "", set())
        for field in fields & kind.inner.keys():
            for target in kind.inner[field].inner_kinds:
                wanted.setdefault(target, set())
    for name in prune:
        wanted.setdefault(name, set())
    removed = set(prune) | {item.kind for item in desired if item.absent or item.merge}
    for kind in KINDS.values():
        if any(not removed.isdisjoint(meaning.inner_kinds) for meaning in kind.inner.values()):
            wanted.setdefault(kind.name, set()).update(kind.fields)
    return {name: frozenset(wanted[name]) for name in KINDS if name in wanted}


async def observe(
    wanted: Wanted,
    client: Core,
    *,
    like: State | None = None,
    reading: Reading | None = None,
) -> State:
    """Read the objects of the wanted kinds, with the wanted fields that the server has.

    Kinds are read side by side. Images are left out (see `observe_images`). What is equal in `like`
    is shared with it. `reading` is called after every page.

    Raises:
        StashError: anything that kept a single object from being read; no state is partial.
    """
    server = await client.capabilities()

    def progress_of(name: str) -> Progress | None:
        return None if reading is None else partial(reading, name)

    read = [
        _observe_kind(
            KINDS[name], fields, client, server, like.of(name) if like else (), progress_of(name)
        )
        for name, fields in wanted.items()
    ]
    found = await asyncio.gather(*read)
    return State(dict(zip(wanted, found, strict=True)))


async def _observe_kind(
    kind: Kind,
    wanted: frozenset[str],
    client: Core,
    server: Capabilities,
    like: Sequence[Resource],
    progress: Progress | None,
) -> list[Resource]:
    fields = wanted_fields(kind, wanted, server)
    read = {
        spec.name: spec.meaning.read
        for spec in fields
        if type(spec.meaning).read is not Meaning.read
    }
    known = {resource.key: resource for resource in like}
    share = partial(_share, kind, known)
    texts = partial(share, [spec.name for spec in fields if spec.meaning.output_type in TEXT])
    lists = partial(share, [spec.name for spec in fields if spec.meaning.output_type == TEXTS])
    find = partial(
        find_sparse, client, kind, read=read, each=texts if known else None, progress=progress
    )
    upwards = kind.hierarchy
    if upwards is None or upwards not in fields or upwards.meaning.shape != "set":
        names = [spec.name for spec in fields]
        return _resources(kind, await find(names), lists)
    # The server has an index for the way down and none for the way up
    # (docs/stash-behaviour.md#cost).
    assert upwards.inverse is not None
    names = [spec.name for spec in fields if spec is not upwards]
    downwards = upwards.inverse.output or upwards.inverse.name
    read[downwards] = _ids
    rows = await find(names, downwards=downwards)
    _turn_upwards(rows, upwards.name, downwards)
    return _resources(kind, rows, lists)


def _ids(wire: Sequence[Row]) -> list[str]:
    return [row["id"] for row in wire]


def wanted_fields(kind: Kind, wanted: frozenset[str], server: Capabilities) -> list[FieldSpec]:
    """Choose the fields to read: the wanted ones that the server has, and those of identity."""
    names = wanted | set(kind.key_fields)
    if kind.shared_names and kind.aliases:
        names |= {kind.aliases.name}
    return [
        spec
        for spec in kind.fields.values()
        if spec.name in names and spec not in kind.images and kind.supports(spec, server)
    ]


def _resources(kind: Kind, rows: Mapping[str, Row], share: Callable[[Row], Key]) -> list[Resource]:
    return [Resource(kind.name, share(row), row, identifier) for identifier, row in rows.items()]


def _share(kind: Kind, known: Mapping[Key, Resource], names: Iterable[str], row: Row) -> Key:
    """Put texts, or lists of texts, of the known object with this key in place of equal ones.

    Both sides of most plans have the same, and so it is in memory once.

    Returns:
        The key.
    """
    key = kind.key(row)
    other = known.get(key)
    if other is None:
        return key
    values = other.values
    for name in names:
        value = values.get(name)
        if name in row and value == row[name]:
            row[name] = value
    return other.key


def _turn_upwards(rows: Mapping[str, Row], upwards: str, downwards: str) -> None:
    """Give every row its parents in place of its children."""
    parents: dict[str, list[str]] = {}
    for identifier, row in rows.items():
        for child in row.pop(downwards):
            parents.setdefault(child, []).append(identifier)
    for identifier, row in rows.items():
        row[upwards] = sorted(parents.get(identifier, ()))


async def observe_times(kind: str, ids: Sequence[str], client: Core) -> dict[str, str]:
    """Read when objects were created, by id."""
    server, found = await client.capabilities(), dict[str, str]()
    if not server.has_output(KINDS[kind].type_name, "created_at"):
        return found
    text = documents.find_by_ids(KINDS[kind], [], server, extra=["created_at"])
    for start in range(0, len(ids), ROWS_AT_ONCE):
        rows = await client.execute(text, {"ids": list(ids[start : start + ROWS_AT_ONCE])})
        found |= {row["id"]: row["created_at"] for row in rows["found"]["rows"]}
    return found


async def observe_images(pairs: Sequence[Pair], client: Core) -> None:
    """Read the images of matched objects whose manifests name one, into their values.

    A file is compared by one conditional request; a URL cannot be compared at all.

    Source: docs/planning-rules.md#differences
    """
    found: dict[tuple[str, FieldSpec], dict[str, Pair]] = {}
    for pair in pairs:
        for spec in KINDS[pair.desired.kind].images:
            if pair.observed is not None and spec.name in pair.desired.values:
                found.setdefault((pair.desired.kind, spec), {})[pair.observed.id or ""] = pair

    async def of_field(kind: str, spec: FieldSpec, by_id: Mapping[str, Pair]) -> None:
        async def etag(identifier: str, path: str) -> str | None:
            known = (by_id[identifier].desired.values[spec.name] or {}).get("md5")
            return await client.transport.etag(path, known) if known else ""

        for identifier, value in (await read_images(kind, spec, by_id, client, etag)).items():
            observed = by_id[identifier].observed
            assert observed is not None
            observed.values[spec.name] = value

    await asyncio.gather(*(of_field(*key, by_id) for key, by_id in found.items()))


async def read_images(
    kind: str,
    spec: FieldSpec,
    ids: Iterable[str],
    client: Core,
    etag: Callable[[str, str], Awaitable[str | None]],
) -> dict[str, Value]:
    """Read an image field of objects by id: None for no image, otherwise its ETag.

    Args:
        kind: the kind of the objects.
        spec: the image field.
        ids: the objects.
        client: their server.
        etag: reads an ETag, by the id of the object and the path of its image.
    """
    text = documents.find_by_ids(KINDS[kind], [spec.name], await client.capabilities())
    slots = asyncio.Semaphore(IMAGES_AT_ONCE)
    found: dict[str, Value] = {}

    async def read(identifier: str, path: str) -> None:
        found[identifier] = None
        if path and "default=true" not in path:
            async with slots:
                found[identifier] = {"etag": await etag(identifier, path) or ""}

    async def chunk(ids: Sequence[str]) -> None:
        rows = (await client.execute(text, {"ids": ids}))["found"]["rows"]
        await asyncio.gather(*(read(row["id"], row[spec.output] or "") for row in rows))

    every = list(ids)
    starts = range(0, len(every), ROWS_AT_ONCE)
    await asyncio.gather(*(chunk(every[start : start + ROWS_AT_ONCE]) for start in starts))
    return found
