"""Foreign errors as our own, each with a message and a way out; translated only here.

Every class here is one of ours and one of httpx's, so `except httpx.ConnectError` and
`except httpx.TimeoutException` written for httpx keep working:

    our class                     also httpx's                      left?   again?
    ConnectFailure                ConnectError                      no      yes
     └─ TlsFailure                                                  no      no
    ConnectTimeoutFailure         ConnectTimeout                    no      yes
    PoolTimeoutFailure            PoolTimeout                       no      yes
    ProxyFailure                  ProxyError                        no      yes
    UnsupportedProtocolFailure    UnsupportedProtocol               no      no
    ReadTimeoutFailure            ReadTimeout                       yes     yes
    WriteTimeoutFailure           WriteTimeout                      yes     yes
    TimeoutFailure                TimeoutException                  yes     yes
    ReadFailure                   ReadError                         yes     yes
    WriteFailure                  WriteError                        yes     yes
    CloseFailure                  CloseError                        yes     yes
    NetworkFailure                NetworkError                      yes     yes
    RemoteProtocolFailure         RemoteProtocolError               yes     yes
    LocalProtocolFailure          LocalProtocolError                yes     no
    ProtocolFailure               ProtocolError                     yes     yes
    DecodingFailure               DecodingError                     yes     yes
    TooManyRedirectsFailure       TooManyRedirects                  yes     no
    RequestFailure                any other HTTPError               yes     yes
    AddressFailure (a setting)    InvalidURL                        no      no
    StatusFailure,                HTTPStatusError                   see `answers`
      AuthenticationFailure

"left?" is the `sent` of the error: whether the request may have reached the server. "again?" is
whether a read may be repeated. What stays outside of that tree (misused streams, cookies that
clash, a broken socket) becomes a plain StashConnectionError.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from stashsync.errors import (
    StashAuthenticationError,
    StashConfigurationError,
    StashConnectionError,
    StashError,
    StashServerError,
)
from stashsync.wire.httpx_door import httpx
from stashsync.wire.url import Endpoint, redact


class ConnectFailure(StashConnectionError, httpx.ConnectError):
    """No connection could be made."""

    permanent: ClassVar[bool] = False


class TlsFailure(ConnectFailure):
    """The two sides could not agree on TLS; trying again changes nothing."""

    permanent = True


class ConnectTimeoutFailure(StashConnectionError, httpx.ConnectTimeout):
    """The connection was not made in time."""


class PoolTimeoutFailure(StashConnectionError, httpx.PoolTimeout):
    """All our own connections stayed busy."""


class ProxyFailure(StashConnectionError, httpx.ProxyError):
    """The proxy did not let us through."""


class UnsupportedProtocolFailure(StashConnectionError, httpx.UnsupportedProtocol):
    """The address has a scheme that is not supported."""

    permanent: ClassVar[bool] = True


class TimeoutFailure(StashConnectionError, httpx.TimeoutException):
    """Something else took too long: for a mutation, the whole of it."""


class ReadTimeoutFailure(StashConnectionError, httpx.ReadTimeout):
    """The server stayed silent."""


class WriteTimeoutFailure(StashConnectionError, httpx.WriteTimeout):
    """The server took in nothing more."""


class NetworkFailure(StashConnectionError, httpx.NetworkError):
    """The connection broke."""


class ReadFailure(StashConnectionError, httpx.ReadError):
    """The connection broke while the answer was awaited."""


class WriteFailure(StashConnectionError, httpx.WriteError):
    """The connection broke while the request was written."""


class CloseFailure(StashConnectionError, httpx.CloseError):
    """The connection broke while it was closed."""


class ProtocolFailure(StashConnectionError, httpx.ProtocolError):
    """What came is not HTTP."""


class RemoteProtocolFailure(StashConnectionError, httpx.RemoteProtocolError):
    """What the server sent is not HTTP, or it hung up before it answered."""


class LocalProtocolFailure(StashConnectionError, httpx.LocalProtocolError):
    """What we were about to send is not HTTP."""

    permanent: ClassVar[bool] = True


class DecodingFailure(StashConnectionError, httpx.DecodingError):
    """The answer could not be unpacked."""


class TooManyRedirectsFailure(StashConnectionError, httpx.TooManyRedirects):
    """The server sends us in circles."""

    permanent: ClassVar[bool] = True


class RequestFailure(StashConnectionError, httpx.RequestError):
    """Any other failure of a request."""


class ClosedFailure(StashConnectionError):
    """The transport was closed before; nothing was sent."""

    permanent: ClassVar[bool] = True


class AddressFailure(StashConfigurationError, httpx.InvalidURL):
    """httpx can make nothing of the address."""


class StatusFailure(StashServerError, httpx.HTTPStatusError):
    """An answer with an HTTP status that is none of success.

    `response` holds the answer; its request carries no key. `retry_after` is the header as it came.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        response: httpx.Response,
        errors: Sequence[dict[str, Any]] = (),
    ) -> None:
        httpx.HTTPStatusError.__init__(self, message, request=response.request, response=response)
        self.message = message
        self.hint = hint
        self.status = response.status_code
        self.retry_after = response.headers.get("Retry-After")
        self.errors = errors


class AuthenticationFailure(StatusFailure, StashAuthenticationError):
    """401 or 403."""


class _Rule(NamedTuple):
    """Translation of one class of httpx: our class, whether the request may have left, and why."""

    own: type[StashConnectionError]
    sent: bool
    message: str
    hint: str = ""


_IS_IT_THERE = "Is the server running, and is that its address and port?"
_IS_THE_PROXY_THERE = (
    "It is asked through a proxy (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY): are both running? NO_PROXY"
    " makes exceptions."
)
_SLOW = "The server is slow or hangs; a longer time limit may help."

