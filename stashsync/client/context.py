"""`StashContext`: a client from what people say about their server, open for a `with` block."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from stashsync.client.client import StashClient
from stashsync.errors import StashConfigurationError

if TYPE_CHECKING:
    import logging

    from stashsync.store.store import StashEntityStore
    from stashsync.wire.settings import ApiKey
    from stashsync.wire.transport import Transport

DEFAULT_HOST: Final = "localhost"
DEFAULT_PORT: Final = 9999

_NAMES: Final = {
    "scheme": "scheme",
    "host": "host",
    "domain": "host",
    "port": "port",
    "url": "url",
    "apikey": "api_key",
    "sessioncookie": "session_cookie",
    "dir": "",
    "plugindir": "",
    "timeout": "timeout",
    "verifyssl": "verify_ssl",
    "cabundle": "ca_bundle",
    "clientcert": "client_cert",
    "clientkey": "client_key",
    "http2": "http2",
    "logger": "logger",
}
"""The settings by the keys of a connection; those without one are taken and mean nothing here."""
_ANY_ADDRESS: Final = frozenset({"0.0.0.0", "::", "[::]"})
"""Where a server listens that accepts connections at every address of its machine."""


class StashContext:
    """A server by address, for as long as it is entered. Nothing is sent before the first call.

        async with StashContext(conn={"Host": "localhost", "Port": 9999}) as client:
        async with StashContext(url="https://stash.example/prefix", api_key="…") as client:

    The keys of `conn` are those of the arguments, in any case and with or without underscores:
    Scheme ("http"), Host ("localhost"), Port (9999), or Url; ApiKey, Timeout, verify_ssl,
    ca_bundle, client_cert, client_key, http2, Logger. An argument counts before its key. What a
    server hands to a plugin as `server_connection`, with its session, is a `conn`, too.

    Without `async with`, `await context.get_client()` opens it and `await context.close()` closes
    it. While it is open, it can be entered again, as often as one likes and by several tasks: all
    have the same client, which closes when the last of them is done. A closed context can be
    opened again; its client is a new one.

    `timeout` is in seconds, for connecting and for silence while a query is answered (10 and 60
    without it). Mutations have 300 seconds in all, or `timeout` where that is more: one that was
    given up may have been carried out. `verify_ssl=False` takes any certificate. `http2=True`
    offers HTTP/2 to a reverse proxy over TLS; Stash itself does not have it. `logger` gets
    every document, see `Transport`; without it, the logger "stashsync" does.

    Raises:
        StashConfigurationError: a key that there is none of, or a value that is of no use.
    """

    def __init__(
        self,
        conn: Mapping[str, Any] | None = None,
        *,
        url: str | None = None,
        api_key: str | None = None,
        timeout: float | None = None,
        verify_ssl: bool | None = None,
        ca_bundle: str | Path | None = None,
        client_cert: str | Path | None = None,
        client_key: str | Path | None = None,
        http2: bool | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        given = {
            "url": url,
            "api_key": api_key,
            "timeout": timeout,
            "verify_ssl": verify_ssl,
            "ca_bundle": ca_bundle,
            "client_cert": client_cert,
            "client_key": client_key,
            "http2": http2,
            "logger": logger,
        }
        self._settings = _known_keys({} if conn is None else conn)
        self._settings |= {name: value for name, value in given.items() if value is not None}
        self._url = _address(self._settings)
        self._limit = _seconds(self._settings.get("timeout"))
        self._verify = _flag("verify_ssl", self._settings.get("verify_ssl", True))
        self._http2 = _flag("http2", self._settings.get("http2", False))
        _ensure_logger(self._settings.get("logger"))
        self._client: StashClient | None = None
        self._blocks = 0
        self._held = False

    @property
    def client(self) -> StashClient:
        """The client.

        Raises:
            RuntimeError: the context is not open.
        """
        if self._client is None:
            raise RuntimeError("there is no client: use `async with`, or `await get_client()`")
        return self._client

    @property
    def store(self) -> StashEntityStore:
        """The client's store.

        Raises:
            RuntimeError: the context is not open.
        """
        return self.client.store

    async def get_client(self) -> StashClient:
        """Return the client; open the context until it is closed, unless a block has it open.

        Raises:
            StashConfigurationError: a setting is of no use.
        """
        client = self._open()
        self._held = self._held or not self._blocks
        return client

    async def close(self) -> None:
        """Close the connections, or let the last `async with` that is open do so."""
        self._held = False
        if not self._blocks:
            await self._shut()

    async def __aenter__(self) -> StashClient:
        client = self._open()
        self._blocks += 1
        return client

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._blocks -= 1
        if not (self._blocks or self._held):
            await self._shut()

    def _open(self) -> StashClient:
        if self._client is None:
            self._client = StashClient(self._transport())
        return self._client

    async def _shut(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.transport.aclose()

    def _transport(self) -> Transport:
        from stashsync.wire.settings import TimeLimits, Tls
        from stashsync.wire.transport import Transport

        settings = self._settings
        files = {
            name: Path(settings[name])
            for name in ("ca_bundle", "client_cert", "client_key")
            if settings.get(name)
        }
        limits = TimeLimits()
        if self._limit is not None:
            limits = TimeLimits(self._limit, self._limit, max(limits.mutation, self._limit))
        return Transport(
            self._url,
            api_key=_credential(settings),
            tls=Tls(verify=self._verify, **files),
            limits=limits,
            http2=self._http2,
            logger=settings.get("logger"),
        )


def _credential(settings: Mapping[str, Any]) -> ApiKey | None:
    """Return the key, or else the session that a server gave to a plugin."""
    from stashsync.wire.settings import ApiKey, SessionCookie

    if key := settings.get("api_key"):
        return ApiKey(str(key), "StashContext")
    cookie = settings.get("session_cookie")
    if not cookie:
        return None
    if not isinstance(cookie, Mapping) or not cookie.get("Value"):
        raise StashConfigurationError("a session cookie is a dict with its Name and its Value")
    name, value = str(cookie.get("Name") or "session"), str(cookie["Value"])
    return SessionCookie(value, "the server's connection", name)


def _known_keys(conn: object) -> dict[str, Any]:
    if not isinstance(conn, Mapping):
        raise StashConfigurationError(
            f"a connection is a dict, not {conn!r}",
            hint="Write StashContext(url=...) for an address as a text.",
        )
    settings: dict[str, Any] = {}
    given_as: dict[str, Any] = {}
    for key, value in conn.items():
        name = _NAMES.get(str(key).replace("_", "").lower())
        if name is None:
            raise StashConfigurationError(
                f"a connection has no {key!r}",
                hint=f"It has: {', '.join(dict.fromkeys(filter(None, _NAMES.values())))}.",
            )
        if name in given_as:
            raise StashConfigurationError(
                f"{given_as[name]!r} and {key!r} are one setting; give it once"
            )
        if not name:
            continue
        given_as[name] = key
        if value is not None:
            settings[name] = value
    return settings


def _address(settings: Mapping[str, Any]) -> str:
    parts = [name for name in ("scheme", "host", "port") if name in settings]
    if "url" in settings:
        if parts:
            raise StashConfigurationError(f"say url, or {' and '.join(parts)}; not both")
        return str(settings["url"])
    host = str(settings.get("host") or DEFAULT_HOST)
    if host in _ANY_ADDRESS:
        host = DEFAULT_HOST
    if "/" in host or host.count(":") == 1 or ("]" in host and not host.endswith("]")):
        raise StashConfigurationError(
            "the host of a connection has more in it than a host",
            hint="Give host and port apart, or the whole address as url.",
        )
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"{settings.get('scheme', 'http')}://{host}:{settings.get('port', DEFAULT_PORT)}"


def _seconds(timeout: object) -> float | None:
    if timeout is None:
        return None
    number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    seconds = float(str(timeout)) if number else math.nan
    if not 0 < seconds < math.inf:
        raise StashConfigurationError(f"a timeout is a number of seconds, not {timeout!r}")
    return seconds


def _flag(name: str, value: object) -> bool:
    # bool("false") is True: any text would mean yes
    if not isinstance(value, bool):
        raise StashConfigurationError(f"{name} is True or False, not {value!r}")
    return value


def _ensure_logger(logger: object) -> None:
    if logger is not None and not (hasattr(logger, "isEnabledFor") and hasattr(logger, "log")):
        raise StashConfigurationError(
            f"a logger is one of the module logging, not {logger!r}",
            hint="Write logging.getLogger(...).",
        )
