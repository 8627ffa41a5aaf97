"""Destroying objects: one, or several as one operation (docs/stash-behaviour.md#deletion)."""

from __future__ import annotations

from collections.abc import Callable

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.values import to_id, to_ids


def enter_removal(
    kind: Objects,
    one: str,
    several: str,
    guard: Callable[[Context, int], None] = lambda _, __: None,
) -> None:
    """Enter the two mutations that destroy objects of a kind, by their names.

    Args:
        guard: refuses an object that something else still needs.
    """

    @mutation(one)
    def destroy(ctx: Context, args: Args) -> bool:
        id_ = to_id(args["input"]["id"], "converting id")
        with ctx.db.transaction():
            guard(ctx, id_)
            kind.destroy(ctx, id_)
        return True

    @mutation(several)
    def destroy_all(ctx: Context, args: Args) -> bool:
        ids = to_ids(args["ids"], "converting ids")
        with ctx.db.transaction():
            for id_ in ids:
                guard(ctx, id_)
                kind.destroy(ctx, id_)
        return True
