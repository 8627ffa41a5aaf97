"""GraphQL over httpx: one document there and back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import orjson

from stashsync.errors import ReadOnlyError, StashConfigurationError
from stashsync.unset import without_unset
from stashsync.wire.answers import read_answer, status_failure
from stashsync.wire.exchange import Answer
from stashsync.wire.failures import FOREIGN, ClosedFailure, took_too_long, translate
from stashsync.wire.httpx_door import httpx
from stashsync.wire.notes import LOGGER, noted
from stashsync.wire.read_only import only_queries
from stashsync.wire.retry import RetryPolicy, met_a_deletion, with_retries
from stashsync.wire.settings import ApiKey, TimeLimits, Tls
from stashsync.wire.url import Endpoint, parse_endpoint

if TYPE_CHECKING:
    import logging

    from gql.transport.websockets_protocol import WebsocketsProtocolTransportBase

    from stashsync.wire.subscriptions import Subscription

T = TypeVar("T")
# Stash packs its answer only where it may call it application/json
# (docs/stash-behaviour.md#compression).
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}
_NOT_MODIFIED, _NOT_FOUND = 304, 404


def over_app(app: Callable[..., Any], **options: Any) -> Transport:
    """Make a transport into an ASGI application in this process; `options` as for `Transport`."""
    return Transport("http://sandbox", inner=httpx.ASGITransport(app), **options)


class Transport:
    """Sends documents to one server over connections that are kept and used again.

    Proxies are taken from the environment as httpx does. `http2` offers HTTP/2 beside HTTP/1.1: a
    reverse proxy may speak it, Stash itself does not (docs/stash-behaviour.md#http). `inner`
    replaces the network by another httpx transport (`httpx.ASGITransport`, `httpx.MockTransport`);
    TLS, HTTP/2, `connections` and proxies then have no meaning. `logger` logs every document: its
    name, how long it took, what went wrong; never its content.

    Raises:
        StashConfigurationError: the address, the key or a certificate file is of no use; or HTTP/2
            cannot be used.
    """

    def __init__(
        self,
        url: str | Endpoint,
        *,
        api_key: ApiKey | None = None,
        tls: Tls | None = None,
        limits: TimeLimits | None = None,
        retry: RetryPolicy | None = None,
        connections: int = 10,
        http2: bool = False,
        inner: httpx.AsyncBaseTransport | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        self._endpoint = parse_endpoint(url) if isinstance(url, str) else url
        if api_key is None and self._endpoint.api_key:
            api_key = ApiKey(self._endpoint.api_key, "the server's address")
        self._api_key = api_key if api_key and api_key.value else None
        self._key_source = self._api_key.source if self._api_key else None
        self._limits = limits or TimeLimits()
        self._retry = retry or RetryPolicy()
        headers = dict(_HEADERS)
        if self._api_key:
            headers |= self._api_key.headers
        self._tls = tls or Tls()
        self._inner = inner
        self._logger = logger or LOGGER
        if http2:
            _ensure_http2(self._endpoint)
        self._client = self._open(headers, self._tls, connections, inner, http2=http2)
        self._answered = False
        self.date = ""
        """The time by the server's clock, as its last answer had it."""

    def _open(
        self,
        headers: dict[str, str],
        tls: Tls,
        connections: int,
        inner: httpx.AsyncBaseTransport | None,
        *,
        http2: bool,
    ) -> httpx.AsyncClient:
        # httpx ignores verify, http2, limits and proxies beside a transport of one's own, silently:
        # so it gets either the options or the transport, never both.
        if inner is not None:
            return httpx.AsyncClient(
                auth=self._endpoint.user, headers=headers, transport=inner, trust_env=False
            )
        try:
            return httpx.AsyncClient(
                auth=self._endpoint.user,
                headers=headers,
                verify=tls.context(self._endpoint),
                http2=http2,
                limits=httpx.Limits(
                    max_connections=connections,
                    max_keepalive_connections=connections,
                    keepalive_expiry=20.0,
                ),
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise StashConfigurationError(
                f"cannot use the proxy that the environment names: {error}",
                hint="Look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.",
            ) from error

    @property
    def endpoint(self) -> Endpoint:
        """Where it talks to."""
        return self._endpoint

    @property
    def retry(self) -> RetryPolicy:
        """Its pauses and their limits."""
        return self._retry

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Send a document and return the answer, the API's own errors included.

        Tries again by the rules of `retry`. The text is sent as it stands.

        Raises:
            StashConnectionError: no answer came.
            StashServerError: an answer came, but not one of a GraphQL API.
            TypeError: the variables cannot be written as JSON; nothing was sent.
        """
        payload: dict[str, Any] = {"query": text}
        if variables:
            payload["variables"] = variables
        if operation_name:
            payload["operationName"] = operation_name
        try:
            body = orjson.dumps(payload)
        except TypeError:  # seldom, so that only those pay who have it: UNSET somewhere within
            body = orjson.dumps(without_unset(payload))
        mutation = not only_queries(text)

        async def attempt() -> Answer:
            response = await self._post(body, mutation=mutation)
            return read_answer(response, self._endpoint, self._key_source)

        with noted(self._logger, text) as note:
            answer, number = await self._repeating(attempt, mutation=mutation), 1
            while not mutation and met_a_deletion(answer.errors):
                pause = self._retry.pause(number)
                if pause is None:
                    break
                await self._retry.sleep(pause)
                answer, number = await self._repeating(attempt, mutation=False), number + 1
            note(answer)
        return answer

    async def _repeating(self, attempt: Callable[[], Awaitable[T]], *, mutation: bool) -> T:
        return await with_retries(self._retry, attempt, mutation=mutation, answered=self._answered)

    async def _post(self, body: bytes, *, mutation: bool) -> httpx.Response:
        self._must_be_open()
        seconds = self._limits.mutation
        try:
            async with asyncio.timeout(seconds if mutation else None):
                response = await self._client.post(
                    self._endpoint.graphql,
                    content=body,
                    headers={"Content-Type": "application/json"},
                    timeout=self._limits.for_request(mutation=mutation),
                )
                self._answered = True
                self.date = response.headers.get("Date", "")
                return response
        except TimeoutError as error:
            if not mutation:
                raise translate(error, self._endpoint) from error
            raise took_too_long(self._endpoint, seconds) from error
        except FOREIGN as error:
            raise translate(error, self._endpoint) from error

    def subscribe(
        self,
        text: str,
        read: Callable[[dict[str, Any]], T],
        variables: Mapping[str, Any] | None = None,
    ) -> Subscription[T]:
        """Subscribe to what the server reports by itself; connects when it is entered.

        `read` turns the data of a message into an event. An application in this process is asked
        for a WebSocket in the same way.

        Raises:
            StashConfigurationError: what stands in for the network has no WebSockets.
        """
        from stashsync.wire.subscriptions import Subscription  # gql: for subscribers alone

        return Subscription(self._connection(), self._endpoint, text, read, variables=variables)

    def _connection(self) -> Callable[[], WebsocketsProtocolTransportBase]:
        if isinstance(self._inner, httpx.ASGITransport):
            from stashsync.wire.asgi_socket import AsgiTransport

            app = self._inner.app
            return partial(AsgiTransport, app, self._endpoint, self._api_key, self._limits)
        if self._inner is not None:
            raise StashConfigurationError("what stands in for the network has no WebSockets")
        from stashsync.wire.subscriptions import over_network

        return partial(over_network, self._endpoint, self._api_key, self._tls, self._limits)

    async def etag(self, path: str, known: str | None = None) -> str | None:
        """Return the entity tag of what lies at `path`, without its quotes; None for nothing.

        `path` may be a whole address, as in `image_path`; its host is not looked at. With `known`,
        a tag from earlier, an unchanged file costs a conditional GET and no content. For an image
        the tag is the MD5 of its bytes (docs/stash-behaviour.md#images).

        Raises:
            StashConnectionError: no answer came.
            StashServerError: an answer came that is neither the file's nor 404.
            ReadOnlyError: the path is that of the API.
        """
        url = self._file_at(path)
        headers = {"If-None-Match": f'"{known}"'} if known else {}

        async def attempt() -> str | None:
            self._must_be_open()
            try:
                # The content is not wanted: look at the head and leave the rest.
                async with self._client.stream(
                    "GET",
                    url,
                    headers={**headers, "Accept": "*/*"},
                    timeout=self._limits.for_request(mutation=False),
                ) as response:
                    return self._tag(response, known)
            except FOREIGN as error:
                raise translate(error, self._endpoint) from error

        return await self._repeating(attempt, mutation=False)

    async def content(self, path: str) -> bytes | None:
        """Return the bytes of what lies at `path`, None for nothing; see `etag`.

        Raises:
            StashConnectionError, StashServerError, ReadOnlyError: as `etag`.
        """
        url = self._file_at(path)

        async def attempt() -> bytes | None:
            self._must_be_open()
            try:
                response = await self._client.get(
                    url,
                    headers={"Accept": "*/*"},
                    timeout=self._limits.for_request(mutation=False),
                )
            except FOREIGN as error:
                raise translate(error, self._endpoint) from error
            if response.status_code == _NOT_FOUND:
                return None
            if not response.is_success:
                raise status_failure(response, self._endpoint, self._key_source)
            found: bytes = response.content
            return found

        return await self._repeating(attempt, mutation=False)

    def _file_at(self, path: str) -> str:
        url = self._endpoint.at(path)
        if url.partition("?")[0].rstrip("/").lower() == self._endpoint.graphql.lower():
            raise ReadOnlyError(f"'{path}' is the API, not a file")
        return url

    def _tag(self, response: httpx.Response, known: str | None) -> str | None:
        if response.status_code == _NOT_MODIFIED:
            return known
        if response.status_code == _NOT_FOUND:
            return None
        if not response.is_success:
            raise status_failure(response, self._endpoint, self._key_source)
        tag: str = response.headers.get("ETag", "")
        return tag.removeprefix("W/").strip('"') or None

    def _must_be_open(self) -> None:
        if self._client.is_closed:
            raise ClosedFailure(f"the connection to {self._endpoint} is closed already", sent=False)

    async def aclose(self) -> None:
        """Give the connections back; nothing can be sent afterwards."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


def _ensure_http2(endpoint: Endpoint) -> None:
    if not endpoint.base.startswith("https:"):
        raise StashConfigurationError(
            f"HTTP/2 is agreed on over TLS, and {endpoint} is not https",
            hint="Leave http2 out, or name the address of the proxy that speaks it.",
        )
    if find_spec("h2") is None:
        raise StashConfigurationError(
            "HTTP/2 needs the package h2", hint="Install it: pip install 'stashsync[http2]'."
        )
