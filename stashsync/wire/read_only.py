"""A transport that cannot change anything: what validating, planning and drift are given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from stashsync.errors import ReadOnlyError
from stashsync.wire.exchange import Answer, GraphQLTransport
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.url import Endpoint

# GraphQL's names have no escapes: a document without these words can only query.
_OTHER_OPERATIONS = re.compile(r"\b(?:mutation|subscription)\b", re.ASCII)
_MUTATION_FIRST = re.compile(r"[\s,\ufeff]*mutation\b", re.ASCII)


def only_queries(text: str) -> bool:
    """Whether every operation of the document `text` is a query.

    False also for what is no document at all, so that nobody's reading of it has to be trusted.
    Parses only where the word of another operation occurs in the text.
    """
    if not text.strip():
        return False
    if not _OTHER_OPERATIONS.search(text):
        return True
    if _MUTATION_FIRST.match(text):
        return False
    return _parsed_as_queries(text)


@lru_cache(maxsize=64)
def _parsed_as_queries(text: str) -> bool:
    """The same, by parsing; the few documents that come here come often."""
    from gql import GraphQLRequest  # loads graphql-core

    try:
        document = GraphQLRequest(text).document
    except Exception:  # whatever the parser says (RecursionError too): not a query
        return False
    # Fragments do nothing by themselves; definitions of types have no operation and are refused.
    operations = [
        getattr(definition, "operation", None)
        for definition in document.definitions
        if definition.kind != "fragment_definition"
    ]
    return bool(operations) and all(
        getattr(operation, "value", None) == "query" for operation in operations
    )


class ReadOnlyTransport:
    """Sends queries over another transport, and refuses everything else before it is sent.

    The wrapped transport is not among its attributes. Closing it stays with whoever made it.
    """

    __slots__ = ("__inner",)

    def __init__(self, inner: GraphQLTransport) -> None:
        self.__inner = inner

    @property
    def endpoint(self) -> Endpoint:
        """Where it talks to."""
        return self.__inner.endpoint

    @property
    def retry(self) -> RetryPolicy:
        """The pauses of the wrapped transport."""
        return self.__inner.retry

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """The answer to a document that only queries.

        Raises:
            ReadOnlyError: it does more, or cannot be understood; nothing was sent.
            StashConnectionError: no answer came.
            StashServerError: an answer came, but not one of a GraphQL API.
        """
        if not isinstance(text, str) or not only_queries(text):
            raise ReadOnlyError(
                "this connection only reads, and the document is not made of queries alone",
                hint="Only apply changes a server.",
            )
        return await self.__inner.send(text, variables, operation_name=operation_name)

    async def etag(self, path: str, known: str | None = None) -> str | None:
        """The entity tag of what lies at `path`; see `Transport.etag`."""
        return await self.__inner.etag(path, known)

    async def aclose(self) -> None:
        """Nothing: the wrapped transport belongs to whoever made it."""
