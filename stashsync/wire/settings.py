"""How to talk to a server: key, TLS and time limits, as values."""

from __future__ import annotations

import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from stashsync.errors import StashConfigurationError
from stashsync.wire.httpx_door import httpx
from stashsync.wire.url import Endpoint


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, and where it came from ("the file key.txt"), for messages.

    An empty one is as good as none: a transport sends no key then.

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

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that show it."""
        return {"ApiKey": self.value}


@dataclass(frozen=True, slots=True)
class SessionCookie(ApiKey):
    """A session in the place of a key: what a server hands to its plugins."""

    name: str = "session"

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that show it."""
        return {"Cookie": f"{self.name}={self.value}"}


class Tls(Struct, frozen=True):
    """Which certificates to trust, and which one to show.

    `ca_bundle` is a file or a folder of certificates in PEM form that replaces the usual ones;
    `client_cert` a certificate to show, its key in the same file or in `client_key`. Of a folder
    all .pem and .crt files are taken, and those under the hashed names of OpenSSL.

    Raises:
        StashConfigurationError: there is a key and no certificate.
    """

    verify: bool = True
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None

    def __post_init__(self) -> None:
        if self.client_key and not self.client_cert:
            raise StashConfigurationError(
                f"the key {self.client_key} belongs to no certificate",
                hint="Name the certificate as client_cert, too.",
            )

    def context(self, endpoint: Endpoint) -> ssl.SSLContext:
        """Make the TLS context for connections to `endpoint`.

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
            return _trusting_all_of(self.ca_bundle)
        return ssl.create_default_context(cafile=self.ca_bundle)


def _trusting_all_of(folder: Path) -> ssl.SSLContext:
    """Make a context that trusts the certificates of a folder.

    OpenSSL by itself only looks at files with hashed names, and passes over all others in silence.

    Raises:
        ssl.SSLError: there is none.
    """
    context = ssl.create_default_context(capath=folder)
    for file in sorted(folder.iterdir()):
        if file.suffix in (".pem", ".crt"):
            with suppress(ssl.SSLError):  # keys are kept under these names as well
                context.load_verify_locations(file)
    hashed = any(re.fullmatch(r"[0-9a-f]{8}\.\d+", file.name) for file in folder.iterdir())
    if not hashed and not context.get_ca_certs():
        raise ssl.SSLError("there is no certificate in that folder")
    return context


class TimeLimits(Struct, frozen=True):
    """Seconds. `read` is for silence during a query, `mutation` for the whole of a mutation.

    A document of mutations is answered in one piece when its last operation is done, so silence
    means nothing there. Nothing waits without a limit.
    """

    connect: float = 10.0
    read: float = 60.0
    mutation: float = 300.0

    def for_request(self, *, mutation: bool) -> httpx.Timeout:
        """Translate into httpx's terms."""
        silence = max(self.read, self.mutation) if mutation else self.read
        return httpx.Timeout(silence, connect=self.connect)
