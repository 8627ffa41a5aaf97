"""Subscriptions against small servers that speak `graphql-transport-ws`, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql.transport.exceptions import TransportQueryError
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from stashsync.errors import (
    StashAuthenticationError,
    StashConfigurationError,
    StashConnectionError,
    StashGraphQLError,
    StashServerError,
)
from stashsync.wire.failures import TlsFailure
from stashsync.wire.settings import ApiKey, TimeLimits, Tls
from stashsync.wire.subscriptions import PROTOCOL
from stashsync.wire.transport import Transport, over_app
from tests.wire.fakes import scripted

TEXT = "subscription { jobsSubscribe { type } }"
CERTIFICATES = Path(__file__).parent / "tls"


class Seen:
    """What reached the server."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.port = 0

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.messages]


@contextlib.asynccontextmanager
async def server(
    *after: Any,
    key: str | None = None,
    ack: bool = True,
    pong: bool = True,
    protocol: str = PROTOCOL,
    redirect: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Seen]:
    """Send `after` once subscribed to: messages, or a close code; then wait."""
    seen = Seen()

    def gate(connection: ServerConnection, request: Request) -> Response | None:
        seen.headers.append(dict(request.headers.raw_items()))
        if redirect:
            answer = connection.respond(HTTPStatus.FOUND, "")
            answer.headers["Location"] = redirect
            return answer
        if key and request.headers.get("ApiKey") != key:
            return connection.respond(HTTPStatus.UNAUTHORIZED, "")
        return None

    async def talk(connection: ServerConnection) -> None:
        async for text in connection:
            message = json.loads(text)
            seen.messages.append(message)
            if message["type"] == "connection_init" and ack:
                await connection.send('{"type": "connection_ack"}')
            elif message["type"] == "ping" and pong:
                await connection.send('{"type": "pong"}')
            elif message["type"] == "subscribe":
                for step in after:
                    if isinstance(step, int):
                        await connection.close(step, "so it is")
                    else:
                        await connection.send(step if isinstance(step, str) else json.dumps(step))

    async with serve(
        talk,
        "127.0.0.1",
        0,
        subprotocols=[protocol],
        process_request=gate,
        ssl=tls,  # type: ignore[list-item]
    ) as running:
        seen.port = next(iter(running.sockets)).getsockname()[1]
        yield seen


def event(n: int) -> dict[str, Any]:
    return {"id": "1", "type": "next", "payload": {"data": {"n": n}}}


COMPLETE = {"id": "1", "type": "complete"}


def listen(seen: Seen, **options: Any) -> Transport:
    return Transport(f"http://127.0.0.1:{seen.port}", **options)


def number(data: dict[str, Any]) -> int:
    found: int = data["n"]
    return found


def all_events(*after: Any, **options: Any) -> tuple[list[int], Seen]:
    """Return every event until the server ends the subscription."""

    async def story() -> tuple[list[int], Seen]:
        async with (
            server(*after, **options) as seen,
            listen(seen) as transport,
            transport.subscribe(TEXT, number) as subscription,
        ):
            return [value async for value in subscription], seen

    return asyncio.run(story())


@pytest.mark.row("F4")
def test_events_come_in_order_until_the_server_completes() -> None:
    """The subscription was read before the block begins; early messages are kept."""
    numbers, seen = all_events(event(1), {"type": "ping"}, event(2), COMPLETE)
    assert numbers == [1, 2]
    assert seen.messages[1] == {"id": "1", "type": "subscribe", "payload": {"query": TEXT}}
    assert seen.types == ["connection_init", "subscribe", "ping", "pong"]


def test_leaving_early_completes_and_closes() -> None:
    """The server learns that there is no listener any more."""

    async def story() -> Seen:
        async with server(event(1), event(2)) as seen, listen(seen) as transport:
            async with transport.subscribe(TEXT, number) as subscription:
                async for value in subscription:
                    assert value == 1
                    break
            await asyncio.sleep(0.05)
            return seen

    assert asyncio.run(story()).messages[-1] == COMPLETE


