"""A small Stash server for tests and for trying things out, over a library of its own.

It answers as a real server of a given release does, refusals and oddities included. It is written
from what was observed of such servers, and imports nothing of the client that it tests.

    Sandbox        schema, library and accounts of one server; `.app` is an ASGI application
    MediaFile      one invented file for its scans to find
    serve          the same on a loopback port, until it is stopped
    running        the same in a thread, for the length of a `with` block
    Faults         an ASGI application around it that fails in declared ways
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette

from stashsync.sandbox.app import Server
from stashsync.sandbox.auth import Accounts
from stashsync.sandbox.faults import Fault, Faults
from stashsync.sandbox.jobs import Jobs
from stashsync.sandbox.library import Library, MediaFile
from stashsync.sandbox.releases import RELEASES, find_release
from stashsync.sandbox.schema import schema_of
from stashsync.sandbox.system import System

if TYPE_CHECKING:
    from stashsync.sandbox.server import running, serve

__all__ = ["RELEASES", "Fault", "Faults", "MediaFile", "Sandbox", "running", "serve"]


def _now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """One imitated server.

    Tests look behind the API by `library` (its objects, without GraphQL), `media` (the files that
    a scan finds) and `jobs` (`jobs.next(seconds=…, error=…)` arranges the next one).

    Args:
        path: the SQLite file that keeps the library; None keeps it in memory. Credentials are
            never kept.
        release: the release it imitates, one of `RELEASES`.
        api_key: a key that every request then needs.
        latency: seconds to wait before each answer to GraphQL.
        status: "OK", or "SETUP" or "NEEDS_MIGRATION" to imitate a server that waits for that.
        clock: gives the present moment, with a time zone.
        fetch_image: gives the bytes at an address; left out, the address is asked over HTTP.

    Raises:
        ValueError: no such release, or no such status.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        release: str = "0.30.1",
        api_key: str | None = None,
        latency: float = 0.0,
        status: str = "OK",
        clock: Callable[[], datetime] | None = None,
        fetch_image: Callable[[str], bytes] | None = None,
    ) -> None:
        imitated = find_release(release)
        schema = schema_of(imitated.name)
        clock = clock or _now
        self.library = Library(path, release=imitated.name, fetch_image=fetch_image, clock=clock)
        self.jobs = Jobs(clock)
        accounts = Accounts(api_key)
        self.system = System(imitated, self.library, accounts, self.jobs, path, status)
        server = Server(
            schema,
            self.library,
            self.system,
            self.jobs,
            accounts,
            latency=latency,
            negotiates=imitated.negotiates,
        )
        self.app: Starlette = server.application()

    @property
    def media(self) -> list[MediaFile]:
        """The files that lie on the disk for a scan to find; append to it as you like."""
        return self.library.disk

    def close(self) -> None:
        """Releases the library's file. What was accepted is kept."""
        self.library.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def __getattr__(name: str) -> Any:
    """Load the web server only when something is served on a port."""
    if name in ("running", "serve"):
        from stashsync.sandbox import server

        return getattr(server, name)
    raise AttributeError(name)
