"""The context of every operation of the library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field

from stashsync.sandbox.library.database import Database
from stashsync.sandbox.library.disk import MediaFile
from stashsync.sandbox.library.rules import Rules
from stashsync.sandbox.library.values import trim


class Context(Struct, frozen=True):
    """The database, the rules of the imitated release, a clock, and access to images and files.

    Attributes:
        clock: gives the present moment, with a time zone.
        fetch_image: gives the bytes at an address.
        disk: the files that a scan finds.
    """

    db: Database
    rules: Rules
    clock: Callable[[], datetime]
    fetch_image: Callable[[str], bytes]
    disk: list[MediaFile] = field(default_factory=list)

    def text(self, value: str | None) -> str | None:
        """Return an optional text as it is stored: as `word`, or None if it is blank."""
        if value is None:
            return None
        return self.word(value) or None

    def word(self, value: str) -> str:
        """Return a name, alias or URL as it is stored: trimmed where the release trims."""
        return trim(value) if self.rules.trims else value
