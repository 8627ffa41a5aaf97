"""Merging scenes: files, markers and, where asked for, the history go to one of them."""

from __future__ import annotations

from stashsync.sandbox.library import media_parts
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.files import assign_files
from stashsync.sandbox.library.kinds import SCENE_FILES, SCENES
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.scene_history import OS, PLAYS
from stashsync.sandbox.library.scenes import PARTS, carry_out
from stashsync.sandbox.library.values import to_id, to_ids


@mutation("sceneMerge")
def merge(ctx: Context, args: Args) -> Row:
    """Merge scenes into another, which keeps its own fields but for what `values` says.

    The title of `values` is not looked at, and the same source twice is one (observed on
    v0.30-dev).
    """
    given = args["input"]
    sources = list(dict.fromkeys(to_ids(given["source"], "converting source ids")))
    destination = to_id(given["destination"], "converting destination id")
    values = {**(given.get("values") or {}), "id": destination}
    change = media_parts.read_update(ctx, PARTS, values)
    with ctx.db.transaction():
        if destination in sources:
            raise Refusal("destination scene cannot be in source list")
        for id_ in (destination, *sources):
            SCENES.get(ctx.db, id_)
        for source in sources:
            assign_files(ctx, SCENE_FILES, destination, SCENE_FILES.read(ctx.db, source))
        markers = f"UPDATE scene_markers SET scene_id = ? WHERE scene_id {IN_IDS}"
        ctx.db.execute(markers, (destination, ids_param(sources)))
        for history, wanted in ((PLAYS, "play_history"), (OS, "o_history")):
            if given.get(wanted):
                history.move(ctx, sources, destination)
        row = carry_out(ctx, destination, change)
        for source in sources:
            SCENES.destroy(ctx, source)
        return row
