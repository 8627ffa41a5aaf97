"""Declared failures of the network, or of a proxy in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Action: TypeAlias = Literal[
    "drop before", "drop after", "bad gateway", "server error", "too many", "garbled", "delay"
]

_BAD_GATEWAY = (
    "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
)


class Fault(Struct, frozen=True):
    """One failure, at one request or several.

    Attributes:
        action: "drop before": the connection breaks and nothing was done; "drop after": it
            breaks once everything was done; "bad gateway": a proxy answers 502 in HTML;
            "server error": 500 in plain text; "garbled": everything was done, but the answer is
            JSON cut off in the middle; "too many": 429 with `Retry-After`; "delay": the answer
            comes late.
        requests: which requests to `/graphql`, counted from 1.
        seconds: how long to delay, or the value of `Retry-After`.
    """

    action: Action
    requests: tuple[int, ...]
    seconds: float = 0.0


class ConnectionDropped(ConnectionResetError):
    """The connection broke; raised in the process only, on a port the socket is cut."""


class Faults:
    """An application that fails as declared and otherwise is the one it wraps.

    `count` is the number of GraphQL requests so far.
    """

    def __init__(self, app: ASGIApp, faults: Iterable[Fault]) -> None:
        self._inner = app
        self._by_request = {number: fault for fault in faults for number in fault.requests}
        self.count = 0

    @property
    def app(self) -> ASGIApp:
        """Itself, as a `Sandbox` has its application."""
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or fail as declared."""
        if scope["type"] != "http" or not scope["path"].startswith("/graphql"):
            await self._inner(scope, receive, send)
            return
        self.count += 1
        fault = self._by_request.get(self.count)
        if fault is None:
            await self._inner(scope, receive, send)
        else:
            await self._fail(fault, scope, receive, send)

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response
        match fault.action:
            case "drop before":
                await _cut(receive, "dropped before the request was handled")
            case "drop after":
                await self._inner(scope, receive, _discard)
                await _cut(receive, "dropped after the request was handled")
            case "bad gateway":
                await HTMLResponse(_BAD_GATEWAY, 502)(scope, receive, send)
            case "server error":
                response = PlainTextResponse("Internal Server Error\n", 500)
                await response(scope, receive, send)
            case "garbled":
                await self._inner(scope, receive, _discard)
                response = Response(b'{"data":{"', media_type="application/json")
                await response(scope, receive, send)
            case "too many":
                headers = {"Retry-After": f"{fault.seconds:g}"}
                response = PlainTextResponse("Too Many Requests\n", 429, headers)
                await response(scope, receive, send)
            case "delay":
                await asyncio.sleep(fault.seconds)
                await self._inner(scope, receive, send)


async def _cut(receive: Receive, reason: str) -> None:
    """Break the connection.

    ASGI has no word for that, so the socket is asked of uvicorn, whose `receive` belongs to the
    object that holds it. Elsewhere there is no socket and an exception stands for the break.

    Raises:
        ConnectionDropped: there is no socket.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionDropped(reason)
    transport.abort()
    await asyncio.sleep(0.01)  # until uvicorn knows; it would write an error page otherwise


async def _discard(_: Message) -> None:
    """Take the answer and send nothing."""
