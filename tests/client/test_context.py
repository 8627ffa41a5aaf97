"""Contexts: the settings of a connection, and the client that they give."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from stashsync import StashClient, StashContext
from stashsync.errors import (
    StashAuthenticationError,
    StashConfigurationError,
    StashConnectionError,
    StashError,
    StashGraphQLError,
    StashSystemNotReadyError,
)
from stashsync.sandbox import Sandbox, running


def endpoint(*args: Any, **options: Any) -> str:
    """Return the address that a context connects to."""

    async def run() -> str:
        async with StashContext(*args, **options) as client:
            return client.transport.endpoint.graphql

    return asyncio.run(run())


@pytest.mark.row("A1")
@pytest.mark.parametrize(
    ("conn", "address"),
    [
        ({"Host": "localhost", "Port": 9999}, "http://localhost:9999/graphql"),
        ({"host": "stash.example", "PORT": "80"}, "http://stash.example:80/graphql"),
        ({"Scheme": "https", "Host": "::1", "Port": 1}, "https://[::1]:1/graphql"),
        ({"Url": "https://stash.example/prefix/"}, "https://stash.example/prefix/graphql"),
        ({}, "http://localhost:9999/graphql"),
        (None, "http://localhost:9999/graphql"),
    ],
)
def test_keys_of_a_connection_may_be_in_any_case(conn: dict[str, Any] | None, address: str) -> None:
    """Keys as the five texts write them, and an address as a whole."""
    assert endpoint(conn) == address


@pytest.mark.row("A1")
def test_an_address_is_an_argument_too() -> None:
    """An address and a connection together are refused."""
    assert endpoint(url="http://stash.example:1") == "http://stash.example:1/graphql"
    with pytest.raises(StashConfigurationError, match="not both"):
        StashContext({"Host": "a"}, url="http://b")
    with pytest.raises(StashConfigurationError, match="has no 'Hots'"):
        StashContext({"Hots": "a"})
    for wrong in ("soon", 0, -1, True):
        with pytest.raises(StashConfigurationError, match="number of seconds"):
            StashContext({"Timeout": wrong})


@pytest.mark.row("A1", "A7")
@pytest.mark.fault("12 tls")
def test_key_time_out_and_certificates_take_effect() -> None:
    """All three settings reach the transport."""
    conn = {
        "Scheme": "https", "ApiKey": "letters", "Timeout": 7, "verify_ssl": False,
    }  # fmt: skip

    async def run() -> None:
        async with StashContext(conn) as client:
            transport: Any = client.transport
            assert transport._client.headers["ApiKey"] == "letters"
            assert transport._limits.read == transport._limits.connect == 7.0
            pool = transport._client._transport._pool
            assert pool._ssl_context.verify_mode.name == "CERT_NONE"
        async with StashContext(url="https://stash.example") as client:
            transport = client.transport
            pool = transport._client._transport._pool
            assert pool._ssl_context.verify_mode.name == "CERT_REQUIRED"

    asyncio.run(run())
    with pytest.raises(StashConfigurationError, match="cannot use the certificates"):
        endpoint({"Scheme": "https"}, ca_bundle=Path("no-such-file.pem"))


@pytest.mark.row("A7")
def test_a_setting_that_would_change_nothing_is_refused() -> None:
    """An unknown setting, and HTTP/2 where there is no TLS to negotiate it."""
    with pytest.raises(StashConfigurationError, match="has no 'http3'"):
        StashContext({"http3": True})
    with pytest.raises(TypeError):
        StashContext(http3=True)  # type: ignore[call-arg]
    with pytest.raises(StashConfigurationError, match="http2 is True or False, not 'no'"):
        StashContext({"HTTP2": "no"})

    async def enter() -> None:
        async with StashContext({"http2": True}):
            pass

    with pytest.raises(StashConfigurationError, match="over TLS"):
        asyncio.run(enter())


@pytest.mark.row("A2", "A3")
def test_a_context_gives_a_client() -> None:
    """`as client` and `as context` both work; outside of the block there is nothing."""

    async def run() -> None:
        context = StashContext()
        with pytest.raises(RuntimeError):
            _ = context.client
        with pytest.raises(RuntimeError):
            _ = context.store
        async with context as entered:
            assert isinstance(entered, StashClient)
            assert entered.client is context.client is entered
            assert entered.store is context.store
            assert await context.get_client() is entered
        with pytest.raises(RuntimeError):
            _ = context.client
        with pytest.raises(StashConnectionError, match="closed already"):
            await entered.find_tags()
        async with context as again:
            assert again is not entered

    asyncio.run(run())


@pytest.mark.row("A1", "A7")
def test_a_context_talks_to_a_server_on_the_network() -> None:
    """Over a real socket; subscriptions connect only when they are entered."""
    sandbox = Sandbox(api_key="letters")
    with running(sandbox) as url:
        host, port = url.removeprefix("http://").rsplit(":", 1)

        async def run() -> int:
            conn = {"Host": host, "Port": int(port.rstrip("/")), "ApiKey": "letters"}
            async with StashContext(conn=conn) as client:
                return (await client.find_tags()).count

        assert asyncio.run(run()) == 0
    sandbox.close()


@pytest.mark.row("H2", "A1")
def test_a_silent_server_runs_into_the_time_limit_of_the_context() -> None:
    """`Timeout` is in seconds; `except httpx.TimeoutException` around the block catches it."""

    async def run() -> None:
        never = asyncio.Event()

        async def say_nothing(*_: Any) -> None:
            await never.wait()

        silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        try:
            async with StashContext({"Host": "127.0.0.1", "Port": port, "Timeout": 0.05}) as client:
                transport: Any = client.transport
                transport._retry = replace(transport._retry, attempts=1)
                await client.find_scenes()
        finally:
            never.set()
            silent.close()

    with pytest.raises(httpx.TimeoutException) as caught:
        asyncio.run(run())
    assert isinstance(caught.value, StashConnectionError)


@pytest.mark.row("H2")
def test_errors_of_the_connection_are_those_of_httpx_too() -> None:
    """No server listens at port 1."""

    async def run() -> None:
        async with StashContext({"Host": "127.0.0.1", "Port": 1}) as client:
            transport: Any = client.transport
            transport._retry = replace(transport._retry, attempts=1)
            await client.find_scenes()

    with pytest.raises(httpx.ConnectError) as caught:
        asyncio.run(run())
    assert isinstance(caught.value, StashConnectionError)


@pytest.mark.row("A1")
@pytest.mark.parametrize(
    ("conn", "message"),
    [
        ("http://localhost:9999", "a connection is a dict"),
        ([], "a connection is a dict"),
        ({"Host": "a", "host": "b"}, "'Host' and 'host' are one setting"),
        ({"Host": "localhost:9999"}, "more in it than a host"),
        ({"Host": "http://localhost"}, "more in it than a host"),
        ({"Host": "[::1]:9999"}, "more in it than a host"),
        ({"Timeout": "5"}, "a timeout is a number"),
        ({"Timeout": float("nan")}, "a timeout is a number"),
        ({"Timeout": float("inf")}, "a timeout is a number"),
        ({"Timeout": True}, "a timeout is a number"),
        ({"verify_ssl": "false"}, "verify_ssl is True or False"),
        ({"verify_ssl": 0}, "verify_ssl is True or False"),
        ({"Logger": "stash"}, "a logger is one of the module logging"),
    ],
)
def test_an_invalid_setting_is_refused_before_anything_is_sent(conn: Any, message: str) -> None:
    """A text that looks like "off", above all: it must not silently mean "on"."""
    with pytest.raises(StashConfigurationError, match=message):
        StashContext(conn)


def test_a_mutation_on_a_server_that_is_not_set_up_points_to_its_page() -> None:
    """The server's own words are those of a crash."""

    async def run() -> None:
        with Sandbox(status="SETUP") as sandbox, running(sandbox) as url:
            async with StashContext(url=url) as client:
                with pytest.raises(StashGraphQLError) as caught:
                    await client.mutate(
                        "tagCreate", "input", "TagCreateInput!", {"name": "a"}, "id"
                    )
                assert "set-up" in caught.value.hint
                with pytest.raises(StashSystemNotReadyError):
                    await client.create_tag({"name": "Macro"})

    asyncio.run(run())


