"""A library as it was observed at one moment, kept in a file and planned against like a server.

A pull request can so be planned where no route leads to the server at home. A snapshot answers
what an `Observer` is asked, and nothing can be sent to it. What it does not know, it does not
guess: what bears an object that goes is not in it, and pictures only if they were asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
import orjson

from stashsync.client import StashClient
from stashsync.engine.observe import IMAGES_AT_ONCE, ROWS_AT_ONCE, Wanted, observe, wanted_fields
from stashsync.errors import StashConfigurationError
from stashsync.kinds import KINDS, Capabilities, FieldSpec, Kind
from stashsync.planner import Delete, Merge, Pair
from stashsync.state import Resource, State
from stashsync.wire import documents

FORMAT: Final = "stashsync-snapshot"
VERSION: Final = 1


class _Server(msgspec.Struct, forbid_unknown_fields=True):
    identity: str
    release: str
    release_number: tuple[int, int, int] | None
    app_schema: int | None
    inputs: dict[str, list[str]]
    outputs: dict[str, list[str]]
    mutations: list[str]
    queries: list[str]


class _Object(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    values: dict[str, Any]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    redacted: bool
    server: _Server
    objects: dict[str, list[_Object]]


@dataclass(frozen=True)
class Snapshot:
    """An observed state with every field that the server has, and what the server can do."""

    server: Capabilities
    state: State
    redacted: bool = False

    async def capabilities(self) -> Capabilities:
        """What the server was and had."""
        return self.server

    async def observe(self, wanted: Wanted) -> State:
        """The wanted fields of the wanted kinds; a copy, which may be added to."""
        return State(
            {name: self._some(KINDS[name], fields) for name, fields in wanted.items()},
        )

    def _some(self, kind: Kind, wanted: frozenset[str]) -> list[Resource]:
        names = [spec.name for spec in wanted_fields(kind, wanted, self.server)]
        return [
            replace(one, values={name: one.values[name] for name in names if name in one.values})
            for one in self.state.of(kind.name)
        ]

    async def observe_images(self, pairs: Sequence[Pair]) -> None:
        """Tell which pictures matched objects have; where that is not known, the wanted ones."""
        known = {(one.kind, one.id): one.values for one in self.state}
        for pair in pairs:
            for spec in KINDS[pair.desired.kind].images:
                if pair.observed is None or spec.name not in pair.desired.values:
                    continue
                values = known[pair.observed.kind, pair.observed.id]
                wanted = pair.desired.values[spec.name]
                unknown = None if wanted is None else {"etag": wanted.get("md5", "")}
                pair.observed.values[spec.name] = values.get(spec.name, unknown)

    async def observe_impacts(self, going: Sequence[Delete | Merge]) -> list[Delete | Merge]:
        """The same changes: what they touch is not in a snapshot."""
        return list(going)


async def take(client: StashClient, *, images: bool = False) -> Snapshot:
    """The library as it is now. With `images` one request is made for each picture.

    Raises:
        StashError: anything that kept it from being read whole.
    """
    server = await client.capabilities()
    state = await observe({name: frozenset(kind.fields) for name, kind in KINDS.items()}, client)
    if images:
        for name in state.resources:
            for spec in KINDS[name].images:
                await _take_images(KINDS[name], spec, state.of(name), client, server)
    return Snapshot(server, state)


async def _take_images(
    kind: Kind,
    spec: FieldSpec,
    resources: Sequence[Resource],
    client: StashClient,
    server: Capabilities,
) -> None:
    slots = asyncio.Semaphore(IMAGES_AT_ONCE)
    text = documents.find_by_ids(kind, [spec.name], server)

    async def one(resource: Resource, path: str) -> None:
        resource.values[spec.name] = None
        if path and "default=true" not in path:
            async with slots:
                etag = await client.transport.etag(path)
                resource.values[spec.name] = {"etag": etag or ""}

    for start in range(0, len(resources), ROWS_AT_ONCE):
        some = {one.id: one for one in resources[start : start + ROWS_AT_ONCE]}
        found = (await client.execute(text, {"ids": list(some)}))["found"]["rows"]
        await asyncio.gather(*(one(some[row["id"]], row[spec.output] or "") for row in found))


def redact(snapshot: Snapshot, pairs: Sequence[Pair]) -> Snapshot:
    """The snapshot without what the manifests do not say already.

    Objects that no manifest declares keep their id and lose their name; of the others only the
    fields that manifests speak of are kept. How many there are stays true, so thresholds do.
    """
    declared = {
        (pair.observed.kind, pair.observed.id): pair.desired
        for pair in pairs
        if pair.observed is not None
    }
    kept: dict[str, list[Resource]] = {}
    for name, resources in snapshot.state.resources.items():
        kind = KINDS[name]
        spoken = kind.key_fields
        kept[name] = []
        for one in resources:
            desired = declared.get((name, one.id))
            if desired is None:
                values: dict[str, Any] = {"name": f"redacted {name} {one.id}"}
            else:
                values = {
                    field: value
                    for field, value in one.values.items()
                    if field in desired.values or field in spoken
                }
            if kind.aliases and kind.aliases.name in one.values:
                values.setdefault(kind.aliases.name, [])
            kept[name].append(replace(one, key=kind.key(values), values=values))
    return Snapshot(snapshot.server, State(kept), redacted=True)


def dump(snapshot: Snapshot) -> bytes:
    """The snapshot as a file: versioned JSON, the same bytes for the same library."""
    server = snapshot.server
    content = {
        "format": FORMAT,
        "version": VERSION,
        "redacted": snapshot.redacted,
        "server": {
            "identity": server.identity,
            "release": server.release_name,
            "release_number": server.release,
            "app_schema": server.app_schema,
            "inputs": _sorted(server.inputs),
            "outputs": _sorted(server.outputs),
            "mutations": sorted(server.mutations),
            "queries": sorted(server.queries),
        },
        "objects": {
            name: [{"id": one.id, "values": one.values} for one in snapshot.state.of(name)]
            for name in snapshot.state.resources
        },
    }
    return orjson.dumps(
        content, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def load(data: bytes) -> Snapshot:
    """The snapshot in a file.

    Raises:
        StashConfigurationError: it is none, or one of another version.
    """
    try:
        found = msgspec.json.decode(data, type=_File)
        if found.format != FORMAT or found.version != VERSION:
            raise StashConfigurationError(
                f"this is no snapshot of version {VERSION}",
                hint="Take a new one: stashsync snapshot FILE.",
            )
        objects = {
            name: [
                Resource(name, KINDS[name].key(one.values), one.values, one.id)
                for one in found.objects[name]
            ]
            for name in KINDS
            if name in found.objects
        }
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise StashConfigurationError(
            f"this is no snapshot: {error}", hint="Take one: stashsync snapshot FILE."
        ) from error
    return Snapshot(_capabilities(found.server), State(objects), found.redacted)


def _capabilities(server: _Server) -> Capabilities:
    return Capabilities(
        inputs={name: frozenset(some) for name, some in server.inputs.items()},
        outputs={name: frozenset(some) for name, some in server.outputs.items()},
        mutations=frozenset(server.mutations),
        queries=frozenset(server.queries),
        release=server.release_number,
        release_name=server.release,
        app_schema=server.app_schema,
        identity=server.identity,
    )


def _sorted(names: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    return {name: sorted(some) for name, some in sorted(names.items())}
