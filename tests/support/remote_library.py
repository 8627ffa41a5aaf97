"""The library of a server in the place of a sandbox's: what laws ask and change without a client.

Fields and inputs that the server does not know are left out, as builds between two releases lack
some. Images are not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
)

from stashsync.kinds import ENTITIES, KINDS
from stashsync.sandbox import MediaFile
from stashsync.sandbox.library.refusals import Refusal
from tests.support.bearers import BEARERS
from tests.support.real import Server


class RemoteLibrary:
    """Answers as `sandbox.library` does, with rows that are whole."""

    def __init__(self, server: Server) -> None:
        key = {"ApiKey": server.api_key.value} if server.api_key else {}
        headers = {"Accept": "application/json", **key}
        self._http = httpx.Client(base_url=server.url, headers=headers, timeout=60)
        self.schema: GraphQLSchema = build_client_schema(
            self._ask(get_introspection_query(descriptions=False))
        )

    def query(self, field: str, args: Mapping[str, Any]) -> Any:
        """Return what a query finds; objects in a row have their ids and names."""
        return self._call("query", self.schema.query_type, field, args, whole=2)

    def mutate(self, field: str, args: Mapping[str, Any]) -> Any:
        """Return what a mutation answers, its objects with their ids and names.

        Raises:
            Refusal: the server refused it.
        """
        return self._call("mutation", self.schema.mutation_type, field, args, whole=0)

    def resolve(self, row: Mapping[str, Any], field: str, _: Mapping[str, Any]) -> Any:
        """Return a field of a row.

        Raises:
            KeyError: the server does not have it.
        """
        return row[field]

    def image(self, *_: object) -> None:
        """Return no image, whatever is asked for."""

    def scan(self) -> None:
        """Find nothing: files are on a disk that tests do not have."""

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(
        self,
        operation: str,
        fields: GraphQLObjectType | None,
        field: str,
        args: Mapping[str, Any],
        *,
        whole: int,
    ) -> Any:
        assert fields is not None
        spec = fields.fields[field]
        given = {name: _known(spec, name, value) for name, value in args.items()}
        declared = ", ".join(f"${name}: {spec.args[name].type}" for name in given)
        passed = ", ".join(f"{name}: ${name}" for name in given)
        document = (
            f"{operation}{f'({declared})' if given else ''} "
            f"{{ {field}{f'({passed})' if given else ''} {_selection(spec.type, whole)} }}"
        )
        return self._ask(document, given)[field]

    def _ask(self, document: str, variables: Mapping[str, Any] | None = None) -> Any:
        body = {"query": document, "variables": variables or {}}
        answer = self._http.post("/graphql", json=body).json()
        if answer.get("errors"):
            raise Refusal(answer["errors"][0]["message"])
        return answer["data"]


class RemoteServer:
    """An empty server in the place of a sandbox; whatever is there afterwards is destroyed."""

    def __init__(self, server: Server) -> None:
        self.library = RemoteLibrary(server)
        self.media: list[MediaFile] = []

    def is_empty(self) -> bool:
        """Whether nothing is there that a law would change."""
        return not any(self._ids(kind) for kind in (*KINDS, *BEARERS))

    def clear(self) -> None:
        """Destroy all objects but images, of which laws make none."""
        for name in (*BEARERS, *KINDS):
            for identifier in self._ids(name) if name != "image" else ():
                mutations = ENTITIES[name].mutations
                argument, _, value = mutations.destroying([identifier], {})
                self.library.mutate(mutations.destroy, {argument: value})

    def _ids(self, name: str) -> list[str]:
        kind = ENTITIES[name]
        answer = self.library.query(
            kind.find_many, {} if kind.saved_whole else {"filter": {"per_page": -1}}
        )
        return [row["id"] for row in (answer if kind.saved_whole else answer[kind.plural])]


def _known(spec: GraphQLField, name: str, value: Any) -> Any:
    """Return an argument without the fields that the server does not know."""
    type_ = get_named_type(spec.args[name].type)
    if not isinstance(type_, GraphQLInputObjectType) or not isinstance(value, Mapping):
        return value
    return {key: each for key, each in value.items() if key in type_.fields}


def _selection(type_: Any, whole: int) -> str:
    """Select all fields of an object that is `whole`, or has no id; of others what names them."""
    type_ = get_named_type(type_)
    if not isinstance(type_, GraphQLObjectType):
        return ""
    chosen = type_.fields
    if "id" in chosen and not whole:
        chosen = {name: chosen[name] for name in ("id", "name", "title") if name in chosen}
    parts = []
    for name, field in chosen.items():
        inner = _selection(field.type, max(whole - 1, 0))
        if not field.args and (inner or is_leaf_type(get_named_type(field.type))):
            parts.append(f"{name} {inner}".strip())
    return f"{{ {' '.join(parts)} }}" if parts else ""
