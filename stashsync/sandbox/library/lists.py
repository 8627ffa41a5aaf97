"""Lists of text that belong to an object: aliases and URLs.

Source: docs/stash-behaviour.md#aliases, docs/stash-behaviour.md#urls
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, Database, Value, ids_param
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, Resolver
from stashsync.sandbox.library.rows import Row


def _quoted(text: str) -> str:
    """Return a text as it stands in the server's statement."""
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _unreadable(what: str, table: str, statement: str, text: str) -> Refusal:
    """Return the refusal of a statement with a NUL in it, which is where the database stops."""
    token = _quoted(text).partition("\0")[0]
    why = f'unrecognized token: "{token}"'
    return Refusal(f"{what} {table}: executing `{statement}` [[]]: {why}")


class Texts(Struct, frozen=True):
    """Where one kind's list of text is stored.

    Attributes:
        owner: the column of the object the list belongs to ("tag_id").
        value: the column of the text.
        near: the table of the objects that the lists belong to.
        ordered: whether the order is kept; otherwise the list is read in binary order.
    """

    table: str
    owner: str
    value: str
    near: str
    ordered: bool = False

    def read(self, db: Database, id_: int) -> list[str]:
        """Return the list of one object."""
        return self.read_all(db, [id_])[id_]

    def read_all(self, db: Database, ids: Iterable[int]) -> dict[int, list[str]]:
        """Return the lists of many objects; an object without one has an empty list."""
        found: dict[int, list[str]] = defaultdict(list)
        order = "position" if self.ordered else self.value
        sql = (
            f"SELECT {self.owner}, {self.value} FROM {self.table} "
            f"WHERE {self.owner} {IN_IDS} ORDER BY {self.owner}, {order}"
        )
        for owner, text in db.all(sql, (ids_param(ids),)):
            found[owner].append(text)
        return found

    def write(self, db: Database, id_: int, values: Sequence[str]) -> None:
        """Replace the whole list."""
        db.execute(f"DELETE FROM {self.table} WHERE {self.owner} = ?", (id_,))
        for position, text in enumerate(values):
            place = {"position": position} if self.ordered else {}
            row: dict[str, Value] = {self.owner: id_, **place, self.value: text}
            if "\0" in text:
                columns = ", ".join(f"`{name}`" for name in row)
                given = ", ".join(map(str, [id_, *place.values()]))
                into = f"INSERT INTO `{self.table}` ({columns}) VALUES ({given}, {_quoted(text)})"
                raise _unreadable("inserting into", self.table, into, text)
            db.insert(self.table, row)

    def ensure_removable(self, id_: int, values: Sequence[str]) -> None:
        """Refuse a text with a NUL, where each text is removed by a statement of its own."""
        for text in () if self.ordered else values:
            if "\0" in text:
                table = f"`{self.table}`"
                where = f"({table}.`{self.owner}` = {id_}) AND ({table}.`{self.value}` = "
                delete = f"DELETE FROM {table} WHERE ({where}{_quoted(text)}))"
                raise _unreadable("destroying", self.table, delete, text)

    def resolver(self) -> Resolver:
        """Return the output field with the list."""

        def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
            found = self.read_all(ctx.db, [row["id"] for row in rows])
            return [found.get(row["id"], []) for row in rows]

        return resolve
