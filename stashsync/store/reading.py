"""Rows of the server into the identity map: by id, by page, and single fields of known objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec import Struct

from stashsync.entities import Entity
from stashsync.entities.relation import Relation
from stashsync.kinds import Capabilities, Kind
from stashsync.store.rows import IDS_A_DOCUMENT, rows_by_id
from stashsync.store.selections import base_fields, parts, reference
from stashsync.store.slices import slices
from stashsync.wire import documents

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from stashsync.store.protocol import Client

T = TypeVar("T", bound=Entity)


class Rows(Struct, Generic[T], frozen=True):
    """One page: how many match on all pages, and the objects of this one."""

    count: int
    items: list[T]


class ReadInto(Protocol):
    """The identity map that a reader reads into."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """The lock to hold while objects change."""
        ...

    def now(self) -> float:
        """Return the present moment in the seconds of `read_at`."""
        ...

    def shed(self) -> None:
        """Make room, before more is read."""
        ...

    def decode(self, model: type[T], rows: Sequence[dict[str, Any]]) -> list[T]:
        """Return the objects of these rows."""
        ...


class Reader:
    """Reads for one identity map."""

    def __init__(self, client: Client, cache: ReadInto) -> None:
        self._client = client
        self._cache = cache

    async def page(
        self,
        model: type[T],
        where: Mapping[str, Any] | None,
        find: Mapping[str, Any],
        fields: Collection[str] | None = None,
    ) -> Rows[T]:
        """Return the objects of one page; `find` is a FindFilterType, sorted by id by default.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        kind = model.kind()
        chosen = await self._chosen(kind, fields)
        text = documents.find_page(kind, (), await self._client.capabilities(), chosen)
        order = {} if "sort" in find else {"sort": "id", "direction": "ASC"}
        variables: dict[str, Any] = {"filter": {**order, **find}}
        if where:
            variables["where"] = dict(where)
        self._cache.shed()
        found = (await self._client.execute(text, variables))["found"]
        return Rows(found["count"], self._cache.decode(model, found["rows"]))

    async def each(
        self, model: type[T], ids: Sequence[str], fields: Collection[str] | None = None
    ) -> list[T | None]:
        """Return the objects with these ids at their places, None for none.

        Raises:
            StashError: the server refused an id, or could not be asked.
        """
        kind = model.kind()
        chosen = await self._chosen(kind, fields)
        found: list[T | None] = []
        self._cache.shed()
        for batch in slices(ids, IDS_A_DOCUMENT):
            rows = await rows_by_id(self._client, kind, batch, chosen)
            objects = iter(self._cache.decode(model, [row for row in rows if row]))
            found += [next(objects) if row else None for row in rows]
        return found

    async def first_fields(self, model: type[Entity]) -> frozenset[str]:
        """Return the fields of a first reading, as far as the server has them."""
        kind, server = model.kind(), await self._client.capabilities()
        return frozenset(
            name
            for name in base_fields(kind)
            if server.has_output(kind.type_name, kind.all_fields[name].output)
        )

    async def _chosen(self, kind: Kind, fields: Collection[str] | None) -> list[str]:
        wanted = base_fields(kind) if fields is None else fields
        return parts(kind, wanted, await self._client.capabilities())

    # -- fields of known objects ----------------------------------------------------------------

    async def load(self, entities: Iterable[Entity], fields: Collection[str]) -> list[Entity]:
        """Fetch these fields of these objects; those that are not there any more.

        Two requests for each class and 250 objects at most: one by id, one by filters.

        Raises:
            StashError: the server could not be asked.
        """
        gone: list[Entity] = []
        by_model: dict[type[Entity], list[Entity]] = {}
        for entity in dict.fromkeys(entities):
            by_model.setdefault(type(entity), []).append(entity)
        for model, batch in by_model.items():
            known = model.kind().all_fields
            found_by_filter = [name for name in fields if name in known and not known[name].reads]
            direct = [name for name in fields if name in known and known[name].reads]
            for part in slices(batch, IDS_A_DOCUMENT):
                there: Sequence[Entity] = part
                if direct:
                    there = await self._load_direct(model, part, direct)
                    gone += [entity for entity in part if entity not in set(there)]
                for name in found_by_filter:
                    relation = model.__relationships__.get(name)
                    if relation is not None and relation.strategy == "filter_query" and there:
                        await self._load_far_end(relation, there)
        return gone

    async def _load_direct(
        self, model: type[Entity], entities: Sequence[Entity], fields: Collection[str]
    ) -> list[Entity]:
        kind = model.kind()
        chosen = await self._chosen(kind, fields)
        rows = await rows_by_id(self._client, kind, [entity.id for entity in entities], chosen)
        whole = base_fields(kind) <= set(fields)
        with self._cache.lock:
            for entity, row in zip(entities, rows, strict=True):
                if row is None:
                    continue
                before = entity.read_at
                entity.merge_row(row, self._cache.now())
                if not whole:  # what was not read again is as old as it was
                    entity.read_at = before
        return [entity for entity, row in zip(entities, rows, strict=True) if row is not None]

    async def _load_far_end(self, relation: Relation, owners: Sequence[Entity]) -> None:
        kind = relation.target.kind()
        server: Capabilities = await self._client.capabilities()
        text = documents.find_for_each(kind, [reference(kind.name, server)], len(owners))
        variables = {
            f"w{n}": {relation.criterion: {"value": [owner.id], "modifier": "INCLUDES"}}
            for n, owner in enumerate(owners)
        }
        data = await self._client.execute(text, variables)
        for n, owner in enumerate(owners):
            found = self._cache.decode(relation.target, data[f"n{n}"]["rows"])
            with self._cache.lock:
                owner.set_loaded(relation.name, found)
