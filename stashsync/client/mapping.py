"""From names and objects to ids, in their order; what is missing can be created on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from stashsync import entities
from stashsync.client.base import ClientBase
from stashsync.client.name_lookup import Wanted, look_up
from stashsync.fields.names import fold, trim
from stashsync.kinds import Kind
from stashsync.kinds.enums import OnMultipleMatch

if TYPE_CHECKING:
    from stashsync.entities import Entity, Performer, Studio, Tag

First: TypeAlias = Literal[OnMultipleMatch.RETURN_FIRST, OnMultipleMatch.RETURN_LIST]
FIRST = OnMultipleMatch.RETURN_FIRST
Named: TypeAlias = str | Mapping[str, Any]
"""A name, or the values of an object by the names of its fields."""


class MappingMixin(ClientBase):
    """Names and objects to ids.

    All three methods take names, objects and inputs (dicts), mixed, and give one id for each, at
    its place. An object that the server has stands for itself, and an input with an id for that; a
    new one, and a name, for what has that name, or else that alias, ASCII case and white space
    around it aside. Where there is nothing of that name, `create` makes it (a new object with all
    its values, all in one batch); without `create` its place is None. Where a name means several,
    `on_multiple` decides: the first (one without disambiguation, then that of the lowest id), or
    none. Tasks that miss the same names at once make them once, and an object that is being saved
    meanwhile is waited for. The server compares names like that, too
    (docs/stash-behaviour.md#names), but takes `_` and `%` for wildcards; here they mean themselves.

    Raises of all three:
        StashBatchError: not everything could be created; what could has its ids in the account.
        StashError: the server could not be asked, and nothing was created.
        ValueError: a name is blank, or a new object refers to others that are not saved yet.
        TypeError: an item is no name, no object of the kind and no input.
    """

    @overload
    async def map_tag_ids(
        self, items: Iterable[Named | Tag], create: Literal[True], on_multiple: First = ...
    ) -> list[str]: ...
    @overload
    async def map_tag_ids(
        self, items: Iterable[Named | Tag], create: bool = ..., on_multiple: OnMultipleMatch = ...
    ) -> list[str | None]: ...
    async def map_tag_ids(
        self,
        items: Iterable[Named | Tag],
        create: bool = False,
        on_multiple: OnMultipleMatch = FIRST,
    ) -> list[Any]:
        """Return the ids of these tags, names or objects, each at its place; None for none.

        `create` makes those instead, in one batch. Names are looked for among names, then aliases,
        250 in one request. More at `MappingMixin`.

        Raises:
            StashBatchError, StashError, ValueError, TypeError: as `MappingMixin`.
        """
        return await map_ids(self, entities.Tag, items, create=create, on_multiple=on_multiple)

    @overload
    async def map_studio_ids(
        self, items: Iterable[Named | Studio], create: Literal[True], on_multiple: First = ...
    ) -> list[str]: ...
    @overload
    async def map_studio_ids(
        self,
        items: Iterable[Named | Studio],
        create: bool = ...,
        on_multiple: OnMultipleMatch = ...,
    ) -> list[str | None]: ...
    async def map_studio_ids(
        self,
        items: Iterable[Named | Studio],
        create: bool = False,
        on_multiple: OnMultipleMatch = FIRST,
    ) -> list[Any]:
        """Return the ids of these studios, names or objects, each at its place; None for none.

        `create` makes those instead, in one batch. Names are looked for among names, then aliases,
        250 in one request. More at `MappingMixin`.

        Raises:
            StashBatchError, StashError, ValueError, TypeError: as `MappingMixin`.
        """
        return await map_ids(self, entities.Studio, items, create=create, on_multiple=on_multiple)

    @overload
    async def map_performer_ids(
        self, items: Iterable[Named | Performer], create: Literal[True], on_multiple: First = ...
    ) -> list[str]: ...
    @overload
    async def map_performer_ids(
        self,
        items: Iterable[Named | Performer],
        create: bool = ...,
        on_multiple: OnMultipleMatch = ...,
    ) -> list[str | None]: ...
    async def map_performer_ids(
        self,
        items: Iterable[Named | Performer],
        create: bool = False,
        on_multiple: OnMultipleMatch = FIRST,
    ) -> list[Any]:
        """Return the ids of these performers, names or objects, in place; None for none.

        `create` makes those instead, in one batch. Names are looked for among names, then aliases,
        250 in one request. Where one means several, `on_multiple` takes the first, or none. More at
        `MappingMixin`.

        Raises:
            StashBatchError, StashError, ValueError, TypeError: as `MappingMixin`.
        """
        return await map_ids(
            self, entities.Performer, items, create=create, on_multiple=on_multiple
        )


async def map_ids(
    client: ClientBase,
    model: type[Entity],
    items: Iterable[Named | Entity],
    *,
    create: bool = False,
    on_multiple: OnMultipleMatch = FIRST,
) -> list[str | None]:
    """Return the ids of names or objects of `model`, in their order. See `MappingMixin`."""
    if isinstance(items, str):
        raise TypeError(f"wants a list of names, not the one name {items!r}")
    on_multiple = OnMultipleMatch(on_multiple)
    kind = model.kind()
    asked = [_asked(model, item) for item in items]
    wanted: dict[Any, Wanted] = {}
    objects: dict[Any, Entity] = {}
    for item, sought in asked:
        if isinstance(sought, Wanted):
            wanted.setdefault(sought.key, sought)
            if isinstance(item, entities.Entity):
                objects.setdefault(sought.key, item)
    lock = client.names_lock
    seen = lock.generation
    ids = await _known(client, kind, wanted, on_multiple)
    missing = {key: sought for key, sought in wanted.items() if key not in ids}
    if create and missing:
        async with lock.lock:
            if lock.generation > seen:  # another task may have created some meanwhile
                ids |= await _known(client, kind, missing, on_multiple)
                missing = {key: sought for key, sought in missing.items() if key not in ids}
            lock.generation += 1
            ids |= await _create(client, model, missing, objects)
    return [ids.get(sought.key) if isinstance(sought, Wanted) else sought for _, sought in asked]


async def _known(
    client: ClientBase, kind: Kind, wanted: dict[Any, Wanted], on_multiple: OnMultipleMatch
) -> dict[Any, str | None]:
    """Return the ids of what exists, by key; None where a name means several and none is taken."""
    ids: dict[Any, str | None] = {}
    rows = await look_up(client.execute, kind, list(wanted.values()))
    for key, meant in zip(wanted, rows, strict=True):
        if len(meant) == 1 or (meant and on_multiple is not OnMultipleMatch.RETURN_NONE):
            ids[key] = str(meant[0]["id"])
        elif meant:
            ids[key] = None
    return ids


def _asked(model: type[Entity], item: Named | Entity) -> tuple[str | Entity, str | Wanted]:
    """Return an item with its id or, without one, what to look for."""
    if isinstance(item, str):
        return item, Wanted(_name(model, item))
    if isinstance(item, Mapping):
        if item.get("id"):
            return str(item["id"]), str(item["id"])
        item = model.new(**item)
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


async def _create(
    client: ClientBase, model: type[Entity], missing: dict[Any, Wanted], objects: dict[Any, Entity]
) -> dict[Any, str]:
    """Create what is missing, in one batch; return the ids by key."""
    given = {key: objects[key] for key in missing if key in objects}
    aliases = {
        (fold(trim(alias)), None): entity
        for entity in given.values()
        for alias in getattr(entity, "aliases", None) or ()
    }
    new = {
        key: given.get(key) or aliases.get(key) or model.new(name=item.name)
        for key, item in missing.items()
    }
    await client.unit_of_work.flush(new.values(), cascade=False)
    return {key: item.id for key, item in new.items()}
