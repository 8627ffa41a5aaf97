"""When scenes were played, and their other counter: lists of moments.

Source: docs/stash-behaviour.md#versions
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.kinds import SCENES
from stashsync.sandbox.library.registry import Args, Resolver, fields, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import local_time, moment_of, stamp, to_id

_ID = "converting id"


@dataclass(frozen=True, slots=True)
class History:
    """One list of moments of scenes."""

    table: str
    column: str

    def read(self, ctx: Context, ids: Sequence[int]) -> dict[int, list[str]]:
        """The stored moments of many scenes, latest first."""
        found: dict[int, list[str]] = defaultdict(list)
        sql = (
            f"SELECT scene_id, {self.column} FROM {self.table} WHERE scene_id {IN_IDS} "
            f"ORDER BY {self.column} DESC"
        )
        for scene, moment in ctx.db.all(sql, (ids_param(ids),)):
            found[scene].append(moment)
        return found

    def count(self, ctx: Context, id_: int) -> int:
        return int(ctx.db.value(f"SELECT COUNT(*) FROM {self.table} WHERE scene_id = ?", (id_,)))

    def add(self, ctx: Context, id_: int, times: Sequence[str] | None) -> None:
        """Add the given moments, or the present one."""
        for moment in [moment_of(text) for text in times or ()] or [stamp(ctx.clock())]:
            ctx.db.insert(self.table, {"scene_id": id_, self.column: moment})

    def remove(self, ctx: Context, id_: int, times: Sequence[str] | None) -> None:
        """Remove one entry of each given moment, or the latest; what is not there stays away."""
        given = [moment_of(text) for text in times or ()] or self.read(ctx, [id_])[id_][:1]
        for moment in given:
            ctx.db.execute(
                f"DELETE FROM {self.table} WHERE rowid = (SELECT rowid FROM {self.table} "
                f"WHERE scene_id = ? AND {self.column} = ? LIMIT 1)",
                (id_, moment),
            )

    def clear(self, ctx: Context, id_: int) -> None:
        ctx.db.execute(f"DELETE FROM {self.table} WHERE scene_id = ?", (id_,))

    def move(self, ctx: Context, sources: Sequence[int], destination: int) -> None:
        sql = f"UPDATE {self.table} SET scene_id = ? WHERE scene_id {IN_IDS}"
        ctx.db.execute(sql, (destination, ids_param(sources)))

    def listed(self) -> Resolver:
        """The moments as an output field."""

        def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
            found = self.read(ctx, [row["id"] for row in rows])
            return [[local_time(one) for one in found.get(row["id"], ())] for row in rows]

        return resolve

    def counted(self) -> Resolver:
        """Their number as an output field."""

        def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
            sql = (
                f"SELECT scene_id, COUNT(*) FROM {self.table} "
                f"WHERE scene_id {IN_IDS} GROUP BY scene_id"
            )
            found = dict(ctx.db.all(sql, (ids_param(row["id"] for row in rows),)))
            return [found.get(row["id"], 0) for row in rows]

        return resolve

    def latest(self) -> Resolver:
        """The latest of them as an output field, or None."""

        def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
            found = self.read(ctx, [row["id"] for row in rows])
            lists = (found.get(row["id"]) for row in rows)
            return [local_time(one[0]) if one else None for one in lists]

        return resolve


PLAYS: Final = History("scenes_view_dates", "view_date")
OS: Final = History("scenes_o_dates", "o_date")


def _enter(history: History, name: str, reset: str) -> None:
    """Enter the three mutations of a list: add, delete, reset.

    None looks whether there is such a scene; adding meets the constraint (observed on v0.30-dev).
    """

    def changed(ctx: Context, id_: int) -> dict[str, Any]:
        moments = history.read(ctx, [id_])[id_]
        return {"count": len(moments), "history": [local_time(one) for one in moments]}

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


@mutation("sceneIncrementO")
def increment_o(ctx: Context, args: Args) -> int:
    return _counted(ctx, args, OS, 1)


@mutation("sceneDecrementO")
def decrement_o(ctx: Context, args: Args) -> int:
    return _counted(ctx, args, OS, -1)


@mutation("sceneIncrementPlayCount")
def increment_plays(ctx: Context, args: Args) -> int:
    return _counted(ctx, args, PLAYS, 1)


def _counted(ctx: Context, args: Args, history: History, step: int) -> int:
    """The deprecated forms: a step up or down, and the count after it."""
    id_ = to_id(args["id"], _ID)
    with ctx.db.transaction():
        (history.add if step > 0 else history.remove)(ctx, id_, None)
        return history.count(ctx, id_)


@mutation("sceneSaveActivity")
def save_activity(ctx: Context, args: Args) -> bool:
    """Where playing stopped, and for how much longer it went on, both in seconds."""
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
    id_ = to_id(args["id"], _ID)
    names = {"reset_resume": "resume_time", "reset_duration": "play_duration"}
    columns = {column: 0 for name, column in names.items() if args.get(name)}
    with ctx.db.transaction():
        SCENES.ensure(ctx.db, id_)
        if columns:
            ctx.db.update(SCENES.table, id_, columns)
    return True


fields(
    "Scene",
    {
        "o_counter": OS.counted(),
        "o_history": OS.listed(),
        "play_count": PLAYS.counted(),
        "play_history": PLAYS.listed(),
        "last_played_at": PLAYS.latest(),
    },
)
