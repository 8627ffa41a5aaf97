"""Before-images: what a run removes or overwrites, read first, so that it can be undone.

    document ── deletes, merges ──> the whole objects that vanish, and what bears them
             ── merges ───────────> the destinations, before the first operation on them
             ── updates ──────────> the images that are replaced

The other values that an update replaces are in the plan (docs/planning-rules.md#undo).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec
from msgspec import Struct

from stashsync.client.core import Core
from stashsync.fields import Value
from stashsync.fields.references import reference_list
from stashsync.kinds import KINDS, Capabilities, FieldSpec, Kind
from stashsync.planner import Delete, Merge, Plan, Update
from stashsync.planner.bearers import bearers_are_kept, bearing
from stashsync.store.rows import IDS_A_DOCUMENT, rows_by_id
from stashsync.store.slices import slices

Identity: TypeAlias = tuple[str, str]
"""The kind and the id of an object."""


class ListPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """The place of an object in a list of another: the group in a group, the scene's group.

    `extra` is what the list has of it: a description, a number. `after` are the ids before it,
    where their order counts.
    """

    extra: Value
    after: tuple[str, ...] = ()


Referring: TypeAlias = dict[str, list[tuple[str, bool, ListPlace | None]]]
"""What refers to an object, by kind and field (`scene.tags`): the id, whether it refers to the
destination of a merge as well, and the place of the object in it, if it has one."""
IMAGES_AT_ONCE = 8
"""Images in flight: the server reads with ten connections."""


class Before(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object before a run changed it: canonical values of its fields, references by id.

    An image is `{"md5": …}` or None. `bearers` are the objects that refer to it: their ids by kind
    and field (`scene.tags`), None where they were too many to be kept. `sharing` are those of them
    that refer to the destination of its merge as well. `places` are those of the object in lists
    where it has one, by kind and field and by the id of what has the list; None in the journals of
    earlier versions.
    """

    kind: str
    id: str
    values: Mapping[str, Value]
    bearers: Mapping[str, tuple[str, ...]] | None = msgspec.field(default_factory=dict)
    sharing: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    places: Mapping[str, Mapping[str, ListPlace]] | None = None


class Images(Struct, frozen=True):
    """Before-images of one document, and the bytes of their pictures by MD5."""

    objects: Sequence[Before]
    pictures: Mapping[str, bytes]


@dataclass
class _Wanted:
    """What to read for one document, by kind and id."""

    whole: dict[Identity, str] = field(default_factory=dict)
    """Objects that vanish, with the destinations of their merges."""
    values: set[Identity] = field(default_factory=set)
    """Destinations of merges."""
    images: set[Identity] = field(default_factory=set)
    """Objects whose images are replaced."""
    many: set[Identity] = field(default_factory=set)
    """Objects that vanish and have too many bearers."""


