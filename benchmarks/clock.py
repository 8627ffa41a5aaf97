"""The time that something takes: by the wall, of this process, and of a server beside it."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

_LISTENS = "0A"


class Clock:
    """Measures the length of a `with` block, in seconds.

    `server` is the processor time of the server of `url`; None where it is on another machine.
    """

    def __init__(self, url: str) -> None:
        self._process = server_process(url)
        self._begin: tuple[float, float, float | None] = (0.0, 0.0, None)
        self.wall = self.client = 0.0
        self.server: float | None = None

    def __enter__(self) -> Self:
        self._begin = time.perf_counter(), time.process_time(), self._of_server()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wall, client, server = self._begin
        self.wall, self.client = time.perf_counter() - wall, time.process_time() - client
        now = self._of_server()
        self.server = None if now is None or server is None else now - server

    @property
    def found(self) -> dict[str, Any]:
        """What was measured."""
        return {"wall": self.wall, "client": self.client, "server": self.server}

    def _of_server(self) -> float | None:
        if self._process is None:
            return None
        parts = Path(f"/proc/{self._process}/stat").read_text().rpartition(") ")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def server_process(url: str) -> int | None:
    """Find the process of this machine that listens at the port of a loopback address (Linux)."""
    place = urlsplit(url)
    host = place.hostname or ""
    if not Path("/proc/net/tcp").exists():
        return None
    if socket.getaddrinfo(host, None)[0][4][0] not in ("127.0.0.1", "::1"):
        return None
    port = f":{place.port or (443 if place.scheme == 'https' else 80):04X}"
    sockets = {
        f"socket:[{parts[9]}]"
        for table in ("tcp", "tcp6")
        for parts in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if parts[1].endswith(port) and parts[3] == _LISTENS
    }
    for process in Path("/proc").glob("[0-9]*"):
        try:
            opened = {os.readlink(entry) for entry in (process / "fd").iterdir()}
        except OSError:  # ended, or of another user
            continue
        if not sockets.isdisjoint(opened):
            return int(process.name)
    return None
