"""A real server on which a block finds what it finds on a sandbox: nothing, and ids from 1.

    block ── "1" ──> Shifted ── "4711" ──> server
          <── "1" ──         <── "4711" ──

SQLite never gives an id a second time, so on a server that was used every kind counts on from some
`base`. `Shifted` adds it to each id on the way there and takes it off on the way back; whose id it
is, an answer tells by `__typename`, which is asked for and taken out again, and variables tell by
their keys and types. What a block made is destroyed after it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

import graphql
import pytest

from stashsync.client import StashClient
from stashsync.errors import StashGraphQLError
from stashsync.types import ENTITIES
from stashsync.wire.exchange import Answer
from stashsync.wire.transport import Transport
from tests.support.servers import Tap

MADE = ("scene", "gallery", "performer", "studio", "group", "tag")
"""The kinds that can be made without media files; what refers to others goes first."""
_TYPES = {ENTITIES[kind].type_name: kind for kind in MADE}
_PLURALS = {ENTITIES[kind].plural: kind for kind in MADE}
_OWN = ("id", "ids", "parent_id", "parent_ids", "child_ids", "parents", "children")
_TYPE = re.compile(rf"(?:Bulk|Find)?({'|'.join(_TYPES)})(?=[A-Z]|$)")
_NAMES = [*_PLURALS, *MADE, *(one.capitalize() for one in [*_PLURALS, *MADE])]
_FIELD = re.compile(rf"(?:find|bulk)?({'|'.join(_NAMES)})(?=[A-Z]|$)")


class Shifted(Tap):
    """A transport to a server whose ids are higher than they seem, by kind."""

    def __init__(self, inner: Transport, base: Mapping[str, int]) -> None:
        super().__init__(inner)
        self.base = base

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        asked, meant = _understood(text)
        sent = {
            name: self._there(value, *meant.get(name, (name, None)))
            for name, value in (variables or {}).items()
        }
        answer = await self.inner.send(asked, sent, operation_name=operation_name)
        return replace(answer, data=self._back(answer.data, named="__typename" in text))

    def subscribe(self, *args: Any, **options: Any) -> Any:
        """As it is: jobs are not shifted."""
        return self.inner.subscribe(*args, **options)  # type: ignore[attr-defined]

    def _back(self, value: Any, *, named: bool) -> Any:
        if isinstance(value, list):
            return [self._back(one, named=named) for one in value]
        if not isinstance(value, dict):
            return value
        kind = _TYPES.get(value.get("__typename", ""))
        found = {
            key: self._back(one, named=named)
            for key, one in value.items()
            if named or key != "__typename"
        }
        if kind and "id" in found:
            found["id"] = str(int(found["id"]) - self.base[kind])
        return found

    def _there(self, value: Any, key: str, kind: str | None) -> Any:
        """A variable, or a part of one: what is below `key`, in the input of a `kind`."""
        whose = kind if key in _OWN else _named(key)
        if isinstance(value, dict):
            if key.endswith("_filter") or key in _OWN or key in _PLURALS:
                kind = whose
            return {
                one: self._there(inner, key if one in ("value", "excludes", "ids") else one, kind)
                for one, inner in value.items()
            }
        if isinstance(value, list):
            return [self._there(one, key, kind) for one in value]
        if whose is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isdecimal():
            return str(int(value) + self.base[whose])
        return value + self.base[whose] if isinstance(value, int) else value


def _named(key: str) -> str | None:
    """performer for `performer_ids`, `performers` and `performers_filter`."""
    name = re.sub(r"_(?:ids?|filter)\Z", "", key)
    return _PLURALS.get(name) or (name if name in MADE and name != key else None)


@lru_cache(maxsize=512)
def _understood(text: str) -> tuple[str, Mapping[str, tuple[str, str | None]]]:
    """The document with every `__typename`, and of each variable a key for `_there` and a kind."""
    document = graphql.parse(text)
    meant: dict[str, tuple[str, str | None]] = {}

    class Look(graphql.Visitor):
        def enter_variable_definition(self, node: graphql.VariableDefinitionNode, *_: Any) -> None:
            name = graphql.print_ast(node.type).strip("[]!")
            found = _TYPE.match(name)
            key = "ids" if name == "ID" else ""
            meant[node.variable.name.value] = key, _TYPES[found[1]] if found else None

        def enter_field(self, node: graphql.FieldNode, *_: Any) -> None:
            for one in node.arguments or ():
                found = _FIELD.match(node.name.value)
                if isinstance(one.value, graphql.VariableNode) and found:
                    name = one.value.name.value
                    key, kind = meant[name]
                    plural = found[1][0].lower() + found[1][1:]
                    meant[name] = key, kind or _PLURALS.get(plural, plural)

    graphql.visit(document, Look())
    return _with_names(text, document), meant


def _with_names(text: str, document: graphql.DocumentNode) -> str:
    """The text, asking for the name of every object's type. The rest stays as it was written."""
    places: list[int] = []

    class Sets(graphql.Visitor):
        def enter_field(self, node: graphql.FieldNode, *_: Any) -> None:
            if node.selection_set and node.selection_set.loc:
                places.append(node.selection_set.loc.end - 1)

    graphql.visit(document, Sets())
    for place in sorted(places, reverse=True):
        text = f"{text[:place]}__typename {text[place:]}"
    return text


