"""Every error of httpx is translated into one of this package."""

from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest

from stashsync.errors import (
    StashAuthenticationError,
    StashConfigurationError,
    StashConnectionError,
    StashError,
    StashServerError,
)
from stashsync.wire import failures
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.settings import ApiKey
from stashsync.wire.transport import Transport
from stashsync.wire.url import parse_endpoint
from tests.wire.fakes import ok, scripted

ENDPOINT = parse_endpoint("http://stash.example:9999")
REQUEST = httpx.Request("POST", ENDPOINT.graphql)
ONCE = RetryPolicy(attempts=1)


def _subclasses(root: type[BaseException]) -> set[type[BaseException]]:
    return {root}.union(*(_subclasses(child) for child in root.__subclasses__()))


FOREIGN = sorted(
    (
        kind
        for root in (
            httpx.HTTPError,
            httpx.InvalidURL,
            httpx.CookieConflict,
            httpx.StreamError,
        )
        for kind in _subclasses(root)
        if kind.__module__.startswith("httpx")
    ),
    key=lambda kind: kind.__name__,
)


def _made(kind: type[BaseException]) -> BaseException:
    if kind is httpx.HTTPStatusError:
        response = httpx.Response(500, request=REQUEST)
        return httpx.HTTPStatusError("broken", request=REQUEST, response=response)
    try:
        return kind("broken")
    except TypeError:
        return kind()


def test_the_list_of_foreign_errors_is_the_whole_of_httpx() -> None:
    """Each exception class that httpx exports is in the test below."""
    exported = {
        value
        for value in vars(httpx).values()
        if isinstance(value, type) and issubclass(value, BaseException)
    }
    assert exported == set(FOREIGN)


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("what", ["mutation M { a }", "{ a }"])
def test_no_error_of_httpx_leaves_the_wire_untranslated(
    kind: type[BaseException], what: str
) -> None:
    """Whatever httpx raises comes out as ours, with a message, and with the cause kept."""
    transport, _ = scripted(_made(kind), retry=ONCE)
    with pytest.raises(StashError) as caught:
        asyncio.run(transport.send(what))
    assert isinstance(caught.value, (StashConnectionError, StashConfigurationError))
    assert str(caught.value)
    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in FOREIGN if issubclass(kind, httpx.RequestError)] + [httpx.InvalidURL],
    ids=lambda kind: kind.__name__,
)
def test_code_that_catches_the_error_of_httpx_catches_ours(kind: type[BaseException]) -> None:
    """Each translated error is also an instance of the class it stands for, or of its parent."""
    error = _made(kind)
    assert isinstance(error, Exception)
    ours = failures.translate(error, ENDPOINT)
    parent = httpx.RequestError if kind is httpx.TransportError else kind
    assert isinstance(ours, parent)
    assert isinstance(ours, StashError)


NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.__name__)
def test_only_what_provably_never_left_counts_as_not_sent(kind: type[BaseException]) -> None:
    """A doubt counts as sent: a mutation is resent only where it cannot have run."""
    error = _made(kind)
    assert isinstance(error, Exception)
    ours = failures.translate(error, ENDPOINT)
    if isinstance(ours, StashConnectionError):
        assert ours.sent is (kind.__name__ not in NOT_SENT)


def test_a_plain_oserror_is_translated_too() -> None:
    """Sockets that break below httpx do not slip through either."""
    transport, _ = scripted(OSError(5, "Input/output error"), retry=ONCE)
    with pytest.raises(StashConnectionError, match="Input/output error"):
        asyncio.run(transport.send("{ a }"))


@pytest.mark.parametrize("host", ["xn--a", "a" * 300, "exa..mple", "-a-", "%", "\u200b.example"])
def test_a_host_name_that_cannot_be_written_is_an_error_of_ours(host: str) -> None:
    """Neither IDNA's errors nor those of the look-up slip through."""

    async def run() -> None:
        async with Transport(f"http://{host}.invalid", retry=ONCE) as transport:
            await transport.send("{ a }")

    with pytest.raises((StashConnectionError, StashConfigurationError)):
        asyncio.run(run())


def test_a_refused_connection_has_the_message_of_the_system() -> None:
    """httpx's own "all connection attempts failed" would not name the cause."""

    async def run() -> None:
        async with Transport("http://localhost:1", retry=ONCE) as transport:
            await transport.send("{ a }")

    with pytest.raises(StashConnectionError, match=r"cannot connect to .*: Connection refused"):
        asyncio.run(run())


def test_a_tls_error_is_named_and_not_tried_again() -> None:
    """Waiting does not make a certificate valid."""
    error = httpx.ConnectError("handshake")
    error.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    transport, script = scripted(error, ok({}))
    with pytest.raises(failures.TlsFailure, match="no safe connection") as caught:
        asyncio.run(transport.send("{ a }"))
    assert "CA bundle" in caught.value.hint
    assert len(script.requests) == 1


def test_messages_name_the_server_but_no_secret() -> None:
    """A message of httpx that repeats an address loses the secrets in it."""
    error = httpx.ConnectError("no way to http://ada:secret@stash.example/?apikey=secret")
    message = str(failures.translate(error, ENDPOINT))
    assert "stash.example:9999" in message
    assert "secret" not in message


HTML = "<!DOCTYPE html><html><body>Stash</body></html>"


