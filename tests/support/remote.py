"""A real server with the interface of a sandbox's library: rows and mutations, without a client.

The laws use it, and need an empty library: everything on the server is destroyed but images, which
cannot be created over HTTP. Existing images are used.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from stashsync.kinds import ENTITIES, KINDS, Capabilities
from stashsync.sandbox.library.refusals import Refusal
from tests.support.real import Server

EMPTIED = ("scene", "gallery", *KINDS)


class RemoteLibrary:
    """The methods of a sandbox's library that tests use, over HTTP."""

    def __init__(self, server: Server, capabilities: Capabilities) -> None:
        headers = {"ApiKey": server.api_key.value} if server.api_key else {}
        self._http = httpx.Client(base_url=server.url, timeout=60, headers=headers)
        self._known = capabilities

    def _ask(self, document: str, **variables: Any) -> Any:
        body = {"query": document, "variables": variables}
        answer = self._http.post("/graphql", json=body).json()
        if answer.get("errors"):
            raise Refusal("; ".join(each["message"] for each in answer["errors"]))
        return answer["data"]

    def mutate(self, name: str, args: dict[str, Any]) -> Any:
        """Execute a mutation, leaving out input fields that this server lacks."""
        type_name = f"{name[0].upper()}{name[1:]}Input"
        given = {
            field: value
            for field, value in args["input"].items()
            if self._known.has_input(type_name, field)
        }
        document = f"mutation($i: {type_name}!) {{ {name}(input: $i) {{ id }} }}"
        return self._ask(document, i=given)[name]

    def query(self, name: str, args: dict[str, Any]) -> Any:
        """Return the rows of a kind; references have an id and a name."""
        kind = next(each for each in _FOUND if each.find_many == name)
        if kind.saved_whole:
            return self._ask(f"{{ {name} {{ id {self._selection(kind.name)} }} }}")[name]
        document = (
            f"query($f: FindFilterType) {{ {name}(filter: $f) "
            f"{{ {kind.plural} {{ id {self._selection(kind.name)} }} }} }}"
        )
        return self._ask(document, f=args["filter"])[name]

    def _selection(self, name: str) -> str:
        kind = ENTITIES[name]
        title = [] if name in KINDS else ["title"]
        for spec in kind.fields.values():
            target = spec.meaning.references()
            if not kind.supports(spec, self._known) or spec in kind.images:
                continue
            if target in KINDS:
                inner = f"{target} {{ id name }} description"
                inner = inner if spec.form == "memberships" and name in KINDS else "id name"
                if spec.form in ("one", "many") or name in KINDS:
                    title.append(f"{spec.output} {{ {inner} }}")
            elif name in KINDS:
                title.append(spec.selection(self._known))
        return " ".join(title)

    def resolve(self, row: Any, name: str, _: dict[str, Any]) -> Any:
        """Return a field of a row.

        Raises:
            KeyError: this server lacks the field.
        """
        return row[name]

    def image(self, *_: Any) -> None:
        """Return None, since the laws create no images."""

    def scan(self) -> None:
        """Do nothing, since the server has scanned its files before."""

    def _images(self) -> list[str]:
        return [
            each["id"]
            for each in self._ask("{ findImages { images { id } } }")["findImages"]["images"]
        ]

    def empty(self) -> None:
        """Destroy everything, and clear the references of images."""
        for name in EMPTIED:
            kind = ENTITIES[name]
            rows = self.query(kind.find_many, {"filter": {"per_page": -1, "sort": "id"}})
            ids = [row["id"] for row in (rows if kind.saved_whole else rows[kind.plural])]
            if kind.saved_whole:
                document = "mutation($i: DestroyFilterInput!) { destroySavedFilter(input: $i) }"
                for identifier in ids:
                    self._ask(document, i={"id": identifier})
                continue
            if name == "gallery":
                document = "mutation($ids: [ID!]!) { galleryDestroy(input: {ids: $ids}) }"
            elif name == "scene":
                document = "mutation($ids: [ID!]!) { scenesDestroy(input: {ids: $ids}) }"
            else:
                document = f"mutation($ids: [ID!]!) {{ {kind.plural}Destroy(ids: $ids) }}"
            if ids:
                self._ask(document, ids=ids)
        for image in self._images():
            self.mutate("imageUpdate", {"input": {"id": image, "title": ""}})

    def close(self) -> None:
        """Close the connection."""
        with suppress(httpx.HTTPError):
            self._http.close()


class Remote:
    """A real server in place of a `Sandbox`, for the laws."""

    def __init__(self, library: RemoteLibrary) -> None:
        self.library, self.media = library, list[Any]()


_FOUND = [ENTITIES[name] for name in (*EMPTIED, "image", "sceneMarker")]
