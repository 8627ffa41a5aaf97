"""A WebSocket of gql into an ASGI application of this process, without a network."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from gql.transport.common.adapters.connection import AdapterConnection
from gql.transport.exceptions import TransportConnectionFailed
from gql.transport.websockets_protocol import WebsocketsProtocolTransportBase
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from stashsync.wire.settings import ApiKey, TimeLimits
from stashsync.wire.subscriptions import PROTOCOL, refusal, request_headers
from stashsync.wire.url import Endpoint

_BROKEN, _NORMAL, _FORBIDDEN = 1006, 1000, 403
_CLOSE_SECONDS = 1.0

Message = MutableMapping[str, Any]


class AsgiConnection(AdapterConnection):
    """One conversation with an application."""

    def __init__(self, app: Callable[..., Any], endpoint: Endpoint, api_key: ApiKey | None) -> None:
        super().__init__(endpoint.graphql, None)
        self._app = app
        self._endpoint = endpoint
        self._api_key = api_key
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Future[None] | None = None
        self._headers: dict[str, str] = {}

    async def connect(self) -> None:
        """Ask the application for a WebSocket.

        Raises:
            TransportConnectionFailed: it refuses; the cause is our own error.
        """
        self._to_app.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(self._run())
        message = await self._from_app.get()
        if message["type"] == "websocket.accept":
            self._headers = {"Sec-WebSocket-Protocol": message.get("subprotocol") or ""}
            return
        body = b""
        if message["type"] == "websocket.http.response.start":
            body = (await self._from_app.get()).get("body", b"")
        await self.close()
        headers = [(name.decode(), value.decode()) for name, value in message.get("headers", ())]
        status = message.get("status", _FORBIDDEN)
        cause = refusal(status, headers, body, self._endpoint, self._api_key)
        raise TransportConnectionFailed("Connect failed") from cause

    async def send(self, message: str) -> None:
        """Send a text."""
        self._to_app.put_nowait({"type": "websocket.receive", "text": message})

    async def receive(self) -> str:
        """Return the next text.

        Raises:
            TransportConnectionFailed: the application has closed the connection, or crashed.
        """
        message = await self._from_app.get()
        if message["type"] == "websocket.send":
            return str(message["text"])
        closed = Close(message.get("code", _BROKEN), message.get("reason") or "")
        cause = ConnectionClosedError(closed, None)
        raise TransportConnectionFailed("Connection closed") from cause

    async def close(self) -> None:
        """Say good-bye; an application that does not go is cancelled."""
        if self._task is None:
            return
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": _NORMAL})
        await asyncio.wait([self._task], timeout=_CLOSE_SECONDS)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self._task

    @property
    def response_headers(self) -> dict[str, str]:
        """The protocol that the application has chosen, which gql looks at."""
        return self._headers

    async def _run(self) -> None:
        try:
            await self._app(self._scope(), self._to_app.get, self._from_app.put)
        finally:
            # Whatever way it ends: no reader waits for what never comes.
            self._from_app.put_nowait({"type": "websocket.close", "code": _BROKEN})

    def _scope(self) -> Message:
        split = urlsplit(self._endpoint.graphql)
        headers = {"host": split.netloc, **request_headers(self._endpoint, self._api_key)}
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
            "subprotocols": self.subprotocols,
            "extensions": {"websocket.http.response": {}},
        }


class AsgiTransport(WebsocketsProtocolTransportBase):
    """gql's protocol over such a conversation."""

    def __init__(
        self,
        app: Callable[..., Any],
        endpoint: Endpoint,
        api_key: ApiKey | None,
        limits: TimeLimits,
    ) -> None:
        self.adapter = AsgiConnection(app, endpoint, api_key)  # the base looks at it before it sets
        super().__init__(
            adapter=self.adapter,
            connect_timeout=limits.connect,
            close_timeout=limits.connect,
            ack_timeout=limits.connect,
            subprotocols=[PROTOCOL],
        )
