"""Our transport for users of gql, gql's documents for our client, and requests with their text.

gql parses every document and prints it again before it sends it: 0.2 ms for each operation of a
batch. A `TextRequest` is sent as it was written; it is parsed only if its `document` is
asked for (gql does where a schema is to be checked against).

    async with gql.Client(transport=GqlTransport(transport)) as session:
        await session.execute(TextRequest("{ version { version } }"))
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import cached_property
from typing import Any, TypeAlias

from gql import GraphQLRequest
from gql.transport import AsyncTransport
from graphql import DocumentNode, ExecutionResult  # gql's own interface speaks in these

from stashsync.wire.exchange import GraphQLTransport

Document: TypeAlias = str | GraphQLRequest | DocumentNode
"""A document as a text, or as `gql("…")`, `dsl_gql(…)` or graphql-core's `parse` make it."""


def payload_of(document: GraphQLRequest | DocumentNode) -> dict[str, Any]:
    """Return what gql would send: `query`, and where given `variables` and `operationName`.

    Raises:
        TypeError: it is no document.
    """
    request = document if isinstance(document, GraphQLRequest) else GraphQLRequest(document)
    return request.payload


class TextRequest(GraphQLRequest):
    """A request that is sent exactly as it was written."""

    def __init__(
        self,
        text: str,
        *,
        variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> None:
        # The base class would parse the text, so its attributes are set here instead.
        self.text = text
        self.variable_values = variable_values
        self.operation_name = operation_name
        self.extensions = None

    @cached_property
    def document(self) -> DocumentNode:  # type: ignore[override]  # an attribute in the base class
        """The parsed text."""
        return GraphQLRequest(self.text).document

    @property
    def payload(self) -> dict[str, Any]:
        """What is sent, as gql wants to see it."""
        payload: dict[str, Any] = {"query": self.text}
        if self.operation_name:
            payload["operationName"] = self.operation_name
        if self.variable_values:
            payload["variables"] = self.variable_values
        return payload


class GqlTransport(AsyncTransport):
    """One of our transports in gql's shape: its rules, its errors, its connections.

    Opening and closing the connections stays with the wrapped transport, so that several sessions
    can share it.
    """

    def __init__(self, inner: GraphQLTransport) -> None:
        self._inner = inner

    async def connect(self) -> None:
        """Do nothing: connections are made when they are needed."""

    async def close(self) -> None:
        """Do nothing: the wrapped transport belongs to the caller who made it."""

    async def execute(self, request: GraphQLRequest) -> ExecutionResult:
        """Send `request` and return the answer; the API's own errors are in it.

        Raises:
            StashConnectionError: no answer came.
            StashServerError: an answer came, but not one of a GraphQL API.
        """
        payload = request.payload
        answer = await self._inner.send(
            payload["query"],
            payload.get("variables"),
            operation_name=payload.get("operationName"),
        )
        errors: Any = list(answer.errors) or None
        return ExecutionResult(answer.data, errors, answer.extensions)

    def subscribe(
        self,
        request: GraphQLRequest,  # gql's signature
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Refuse: there are no subscriptions over HTTP.

        Raises:
            NotImplementedError: always, as gql's own HTTP transports do.
        """
        message = "subscriptions need a WebSocket"
        raise NotImplementedError(message)
