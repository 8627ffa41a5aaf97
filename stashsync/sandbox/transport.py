"""GraphQL over HTTP: from a request to its parameters, from an answer to its bytes."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from starlette.responses import Response

from stashsync.sandbox.jsontext import decode, encode

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Origin",
}

_WILDCARDS = ("*/*", "application/*", GRAPHQL_JSON)


class Parameters(Struct, frozen=True):
    """The parameters of a request: a document, the operation in it, variables."""

    query: str = ""
    operation: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


class BadRequest(Exception):
    """A request that carries no GraphQL parameters."""

    def __init__(self, message: str, status: int = 400, content_type: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.content_type = content_type


def answer_type(accept: str | None, negotiates: bool) -> str:
    """Return the media type of the answer: the first of the Accept header that the server knows.

    Without the header it is JSON; with anything unknown, or any wild card, it is the newer type
    (docs/stash-behaviour.md#compression). Releases before 0.29 always answer in JSON.
    """
    if not negotiates or not accept or not accept.strip():
        return JSON
    for part in accept.split(","):
        wanted = part.split(";", 1)[0].strip().lower()
        if wanted == JSON:
            return JSON
        if wanted in _WILDCARDS:
            return GRAPHQL_JSON
    return GRAPHQL_JSON


def refusal_status(content_type: str) -> int:
    """Return the status of a document that did not run."""
    return 422 if content_type == JSON else 400


def from_body(body: bytes, content_type: str | None) -> Parameters:
    """Return the parameters in a POST body.

    Raises:
        BadRequest: the content type is not JSON, or the body is not.
    """
    if (content_type or "").split(";", 1)[0].strip().lower() != JSON:
        raise BadRequest("transport not supported", content_type="text/plain; charset=utf-8")
    try:
        sent = decode(body)
        return _parameters(sent)
    except ValueError as error:
        text = body.decode("utf-8", "replace")
        raise BadRequest(f"json request body could not be decoded: {error} body:{text}") from None


def from_address(sent: Mapping[str, str]) -> Parameters:
    """Return the parameters in the address of a GET request.

    Raises:
        BadRequest: the variables are no JSON object.
    """
    variables = sent.get("variables")
    try:
        decoded = decode(variables.encode()) if variables else {}
    except ValueError:
        decoded = None
    if not isinstance(decoded, dict):
        raise BadRequest("variables could not be decoded")
    return Parameters(sent.get("query", ""), sent.get("operationName"), decoded)


def _parameters(sent: Any) -> Parameters:
    if sent is None:
        sent = {}
    if not isinstance(sent, dict):
        raise _mistyped(sent, "value of type graphql.RawParams")
    for name, kind, go_type in (
        ("query", str, "string"),
        ("operationName", str, "string"),
        ("variables", dict, "map[string]interface {}"),
    ):
        value = sent.get(name)
        if value is not None and not isinstance(value, kind):
            raise _mistyped(value, f"struct field RawParams.{name} of type {go_type}")
    return Parameters(
        sent.get("query") or "", sent.get("operationName"), sent.get("variables") or {}
    )


def _mistyped(value: Any, place: str) -> ValueError:
    names = {list: "array", dict: "object", str: "string", bool: "bool"}
    name = names.get(type(value), "number")
    return ValueError(f"json: cannot unmarshal {name} into Go {place}")


def respond(
    content: dict[str, Any],
    content_type: str,
    status: int = 200,
    accept_encoding: str | None = None,
) -> Response:
    """Return an answer, compressed only as plain JSON and where the client takes gzip."""
    body = encode(content)
    headers = {**HEADERS, "Content-Type": content_type}
    if content_type == JSON and "gzip" in (accept_encoding or ""):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
        headers["Vary"] = "Origin, Accept-Encoding"
    return Response(body, status, headers)


def failure(message: str) -> dict[str, Any]:
    """Return an answer that is nothing but one error."""
    return {"errors": [{"message": message}], "data": None}
