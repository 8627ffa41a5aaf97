"""Stored objects as the library returns them."""

from __future__ import annotations

from typing import Any


class Row(dict[str, Any]):
    """The columns of one stored object.

    `row.type` is the name of its GraphQL type ("Tag"), `row["id"]` its number. Related objects
    are not in it: `Library.resolve` returns them. `row.fetched` holds what was prefetched, by
    field name.
    """

    __slots__ = ("fetched", "type")

    def __init__(self, type_name: str, columns: dict[str, Any]) -> None:
        super().__init__(columns)
        self.type = type_name
        self.fetched: dict[str, Any] = {}


class Address(str):
    """An address relative to the server's base: "/tag/1/image?t=0"."""

    __slots__ = ()
