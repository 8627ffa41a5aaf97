"""A library as it was observed at one moment, kept in a file and planned against like a server.

A pull request can so be planned where no server can be reached. A snapshot is an `Observer`;
nothing can be sent to it. What depends on a removed object is not in it, and images only if they
were asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import orjson
from msgspec import Struct
from msgspec.structs import fields, replace

from stashsync.client.core import Core
from stashsync.engine.observe import Wanted, observe, read_images, wanted_fields
from stashsync.errors import StashConfigurationError
from stashsync.kinds import KINDS, Capabilities, Kind
from stashsync.planner import Delete, Merge, Pair
from stashsync.state import Resource, State

FORMAT: Final = "stashsync-snapshot"
VERSION: Final = 2
_IN_FILES: Final = {"release": "release_number", "release_name": "release"}
"""The names of capabilities in files, where they are others."""
_CAPABILITIES: Final = tuple(field.name for field in fields(Capabilities))
_UNREADABLE: Final = (
    msgspec.DecodeError,
    UnicodeDecodeError,
    LookupError,
    AttributeError,
    TypeError,
)
"""What reading something else than a snapshot raises."""


class _Object(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    values: dict[str, Any]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    redacted: bool
    server: dict[str, Any]
    objects: dict[str, list[_Object]]


class Snapshot(Struct, frozen=True):
    """An observed state with every field that the server has, and what the server can do."""

    server: Capabilities
    state: State
    redacted: bool = False

    async def capabilities(self) -> Capabilities:
        """Return what the server was and had."""
        return self.server

    async def observe(self, wanted: Wanted, like: State | None = None) -> State:  # noqa: ARG002
        """Copy the wanted fields of the wanted kinds; the copy may be added to.

        Raises:
            StashConfigurationError: it was taken by a version that did not know one of the kinds.
        """
        for name in wanted.keys() - self.state.resources.keys():
            raise StashConfigurationError(
                f"this snapshot has no {KINDS[name].plural.replace('_', ' ')}",
                hint="Take a new one: stashsync snapshot FILE.",
            )
        return State(
            {name: self._some(KINDS[name], fields) for name, fields in wanted.items()},
        )

    def _some(self, kind: Kind, wanted: frozenset[str]) -> list[Resource]:
        names = [spec.name for spec in wanted_fields(kind, wanted, self.server)]
        return [
            replace(
                resource,
                values={name: resource.values[name] for name in names if name in resource.values},
            )
            for resource in self.state.of(kind.name)
        ]

    async def observe_images(self, pairs: Sequence[Pair]) -> None:
        """Add the images of matched objects; unknown ones are taken to be as wanted."""
        known = {(resource.kind, resource.id): resource.values for resource in self.state}
        for pair in pairs:
            for spec in KINDS[pair.desired.kind].images:
                if pair.observed is None or spec.name not in pair.desired.values:
                    continue
                values = known[pair.observed.kind, pair.observed.id]
                wanted = pair.desired.values[spec.name]
                unknown = None if wanted is None else {"etag": wanted.get("md5", "")}
                pair.observed.values[spec.name] = values.get(spec.name, unknown)

    async def observe_impacts(self, removed: Sequence[Delete | Merge]) -> list[Delete | Merge]:
        """Return the removals as they are: what they touch is not in a snapshot."""
        return list(removed)

    async def observe_times(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002
        """Return nothing: times are not in a snapshot."""
        return {}


async def take(client: Core, *, images: bool = False) -> Snapshot:
    """Read the whole library; `images` takes one request for each image.

    Raises:
        StashError: anything that kept it from being read whole.
    """
    server = await client.capabilities()
    state = await observe({name: frozenset(kind.fields) for name, kind in KINDS.items()}, client)
    for name in state.resources if images else ():
        for spec in KINDS[name].images:
            by_id = {resource.id or "": resource for resource in state.of(name)}
            found = await read_images(
                name, spec, by_id, client, lambda _, path: client.transport.etag(path)
            )
            for identifier, value in found.items():
                by_id[identifier].values[spec.name] = value
    return Snapshot(server, state)


def redact(snapshot: Snapshot, pairs: Sequence[Pair]) -> Snapshot:
    """Remove what the manifests do not contain already.

    Undeclared objects keep their id and lose their name; of the others the fields remain that
    manifests mention. The number of objects stays true, and with it the thresholds.
    """
    declared = {
        (pair.observed.kind, pair.observed.id): pair.desired
        for pair in pairs
        if pair.observed is not None
    }
    kept: dict[str, list[Resource]] = {}
    for name, resources in snapshot.state.resources.items():
        kind = KINDS[name]
        kept[name] = []
        for resource in resources:
            desired = declared.get((name, resource.id))
            if desired is None:
                values: dict[str, Any] = {"name": f"redacted {name} {resource.id}"}
            else:
                values = {
                    field: value
                    for field, value in resource.values.items()
                    if field in desired.values or field in kind.key_fields
                }
            if kind.aliases and kind.aliases.name in resource.values:
                values.setdefault(kind.aliases.name, [])
            kept[name].append(replace(resource, key=kind.key(values), values=values))
    return Snapshot(snapshot.server, State(kept), redacted=True)


def dump(snapshot: Snapshot) -> bytes:
    """Write a snapshot as versioned JSON: the same bytes for the same library."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "redacted": snapshot.redacted,
        "server": {
            _IN_FILES.get(name, name): value
            for name, value in msgspec.to_builtins(snapshot.server, order="deterministic").items()
        },
        "objects": {
            name: [
                {"id": resource.id, "values": resource.values}
                for resource in snapshot.state.of(name)
            ]
            for name in snapshot.state.resources
        },
    }
    return orjson.dumps(
        content, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def load(data: bytes, name: str = "this") -> Snapshot:
    """Read a snapshot. `name` is what errors call it, such as its file.

    Raises:
        StashConfigurationError: it is none, or one of another version.
    """
    try:
        found = msgspec.json.decode(data, type=_File)
        if found.version == 1 and "identity" in found.server:  # before libraries had marks
            found.server |= {"settings": {}, "paths": found.server["identity"]}
        elif found.format != FORMAT or found.version != VERSION:
            raise StashConfigurationError(
                f"{name} is no snapshot of version {VERSION}",
                hint="Take a new one: stashsync snapshot FILE.",
            )
        server = msgspec.convert(
            {name: found.server[_IN_FILES.get(name, name)] for name in _CAPABILITIES}, Capabilities
        )
        objects = {
            name: [
                Resource(name, KINDS[name].key(row.values), row.values, row.id)
                for row in found.objects[name]
            ]
            for name in KINDS
            if name in found.objects
        }
    except _UNREADABLE as error:
        raise StashConfigurationError(
            f"{name} is no snapshot: {error}", hint="Take one: stashsync snapshot FILE."
        ) from error
    return Snapshot(server, State(objects), found.redacted)
