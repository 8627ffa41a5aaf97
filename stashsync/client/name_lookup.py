"""Which objects have which names: one document for many names, and an exact comparison.

    names ─ 250 a document ─ n0: findTags(name or alias) … n249 ─ rows ─ compared as the server
                                                                          compares, without patterns

The server's EQUALS takes `_` and `%` for wildcards (docs/stash-behaviour.md#criteria), so that such
names are asked for by regular expressions, and every row is compared once more. A document that
fails is an error: that a name was not found is only known from an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from stashsync.fields.names import fold
from stashsync.kinds import Kind
from stashsync.store.criteria_texts import equal
from stashsync.store.slices import slices
from stashsync.wire import documents

NAMES_A_DOCUMENT: Final = 250

Execute = Callable[[str, Mapping[str, Any]], Any]
Row = dict[str, Any]


class Wanted(NamedTuple):
    """An object that is looked for: by its key, or by a name that may also be an alias.

    `further` is the rest of the key (a performer's disambiguation), or None where any will do.
    """

    name: str
    further: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What two wanted objects have in common where they are the same for the server."""
        return fold(self.name), None if self.further is None else fold(self.further)


async def look_up(execute: Execute, kind: Kind, wanted: Sequence[Wanted]) -> list[list[Row]]:
    """Return the rows that each of `wanted` may mean, the best first.

    Rows have `id`, `name`, the aliases and the rest of the key. A name goes before an alias, an
    object without the rest of a key before one with it, and a low id before a high one.

    Raises:
        StashGraphQLError, StashConnectionError, StashServerError: as `execute`.
    """
    found: list[list[Row]] = []
    for chunk in slices(wanted, NAMES_A_DOCUMENT):
        criteria = [equal(sought.name) for sought in chunk]
        variables = {
            f"w{n}": {"name": criterion, "OR": {"aliases": criterion}}
            for n, criterion in enumerate(criteria)
        }
        text = documents.find_for_each(kind, columns(kind), len(chunk))
        data = await execute(text, variables)
        found += [
            list(_meant(kind, sought, data[f"n{n}"]["rows"])) for n, sought in enumerate(chunk)
        ]
    return found


def columns(kind: Kind) -> list[str]:
    """Return what to read of each object: all that it may be called by."""
    return [*kind.key_fields, _aliases(kind)]


def _aliases(kind: Kind) -> str:
    assert kind.aliases is not None, f"{kind.type_name} has no aliases"
    return kind.aliases.output


def _meant(kind: Kind, wanted: Wanted, rows: Iterable[Row]) -> Iterator[Row]:
    name, further = wanted.key
    ordered = sorted(rows, key=lambda row: _rank(kind, row))
    by_name = [row for row in ordered if fold(row["name"]) == name]
    if further is not None:
        yield from (row for row in by_name if fold(_further(kind, row)) == further)
    elif by_name:
        yield from by_name
    else:
        aliases = _aliases(kind)
        for row in ordered:
            if name in map(fold, row[aliases] or ()):
                yield row


def _rank(kind: Kind, row: Row) -> tuple[bool, int]:
    identifier = str(row["id"])
    number = int(identifier) if identifier.isdecimal() else sys.maxsize
    return bool(_further(kind, row)), number


def _further(kind: Kind, row: Row) -> str:
    """Return the rest of a key: a performer's disambiguation, nothing for other kinds."""
    return "".join(row.get(name) or "" for name in kind.key_fields[1:])
