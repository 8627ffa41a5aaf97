"""The ASGI application: access, routes, and answers over HTTP.

request ──▶ latency ──▶ admitted? ──▶ /graphql ──▶ document ──▶ execution in a thread
                                    └──▶ /login /healthz /tag/1/image, a page for the rest
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from graphql import GraphQLSchema, OperationType
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from stashsync.sandbox.auth import Accounts
from stashsync.sandbox.documents import DocumentRefused, Ready, documents_of
from stashsync.sandbox.execute import Execution, Root
from stashsync.sandbox.jobs import Jobs
from stashsync.sandbox.library import Library
from stashsync.sandbox.pages import COOKIE, IMAGE_NAMES, Pages
from stashsync.sandbox.sockets import Conversation
from stashsync.sandbox.system import System
from stashsync.sandbox.transport import (
    HEADERS,
    BadRequest,
    Parameters,
    answer_type,
    failure,
    from_address,
    from_body,
    refusal_status,
    respond,
)

_NO_SUBSCRIPTIONS = "subscriptions need a websocket"


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
        self._negotiates = negotiates
        self._documents = documents_of(schema)
        self._pages = Pages(library, accounts)

    def application(self) -> Starlette:
        """Return the application with every route of a server."""
        pages = self._pages
        any_method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        routes = [
            WebSocketRoute("/graphql", self._socket),
            WebSocketRoute("/graphql/", self._socket),
            Route("/graphql", self._guarded_graphql, methods=any_method),
            Route("/graphql/", self._guarded_graphql, methods=any_method),
            Route("/healthz", pages.health),
            Route("/login", pages.log_in, methods=["GET", "POST"]),
            Route("/logout", pages.log_out),
            *(Route(f"/{{kind}}/{{id}}/{name}", self._guarded_image) for name in IMAGE_NAMES),
            Route("/{rest:path}", self._guarded_index, methods=any_method),
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
        response = await self._graphql(request)
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

    async def _graphql(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(headers={**HEADERS, "Allow": "OPTIONS, GET, POST"})
        content_type = answer_type(request.headers.get("Accept"), self._negotiates)
        encoding = request.headers.get("Accept-Encoding")
        try:
            ready = self._prepared(request.method, await _parameters(request))
        except BadRequest as error:
            return respond(failure(error.message), error.content_type or content_type, error.status)
        except DocumentRefused as error:
            return respond(
                {"errors": error.errors, "data": None},
                content_type,
                refusal_status(content_type),
                encoding,
            )
        answer = await self._run(request, ready)
        return respond(answer, content_type, accept_encoding=encoding)

    def _prepared(self, method: str, sent: Parameters) -> Ready:
        try:
            return self._read(method, sent)
        except RecursionError:
            raise BadRequest("the request is nested too deeply") from None

    def _read(self, method: str, sent: Parameters) -> Ready:
        operation = self._documents.operation(sent.query, sent.operation)
        if method == "GET" and operation.type is not OperationType.QUERY:
            raise BadRequest("GET requests only allow query operations", 406)
        if operation.type is OperationType.SUBSCRIPTION:
            raise BadRequest(_NO_SUBSCRIPTIONS)
        return operation.ready(sent.variables)

    async def _run(self, request: Request, ready: Ready) -> dict[str, Any]:
        """Run in a thread; when the client goes away, stop before the next root field."""
        gone = threading.Event()
        url = request.url
        execution = Execution(
            self._schema, self._system, self._library, f"{url.scheme}://{url.netloc}", gone.is_set
        )
        watch = asyncio.create_task(_watch(request, gone))
        try:
            return await asyncio.to_thread(execution.run, ready)
        except asyncio.CancelledError:
            gone.set()
            raise
        finally:
            watch.cancel()


async def _parameters(request: Request) -> Parameters:
    if request.method == "POST":
        return from_body(await request.body(), request.headers.get("Content-Type"))
    if request.method == "GET":
        return from_address(request.query_params)
    raise BadRequest("transport not supported")


async def _watch(request: Request, gone: threading.Event) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _unauthorised() -> Response:
    """No body and no content type: clients must not expect GraphQL errors here."""
    return Response(status_code=401, headers={"WWW-Authenticate": "FormBased"})


__all__ = ["Server"]
