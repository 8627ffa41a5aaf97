"""Sending one document, over real connections where they matter."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from stashsync.client import StashContext
from stashsync.errors import (
    ReadOnlyError,
    StashConfigurationError,
    StashConnectionError,
    StashError,
)
from stashsync.wire.failures import TlsFailure
from stashsync.wire.retry import RetryPolicy
from stashsync.wire.settings import ApiKey, TimeLimits, Tls
from stashsync.wire.transport import Transport
from tests.wire.fakes import http, loopback, ok, scripted
from tests.wire.http2 import speaking_http2

TLS = Path(__file__).parent / "tls"
"""A self-signed certificate for localhost, good for a hundred years, and its key."""
DATA = b'{"data":{"a":1}}'
ONCE = RetryPolicy(attempts=1)


@pytest.mark.fault("13 printing")
def test_a_request_asks_for_json_and_gzip_and_sends_the_text_as_it_stands() -> None:
    """Only for `Accept: application/json` does Stash compress; odd spacing stays untouched."""
    text = "query  Odd { a }  # kept"
    transport, script = scripted(ok({}), api_key=ApiKey("letters", "a test"))
    asyncio.run(transport.send(text, {"x": "é"}, operation_name="Odd"))
    request = script.requests[0]
    assert (request.method, str(request.url)) == ("POST", "http://stash.example:9999/graphql")
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Accept-Encoding"] == "gzip"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["ApiKey"] == "letters"
    assert script.bodies == [{"query": text, "variables": {"x": "é"}, "operationName": "Odd"}]


def test_no_key_means_no_header() -> None:
    """An empty key is no key either."""
    for key in (None, ApiKey("", "a test")):
        transport, script = scripted(ok({}), api_key=key)
        asyncio.run(transport.send("{ a }"))
        assert "ApiKey" not in script.requests[0].headers


def test_user_and_password_of_the_address_go_to_the_proxy_in_front() -> None:
    """As basic authentication, and not in the URL."""
    transport, script = scripted(ok({}), url="http://ada:pass%20word@stash.example")
    asyncio.run(transport.send("{ a }"))
    expected = httpx.BasicAuth("ada", "pass word")._auth_header
    assert script.requests[0].headers["Authorization"] == expected
    assert "ada" not in str(script.requests[0].url)


def test_errors_of_the_api_come_with_the_answer() -> None:
    """A partial answer keeps its data; a refused one has run nothing."""
    entry = {"message": "no", "path": ["a"]}
    transport, _ = scripted(ok({"a": None}, [entry]))
    answer = asyncio.run(transport.send("{ a }"))
    assert (answer.data, answer.errors, answer.executed) == ({"a": None}, (entry,), True)


@pytest.mark.row("A7")
def test_one_connection_serves_several_requests() -> None:
    """Connections are kept and used again."""

    async def run() -> tuple[int, int]:
        async with (
            loopback(lambda *_: http(DATA)) as server,
            Transport(f"http://127.0.0.1:{server.port}") as transport,
        ):
            for _ in range(5):
                assert (await transport.send("{ a }")).data == {"a": 1}
            return server.connections, server.requests

    assert asyncio.run(run()) == (1, 5)


def test_a_compressed_answer_is_unpacked() -> None:
    """Gzip is asked for, and understood."""
    packed = http(gzip.compress(DATA), headers="Content-Encoding: gzip\r\n")

    async def run() -> Any:
        async with (
            loopback(lambda *_: packed) as server,
            Transport(f"http://127.0.0.1:{server.port}") as transport,
        ):
            answer = await transport.send("{ a }")
            assert b"accept-encoding: gzip" in server.heads[0].lower()
            return answer.data

    assert asyncio.run(run()) == {"a": 1}


def test_a_garbled_compressed_answer_is_a_clear_error() -> None:
    """A traceback from zlib would not name the server's answer as the cause."""
    garbled = http(b"this is no gzip", headers="Content-Encoding: gzip\r\n")

    async def run() -> None:
        async with (
            loopback(lambda *_: garbled) as server,
            Transport(f"http://127.0.0.1:{server.port}", retry=ONCE) as transport,
        ):
            await transport.send("{ a }")

    with pytest.raises(httpx.DecodingError, match="could not be unpacked"):
        asyncio.run(run())


def test_a_server_that_hangs_up_has_an_unknown_outcome() -> None:
    """The request was sent, so a mutation may have run."""

    async def run() -> None:
        async with (
            loopback(lambda *_: b"") as server,
            Transport(f"http://127.0.0.1:{server.port}") as transport,
        ):
            await transport.send("mutation { a }")

    with pytest.raises(StashConnectionError) as caught:
        asyncio.run(run())
    assert caught.value.sent


