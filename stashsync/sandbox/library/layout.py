"""The layout of a library's file: made for a new one, brought up to date in an older one.

A file keeps the number of its layout and the digest of its tables. Where the digest differs, the
tables, columns and indexes that the file lacks are added, so that a field or kind that is new in
the package needs nothing here. The number grows only with changes that this cannot make.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from contextlib import closing
from functools import cached_property

from msgspec import Struct

_PARTS = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"


class DatabaseLayout(Struct, frozen=True, dict=True):
    """The tables of a library.

    Attributes:
        number: grows with changes that older packages cannot read; from 1.
        ddl: the statements that make the tables, indexes and views.
    """

    number: int
    ddl: str

    @cached_property
    def empty(self) -> bytes:
        """An empty library as SQLite's bytes: copying them is quicker than making every table."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.execute("PRAGMA page_size = 1024")
            connection.executescript(self._script)
            return connection.serialize()

    @property
    def _script(self) -> str:
        return f"BEGIN; {self.ddl} {self._marks} COMMIT;"

    @property
    def _digest(self) -> int:
        return zlib.crc32(self.ddl.encode()) & 0x7FFFFFFF

    @property
    def _marks(self) -> str:
        return f"PRAGMA user_version = {self.number}; PRAGMA application_id = {self._digest};"

    def apply(self, connection: sqlite3.Connection, path: str) -> None:
        """Lay a file out, or bring an older one up to date. All its objects stay.

        Raises:
            ValueError: a newer package laid it out, or it is no library.
        """
        number = connection.execute("PRAGMA user_version").fetchone()[0]
        parts = connection.execute(_PARTS).fetchall()
        if number == 0 and parts:
            raise ValueError(f"{path} is not a library of the sandbox: name another file")
        if number > self.number:
            raise ValueError(
                f"{path} has layout {number}, and this version of stashsync knows layouts up to"
                f" {self.number}: use a newer version, or name another file"
            )
        if not parts:
            connection.executescript(self._script)
        elif connection.execute("PRAGMA application_id").fetchone()[0] != self._digest:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._migrate(connection, {name for _, name, _ in parts})
                for mark in self._marks.split(";"):
                    connection.execute(mark)

    def _migrate(self, connection: sqlite3.Connection, known: set[str]) -> None:
        """Add the tables, columns and indexes that are missing; make the views anew."""
        with closing(sqlite3.connect(":memory:")) as template:
            template.deserialize(self.empty)
            for kind, name, sql in template.execute(_PARTS):
                if kind == "view" and name in known:
                    connection.execute(f"DROP VIEW {name}")
                elif kind == "table" and name in known:
                    there = _columns(connection, name)
                    for column, definition in _columns(template, name).items():
                        if column not in there:
                            connection.execute(f"ALTER TABLE {name} ADD COLUMN {definition}")
                    continue
                elif name in known:
                    continue
                connection.execute(sql)


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """Return the definition of each column as it can be added to a table that has rows."""
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    found = {}
    for _, name, _, required, default, _ in connection.execute(f"PRAGMA table_info({table})"):
        match = re.search(rf'[(,]\s*("?{name}"?\s[^,]*?)\s*(?:,|\)\s*$)', sql)
        definition = match[1] if match else name
        if required and default is None:
            definition = definition.replace(" NOT NULL", "")  # rows that are there have none
        found[name] = definition
    return found
