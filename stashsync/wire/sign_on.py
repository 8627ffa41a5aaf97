"""Tell whether something in front of Stash answered, and wants people to sign in.

    401  Stash's own has the challenge `FormBased` and no body (docs/stash-behaviour.md#http)
    403  Stash's own is a line of plain text
    30x  to a page whose address speaks of signing in
    200  HTML with a field for a password, or with a title that speaks of signing in

The page is for a person with a browser. What people need to know is that it is not Stash's, and
that no API key helps there.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import parse_qs, urlsplit

from stashsync.wire.httpx_door import httpx
from stashsync.wire.url import Endpoint

_OWN_CHALLENGE: Final = "formbased"
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_SEARCHED: Final = 65_536
"""How many bytes of a page are looked at."""
_PASSWORD: Final = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_TITLES: Final = re.compile(
    r"\b(?:sign|log)[ -]?(?:in|on)\b|\bauthenti|\bauthoriz|\bsso\b|\bsingle sign|\baccess denied\b",
    re.IGNORECASE,
)
_PLACES: Final = re.compile(
    r"(?:log|sign)[-_]?(?:in|on)\b|\bo?auth|\bsso\b|\boidc\b|\bsaml|cdn-cgi/access|\baccounts\.",
    re.IGNORECASE,
)
_REALM: Final = re.compile(r"realm\s*=\s*\"?([^\",]{1,80})", re.IGNORECASE)

PASS_ON: Final = (
    "Let it pass requests to /graphql that have Stash's API key, or give stashsync an address of "
    "Stash that does not go through it."
)
BASIC: Final = "Write its user and password into the address: STASH_URL=https://user:password@host"
REFUSED: Final = "It refused the user and password in the address."


def asks_to_sign_in(response: httpx.Response, endpoint: Endpoint) -> tuple[str, str] | None:
    """Return the fault and the way out if a proxy or a sign-on service answered; else None."""
    if response.is_redirect:
        return _redirected(response, endpoint)
    content = _content(response)
    page = _page(response, content)
    if response.status_code == _UNAUTHORIZED:
        return _challenged(response, endpoint, content, page)
    if page is None:
        return None
    if response.status_code == _FORBIDDEN:
        return f"a proxy in front of {endpoint} lets nothing through (403){page}", PASS_ON
    if _PASSWORD.search(content) or _TITLES.search(page):
        where = endpoint.graphql
        return f"{where} answered with a page to sign in{page}, not with the API", PASS_ON
    return None


def _challenged(
    response: httpx.Response, endpoint: Endpoint, content: bytes, page: str | None
) -> tuple[str, str] | None:
    challenge = response.headers.get("WWW-Authenticate", "").strip()
    scheme = challenge.partition(" ")[0].lower()
    if scheme == _OWN_CHALLENGE or not (scheme or content):
        return None
    realm = _REALM.search(challenge)
    named = f' (it calls itself "{realm[1].strip()}")' if realm else page or ""
    hint = PASS_ON
    if scheme == "basic":
        hint = REFUSED if endpoint.user else BASIC
    return f"a proxy in front of {endpoint} wants a sign-in of its own (401){named}", hint


def _redirected(response: httpx.Response, endpoint: Endpoint) -> tuple[str, str] | None:
    target = urlsplit(response.headers.get("Location", ""))
    if not _PLACES.search(f"{target.hostname or ''}{target.path}"):
        return None
    own = target.hostname in (None, urlsplit(endpoint.base).hostname)
    if own and "returnURL" in parse_qs(target.query):  # Stash's own page, for what is no API
        return None
    place = f"{target.scheme}://{target.hostname}{target.path}" if target.hostname else target.path
    return f"{endpoint} redirects to a page to sign in: {place}", PASS_ON


def _content(response: httpx.Response) -> bytes:
    """Return the beginning of the body; nothing where it is not read."""
    try:
        return bytes(response.content[:_SEARCHED])
    except httpx.ResponseNotRead:
        return b""


def _page(response: httpx.Response, content: bytes) -> str | None:
    """Return the title of an HTML page as it is put behind a sentence; None if it is no page."""
    is_page = content.lstrip()[:1] == b"<" or "html" in response.headers.get("Content-Type", "")
    if not is_page:
        return None
    found = _TITLE.search(content)
    title = " ".join(unescape(found[1].decode("utf-8", "replace")).split()) if found else ""
    return f' ("{title}")' if title else ""
