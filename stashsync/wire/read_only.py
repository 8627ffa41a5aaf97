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
    """Return whether every operation of the document `text` is a query.

    False also for what is no document at all, so that no other reading of it has to be trusted.
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
    """Parse the document to find out; the few that need it come often."""
    from gql import GraphQLRequest  # loads graphql-core

    try:
        document = GraphQLRequest(text).document
    except Exception:  # whatever the parser raises (RecursionError too): not a query
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

    The wrapped transport is not among its attributes. Its maker closes it.
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
        """Send a document that only queries, and return the answer.

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
        """Return the entity tag of what lies at `path`; see `Transport.etag`."""
        return await self.__inner.etag(path, known)

    async def content(self, path: str) -> bytes | None:
        """Return the bytes of what lies at `path`; see `Transport.content`."""
        return await self.__inner.content(path)

    async def aclose(self) -> None:
        """Do nothing: the wrapped transport belongs to the caller who made it."""
