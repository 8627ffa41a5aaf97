"""Every query and mutation of the server, as methods of `client.queries` and `client.mutations`.

    scenes = await client.queries.find_duplicate_scenes(distance=0)       list[list[Scene]]
    await client.mutations.scene_add_play(scene, times=[yesterday])

Names and arguments are in snake case. Arguments that the server requires may go by place. Inputs
have the server's names, which `stashsync.types` has as typed dicts, or their snake case; an object
of the library stands for its id, or for the input that saves it. Results are objects of the store
where they are objects of the library, and dicts otherwise. `return_fields` is another selection.

The schema is read from the server before the first call (docs/adr/0026-every-operation.md), and
`operations.pyi` shows the signatures to type checkers; `python3 dev.py docs` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, ClassVar

from stashsync import entities
from stashsync.client.base import ClientBase
from stashsync.client.identifiers import identifier
from stashsync.client.schema import ALIAS, Schema, kind_of, named
from stashsync.kinds import ENTITIES
from stashsync.kinds.wire_names import snake_case
from stashsync.store.criteria import raw
from stashsync.unset import UNSET
from stashsync.wire import api


class Operations:
    """The operations of one root, as attributes."""

    root: ClassVar[str]

    def __init__(self, client: ClientBase) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        known = api.operations(self.root)
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise AttributeError(f"no recorded release has the {self.root} {name!r}{hint}")
        return self._named(known[name])

    def __getitem__(self, name: str) -> Callable[..., Awaitable[Any]]:
        """Return an operation by the server's name, also one of a newer release."""
        return self._named(api.ApiOperation(name, {}, ""))

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *api.operations(self.root)]

    def _named(self, operation: api.ApiOperation) -> Callable[..., Awaitable[Any]]:
        async def call(*given: Any, return_fields: str | None = None, **arguments: Any) -> Any:
            places = operation.required
            if len(given) > len(places):
                raise TypeError(f"{call.__name__}() takes {len(places)} arguments by place")
            values = dict(zip(places, given, strict=False))
            return await self._call(operation.name, values | arguments, return_fields)

        call.__name__ = call.__qualname__ = snake_case(operation.name)
        call.__doc__ = f"Call `{operation.name}`."
        return call

    async def _call(
        self, name: str, arguments: Mapping[str, Any], return_fields: str | None
    ) -> Any:
        schema = await self._client.schema()
        spec = schema.operations[self.root].get(name)
        if spec is None:
            raise (await self._client.capabilities()).lacks(f"{self.root} {name}")
        values = await _Given(schema, self._client).fields(name, spec.arguments, arguments)
        chosen = f"{{ {return_fields} }}" if return_fields else schema.selection(spec.type)
        declared = ", ".join(f"${argument}: {spec.arguments[argument]}" for argument in values)
        passed = ", ".join(f"{argument}: ${argument}" for argument in values)
        text = (
            f"{self.root} {name[0].upper()}{name[1:]}{f'({declared})' if declared else ''} "
            f"{{ result: {name}{f'({passed})' if passed else ''} {chosen} }}"
        )
        data = await self._client.execute(text, values)
        self._keep_up(name, values, data["result"])
        return _Result(schema, self._client).value(spec.type, data["result"])

    def _keep_up(self, name: str, values: Mapping[str, Any], result: Any) -> None:
        """Note in the store what a mutation deleted, and let expire what else it was about."""
        given = values.get("input", values)
        if self.root == "query" or not result or not isinstance(given, Mapping):
            return
        ids: list[Any] = given["ids"] if "ids" in given else [given.get("id")]
        kinds = [kind for kind in ENTITIES.values() if kind.mutations.update]
        for kind in kinds:
            if name in (kind.mutations.destroy, kind.destroy_many):
                self._client.identity_map.deleted(getattr(entities, kind.type_name), ids)
                return
        about = [kind for kind in kinds if snake_case(name).startswith(f"{kind.snake_name}_")]
        if about:
            kind = max(about, key=lambda kind: len(kind.name))  # scene_marker_…, not scene_…
            self._client.identity_map.grow_old(getattr(entities, kind.type_name), ids)


class Queries(Operations):
    """The server's queries."""

    root = "query"


class Mutations(Operations):
    """The server's mutations."""

    root = "mutation"


