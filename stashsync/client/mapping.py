"""From names and objects to ids, in their order; what is missing can be created on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias, overload

from stashsync.client.base import ClientBase
from stashsync.client.name_lookup import Wanted, look_up
from stashsync.entities import Entity, Performer, Studio, Tag
from stashsync.entities.models import model_of
from stashsync.entities.saving import Write
from stashsync.entities.underway import saving, wait_for_others
from stashsync.errors import StashBatchError
from stashsync.fields.names import fold, trim
from stashsync.graph import arrange
from stashsync.kinds import Kind
from stashsync.kinds.enums import OnMultipleMatch
from stashsync.outcomes import Status
from stashsync.store.waves import patterns_first
from stashsync.wire.operations import BatchOperation

First: TypeAlias = Literal[OnMultipleMatch.RETURN_FIRST, OnMultipleMatch.RETURN_LIST]
FIRST = OnMultipleMatch.RETURN_FIRST


class MappingMixin(ClientBase):
    """Names and objects to ids.

    All three methods take names and objects, mixed, and give one id for each, at its place. An
    object that the server has stands for itself; a new one, and a name, for what has that name, or
    else that alias, ASCII case and white space around it aside. Where there is nothing of that
    name, `create` makes it (a new object with all its values, all in one batch); without `create`
    its place is None. Where a name means several, `on_multiple` decides: the first (one without
    disambiguation, then that of the lowest id), or none. Tasks that miss the same names at once
    make them once, and an object that is being saved meanwhile is waited for. The server compares
    names like that, too (docs/stash-behaviour.md#names), but takes `_` and `%` for wildcards; here
    they mean themselves.

    Raises of all three:
        StashBatchError: not everything could be created; what could has its ids in the account.
        StashError: the server could not be asked, and nothing was created.
        ValueError: a name is blank, or a new object refers to others that are not saved yet.
        TypeError: an item is neither a name nor an object of the kind.
    """

    @overload
    async def map_tag_ids(
        self, items: Iterable[str | Tag], create: Literal[True], on_multiple: First = ...
    ) -> list[str]: ...
    @overload
    async def map_tag_ids(
        self, items: Iterable[str | Tag], create: bool = ..., on_multiple: OnMultipleMatch = ...
    ) -> list[str | None]: ...
    async def map_tag_ids(
        self,
        items: Iterable[str | Tag],
        create: bool = False,
        on_multiple: OnMultipleMatch = FIRST,
    ) -> list[Any]:
        """The ids of these tags, names or objects, each at its place; None where there is none.

        `create` makes those instead, in one batch. Names are looked for among names, then aliases,
        250 in one request. More at `MappingMixin`.

        Raises:
            StashBatchError, StashError, ValueError, TypeError: as `MappingMixin` says.
        """
        return await map_ids(self, Tag, items, create=create, on_multiple=on_multiple)

    @overload
    async def map_studio_ids(
        self, items: Iterable[str | Studio], create: Literal[True], on_multiple: First = ...
    ) -> list[str]: ...
    @overload
    async def map_studio_ids(
        self, items: Iterable[str | Studio], create: bool = ..., on_multiple: OnMultipleMatch = ...
    ) -> list[str | None]: ...
    async def map_studio_ids(
        self,
        items: Iterable[str | Studio],
        create: bool = False,
        on_multiple: OnMultipleMatch = FIRST,
    ) -> list[Any]:
        """The ids of these studios, names or objects, each at its place; None where there is none.

        `create` makes those instead, in one batch. Names are looked for among names, then aliases,
        250 in one request. More at `MappingMixin`.

        Raises:
            StashBatchError, StashError, ValueError, TypeError: as `MappingMixin` says.
        """
        return await map_ids(self, Studio, items, create=create, on_multiple=on_multiple)

    @overload
    async def map_performer_ids(
        self, items: Iterable[str | Performer], create: Literal[True], on_multiple: First = ...
    ) -> list[str]: ...
    @overload
    async def map_performer_ids(
        self,
        items: Iterable[str | Performer],
        create: bool = ...,
        on_multiple: OnMultipleMatch = ...,
    ) -> list[str | None]: ...
    async def map_performer_ids(
        self,
        items: Iterable[str | Performer],
        create: bool = False,
        on_multiple: OnMultipleMatch = FIRST,
    ) -> list[Any]:
        """The ids of these performers, names or objects, each at its place; None for none.

        `create` makes those instead, in one batch. Names are looked for among names, then aliases,
        250 in one request. Where one means several, `on_multiple` takes the first, or none. More at
        `MappingMixin`.

        Raises:
            StashBatchError, StashError, ValueError, TypeError: as `MappingMixin` says.
        """
        return await map_ids(self, Performer, items, create=create, on_multiple=on_multiple)


async def map_ids(
    client: ClientBase,
    model: type[Entity],
    items: Iterable[str | Entity],
    *,
    create: bool = False,
    on_multiple: OnMultipleMatch = FIRST,
) -> list[str | None]:
    """The ids of `items`, in their order: names or objects of `model`. See `MappingMixin`."""
    if isinstance(items, str):
        raise TypeError(f"wants a list of names, not the one name {items!r}")
    on_multiple = OnMultipleMatch(on_multiple)
    kind = model.kind()
    asked = [_asked(model, item) for item in items]
    wanted: dict[Any, Wanted] = {}
    objects: dict[Any, Entity] = {}
    for item, one in asked:
        if isinstance(one, Wanted):
            wanted.setdefault(one.key, one)
            if isinstance(item, Entity):
                objects.setdefault(one.key, item)
    turns = client._creating
    seen = turns.taken
    ids = await _known(client, kind, wanted, on_multiple)
    missing = {key: one for key, one in wanted.items() if key not in ids}
    if create and missing:
        async with turns.lock:
            if turns.taken > seen:  # another task may have made some since they were looked for
                ids |= await _known(client, kind, missing, on_multiple)
                missing = {key: one for key, one in missing.items() if key not in ids}
            turns.taken += 1
            new = {key: one for key, one in objects.items() if key in missing}
            await wait_for_others(new.values())  # who are being saved meanwhile
            ids |= {key: one.id for key, one in new.items() if not one.is_new()}
            missing = {key: one for key, one in missing.items() if key not in ids}
            new = {key: one for key, one in new.items() if key in missing}
            called = _called(missing, new)
            made = {key: one for key, one in missing.items() if key not in called}
            with saving([*new.values()]):
                ids |= await _create(client, kind, made, new)
            ids |= {key: ids[other] for key, other in called.items()}
    return [ids.get(one.key) if isinstance(one, Wanted) else one for _, one in asked]


async def _known(
    client: ClientBase, kind: Kind, wanted: dict[Any, Wanted], on_multiple: OnMultipleMatch
) -> dict[Any, str | None]:
    """The ids of what is there, by key; None where one means several and none is to be taken."""
    ids: dict[Any, str | None] = {}
    rows = await look_up(client.execute, kind, list(wanted.values()))
    for key, meant in zip(wanted, rows, strict=True):
        if len(meant) == 1 or (meant and on_multiple is not OnMultipleMatch.RETURN_NONE):
            ids[key] = str(meant[0]["id"])
        elif meant:
            ids[key] = None
    return ids


def _asked(model: type[Entity], item: str | Entity) -> tuple[str | Entity, str | Wanted]:
    """The item, with its id where it has one, else what is to be looked for."""
    if isinstance(item, str):
        return item, Wanted(_name(model, item))
    if not isinstance(item, model):
        raise TypeError(f"wants names or objects of {model.__name__}, not {item!r}")
    if not item.is_new():
        return item, str(item.id)
    name = _name(model, getattr(item, "name", "") or "")
    further = [getattr(item, field) or "" for field in model.kind().key_fields[1:]]
    return item, Wanted(name, trim("".join(further)) if any(further) else None)


def _name(model: type[Entity], text: str) -> str:
    name = trim(text)
    if not name:
        raise ValueError(f"the name of a {model.__name__} cannot be blank")
    return name


def _called(missing: dict[Any, Wanted], new: dict[Any, Entity]) -> dict[Any, Any]:
    """The missing names that are aliases of objects about to be made, with those objects' keys."""
    aliases = {
        (fold(trim(alias)), None): key
        for key, entity in new.items()
        for alias in getattr(entity, "aliases", None) or ()
    }
    return {key: aliases[key] for key in missing if key in aliases and key not in new}


async def _create(
    client: ClientBase,
    kind: Kind,
    missing: dict[Any, Wanted],
    new: dict[Any, Entity],
) -> dict[Any, str]:
    """Make what is missing, in one batch; the ids by key."""
    keys = _in_order(kind, list(missing))
    server = await client.capabilities()
    writes: dict[Any, Write] = {}
    for key in keys:
        entity = new.get(key)
        if entity is None:
            continue
        if unsaved := entity.unsaved_references():
            raise ValueError(f"save {unsaved[0]!r} first: {entity!r} refers to it")
        write = entity.pending_write(server)
        assert write is not None, "a new object always has something to save"
        writes[key] = write
    operations = [_operation(kind, missing[key], writes.get(key)) for key in keys]
    try:
        await client.execute_batch(operations)
    except StashBatchError:
        _settle(keys, operations, writes)
        raise
    _settle(keys, operations, writes)
    return {key: str(done.result["id"]) for key, done in zip(keys, operations, strict=True)}


def _operation(kind: Kind, wanted: Wanted, write: Write | None) -> BatchOperation:
    if write is None:
        value: dict[str, Any] = {"name": wanted.name}
        return BatchOperation(kind.create_mutation, f"{kind.create_input}!", {"input": value})
    return BatchOperation(
        write.mutation, write.type_name, {write.argument: write.value}, write.selection
    )


def _settle(
    keys: Sequence[Any], operations: Sequence[BatchOperation], writes: dict[Any, Write]
) -> None:
    """Give the new objects that were made their ids."""
    for key, operation in zip(keys, operations, strict=True):
        if key in writes and operation.status is Status.APPLIED:
            writes[key].settle(operation.result)


def _in_order(kind: Kind, keys: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Names that the server reads as patterns before those that they match."""
    names = [(n, model_of(kind.name), name) for n, (name, _) in enumerate(keys)]
    order = arrange(range(len(keys)), list(patterns_first(names)))
    return [keys[n] for n in [*(part for step in order.steps for part in step), *order.stuck]]
