"""Groups: films and series, under names that need not differ (docs/stash-behaviour.md#groups).

`movie…` are the same mutations by older names; they know no relations between groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.group_relations import (
    GroupRelationEdit,
    bulk_relations,
    ensure_no_loop,
    relations,
    sub_group_count,
    write_relations,
)
from stashsync.sandbox.library.images import DEFAULT_IMAGE, NewImage
from stashsync.sandbox.library.kinds import GROUPS, MOVIES, SUB_GROUPS
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, fields
from stashsync.sandbox.library.resolvers import counted
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import trim
from stashsync.sandbox.library.writing import Change, Writing


class GroupWriting(Writing):
    """The rules of groups."""

    missing: ClassVar[str] = "not found"

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Read the relations to other groups too."""
        change = super().read(ctx, given, new=new, bulk=bulk)
        return replace(change, further=(bulk_relations if bulk else relations)(ctx, given))

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Refuse a blank name and loops; give a new group with a back a front.

        One that gets a back later has none.
        """
        if not trim(change.columns.get("name", "unchanged")):
            raise Refusal("name cannot be empty")
        related: Sequence[GroupRelationEdit] = change.further
        ensure_no_loop(ctx, None if row is None else row["id"], related)
        if row is not None:
            return change
        back, front = (change.images.get(name) for name in ("back_image", "front_image"))
        if back is None or back.content is None or (front and front.content is not None):
            return change
        return replace(change, images={**change.images, "front_image": NewImage(DEFAULT_IMAGE)})

    def write_rest(self, ctx: Context, id_: int, change: Change) -> None:
        """Write the relations to other groups too."""
        super().write_rest(ctx, id_, change)
        write_relations(ctx, id_, change.further)


for _kind in (GROUPS, MOVIES):
    GroupWriting(_kind).enter("create", "update", "bulk_update", "destroy", "destroy_all")

fields(
    "Group",
    {
        "performer_count": GROUPS["performers"].deep_counter(SUB_GROUPS),
        "sub_group_count": sub_group_count,
        "o_counter": counted(
            "group_id", "COUNT(*)", "groups_scenes JOIN scenes_o_dates USING (scene_id)"
        ),
    },
)