async def _objects(client: StashClient) -> dict[str, list[int]]:
    """The ids of all objects of the kinds that are made here."""
    parts = (
        f"{kind}: find{_upper(ENTITIES[kind].plural)}(filter: {{per_page: -1}}) "
        f"{{ rows: {ENTITIES[kind].plural} {{ id }} }}"
        for kind in MADE
    )
    data = await client.execute(f"{{ {' '.join(parts)} }}")
    return {kind: [int(one["id"]) for one in data[kind]["rows"]] for kind in MADE}


async def _destroy(client: StashClient, found: Mapping[str, Iterable[int]]) -> None:
    for kind in MADE:
        ids = [str(one) for one in found[kind]]
        if not ids:
            continue
        if kind == "gallery":
            text = "mutation ($v: GalleryDestroyInput!) { galleryDestroy(input: $v) }"
            await client.execute(text, {"v": {"ids": ids}})
        elif kind == "scene":
            text = "mutation ($v: ScenesDestroyInput!) { scenesDestroy(input: $v) }"
            await client.execute(text, {"v": {"ids": ids}})
        else:
            name = ENTITIES[kind].plural
            await client.execute(f"mutation ($v: [ID!]!) {{ {name}Destroy(ids: $v) }}", {"v": ids})


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]


async def _bases(client: StashClient) -> dict[str, int]:
    """How far each kind has counted: the id of an object that is made to see it, and destroyed."""
    base = {}
    for kind in MADE:
        key = "title" if "title" in ENTITIES[kind].key_fields else "name"
        type_name = ENTITIES[kind].type_name
        text = (
            f"mutation ($v: {type_name}CreateInput!) {{ made: {kind}Create(input: $v) {{ id }} }}"
        )
        base[kind] = int((await client.execute(text, {"v": {key: "probe"}}))["made"]["id"])
    await _destroy(client, {kind: [one] for kind, one in base.items()})
    return base


async def refusal_to_scan(client: StashClient) -> str:
    """What a server says that cannot scan, for want of ffmpeg; "" of one that can."""
    try:
        await client.wait_for_job(await client.metadata_scan())
    except StashGraphQLError as error:
        return str(error)
    return ""


@asynccontextmanager
async def cleared(inner: Transport) -> AsyncIterator[Shifted]:
    """The server as if it were new, and afterwards without what was made in between.

    Skips where it has objects: blocks change whatever they find.
    """
    async with StashClient(inner) as client:
        there = {kind: len(ids) for kind, ids in (await _objects(client)).items() if ids}
        if there:
            counts = ", ".join(f"{n} of {kind}" for kind, n in there.items())
            pytest.skip(f"the server has objects ({counts}), and blocks change whatever they find")
        try:
            yield Shifted(inner, await _bases(client))
        finally:
            await _destroy(client, await _objects(client))
