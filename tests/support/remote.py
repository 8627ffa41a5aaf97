"""A real server that is looked into as the sandbox is: rows and mutations, without a client.

It is for the laws, which want an empty library: whatever is on the server is destroyed, images
aside, which cannot be made over HTTP. They are used if there are some.
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
    """What a test does with the library of a sandbox, done over HTTP."""

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
        """Carry a mutation out; of its input what this server knows."""
        type_name = f"{name[0].upper()}{name[1:]}Input"
        given = {
            field: value
            for field, value in args["input"].items()
            if self._known.has_input(type_name, field)
        }
        document = f"mutation($i: {type_name}!) {{ {name}(input: $i) {{ id }} }}"
        return self._ask(document, i=given)[name]

    def query(self, name: str, args: dict[str, Any]) -> Any:
        """Return the rows of a kind, with what they refer to by id and name."""
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
            KeyError: this server lacks it.
        """
        return row[name]

    def image(self, *_: Any) -> None:
        """Return no image: the laws make none."""

    def scan(self) -> None:
        """Do nothing: what is there was found before."""

    def _images(self) -> list[str]:
        return [
            each["id"]
            for each in self._ask("{ findImages { images { id } } }")["findImages"]["images"]
        ]

    def empty(self) -> None:
        """Destroy everything, and let images refer to nothing."""
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
        """End the connection."""
        with suppress(httpx.HTTPError):
            self._http.close()


class Remote:
    """In the place of a `Sandbox`, for the laws."""

    def __init__(self, library: RemoteLibrary) -> None:
        self.library, self.media = library, list[Any]()


_FOUND = [ENTITIES[name] for name in (*EMPTIED, "image", "sceneMarker")]
