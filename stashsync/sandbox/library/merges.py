"""Merges: what the sources have goes to the destination, then they are destroyed.

Source: docs/stash-behaviour.md#merging-tags, docs/stash-behaviour.md#merging-performers
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.files import assign_files
from stashsync.sandbox.library.hierarchy import CHILDREN, PARENTS, ensure_no_circle
from stashsync.sandbox.library.kinds import PERFORMERS, SCENE_FILES, SCENES, TAGS
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.objects import OBJECTS
from stashsync.sandbox.library.performers import PERFORMER_WRITING
from stashsync.sandbox.library.refusals import NIL, Panic, Refusal
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.scene_history import OS, PLAYS
from stashsync.sandbox.library.scenes import SCENE_WRITING
from stashsync.sandbox.library.tags import TAG_WRITING
from stashsync.sandbox.library.urls import LEGACY
from stashsync.sandbox.library.values import to_id, to_ids

_TAGGED = [kind["tags"].reversed() for kind in OBJECTS.values() if "tag_ids" in kind.links]
_PERFORMED = [
    kind["performers"].reversed() for kind in OBJECTS.values() if "performer_ids" in kind.links
]


def _ends(args: Args) -> tuple[list[int], int]:
    given = args["input"]
    sources = to_ids(given["source"], "converting source ids")
    return sources, to_id(given["destination"], "converting destination id")


@mutation("tagsMerge")
def merge_tags(ctx: Context, args: Args) -> Row | None:
    """Merge tags into another, which keeps its own fields and the time of its last update."""
    sources, destination = _ends(args)
    if not sources:
        return None
    values = args["input"].get("values")
    change = TAG_WRITING.read(ctx, values) if values else None
    with ctx.db.transaction():
        row = TAGS.get(ctx.db, destination)
        if destination in sources:
            raise Refusal("cannot merge where source == destination")
        merged = [destination, *sources]
        parents = _united(ctx, PARENTS, merged)
        children = _united(ctx, CHILDREN, merged)
        _absorb_tags(ctx, sources, destination)
        if ctx.rules.merges_tag_hierarchy:
            PARENTS.change(ctx.db, destination, ListEdit(tuple(parents)))
            CHILDREN.change(ctx.db, destination, ListEdit(tuple(children)))
            ensure_no_circle(ctx.db, destination, parents, children)
        return TAG_WRITING.carry_out(ctx, row, change) if change else row


def _united(ctx: Context, links: Links, merged: Sequence[int]) -> list[int]:
    """Return the parents or children of all tags that are merged, without those tags."""
    far = (other for id_ in merged for other in links.read(ctx.db, id_))
    return [other for other in dict.fromkeys(far) if other not in merged]


def _absorb_tags(ctx: Context, sources: Sequence[int], destination: int) -> None:
    """Give what the sources have to the destination, then destroy them."""
    given = (destination, ids_param(sources))
    for links in _TAGGED:
        links.move(ctx.db, sources, destination)
    primary = f"UPDATE scene_markers SET primary_tag_id = ? WHERE primary_tag_id {IN_IDS}"
    ctx.db.execute(primary, given)
    ctx.db.execute(f"UPDATE tag_stash_ids SET tag_id = ? WHERE tag_id {IN_IDS}", given)
    names = f"SELECT name FROM tags WHERE id {IN_IDS}"
    if ctx.db.column(f"SELECT 1 FROM tag_aliases WHERE alias IN ({names})", given[1:]):
        marks, shown = ", ".join("?" * len(sources)), [destination, *sources, destination]
        raise Refusal(
            "error executing `INSERT INTO tag_aliases (tag_id, alias) SELECT ?, name FROM tags "
            f"WHERE id IN ({marks})` [[{' '.join(map(str, shown))}]]: "
            "UNIQUE constraint failed: tag_aliases.alias"
        )
    insert = f"INSERT INTO tag_aliases (tag_id, alias) SELECT ?, name FROM tags WHERE id {IN_IDS}"
    ctx.db.execute(insert, given)
    ctx.db.execute(f"UPDATE tag_aliases SET tag_id = ? WHERE tag_id {IN_IDS}", given)
    for source in sources:
        TAGS.destroy(ctx, source)


@mutation("performerMerge")
def merge_performers(ctx: Context, args: Args) -> Row:
    """Merge performers into another one: only assignments move.

    `values` are stored without a check. The answer shows the columns as they were before, as a
    real server's does; related things are read afresh.
    """
    sources, destination = _ends(args)
    if destination in sources:
        raise Refusal("destination performer cannot be in source list")
    values = args["input"].get("values") or {}
    if any(name in values for name in LEGACY):
        raise Refusal("Merging legacy performer URLs is not supported")
    change = PERFORMER_WRITING.read(ctx, values)
    with ctx.db.transaction():
        for source in sources:
            missing = f"finding source performers: performer with id {source} not found"
            PERFORMERS.get(ctx.db, source, missing)
        no_rows = "updating performer: sql: no rows in result set"
        before = PERFORMERS.get(ctx.db, destination, no_rows)
        try:
            PERFORMER_WRITING.write(ctx, destination, change)
        except Panic:
            raise
        except Refusal as refusal:
            raise Refusal(f"updating performer: {refusal.message}") from None
        for links in (PERFORMERS["tags"], *_PERFORMED):
            links.move(ctx.db, sources, destination)
        for source in sources:
            PERFORMERS.destroy(ctx, source)
        return before


@mutation("sceneMerge")
def merge_scenes(ctx: Context, args: Args) -> Row:
    """Merge scenes into another, which keeps its own fields but for what `values` sets.

    Files, markers and, where asked for, the history move. The title of `values` is not looked at,
    and the same source twice is one (observed on v0.30-dev).
    """
    given = args["input"]
    found, destination = _ends(args)
    sources = list(dict.fromkeys(found))
    change = SCENE_WRITING.read(ctx, {**(given.get("values") or {}), "id": destination})
    with ctx.db.transaction():
        if destination in sources:
            raise Refusal("destination scene cannot be in source list")
        for id_ in sources:
            SCENES.get(ctx.db, id_, f"finding source scenes: scene with id {id_} not found")
        if sources and SCENES.find(ctx.db, destination) is None:
            raise Panic(NIL)
        SCENES.get(ctx.db, destination, "updating scene: sql: no rows in result set")
        for source in sources:
            assign_files(ctx, SCENE_FILES, destination, SCENE_FILES.read(ctx.db, source))
        markers = f"UPDATE scene_markers SET scene_id = ? WHERE scene_id {IN_IDS}"
        ctx.db.execute(markers, (destination, ids_param(sources)))
        for history, wanted in ((PLAYS, "play_history"), (OS, "o_history")):
            if given.get(wanted):
                history.move(ctx, sources, destination)
        SCENE_WRITING.write(ctx, destination, change)
        row = SCENES.get(ctx.db, destination)
        for source in sources:
            SCENES.destroy(ctx, source)
        return row
