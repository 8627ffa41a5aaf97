"""The server fetches images from an address, here from a server of the test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stashsync.sandbox.library import Refusal
from stashsync.sandbox.library.images import fetch


class _Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/a.png" and self.headers["Referer"].endswith("/a.png")
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"picture" if found else b"gone")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class has it
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_bytes_at_an_address_are_fetched(address: str) -> None:
    assert fetch(f"{address}/a.png") == b"picture"


def test_an_answer_that_is_an_error_gives_its_status(address: str) -> None:
    with pytest.raises(Refusal) as caught:
        fetch(f"{address}/b.png")
    assert caught.value.message == "http error 404"


def test_what_is_no_address_gives_none() -> None:
    with pytest.raises(Refusal, match=r'^Get "http://": '):
        fetch("http://")