def test_what_a_server_passes_to_a_plugin_is_a_connection() -> None:
    """With the session in the place of a key, and with the other members of the fragment."""
    credentials = {"username": "ada", "password": "secret words"}
    sandbox = Sandbox()
    with running(sandbox) as url:
        host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)

        async def run() -> None:
            async with StashContext(url=url) as client:
                await client.mutations.configure_general(credentials)
            login = httpx.post(f"{url.rstrip('/')}/login", data=credentials)
            fragment = {"server_connection": {
                "Scheme": "http", "Host": host, "Port": int(port), "Dir": "/config/.stash",
                "PluginDir": "/config/.stash/plugins/mine",
                "SessionCookie": {"Name": "session", "Value": login.cookies["session"],
                                  "Path": "/", "MaxAge": 3600},
            }}  # fmt: skip
            async with StashContext(conn=fragment["server_connection"]) as client:
                assert (await client.find_tags()).count == 0
                async with client.subscribe_to_jobs():
                    pass
            wrong = {**fragment["server_connection"], "SessionCookie": {"Value": "guess"}}
            with pytest.raises(StashAuthenticationError):
                async with StashContext(conn=wrong) as client:
                    await client.find_tags()

        asyncio.run(run())
    sandbox.close()


def test_an_address_of_all_interfaces_becomes_the_local_one() -> None:
    """Plugins are given the address that it listens at."""
    for host in ("0.0.0.0", "::", ""):
        context = StashContext(conn={"Domain": host, "Port": 1})
        assert context._url == "http://localhost:1"
    with pytest.raises(StashConfigurationError, match="dict with its Name and its Value"):
        asyncio.run(StashContext(conn={"SessionCookie": "letters"}).get_client())


def test_a_context_can_be_held_open_without_a_block() -> None:
    """Closed, it can be opened again."""

    async def run() -> None:
        context = StashContext()
        client = await context.get_client()
        assert await context.get_client() is client
        assert context.client is client
        await context.close()
        await context.close()
        with pytest.raises(RuntimeError, match="get_client"):
            _ = context.client
        async with context as again:
            assert again is not client
            assert context.client is again

    asyncio.run(run())


def test_an_open_context_can_be_entered_again() -> None:
    """The last user closes it: a block, a block within it, a task, or `close`."""
    sandbox = Sandbox()

    async def run(url: str) -> None:
        context = StashContext(url=url)
        async with context as outer:
            async with context as inner:
                assert inner is outer
            assert (await outer.find_tags()).count == 0
        with pytest.raises(RuntimeError):
            _ = context.client

        held = await context.get_client()
        async with context as client:
            assert client is held
        assert (await held.find_tags()).count == 0
        async with context:
            await context.close()
            assert (await held.find_tags()).count == 0
        with pytest.raises(StashError, match="closed"):
            await held.find_tags()

        async def task() -> StashClient:
            async with context as client:
                await client.find_tags()
                return client

        first, second = await asyncio.gather(task(), task())
        assert first is second

    with running(sandbox) as url:
        asyncio.run(run(url))
    sandbox.close()
