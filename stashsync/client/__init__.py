"""The library's face: a client over one transport."""

from __future__ import annotations

from stashsync.client.client import StashClient
from stashsync.client.paging import Page, PagesMovedError

__all__ = ["Page", "PagesMovedError", "StashClient"]
