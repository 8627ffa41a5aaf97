"""The objects of one kind: their columns, how they are read, written and removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, Database, Value, ids_param
from stashsync.sandbox.library.dates import parse_date, printed
from stashsync.sandbox.library.images import image_path, release_image
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import local_time, stamp


@dataclass(frozen=True, slots=True)
class Objects:
    """One kind of object and its table.

    Attributes:
        type_name: its GraphQL type ("Tag").
        word: what messages and addresses call it ("tag").
        table: "tags".
        flags: columns with booleans.
        texts: columns with optional text: blank is stored as none and read as "".
        plain: columns whose values are stored as they come: numbers and enums.
        dates: columns with dates, beside one for the precision.
        moments: columns with times beside those of creation and update.
        images: the stored images: "image" is in the column image_blob and shown by image_path.
        sparse: those of them that have no address where there is none stored.
        hidden: columns that are no part of a row.
        strict: columns that may not become null, with the Go type that complains.
        name_order: SQL of the text that the order of names goes by; "" where ids go before.
    """

    type_name: str
    word: str
    table: str
    flags: tuple[str, ...] = ("favorite", "ignore_auto_tag")
    texts: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    images: tuple[str, ...] = ("image",)
    sparse: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    strict: tuple[tuple[str, str], ...] = ()
    name_order: str = ""

    @property
    def owner(self) -> str:
        """The column that refers to this kind in other tables: "tag_id"."""
        return f"{self.word.replace(' ', '_')}_id"

    @property
    def plural(self) -> str:
        """The names of queries end with it: "Tags", "Galleries"."""
        name = self.type_name
        return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"

    @property
    def order(self) -> str:
        """SQL that orders by name, the newest first among equals (observed on v0.30-dev)."""
        if not self.name_order:
            return f"{self.table}.id"
        return f"natural_key({self.name_order}), {self.table}.id DESC"

    # --- reading -----------------------------------------------------------

    def rows(self, db: Database, rest: str = "", params: tuple[Value, ...] = ()) -> list[Row]:
        """The rows that `rest`, SQL from WHERE on, leaves and orders."""
        records = db.records(f"SELECT {self.table}.* FROM {self.table} {rest}", params)
        return [self._row(record) for record in records]

    def by_id(self, db: Database, ids: Iterable[int]) -> dict[int, Row]:
        """The rows with these ids; those that do not exist are left out."""
        return {row["id"]: row for row in self.rows(db, f"WHERE id {IN_IDS}", (ids_param(ids),))}

    def find(self, db: Database, id_: int) -> Row | None:
        rows = self.rows(db, "WHERE id = ?", (id_,))
        return rows[0] if rows else None

    def get(self, db: Database, id_: int) -> Row:
        """The row with that id.

        Raises:
            Refusal: there is none.
        """
        row = self.find(db, id_)
        if row is None:
            raise Refusal(f"{self.word} with id {id_} not found")
        return row

    def ensure(self, db: Database, id_: int) -> None:
        """Refuse an id of nothing in the words of the table.

        Raises:
            Refusal: there is no such object.
        """
        if self.find(db, id_) is None:
            raise Refusal(f"id {id_} does not exist in {self.table}")

    def _row(self, record: dict[str, Any]) -> Row:
        updated = record["updated_at"]
        for name in self.images:
            has_image = bool(record.pop(f"{name}_blob"))
            record[f"{name}_path"] = (
                None
                if name in self.sparse and not has_image
                else image_path(self.word, record["id"], updated, name, has_image=has_image)
            )
        for name in self.hidden:
            del record[name]
        record["created_at"] = local_time(record["created_at"])
        record["updated_at"] = local_time(updated)
        for name in self.moments:
            record[name] = record[name] and local_time(record[name])
        for name in self.flags:
            record[name] = bool(record[name])
        for name in self.texts:
            record[name] = record[name] or ""
        for name in self.dates:
            precision = record.pop(f"{name}_precision")
            record[name] = record[name] and printed(record[name], precision)
        return Row(self.type_name, record)

    # --- writing -----------------------------------------------------------

    def columns(self, ctx: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        """What the input says of columns, as they are stored; the name is not among them.

        Raises:
            Refusal: a date cannot be read.
        """
        columns: dict[str, Any] = {name: given[name] for name in self.flags if name in given}
        columns |= {name: given[name] for name in self.plain if name in given}
        columns |= {name: ctx.text(given[name]) for name in self.texts if name in given}
        for name in self.dates:
            if name in given:
                columns |= self._date(ctx, name, given[name])
        return columns

    def _date(self, ctx: Context, name: str, text: str | None) -> dict[str, Any]:
        if not text:
            return {name: None, f"{name}_precision": 0}
        try:
            date = parse_date(text, partial=ctx.rules.partial_dates)
        except Refusal as refusal:
            raise Refusal(f"converting {name.replace('_', ' ')}: {refusal.message}") from None
        return {name: date.first_day, f"{name}_precision": int(date.precision)}

    def insert(self, ctx: Context, columns: Mapping[str, Any]) -> int:
        """Store a new object and give its id; a null flag is no flag.

        Raises:
            Refusal: a constraint of the table failed.
        """
        now = stamp(ctx.clock())
        known = {name: value for name, value in columns.items() if value is not None}
        return ctx.db.insert(self.table, {**known, "created_at": now, "updated_at": now})

    def update(self, ctx: Context, id_: int, columns: Mapping[str, Any]) -> None:
        """Change columns; the time of the update moves even where nothing differs.

        Raises:
            Panic: a flag, or another strict column, is null.
            Refusal: a constraint of the table failed.
        """
        for name, word in (*((flag, "bool") for flag in self.flags), *self.strict):
            if name in columns and columns[name] is None:
                raise Panic(f"null value not allowed in optional {word}")
        ctx.db.update(self.table, id_, {**columns, "updated_at": stamp(ctx.clock())})

    def destroy(self, ctx: Context, id_: int) -> None:
        """Remove an object with all that belongs to it.

        Raises:
            Refusal: there is none.
        """
        blobs = [
            ctx.db.value(f"SELECT {name} FROM {self.table} WHERE id = ?", (id_,))
            for name in self.blobs
        ]
        if not ctx.db.execute(f"DELETE FROM {self.table} WHERE id = ?", (id_,)):
            raise Refusal(f"id {id_} does not exist in {self.table}")
        for blob in blobs:
            release_image(ctx.db, blob)

    @property
    def blobs(self) -> tuple[str, ...]:
        """The columns with checksums of stored images."""
        unseen = (name for name in self.hidden if name.endswith("_blob"))
        return (*(f"{name}_blob" for name in self.images), *unseen)
