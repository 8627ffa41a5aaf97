"""Subscriptions: what the server reports by itself, over a WebSocket of their own.

gql speaks the protocol, `graphql-transport-ws`, at the address of the API
(docs/stash-behaviour.md#websocket). Here is what Stash and its users need beside it: a lazy
connection, our errors, and the certainty that the server has read the subscription before the
block begins. Nothing reconnects by itself: what was missed meanwhile would be missed in silence.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportError,
    TransportProtocolError,
    TransportQueryError,
)
from gql.transport.websockets import WebsocketsTransport
from gql.transport.websockets_protocol import WebsocketsProtocolTransportBase
from graphql import ExecutionResult  # gql's own interface speaks in these
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
)

from stashsync.errors import StashAuthenticationError, StashError, StashServerError
from stashsync.wire.answers import status_failure
from stashsync.wire.exchange import Answer
from stashsync.wire.failures import ConnectTimeoutFailure, ReadFailure, translate
from stashsync.wire.gql_adapter import TextRequest
from stashsync.wire.httpx_door import httpx
from stashsync.wire.settings import ApiKey, TimeLimits, Tls
from stashsync.wire.url import Endpoint

PROTOCOL: Final = WebsocketsProtocolTransportBase.GRAPHQLWS_SUBPROTOCOL
PONG_SECONDS: Final = 2.0
"""How long to wait for a sign that the subscription was read; it goes on without one, too."""
MAX_MESSAGE: Final = 64 * 1024 * 1024
"""Bytes of the longest message that is taken: a burst of log entries comes as one."""

_UNAUTHORIZED, _FORBIDDEN = 4401, 4403
_REFUSALS = range(4400, 4500)

T = TypeVar("T")


class Subscription(AsyncIterator[T], Generic[T]):
    """Events of a server, one by one, for as long as it is entered.

        async with subscription:
            async for event in subscription:
                ...

    `connection` makes gql's transport, `read` turns the data of a message into an event. It can be
    entered once.
    """

    def __init__(
        self,
        connection: Callable[[], WebsocketsProtocolTransportBase],
        endpoint: Endpoint,
        text: str,
        read: Callable[[dict[str, Any]], T],
        *,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._request = TextRequest(text, variable_values=dict(variables or {}) or None)
        self._read = read
        self._transport: WebsocketsProtocolTransportBase | None = None
        self._results: AsyncGenerator[ExecutionResult, None]
        self._next: asyncio.Task[ExecutionResult | None]
        self._ended: BaseException | None = None
        """What the next event is, once there are no more."""

    async def __aenter__(self) -> Self:
        """Connect and subscribe.

        Raises:
            StashConnectionError: no connection could be made, or it broke.
            StashServerError: the server does not speak the protocol; StashAuthenticationError
                where it wants a key, or another one.
            RuntimeError: it was entered before.
        """
        if self._transport is not None:
            raise RuntimeError("a subscription can be entered once")
        self._transport = transport = self._connection()
        try:
            await transport.connect()
            self._results = transport.subscribe(self._request)
            self._next = asyncio.ensure_future(self._take())
            await self._until_read(transport)
        except (TransportError, TimeoutError) as error:
            await transport.close()
            raise self._failure(error) from error
        except BaseException:
            await transport.close()
            raise
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        """Return the next event. It may be cancelled without losing one.

        Raises:
            StashGraphQLError: the server refuses the subscription, or reports an error.
            StashConnectionError: the connection broke; what happened since is not known.
            StopAsyncIteration: the server has nothing more to report.
            RuntimeError: it was not entered.
        """
        if self._transport is None:
            raise RuntimeError("a subscription reports nothing before it is entered (async with)")
        if self._ended is not None:
            raise self._ended
        try:
            result = await self._result(self._transport)
        except TransportError as error:
            self._ended = self._failure(error)
            raise self._ended from error
        if result is None:
            self._ended = StopAsyncIteration()
            raise self._ended
        self._next = asyncio.ensure_future(self._take())
        errors: Any = result.errors or ()
        return self._read(Answer(result.data, tuple(errors)).data_or_raise())

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._transport is None:
            return
        self._ended = self._ended or StopAsyncIteration()
        self._next.cancel()  # gql then lets the server know
        await asyncio.wait([self._next])
        await self._results.aclose()
        await self._transport.close()

    async def _take(self) -> ExecutionResult | None:
        return await anext(self._results, None)

    async def _result(self, transport: WebsocketsProtocolTransportBase) -> ExecutionResult | None:
        """Wait for the next message; None at the end.

        A message that is no JSON object ends gql's task of receiving without a word to those who
        wait for the next one, so that task is looked at as well.
        """
        receiving: Any = transport.receive_data_task
        await asyncio.wait([self._next, receiving], return_when=asyncio.FIRST_COMPLETED)
        if not self._next.done() and receiving.exception() is not None:
            raise TransportProtocolError from receiving.exception()
        return await asyncio.shield(self._next)

    async def _until_read(self, transport: WebsocketsProtocolTransportBase) -> None:
        """Wait for a sign that the server has read the subscription: its answer to a ping."""
        while not transport.listeners and not self._next.done():
            await asyncio.sleep(0)
        if self._next.done():
            return
        await transport.send_ping()
        pong = asyncio.ensure_future(transport.pong_received.wait())
        waiting: list[asyncio.Future[Any]] = [pong, self._next]
        await asyncio.wait(waiting, timeout=PONG_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        pong.cancel()

    def _failure(self, error: BaseException) -> StashError:
        """Translate an error of gql."""
        if isinstance(error, TransportQueryError):
            return Answer(None, tuple(error.errors or ()), executed=False).as_error()
        if isinstance(error, TimeoutError):
            seconds = self._transport.connect_timeout if self._transport else 0
            return ConnectTimeoutFailure(
                f"{self._endpoint} did not answer on a WebSocket within {seconds:g} seconds",
                sent=False,
            )
        if not isinstance(error, TransportConnectionFailed):
            return StashServerError(f"{self._endpoint} does not speak {PROTOCOL}", status=101)
        cause = error.__cause__
        if isinstance(cause, StashError):
            return cause
        if cause is None or isinstance(cause, ConnectionClosed):
            return self._closed(cause)
        return _not_connected(cause, self._endpoint)

    def _closed(self, cause: ConnectionClosed | None) -> StashError:
        """Say what it means that the connection is closed."""
        frame = (cause.rcvd or cause.sent) if cause else None
        code, reason = (frame.code, frame.reason) if frame else (0, "")
        because = f": {reason}" if reason else ""
        if code in (_UNAUTHORIZED, _FORBIDDEN):
            message = f"{self._endpoint} wants an API key, or another one, for subscriptions"
            return StashAuthenticationError(f"{message}{because}", status=code - 4000)
        if code in _REFUSALS:
            message = f"{self._endpoint} closed the subscription ({code}){because}"
            return StashServerError(message, status=code - 4000)
        return ReadFailure(f"the connection to {self._endpoint} broke{because}")


def over_network(
    endpoint: Endpoint, api_key: ApiKey | None, tls: Tls, limits: TimeLimits
) -> WebsocketsTransport:
    """Make gql's transport to the API at `endpoint`; the key and the user go with the request.

    Proxies are taken from the environment.

    Raises:
        StashConfigurationError: a certificate file is of no use.
    """

    class Connection(ClientConnection):
        async def handshake(self, *args: Any, **options: Any) -> None:
            try:
                await super().handshake(*args, **options)
            except InvalidStatus as error:
                # websockets would follow a redirect, and show the key to the host it leads to.
                answer = error.response
                raise refusal(
                    answer.status_code,
                    answer.headers.raw_items(),
                    bytes(answer.body or b""),
                    endpoint,
                    api_key,
                ) from error

    return WebsocketsTransport(
        "ws" + endpoint.graphql.removeprefix("http"),
        headers=request_headers(endpoint, api_key),
        ssl=tls.context(endpoint) if endpoint.graphql.startswith("https:") else False,
        connect_timeout=limits.connect,
        close_timeout=limits.connect,
        ack_timeout=limits.connect,
        connect_args={
            "create_connection": Connection,
            "open_timeout": limits.connect,
            "close_timeout": limits.connect,
            "max_size": MAX_MESSAGE,
        },
        subprotocols=[PROTOCOL],
    )


def request_headers(endpoint: Endpoint, api_key: ApiKey | None) -> dict[str, str]:
    """Return the headers that authenticate a request."""
    headers = api_key.headers if api_key else {}
    if endpoint.user is not None:
        token = base64.b64encode(":".join(endpoint.user).encode()).decode()
        headers["Authorization"] = f"Basic {token}"
    return headers


def refusal(
    status: int,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    endpoint: Endpoint,
    api_key: ApiKey | None,
) -> StashError:
    """Return the error for a server that answers with an HTTP status in place of a WebSocket."""
    request = httpx.Request("GET", endpoint.graphql)
    response = httpx.Response(status, headers=list(headers), content=body, request=request)
    return status_failure(response, endpoint, api_key.source if api_key else None)


def _not_connected(cause: BaseException, endpoint: Endpoint) -> StashError:
    """Return the error that the same trouble would give over HTTP."""
    foreign: httpx.HTTPError
    match cause:
        case InvalidProxy() | InvalidURI():
            foreign = httpx.ProxyError(str(cause))
        case InvalidHandshake():
            foreign = httpx.RemoteProtocolError(str(cause))
        case TimeoutError():
            foreign = httpx.ConnectTimeout("")
        case OSError() | EOFError():
            foreign = httpx.ConnectError("")
        case _:
            foreign = httpx.NetworkError(str(cause))
    foreign.__cause__ = cause
    return translate(foreign, endpoint)
