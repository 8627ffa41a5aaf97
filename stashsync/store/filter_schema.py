"""Which filter types a server has, which fields they have, and what each is compared by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from stashsync.errors import StashFilterError
from stashsync.kinds import Release
from stashsync.kinds.capabilities import OLDEST, parse_release
from stashsync.store.filter_facts import FACTS

LOGIC = ("AND", "OR", "NOT")
_LISTS_DEEP = 3  # of [CustomFieldCriterionInput!]: the list, the bang, the name


class FilterField(Struct, frozen=True):
    """A field of a filter type: its GraphQL type (`IntCriterionInput`) and since when."""

    name: str
    type: str
    since: Release = OLDEST


class FilterTable(Struct, frozen=True):
    """A filter type: its fields by name, and whether it has AND, OR and NOT."""

    name: str
    fields: Mapping[str, FilterField]
    logic: bool = True


class FilterSchema:
    """Filter types by name."""

    def __init__(self, tables: Iterable[FilterTable]) -> None:
        self.tables = MappingProxyType({table.name: table for table in tables})

    def __getitem__(self, name: str) -> FilterTable:
        try:
            return self.tables[name]
        except KeyError:
            raise StashFilterError(f"there is no filter type {name}") from None

    def __contains__(self, name: object) -> bool:
        return name in self.tables


@cache
def recorded() -> FilterSchema:
    """Return the filter types of all recorded releases; each field knows its first release."""
    tables: list[FilterTable] = []
    fields: dict[str, FilterField] = {}
    born, type_name = OLDEST, ""
    for line in FACTS.strip("\n").split("\n"):
        if not line.startswith(" "):
            heading, _, logic = line.partition(" ")
            name, born = _dated(heading, OLDEST)
            fields = {}
            tables.append(FilterTable(name, fields, logic=bool(logic)))
            continue
        before, colon, after = line.partition(": ")
        if colon:
            type_name = before.strip()
        for word in (after if colon else before).split():
            field, since = _dated(word, born)
            fields[field] = FilterField(field, type_name, since)
    return FilterSchema(tables)


def _dated(word: str, otherwise: Release) -> tuple[str, Release]:
    """`sort_name@0.28.0` taken apart."""
    name, _, since = word.partition("@")
    return name, parse_release(since) if since else otherwise


def introspection_document(names: Iterable[str]) -> str:
    """Return the query for these filter types, each under `t0`, `t1` and so on."""
    kind = "kind name"
    for _ in range(_LISTS_DEEP):
        kind = f"kind name ofType {{ {kind} }}"
    asked = " ".join(
        f't{n}: __type(name: "{name}") {{ name inputFields {{ name type {{ {kind} }} }} }}'
        for n, name in enumerate(names)
    )
    return f"query FilterTypes {{ {asked} }}"


async def introspect(execute: Callable[[str], Awaitable[Mapping[str, Any]]]) -> FilterSchema:
    """Return the filter types of the server behind `execute`: the recorded ones as it has them.

    Raises:
        StashGraphQLError, StashConnectionError, StashServerError: as `execute`.
    """
    data = await execute(introspection_document(recorded().tables))
    return FilterSchema(read_type(found) for found in data.values() if found)


def read_type(found: Mapping[str, Any]) -> FilterTable:
    """Make a filter type from its introspection."""
    fields = {
        item["name"]: FilterField(item["name"], _type_text(item["type"]))
        for item in found["inputFields"] or ()
    }
    logic = all(name in fields for name in LOGIC)
    for name in LOGIC:
        fields.pop(name, None)
    return FilterTable(found["name"], fields, logic=logic)


def _type_text(found: Mapping[str, Any]) -> str:
    match found["kind"]:
        case "NON_NULL":
            return f"{_type_text(found['ofType'])}!"
        case "LIST":
            return f"[{_type_text(found['ofType'])}]"
    return str(found["name"])
