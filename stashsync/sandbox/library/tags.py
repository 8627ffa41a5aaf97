"""Tags: names and aliases in one namespace, a hierarchy of many parents.

Source: docs/stash-behaviour.md#names, docs/stash-behaviour.md#hierarchy
"""

from __future__ import annotations

from typing import Final

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.hierarchy import (
    CHILDREN,
    PARENTS,
    ensure_no_circle,
    ensure_no_circle_through_new,
)
from stashsync.sandbox.library.kinds import TAGS
from stashsync.sandbox.library.naming import ensure_free
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import trim
from stashsync.sandbox.library.writing import Change, Writing


class TagWriting(Writing):
    """The rules of tags."""

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse names and aliases that are taken, and circles."""
        change = super().check(ctx, row, change)
        id_ = None if row is None else row["id"]
        literal = ctx.rules.literal_tag_names
        if "name" in change.columns:
            name = change.columns["name"]
            if not trim(name):
                raise Refusal("tag name must not be blank")
            ensure_free(ctx, TAGS, name, id_, literal=literal)
        if "aliases" in change.lists:
            existing = TAGS.lists["aliases"].read(ctx.db, id_) if id_ else ()
            for alias in change.lists["aliases"].apply(existing):
                ensure_free(ctx, TAGS, alias, id_, literal=literal)
        parents, children = change.links.get("parent_ids"), change.links.get("child_ids")
        if id_ is not None and (parents or children):
            # Both are checked where one is given: what is not given is what is stored.
            above, below = PARENTS.read(ctx.db, id_), CHILDREN.read(ctx.db, id_)
            ensure_no_circle(
                ctx.db,
                id_,
                parents.apply(above) if parents else above,
                children.apply(below) if children else below,
            )
        elif parents and children:
            ensure_no_circle_through_new(ctx.db, parents.values, children.values)
        return change

    def ready_to_destroy(self, ctx: Context, id_: int, given: Args) -> None:  # noqa: ARG002  of files
        """Refuse to destroy what a marker cannot be without."""
        if ctx.db.value("SELECT 1 FROM scene_markers WHERE primary_tag_id = ? LIMIT 1", (id_,)):
            raise Refusal("cannot delete tag used as a primary tag in scene markers")


TAG_WRITING: Final = TagWriting(TAGS)
TAG_WRITING.enter("create", "update", "bulk_update", "destroy", "destroy_all")
