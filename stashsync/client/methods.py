"""The methods that every kind has: each written once, for any kind.

    @method("find_$name")                                TagClientMixin.find_tag(tag_id)
    async def find(client, model: type[T], entity_id)    SceneClientMixin.find_scene(scene_id)
        "Return the $noun with this id …"          …

`kinds.py` makes the methods of a kind from these functions and the kind's table. In parameters,
`entity` becomes the kind's name; in annotations, `T` its class; in docstrings, `$noun` the word for
it (docs/adr/0025-methods-of-a-kind-are-derived.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct

from stashsync.client.base import ClientBase
from stashsync.client.found import Found, result_class
from stashsync.client.identifiers import identifier, identifiers
from stashsync.errors import StashError
from stashsync.kinds import Kind
from stashsync.wire.documents import find_each

if TYPE_CHECKING:
    from stashsync.entities import Entity

T = TypeVar("T", bound="Entity")
Written = TypeVar("Written", bound=Callable[..., Awaitable[Any]])

PER_PAGE: Final = 40


class Method(Struct, frozen=True):
    """A method of the kinds for which `when` is true; `name` has placeholders."""

    name: str
    run: Callable[..., Awaitable[Any]]
    when: Callable[[Kind], object]


METHODS: Final[list[Method]] = []
"""All of them, in the order in which they are listed."""


def method(
    name: str, when: Callable[[Kind], object] = lambda _: True
) -> Callable[[Written], Written]:
    """Register a function as a method of every kind for which `when` is true."""

    def register(function: Written) -> Written:
        METHODS.append(Method(name, function, when))
        return function

    return register


@method("find_$name")
async def find(client: ClientBase, model: type[T], entity_id: str | int) -> T | None:
    """Return the $noun with this id, or None if there is none.

    Raises:
        StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
        StashConnectionError, StashServerError: no answer, or not one of the API.
    """
    wanted = identifier(entity_id)
    (found,) = await client.identity_map.reader.each(model, [wanted])
    if found is None:
        client.identity_map.forget(model, wanted)
    return found


@method("find_$names", when=lambda kind: not kind.saved_whole)
async def find_page(
    client: ClientBase,
    model: type[T],
    entity_filter: Mapping[str, Any] | None = None,
    filter_: Mapping[str, Any] | None = None,
    q: str | None = None,
    page: int | None = None,
    per_page: int | None = None,
) -> Found[T]:
    """Return one page of the matching $nouns, by id; the first 40 by default.

    `${name}_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text to
    search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for all.
    `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
    (docs/stash-behaviour.md#paging); the named arguments take precedence.

    Raises:
        ValueError: a page below 1.
        StashGraphQLError: the server refuses the filter or the order.
        StashConnectionError, StashServerError: no answer, or not one of the API.
    """
    from stashsync.store.filters import unwrap

    given = {"q": q, "page": page, "per_page": per_page}
    wanted: dict[str, Any] = {
        "page": 1,
        "per_page": PER_PAGE,
        **(filter_ or {}),
        **{name: value for name, value in given.items() if value is not None},
    }
    if wanted["page"] < 1:
        raise ValueError(f"pages count from 1: there is no page {wanted['page']}")
    kind = model.kind()
    where = unwrap(kind.filter_type, entity_filter) if entity_filter else None
    rows = await client.identity_map.reader.page(model, where, wanted)
    return result_class(kind.name)(rows.count, rows.items)


@method("find_$names", when=lambda kind: kind.saved_whole)
async def find_of_mode(client: ClientBase, model: type[T], mode: str | None = None) -> Found[T]:
    """Return all $nouns by id, or those of one `mode` by name; there are no pages.

    Modes are "SCENES", "TAGS" and so on. "GROUPS" and "MOVIES" are the same to the server
    (docs/stash-behaviour.md#criteria).

    Raises:
        StashError: the server refused it, or gave no answer.
    """
    from stashsync.store.selections import parts

    kind = model.kind()
    chosen = " ".join(["id", *parts(kind, kind.fields, await client.capabilities())])
    text = f"query All($mode: FilterMode) {{ rows: {kind.find_many}(mode: $mode) {{ {chosen} }} }}"
    rows = (await client.execute(text, {"mode": mode} if mode else None))["rows"]
    return result_class(kind.name)(len(rows), client.identity_map.decode(model, rows))


@method("create_$name", when=lambda kind: kind.creating)
async def create(client: ClientBase, model: type[T], entity: T | Mapping[str, Any]) -> T:
    """Create a $noun from an object or an input; return the object with its id.

    Raises:
        StashGraphQLError: the server refused it, for example because the name is taken.
        ValueError: it has an id already, or lacks a required value.
        TypeError: it is of another kind.
        StashError: no answer; it may or may not have been created.
    """
    kind = model.kind()
    if isinstance(entity, Mapping):
        return await _mutated(client, model, kind.create_mutation, kind.create_input, entity)
    if not isinstance(entity, model):
        raise TypeError(f"wants a {model.__name__} or its input, not {entity!r}")
    if not entity.is_new():
        raise ValueError(f"{entity!r} has been created already")
    await client.unit_of_work.save(entity, read_back=True)
    known: T = client.identity_map.table(model).get(entity.id, entity)
    return known


@method("update_$name", when=lambda kind: kind.updating)
async def update(client: ClientBase, model: type[T], entity: T | Mapping[str, Any]) -> T:
    """Update a $noun by an edited object or an input with an `id`; return the object.

    Raises:
        ValueError: it has no id, or lacks a required value.
        StashGraphQLError: the server refused it.
        StashError: there is no such object, or no answer.
    """
    if not isinstance(entity, Mapping):
        if entity.is_new():
            raise ValueError(f"{entity!r} cannot be changed: no server knows it")
        await client.unit_of_work.save(entity)
        return entity
    kind = model.kind()
    if not entity.get("id"):
        raise ValueError(f"an update of a {kind.type_name} needs its id")
    return await _mutated(client, model, kind.update_mutation, kind.update_input, entity)


async def _mutated(
    client: ClientBase, model: type[T], mutation: str, input_type: str, value: Mapping[str, Any]
) -> T:
    """Run a mutation by its input and return the object that it answers with."""
    from stashsync.store.selections import row_selection

    selection = row_selection(model.kind(), await client.capabilities())
    row = await client.mutate(mutation, "input", f"{input_type}!", dict(value), selection)
    if not row:
        about = f": {value['id']} is not there" if "id" in value else ""
        raise StashError(f"{mutation} changed nothing{about}")
    return client.identity_map.decode(model, [row])[0]


@method("${name}_destroy", when=lambda kind: kind.mutations.destroy)
async def destroy(
    client: ClientBase, model: type[Entity], input_: Mapping[str, Any] | str | int
) -> bool:
    """Delete a $noun by its id, or by an input: `$destroy_example`.

    Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

    Returns:
        Whether the server did it.

    Raises:
        ValueError: the input has options, and the mutation takes none.
        StashGraphQLError: the server refused it, for example because there is no such object.
        StashError: no answer.
    """
    options: dict[str, Any] = dict(input_) if isinstance(input_, Mapping) else {"id": input_}
    mutations = model.kind().mutations
    only = options.pop("id", None)
    several = mutations.destroy_argument == "ids"
    ids = identifiers(options.pop("ids", None) or [only]) if several else [identifier(only)]
    argument, type_name, value = mutations.destroying(ids, options)
    return await _destroyed(client, model, ids, mutations.destroy, argument, type_name, value)


@method(
    "${names}_destroy", when=lambda kind: kind.destroy_many and not kind.mutations.destroy_options
)
async def destroy_ids(client: ClientBase, model: type[Entity], ids: Sequence[str | int]) -> bool:
    """Delete several $nouns by their ids, all or none.

    Returns:
        Whether the server did it.

    Raises:
        StashGraphQLError: the server refused it and deleted none, for example because one of them
            does not exist.
        StashError: no answer.
    """
    wanted, mutation = identifiers(ids), model.kind().destroy_many
    return await _destroyed(client, model, wanted, mutation, "ids", "[ID!]!", wanted)


@method("${names}_destroy", when=lambda kind: kind.destroy_many and kind.mutations.destroy_options)
async def destroy_many(
    client: ClientBase, model: type[Entity], input_: Mapping[str, Any] | Sequence[str | int]
) -> bool:
    """Delete several $nouns, all or none, by ids or `{"ids": [...], "delete_file": True}`.

    Returns:
        Whether the server did it.

    Raises:
        StashGraphQLError: the server refused it and deleted none, for example because one of them
            does not exist.
        StashError: no answer.
    """
    kind = model.kind()
    value: dict[str, Any] = dict(input_) if isinstance(input_, Mapping) else {"ids": input_}
    value["ids"] = wanted = identifiers(value.get("ids"))
    input_type = f"{kind.type_plural}DestroyInput!"
    return await _destroyed(client, model, wanted, kind.destroy_many, "input", input_type, value)


async def _destroyed(
    client: ClientBase,
    model: type[Entity],
    ids: Sequence[str],
    mutation: str,
    argument: str,
    type_name: str,
    value: Any,
) -> bool:
    done = await client.mutate(mutation, argument, type_name, value, "")
    if done:
        client.identity_map.deleted(model, ids)
    return bool(done)


@method("bulk_${name}_update", when=lambda kind: not kind.saved_whole)
async def update_many(
    client: ClientBase,
    model: type[T],
    input_: Mapping[str, Any],
    return_fields: str | None = None,
) -> list[T]:
    """Give several $nouns the same values: `{"ids": [...], "field": value}`.

    A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place of
    "ids" for texts), "REMOVE" removes from it. All fields are read back, or only `return_fields`
    ("id"), which is much cheaper; the other fields are stale then.

    Raises:
        StashGraphQLError: the server refused it, and changed none of them.
        ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
        StashError: no answer.
    """
    from stashsync.store.selections import row_selection

    kind = model.kind()
    if not isinstance(input_, Mapping):
        raise TypeError(f"wants a dict of ids and values, not {input_!r}")
    if input_.get("ids") is None:
        raise ValueError(f"a bulk update of {kind.type_name}s needs their ids")
    if return_fields is not None and not isinstance(return_fields, str):
        raise TypeError(f"return_fields is a text, 'id name', not {return_fields!r}")
    if not input_["ids"]:
        return []
    selection = return_fields
    if selection is None:
        selection = row_selection(kind, await client.capabilities())
    elif "id" not in selection.split():
        selection = f"id {selection}"
    value = {name: _bulk_value(name, given) for name, given in input_.items()}
    rows = await client.mutate(kind.bulk_mutation, "input", f"{kind.bulk_input}!", value, selection)
    found = client.identity_map.decode(model, rows or [])
    if return_fields is not None:
        client.identity_map.grow_old(model, [entity.id for entity in found])
    return found


def _bulk_value(name: str, value: Any) -> Any:
    """Return a value as a bulk update takes it: a list becomes `{"ids": …, "mode": "SET"}`."""
    if isinstance(value, str | Mapping) or not isinstance(value, Collection):
        return value
    if name == "ids":
        return identifiers(value)
    if name.endswith("_ids") and name != "stash_ids":
        return {"ids": identifiers(value), "mode": "SET"}
    return {"values": list(value), "mode": "SET"}


@method("$merge", when=lambda kind: kind.mutations.merge)
async def merge(
    client: ClientBase,
    model: type[T],
    source: Sequence[str | int] | Mapping[str, Any],
    destination: str | int | None = None,
    values: Mapping[str, Any] | None = None,
) -> T:
    """Merge $nouns into another one, which replaces them everywhere; they are deleted.

    Takes ids, or the server's input: `{"source": [...], "destination": ...}`. The destination gets
    the $united of all (docs/stash-behaviour.md#$name-merge). `values` is an update input for it,
    which the server does not check; not every release takes it. A hierarchy is always united.

    Raises:
        StashCapabilityError: this release has no such merge, or takes no `values`.
        ValueError: ids without a destination.
        StashGraphQLError: the server refused it, for example because one does not exist.
        StashError: no answer, or nothing was merged.
    """
    value: dict[str, Any]
    if isinstance(source, Mapping):
        value = {**source, "source": identifiers(source.get("source"))}
    elif destination is None:
        raise ValueError("a merge needs its destination")
    else:
        value = {"source": identifiers(source), "destination": identifier(destination)}
    values = values if values is not None else value.pop("values", None)
    mutations = model.kind().mutations
    server = await client.capabilities()
    if not server.has_mutation(mutations.merge):
        raise server.lacks(mutations.merge)
    if server.has_input(mutations.merge_input, "values"):
        into = str(value["destination"])
        united = await _united_hierarchy(client, model.kind(), value["source"], into)
        if values is not None or united:
            value["values"] = {"id": into, **united, **(values or {})}
    elif values is not None:
        raise server.lacks(f"values of {mutations.merge}")
    merged = await _mutated(client, model, mutations.merge, mutations.merge_input, value)
    sources = client.identity_map.deleted(model, value["source"])
    client.identity_map.merged(sources, merged)
    if value.get("values"):  # the answer has the old ones: docs/stash-behaviour.md#performer-merge
        await client.identity_map.reader.each(model, [merged.id])
    return merged


async def _united_hierarchy(
    client: ClientBase, kind: Kind, sources: Sequence[str], destination: str
) -> dict[str, list[str]]:
    """Return what is above and below objects, those themselves left out, as input values.

    A merge that takes `values` does not unite it (docs/stash-behaviour.md#tag-merge).
    """
    upwards = kind.hierarchy
    if upwards is None or upwards.inverse is None:
        return {}
    specs = (upwards, kind.all_fields[upwards.inverse.name])
    merged = list(dict.fromkeys([destination, *sources]))
    text = find_each(kind, [f"{spec.output} {{ id }}" for spec in specs], len(merged))
    found = await client.execute(text, {f"i{n}": item for n, item in enumerate(merged)})
    rows = [row for row in found.values() if row]
    return {
        spec.input: list(
            dict.fromkeys(
                item["id"] for row in rows for item in row[spec.output] if item["id"] not in merged
            )
        )
        for spec in specs
    }
