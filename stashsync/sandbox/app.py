"""The ASGI application: access, routes, and answers over HTTP.

request ──▶ latency ──▶ admitted? ──▶ /graphql ──▶ document ──▶ execution in a thread
                                    └──▶ /login /healthz /tag/1/image, a page for the rest
"""

from __future__ import annotations

import asyncio

from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from stashsync.sandbox.auth import Accounts
from stashsync.sandbox.documents import documents_of
from stashsync.sandbox.execute import Execution, Root
from stashsync.sandbox.handling import ANY_METHOD, Handler
from stashsync.sandbox.jobs import Jobs
from stashsync.sandbox.library import Library
from stashsync.sandbox.pages import COOKIE, IMAGE_NAMES, Pages
from stashsync.sandbox.sockets import Conversation
from stashsync.sandbox.system import System


class Server:
    """One server's handlers. `latency` is in seconds and comes before each answer."""

    def __init__(
        self,
        schema: GraphQLSchema,
        library: Library,
        system: System,
        jobs: Jobs,
        accounts: Accounts,
        *,
        latency: float,
        negotiates: bool,
    ) -> None:
        self._schema = schema
        self._library = library
        self._system = system
        self._jobs = jobs
        self._accounts = accounts
        self._latency = latency
        self._documents = documents_of(schema)
        self._handler = Handler(schema, library, negotiates=negotiates)
        self._pages = Pages(library, accounts)

    def application(self) -> Starlette:
        """Return the application with every route of a server."""
        pages = self._pages
        routes = [
            WebSocketRoute("/graphql", self._socket),
            WebSocketRoute("/graphql/", self._socket),
            Route("/graphql", self._guarded_graphql, methods=ANY_METHOD),
            Route("/graphql/", self._guarded_graphql, methods=ANY_METHOD),
            Route("/healthz", pages.health),
            Route("/login", pages.log_in, methods=["GET", "POST"]),
            Route("/logout", pages.log_out),
            *(Route(f"/{{kind}}/{{id}}/{name}", self._guarded_image) for name in IMAGE_NAMES),
            Route("/{rest:path}", self._guarded_index, methods=ANY_METHOD),
        ]
        return Starlette(routes=routes)

    # -- access --------------------------------------------------------------------------------

    def _admitted(self, request: HTTPConnection) -> bool:
        key = request.headers.get("ApiKey") or request.query_params.get("apikey")
        return self._accounts.admits(key, request.cookies.get(COOKIE))

    async def _guarded_graphql(self, request: Request) -> Response:
        if self._latency:
            await asyncio.sleep(self._latency)
        if not self._admitted(request):
            return _unauthorised()
        response = await self._handler.answer(request, self._system)
        session = request.cookies.get(COOKIE)
        if session and self._accounts.needed:
            self._pages.remember(response, session)
        return response

    async def _guarded_image(self, request: Request) -> Response:
        if not self._admitted(request):
            return _unauthorised()
        return await asyncio.to_thread(self._pages.image, request)

    async def _guarded_index(self, request: Request) -> Response:
        if not self._admitted(request):
            return RedirectResponse(f"/login?returnURL={request.url.path}", 302)
        return self._pages.index(request)

    # -- GraphQL --------------------------------------------------------------------------------

    async def _socket(self, socket: WebSocket) -> None:
        """Serve a websocket to clients that HTTP would admit; `connection_init` does not count."""
        if not self._admitted(socket):
            denial = _unauthorised()
            del denial.headers["Content-Length"]  # uvicorn adds it, some releases a second time
            await socket.send_denial_response(denial)
            return
        url = socket.url
        base = f"{'https' if url.scheme == 'wss' else 'http'}://{url.netloc}"

        def execution(root: Root) -> Execution:
            return Execution(self._schema, root, self._library, base)

        await Conversation(socket, self._documents, self._system, self._jobs, execution).hold()


def _unauthorised() -> Response:
    """No body and no content type: clients must not expect GraphQL errors here."""
    return Response(status_code=401, headers={"WWW-Authenticate": "FormBased"})


__all__ = ["Server"]