@pytest.mark.row("H2")
def test_a_port_without_a_listener_is_a_connect_error() -> None:
    """Nothing was sent, and httpx's own name for it works."""

    async def run() -> None:
        async with loopback(lambda *_: http(DATA)) as server:
            port = server.port
        async with Transport(f"http://127.0.0.1:{port}", retry=ONCE) as transport:
            await transport.send("mutation { a }")

    with pytest.raises(httpx.ConnectError) as caught:
        asyncio.run(run())
    assert isinstance(caught.value, StashConnectionError)
    assert not caught.value.sent


@pytest.mark.row("H2")
def test_a_silent_server_runs_into_the_time_limit() -> None:
    """For a read the silence counts, for a mutation the whole of it; both are httpx's time-outs."""

    async def run(text: str, limits: TimeLimits) -> None:
        async def hang(request: httpx.Request) -> httpx.Response:
            limit = request.extensions["timeout"]["read"]
            try:
                await asyncio.wait_for(asyncio.Event().wait(), limit)
            except TimeoutError:
                message = "silent"
                raise httpx.ReadTimeout(message) from None
            raise AssertionError

        inner = httpx.MockTransport(hang)
        async with Transport("stash.example", inner=inner, limits=limits, retry=ONCE) as transport:
            await transport.send(text)

    for text, limits in (
        ("{ a }", TimeLimits(read=0.02)),
        ("mutation { a }", TimeLimits(read=9.0, mutation=0.02)),
    ):
        with pytest.raises(httpx.TimeoutException) as caught:
            asyncio.run(run(text, limits))
        assert isinstance(caught.value, StashConnectionError)
        assert caught.value.sent


def test_every_time_limit_is_handed_to_httpx() -> None:
    """No wait is without a limit, and a mutation may be silent for longer than a read."""
    limits = TimeLimits(connect=1.0, read=2.0, mutation=30.0)
    transport, script = scripted(ok({}), ok({}), limits=limits)
    for text in ("{ a }", "mutation { a }"):
        asyncio.run(transport.send(text))
    read, write = (request.extensions["timeout"] for request in script.requests)
    assert read == {"connect": 1.0, "read": 2.0, "write": 2.0, "pool": 2.0}
    assert write == {"connect": 1.0, "read": 30.0, "write": 30.0, "pool": 30.0}


def _over_tls(tls: Tls, require_client: bool = False) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem")
    if require_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(TLS / "ca.pem")

    async def run() -> Any:
        async with (
            loopback(lambda *_: http(DATA), context) as server,
            Transport(f"https://127.0.0.1:{server.port}", tls=tls, retry=ONCE) as transport,
        ):
            return (await transport.send("{ a }")).data

    return asyncio.run(run())


def test_an_unknown_certificate_is_refused() -> None:
    """Verification is on unless it is switched off."""
    with pytest.raises(TlsFailure, match="no safe connection"):
        _over_tls(Tls())


def test_plain_http_behind_https_is_recognised() -> None:
    """The other way round it is a server that does not speak HTTP."""

    async def run(scheme: str, context: ssl.SSLContext | None) -> None:
        async with (
            loopback(lambda *_: http(DATA), context) as server,
            Transport(f"{scheme}://127.0.0.1:{server.port}", retry=ONCE) as transport,
        ):
            await transport.send("mutation { a }")

    with pytest.raises(TlsFailure) as caught:
        asyncio.run(run("https", None))
    assert "write http://" in caught.value.hint
    assert not caught.value.sent
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem")
    with pytest.raises(StashConnectionError) as other:
        asyncio.run(run("http", context))
    assert other.value.sent


def test_a_folder_of_certificates_is_a_bundle_too(tmp_path: Path) -> None:
    """The files may have any name; a folder without a certificate is a configuration error."""
    with pytest.raises(StashConfigurationError, match="no certificate in that folder"):
        _over_tls(Tls(ca_bundle=tmp_path))
    (tmp_path / "home.crt").write_bytes((TLS / "ca.pem").read_bytes())
    (tmp_path / "other.pem").write_text("no certificate at all")
    assert _over_tls(Tls(ca_bundle=tmp_path)) == {"a": 1}


def test_a_key_without_its_certificate_is_refused() -> None:
    """It would change nothing."""
    with pytest.raises(StashConfigurationError, match="belongs to no certificate"):
        Tls(client_key=TLS / "localhost.pem")