@pytest.mark.row("A7", "F4")
def test_nothing_connects_before_it_is_entered() -> None:
    """The WebSocket is opened lazily, and a subscription has no events outside of its block."""

    async def story() -> None:
        async with server() as seen, listen(seen) as transport:
            subscription = transport.subscribe(TEXT, number)
            await asyncio.sleep(0.02)
            assert seen.headers == []
            with pytest.raises(RuntimeError, match="before it is entered"):
                await anext(subscription)
            async with subscription:
                assert len(seen.headers) == 1
                with pytest.raises(RuntimeError, match="once"):
                    await subscription.__aenter__()

    asyncio.run(story())


def test_the_key_goes_with_the_request_and_a_wrong_one_fails_as_over_http() -> None:
    """The API key is on the connection; errors are those of our own tree."""

    async def story() -> None:
        async with server(event(1), COMPLETE, key="letters") as seen:
            good, bad = ApiKey("letters", "a test"), ApiKey("wrong", "a test")
            async with (
                listen(seen, api_key=good) as transport,
                transport.subscribe(TEXT, number) as subscription,
            ):
                assert [value async for value in subscription] == [1]
            for key, words in ((bad, "from a test"), (None, "wants an API key")):
                async with listen(seen, api_key=key) as transport:
                    with pytest.raises(StashAuthenticationError, match=words):
                        await transport.subscribe(TEXT, number).__aenter__()

    asyncio.run(story())


def test_tls_is_as_for_everything_else() -> None:
    """An unknown certificate is refused, a given bundle is trusted, verification can be off."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "localhost.pem")

    async def story(tls: Tls) -> list[int]:
        async with (
            server(event(1), COMPLETE, tls=context) as seen,
            Transport(f"https://127.0.0.1:{seen.port}", tls=tls) as transport,
            transport.subscribe(TEXT, number) as subscription,
        ):
            return [value async for value in subscription]

    assert asyncio.run(story(Tls(verify=False))) == [1]
    assert asyncio.run(story(Tls(ca_bundle=CERTIFICATES / "ca.pem"))) == [1]
    with pytest.raises(TlsFailure, match="no safe connection"):
        asyncio.run(story(Tls()))


def test_a_key_never_follows_a_redirect() -> None:
    """It would be shown to whatever host the server names."""

    async def story() -> None:
        async with server() as other:
            key = ApiKey("letters", "a test")
            async with (
                server(redirect=f"ws://localhost:{other.port}/graphql") as seen,
                listen(seen, api_key=key) as transport,
            ):
                with pytest.raises(StashServerError, match="redirects to"):
                    await transport.subscribe(TEXT, number).__aenter__()
            assert other.headers == []

    asyncio.run(story())


@pytest.mark.parametrize(
    ("after", "error", "words"),
    [
        ([{"id": "1", "type": "error", "payload": [{"message": "no such field"}]}],
         StashGraphQLError, "no such field"),
        ([{"id": "1", "type": "error", "payload": [{"message": "x"}]}], TransportQueryError, "x"),
        ([{"id": "1", "type": "next", "payload": {"data": None, "errors": [{"message": "lost"}]}}],
         StashGraphQLError, "lost"),
        ([1011], StashConnectionError, "broke: so it is"),
        ([1011], httpx.ReadError, "broke"),
        ([4400], StashServerError, r"\(4400\): so it is"),
        ([4401], StashAuthenticationError, "key"),
        (["[]"], StashServerError, "does not speak"),
        (["<html>"], StashServerError, "does not speak"),
    ],
    ids=str,
)  # fmt: skip
def test_what_goes_wrong_on_the_way_is_an_error_of_ours(
    after: list[Any], error: type[Exception], words: str
) -> None:
    """Some errors also derive from those of gql or httpx, for code that catches these."""
    with pytest.raises(error, match=words):
        all_events(*after)


def test_events_before_the_connection_broke_come_first() -> None:
    """Then comes the error, and again for every further event: what was missed is not hidden."""

    async def story() -> None:
        async with (
            server(event(1), event(2), 1011) as seen,
            listen(seen) as transport,
            transport.subscribe(TEXT, number) as subscription,
        ):
            assert [await anext(subscription), await anext(subscription)] == [1, 2]
            for _ in range(2):
                with pytest.raises(StashConnectionError, match="broke"):
                    await anext(subscription)

    asyncio.run(story())


def test_an_event_is_not_lost_when_waiting_is_cancelled() -> None:
    """A time limit around one event ends the waiting, not the subscription."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        answers: dict[str, Any] = {"connection_init": "connection_ack", "ping": "pong"}
        while (message := await receive())["type"] == "websocket.receive":
            asked = json.loads(message["text"])["type"]
            if asked in answers:
                await send({"type": "websocket.send", "text": f'{{"type": "{answers[asked]}"}}'})
            if asked == "ping":
                await asyncio.sleep(0.1)
                await send({"type": "websocket.send", "text": json.dumps(event(1))})

    async def story() -> int:
        async with over_app(app) as transport, transport.subscribe(TEXT, number) as subscription:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await anext(subscription)
            return await anext(subscription)

    assert asyncio.run(story()) == 1


