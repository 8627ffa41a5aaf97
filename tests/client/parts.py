"""A client made of the parts that are tested here, as the whole client is made of all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpx
import orjson
import pytest

from stashsync.client import StashClient
from stashsync.client.hierarchy import HierarchyMixin
from stashsync.client.jobs import JobsMixin
from stashsync.client.mapping import MappingMixin
from stashsync.sandbox import Sandbox
from stashsync.wire.operations import BatchOperation
from stashsync.wire.transport import Transport
from tests.support.servers import NO_PAUSES, Tap, transport_to


class Parts(StashClient, JobsMixin, MappingMixin, HierarchyMixin):
    """One line each."""


def on_sandbox(
    story: Callable[[Parts, Tap], Awaitable[Any]], *made: tuple[str, dict[str, Any]]
) -> Any:
    """The result of a story on a sandbox with some objects: ("tag", {"name": …})."""

    async def run() -> Any:
        sandbox = Sandbox()
        try:
            async with Parts(transport_to(sandbox)) as maker:
                for kind, values in made:
                    await maker.execute_batch([create(kind, **values)])
            tap = Tap(transport_to(sandbox))
            async with Parts(tap) as client:
                await client.capabilities()
                tap.documents.clear()
                return await story(client, tap)
        finally:
            sandbox.close()

    return asyncio.run(run())


def create(kind: str, **values: Any) -> BatchOperation:
    """An object to be made."""
    name = kind.title()
    return BatchOperation(f"{kind}Create", f"{name}CreateInput!", {"input": values})


def scripted_client(answers: Iterable[Any]) -> tuple[Parts, list[dict[str, Any]]]:
    """A client whose server gives these data in turn (an exception is raised), and what it asks."""
    left, asked = list(answers), []

    async def play(request: httpx.Request) -> httpx.Response:
        asked.append(orjson.loads(request.content))
        if not left:
            pytest.fail(f"more is asked than was to be asked: {asked[-1]['query']}")
        answer = left.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return httpx.Response(200, json={"data": answer})

    inner = httpx.MockTransport(play)
    return Parts(Transport("http://stash.example", inner=inner, retry=NO_PAUSES)), asked
