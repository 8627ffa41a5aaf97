"""A server by httpx and orjson alone: what anything costs without our code."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import orjson

from benchmarks.clock import Clock
from benchmarks.data import Object

BATCH = 250
SIDE_BY_SIDE = 8
KEY_VARIABLE = "STASH_API_KEY"
MADE = "made"
"""The file of the ids of what was made."""
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_AT_ONCE = 1_000
_LIMIT = 600.0

Document = tuple[str, dict[str, Any]]
"""Its text, and its variables."""


def headers() -> dict[str, str]:
    """Return the headers of a request, with the key if the environment has one."""
    key = os.environ.get(KEY_VARIABLE)
    return {**_HEADERS, "ApiKey": key} if key else dict(_HEADERS)


class Bare:
    """One connection to a server. What it makes is noted in a file, line by line."""

    def __init__(self, url: str, made: Path) -> None:
        self._url = f"{url.rstrip('/')}/graphql"
        self._client = httpx.Client(headers=headers(), timeout=_LIMIT)
        self._made = made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def send(self, text: str, variables: Object | None = None) -> Any:
        """Send a document and return the data of its answer."""
        body = orjson.dumps({"query": text, "variables": variables or {}})
        answer = orjson.loads(self._client.post(self._url, content=body).raise_for_status().content)
        if answer.get("errors"):
            raise RuntimeError(answer["errors"][0]["message"])
        return answer["data"]

    def count(self) -> int:
        """Return how many tags there are."""
        found: int = self.send("{ findTags { count } }")["findTags"]["count"]
        return found

    def create(self, tags: Sequence[Object]) -> None:
        """Create tags with parents by name, which come before them, in documents of 250."""
        ids: dict[str, str] = {}
        for batch in _batches(tags):
            inputs = [
                {
                    **{name: value for name, value in tag.items() if name != "parents"},
                    "parent_ids": [ids[parent] for parent in tag.get("parents", ())],
                }
                for tag in batch
            ]
            numbers = range(len(inputs))
            head = ", ".join([f"$i{n}: TagCreateInput!" for n in numbers])
            body = " ".join([f"op{n}: tagCreate(input: $i{n}) {{ id }}" for n in numbers])
            data = self.send(f"mutation ({head}) {{ {body} }}",
                             {f"i{n}": given for n, given in enumerate(inputs)})  # fmt: skip
            found = [data[f"op{n}"]["id"] for n in numbers]
            ids.update(zip([tag["name"] for tag in batch], found, strict=True))
            with self._made.open("a") as file:
                file.writelines(f"{identifier}\n" for identifier in found)

    def destroy_made(self) -> None:
        """Destroy what the file has, and nothing else."""
        if not self._made.exists():
            return
        ids = self._made.read_text().split()
        for start in range(0, len(ids), _AT_ONCE):
            self.send("mutation ($ids: [ID!]!) { tagsDestroy(ids: $ids) }",
                      {"ids": ids[start : start + _AT_ONCE]})  # fmt: skip
        self._made.unlink()


def _batches(tags: Sequence[Object]) -> Iterator[Sequence[Object]]:
    """Cut a list so that no tag is in one document with its parent."""
    batch: list[Object] = []
    names: set[str] = set()
    for tag in tags:
        if len(batch) == BATCH or not names.isdisjoint(tag.get("parents", ())):
            yield batch
            batch, names = [], set()
        batch.append(tag)
        names.add(tag["name"])
    yield batch


async def ask(url: str, documents: Sequence[Document], clock: Clock) -> list[Any]:
    """Ask all queries, eight at a time, and return what was answered, decoded."""
    slots = asyncio.Semaphore(SIDE_BY_SIDE)
    where = f"{url.rstrip('/')}/graphql"
    async with httpx.AsyncClient(headers=headers(), timeout=_LIMIT) as client:

        async def answered(text: str, variables: Object) -> Any:
            async with slots:
                body = orjson.dumps({"query": text, "variables": variables})
                answer = await client.post(where, content=body)
            return orjson.loads(answer.raise_for_status().content)["data"]

        with clock:
            return await asyncio.gather(*(answered(*document) for document in documents))
