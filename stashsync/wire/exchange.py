"""What travels: one document there, one answer back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from stashsync.errors import StashGraphQLError
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.url import Endpoint


class Answer(Struct, frozen=True):
    """The body of a GraphQL answer, as the server sent it.

    `executed` is False where the document was refused as a whole, so that nothing of it ran
    (docs/stash-behaviour.md#documents, docs/stash-behaviour.md#answers).
    """

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()
    executed: bool = True
    extensions: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """Return `data`, and `errors` if any, under the names that they have in JSON."""
        return {"data": self.data} | ({"errors": list(self.errors)} if self.errors else {})

    def data_or_raise(self) -> dict[str, Any]:
        """Return `data`, where there are no errors.

        Raises:
            StashGraphQLError: there are; it is gql's TransportQueryError too.
        """
        if self.errors or self.data is None:
            raise self.as_error()
        return self.data

    def as_error(self) -> StashGraphQLError:
        """Make one exception of the errors of this answer."""
        from stashsync.wire.gql_failures import graphql_failure  # loads gql

        return graphql_failure(self.errors, self.data, executed=self.executed)


class GraphQLTransport(Protocol):
    """What everything above the wire needs of a transport."""

    @property
    def endpoint(self) -> Endpoint:
        """Where it talks to."""
        ...

    @property
    def retry(self) -> RetryPolicy:
        """Its pauses and their limits."""
        ...

    async def send(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Send a document and return the answer, the API's own errors included.

        Raises:
            StashConnectionError: no answer came.
            StashServerError: an answer came, but not one of a GraphQL API.
        """
        ...

    async def etag(self, path: str, known: str | None = None) -> str | None:
        """Return the entity tag of what lies at `path`, without its quotes; None for nothing."""
        ...

    async def content(self, path: str) -> bytes | None:
        """Return the bytes of what lies at `path`; None for nothing."""
        ...

    async def aclose(self) -> None:
        """Give the connections back."""
        ...
