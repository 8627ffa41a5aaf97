"""The recorded introspection of six releases of the server."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from graphql import DirectiveLocation, GraphQLSchema, build_client_schema

from tests.support.data import unpacked

RELEASES = {
    "v0.27.2": (0, 27, 2),
    "v0.28.1": (0, 28, 1),
    "v0.29.3": (0, 29, 3),
    "v0.30.1": (0, 30, 1),
    "develop-2026-01-11": (0, 30, 99),
    "v0.31.1": (0, 31, 1),
}
"""Recorded releases, each with a number to compare; the build is newer than v0.30.1."""

UNRECORDED = "not recorded"
"""Reason of a deprecation for which the recording has none."""

RECORDED = {
    name.removeprefix("v") if name.startswith("v") else "develop": name for name in RELEASES
}
"""Names of the recordings by the sandbox's name for the same release."""

_PLACES = frozenset(place.name for place in DirectiveLocation)


@cache
def introspection(release: str) -> Any:
    """Return the data of a release's introspection."""
    data = json.loads(unpacked(f"introspection/{release}.json"))
    for type_ in data["__schema"]["types"]:
        for member in (type_.get("fields") or []) + (type_.get("inputFields") or []):
            if member.get("isDeprecated"):
                member["deprecationReason"] = member.get("deprecationReason") or UNRECORDED
    return data


@cache
def schema(release: str) -> GraphQLSchema:
    """Return the schema that the real server of a release reported.

    Locations of directives that an older graphql-core does not know are left out.
    """
    reported = introspection(release)["__schema"]
    directives = [
        item | {"locations": [place for place in item["locations"] if place in _PLACES]}
        for item in reported["directives"]
    ]
    return build_client_schema({"__schema": reported | {"directives": directives}})


@cache
def types_of(release: str) -> dict[str, Any]:
    """Return the types of a release by name, as its introspection lists them."""
    return {item["name"]: item for item in introspection(release)["__schema"]["types"]}


def called(release: str, type_name: str) -> str:
    """Return the name of a type in a release, since one enum was misspelt at first."""
    late = type_name == "CircumisedEnum" and RELEASES[release] >= (0, 31, 0)
    return "CircumcisedEnum" if late else type_name


def written(type_: dict[str, Any]) -> str:
    """Return a type reference as GraphQL writes it: `[String!]!`."""
    if type_["kind"] == "NON_NULL":
        return written(type_["ofType"]) + "!"
    if type_["kind"] == "LIST":
        return f"[{written(type_['ofType'])}]"
    return str(type_["name"])


def fields_of(release: str, type_name: str, *, current: bool = False) -> dict[str, str]:
    """Return the fields of a type with their types; `current` leaves deprecated ones out."""
    found = types_of(release).get(type_name) or {}
    members = (found.get("fields") or []) + (found.get("inputFields") or [])
    return {
        member["name"]: written(member["type"])
        for member in members
        if not (current and member.get("isDeprecated"))
    }
