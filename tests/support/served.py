"""Applications that take the place of a server, and record the requests."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stashsync.wire.read_only import only_queries


@dataclass
class Watched:
    """An application that passes requests on and keeps the bodies of all GraphQL requests."""

    inner: ASGIApp
    bodies: list[bytes] = field(default_factory=list)

    @property
    def app(self) -> ASGIApp:
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/graphql"):
            await self.inner(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        given = iter([{"type": "http.request", "body": body}])

        async def again() -> Message:
            return next(given, None) or await receive()

        await self.inner(scope, again, send)

    @property
    def mutations(self) -> int:
        """Return the number of requests that had a mutation."""
        return sum(1 for body in self.bodies if not only_queries(orjson.loads(body)["query"]))


@dataclass(frozen=True)
class Canned:
    """A server that gives every request the same answer."""

    content: bytes
    content_type: str = "application/json"
    status: int = 200

    @property
    def app(self) -> ASGIApp:
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", self.content_type.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content})
