"""What the recorded releases of the server have, under its own names: a table, `api.json`.

    operations   by root (query, mutation) and name: "id:ID! path:String -> Scene"
    inputs       by type: "name:String! sort_name:String"
    outputs      the results that are not objects of the library, likewise
    enums        by type: "MALE FEMALE"

Each entry is the union of all releases; of two types of a field, that of the newest release counts.
`docs/make_api.py` writes the table from the recordings of the tests.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from stashsync.kinds.wire_names import snake_case

TABLE = Path(__file__).with_name("api.json")


class ApiOperation(Struct, frozen=True):
    """A query or a mutation: its arguments with their types, and the type of its result."""

    name: str
    arguments: dict[str, str]
    result: str

    @property
    def required(self) -> list[str]:
        """The arguments that it cannot do without."""
        return [name for name, type_ in self.arguments.items() if type_.endswith("!")]


@cache
def table() -> Any:
    """Return the table as it is in the file."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


def fields_of(entry: str) -> dict[str, str]:
    """Return the types in an entry by name, in their order."""
    return dict(each.split(":", 1) for each in entry.split())


@cache
def operations(root: str) -> dict[str, ApiOperation]:
    """Return the queries or the mutations of all releases by their names in snake case."""
    found = {}
    for name, entry in table()[root].items():
        arguments, _, result = entry.partition("->")
        found[snake_case(name)] = ApiOperation(name, fields_of(arguments), result.strip())
    return found
