"""Saboteurs of the store: what is read, kept and saved."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from stashsync.client.core import Core
from stashsync.entities import Performer
from stashsync.errors import StashBatchError, StashError
from stashsync.outcomes import Status
from stashsync.store import filters, reading
from stashsync.store.cache import EntityCache
from stashsync.store.filter_schema import recorded
from stashsync.store.selections import parts
from stashsync.store.store import StashEntityStore
from stashsync.wire import batches
from tests.faults.sabotage import saboteurs

SABOTEURS, brings_back = saboteurs()


@brings_back("2", "the cascade saves what is referred to, and so does the batch it is in")
def _(patch: pytest.MonkeyPatch) -> None:
    save_batch = StashEntityStore.save_batch

    async def cascade_first(self: Any, objs: Any) -> Any:
        for other in {
            unsaved_reference for obj in objs for unsaved_reference in obj.unsaved_references()
        }:
            write = other.pending_write()
            await self._client.mutate(
                write.mutation, write.argument, write.type_name, write.value, write.selection
            )
        return await save_batch(self, objs)

    patch.setattr(StashEntityStore, "save_batch", cascade_first)


@brings_back("3", "a break throws the results away")
def _(patch: pytest.MonkeyPatch) -> None:
    execute = batches.execute_batch

    async def forgetful(transport: Any, operations: Any, **options: Any) -> Any:
        try:
            return await execute(transport, operations, **options)
        except StashBatchError as error:
            if isinstance(error.__cause__, StashError):
                for operation in operations:
                    operation.settle(Status.SKIPPED, error=error.__cause__)
            raise

    patch.setattr(batches, "execute_batch", forgetful)


@brings_back("3", "what was made before the break does not hear of its id")
def _(patch: pytest.MonkeyPatch) -> None:
    save_batch = StashEntityStore.save_batch

    async def forgetful(self: Any, objs: Any) -> Any:
        ids = {obj: obj.id for obj in objs}
        try:
            return await save_batch(self, objs)
        except StashBatchError as error:
            if isinstance(error.__cause__, StashError):
                for item, before in ids.items():
                    item.update_id(before)
            raise

    patch.setattr(StashEntityStore, "save_batch", forgetful)


@brings_back("4", "a failure goes into the log, and the object is clean")
def _(patch: pytest.MonkeyPatch) -> None:
    execute = Core.execute_batch

    async def log_failures(self: Any, operations: Any, **options: Any) -> Any:
        try:
            return await execute(self, operations, **options)
        except StashBatchError as error:
            if not all(operation.mutation_name.startswith("bulk") for operation in operations):
                raise
            logging.getLogger(__name__).warning("%s", error)
            for operation in operations:
                operation.settle(Status.APPLIED)
            return error.batch_result

    patch.setattr(Core, "execute_batch", log_failures)


@brings_back("5", "a page that could not be read is an empty one")
def _(patch: pytest.MonkeyPatch) -> None:
    page = reading.Reader.page

    async def swallow(self: Any, *args: Any, **options: Any) -> reading.Rows:
        try:
            return await page(self, *args, **options)
        except StashError:
            return reading.Rows(0, [])

    patch.setattr(reading.Reader, "page", swallow)


@brings_back("5", "an object that could not be read is None")
def _(patch: pytest.MonkeyPatch) -> None:
    each = reading.Reader.each

    async def swallow(self: Any, model: Any, ids: Any, *args: Any) -> list[Any]:
        try:
            return await each(self, model, ids, *args)
        except StashError:
            return [None for _ in ids]

    patch.setattr(reading.Reader, "each", swallow)


@brings_back("5 get_or_create", "a search that failed has found nothing")
def _(patch: pytest.MonkeyPatch) -> None:
    get_or_create = StashEntityStore.get_or_create

    async def create_at_once(self: Any, model: Any, **search: Any) -> Any:
        try:
            return await get_or_create(self, model, **search)
        except StashError:
            made = model.new(**search)
            self.add(made)
            return made

    patch.setattr(StashEntityStore, "get_or_create", create_at_once)


@brings_back("6 expiry", "time passes for edited objects too")
def _(patch: pytest.MonkeyPatch) -> None:
    has_expired = StashEntityStore.has_expired

    def look_at_the_clock(self: Any, obj: Any) -> bool:
        with pytest.MonkeyPatch.context() as here:
            here.setattr(type(obj), "is_dirty", lambda self: False)
            return has_expired(self, obj)

    patch.setattr(StashEntityStore, "has_expired", look_at_the_clock)


@brings_back("8 omitted", "a first reading has the columns of a list, and nothing to compare")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "base_fields", lambda kind: frozenset(kind.key_fields))


@brings_back("8 scenes", "every performer comes with all of its scenes")
def _(patch: pytest.MonkeyPatch) -> None:
    def with_scenes(kind: Any, fields: Any, server: Any) -> list[str]:
        selected = parts(kind, fields, server)
        return [*selected, "scenes { id title }"] if kind is Performer.kind() else selected

    patch.setattr(reading, "parts", with_scenes)


@brings_back("9", "one identity map for the whole process")
def _(patch: pytest.MonkeyPatch) -> None:
    make = EntityCache.__init__
    everything: dict[Any, Any] = {}

    def share(self: Any, client: Any) -> None:
        make(self, client)
        self._tables = everything

    patch.setattr(EntityCache, "__init__", share)


@brings_back("11 flags", "a flag is compared like a number")
def _(patch: pytest.MonkeyPatch) -> None:
    criteria = filters._criteria

    def compare(key: str, field: Any, lookup: str, value: Any) -> list[Any]:
        if field.type == "Boolean" and lookup == "exact" and not isinstance(value, Mapping):
            return [{"value": value, "modifier": "EQUALS"}]
        return criteria(key, field, lookup, value)

    patch.setattr(filters, "_criteria", compare)


@brings_back("11 flags", "a filter that was written by hand goes as it stands")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(filters, "raw", lambda type_name, value: value)


@brings_back("11 names", "the entity's name of a field is taken for the filter's")
def _(patch: pytest.MonkeyPatch) -> None:
    table = recorded()["SceneFilterType"]
    studio = replace(table.fields["studios"], name="studio")
    tables = {
        **recorded().tables,
        table.name: replace(table, fields={**table.fields, "studio": studio}),
    }
    patch.setattr(recorded(), "tables", tables)


@brings_back("12 one by id", "each id has a request of its own")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "IDS_A_DOCUMENT", 1)