_RULES: dict[type[Exception], _Rule] = {
    httpx.ConnectError: _Rule(ConnectFailure, False, "cannot connect to {0}", _IS_IT_THERE),
    httpx.ConnectTimeout: _Rule(
        ConnectTimeoutFailure, False, "{0} did not take the connection in time", _IS_IT_THERE
    ),
    httpx.PoolTimeout: _Rule(
        PoolTimeoutFailure, False, "all connections to {0} stayed busy for too long", _SLOW
    ),
    httpx.ProxyError: _Rule(
        ProxyFailure,
        False,
        "the proxy does not lead to {0}",
        "The proxy comes from HTTP_PROXY, HTTPS_PROXY or ALL_PROXY; NO_PROXY makes exceptions.",
    ),
    httpx.UnsupportedProtocol: _Rule(
        UnsupportedProtocolFailure, False, "cannot talk to {0}", "Use http:// or https://."
    ),
    httpx.ReadTimeout: _Rule(ReadTimeoutFailure, True, "{0} did not answer in time", _SLOW),
    httpx.WriteTimeout: _Rule(
        WriteTimeoutFailure, True, "{0} did not take the request in time", _SLOW
    ),
    httpx.TimeoutException: _Rule(TimeoutFailure, True, "{0} took too long", _SLOW),
    httpx.ReadError: _Rule(ReadFailure, True, "the connection to {0} broke before the answer"),
    httpx.WriteError: _Rule(WriteFailure, True, "the connection to {0} broke during the request"),
    httpx.CloseError: _Rule(CloseFailure, True, "the connection to {0} broke while it was closed"),
    httpx.NetworkError: _Rule(NetworkFailure, True, "the connection to {0} broke"),
    httpx.RemoteProtocolError: _Rule(
        RemoteProtocolFailure,
        True,
        "{0} hung up or does not speak HTTP",
        "Is this the right port, and http or https as the server wants it?",
    ),
    httpx.LocalProtocolError: _Rule(
        LocalProtocolFailure, True, "the request to {0} could not be written as HTTP"
    ),
    httpx.ProtocolError: _Rule(ProtocolFailure, True, "{0} does not speak HTTP as expected"),
    httpx.DecodingError: _Rule(
        DecodingFailure, True, "the answer of {0} could not be unpacked", "A proxy may garble it."
    ),
    httpx.TooManyRedirects: _Rule(TooManyRedirectsFailure, True, "{0} redirects in circles"),
    httpx.HTTPError: _Rule(RequestFailure, True, "the request to {0} failed"),
}

FOREIGN: tuple[type[Exception], ...] = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
    OSError,
    UnicodeError,  # host names that IDNA cannot write come out of httpx like this
)
"""All that httpx may raise for reasons that lie outside of this program."""


def translate(error: Exception, endpoint: Endpoint) -> StashError:
    """Translate `error`, which is one of `FOREIGN`."""
    details = redact(_system_message(error) or str(error)).strip()
    if isinstance(error, (httpx.InvalidURL, UnicodeError)):
        return AddressFailure(f"'{endpoint}' is no server address: {details}")
    tls = _tls_error(error)
    if tls is not None and isinstance(error, (httpx.ConnectError, ssl.SSLError)):
        return TlsFailure(
            f"no safe connection to {endpoint}: {_tls_message(tls)}",
            hint=_tls_hint(tls),
            sent=False,
        )
    for kind in type(error).__mro__:
        rule = _RULES.get(kind)
        if rule is not None:
            message = rule.message.format(endpoint) + (f": {details}" if details else "")
            hint = rule.hint
            if rule.hint is _IS_IT_THERE and _goes_through_a_proxy(endpoint):
                hint = _IS_THE_PROXY_THERE  # the error does not say which of them was not there
            return rule.own(message, hint=hint, sent=rule.sent)
    message = f"the exchange with {endpoint} failed"
    return StashConnectionError(f"{message}: {details}" if details else message)


def _goes_through_a_proxy(endpoint: Endpoint) -> bool:
    """Return whether the environment names a proxy for that address."""
    split = urlsplit(endpoint.base)
    proxies = getproxies()
    named = proxies.get(split.scheme) or proxies.get("all")
    return bool(named) and not proxy_bypass(split.hostname or "")


def took_too_long(endpoint: Endpoint, seconds: float) -> TimeoutFailure:
    """Make the error for a mutation beyond its time limit; the server may still be at work."""
    return TimeoutFailure(f"{endpoint} did not finish within {seconds:g} seconds", hint=_SLOW)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and what led to it, down to the root; of a group, its first member."""
    seen: BaseException | None = error
    for _ in range(20):
        if seen is None:
            return
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            seen = seen.exceptions[0]
        else:
            seen = seen.__cause__ or seen.__context__


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    """Find the TLS error behind `error`, if there is one."""
    return next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)


def _system_message(error: BaseException) -> str:
    """Find the system's message behind `error`: "Connection refused" for "All attempts failed"."""
    message = ""
    for cause in _causes(error):
        if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and cause.errno:
            # asyncio puts the address in place of the message; look-ups have numbers below zero.
            message = os.strerror(cause.errno) if cause.errno > 0 else cause.strerror or ""
    return message


def _tls_message(error: ssl.SSLError) -> str:
    # Both attributes are missing on errors that were not made by the ssl module itself.
    return str(getattr(error, "verify_message", "") or getattr(error, "reason", "") or error)


def _tls_hint(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Name the CA bundle that signed the certificate, or switch its verification off."
    if getattr(error, "reason", "") in (
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "RECORD_LAYER_FAILURE",
    ):
        return "The server may speak plain http on this port: write http:// instead of https://."
    return ""
