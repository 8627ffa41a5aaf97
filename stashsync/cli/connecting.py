"""Connections to the server of a session: over the network, or to a sandbox in this process."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from stashsync.config import Settings
from stashsync.errors import StashConfigurationError

if TYPE_CHECKING:
    from stashsync.sandbox import Sandbox
    from stashsync.wire.settings import TimeLimits
    from stashsync.wire.transport import Transport

SANDBOX = "sandbox:"
SNAPSHOT = "snapshot:"


def connect(settings: Settings, url: str, stack: ExitStack) -> Transport:
    """Connect to the server at `url`; a sandbox is opened on the stack.

    Raises:
        StashConfigurationError: the address, the key or a certificate cannot be used.
    """
    if url.startswith(SNAPSHOT):
        raise StashConfigurationError(
            "a snapshot cannot be changed", hint="Give the address of the server itself."
        )
    return _sandbox(url, stack) if url.startswith(SANDBOX) else _network(settings)


def limits_of(settings: Settings) -> TimeLimits:
    """Return the time limits of requests."""
    from stashsync.wire.settings import TimeLimits

    limits, usual = settings.timeouts, TimeLimits()
    return TimeLimits(
        limits.connect or usual.connect,
        limits.read or usual.read,
        limits.mutation or usual.mutation,
    )


def _network(settings: Settings) -> Transport:
    from stashsync.cli.trust import check_address
    from stashsync.wire.settings import ApiKey, Tls
    from stashsync.wire.transport import Transport

    key, tls = settings.api_key, settings.tls
    transport = Transport(
        settings.url,
        api_key=ApiKey(key.value, key.source) if key else None,
        tls=Tls(tls.verify is not False, tls.ca_bundle, tls.client_cert, tls.client_key),
        limits=limits_of(settings),
    )
    check_address(settings, str(transport.endpoint))
    return transport


def _sandbox(url: str, stack: ExitStack) -> Transport:
    import sqlite3

    from stashsync.sandbox import Sandbox

    path = url.removeprefix(SANDBOX)
    try:
        return through(stack.enter_context(Sandbox(path or None)))
    except ValueError as error:  # the message names the file and the way out
        raise StashConfigurationError(str(error)) from error
    except (sqlite3.Error, OSError) as error:
        raise StashConfigurationError(
            f"the sandbox cannot use {path}: {error}", hint="Name a file that it may make."
        ) from error


def through(sandbox: Sandbox) -> Transport:
    """Connect to a sandbox in this process."""
    from stashsync.wire.httpx_door import httpx
    from stashsync.wire.transport import Transport

    return Transport("http://sandbox", inner=httpx.ASGITransport(sandbox.app))
