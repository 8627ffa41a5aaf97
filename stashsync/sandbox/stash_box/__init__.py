"""A small stash-box for tests and for trying `stashsync import stash-box` out.

A stash-box is a database of tags, studios and performers that several Stash servers share. This
one answers the queries that clients read them with, from the public schema of stash-box, over
contents that a test or `generated` makes.

    StashBox     one imitated stash-box; `.app` is an ASGI application
    Contents     what it holds
    generated    neutral contents of any size
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stashsync.sandbox.handling import ANY_METHOD, Handler
from stashsync.sandbox.stash_box.contents import BoxRow, Contents
from stashsync.sandbox.stash_box.generated import generated
from stashsync.sandbox.stash_box.queries import BoxRoot
from stashsync.sandbox.stash_box.schema import schema

__all__ = ["BoxRow", "Contents", "StashBox", "generated"]

_MINUTE = 60.0


class StashBox:
    """One imitated stash-box.

    Without a key a request reaches the API and is refused there ("not authorized"); with a wrong
    one it is refused with 401 and nothing more. Too many requests are refused with 429 by what
    stands before such servers.

    Args:
        contents: what it holds; nothing without it.
        api_key: the key that is right; None asks for none.
        per_minute: the requests in a minute that are answered; None is any number.
        latency: seconds to wait before each answer.
        clock: gives seconds that only grow.
    """

    def __init__(
        self,
        contents: Contents | None = None,
        *,
        api_key: str | None = None,
        per_minute: int | None = None,
        latency: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.contents = contents or Contents()
        self.requests = 0
        """How many requests the API has answered."""
        self._key = api_key
        self._per_minute = per_minute
        self._latency = latency
        self._clock = clock
        self._answered: deque[float] = deque()
        self._handler = Handler(schema(), None)
        self.app = Starlette(routes=[Route("/graphql", self._graphql, methods=ANY_METHOD)])

    async def _graphql(self, request: Request) -> Response:
        await asyncio.sleep(self._latency)
        wait = self._wait()
        if wait:
            headers = {"Retry-After": str(math.ceil(wait))}
            return PlainTextResponse("Too Many Requests\n", 429, headers)
        given = request.headers.get("ApiKey")
        if given and self._key and given != self._key:
            return Response(status_code=401)
        self.requests += 1
        user = self._user if given or not self._key else None
        return await self._handler.answer(request, BoxRoot(self.contents, user))

    @property
    def _user(self) -> BoxRow:
        return {"id": "1", "name": "reader", "roles": ["READ"], "api_calls": self.requests}

    def _wait(self) -> float:
        """Return the seconds until a request is answered again; 0 counts this one."""
        if self._per_minute is None:
            return 0.0
        now = self._clock()
        while self._answered and self._answered[0] <= now - _MINUTE:
            self._answered.popleft()
        if len(self._answered) >= self._per_minute:
            return self._answered[0] + _MINUTE - now
        self._answered.append(now)
        return 0.0