def test_a_failure_through_a_proxy_names_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is down looks like a server that is down."""
    for name in ("http_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    words: list[str] = []
    for exception in ("", "127.0.0.1"):
        monkeypatch.setenv("no_proxy", exception)
        with pytest.raises(StashConnectionError) as caught:
            asyncio.run(Transport("http://127.0.0.1:1", retry=ONCE).send("{ a }"))
        words.append(caught.value.hint)
    assert "NO_PROXY" in words[0]
    assert words[1] == "Is the server running, and is that its address and port?"


@pytest.mark.row("A7")
@pytest.mark.fault("12 tls")
def test_tls_options_have_an_effect() -> None:
    """Verification off, a CA bundle of one's own, a client certificate: each has its effect."""
    assert _over_tls(Tls(verify=False)) == {"a": 1}
    assert _over_tls(Tls(ca_bundle=TLS / "ca.pem")) == {"a": 1}
    shown = Tls(ca_bundle=TLS / "ca.pem", client_cert=TLS / "localhost.pem")
    assert _over_tls(shown, require_client=True) == {"a": 1}
    with pytest.raises((StashConnectionError, TlsFailure)):
        _over_tls(Tls(ca_bundle=TLS / "ca.pem"), require_client=True)


@pytest.mark.row("A7")
@pytest.mark.fault("12 http2")
def test_http2_is_used_where_it_is_asked_for() -> None:
    """The server of this test supports nothing else; the requests are real."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem")

    async def run() -> list[dict[str, str]]:
        async with speaking_http2(context, b'{"data": {"a": 1}}') as server:
            url = f"https://127.0.0.1:{server.port}"
            async with Transport(url, tls=Tls(verify=False), retry=ONCE) as plain:
                with pytest.raises(StashError):
                    await plain.send("{ a }")
            async with StashContext(url=url, verify_ssl=False, http2=True) as client:
                with contextlib.suppress(StashError):  # it is the server's account that counts
                    assert await client.execute("query { a }") == {"a": 1}
            return server.requests

    requests = [(headers[":method"], headers[":path"]) for headers in asyncio.run(run())]
    assert requests == [("POST", "/graphql")]


@pytest.mark.row("A7")
def test_http2_is_refused_where_it_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs TLS to be negotiated, and a package to be supported."""
    with pytest.raises(StashConfigurationError, match="over TLS"):
        Transport("http://stash.example", http2=True)
    monkeypatch.setitem(sys.modules, "h2", None)  # type: ignore[arg-type]  # as if not installed
    with pytest.raises(StashConfigurationError, match="package h2") as caught:
        Transport("https://stash.example", http2=True)
    assert "stashsync[http2]" in caught.value.hint


@pytest.mark.row("A7")
def test_the_protocol_that_is_used_is_the_one_that_was_offered() -> None:
    """A proxy that prefers HTTP/2 is offered HTTP/1.1 alone, unless HTTP/2 is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])

    async def run() -> tuple[list[str | None], list[bytes]]:
        async with (
            loopback(lambda *_: http(DATA), context) as server,
            Transport(f"https://127.0.0.1:{server.port}", tls=Tls(verify=False)) as transport,
        ):
            await transport.send("{ a }")
            return server.protocols, server.heads

    protocols, heads = asyncio.run(run())
    assert protocols == ["http/1.1"]
    assert heads[0].split(b"\r\n")[0].endswith(b"HTTP/1.1")


@pytest.mark.parametrize(
    "tls",
    [
        Tls(ca_bundle=TLS / "missing.pem"),
        Tls(ca_bundle=Path(__file__)),
        Tls(client_cert=TLS / "missing.pem"),
        Tls(client_cert=TLS / "ca.pem"),
    ],
)
def test_a_certificate_file_of_no_use_is_named(tls: Tls) -> None:
    """A missing or wrong file is an error of the settings, before anything is sent."""
    with pytest.raises(StashConfigurationError, match=r"cannot use the certificates of .*\.p"):
        Transport("https://stash.example", tls=tls)


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables are those of httpx; NO_PROXY makes exceptions."""

    async def run() -> bytes:
        async with loopback(lambda *_: http(DATA)) as proxy:
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
            async with Transport("http://stash.example") as transport:
                await transport.send("{ a }")
            return proxy.heads[0]

    assert asyncio.run(run()).startswith(b"POST http://stash.example/graphql ")
    monkeypatch.setenv("HTTP_PROXY", "gopher://nowhere.example")
    with pytest.raises(StashConfigurationError, match="proxy"):
        Transport("http://stash.example")


