"""The objects of one kind: where their fields are stored, and how they are read and written.

Everything here follows from the kind's table of fields; `kinds` names what does not.

    field's meaning            stored as
    Flag, Text, Integer, …     a column
    Date                       a column, and one for its precision
    Image                      a column with the checksum of a blob
    Ref                        a column with an id
    NameSet, TextList          a table of texts
    Refs, Memberships          a table of pairs
    StashIds, CustomFields     a table of entries
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from msgspec import Struct, field

from stashsync.fields import (
    Choice,
    Date,
    FarEnd,
    Flag,
    Integer,
    Meaning,
    Memberships,
    Name,
    NameSet,
    Number,
    Picture,
    Ref,
    Refs,
    Text,
    TextList,
)
from stashsync.kinds import FieldSpec, Kind
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, Database, Value, ids_param
from stashsync.sandbox.library.dates import parse_date, printed
from stashsync.sandbox.library.images import image_path, release_image
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.lists import Texts
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import local_time, stamp, to_optional_id, to_required_id

LEGACY = ("url", "twitter", "instagram")
"""Deprecated spellings of `urls`, which have no storage of their own."""


class Stored(Struct, frozen=True):
    """A table of rows that can be found by filters."""

    type_name: str
    table: str


class Objects(Stored, frozen=True, dict=True):
    """One kind of object and its table.

    Attributes:
        type_name: the GraphQL type ("Tag").
        table: "tags".
        kind: the table of fields.
        name_order: SQL of the text that the order of names goes by; "" orders by id.
        pairs: the relations whose table and columns are not named in the usual way, by field.
        sparse: the images that have no address where there is none stored, by input.
        blobs_by_input: the columns of images that are not named after the input.
        zero: the columns of numbers that are 0 on a new object and may not become null.
    """

    kind: Kind
    name_order: str = ""
    pairs: Mapping[str, Links] = field(default_factory=dict)
    sparse: tuple[str, ...] = ()
    blobs_by_input: Mapping[str, str] = field(default_factory=dict)
    zero: tuple[str, ...] = ()

    @cached_property
    def word(self) -> str:
        """What messages and addresses call it: "scene marker"."""
        return re.sub("([A-Z])", r" \1", self.kind.name).lower()

    @cached_property
    def stem(self) -> str:
        """What the tables of its lists begin with: "scene_marker"."""
        return self.word.replace(" ", "_")

    @cached_property
    def type_plural(self) -> str:
        """How the names of queries and mutations for many end: "Galleries"."""
        name = self.type_name
        return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"

    @cached_property
    def owner(self) -> str:
        """The column that refers to this kind in other tables: "tag_id"."""
        return f"{self.stem}_id"

    @cached_property
    def order(self) -> str:
        """SQL that orders by name, the newest first among equals (observed on v0.30-dev)."""
        if not self.name_order:
            return f"{self.table}.id"
        return f"natural_key({self.name_order}), {self.table}.id DESC"

    # --- where fields are stored -------------------------------------------

    @cached_property
    def settable(self) -> Mapping[str, FieldSpec]:
        """The fields that some input has and that are stored, by name."""
        fields = self.kind.all_fields.items()
        return {name: spec for name, spec in fields if spec.settable and name not in LEGACY}

    def of(self, *meanings: type[Meaning]) -> Iterator[FieldSpec]:
        """Yield the stored fields of some meanings."""
        return (spec for spec in self.settable.values() if isinstance(spec.meaning, meanings))

    @cached_property
    def meanings(self) -> frozenset[type[Meaning]]:
        """The meanings of the stored fields."""
        return frozenset(type(spec.meaning) for spec in self.settable.values())

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Columns with booleans."""
        return tuple(spec.input for spec in self.of(Flag))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Columns with text that has to be there, blank where nothing is given: names."""
        return tuple(s.input for s in self.of(Name, Text) if s.output_type == "String!")

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Columns with optional text: blank is stored as none and read as ""."""
        return tuple(s.input for s in self.of(Text) if s.output_type != "String!")

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Columns whose values are stored as they come: numbers and enums."""
        return tuple(spec.input for spec in self.of(Integer, Number, Choice))

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Columns with dates, beside one for the precision."""
        return tuple(spec.input for spec in self.of(Date))

    @cached_property
    def images(self) -> tuple[str, ...]:
        """The images that are shown by an address, by their input."""
        return tuple(spec.input for spec in self.of(Picture) if spec.reads)

    @cached_property
    def blobs(self) -> Mapping[str, str]:
        """By an image's input, the column with the checksum of its bytes."""
        return {
            s.input: self.blobs_by_input.get(s.input, f"{s.input}_blob") for s in self.of(Picture)
        }

    @cached_property
    def refs(self) -> Mapping[str, FieldSpec]:
        """The fields that refer to one object, by the column with its id."""
        return {spec.input: spec for spec in self.of(Ref)}

    @cached_property
    def optional_refs(self) -> frozenset[str]:
        """The columns with an id that may be null."""
        return frozenset(self.refs.keys() - self.strict.keys())

    @cached_property
    def lists(self) -> Mapping[str, Texts]:
        """The lists of text, by input."""
        found: dict[str, Texts] = {}
        for spec in self.of(NameSet, TextList):
            ordered = isinstance(spec.meaning, TextList)
            table = f"{self.stem}_{spec.name}"
            value = {"aliases": "alias", "urls": "url"}.get(spec.name, "value")
            found[spec.input] = Texts(table, self.owner, value, self.table, ordered)
        return found

    @cached_property
    def hierarchy(self) -> Links | None:
        """The relation to the objects right below, where objects contain others of their kind."""
        return next(
            (self[name] for name in ("children", "sub_groups") if name in self.kind.all_fields),
            None,
        )

    @cached_property
    def links(self) -> Mapping[str, Links]:
        """The relations to any number of objects that an input sets, by input."""
        return {spec.input: self[spec.name] for spec in self.of(Refs)}

    @cached_property
    def strict(self) -> Mapping[str, str]:
        """The columns that may not become null, with the Go type that complains."""
        found = dict.fromkeys(self.flags, "bool") | dict.fromkeys(self.zero, "float64")
        for meaning, type_name in ((Number, "float64"), (Integer, "int"), (Ref, "int")):
            for spec in self.of(meaning):
                if spec.output_type.endswith("!"):
                    found[spec.input] = type_name
        return found

    def singular(self, spec: FieldSpec) -> str:
        """Return what counts of a relation are named after: "tag", "parent"."""
        far = OBJECTS[spec.meaning.references() or ""]
        own = {"parents": "parent", "children": "child", far.kind.plural: far.stem}
        return own.get(spec.name, spec.name)

    def __getitem__(self, name: str) -> Links:
        """Return the relation in a field, of either end.

        Raises:
            KeyError: no field of that name refers to other objects.
        """
        if name in self.pairs:
            return self.pairs[name]
        spec = self.kind.all_fields[name]
        meaning = spec.meaning
        if isinstance(meaning, FarEnd):
            return OBJECTS[meaning.kind][meaning.field].reversed()
        if not isinstance(meaning, Ref | Refs | Memberships):
            raise KeyError(name)
        far = OBJECTS[meaning.kind]
        if isinstance(meaning, Ref):
            return Links(self.table, "id", spec.input, self.table, far.table)
        table = f"{self.table}_{far.table if name == far.kind.plural else name}"
        other = "other_id" if far is self else far.owner
        return Links(table, self.owner, other, self.table, far.table)

    # --- reading -----------------------------------------------------------

    def rows(self, db: Database, rest: str = "", params: tuple[Value, ...] = ()) -> list[Row]:
        """Return the rows that `rest`, SQL from WHERE on, leaves and orders."""
        records = db.records(f"SELECT {self.table}.* FROM {self.table} {rest}", params)
        return [self._row(record) for record in records]

    def by_id(self, db: Database, ids: Iterable[int]) -> dict[int, Row]:
        """Return the rows with these ids; those that do not exist are left out."""
        return {row["id"]: row for row in self.rows(db, f"WHERE id {IN_IDS}", (ids_param(ids),))}

    def find(self, db: Database, id_: int) -> Row | None:
        """Return the row with that id, or None."""
        rows = self.rows(db, "WHERE id = ?", (id_,))
        return rows[0] if rows else None

    def get(self, db: Database, id_: int, missing: str = "") -> Row:
        """Return the row with that id.

        Args:
            db: where to look.
            id_: the object's number.
            missing: the message of the refusal; left out, it names the kind and the id.
        """
        row = self.find(db, id_)
        if row is None:
            raise Refusal(missing or f"{self.word} with id {id_} not found")
        return row

    def ensure(self, db: Database, id_: int) -> None:
        """Refuse an id of nothing in the words of the table."""
        self.get(db, id_, f"id {id_} does not exist in {self.table}")

    @cached_property
    def _shown_blobs(self) -> tuple[tuple[str, str, bool], ...]:
        return tuple((name, self.blobs[name], name in self.sparse) for name in self.images)

    @cached_property
    def _hidden_blobs(self) -> tuple[str, ...]:
        return tuple(column for name, column in self.blobs.items() if name not in self.images)

    @cached_property
    def _renamed(self) -> tuple[tuple[str, str], ...]:
        columns = self.of(Flag, Text, Name, Integer, Number, Choice, Date)
        return tuple((spec.input, spec.output) for spec in columns if spec.input != spec.output)

    def _row(self, record: dict[str, Any]) -> Row:
        updated = record["updated_at"]
        for name, column, sparse in self._shown_blobs:
            has_image = bool(record.pop(column))
            record[f"{name}_path"] = (
                None
                if sparse and not has_image
                else image_path(self.word, record["id"], updated, name, has_image=has_image)
            )
        for column in self._hidden_blobs:
            del record[column]
        record["created_at"] = local_time(record["created_at"])
        record["updated_at"] = local_time(updated)
        for name in self.flags:
            record[name] = bool(record[name])
        for name in self.texts:
            record[name] = record[name] or ""
        for name in self.dates:
            precision = record.pop(f"{name}_precision")
            record[name] = record[name] and printed(record[name], precision)
        for column, name in self._renamed:
            record[name] = record.pop(column)
        return Row(self.type_name, record)

    # --- writing -----------------------------------------------------------

    def columns(self, ctx: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of an input for columns, as they are stored."""
        columns = {name: given[name] for name in (*self.flags, *self.plain) if name in given}
        columns |= {name: ctx.text(given[name]) for name in self.texts if name in given}
        for name in self.dates:
            if name in given:
                columns |= self._date(ctx, name, given[name])
        columns |= {name: ctx.word(given[name] or "") for name in self.words if name in given}
        for name in self.refs:
            if name in given:
                read = to_optional_id if name in self.optional_refs else to_required_id
                columns[name] = read(given[name], f"converting {name.replace('_', ' ')}")
        return columns

    def _date(self, ctx: Context, name: str, text: str | None) -> dict[str, Any]:
        if not text:
            return {name: None, f"{name}_precision": 0}
        try:
            date = parse_date(str(text), partial=ctx.rules.partial_dates)
        except Refusal as refusal:
            raise Refusal(f"converting {name.replace('_', ' ')}: {refusal.message}") from None
        return {name: date.first_day, f"{name}_precision": int(date.precision)}

    def insert(self, ctx: Context, columns: Mapping[str, Any]) -> int:
        """Store a new object and return its id; a null flag is no flag."""
        now = stamp(ctx.clock())
        known = {name: value for name, value in columns.items() if value is not None}
        return ctx.db.insert(self.table, {**known, "created_at": now, "updated_at": now})

    def update(self, ctx: Context, id_: int, columns: Mapping[str, Any]) -> None:
        """Change columns; the time of the update moves even where nothing differs."""
        for name, go_type in self.strict.items():
            if name in columns and columns[name] is None:
                raise Panic(f"null value not allowed in optional {go_type}")
        ctx.db.update(self.table, id_, {**columns, "updated_at": stamp(ctx.clock())})

    def destroy(self, ctx: Context, id_: int) -> None:
        """Remove an object with all that belongs to it."""
        blobs = [
            ctx.db.value(f"SELECT {column} FROM {self.table} WHERE id = ?", (id_,))
            for column in self.blobs.values()
        ]
        if not ctx.db.execute(f"DELETE FROM {self.table} WHERE id = ?", (id_,)):
            raise Refusal(f"id {id_} does not exist in {self.table}")
        for blob in blobs:
            release_image(ctx.db, blob)


OBJECTS: Final[dict[str, Objects]] = {}
"""The objects of every kind that has inputs of its own, by its name; `library.kinds` fills it."""
