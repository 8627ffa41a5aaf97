"""A loopback HTTP server that takes notifications, as a webhook does."""

from __future__ import annotations

import base64
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


@dataclass
class Webhook:
    """What arrived, in order; `status` is the answer to everything."""

    port: int = 0
    status: int = 200
    messages: list[dict[str, Any]] = field(default_factory=list)

    def url(self, path: str = "t0ken") -> str:
        """Return its address for Apprise."""
        return f"json://user:pa55word@127.0.0.1:{self.port}/{path}"

    @property
    def titles(self) -> list[str]:
        """The titles of what arrived."""
        return [message["title"] for message in self.messages]

    @property
    def last(self) -> str:
        """The text of what arrived last."""
        text: str = self.messages[-1]["message"]
        return text

    def attached(self) -> tuple[str, str]:
        """Return the name and the text of what was attached last."""
        (found,) = self.messages[-1]["attachments"]
        return found["filename"], base64.b64decode(found["base64"]).decode()


@contextmanager
def webhook() -> Generator[Webhook]:
    """Serve a webhook on a loopback port."""
    found = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.messages.append(orjson.loads(body))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