def test_a_closed_transport_is_an_error() -> None:
    """It is our own error instead of httpx's RuntimeError; nothing was sent."""

    async def run() -> None:
        transport, _ = scripted(ok({}))
        await transport.aclose()
        await transport.send("mutation { a }")

    with pytest.raises(StashConnectionError, match="closed") as caught:
        asyncio.run(run())
    assert not caught.value.sent


def test_an_entity_tag_costs_one_conditional_request() -> None:
    """304 repeats the known tag, 200 brings a new one, 404 is no file."""
    transport, script = scripted(
        httpx.Response(200, headers={"ETag": '"abc"'}, content=b"image"),
        httpx.Response(304),
        httpx.Response(404),
        httpx.Response(200, headers={"ETag": 'W/"xyz"'}),
        httpx.Response(200),
    )

    async def run() -> list[str | None]:
        return [
            await transport.etag("/tag/1/image?t=5"),
            await transport.etag("http://elsewhere.example/tag/1/image", "abc"),
            await transport.etag("/tag/2/image"),
            await transport.etag("/tag/3/image"),
            await transport.etag("/tag/4/image"),
        ]

    assert asyncio.run(run()) == ["abc", "abc", None, "xyz", None]
    assert str(script.requests[0].url) == "http://stash.example:9999/tag/1/image?t=5"
    assert script.requests[1].headers["If-None-Match"] == '"abc"'
    assert {request.url.host for request in script.requests} == {"stash.example"}
    assert {request.method for request in script.requests} == {"GET"}


def test_an_entity_tag_is_tried_again_like_any_read() -> None:
    """Its failures are translated like those of any read."""
    transport, script = scripted(httpx.ReadError("reset"), httpx.Response(500), httpx.Response(304))
    assert asyncio.run(transport.etag("/tag/1/image", "abc")) == "abc"
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    "path", ["/graphql?query=mutation{a}", "graphql/", "/GraphQL", "//x/graphql?query={a}"]
)
def test_the_api_cannot_be_reached_as_a_file(path: str) -> None:
    """GET /graphql takes documents, so it is no way around the rules for them."""
    transport, script = scripted()
    with pytest.raises(ReadOnlyError):
        asyncio.run(transport.etag(path))
    assert not script.requests


@pytest.mark.parametrize("value", ["\ud800", 2**70, object(), {1: 2}])
def test_variables_that_json_cannot_hold_send_nothing(value: Any) -> None:
    """A TypeError is raised before the request."""
    transport, script = scripted()
    with pytest.raises(TypeError):
        asyncio.run(transport.send("mutation M($x: X) { a(x: $x) }", {"x": value}))
    assert not script.requests


def test_hostile_text_of_a_server_stays_text() -> None:
    """Control characters and braces in an error's message do no harm."""
    nasty = "\x1b[2J{0}{endpoint}\u202e%s\r\n::error::"
    transport, _ = scripted(ok(None, [{"message": nasty}]))
    answer = asyncio.run(transport.send("{ a }"))
    assert str(answer.as_error()) == nasty
    reason = {"reason_phrase": b"\x1b[31m{0}"}
    transport, _ = scripted(httpx.Response(418, extensions=reason))
    with pytest.raises(httpx.HTTPStatusError):
        asyncio.run(transport.send("{ a }"))


@pytest.mark.fault("13 imports")
def test_importing_the_wire_is_cheap() -> None:
    """gql and graphql-core are not loaded for reading, nor httpx's command line ever."""
    code = (
        "import sys, stashsync.wire\n"
        "assert 'httpx' not in sys.modules\n"
        "import stashsync.wire.transport, stashsync.wire.operations\n"
        "import stashsync.wire.batches, stashsync.wire.documents\n"
        "for name in ('gql', 'graphql', 'rich', 'pygments', 'httpx._main'):\n"
        "    assert name not in sys.modules, name\n"
        "import httpx\n"
        "httpx.main(['--help'], standalone_mode=False)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_bodies_are_what_orjson_writes() -> None:
    """UTF-8 as it is, not escaped: half of the bytes for names that are not ASCII."""
    transport, script = scripted(ok({}))
    asyncio.run(transport.send("{ a }", {"name": "曇り"}))
    assert script.requests[0].content == orjson.dumps(
        {"query": "{ a }", "variables": {"name": "曇り"}}
    )
