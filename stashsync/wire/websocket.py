"""A WebSocket to the API, by the `websockets` library; its errors as ours."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stashsync.errors import StashError, StashServerError
from stashsync.wire.answers import status_failure
from stashsync.wire.failures import FOREIGN, translate
from stashsync.wire.httpx_door import httpx
from stashsync.wire.settings import ApiKey, TimeLimits, Tls
from stashsync.wire.subscriptions import PROTOCOL, SocketClosed
from stashsync.wire.url import Endpoint

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes of the longest message that is taken: a burst of log entries comes as one."""
_BROKEN = 1006


class WebSocket:
    """One connection; see `subscriptions.Socket`."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        """As `Socket.send`."""
        from websockets.exceptions import ConnectionClosed

        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise _closed(error) from error

    async def receive(self) -> str | bytes:
        """As `Socket.receive`."""
        from websockets.exceptions import ConnectionClosed

        try:
            return await self._connection.recv()
        except ConnectionClosed as error:
            raise _closed(error) from error

    async def close(self) -> None:
        """As `Socket.close`."""
        await self._connection.close()


def _closed(error: Any) -> SocketClosed:
    frame = error.rcvd or error.sent
    return SocketClosed(frame.code, frame.reason) if frame else SocketClosed(_BROKEN)


async def open_websocket(
    endpoint: Endpoint, api_key: ApiKey | None, tls: Tls, limits: TimeLimits
) -> WebSocket:
    """An open WebSocket to the API at `endpoint`; the key and the user go with the request.

    Proxies are taken from the environment. Redirects are not followed: the key must not travel.

    Raises:
        StashConnectionError: no connection could be made; it is httpx's error as well.
        StashServerError: the server refused, with an HTTP status.
        StashConfigurationError: a certificate file is of no use.
    """
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidHandshake, InvalidProxy, InvalidStatus, InvalidURI
    from websockets.typing import Subprotocol

    class _Connect(connect):
        def process_redirect(self, exc: Exception) -> Exception | str:
            return exc

    secure = endpoint.graphql.startswith("https:")
    try:
        connection = await _Connect(
            "ws" + endpoint.graphql.removeprefix("http"),
            subprotocols=[Subprotocol(PROTOCOL)],
            additional_headers=request_headers(endpoint, api_key),
            ssl=tls.context(endpoint) if secure else None,
            open_timeout=limits.connect,
            close_timeout=limits.connect,
            max_size=MAX_MESSAGE,
        )
    except InvalidStatus as error:
        answer = error.response
        raise refusal(
            answer.status_code,
            answer.headers.raw_items(),
            bytes(answer.body or b""),
            endpoint,
            api_key,
        ) from error
    except (InvalidProxy, InvalidURI) as error:
        raise _ours(httpx.ProxyError(str(error)), endpoint, error) from error
    except InvalidHandshake as error:
        raise _ours(httpx.RemoteProtocolError(str(error)), endpoint, error) from error
    except TimeoutError as error:
        raise _ours(httpx.ConnectTimeout(""), endpoint, error) from error
    except (OSError, EOFError) as error:
        raise _ours(httpx.ConnectError(""), endpoint, error) from error
    except FOREIGN as error:
        raise translate(error, endpoint) from error
    if connection.subprotocol != PROTOCOL:
        await connection.close()
        raise StashServerError(f"{endpoint} does not speak {PROTOCOL}", status=101)
    return WebSocket(connection)


def request_headers(endpoint: Endpoint, api_key: ApiKey | None) -> dict[str, str]:
    """What says who we are."""
    headers = {}
    if api_key:
        headers["ApiKey"] = api_key.value
    if endpoint.user is not None:
        token = base64.b64encode(":".join(endpoint.user).encode()).decode()
        headers["Authorization"] = f"Basic {token}"
    return headers


def _ours(foreign: httpx.HTTPError, endpoint: Endpoint, cause: BaseException) -> StashError:
    """The error that the same trouble would give over HTTP."""
    foreign.__cause__ = cause
    return translate(foreign, endpoint)


def refusal(
    status: int,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    endpoint: Endpoint,
    api_key: ApiKey | None,
) -> StashError:
    """The error for a server that answers with an HTTP status in place of a WebSocket."""
    request = httpx.Request("GET", endpoint.graphql)
    response = httpx.Response(status, headers=list(headers), content=body, request=request)
    return status_failure(response, endpoint, api_key.source if api_key else None)
