"""Relations between objects: many to many through a table of pairs.

Source: docs/stash-behaviour.md#references
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, Database, ids_param
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.registry import Args, Resolver
from stashsync.sandbox.library.resolvers import counted, grouped
from stashsync.sandbox.library.rows import Row

if TYPE_CHECKING:
    from stashsync.sandbox.library.objects import Objects


class Links(Struct, frozen=True):
    """One relation seen from one of its ends.

    Attributes:
        table: the table of pairs, a view, or SQL in parentheses.
        own: the column of this end.
        other: the column of the far end.
        near: the table of the objects at this end.
        far: the table of the objects at the far end.
    """

    table: str
    own: str
    other: str
    near: str
    far: str

    def reversed(self) -> Links:
        """Return the same relation from its other end."""
        return Links(self.table, self.other, self.own, self.far, self.near)

    def read(self, db: Database, id_: int) -> list[int]:
        """Return the ids at the far end, in ascending order."""
        sql = f"SELECT {self.other} FROM {self.table} WHERE {self.own} = ? ORDER BY {self.other}"
        return db.column(sql, (id_,))

    def change(self, db: Database, id_: int, edit: ListEdit[int] | None) -> None:
        """Carry out a change, if there is one; repeated ids count once."""
        if edit is None:
            return
        if edit.mode == "SET":
            db.execute(f"DELETE FROM {self.table} WHERE {self.own} = ?", (id_,))
        if edit.mode == "REMOVE":
            sql = f"DELETE FROM {self.table} WHERE {self.own} = ? AND {self.other} {IN_IDS}"
            db.execute(sql, (id_, ids_param(edit.values)))
            return
        for other in edit.values:
            db.link(self.table, {self.own: id_, self.other: other})

    def move(self, db: Database, sources: Sequence[int], destination: int) -> None:
        """Give the links of some objects to another one, which keeps each only once."""
        sql = f"UPDATE OR IGNORE {self.table} SET {self.own} = ? WHERE {self.own} {IN_IDS}"
        db.execute(sql, (destination, ids_param(sources)))

    def resolver(self, kind: Objects, order: str = "") -> Resolver:
        """Return the output field with the objects of a kind at the far end.

        Args:
            kind: what is at the far end.
            order: SQL of their order, in which the relation is `link`; names by default.
        """
        sql = (
            f"SELECT link.{self.own}, {kind.table}.id FROM {self.table} AS link "
            f"JOIN {kind.table} ON {kind.table}.id = link.{self.other} "
            f"WHERE link.{self.own} {IN_IDS} ORDER BY {order or kind.order}"
        )

        def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
            lists = grouped(ctx, rows, sql)
            others = kind.by_id(ctx.db, {other for found in lists for (other,) in found})
            return [[others[other] for (other,) in found] for found in lists]

        return resolve

    def counter(self) -> Resolver:
        """Return the output field that counts the objects at the far end."""
        return counted(self.own, "COUNT(*)", self.table)

    def deep_counter(self, below: Links) -> Resolver:
        """Return the output field that, with a depth, counts further down a hierarchy too.

        Args:
            below: the links from an object of this end to those right below it.
        """
        flat = self.counter()

        def resolve(ctx: Context, rows: Sequence[Row], args: Args) -> list[Any]:
            depth = args.get("depth") or 0
            if depth == 0:
                return flat(ctx, rows, args)
            sql = f"SELECT COUNT(DISTINCT {self.other}) FROM {self.table} WHERE {self.own} {IN_IDS}"
            return [
                ctx.db.value(sql, (ids_param(below.reach(ctx.db, [row["id"]], depth)),))
                for row in rows
            ]

        return resolve

    def reach(self, db: Database, ids: Sequence[int], depth: int) -> set[int]:
        """Return the given objects of a hierarchy and those up to `depth` steps away; -1 is all.

        A real server would not come back from a hierarchy that runs in a circle; this does.
        """
        sql = f"SELECT DISTINCT {self.other} FROM {self.table} WHERE {self.own} {IN_IDS}"
        reached, edge = set(ids), set(ids)
        while edge and depth != 0:
            edge = set(db.column(sql, (ids_param(edge),))) - reached
            reached |= edge
            depth -= 1
        return reached