@pytest.mark.parametrize(
    ("response", "words", "hint"),
    [
        (httpx.Response(200, html=HTML), "this is the web page, not the API", "prefix"),
        (httpx.Response(200, text=HTML), "this is the web page, not the API", "prefix"),
        (httpx.Response(200, text="not json"), "no JSON", "address"),
        (httpx.Response(200, content=b""), "empty answer", "address"),
        (httpx.Response(200, content=b"\xff\xfe"), "no JSON", "address"),
        (httpx.Response(200, json=[1, 2]), "no GraphQL answer", "address"),
        (httpx.Response(200, json={"hello": 1}), "no GraphQL answer", "address"),
        (httpx.Response(200, json={"data": None}), "no GraphQL answer", "address"),
        (httpx.Response(200, json={"data": 5}), "no GraphQL answer", "address"),
        (httpx.Response(200, json={"errors": ["x"]}), "no GraphQL answer", "address"),
        (httpx.Response(200, json={"errors": "x"}), "no GraphQL answer", "address"),
        (httpx.Response(400, text="Bad Request"), "refused the request (400", ""),
        (httpx.Response(404, html=HTML), "no GraphQL API at http://stash.example:9999/g", "prefix"),
        (httpx.Response(413, html=HTML), "request of this size", "batches"),
        (httpx.Response(500, text="oops"), "failed (500", "log"),
        (httpx.Response(502, html=HTML), "not available (502", "proxy"),
        (httpx.Response(503), "not available (503", "proxy"),
        (httpx.Response(504, json={"data": {}}), "not available (504", "proxy"),
        (httpx.Response(599), "failed (599", "log"),
        (httpx.Response(302, headers={"Location": "/other?x"}), "redirects to /other?x", "address"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_an_api_is_described(
    response: httpx.Response, words: str, hint: str
) -> None:
    """HTML, bad JSON and the failures of proxies each have their own words."""
    transport, _ = scripted(response, retry=ONCE)
    with pytest.raises(StashServerError) as caught:
        asyncio.run(transport.send("{ a }"))
    assert words in str(caught.value)
    assert hint in caught.value.hint
    assert caught.value.status == response.status_code


def test_the_errors_of_the_api_in_a_failure_of_the_server_are_kept() -> None:
    """The outcome is as unknown as with any other 500; the message has the reason."""
    body = {"errors": [{"message": "disk is full", "path": ["tagCreate"]}], "data": None}
    transport, _ = scripted(httpx.Response(500, json=body), retry=ONCE)
    with pytest.raises(StashServerError, match=r"failed \(500 .*: disk is full$") as caught:
        asyncio.run(transport.send("mutation { a }"))
    assert caught.value.errors == tuple(body["errors"])
    transport, _ = scripted(httpx.Response(500, json={"errors": "x"}), retry=ONCE)
    with pytest.raises(StashServerError) as caught:
        asyncio.run(transport.send("{ a }"))
    assert caught.value.errors == ()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_bad_status_is_an_httpx_status_error_without_the_key(status: int) -> None:
    """Code for httpx finds `response`; what travels with the error holds no secret."""
    key = ApiKey("letters.digits", "the file key.txt")
    transport, _ = scripted(
        httpx.Response(status), retry=ONCE, api_key=key, url="http://ada:word@stash.example"
    )
    with pytest.raises(httpx.HTTPStatusError) as caught:
        asyncio.run(transport.send("{ a }"))
    assert caught.value.response.status_code == status
    request = caught.value.response.request
    assert "letters" not in f"{request.url} {request.headers.raw}"
    assert "Authorization" not in request.headers
    assert caught.value.request is request


def test_a_refused_key_names_where_it_came_from() -> None:
    """401 with a key: the source of it, and that a wrong key fails even on an open server."""
    transport, _ = scripted(httpx.Response(401), api_key=ApiKey("letters", "the file key.txt"))
    with pytest.raises(StashAuthenticationError, match=r"from the file key\.txt") as caught:
        asyncio.run(transport.send("{ a }"))
    assert "even by a server that is open" in caught.value.hint
    assert "letters" not in str(caught.value)


def test_a_key_in_the_address_is_sent_as_a_header_and_named_as_the_source() -> None:
    """`?apikey=` works, but does not travel in the URL, where proxies would log it."""
    transport, script = scripted(httpx.Response(401), url="stash.example?apikey=letters")
    with pytest.raises(StashAuthenticationError, match="from the server's address"):
        asyncio.run(transport.send("{ a }"))
    assert script.requests[0].headers["ApiKey"] == "letters"
    assert "letters" not in str(script.requests[0].url)


def test_a_missing_key_is_asked_for() -> None:
    """A 401 on a request without a key is explained by the missing key."""
    transport, _ = scripted(httpx.Response(401))
    with pytest.raises(StashAuthenticationError, match="wants an API key"):
        asyncio.run(transport.send("{ a }"))


def test_a_locked_server_explains_its_tripwire() -> None:
    """403 is Stash's answer when it was reached from a public address without a password."""
    transport, _ = scripted(httpx.Response(403))
    with pytest.raises(StashAuthenticationError, match="closed") as caught:
        asyncio.run(transport.send("{ a }"))
    assert "locks itself" in caught.value.hint


@pytest.mark.parametrize("value", ["two\nlines", "schlüssel", "a b", "x\x00"])
def test_a_key_that_no_header_can_carry_is_refused_by_its_source(value: str) -> None:
    """The message names the source and not the key."""
    with pytest.raises(StashConfigurationError, match=r"key\.txt") as caught:
        ApiKey(value, "the file key.txt")
    assert value not in str(caught.value)
