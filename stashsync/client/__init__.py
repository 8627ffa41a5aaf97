"""The library's face: a client over one transport.

Plans need `core` alone. `StashClient` adds the methods of every kind, and makes them when it is
imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stashsync.client.paging import Page, Progress
from stashsync.errors import PagesMovedError

if TYPE_CHECKING:
    from stashsync.client.client import StashClient
    from stashsync.client.context import StashContext

__all__ = ["Page", "PagesMovedError", "Progress", "StashClient", "StashContext"]


def __getattr__(name: str) -> Any:
    """Import the client of scripts when it is asked for."""
    if name == "StashClient":
        from stashsync.client.client import StashClient

        return StashClient
    if name == "StashContext":
        from stashsync.client.context import StashContext

        return StashContext
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
