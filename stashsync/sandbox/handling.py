"""GraphQL over HTTP: from a request to the response.

request ──▶ parameters ──▶ document ──▶ execution in a thread ──▶ response
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from graphql import GraphQLSchema, OperationType
from starlette.requests import Request
from starlette.responses import Response

from stashsync.sandbox.documents import DocumentRefused, Ready, documents_of
from stashsync.sandbox.execute import Execution, Root
from stashsync.sandbox.library import Library
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
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""The methods that reach the API; it answers those that it does not know itself."""


class Handler:
    """The API of one schema.

    Args:
        library: what resolves stored objects; None where the root gives whole ones.
        negotiates: whether answers follow the Accept header.
    """

    def __init__(
        self, schema: GraphQLSchema, library: Library | None, *, negotiates: bool = True
    ) -> None:
        self._schema = schema
        self._library = library
        self._negotiates = negotiates
        self._documents = documents_of(schema)

    async def answer(self, request: Request, root: Root) -> Response:
        """Return the response to a request that was admitted; `root` resolves its fields."""
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
        answer = await self._run(request, root, ready)
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

    async def _run(self, request: Request, root: Root, ready: Ready) -> dict[str, Any]:
        """Run in a thread; when the client goes away, stop before the next root field."""
        gone = threading.Event()
        url = request.url
        execution = Execution(
            self._schema, root, self._library, f"{url.scheme}://{url.netloc}", gone.is_set
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
