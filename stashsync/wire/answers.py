"""What an HTTP answer means: the body of a GraphQL API, or which failure it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from stashsync.errors import StashError, StashServerError
from stashsync.wire.exchange import Answer
from stashsync.wire.failures import AuthenticationFailure, DecodingFailure, StatusFailure
from stashsync.wire.httpx_door import httpx
from stashsync.wire.retry import SERVER_ERRORS, TOO_MANY_REQUESTS
from stashsync.wire.sign_on import asks_to_sign_in
from stashsync.wire.url import Endpoint, redact

_REFUSED_CODES = frozenset(("GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"))
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_LARGE = 401, 403, 404, 413
_EXCERPT = 80

WRONG_KEY = (
    "A wrong key is refused even by a server that is open to all: give the right one,"
    " or none where no password is set."
)
NO_KEY = "Create a key in Stash (Settings, Security) and give it to stashsync."
TRIPWIRE = (
    "Without a password, Stash locks itself for everyone as soon as a request comes from a public"
    " address: set a user and password, then unlock it in its config.yml."
)
NOT_THE_API = "Give the address of Stash itself, with its path prefix where it has one."


def read_answer(response: httpx.Response, endpoint: Endpoint, key_source: str | None) -> Answer:
    """Return the GraphQL answer in `response`.

    `key_source` describes where the API key came from; None if none was sent.

    Raises:
        StashServerError: there is none in it; StashAuthenticationError for 401 and 403.
        StashConnectionError: there is the beginning of one.
    """
    status = response.status_code
    if status in (_UNAUTHORIZED, _FORBIDDEN, TOO_MANY_REQUESTS) or status >= SERVER_ERRORS:
        raise status_failure(response, endpoint, key_source, _errors(_decode(response.content)))
    body = _decode(response.content)
    if isinstance(body, dict) and ("data" in body or "errors" in body):
        answer = answer_in(body, status)
        if answer is not None:
            return answer
    if not response.is_success:
        raise status_failure(response, endpoint, key_source)
    raise _no_api(response, endpoint, decoded=body is not None)


def _decode(content: bytes) -> Any:
    """Return the JSON value in `content`; None where there is none."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def answer_in(body: dict[str, Any], status: int) -> Answer | None:
    """Return the answer in a decoded body; None if its parts do not have the shapes of GraphQL."""
    data, errors, extensions = body.get("data"), body.get("errors") or (), body.get("extensions")
    if not (data is None or isinstance(data, dict)) or not isinstance(errors, (list, tuple)):
        return None
    if (data is None and not errors) or not all(isinstance(error, dict) for error in errors):
        return None
    executed = status < 400 and not any(_refused(error) for error in errors)
    return Answer(data, tuple(errors), executed, extensions)


def _errors(body: Any) -> Sequence[dict[str, Any]]:
    """Return the API's errors in a body; none where it is not one of GraphQL."""
    answer = answer_in(body, 0) if isinstance(body, dict) else None
    return answer.errors if answer is not None else ()


def _refused(error: dict[str, Any]) -> bool:
    extensions = error.get("extensions")
    return isinstance(extensions, dict) and extensions.get("code") in _REFUSED_CODES


def status_failure(
    response: httpx.Response,
    endpoint: Endpoint,
    key_source: str | None,
    errors: Sequence[dict[str, Any]] = (),
) -> StatusFailure:
    """Return the error for a response whose status is no success; `errors` are in its body."""
    # The key and the password for a proxy in front must not travel on with the exception.
    response.request = httpx.Request(response.request.method, redact(str(response.request.url)))
    status = response.status_code
    in_front = asks_to_sign_in(response, endpoint)
    if in_front is not None and not errors:
        kind = AuthenticationFailure if status in (_UNAUTHORIZED, _FORBIDDEN) else StatusFailure
        return kind(in_front[0], hint=in_front[1], response=response)
    if status == _UNAUTHORIZED and key_source is not None:
        message = f"{endpoint} refused the API key (from {key_source})"
        return AuthenticationFailure(message, hint=WRONG_KEY, response=response)
    if status == _UNAUTHORIZED:
        message = f"{endpoint} wants an API key"
        return AuthenticationFailure(message, hint=NO_KEY, response=response)
    if status == _FORBIDDEN:
        message = f"{endpoint} is closed to this address (403)"
        return AuthenticationFailure(message, hint=TRIPWIRE, response=response)
    message, hint = _status_words(response, endpoint)
    if errors:
        from stashsync.wire.gql_failures import error_message  # loads gql

        message += f": {error_message(errors[0])}"
    return StatusFailure(message, hint=hint, response=response, errors=errors)


def _status_words(response: httpx.Response, endpoint: Endpoint) -> tuple[str, str]:
    status, reason = response.status_code, response.reason_phrase
    if response.is_redirect and "returnURL=" in response.headers.get("Location", ""):
        return f"{endpoint.graphql} is not the API: Stash asks for its own login there", NOT_THE_API
    if response.is_redirect:
        target = redact(response.headers.get("Location", "another address"))
        return f"{endpoint} redirects to {target}", "Give the address that it redirects to."
    unavailable = (
        f"{endpoint} is not available ({status} {reason})",
        "A proxy answers in place of Stash: is Stash running?",
    )
    known = {
        _NOT_FOUND: (f"there is no GraphQL API at {endpoint.graphql} (404)", NOT_THE_API),
        TOO_MANY_REQUESTS: (f"{endpoint} wants fewer requests (429)", "Try again later."),
        _TOO_LARGE: (
            f"{endpoint} refuses a request of this size (413)",
            "A proxy limits the size of requests. Raise its limit (client_max_body_size in nginx, "
            "LimitRequestBody in Apache, request_body max_size in Caddy), or send smaller batches.",
        ),
        **dict.fromkeys((502, 503, 504), unavailable),
    }
    if status in known:
        return known[status]
    if status >= SERVER_ERRORS:
        return f"{endpoint} failed ({status} {reason})", "Stash's own log may say why."
    return f"{endpoint} refused the request ({status} {reason})", ""


def _no_api(response: httpx.Response, endpoint: Endpoint, *, decoded: bool) -> StashError:
    """Return the error for a successful response that is no GraphQL answer."""
    status, text = response.status_code, response.content.lstrip()[:_EXCERPT]
    if text[:1] == b"{" and not decoded:  # a compressed answer that ends early decodes to nothing
        words = f"the answer of {endpoint} is cut off or garbled"
        return DecodingFailure(words, hint="A proxy may garble it.", sent=True)
    in_front = asks_to_sign_in(response, endpoint)
    if in_front is not None:
        return StashServerError(in_front[0], hint=in_front[1], status=status)
    if text[:1] == b"<" or "html" in response.headers.get("Content-Type", ""):
        message = f"{endpoint.graphql} answered with HTML: this is the web page, not the API"
    elif not text:
        message = f"{endpoint.graphql} gave an empty answer"
    elif decoded:
        message = f"{endpoint.graphql} answered with JSON that is no GraphQL answer"
    else:
        message = f"{endpoint.graphql} answered with something that is no JSON"
    return StashServerError(message, hint=NOT_THE_API, status=status)
