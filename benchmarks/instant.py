"""A server that answers at once: prepared files, decoded as answers are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from benchmarks.data import Object
from stashsync.client import StashClient
from stashsync.client.sparse import CRITERIA
from stashsync.kinds import KINDS, Kind
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.transport import over_app
from stashsync.wire.url import Endpoint, parse_endpoint

PER_PAGE = 1000
_ABOUT = "about.json"


def write_answers(folder: Path, rows: Mapping[str, list[Object]]) -> None:
    """Return the pages that the server of `folder` will answer with, and its description of itself.

    Lists that can be looked for (`client.sparse`) come in pages of their own.
    """
    outputs = {kind.plural: _looked_for(kind) for kind in KINDS.values()}
    for section, rows_of_kind in rows.items():
        apart = outputs[section]
        plain = [{name: row[name] for name in row if name not in apart} for row in rows_of_kind]
        _write(folder, section, plain)
        for output, criterion in apart.items():
            found = [
                {"id": row["id"], output: row[output]} for row in rows_of_kind if row.get(output)
            ]
            _write(folder, f"{section}.{criterion}", found)
    (folder / _ABOUT).write_bytes(orjson.dumps({"data": asyncio.run(_about())}))


def _looked_for(kind: Kind) -> dict[str, str]:
    """Return the criteria of lists that are read only where there is something, by output."""
    found = {}
    for name, (criterion, _) in CRITERIA.items():
        if name in kind.fields:
            found[kind.fields[name].output] = criterion
        elif kind.hierarchy is not None and kind.hierarchy.meaning.shape == "set":
            found[name] = criterion
    return found


def _write(folder: Path, name: str, rows: list[Object]) -> None:
    for start in range(0, max(len(rows), 1), PER_PAGE):
        found = {"count": len(rows), "rows": rows[start : start + PER_PAGE]}
        answer = orjson.dumps({"data": {"found": found}})
        (folder / f"{name}-{start // PER_PAGE + 1}.json").write_bytes(answer)


async def _about() -> dict[str, Any]:
    """Return the introspection and version of a server, as the sandbox imitates it."""

    class Kept:
        """A transport that keeps the last answer."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner
            self.data: dict[str, Any] = {}

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        async def send(self, *args: Any, **options: Any) -> Answer:
            answer: Answer = await self.inner.send(*args, **options)
            self.data = answer.data or {}
            return answer

    with Sandbox() as sandbox:
        kept = Kept(over_app(sandbox.app))
        async with StashClient(kept) as client:
            await client.capabilities()
        return kept.data


class Instant:
    """A transport that answers with what `write_answers` wrote; it keeps none of it."""

    endpoint: Endpoint = parse_endpoint("localhost:9999")
    retry = RetryPolicy()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sections = {f" {kind.find_many}(": kind.plural for kind in KINDS.values()}

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,  # noqa: ARG002  # the Protocol's signature
    ) -> Answer:
        """Return the page that is asked for."""
        section = next((name for mark, name in self._sections.items() if mark in text), None)
        if section is None or variables is None:
            return self._answer(_ABOUT)
        where = "".join(f".{part}" for part in variables.get("where") or ())
        return self._answer(f"{section}{where}-{variables['filter']['page']}.json")

    def _answer(self, file: str) -> Answer:
        return Answer(orjson.loads((self._folder / file).read_bytes())["data"])

    async def etag(self, path: str, known: str | None = None) -> str | None:  # noqa: ARG002
        """Nothing is there."""
        return None

    async def aclose(self) -> None:
        """Nothing is open."""
