"""Groups within groups: each with a description, in an order, never in a loop.

Source: docs/stash-behaviour.md#groups
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.kinds import GROUPS, SUB_GROUPS
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import to_id, to_ids

_ENTRIES = "converting containing group ids"
"""How messages begin for either end (observed on v0.30-dev)."""
_SUB_GROUPS = "converting sub group ids"
_LOOP = "a group cannot be contained by one of its subgroups"
_FIELDS = (("containing_groups", GROUPS["containing_groups"]), ("sub_groups", SUB_GROUPS))


class GroupRelationEdit(Struct, frozen=True):
    """A change of what a group contains, or of what contains it: mode SET, ADD or REMOVE."""

    links: Links
    entries: Sequence[tuple[int, str | None]]
    mode: str = "SET"


def relations(ctx: Context, given: Args) -> list[GroupRelationEdit]:
    """Read the relations in an input for one group."""
    return [
        GroupRelationEdit(links, _entries(ctx, given[field]))
        for field, links in _FIELDS
        if field in given
    ]


def bulk_relations(ctx: Context, given: Args) -> list[GroupRelationEdit]:
    """Read the relations in an input for many groups."""
    return [
        GroupRelationEdit(links, _entries(ctx, given[field]["groups"]), given[field]["mode"])
        for field, links in _FIELDS
        if given.get(field) is not None
    ]


def _entries(
    ctx: Context, given: Sequence[Args] | None, what: str = _ENTRIES
) -> list[tuple[int, str | None]]:
    def described(text: str | None) -> str | None:
        return (ctx.word(text) or None) if text else None

    return [
        (_group_id(entry["group_id"], what), described(entry.get("description")))
        for entry in given or ()
    ]


def _group_id(text: Any, what: str) -> int:
    try:
        return to_id(text, "")
    except Refusal:
        raise Refusal(f"{what}: invalid group ID: {text}") from None


def ensure_no_loop(ctx: Context, id_: int | None, changes: Sequence[GroupRelationEdit]) -> None:
    """Refuse to put a group inside of itself or of what it contains; `id_` is None of a new one.

    What it is to contain must not be above what it is to be in. Both are taken as they will be,
    what is above as it is stored.
    """
    ends = []
    for _, links in _FIELDS:
        members = links.read(ctx.db, id_) if id_ is not None else []
        for change in changes:
            if change.links == links:
                edit = ListEdit(tuple(other for other, _ in change.entries), change.mode)
                members = edit.apply(members)
        ends.append(members)
    containing, contained = ([*GROUPS.by_id(ctx.db, members)] for members in ends)
    above = GROUPS["containing_groups"].reach(ctx.db, containing, -1)
    if changes and (id_ in (*containing, *contained) or above & set(contained)):
        raise Refusal(_LOOP)


def write_relations(ctx: Context, id_: int, changes: Sequence[GroupRelationEdit]) -> None:
    """Make changes without looking for loops."""
    for change in changes:
        links, others = change.links, [other for other, _ in change.entries]
        if change.mode == "REMOVE":
            ctx.db.execute(
                f"DELETE FROM groups_relations WHERE {links.own} = ? AND {links.other} {IN_IDS}",
                (id_, ids_param(others)),
            )
            continue
        if change.mode == "SET":
            ctx.db.execute(f"DELETE FROM groups_relations WHERE {links.own} = ?", (id_,))
        for other, description in change.entries:
            _relate(ctx, {links.own: id_, links.other: other}, description)


def _relate(ctx: Context, pair: dict[str, int], description: str | None) -> None:
    """Put a group at the end of another one."""
    last = "SELECT COALESCE(MAX(order_index), 0) FROM groups_relations WHERE containing_id = ?"
    index = ctx.db.value(last, (pair["containing_id"],)) + 1
    entry = {"order_index": index, "description": description}
    ctx.db.insert("groups_relations", {**pair, **entry})


# --- operations on what a group contains -----------------------------------


@mutation("addGroupSubGroups")
def add(ctx: Context, args: Args) -> bool:
    """Put groups into another: at the end, or at a place that is counted from 1."""
    given = args["input"]
    id_ = to_id(given["containing_group_id"], "converting group id")
    entries = _entries(ctx, given["sub_groups"], _SUB_GROUPS)
    with ctx.db.transaction():
        _ensure_group(ctx, id_)
        present = _order(ctx, id_)
        again = sorted({other for other, _ in entries if other in present})
        if again:
            shown = " ".join(map(str, again))
            raise Refusal(f"subgroups with IDs [{shown}] already in group")
        change = GroupRelationEdit(SUB_GROUPS, entries, "ADD")
        ensure_no_loop(ctx, id_, [change])
        place = given.get("insert_index") or 0
        if place < 0:
            raise Refusal("invalid insert index")
        write_relations(ctx, id_, [change])
        at = ctx.db.value(
            "SELECT sub_id FROM groups_relations WHERE containing_id = ? AND order_index = ?",
            (id_, place),
        )
        if at is not None:
            for other, _ in entries:
                _move(ctx, id_, other, at)
    return True


@mutation("removeGroupSubGroups")
def remove(ctx: Context, args: Args) -> bool:
    """Take groups out of another."""
    given = args["input"]
    id_ = to_id(given["containing_group_id"], "converting group id")
    others = to_ids(given["sub_group_ids"], _SUB_GROUPS)
    with ctx.db.transaction():
        _ensure_group(ctx, id_)
        gone = [(other, None) for other in others]
        write_relations(ctx, id_, [GroupRelationEdit(SUB_GROUPS, gone, "REMOVE")])
    return True


@mutation("reorderSubGroups")
def reorder(ctx: Context, args: Args) -> bool:
    """Move some of the groups before, or after, another one of them."""
    given = args["input"]
    id_ = to_id(given["group_id"], "converting group id")
    moved = to_ids(given["sub_group_ids"], _SUB_GROUPS)
    anchor = to_id(given["insert_at_id"], "converting insert at id")
    with ctx.db.transaction():
        _ensure_group(ctx, id_)
        for other in moved:
            _move(ctx, id_, other, anchor, after=bool(given.get("insert_after")))
    return True


def _move(ctx: Context, id_: int, other: int, anchor: int, *, after: bool = False) -> None:
    """Give a group the place of another one or the next, and all from there on one further.

    Whether it is in the group at all is not looked at. A group can be its own anchor.
    """
    places = "groups_relations WHERE containing_id = ?"
    sql = f"SELECT order_index FROM {places} AND sub_id = ?"
    index = ctx.db.value(sql, (id_, anchor))
    if index is None:
        raise Refusal(f"sub-group {anchor} not found in containing group {id_}")
    if after:
        sql = f"SELECT MIN(order_index) FROM {places} AND order_index > ?"
        index = ctx.db.value(sql, (id_, index)) or index + 1
    own = "WHERE containing_id = ?"
    further = (
        f"UPDATE groups_relations SET order_index = order_index + 1 {own} AND order_index >= ?"
    )
    ctx.db.execute(further, (id_, index))
    placed = f"UPDATE groups_relations SET order_index = ? {own} AND sub_id = ?"
    ctx.db.execute(placed, (index, id_, other))


def _ensure_group(ctx: Context, id_: int) -> None:
    if GROUPS.find(ctx.db, id_) is None:
        raise Refusal("not found")


def _order(ctx: Context, id_: int) -> list[int]:
    sql = "SELECT sub_id FROM groups_relations WHERE containing_id = ? ORDER BY order_index"
    return ctx.db.column(sql, (id_,))


def sub_group_count(ctx: Context, rows: Sequence[Row], args: Args) -> list[Any]:
    """How many groups a group contains; with a depth, those further down count too."""
    depth = args.get("depth") or 0
    if depth == 0:
        return SUB_GROUPS.counter()(ctx, rows, args)
    steps = depth if depth < 0 else depth + 1
    return [len(SUB_GROUPS.reach(ctx.db, [row["id"]], steps)) - 1 for row in rows]
