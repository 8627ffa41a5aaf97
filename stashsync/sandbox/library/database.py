"""The one connection to SQLite: transactions, statements, and the server's words for failures."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from stashsync.sandbox.library.layout import DatabaseLayout
from stashsync.sandbox.library.ordering import natural_key
from stashsync.sandbox.library.refusals import Refusal

_PATIENCE_SECONDS = 0.05
"""How long to wait for another process that writes to the same file, as a real server does."""

Value: TypeAlias = str | int | float | bytes | None


class Database:
    """A library's tables, in a file or in memory.

    One connection is shared by all threads; `lock` keeps them one after another. Two at once could
    wait for each other for ever: one has SQLite's own lock and calls a Python function, the other
    has the interpreter's and waits for SQLite's.

    Args:
        path: the file; None keeps everything in memory.
        layout: the tables.

    Raises:
        ValueError: the file cannot be opened, or is no library that this sandbox can read.
    """

    def __init__(self, path: str | None, layout: DatabaseLayout) -> None:
        self.lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                path or ":memory:",
                isolation_level=None,  # transactions are begun and ended here, not by the module
                check_same_thread=False,
                cached_statements=512,
                timeout=_PATIENCE_SECONDS,
            )
            if path is None:
                self._connection.deserialize(layout.empty)
            else:
                layout.apply(self._connection, path)
            for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
                self._connection.execute(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError as error:
            raise ValueError(f"{path} is not a library of the sandbox: {error}") from None
        self._connection.create_function("natural_key", 1, natural_key, deterministic=True)
        self._connection.create_function("regexp", 2, _regexp, deterministic=True)
        self._connection.create_function("phash_distance", 2, _bits, deterministic=True)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._connection.close()

    def copy_to(self, path: Path) -> None:
        """Write a copy to a file that is not there yet, as it is between two operations."""
        with self.lock:
            try:
                self._connection.execute("VACUUM INTO ?", (str(path),))
            except sqlite3.OperationalError as error:
                raise Refusal(f"backing up database: {error}") from None

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Do what is inside wholly, or, when it raises, not at all."""
        with self.lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise Refusal(f"beginning transaction: {error}") from None
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself rolls back on a full disk
                    self._connection.execute("ROLLBACK")
                raise

    @property
    def changes(self) -> int:
        """How many rows were written so far: equal numbers, equal content."""
        return self._connection.total_changes

    # --- reading -----------------------------------------------------------

    def all(self, sql: str, params: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Return every row."""
        with self.lock:
            return self._connection.execute(sql, params).fetchall()

    def value(self, sql: str, params: Sequence[Value] = ()) -> Any:
        """Return the first column of the first row, or None without one."""
        with self.lock:
            row = self._connection.execute(sql, params).fetchone()
        return None if row is None else row[0]

    def column(self, sql: str, params: Sequence[Value] = ()) -> list[Any]:
        """Return the first column of every row."""
        return [row[0] for row in self.all(sql, params)]

    def records(self, sql: str, params: Sequence[Value] = ()) -> list[dict[str, Any]]:
        """Every row by column name."""
        with self.lock:
            cursor = self._connection.execute(sql, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    # --- writing -----------------------------------------------------------

    def execute(self, sql: str, params: Sequence[Value] = ()) -> int:
        """Run one statement; how many rows it changed."""
        with self.lock:
            return self._connection.execute(sql, params).rowcount

    def insert(self, table: str, columns: Mapping[str, Value]) -> int:
        """Insert one row; its number."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        try:
            with self.lock:
                cursor = self._connection.execute(sql, tuple(columns.values()))
                return int(cursor.lastrowid or 0)
        except sqlite3.IntegrityError as error:
            names = ", ".join(f"`{name}`" for name in columns)
            values = ", ".join(map(_literal, columns.values()))
            statement = f"INSERT INTO `{table}` ({names}) VALUES ({values})"
            raise Refusal(
                f"inserting into {table}: executing `{statement}` [[]]: {error}"
            ) from None

    def update(self, table: str, id_: int, columns: Mapping[str, Value]) -> None:
        """Change columns of the row with that id."""
        changes = ", ".join(f"{name} = ?" for name in columns)
        try:
            self.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*columns.values(), id_))
        except sqlite3.IntegrityError as error:
            shown = ",".join(f"`{name}`={_literal(value)}" for name, value in columns.items())
            statement = f"UPDATE `{table}` SET {shown} WHERE (`{table}`.`id` = {id_})"
            raise Refusal(f"updating {table}: executing `{statement}` [[]]: {error}") from None

    def link(self, table: str, ends: Mapping[str, int]) -> None:
        """Insert one pair of ids; nothing happens where it is there already."""
        names = ", ".join(ends)
        sql = f"INSERT INTO {table} ({names}) VALUES (?, ?) ON CONFLICT ({names}) DO NOTHING"
        try:
            self.execute(sql, tuple(ends.values()))
        except sqlite3.IntegrityError as error:
            shown = " ".join(map(str, ends.values()))
            raise Refusal(f"error executing `{sql}` [[{shown}]]: {error}") from None

    def try_delete(self, table: str, column: str, value: Value) -> None:
        """Delete rows unless something still refers to one of them."""
        try:
            self.execute(f"DELETE FROM {table} WHERE {column} = ?", (value,))
        except sqlite3.IntegrityError:
            return


def ids_param(ids: Iterable[int]) -> str:
    """Many ids as one parameter, for `IN (SELECT value FROM json_each(?))`.

    One text of the statement serves any number of ids, so that it stays prepared.
    """
    return json.dumps(list(ids))


IN_IDS = "IN (SELECT value FROM json_each(?))"


def _literal(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(int(value) if isinstance(value, bool) else value)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a regular expression of a criterion."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise Refusal(f"error parsing regexp: {error.msg}: `{pattern}`") from None


def _regexp(pattern: str, text: str | None) -> bool:
    return text is not None and compiled(pattern).search(str(text)) is not None


def _bits(first: str, second: str) -> int:
    """In how many bits two numbers in hexadecimal differ; too many where one is none."""
    try:
        return (int(first, 16) ^ int(second, 16)).bit_count()
    except ValueError:
        return 64
