"""Merging performers: only assignments move, the rest is what the caller says.

Source: docs/stash-behaviour.md#performer-merge
"""

from __future__ import annotations

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.kinds import (
    GALLERY_PERFORMERS,
    IMAGE_PERFORMERS,
    PERFORMER_TAGS,
    PERFORMERS,
    SCENE_PERFORMERS,
)
from stashsync.sandbox.library.performers import read_change, write
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.urls import LEGACY
from stashsync.sandbox.library.values import to_id, to_ids

_ASSIGNMENTS = (
    PERFORMER_TAGS,
    *(links.reversed() for links in (SCENE_PERFORMERS, GALLERY_PERFORMERS, IMAGE_PERFORMERS)),
)
"""What performers are assigned to and by."""


@mutation("performerMerge")
def merge(ctx: Context, args: Args) -> Row:
    """Merge performers into another one.

    `values` are stored without a check. The answer shows the columns as they were before, as a
    real server's does; related things are read afresh.
    """
    given = args["input"]
    sources = to_ids(given["source"], "converting source ids")
    destination = to_id(given["destination"], "converting destination id")
    if destination in sources:
        raise Refusal("destination performer cannot be in source list")
    values = given.get("values") or {}
    if any(name in values for name in LEGACY):
        raise Refusal("Merging legacy performer URLs is not supported")
    change = read_change(ctx, values)
    with ctx.db.transaction():
        for source in sources:
            if PERFORMERS.find(ctx.db, source) is None:
                raise Refusal(f"finding source performers: performer with id {source} not found")
        before = PERFORMERS.find(ctx.db, destination)
        if before is None:
            raise Refusal("updating performer: sql: no rows in result set")
        try:
            write(ctx, destination, change)
        except Panic:
            raise
        except Refusal as refusal:
            raise Refusal(f"updating performer: {refusal.message}") from None
        for links in _ASSIGNMENTS:
            links.move(ctx.db, sources, destination)
        for source in sources:
            PERFORMERS.destroy(ctx, source)
        return before
