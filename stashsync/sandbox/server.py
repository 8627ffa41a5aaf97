"""The sandbox on a port, loopback only: anyone who reaches it may change it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = ("127.0.0.1", "::1", "localhost")
START_SECONDS = 10


class Served(Protocol):
    """Anything with an ASGI application."""

    @property
    def app(self) -> ASGIApp:
        """The application."""
        ...


def serve(
    sandbox: Served,
    port: int,
    host: str = "127.0.0.1",
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. `on_ready` is called with the address once it answers.

    Port 0 takes a free one.

    Raises:
        ValueError: `host` is not the machine's own loopback.
        OSError: the port is taken or may not be used.
    """
    if host not in LOOPBACK:
        raise ValueError(f"the sandbox serves the loopback only, not {host}")
    with _listening(host, port) as listener:
        server = _Server(sandbox.app, on_ready=lambda: on_ready and on_ready(_url(listener)))
        server.run([listener])


@contextmanager
def running(sandbox: Served) -> Generator[str]:
    """Serve on a free port in a thread; give the address, such as `http://127.0.0.1:40123`.

    Raises:
        RuntimeError: it does not answer in time.
    """
    ready = threading.Event()
    with _listening("127.0.0.1", 0) as listener:
        server = _Server(sandbox.app, on_ready=ready.set)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            if not ready.wait(START_SECONDS):
                raise RuntimeError("the sandbox does not start")
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)


class _Server(uvicorn.Server):
    """A server that reports when it is ready, and handles signals in the main thread only."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], object]) -> None:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            http="h11",
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


@contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only where the protocol is spelt out; 40 ms an answer else
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        yield listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
