"""Routes beside GraphQL: images of objects, log-in, health check, a page."""

from __future__ import annotations

import hashlib
from html import escape
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from stashsync.kinds import ENTITIES
from stashsync.sandbox.auth import Accounts
from stashsync.sandbox.library import DEFAULT_IMAGE, IMAGE_COLUMNS, Library

COOKIE = "session"

IMAGE_NAMES = sorted({name for _, name in IMAGE_COLUMNS})
"""How the addresses of images end."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>{body}</body></html>
"""
_FORM = (
    '<form method="post" action="/login"><input name="username"> '
    '<input name="password" type="password"> <button>Log in</button></form>'
)


class Pages:
    """The handlers of everything beside `/graphql`."""

    def __init__(self, library: Library, accounts: Accounts) -> None:
        self._library = library
        self._accounts = accounts

    def health(self, _: Request) -> Response:
        """Answer that the server is up."""
        return PlainTextResponse(".", media_type="text/plain")

    def index(self, _: Request) -> Response:
        """Answer any other address with a page of the user interface, as a real server does."""
        text = "This is a sandbox: it behaves like a Stash server and holds nothing real."
        return HTMLResponse(_PAGE.format(title="Stash sandbox", body=f"<p>{escape(text)}</p>"))

    def image(self, request: Request) -> Response:
        """Answer `/tag/1/image` with the stored bytes; the ETag is the quoted MD5 of them.

        Source: docs/stash-behaviour.md#images
        """
        kind, id_ = request.path_params["kind"], request.path_params["id"]
        name = request.url.path.rsplit("/", 1)[1]
        if (kind, name) not in IMAGE_COLUMNS:
            return self.index(request)
        if request.method == "HEAD":
            return Response(status_code=405, headers={"Allow": "GET"})
        if not self._exists(kind, id_):
            return PlainTextResponse("Not Found\n", 404)
        wants_default = request.query_params.get("default") == "true"
        stored = None if wants_default else self._library.image(kind, int(id_), name)
        data = DEFAULT_IMAGE if stored is None else stored
        tag = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
        fresh = "t" in request.query_params
        headers = {
            "ETag": tag,
            "Cache-Control": "private, max-age=604800, immutable" if fresh else "no-cache",
        }
        if tag in (known.strip() for known in request.headers.get("If-None-Match", "").split(",")):
            return Response(status_code=304, headers=headers)
        return Response(data, headers={**headers, "Content-Type": _media_type(data)})

    def _exists(self, kind: str, id_: str) -> bool:
        return (
            id_.isdecimal()
            and self._library.query(ENTITIES[kind].find_one, {"id": id_}) is not None
        )

    async def log_in(self, request: Request) -> Response:
        """Show a form on GET; begin a session on POST with `username` and `password`."""
        if request.method != "POST":
            return HTMLResponse(_PAGE.format(title="Log in", body=_FORM))
        sent = _form(await request.body())
        session = self._accounts.log_in(sent.get("username", ""), sent.get("password", ""))
        if session is None:
            return PlainTextResponse("Username or password is invalid\n", 401)
        response = Response()
        self.remember(response, session)
        return response

    def log_out(self, request: Request) -> Response:
        """End the session."""
        self._accounts.log_out(request.cookies.get(COOKIE))
        response = RedirectResponse("/", 302)
        response.delete_cookie(COOKIE)
        return response

    def remember(self, response: Response, session: str) -> None:
        """Let the client keep the session for as long as it lasts."""
        response.set_cookie(
            COOKIE, session, max_age=self._accounts.session_seconds, httponly=True, samesite="lax"
        )


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _media_type(data: bytes) -> str:
    """By the first bytes; the server takes any text for a drawing."""
    for start, name in _SIGNATURES:
        if data.startswith(start):
            return name
    try:
        data[:512].decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "image/svg+xml"
