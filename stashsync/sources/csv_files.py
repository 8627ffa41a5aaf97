"""CSV with a header: one object a row, one field a column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any, Final, TypeAlias

from msgspec import Struct

from stashsync.fields import Wrong
from stashsync.fields.names import trim
from stashsync.sources.candidates import parsed
from stashsync.sources.columns import Column, Columns, value_of
from stashsync.sources.found import FoundObject
from stashsync.sources.paths import objects_of, path_of
from stashsync.sources.texts import SourceText

DELIMITERS: Final = ",;\t|"
_Listed: TypeAlias = tuple[str, list[str]]
"""Where a set of names is, and its members."""


class CsvLayout(Struct, frozen=True):
    """How a table is read. `separator` is that of paths, `lists` of members in a cell.

    Without a `delimiter` it is the one of four that the header has most often.
    """

    columns: Columns
    separator: str = ">"
    lists: str = ";"
    delimiter: str = ""


def read_csv(source: SourceText, layout: CsvLayout) -> list[FoundObject]:
    """Return the objects in a table.

    Raises:
        SourceError: with every fault of the table.
    """
    delimiter = layout.delimiter or _sniffed(source.text)
    rows = _rows(source, delimiter)
    first, header = next(rows, (0, []))
    columns = _header(source, layout.columns, header, delimiter)
    source.raise_problems()
    found: list[FoundObject] = []
    listed: list[_Listed] = []
    for start, cells in rows:
        if len(cells) > len(columns):
            message = f"this row has {len(cells)} cells, and the header {len(columns)}"
            source.fault(message, start, "put a cell that has the delimiter in it in quotes")
        elif any(map(trim, cells)):
            cell_at = _Cells(source.text, start, delimiter)
            found += _row(source, layout, dict(enumerate(columns)), cells, start, cell_at, listed)
    if not found and not source.problems:
        source.fault("there is no row below the header", first)
    _mention_separator(source, listed)
    source.raise_problems()
    return found


def _mention_separator(source: SourceText, listed: Sequence[_Listed]) -> None:
    """Note the first cell that another separator would split, if none has the one in use."""
    if any(len(members) > 1 for _, members in listed):
        return
    for place, members in listed:
        other = next((each for each in DELIMITERS if each in members[0]), "")
        if other:
            source.notes.append(
                f'{place}: "{members[0]}" is one member of a list; '
                f"`--list-separator {quote(other)}` splits it."
            )
            return


def _sniffed(text: str) -> str:
    """Return the delimiter that the first line has most often outside of quotes."""
    outside = "".join(text.lstrip("\r\n").split("\n", 1)[0].split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _rows(source: SourceText, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row, with the offset at which it begins; blank lines are none."""
    csv.field_size_limit(max(csv.field_size_limit(), len(source.text)))  # a text may be long
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        start = source.offset(line)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "put quotes around the whole cell, and double those in it"
            source.fault(f"this is no CSV: {error}", start, hint)
            return
        line = reader.line_num + 1
        if cells:
            yield start, cells


def _header(
    source: SourceText, columns: Columns, header: list[str], delimiter: str
) -> list[Column | None]:
    found: list[Column | None] = []
    cell_at = _Cells(source.text, 0, delimiter)
    if not any(map(trim, header)):
        source.fault("there is no header", 0, "the first line names the columns: name,aliases")
        return []
    for index, name in enumerate(header):
        column = None
        try:
            column = columns.find(name) if trim(name) else None
        except Wrong as wrong:
            source.faults(wrong, cell_at(index))
        if column is not None and column in found:
            source.fault(f"the field `{column.spec.name}` has two columns", cell_at(index))
        found.append(column)
    if not source.problems and all(each is None or each.spec.name != "name" for each in found):
        first = next(name for name in header if trim(name))
        hint = f"`--map {trim(first)}=name` names the column"
        source.fault("no column has the names", 0, hint)
    for name in columns.unused(header):
        listed = ", ".join(map(trim, header))
        source.fault(f"--map: there is no column {name!r}", 0, f"the columns are {listed}")
    return found


def _row(
    source: SourceText,
    layout: CsvLayout,
    columns: Mapping[int, Column | None],
    cells: list[str],
    start: int,
    cell_at: _Cells,
    listed: list[_Listed],
) -> list[FoundObject]:
    """Return the objects of a row: of a path several. Sets of names are added to `listed`."""
    kind, values = layout.columns.kind, dict[str, Any]()
    path: list[str] = []
    for index, cell in enumerate(cells):
        column = columns[index]
        if column is None:
            continue
        try:
            if column.spec.name == "name":
                path = path_of(kind, cell, layout.separator)
                continue
            value = value_of(column, cell, layout.lists)
            if value is None:
                continue
            parsed(column.spec, value)
            if value and column.spec.meaning.shape == "set":
                listed.append((source.place(start), value))
        except Wrong as wrong:
            source.faults(wrong, cell_at(index))
            continue
        kept = values.get(column.spec.name)
        values[column.spec.name] = {**kept, **value} if isinstance(kept, dict) else value
    if not path:
        if not source.problems:
            source.fault("this row has no name", start)
        return []
    try:
        return objects_of(kind, path, values, source.place(start))
    except Wrong as wrong:
        source.faults(wrong, start)
        return []


class _Cells(Struct, frozen=True):
    """Where the cells of a row begin in the text."""

    text: str
    start: int
    delimiter: str

    def __call__(self, index: int) -> int:
        quoted, at = False, self.start
        while index and at < len(self.text):
            char = self.text[at]
            quoted ^= char == '"'
            index -= char == self.delimiter and not quoted
            at += 1
        return at