def test_a_server_that_is_not_there_or_silent_is_a_connection_error() -> None:
    """Refused, silent, or of another protocol."""

    async def story() -> None:
        async with Transport("http://127.0.0.1:9") as transport:
            with pytest.raises(httpx.ConnectError, match="Connection refused"):
                await transport.subscribe(TEXT, number).__aenter__()
        limits = TimeLimits(connect=0.1)
        async with server(ack=False) as seen, listen(seen, limits=limits) as transport:
            with pytest.raises(httpx.ConnectTimeout, match=r"within 0\.1 seconds"):
                await transport.subscribe(TEXT, number).__aenter__()
        async with server(protocol="graphql-ws") as seen, listen(seen) as transport:
            with pytest.raises(StashServerError, match="400"):
                await transport.subscribe(TEXT, number).__aenter__()

    asyncio.run(story())


def test_a_server_without_pongs_is_listened_to_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The pong only marks a time; without it the start takes a moment longer."""
    monkeypatch.setattr("stashsync.wire.subscriptions.PONG_SECONDS", 0.05)
    assert all_events(event(1), COMPLETE, pong=False)[0] == [1]


def test_a_transport_without_a_network_has_no_websockets() -> None:
    """A script of answers is no server."""
    transport, _ = scripted()
    with pytest.raises(StashConfigurationError, match="no WebSockets"):
        transport.subscribe(TEXT, number)


@pytest.mark.parametrize("end", ["complete", "crash", "refuse", "key"])
def test_an_application_in_this_process_is_listened_to_as_well(end: str) -> None:
    """As the sandbox is, without a network."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["path"] == "/graphql"
        assert (await receive())["type"] == "websocket.connect"
        if end == "refuse":
            await send({"type": "websocket.close", "code": 1000})
            return
        if end == "key":
            await send({"type": "websocket.http.response.start", "status": 401, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b""})
            return
        await send({"type": "websocket.accept", "subprotocol": scope["subprotocols"][0]})
        answers: dict[str, Any] = {"connection_init": "connection_ack", "ping": "pong"}
        while (message := await receive())["type"] == "websocket.receive":
            asked = json.loads(message["text"])["type"]
            if asked == "subscribe":
                await send({"type": "websocket.send", "text": json.dumps(event(7))})
            if asked in answers:
                await send({"type": "websocket.send", "text": f'{{"type": "{answers[asked]}"}}'})
            if asked == "ping":
                if end == "crash":
                    raise RuntimeError("a bug in the application")
                await send({"type": "websocket.send", "text": json.dumps(COMPLETE)})

    async def story() -> list[int]:
        async with (
            over_app(app, api_key=ApiKey("letters", "a test")) as transport,
            transport.subscribe(TEXT, number) as subscription,
        ):
            return [value async for value in subscription]

    match end:
        case "complete":
            assert asyncio.run(story()) == [7]
        case "crash":
            with pytest.raises(StashConnectionError, match="broke"):
                asyncio.run(story())
        case "refuse":
            with pytest.raises(StashAuthenticationError):
                asyncio.run(story())
        case "key":
            with pytest.raises(StashAuthenticationError, match="from a test"):
                asyncio.run(story())


@pytest.mark.row("A7")
def test_a_program_that_never_subscribes_loads_no_websockets() -> None:
    """Creating a transport does not load it, either."""
    code = (
        "import sys, stashsync.wire.transport as t; t.Transport('http://localhost:9999');"
        "assert 'websockets' not in sys.modules and 'stashsync.wire.subscriptions' not in"
        " sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
