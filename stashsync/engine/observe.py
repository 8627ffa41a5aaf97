"""Looking: what the server has, read into the type that the manifests are read into.

Only the fields that somebody asks for are read, and always what tells objects apart: the key, and
where names and aliases share a namespace, the aliases (docs/planning-rules.md#reading).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from stashsync.client import Progress, StashClient
from stashsync.client.sparse import find_sparse
from stashsync.fields import Meaning, Value
from stashsync.kinds import KINDS, Capabilities, FieldSpec, Kind
from stashsync.planner import Pair
from stashsync.state import Resource, State
from stashsync.wire import documents

Wanted = Mapping[str, frozenset[str]]
Row = dict[str, Any]
Reading = Callable[[str, int, int], None]
"""Hears of a reading: the kind, the objects that are there, and those there will be."""

IMAGES_AT_ONCE = 8
"""Conditional requests in flight: the server reads with ten connections."""
ROWS_AT_ONCE = 250


def wanted_by(desired: State, prune: Iterable[str] = ()) -> Wanted:
    """By kind, the fields that have to be read to compare with `desired`.

    A kind that is only referred to is read too, for its names, and so are the kinds that are to
    be pruned. Where objects are merged, all that could get lost is read.
    """
    wanted: dict[str, set[str]] = {}
    for name in desired.resources:
        kind, fields = KINDS[name], desired.fields(name)
        mine = wanted.setdefault(name, set())
        mine.update(fields)
        renamed = any(one.keep_old_name or one.renamed_from or one.id for one in desired.of(name))
        if renamed and kind.aliases:
            mine.add(kind.aliases.name)  # an old name may become one, a new one may be one already
        if any(one.merge for one in desired.of(name)):
            mine.update(kind.fields)
            for spec in kind.references.values():
                wanted.setdefault(spec.meaning.references() or "", set())
        for field in fields & kind.references.keys():
            wanted.setdefault(kind.references[field].meaning.references() or "", set())
    for name in prune:
        wanted.setdefault(name, set())
    return {name: frozenset(wanted[name]) for name in KINDS if name in wanted}


async def observe(wanted: Wanted, client: StashClient, *, reading: Reading | None = None) -> State:
    """The objects of the wanted kinds, with the wanted fields that this server has.

    Kinds are read side by side. Images are left out: see `observe_images`. `reading` is told, by
    kind, how many objects are there of how many, after every page.

    Raises:
        StashError: anything that kept a single object from being read. There is no partial state.
    """
    server = await client.capabilities()

    def progress_of(name: str) -> Progress | None:
        return None if reading is None else lambda done, count: reading(name, done, count)

    read = [
        _observe_kind(KINDS[name], fields, client, server, progress_of(name))
        for name, fields in wanted.items()
    ]
    found = await asyncio.gather(*read)
    return State(dict(zip(wanted, found, strict=True)))


async def _observe_kind(
    kind: Kind,
    wanted: frozenset[str],
    client: StashClient,
    server: Capabilities,
    progress: Progress | None,
) -> list[Resource]:
    fields = wanted_fields(kind, wanted, server)
    upwards = kind.hierarchy
    if upwards is None or upwards not in fields or upwards.meaning.shape != "set":
        rows = await find_sparse(client, kind, [spec.name for spec in fields], progress=progress)
        return _resources(kind, rows, fields)
    # The server has an index for the way down and none for the way up
    # (docs/stash-behaviour.md#cost).
    assert upwards.inverse is not None
    fields.remove(upwards)
    downwards = upwards.inverse.output or upwards.inverse.name
    rows = await find_sparse(
        client, kind, [spec.name for spec in fields], downwards=downwards, progress=progress
    )
    _turn_upwards(rows, upwards.name, downwards)
    return _resources(kind, rows, fields)


def wanted_fields(kind: Kind, wanted: frozenset[str], server: Capabilities) -> list[FieldSpec]:
    """The fields to read of a kind: the wanted ones that the server has, and what always counts."""
    names = wanted | set(kind.key_fields)
    if kind.shared_names and kind.aliases:
        names |= {kind.aliases.name}
    return [
        spec
        for spec in kind.fields.values()
        if spec.name in names and spec not in kind.images and kind.supports(spec, server)
    ]


def _resources(kind: Kind, rows: Iterable[Row], fields: Sequence[FieldSpec]) -> list[Resource]:
    """The rows as resources. Each row becomes the values: most of what came stays as it came."""
    readers: list[tuple[str, str, Callable[[Any], Value]]] = [
        (spec.name, spec.output, spec.meaning.read)
        for spec in fields
        if spec.name != spec.output or type(spec.meaning).read is not Meaning.read
    ]
    key, name = kind.key, kind.name
    resources = []
    for row in rows:
        identifier = row.pop("id")
        for field, output, read in readers:
            row[field] = read(row.pop(output))
        resources.append(Resource(name, key(row), row, identifier))
    return resources


def _turn_upwards(rows: Sequence[Row], upwards: str, downwards: str) -> None:
    """Give every row its parents, in place of the children that each one listed."""
    parents: dict[str, list[str]] = {}
    for row in rows:
        for child in row.pop(downwards):
            parents.setdefault(child["id"], []).append(row["id"])
    for row in rows:
        row[upwards] = sorted(parents.get(row["id"], ()))


async def observe_images(pairs: Sequence[Pair], client: StashClient) -> None:
    """Read what the images of matched objects are, where their manifests name one.

    A file is compared by one conditional request, a URL cannot be compared at all
    (docs/planning-rules.md#differences).
    """
    asked: dict[FieldSpec, list[Pair]] = {}
    for pair in pairs:
        for spec in KINDS[pair.desired.kind].images:
            if pair.observed is not None and spec.name in pair.desired.values:
                asked.setdefault(spec, []).append(pair)
    slots = asyncio.Semaphore(IMAGES_AT_ONCE)
    await asyncio.gather(
        *(
            _observe_some(spec, found[start : start + ROWS_AT_ONCE], client, slots)
            for spec, found in asked.items()
            for start in range(0, len(found), ROWS_AT_ONCE)
        )
    )


async def _observe_some(
    spec: FieldSpec, pairs: Sequence[Pair], client: StashClient, slots: asyncio.Semaphore
) -> None:
    server = await client.capabilities()
    text = documents.find_by_ids(KINDS[pairs[0].desired.kind], [spec.name], server)
    ids = [pair.observed.id for pair in pairs if pair.observed is not None]
    found = (await client.execute(text, {"ids": ids}))["found"]["rows"]
    paths = {row["id"]: row[spec.output] or "" for row in found}
    await asyncio.gather(
        *(
            _observe_image(pair, spec.name, paths[str(one)], client, slots)
            for pair, one in zip(pairs, ids, strict=True)
        )
    )


async def _observe_image(
    pair: Pair, field: str, path: str, client: StashClient, slots: asyncio.Semaphore
) -> None:
    assert pair.observed is not None
    if not path or "default=true" in path:
        pair.observed.values[field] = None
        return
    etag = ""
    known = (pair.desired.values[field] or {}).get("md5")
    if known:
        async with slots:
            etag = await client.transport.etag(path, known) or ""
    pair.observed.values[field] = {"etag": etag}
