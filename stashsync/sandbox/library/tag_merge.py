"""Merging tags: assignments, names, stash ids and edges go to one of them.

Source: docs/stash-behaviour.md#tag-merge
"""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.edits import Edit
from stashsync.sandbox.library.hierarchy import CHILDREN, PARENTS, ensure_no_circle
from stashsync.sandbox.library.kinds import (
    GALLERY_TAGS,
    GROUP_TAGS,
    IMAGE_TAGS,
    MARKER_TAGS,
    SCENE_TAGS,
    TAG_PERFORMERS,
    TAG_STUDIOS,
    TAGS,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.tags import carry_out, read_change
from stashsync.sandbox.library.values import to_id, to_ids

_ASSIGNMENTS = (
    TAG_PERFORMERS,
    TAG_STUDIOS,
    *(
        links.reversed()
        for links in (SCENE_TAGS, GALLERY_TAGS, IMAGE_TAGS, GROUP_TAGS, MARKER_TAGS)
    ),
)
"""What can be tagged."""


@mutation("tagsMerge")
def merge(ctx: Context, args: Args) -> Row | None:
    """Merge tags into another, which keeps its own fields and the time of its last update."""
    given = args["input"]
    sources = to_ids(given["source"], "converting source ids")
    destination = to_id(given["destination"], "converting destination id")
    if not sources:
        return None
    values = given.get("values")
    change = read_change(ctx, values) if values else None
    with ctx.db.transaction():
        TAGS.get(ctx.db, destination)
        if destination in sources:
            raise Refusal("cannot merge where source == destination")
        merged = [destination, *sources]
        parents = _united(ctx, PARENTS, merged)
        children = _united(ctx, CHILDREN, merged)
        _absorb(ctx, sources, destination)
        if ctx.rules.merges_tag_hierarchy:
            PARENTS.change(ctx.db, destination, Edit(tuple(parents)))
            CHILDREN.change(ctx.db, destination, Edit(tuple(children)))
            ensure_no_circle(ctx.db, destination, parents, children)
        if change:
            carry_out(ctx, destination, change)
        return TAGS.get(ctx.db, destination)


def _united(ctx: Context, links: Links, merged: Sequence[int]) -> list[int]:
    """The parents or children of all tags that are merged, without those tags themselves."""
    far = (other for id_ in merged for other in links.read(ctx.db, id_))
    return [other for other in dict.fromkeys(far) if other not in merged]


def _absorb(ctx: Context, sources: Sequence[int], destination: int) -> None:
    """Give what the sources have to the destination, then destroy them."""
    given = (destination, ids_param(sources))
    for links in _ASSIGNMENTS:
        links.move(ctx.db, sources, destination)
    primary = f"UPDATE scene_markers SET primary_tag_id = ? WHERE primary_tag_id {IN_IDS}"
    ctx.db.execute(primary, given)
    ctx.db.execute(f"UPDATE tag_stash_ids SET tag_id = ? WHERE tag_id {IN_IDS}", given)
    ctx.db.execute(f"UPDATE tag_aliases SET tag_id = ? WHERE tag_id {IN_IDS}", given)
    ctx.db.execute(
        "INSERT OR IGNORE INTO tag_aliases (tag_id, alias) "
        f"SELECT ?, name FROM tags WHERE id {IN_IDS}",
        given,
    )
    for source in sources:
        TAGS.destroy(ctx, source)