class Keeper:
    """Reads before-images, those of each object once.

    Args:
        known: objects, by kind and id, whose before-images an earlier part of the run has kept.
    """

    def __init__(self, plan: Plan, client: Core, known: Iterable[Identity] = ()) -> None:
        self._plan = plan
        self._client = client
        self._known = set(known)
        self._merges = {
            (change.kind, change.id): change for change in plan.changes if isinstance(change, Merge)
        }
        self._slots = asyncio.Semaphore(IMAGES_AT_ONCE)

    async def read(self, operations: Iterable[int]) -> Images:
        """Read what these operations remove or overwrite.

        Raises:
            StashError: the server could not be asked; nothing may be sent.
        """
        wanted = self._wanted_by(operations)
        if not (wanted.whole or wanted.values or wanted.images):
            return Images((), {})
        server = await self._client.capabilities()
        values, bearers = await asyncio.gather(
            self._values(wanted, server), self._bearers(wanted, server)
        )
        pictures: dict[str, bytes] = {}
        found = await asyncio.gather(
            *(
                self._whole(me, *row, None if me in wanted.many else bearers.get(me, {}), pictures)
                for me, row in values.items()
            )
        )
        self._known |= {*wanted.whole, *wanted.values}  # not before: a failed reading is repeated
        return Images(found, pictures)

    def _wanted_by(self, operations: Iterable[int]) -> _Wanted:
        wanted = _Wanted()
        for index in operations:
            operation = self._plan.operations[index]
            change = self._plan.changes[operation.change]
            match change:
                case Delete() if not operation.fields:
                    gone = {(change.kind, change.id): ""}
                case Merge():
                    gone = {(change.kind, source): change.id for source, _ in change.sources}
                    wanted.values.add((change.kind, change.id))
                case Update():
                    gone = self._lifted(change, operation.fields)
                    wanted.values.update((change.kind, into) for into in gone.values())
                    if (change.kind, change.id) in self._merges and operation.fields:
                        wanted.values.add((change.kind, change.id))  # before its own update
                    images = {spec.name for spec in KINDS[change.kind].images}
                    if any(change.changes[name].before for name in images & {*operation.fields}):
                        wanted.images.add((change.kind, change.id))
                case _:
                    continue
            wanted.whole.update({me: into for me, into in gone.items() if me not in self._known})
            if isinstance(change, Delete | Merge) and not bearers_are_kept(change):
                wanted.many.update(gone)
        wanted.values -= self._known
        return wanted

    def _lifted(self, change: Update, fields: Sequence[str]) -> dict[Identity, str]:
        """Return merged objects that may be above an object which leaves them before the merge.

        The plan takes it for below the destination already (see `planner.merges`).
        """
        upwards = KINDS[change.kind].hierarchy
        if upwards is None or upwards.name not in fields or upwards.name not in change.changes:
            return {}
        above = reference_list(change.changes[upwards.name].before)
        merges = [self._merges.get((change.kind, token)) for token in above]
        return {
            (change.kind, source): merge.id
            for merge in merges
            if merge is not None
            for source, _ in merge.sources
        }

    async def _values(
        self, wanted: _Wanted, server: Capabilities
    ) -> dict[Identity, tuple[dict[str, Value], dict[str, str]]]:
        """Read values by object, and the addresses of the images among them."""
        found: dict[Identity, tuple[dict[str, Value], dict[str, str]]] = {}

        async def chunk(kind: Kind, specs: Sequence[FieldSpec], ids: Sequence[str]) -> None:
            chosen = [spec.selection(server) for spec in specs]
            rows = await rows_by_id(self._client, kind, ids, chosen)
            for identifier, row in zip(ids, rows, strict=True):
                if row is None:
                    continue
                values, paths = found.setdefault((kind.name, identifier), ({}, {}))
                for spec in specs:
                    if spec in kind.images:
                        paths[spec.name] = row[spec.output] or ""
                    else:
                        values[spec.name] = spec.meaning.read(row[spec.output])

        reads = []
        for name, kind in KINDS.items():
            fields = [spec for spec in kind.fields.values() if kind.supports(spec, server)]
            plain = [spec for spec in fields if spec not in kind.images]
            images = [spec for spec in fields if spec in kind.images]
            for objects, specs in (
                (wanted.whole, fields),
                (wanted.values - wanted.whole.keys(), plain),
                (wanted.images - wanted.whole.keys(), images),
            ):
                ids = sorted(identifier for kind_name, identifier in objects if kind_name == name)
                reads += [chunk(kind, specs, part) for part in slices(ids, IDS_A_DOCUMENT)]
        await asyncio.gather(*reads)
        return found

    async def _bearers(self, wanted: _Wanted, server: Capabilities) -> dict[Identity, Referring]:
        """Read what refers to the objects that vanish."""
        found: dict[Identity, Referring] = {}
        for name in KINDS:
            into = {
                me[1]: destination
                for me, destination in wanted.whole.items()
                if me[0] == name and me not in wanted.many
            }
            found.update(await read_bearers(self._client, server, name, into))
        return found

    async def _whole(
        self,
        me: Identity,
        values: dict[str, Value],
        paths: Mapping[str, str],
        bearers: Referring | None,
        pictures: dict[str, bytes],
    ) -> Before:
        for name, path in paths.items():
            values[name] = None
            content = None
            if path and "default=true" not in path:
                async with self._slots:
                    content = await self._client.transport.content(path)
            if content is not None:
                digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
                pictures[digest] = content
                values[name] = {"md5": digest}
        if bearers is None:
            return Before(*me, values, None, places={})
        ids = {name: tuple(sorted(each for each, *_ in found)) for name, found in bearers.items()}
        sharing = {
            name: tuple(sorted(each for each, shares, _ in found if shares))
            for name, found in bearers.items()
        }
        places = {
            name: {each: place for each, _, place in sorted(found) if place is not None}
            for name, found in bearers.items()
        }
        shared = {name: found for name, found in sharing.items() if found}
        return Before(*me, values, ids, shared, {name: at for name, at in places.items() if at})


async def read_bearers(
    client: Core, server: Capabilities, name: str, into: Mapping[str, str]
) -> dict[Identity, Referring]:
    """Read what refers to objects of a kind, by object; `into` has their ids.

    Each of those comes with whether it refers to the second object as well that `into` has, and
    with the place of the object in its list.

    Raises:
        StashError: the server could not be asked.
    """
    kind = KINDS[name]
    found: dict[Identity, Referring] = {}

    async def chunk(
        ids: Sequence[str], bearer: Kind, criterion: str, specs: Sequence[FieldSpec]
    ) -> None:
        where = {criterion: {"value": ids, "modifier": "INCLUDES"}}
        rows = await client.find_all(bearer, [spec.name for spec in specs], where=where)
        for row in rows:
            for spec in specs:
                value = spec.meaning.read(row[spec.output])
                borne = reference_list(value)
                for identifier in {*ids} & {*borne}:
                    fields = found.setdefault((name, identifier), {})
                    place = None
                    if spec.form == "memberships":
                        at = borne.index(identifier)
                        before = borne[:at] if bearer.name in KINDS else ()
                        place = ListPlace(value[at][1], tuple(before))
                    entry = (row["id"], into[identifier] in borne, place)
                    fields.setdefault(f"{bearer.name}.{spec.name}", []).append(entry)

    await asyncio.gather(
        *(
            chunk(ids, *how)
            for ids in slices(sorted(into), IDS_A_DOCUMENT)
            for how in bearing(kind, server)
        )
    )
    return found
