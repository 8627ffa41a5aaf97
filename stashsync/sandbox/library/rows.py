"""One stored object, as the library hands it out."""

from __future__ import annotations

from typing import Any


class Row(dict[str, Any]):
    """The columns of one stored object.

    `row.type` is the name of its GraphQL type ("Tag"), `row["id"]` its number. What it is
    related to is not in it: ask `Library.resolve`. `row.fetched` holds what a prefetch
    brought along, by field name.
    """

    __slots__ = ("fetched", "type")

    def __init__(self, type_name: str, columns: dict[str, Any]) -> None:
        super().__init__(columns)
        self.type = type_name
        self.fetched: dict[str, Any] = {}


class Address(str):
    """An address below the server's base, which only the protocol knows: "/tag/1/image?t=0"."""

    __slots__ = ()