def _names(entry: str) -> set[str]:
    """Return the names of an entry of the recorded table ("a:Int b:ID!"), in both spellings."""
    names = re.findall(r"(\w+):", entry)
    return {*names, *map(snake_case, names)}


class _Given:
    """Turns what a script gives into variables, by the types of the schema."""

    def __init__(self, schema: Schema, client: ClientBase) -> None:
        self._schema = schema
        self._client = client

    async def fields(
        self, owner: str, types: Mapping[str, str], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return values under the server's names, without those that are UNSET.

        Raises:
            TypeError: there is no such field.
            StashCapabilityError: a recorded release has it, and this server does not.
        """
        names = {snake_case(name): name for name in types} | {name: name for name in types}
        for unknown in given.keys() - names.keys():
            if given[unknown] is not UNSET:
                raise await self._unknown(owner, unknown, types)
        return {
            names[name]: await self._value(types[names[name]], value)
            for name, value in given.items()
            if value is not UNSET
        }

    async def _unknown(self, owner: str, name: str, types: Mapping[str, str]) -> Exception:
        recorded = api.table()
        entries = [recorded[part].get(owner, "") for part in ("query", "mutation", "inputs")]
        if any(name in _names(entry) for entry in entries):
            return (await self._client.capabilities()).lacks(f"{name} in {owner}")
        near = get_close_matches(name, types, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(types)}"
        return TypeError(f"{owner} has no {name!r}; {hint}")

    async def _value(self, type_: str, value: Any) -> Any:
        name = named(type_)
        match value:
            case None | str():
                return value
            case entities.Entity():
                return await self._object(name, value)
            case datetime():
                return value.astimezone().isoformat()
            case Mapping():
                return await self._mapping(name, value)
            case Iterable():
                return [await self._value(type_, member) for member in value]
            case _:
                return str(value) if name == "ID" else value

    async def _object(self, name: str, value: entities.Entity) -> Any:
        if self._schema.types[name].kind == "INPUT_OBJECT":
            return await value.to_input(await self._client.capabilities())
        return identifier(value)

    async def _mapping(self, name: str, value: Mapping[str, Any]) -> Any:
        if self._schema.types[name].kind == "INPUT_OBJECT":
            return await self.fields(name, _types(self._schema, name), value)
        # a flag in a filter may be written as a criterion
        return raw(name, value) if name == "Boolean" else value


def _types(schema: Schema, name: str) -> dict[str, str]:
    return {field: spec.type for field, spec in schema.types[name].fields.items()}


class _Result:
    """Turns an answer into objects of the store, enums and dicts, by the types of the schema."""

    def __init__(self, schema: Schema, client: ClientBase) -> None:
        self._schema = schema
        self._client = client

    def value(self, type_: str, value: Any) -> Any:
        """Return a value of this type."""
        if value is None:
            return None
        inner = type_.removesuffix("!")
        if inner.startswith("["):
            return self._list(inner[1:-1], value)
        if isinstance(value, dict):
            return self._object(value.get("__typename") or inner, value)
        if self._schema.types[inner].kind == "ENUM":
            return _member(inner, value)
        return value

    def _list(self, type_: str, values: list[Any]) -> list[Any]:
        kind = kind_of(named(type_))
        if (
            kind
            and kind.mutations.update
            and all(isinstance(row, dict) and "id" in row for row in values)
        ):
            model = getattr(entities, kind.type_name)
            return self._client.identity_map.decode(model, values)
        return [self.value(type_, each) for each in values]

    def _object(self, name: str, row: dict[str, Any]) -> Any:
        kind = kind_of(name)
        fields = self._schema.types[name].fields if name in self._schema.types else {}
        if not fields or (kind and kind.mutations.update and "id" not in row):
            return row
        if kind is None:
            found = {key.removeprefix(f"{name}{ALIAS}"): value for key, value in row.items()}
            return {
                key: self.value(fields[key].type, value) if key in fields else value
                for key, value in found.items()
            }
        model = getattr(entities, kind.type_name)
        if not kind.mutations.update:  # a job or a file: as it was seen
            return model.from_row(row)
        return self._client.identity_map.decode(model, [row])[0]


def _member(name: str, value: str) -> Any:
    """Return the member of an enum, or the text if no recorded release has it."""
    from stashsync.types import api as types

    enum = getattr(types, name, None)
    return enum(value) if enum is not None and value in list(enum) else value
