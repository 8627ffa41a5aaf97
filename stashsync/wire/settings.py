"""How to talk to a server: key, TLS and time limits, as values."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from stashsync.errors import StashConfigurationError
from stashsync.wire.httpx_door import httpx
from stashsync.wire.url import Endpoint


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, and in words where it came from ("the file key.txt"), for messages.

    Raises:
        StashConfigurationError: it cannot be one; the message names the source, not the key.
    """

    value: str = field(repr=False)
    source: str

    def __post_init__(self) -> None:
        if not (self.value.isascii() and self.value.isprintable() and " " not in self.value):
            raise StashConfigurationError(
                f"the API key (from {self.source}) has characters that no key has",
                hint="A key is one line of letters, digits and dots.",
            )


@dataclass(frozen=True, slots=True)
class Tls:
    """Whom to trust, and who we are.

    `ca_bundle` is a file or a folder of certificates in PEM form that replaces the usual ones;
    `client_cert` a certificate to show, its key in the same file or in `client_key`.
    """

    verify: bool = True
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None

    def context(self, endpoint: Endpoint) -> ssl.SSLContext:
        """The TLS context for connections to `endpoint`.

        Raises:
            StashConfigurationError: a file cannot be read or used.
        """
        try:
            context = self._trust(endpoint)
            if self.client_cert:
                context.load_cert_chain(self.client_cert, self.client_key)
        except (OSError, ValueError) as error:  # an ssl.SSLError is an OSError
            files = [str(file) for file in (self.ca_bundle, self.client_cert) if file]
            reason = getattr(error, "strerror", None) or error
            raise StashConfigurationError(
                f"cannot use the certificates of {' and '.join(files) or 'this system'}: {reason}",
                hint="They are expected in PEM form.",
            ) from error
        return context

    def _trust(self, endpoint: Endpoint) -> ssl.SSLContext:
        # Plain http never shows a certificate, and reading the usual bundle costs 20 ms.
        if not self.verify or endpoint.base.startswith("http:"):
            return httpx.create_ssl_context(verify=False)
        if self.ca_bundle is None:
            return httpx.create_ssl_context()
        if self.ca_bundle.is_dir():
            return ssl.create_default_context(capath=self.ca_bundle)
        return ssl.create_default_context(cafile=self.ca_bundle)


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds. `read` is for silence during a query, `mutation` for the whole of a mutation.

    A document of mutations is answered in one piece when its last operation is done, so silence
    says nothing there. Nothing waits without a limit.
    """

    connect: float = 10.0
    read: float = 60.0
    mutation: float = 300.0

    def for_request(self, *, mutation: bool) -> httpx.Timeout:
        """The same in httpx's terms."""
        silence = max(self.read, self.mutation) if mutation else self.read
        return httpx.Timeout(silence, connect=self.connect)
