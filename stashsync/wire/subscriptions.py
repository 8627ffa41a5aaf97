"""Subscriptions: what the server tells by itself, over a WebSocket of their own.

    open ─ connection_init ─ connection_ack ─ subscribe ─ ping ─ pong ── next, next, … ── complete
                                                                    └─ leaving: complete, close

The protocol is `graphql-transport-ws`, which Stash speaks at the address of its API
(docs/stash-behaviour.md#websocket). The pong says that the server has read the subscription: what
happens afterwards is told. Nothing connects until a subscription is entered, and nothing connects
again by itself: what was missed meanwhile would be missed in silence.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Final, Generic, Protocol, Self, TypeVar

import orjson

from stashsync.errors import (
    StashAuthenticationError,
    StashConnectionError,
    StashServerError,
)
from stashsync.wire.exchange import Answer
from stashsync.wire.failures import ConnectTimeoutFailure, ReadFailure
from stashsync.wire.url import Endpoint

PROTOCOL: Final = "graphql-transport-ws"
PONG_SECONDS: Final = 2.0
"""How long to wait for a sign that the subscription was read; it goes on without one, too."""

_ID = "1"  # one subscription a connection
_UNAUTHORIZED, _FORBIDDEN = 4401, 4403
_REFUSALS = range(4400, 4500)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class SocketClosed(Exception):
    """The other side has closed the connection, or it broke (`code` 1006)."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Socket(Protocol):
    """An open WebSocket for text."""

    async def send(self, text: str) -> None:
        """Send a text.

        Raises:
            SocketClosed: it is closed.
        """
        ...

    async def receive(self) -> str | bytes:
        """The next text. May be cancelled without losing one.

        Raises:
            SocketClosed: it is closed, and everything that came before was received.
        """
        ...

    async def close(self) -> None:
        """Close it; nothing where it is closed."""
        ...


Open = Callable[[], Awaitable[Socket]]
"""Opens a WebSocket to the API. Raises StashConnectionError or StashServerError."""


class Subscription(AsyncIterator[T], Generic[T]):
    """What a server tells, one by one, for as long as it is entered.

        async with subscription:
            async for told in subscription:
                ...

    `read` makes of the data of each message what is given on; `seconds` is how long the server may
    take to answer while it is opened. It can be entered once.
    """

    def __init__(
        self,
        open_socket: Open,
        endpoint: Endpoint,
        text: str,
        read: Callable[[dict[str, Any]], T],
        *,
        variables: Mapping[str, Any] | None = None,
        seconds: float = 10.0,
    ) -> None:
        self._open = open_socket
        self._endpoint = endpoint
        self._payload = {"query": text, **({"variables": variables} if variables else {})}
        self._read = read
        self._seconds = seconds
        self._socket: Socket | None = None
        self._waiting: deque[dict[str, Any]] = deque()
        self._ended = False

    async def __aenter__(self) -> Self:
        """Connect and subscribe.

        Raises:
            StashConnectionError: no connection could be made, or it broke.
            StashServerError: the server does not speak the protocol; StashAuthenticationError
                where it wants a key, or another one.
            RuntimeError: it was entered before.
        """
        if self._socket is not None:
            raise RuntimeError("a subscription can be entered once")
        self._socket = await self._open()
        try:
            async with asyncio.timeout(self._seconds):
                await self._send({"type": "connection_init", "payload": {}})
                await self._until("connection_ack")
            await self._send({"id": _ID, "type": "subscribe", "payload": self._payload})
            await self._send({"type": "ping"})
            await self._until_read()
        except TimeoutError as error:
            await self._close()
            raise ConnectTimeoutFailure(
                f"{self._endpoint} opened a WebSocket but did not answer on it within"
                f" {self._seconds:g} seconds",
                sent=False,
            ) from error
        except BaseException:
            await self._close()
            raise
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        """What is told next.

        Raises:
            StashGraphQLError: the server refuses the subscription, or tells of an error.
            StashConnectionError: the connection broke; what happened since is not known.
            StopAsyncIteration: the server has nothing more to tell.
            RuntimeError: it was not entered.
        """
        while not self._ended:
            message = self._waiting.popleft() if self._waiting else await self._receive()
            match message.get("type"):
                case "next":
                    return self._read(_answer(message.get("payload")).data_or_raise())
                case "error":
                    self._ended = True
                    raise _refusal(message.get("payload")).as_error()
                case "complete":
                    self._ended = True
        raise StopAsyncIteration

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._ended:
            self._ended = True
            with contextlib.suppress(StashConnectionError, StashServerError):
                await self._send({"id": _ID, "type": "complete"})
        await self._close()

    async def _until(self, kind: str) -> None:
        """Wait for a message of this kind; what is told before it is kept for later."""
        while (message := await self._receive()).get("type") != kind:
            self._waiting.append(message)

    async def _until_read(self) -> None:
        """Wait for the sign that the subscription was read; what was told by then stays told."""
        try:
            async with asyncio.timeout(PONG_SECONDS):
                await self._until("pong")
        except TimeoutError:
            pass
        except (StashConnectionError, StashServerError):
            if not self._waiting:
                raise

    async def _receive(self) -> dict[str, Any]:
        """The next message; pings are answered on the way.

        Raises:
            StashConnectionError, StashServerError: there is none.
        """
        while True:
            try:
                text = await self._opened().receive()
            except SocketClosed as closed:
                raise self._failure(closed) from closed
            message = _message(text)
            if message is None:
                raise StashServerError(f"{self._endpoint} does not speak {PROTOCOL}", status=101)
            if message["type"] != "ping":
                return message
            await self._send({"type": "pong"})

    async def _send(self, message: Mapping[str, Any]) -> None:
        try:
            await self._opened().send(orjson.dumps(message).decode())
        except SocketClosed as closed:
            raise self._failure(closed) from closed

    def _opened(self) -> Socket:
        if self._socket is None:
            raise RuntimeError("a subscription tells nothing before it is entered (async with)")
        return self._socket

    async def _close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    def _failure(self, closed: SocketClosed) -> StashConnectionError | StashServerError:
        """What it means that the connection is closed."""
        reason = f": {closed.reason}" if closed.reason else ""
        if closed.code in (_UNAUTHORIZED, _FORBIDDEN):
            message = f"{self._endpoint} wants an API key, or another one, for subscriptions"
            return StashAuthenticationError(f"{message}{reason}", status=closed.code - 4000)
        if closed.code in _REFUSALS:
            message = f"{self._endpoint} closed the subscription ({closed.code}){reason}"
            return StashServerError(message, status=closed.code - 4000)
        return ReadFailure(f"the connection to {self._endpoint} broke{reason}")


def _message(text: str | bytes) -> dict[str, Any] | None:
    """A message of the protocol; None where it is none."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if isinstance(message, dict) and isinstance(message.get("type"), str):
        return message
    return None


def _answer(payload: Any) -> Answer:
    """The payload of `next`: an answer like any other."""
    found = payload if isinstance(payload, dict) else {}
    return Answer(found.get("data"), tuple(found.get("errors") or ()))


def _refusal(payload: Any) -> Answer:
    """The payload of `error`: why the subscription does not run."""
    errors = payload if isinstance(payload, list) else [payload]
    return Answer(None, tuple(one for one in errors if isinstance(one, dict)), executed=False)
