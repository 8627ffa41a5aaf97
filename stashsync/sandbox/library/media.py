"""Rules of scenes, galleries and images: files, and bulk updates without checks.

Source: docs/stash-behaviour.md#scenes, docs/stash-behaviour.md#galleries
"""

from __future__ import annotations

from typing import ClassVar

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.files import delete_files_of, set_primary_file
from stashsync.sandbox.library.kinds import files_of_kind
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.registry import Args
from stashsync.sandbox.library.writing import Change, Writing


class MediaWriting(Writing):
    """The mutations of a kind whose objects have files."""

    looks_first: ClassVar[bool] = True

    def __init__(self, objects: Objects) -> None:
        super().__init__(objects)
        self.files = files_of_kind(objects)

    def carry_out_bulk(self, ctx: Context, id_: int, change: Change) -> None:
        """Make a change without a check; whether there is such an object is seen afterwards."""
        self.write(ctx, id_, change)
        self.objects.get(ctx.db, id_, "sql: no rows in result set")

    def write(self, ctx: Context, id_: int, change: Change) -> None:
        """Make another of the files the primary one first."""
        set_primary_file(ctx, self.files, id_, change.given)
        super().write(ctx, id_, change)

    def ready_to_destroy(self, ctx: Context, id_: int, given: Args) -> None:
        """Refuse what does not exist; delete the files where this is asked for."""
        self.objects.get(ctx.db, id_)
        delete_files_of(ctx, self.files, id_, given)
