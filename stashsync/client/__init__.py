"""The library's face: a client over one transport."""

from __future__ import annotations

from stashsync.client.client import StashClient
from stashsync.client.context import StashContext
from stashsync.client.paging import Page, Progress
from stashsync.errors import PagesMovedError

__all__ = ["Page", "PagesMovedError", "Progress", "StashClient", "StashContext"]
