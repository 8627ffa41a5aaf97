"""Destroying objects: one, or several as one operation (behaviour: 9)."""

from __future__ import annotations

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.values import to_id, to_ids


def enter_removal(kind: Objects) -> None:
    """Enter the two mutations that destroy objects of a kind: tagDestroy and tagsDestroy."""

    @mutation(f"{kind.word}Destroy")
    def destroy(ctx: Context, args: Args) -> bool:
        id_ = to_id(args["input"]["id"], "converting id")
        with ctx.db.transaction():
            kind.destroy(ctx, id_)
        return True

    @mutation(f"{kind.table}Destroy")
    def destroy_all(ctx: Context, args: Args) -> bool:
        ids = to_ids(args["ids"], "converting ids")
        with ctx.db.transaction():
            for id_ in ids:
                kind.destroy(ctx, id_)
        return True
