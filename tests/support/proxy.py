"""A proxy that fails at chosen documents of operations.

    client ── HTTP ──> Proxy ── ASGI ──> sandbox, or Upstream ── HTTP ──> any server

It runs in this process (`over_app`), or on a port of the loopback (`stashsync.sandbox.running`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import httpx
import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stashsync.sandbox.faults import _cut

Fault: TypeAlias = Literal[
    "cut before", "cut after", "truncated", "413", "429 before", "429 after", "502 before",
    "502 after", "duplicated", "error in place of success", "slow", "locked",
]  # fmt: skip
"""Faults of a document. "before": the server never gets it; "after": it executes all of it.

"duplicated": the server gets it twice, and the second answer is passed on; "error in place of
success": each operation is executed and reported as failed; "slow": the answer comes after
`seconds`; "locked": nothing runs, and each operation finds the database locked.
"""
FAULTS: tuple[Fault, ...] = get_args(Fault)
LOCKED = "beginning transaction: database is locked"


@dataclass
class Proxy:
    """An application that passes requests on, except documents of operations with a fault.

    Attributes:
        inner: the application behind the proxy.
        faults: faults by the number of the document, from 1.
        always: a fault of every document that has no other.
        seconds: delay of a slow answer, in seconds.
        largest: bodies of more bytes are refused with 413.
        before: called with the number of each document before it is passed on.
        after: called with that number after it was executed, before the answer is sent.
    """

    inner: ASGIApp
    faults: Mapping[int, Fault] = field(default_factory=dict)
    always: Fault | None = None
    seconds: float = 0.0
    largest: int | None = None
    before: Callable[[int], None] = lambda _: None
    after: Callable[[int], None] = lambda _: None
    bodies: list[bytes] = field(default_factory=list)
    """The documents of operations that were received."""

    @property
    def app(self) -> ASGIApp:
        """Return itself, since a `Sandbox` has such an attribute."""
        return self

    @property
    def count(self) -> int:
        """Return the number of documents of operations so far."""
        return len(self.bodies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or fail."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.inner(scope, receive, send)
            return
        body = await _body(receive)
        operations = b"op0:" in body
        fault: Fault | None = None
        if operations:
            self.bodies.append(body)
            fault = self.faults.get(self.count, self.always)
        number = self.count
        if self.largest is not None and len(body) > self.largest:
            fault = "413"
        if operations:
            self.before(number)
        answer = await self._answer(fault, scope, body)
        if operations:
            self.after(number)
        if answer is None:
            await _cut(receive, fault or "")
        else:
            await answer(scope, receive, send)

    async def _answer(self, fault: Fault | None, scope: Scope, body: bytes) -> Response | None:
        """Return the answer for the client; None cuts the connection."""
        refusals = {
            "cut before": None,
            "413": _page(413, "Request Entity Too Large"),
            "429 before": _page(429, "Too Many Requests"),
            "502 before": _page(502, "Bad Gateway"),
            "locked": Response(_all_failed(body, LOCKED), media_type="application/json"),
        }
        if fault in refusals:
            return refusals[fault]
        if fault == "duplicated":
            await self._pass_on(scope, body)
        answer = await self._pass_on(scope, body)
        match fault:
            case "cut after":
                return None
            case "truncated":
                return Response(answer.body[: len(answer.body) // 2], media_type="application/json")
            case "429 after":
                return _page(429, "Too Many Requests")
            case "502 after":
                return _page(502, "Bad Gateway")
            case "error in place of success":
                failed = _all_failed(body, "internal system error")
                return Response(failed, media_type="application/json")
            case "slow":
                await asyncio.sleep(self.seconds)
        return answer

    async def _pass_on(self, scope: Scope, body: bytes) -> Response:
        """Return the answer of the application behind the proxy."""
        sent: list[Message] = []
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            return next(parts, None) or await asyncio.Future()

        async def send(message: Message) -> None:
            sent.append(message)

        await self.inner(scope, receive, send)
        headers = dict(sent[0]["headers"])
        content = b"".join(message.get("body", b"") for message in sent[1:])
        answer = Response(content, sent[0]["status"])
        answer.raw_headers = [
            (name, value) for name, value in headers.items() if name.lower() != b"content-length"
        ]
        answer.raw_headers.append((b"content-length", str(len(content)).encode()))
        return answer


class Upstream:
    """An application that passes requests on to a real server."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the server, and give its answer."""
        body = await _body(receive)
        kept = [item for item in scope["headers"] if item[0] not in _OWN]
        # One connection per request: none is left open in another event loop.
        async with httpx.AsyncClient(timeout=60, trust_env=False, verify=False) as client:
            query = scope.get("query_string", b"").decode()
            url = f"{self._url}{scope['path']}{'?' + query if query else ''}"
            answer = await client.request(scope["method"], url, content=body, headers=kept)
        headers = [(name.lower(), value) for name, value in answer.headers.raw]
        own = (b"content-length", b"content-encoding", b"transfer-encoding", b"connection")
        response = Response(answer.content, answer.status_code)
        response.raw_headers = [
            *[item for item in headers if item[0] not in own],
            (b"content-length", str(len(answer.content)).encode()),
        ]
        await response(scope, receive, send)


_OWN = (b"host", b"content-length", b"transfer-encoding", b"connection")


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _page(status: int, words: str) -> Response:
    return Response(f"<html><body>{status} {words}</body></html>", status, media_type="text/html")


def _all_failed(body: bytes, message: str) -> bytes:
    """Return an answer in which each operation of a document has failed."""
    text: str = orjson.loads(body)["query"]
    count = text.count("op") if "op0:" in text else 0
    aliases = [f"op{number}" for number in range(count) if f"op{number}:" in text]
    errors: list[dict[str, Any]] = [{"message": message, "path": [alias]} for alias in aliases]
    return orjson.dumps({"data": dict.fromkeys(aliases), "errors": errors})
