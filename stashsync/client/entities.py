"""What the mixins of all kinds have in common, by the table of a kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from stashsync.client.base import ClientBase
from stashsync.client.identifiers import identifier as as_id
from stashsync.client.identifiers import identifiers
from stashsync.errors import StashError

if TYPE_CHECKING:
    from stashsync.entities import Entity
    from stashsync.store.reading import Rows

T = TypeVar("T", bound="Entity")
C = TypeVar("C")

PER_PAGE: Final = 40


@dataclass(frozen=True, slots=True)
class Found(Generic[C]):
    """One page of objects, `items`, and the `count` of those on all pages."""

    count: int
    items: list[C]

    def __iter__(self) -> Iterator[C]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)


class EntitiesMixin(ClientBase):
    """Reads and writes of any kind.

    A flag of a filter may be given as a criterion, `{"value": False, "modifier": "EQUALS"}`; the
    server wants the value alone, and gets it. Failures are raised, never an empty result.
    """

    async def _find(self, model: type[T], identifier: str | int) -> T | None:
        wanted = as_id(identifier)
        (found,) = await self.identity_map.reader.each(model, [wanted])
        if found is None:
            self.identity_map.forget(model, wanted)
        return found

    async def _page(
        self,
        model: type[T],
        where: Mapping[str, Any] | None,
        filter_: Mapping[str, Any] | None,
        q: str | None,
        page: int | None,
        per_page: int | None,
    ) -> Rows[T]:
        from stashsync.store.filters import unwrap

        given = {"q": q, "page": page, "per_page": per_page}
        find: dict[str, Any] = {
            "page": 1,
            "per_page": PER_PAGE,
            **(filter_ or {}),
            **{name: value for name, value in given.items() if value is not None},
        }
        if find["page"] < 1:
            raise ValueError(f"pages count from 1: there is no page {find['page']}")
        wanted = unwrap(model.kind().filter_type, where) if where else None
        return await self.identity_map.reader.page(model, wanted, find)

    async def _create(self, model: type[T], given: T | Mapping[str, Any]) -> T:
        kind = model.kind()
        if isinstance(given, Mapping):
            return await self._mutated(model, kind.create_mutation, kind.create_input, given)
        if not isinstance(given, model):
            raise TypeError(f"wants a {model.__name__} or its input, not {given!r}")
        if not given.is_new():
            raise ValueError(f"{given!r} has been created already")
        await self.unit_of_work.save(given, read_back=True)
        known: T = self.identity_map.table(model).get(given.id, given)
        return known

    async def _update(self, model: type[T], given: T | Mapping[str, Any]) -> T:
        if not isinstance(given, Mapping):
            if given.is_new():
                raise ValueError(f"{given!r} cannot be changed: no server knows it")
            await self.unit_of_work.save(given)
            return given
        kind = model.kind()
        if not given.get("id"):
            raise ValueError(f"an update of a {kind.type_name} needs its id")
        return await self._mutated(model, kind.update_mutation, kind.update_input, given)

    async def _mutated(
        self, model: type[T], mutation: str, input_type: str, value: Mapping[str, Any]
    ) -> T:
        """Run a mutation by its input and return the object that it answers with."""
        from stashsync.store.selections import row_selection

        selection = row_selection(model.kind(), await self.capabilities())
        row = await self.mutate(mutation, "input", f"{input_type}!", dict(value), selection)
        if not row:
            about = f": {value['id']} is not there" if "id" in value else ""
            raise StashError(f"{mutation} changed nothing{about}")
        return self.identity_map.decode(model, [row])[0]

    async def _destroy(self, model: type[Entity], given: Mapping[str, Any] | str | int) -> bool:
        options: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {"id": given}
        mutations = model.kind().mutations
        only = options.pop("id", None)
        several = mutations.destroy_argument == "ids"
        ids = identifiers(options.pop("ids", None) or [only]) if several else [as_id(only)]
        argument, type_name, value = mutations.destroying(ids, options)
        done = await self.mutate(mutations.destroy, argument, type_name, value, "")
        if done:
            self.identity_map.deleted(model, ids)
        return bool(done)

    async def _destroy_ids(
        self, model: type[Entity], mutation: str, ids: Sequence[str | int]
    ) -> bool:
        wanted = identifiers(ids)
        done = await self.mutate(mutation, "ids", "[ID!]!", wanted, "")
        if done:
            self.identity_map.deleted(model, wanted)
        return bool(done)

    async def _destroy_many(
        self,
        model: type[Entity],
        mutation: str,
        type_name: str,
        given: Mapping[str, Any] | Sequence[str | int],
    ) -> bool:
        value: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {"ids": given}
        value["ids"] = wanted = identifiers(value.get("ids"))
        done = await self.mutate(mutation, "input", type_name, value, "")
        if done:
            self.identity_map.deleted(model, wanted)
        return bool(done)

    async def _bulk(
        self, model: type[T], given: Mapping[str, Any], return_fields: str | None
    ) -> list[T]:
        from stashsync.store.selections import row_selection

        kind = model.kind()
        if not isinstance(given, Mapping):
            raise TypeError(f"wants a dict of ids and values, not {given!r}")
        if given.get("ids") is None:
            raise ValueError(f"a bulk update of {kind.type_name}s needs their ids")
        if return_fields is not None and not isinstance(return_fields, str):
            raise TypeError(f"return_fields is a text, 'id name', not {return_fields!r}")
        if not given["ids"]:
            return []
        selection = return_fields
        if selection is None:
            selection = row_selection(kind, await self.capabilities())
        elif "id" not in selection.split():
            selection = f"id {selection}"
        value = {name: _bulk_value(name, item) for name, item in given.items()}
        rows = await self.mutate(
            kind.bulk_mutation, "input", f"{kind.bulk_input}!", value, selection
        )
        found = self.identity_map.decode(model, rows or [])
        if return_fields is not None:
            self.identity_map.grow_old(model, [item.id for item in found])
        return found

    async def _merge(
        self,
        model: type[T],
        source: Sequence[str | int] | Mapping[str, Any],
        destination: str | int | None,
        values: Mapping[str, Any] | None = None,
    ) -> T:
        value: dict[str, Any]
        if isinstance(source, Mapping):
            value = {**source, "source": identifiers(source.get("source"))}
        elif destination is None:
            raise ValueError("a merge needs its destination")
        else:
            value = {"source": identifiers(source), "destination": as_id(destination)}
        if values is not None:
            value["values"] = dict(values)
        mutations = model.kind().mutations
        server = await self.capabilities()
        if not server.has_mutation(mutations.merge):
            raise server.lacks(mutations.merge)
        merged = await self._mutated(model, mutations.merge, mutations.merge_input, value)
        sources = self.identity_map.deleted(model, value["source"])
        self.identity_map.merged(sources, merged)
        if value.get(
            "values"
        ):  # the answer has the old ones: docs/stash-behaviour.md#performer-merge
            await self.identity_map.reader.each(model, [merged.id])
        return merged


def _bulk_value(name: str, value: Any) -> Any:
    """Return a value as a bulk update takes it: a list becomes `{"ids": …, "mode": "SET"}`."""
    if isinstance(value, str | Mapping) or not isinstance(value, Collection):
        return value
    if name == "ids":
        return identifiers(value)
    if name.endswith("_ids") and name != "stash_ids":
        return {"ids": identifiers(value), "mode": "SET"}
    return {"values": list(value), "mode": "SET"}
