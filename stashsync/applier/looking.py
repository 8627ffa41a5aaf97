"""Look at the objects of a document again before it is sent: has another client changed them?

Only objects that the server has already are looked at, and of them what the plan still replaces:
one query for each kind in the document, while the document before is on its way.

Source: docs/planning-rules.md#looking-again
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Container, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final

from stashsync.applier.belonging import belonging_to
from stashsync.client.core import Core
from stashsync.errors import StashGraphQLError
from stashsync.fields import Value
from stashsync.kinds import ENTITIES, KINDS, FieldSpec
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Create, Merge, Update
from stashsync.planner.changes import Bearers, token_of
from stashsync.planner.expectation import Expectation, Identity
from stashsync.state import Resource
from stashsync.store.rows import rows_by_id
from stashsync.wire import documents

IMAGES_AT_ONCE: Final = 8
"""Conditional requests in flight: the server reads with ten connections."""


class Looking:
    """Compares the objects of a run with what its plan leads to."""

    def __init__(self, expectation: Expectation, client: Core) -> None:
        self._expectation = expectation
        self._plan = expectation.plan
        self._client = client
        self._slots = asyncio.Semaphore(IMAGES_AT_ONCE)

    async def moved(self, operations: Iterable[int], under_way: Container[int]) -> list[Outcome]:
        """Return the outcomes of those operations whose objects another client has changed.

        `under_way` has the operations that are under way at any time since this call: what is read
        may be from before them or after them.

        Raises:
            StashError: the objects could not be read.
        """
        reads = {index: list(self._expectation.reads(index)) for index in operations}
        wanted: dict[str, dict[str, frozenset[str]]] = {}
        for (kind, token), fields in chain.from_iterable(reads.values()):
            of_kind = wanted.setdefault(kind, {})
            of_kind[token] = of_kind.get(token, frozenset()) | fields
        now: dict[Identity, Resource] = {}
        for found in await asyncio.gather(*(self._read(*each) for each in wanted.items())):
            now |= found
        outcomes = []
        for index, objects in reads.items():
            texts = await self._differences(index, now, under_way) if objects else []
            if texts:
                outcomes.append(Outcome(index, Status.MOVED, "; ".join(texts)))
        return outcomes

    async def _differences(
        self, index: int, now: Mapping[Identity, Resource], under_way: Container[int]
    ) -> list[str]:
        """Describe what another client did to the objects of an operation."""
        operation = self._plan.operations[index]
        change = self._plan.changes[operation.change]
        me = (change.kind, token_of(change))
        texts = [
            found.text.lstrip(": ") if found.about == me else str(found)
            for found in self._expectation.differences(change, now, under_way)
        ]
        if isinstance(change, Merge) and not change.native and not operation.content:
            content = await belonging_to(change, self._client)
            texts += [
                f"another {kind} belongs to those merged into it now"
                for kind, ids in content.items()
                if not set(ids) <= set(change.content.get(kind, ()))
            ]
        if operation.content and isinstance(change, Create | Update):
            texts += await self._rewritten(change.bearers[int(operation.content)])
        return texts

    @cached_property
    def _given(self) -> Mapping[tuple[str, str, tuple[str, ...]], set[str]]:
        """What the plan lets each of what no manifest has refer to, by kind, field and ids."""
        found = defaultdict[tuple[str, str, tuple[str, ...]], set[str]](set)
        for change in self._plan.changes:
            for each in change.bearers if isinstance(change, Create | Update) else ():
                found[each.kind, each.field, each.ids].add(each.after)
        return found

    async def _rewritten(self, bearers: Bearers) -> list[str]:
        """Describe what another client did to a list that is about to be written whole."""
        if not bearers.members:
            return []
        kind, server = ENTITIES[bearers.kind], await self._client.capabilities()
        spec = kind.fields[bearers.field]
        rows = await rows_by_id(self._client, kind, bearers.ids, [spec.selection(server)])
        ids, given = self._expectation.ids, self._given[bearers.kind, bearers.field, bearers.ids]
        known = {token: extra for token, extra in bearers.members if token not in given}
        given = {ids.get(token, token) for token in given}
        for identifier, row in zip(bearers.ids, rows, strict=True):
            if row is None:
                return [f"the {kind.name} {identifier} is gone"]
            now = dict(spec.meaning.read(row[spec.output]))
            target = spec.meaning.references() or ""
            if known != {
                each: extra
                for each, extra in now.items()
                if each not in given and (target, each) not in self._expectation.removed
            }:
                return [
                    f"the {spec.name} of {kind.name} {identifier} changed on the server meanwhile"
                ]
        return []

    # -- reading --------------------------------------------------------------------------------

    async def _read(
        self, kind_name: str, wanted: Mapping[str, frozenset[str]]
    ) -> dict[Identity, Resource]:
        """Read objects of one kind, by their tokens; those that are gone are left out."""
        kind, server = KINDS[kind_name], await self._client.capabilities()
        names = frozenset(kind.key_fields).union(*wanted.values())
        specs = [
            spec
            for spec in kind.fields.values()
            if spec.name in names and kind.supports(spec, server)
        ]
        ids = [self._expectation.ids.get(token, token) for token in wanted]
        chosen = [spec.selection(server) for spec in specs]
        text = documents.find_by_ids(kind, (), server, chosen)
        rows: Sequence[dict[str, Any] | None]
        if kind.saved_whole:  # no query finds several by their ids
            rows = await rows_by_id(self._client, kind, ids, chosen)
            return await self._resources(kind_name, wanted, rows, specs)
        try:
            # The quick way; it fails whole where an object is gone
            # (docs/stash-behaviour.md#find-by-ids).
            rows = (await self._client.execute(text, {"ids": ids}))["found"]["rows"]
        except StashGraphQLError:
            rows = await rows_by_id(self._client, kind, ids, chosen)
        return await self._resources(kind_name, wanted, rows, specs)

    async def _resources(
        self,
        kind_name: str,
        wanted: Mapping[str, frozenset[str]],
        rows: Sequence[dict[str, Any] | None],
        specs: Sequence[FieldSpec],
    ) -> dict[Identity, Resource]:
        kind = KINDS[kind_name]
        plain = [
            (spec.name, spec.output, spec.meaning.read) for spec in specs if spec not in kind.images
        ]
        images = [spec for spec in specs if spec in kind.images]
        found: dict[Identity, Resource] = {}
        looks: list[Awaitable[None]] = []
        for (token, fields), row in zip(wanted.items(), rows, strict=True):
            if row is None:
                continue
            values: dict[str, Value] = {name: read(row[output]) for name, output, read in plain}
            me = (kind_name, token)
            found[me] = Resource(kind_name, kind.key(values), values, row["id"])
            looks += [
                self._look_at_image(values, me, spec.name, row[spec.output])
                for spec in images
                if spec.name in fields
            ]
        await asyncio.gather(*looks)
        return found

    async def _look_at_image(
        self, values: dict[str, Value], me: Identity, name: str, path: str | None
    ) -> None:
        values[name] = await self._image(me, name, path)

    async def _image(self, me: Identity, name: str, path: str | None) -> Value:
        """Read an image as it is observed: its ETag, or None. Content is never transferred."""
        if not path or "default=true" in path:
            return None
        update = self._expectation.updates.get(me)
        change = update.changes.get(name) if update is not None else None
        sides = (change.before or {}, change.after or {}) if change is not None else ({}, {})
        known = sides[0].get("etag") or sides[1].get("md5")
        if not known:
            return {"etag": ""}
        async with self._slots:
            return {"etag": await self._client.transport.etag(path, known) or ""}
