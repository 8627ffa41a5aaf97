"""A WebSocket into an ASGI application of this process, without a network."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from stashsync.errors import StashServerError
from stashsync.wire.failures import ConnectTimeoutFailure
from stashsync.wire.settings import ApiKey, TimeLimits
from stashsync.wire.subscriptions import PROTOCOL, SocketClosed
from stashsync.wire.url import Endpoint
from stashsync.wire.websocket import refusal, request_headers

_BROKEN, _GOING_AWAY, _FORBIDDEN = 1006, 1001, 403
_CLOSE_SECONDS = 1.0

Message = MutableMapping[str, Any]


class AsgiSocket:
    """One conversation with an application; see `subscriptions.Socket`."""

    def __init__(self, app: Callable[..., Any], scope: Message) -> None:
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._to_app.put_nowait({"type": "websocket.connect"})
        self._closed: SocketClosed | None = None
        self._task = asyncio.ensure_future(self._run(app, scope))

    async def _run(self, app: Callable[..., Any], scope: Message) -> None:
        try:
            await app(scope, self._to_app.get, self._from_app.put)
        finally:
            # Whatever way it ends: nobody shall wait for what never comes.
            self._from_app.put_nowait({"type": "websocket.close", "code": _BROKEN})

    async def first(self) -> Message:
        """What the application answers to the wish for a WebSocket."""
        return await self._from_app.get()

    async def send(self, text: str) -> None:
        """As `Socket.send`."""
        if self._closed is not None:
            raise self._closed
        self._to_app.put_nowait({"type": "websocket.receive", "text": text})

    async def receive(self) -> str | bytes:
        """As `Socket.receive`."""
        if self._closed is not None:
            raise self._closed
        message = await self._from_app.get()
        if message["type"] == "websocket.send":
            told: str | bytes = message.get("text") or message.get("bytes") or b""
            return told
        self._closed = SocketClosed(message.get("code", _BROKEN), message.get("reason") or "")
        raise self._closed

    async def close(self) -> None:
        """As `Socket.close`; an application that does not go is called off."""
        self._closed = self._closed or SocketClosed(_GOING_AWAY)
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait([self._task], timeout=_CLOSE_SECONDS)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self._task


async def open_asgi_socket(
    app: Callable[..., Any], endpoint: Endpoint, api_key: ApiKey | None, limits: TimeLimits
) -> AsgiSocket:
    """An open WebSocket to the API of an application.

    Raises:
        StashConnectionError: it does not answer.
        StashServerError: it refuses, with an HTTP status.
    """
    socket = AsgiSocket(app, _scope(endpoint, api_key))
    try:
        async with asyncio.timeout(limits.connect):
            message = await socket.first()
            if message["type"] == "websocket.accept":
                if message.get("subprotocol") == PROTOCOL:
                    return socket
                raise StashServerError(f"{endpoint} does not speak {PROTOCOL}", status=101)
            body = b""
            if message["type"] == "websocket.http.response.start":
                body = (await socket.first()).get("body", b"")
    except TimeoutError as error:
        await socket.close()
        raise ConnectTimeoutFailure(
            f"{endpoint} did not take the connection in time", sent=False
        ) from error
    except BaseException:
        await socket.close()
        raise
    await socket.close()
    headers = [(name.decode(), value.decode()) for name, value in message.get("headers", ())]
    raise refusal(message.get("status", _FORBIDDEN), headers, body, endpoint, api_key)


def _scope(endpoint: Endpoint, api_key: ApiKey | None) -> Message:
    split = urlsplit(endpoint.graphql)
    headers = {"host": split.netloc, **request_headers(endpoint, api_key)}
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "server": (split.hostname, split.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
        "path": split.path,
        "raw_path": split.path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [PROTOCOL],
        "extensions": {"websocket.http.response": {}},
    }
