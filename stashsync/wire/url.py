"""The address of a server, in any of the forms that people write."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from stashsync.errors import StashConfigurationError

_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")
_BEFORE_AT = re.compile(r"\A([A-Za-z]+:/*)?.*@", re.DOTALL)
_API_KEY = re.compile(r"(?i)(apikey=)[^&#\s]*")
_SPACE_OR_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[\w.-]+)?(?::\d*)?")
_EXAMPLE = "Write it like http://localhost:9999."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is. `base` and `graphql` hold no secrets, so they may be shown.

    `base` never ends in a slash; `prefix` is its path ("" or "/stash"). `user` and `api_key` are
    what the address itself carried: (name, password) for a proxy in front, and `?apikey=`.
    """

    base: str
    graphql: str
    prefix: str = ""
    user: tuple[str, str] | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.base

    def at(self, path: str) -> str:
        """Return the address of `path` on this server.

        A whole address (as in `image_path`) counts by its path and query alone: a server behind a
        proxy may name itself differently, and the key must never travel to another host.
        """
        split = urlsplit(path)
        local = "/" + split.path.lstrip("/")
        if self.prefix and not f"{local}/".startswith(f"{self.prefix}/"):
            local = self.prefix + local
        host = self.base.removesuffix(self.prefix) if self.prefix else self.base
        return host + local + (f"?{split.query}" if split.query else "")


def redact(text: str) -> str:
    """Remove the user, password and API key of any address in `text`."""
    return _API_KEY.sub(r"\1…", _USERINFO.sub("…@", text))


def parse_endpoint(text: str) -> Endpoint:
    """Read the address of a server.

    Takes the address with or without `/graphql`, a slash at the end, a path prefix or a scheme
    (then http). A user and password, and `?apikey=`, are taken out of it.

    Raises:
        StashConfigurationError: it is no such address; the message repeats it without secrets.
    """
    given = text.strip()
    if not given:
        raise StashConfigurationError("the server's address is empty", hint=_EXAMPLE)
    if _SPACE_OR_CONTROL.search(given):
        raise _bad(given, "it has a space or a control character in it")
    try:
        split = urlsplit(given if "://" in given else f"http://{given}")
        host, port = split.hostname, split.port
    except ValueError:
        # The error's own message may hold a part of a password with a slash in it.
        raise _bad(given, "its host or port makes no sense") from None
    scheme = split.scheme.lower()
    if scheme in ("ws", "wss"):
        raise _bad(given, "that is for subscriptions", hint="Use http:// or https:// instead.")
    if scheme not in ("http", "https"):
        raise _bad(given, "only http and https are supported")
    if not host or (":" in host and "[" not in split.netloc):
        raise _bad(given, "the host is missing" if not host else "an IPv6 host wants [brackets]")
    if not _HOST_AND_PORT.fullmatch(split.netloc.rpartition("@")[2]):
        raise _bad(given, "its host or port makes no sense")
    if split.netloc.endswith(":") or port == 0:
        raise _bad(given, "the port is missing")
    prefix = split.path.rstrip("/").removesuffix("/graphql").rstrip("/")
    address = f"[{host}]" if ":" in host else host
    base = f"{scheme}://{address}{f':{port}' if port else ''}{prefix}"
    return Endpoint(base, f"{base}/graphql", prefix, _user(split), _api_key(split, given))


def _user(split: SplitResult) -> tuple[str, str] | None:
    if split.username is None:
        return None
    return unquote(split.username), unquote(split.password or "")


def _api_key(split: SplitResult, given: str) -> str | None:
    key = None
    for name, value in parse_qsl(split.query, keep_blank_values=True):
        if name.lower() != "apikey":
            raise _bad(given, "it goes on after a question mark", hint=_EXAMPLE)
        key = value or None
    if split.fragment:
        raise _bad(given, "it goes on after a #", hint=_EXAMPLE)
    return key


def _bad(given: str, why: str, *, hint: str = _EXAMPLE) -> StashConfigurationError:
    shown = redact(_BEFORE_AT.sub(r"\1…@", given))
    return StashConfigurationError(f"'{shown}' is no server address: {why}", hint=hint)
