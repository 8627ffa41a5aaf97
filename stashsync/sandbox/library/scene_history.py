"""When scenes were played, and their other counter: lists of moments.

Source: docs/stash-behaviour.md#versions
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.kinds import SCENES
from stashsync.sandbox.library.registry import Args, Resolver, fields, mutation
from stashsync.sandbox.library.resolvers import counted, listed
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import local_time, moment_of, stamp, to_id

_ID = "converting id"


class SceneHistory(Struct, frozen=True):
    """One list of moments of scenes."""

    table: str
    column: str

    def read(self, ctx: Context, id_: int) -> list[str]:
        """Return the stored moments of a scene, latest first."""
        sql = f"SELECT {self.column} FROM {self.table} WHERE scene_id = ? ORDER BY 1 DESC"
        return ctx.db.column(sql, (id_,))

    def count(self, ctx: Context, id_: int) -> int:
        """Return how many moments a scene has."""
        return int(ctx.db.value(f"SELECT COUNT(*) FROM {self.table} WHERE scene_id = ?", (id_,)))

    def add(self, ctx: Context, id_: int, times: Sequence[str] | None) -> None:
        """Add the given moments, or the present one."""
        for moment in [moment_of(text) for text in times or ()] or [stamp(ctx.clock())]:
            ctx.db.insert(self.table, {"scene_id": id_, self.column: moment})

    def remove(self, ctx: Context, id_: int, times: Sequence[str] | None) -> None:
        """Remove one entry of each given moment, or the latest; what is not there stays away."""
        given = [moment_of(text) for text in times or ()] or self.read(ctx, id_)[:1]
        for moment in given:
            ctx.db.execute(
                f"DELETE FROM {self.table} WHERE rowid = (SELECT rowid FROM {self.table} "
                f"WHERE scene_id = ? AND {self.column} = ? LIMIT 1)",
                (id_, moment),
            )

    def clear(self, ctx: Context, id_: int) -> None:
        """Remove every moment of a scene."""
        ctx.db.execute(f"DELETE FROM {self.table} WHERE scene_id = ?", (id_,))

    def move(self, ctx: Context, sources: Sequence[int], destination: int) -> None:
        """Give the moments of some scenes to another one."""
        sql = f"UPDATE {self.table} SET scene_id = ? WHERE scene_id {IN_IDS}"
        ctx.db.execute(sql, (destination, ids_param(sources)))

    @property
    def fields(self) -> tuple[Resolver, Resolver, Resolver]:
        """The output fields: how many they are, all of them, the latest or None."""
        sql = (
            f"SELECT scene_id, {self.column} FROM {self.table} WHERE scene_id {IN_IDS} "
            f"ORDER BY {self.column} DESC"
        )
        every = listed(sql, local_time)

        def latest(ctx: Context, rows: Sequence[Row], args: Args) -> list[Any]:
            return [next(iter(found), None) for found in every(ctx, rows, args)]

        return counted("scene_id", "COUNT(*)", self.table), every, latest


PLAYS: Final = SceneHistory("scenes_view_dates", "view_date")
OS: Final = SceneHistory("scenes_o_dates", "o_date")


def _enter(history: SceneHistory, name: str, reset: str) -> None:
    """Enter the three mutations of a list: add, delete, reset.

    None looks whether there is such a scene; adding meets the constraint (observed on v0.30-dev).
    """

    def changed(ctx: Context, id_: int) -> dict[str, Any]:
        moments = history.read(ctx, id_)
        return {"count": len(moments), "history": [local_time(moment) for moment in moments]}

    @mutation(f"sceneAdd{name}")
    def add(ctx: Context, args: Args) -> dict[str, Any]:
        id_ = to_id(args["id"], _ID)
        with ctx.db.transaction():
            history.add(ctx, id_, args.get("times"))
            return changed(ctx, id_)

    @mutation(f"sceneDelete{name}")
    def delete(ctx: Context, args: Args) -> dict[str, Any]:
        id_ = to_id(args["id"], _ID)
        with ctx.db.transaction():
            history.remove(ctx, id_, args.get("times"))
            return changed(ctx, id_)

    @mutation(reset)
    def clear(ctx: Context, args: Args) -> int:
        id_ = to_id(args["id"], _ID)
        with ctx.db.transaction():
            history.clear(ctx, id_)
        return 0


_enter(PLAYS, "Play", "sceneResetPlayCount")
_enter(OS, "O", "sceneResetO")


def _enter_step(name: str, history: SceneHistory, step: int) -> None:
    """Enter a deprecated mutation: a step up or down, and the count after it."""

    @mutation(name)
    def take(ctx: Context, args: Args) -> int:
        id_ = to_id(args["id"], _ID)
        with ctx.db.transaction():
            (history.add if step > 0 else history.remove)(ctx, id_, None)
            return history.count(ctx, id_)


_enter_step("sceneIncrementO", OS, 1)
_enter_step("sceneDecrementO", OS, -1)
_enter_step("sceneIncrementPlayCount", PLAYS, 1)


@mutation("sceneSaveActivity")
def save_activity(ctx: Context, args: Args) -> bool:
    """Store where playing stopped, and add for how long it went on, both in seconds."""
    id_ = to_id(args["id"], _ID)
    with ctx.db.transaction():
        SCENES.ensure(ctx.db, id_)
        scene = SCENES.get(ctx.db, id_)
        columns: dict[str, Any] = {}
        if args.get("resume_time") is not None:
            columns["resume_time"] = args["resume_time"]
        if args.get("playDuration") is not None:
            columns["play_duration"] = scene["play_duration"] + args["playDuration"]
        if columns:
            ctx.db.update(SCENES.table, id_, columns)
    return True


@mutation("sceneResetActivity")
def reset_activity(ctx: Context, args: Args) -> bool:
    """Set either time back to 0."""
    id_ = to_id(args["id"], _ID)
    names = {"reset_resume": "resume_time", "reset_duration": "play_duration"}
    columns = {column: 0 for name, column in names.items() if args.get(name)}
    with ctx.db.transaction():
        SCENES.ensure(ctx.db, id_)
        if columns:
            ctx.db.update(SCENES.table, id_, columns)
    return True


_OS, _PLAYS = OS.fields, PLAYS.fields
fields(
    "Scene",
    {
        "o_counter": _OS[0],
        "o_history": _OS[1],
        "play_count": _PLAYS[0],
        "play_history": _PLAYS[1],
        "last_played_at": _PLAYS[2],
    },
)
