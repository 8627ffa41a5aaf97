"""The API's own errors as an exception that is gql's too.

Apart from `failures` because it loads gql and graphql-core, which cost more than all the rest
together; only a program that has met such an error pays for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gql.transport.exceptions import TransportQueryError

from stashsync.errors import StashGraphQLError

_NO_LIBRARY: Final = "nil pointer dereference"
NOT_READY: Final = (
    "A server that waits for its set-up, or for a migration, answers like this: see its web page."
)
"""What may help where the server stumbled over a library that is not there.

Source: docs/stash-behaviour.md#set-up
"""


class GraphQLFailure(StashGraphQLError, TransportQueryError):
    """The API answered with `errors`; `except TransportQueryError` catches it as well."""

    errors: list[dict[str, Any]]  # pyright: ignore[reportIncompatibleVariableOverride]  # never None


def graphql_failure(
    errors: Sequence[dict[str, Any]], data: dict[str, Any] | None, *, executed: bool
) -> GraphQLFailure:
    """Make one exception of all `errors` of an answer; its message is that of the first."""
    message = error_message(errors[0]) if errors else "the server answered with no data"
    if len(errors) > 1:
        message += f" (and {len(errors) - 1} more)"
    hint = NOT_READY if _NO_LIBRARY in message else ""
    return GraphQLFailure(message, errors=list(errors), data=data, executed=executed, hint=hint)


def error_message(entry: dict[str, Any]) -> str:
    """Return the message of one entry of `errors`, with the input's field if its path names one.

    The number of a batch's variable is left out: it counts within one document.
    """
    message = str(entry.get("message") or "an error without a message")
    path = entry.get("path")
    if isinstance(path, list) and path[:1] == ["variable"]:
        variable, *fields = [str(part) for part in path[1:]] or [""]
        return f"{'.'.join([variable.rstrip('0123456789'), *fields])}: {message}"
    return message
