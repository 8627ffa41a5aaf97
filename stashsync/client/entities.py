"""The base of the mixins of all kinds."""

from __future__ import annotations

from stashsync.client.base import ClientBase


class EntitiesMixin(ClientBase):
    """Reads and writes of one kind. A failure is an error, never an empty result."""
