"""A transport answers the HTTP requests of every client in this process."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakSet

import httpx

from stashsync.wire.exchange import Answer

UNLED_PORT = 1
"""A port on which nothing listens; requests to it are sent for real, and fail."""


class Sends(Protocol):
    """Anything that answers documents: a transport, or a wrapper around one."""

    async def send(self, text: str, variables: dict[str, object] | None = None) -> Answer: ...


@contextmanager
def http_answered_by(transport: Sends) -> Iterator[None]:
    """Let `transport` answer the GraphQL requests of every new httpx client.

    Clients that exist already, such as that of `transport` itself, connect as before.
    """
    real = httpx.AsyncHTTPTransport
    handle_really = real.handle_async_request
    older = WeakSet(each for each in gc.get_objects() if type(each) is real)

    async def handle(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.port == UNLED_PORT or self in older:
            return await handle_really(self, request)
        asked = json.loads(await request.aread())
        answer = await transport.send(asked["query"], asked.get("variables"))
        return httpx.Response(200, json=answer.body())

    real.handle_async_request = handle  # type: ignore[method-assign]
    try:
        yield
    finally:
        real.handle_async_request = handle_really  # type: ignore[method-assign]
