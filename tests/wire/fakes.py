"""Fakes at the wire, the only place where there are any: answers, and tiny servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import httpx
import orjson
import pytest

from stashsync.wire.retry import RetryPolicy
from stashsync.wire.transport import Transport

URL = "http://stash.example:9999"


def ok(data: Any = None, errors: list[dict[str, Any]] | None = None) -> httpx.Response:
    """Make a GraphQL answer with status 200."""
    body: dict[str, Any] = {"errors": errors} if errors else {}
    return httpx.Response(200, json={**body, "data": data})


def refused(*errors: dict[str, Any]) -> httpx.Response:
    """Make the answer to a document that was refused as a whole."""
    entries = [{**error, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}} for error in errors]
    return httpx.Response(422, json={"errors": entries, "data": None})


class Script:
    """An httpx transport that plays answers in turn and keeps the requests.

    An entry is a response, an exception to raise, or a function of the decoded request.
    """

    def __init__(self, entries: Iterable[Any]) -> None:
        self.entries = list(entries)
        self.requests: list[httpx.Request] = []

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """Return the decoded bodies of the requests."""
        return [orjson.loads(request.content) for request in self.requests]

    def transport(self) -> httpx.MockTransport:
        """Answer as httpx wants it."""

        async def play(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            if not self.entries:
                pytest.fail(f"more is asked than was to be asked: {self.bodies[-1]['query']}")
            entry = self.entries.pop(0)
            if callable(entry):
                entry = entry(orjson.loads(request.content))
            if isinstance(entry, BaseException):
                raise entry
            assert isinstance(entry, httpx.Response)
            return entry

        return httpx.MockTransport(play)


class Naps:
    """A clock that does not wait: `taken` are the pauses asked for, in seconds."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Note the pause."""
        self.taken.append(seconds)


def scripted(
    *entries: Any, naps: Naps | None = None, url: str = URL, **options: Any
) -> tuple[Transport, Script]:
    """Make a transport over a script; pauses are noted instead of waited for, and never vary."""
    script = Script(entries)
    retry = RetryPolicy(sleep=(naps or Naps()).sleep, random=lambda: 1.0)
    transport = Transport(url, inner=script.transport(), **{"retry": retry, **options})
    return transport, script


TLS_HELLO = b"\x16"
Reply = Callable[[bytes, bytes], bytes]


class Server:
    """Counts what reaches a loopback server."""

    def __init__(self) -> None:
        self.connections = 0
        self.heads: list[bytes] = []
        self.protocols: list[str | None] = []
        """What was agreed on by ALPN, for each connection over TLS."""
        self.port = 0

    @property
    def requests(self) -> int:
        """How many requests came."""
        return len(self.heads)


@contextlib.asynccontextmanager
async def loopback(reply: Reply, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run an HTTP/1.1 server on 127.0.0.1 that answers each request with `reply(head, body)`.

    An empty reply closes the connection without an answer.
    """
    seen = Server()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        if tls is not None:
            seen.protocols.append(writer.get_extra_info("ssl_object").selected_alpn_protocol())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(1)
                if head == TLS_HELLO:
                    writer.write(http(b"", "400 Bad Request"))
                    break
                head += await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                body = await reader.readexactly(length)
                seen.heads.append(head)
                answer = reply(head, body)
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """Return the bytes of an HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
