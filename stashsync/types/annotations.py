"""Python's annotations for the types of the server's schema."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from stashsync.kinds.registry import NAME_OF_TYPE

ELSEWHERE: Final = frozenset({"JobStatus", "JobStatusUpdateType"})
"""Enums that have a class with more in it."""
_SCALARS: Final = {
    "ID": "str",
    "String": "str",
    "Int": "int",
    "Int64": "int",
    "Float": "float",
    "Boolean": "bool",
    "Time": "str",
    "Timestamp": "str",
    "Map": "dict[str, Any]",
    "BoolMap": "dict[str, bool]",
    "PluginConfigMap": "dict[str, dict[str, Any]]",
    "Any": "Any",
    "Upload": "Any",
}
_GIVEN: Final = {
    "ID": "Identifier",
    "Time": "str | datetime",
    "Timestamp": "str | datetime",
    "Map": "Mapping[str, Any]",
    "BoolMap": "Mapping[str, bool]",
    "PluginConfigMap": "Mapping[str, Mapping[str, Any]]",
}


def python_type(type_: str, *, given: bool = False, enums: Container[str] = ()) -> str:
    """Return the annotation for a GraphQL type.

    With `given` it is that of an argument, where texts do for `enums` and objects for ids.
    """
    needed = type_.endswith("!")
    inner = type_.removesuffix("!")
    if inner.startswith("["):
        members = python_type(inner[1:-1], given=given, enums=enums)
        text = f"Sequence[{members}]" if given else f"list[{members}]"
    elif given and inner in enums:
        text = f"{inner} | str"
    elif given:
        text = _GIVEN.get(inner) or _SCALARS.get(inner) or _taken(inner)
    else:
        text = _SCALARS.get(inner, inner)
    return text if needed else f"{text} | None"


def member_type(owner: str, type_: str, *, enums: Container[str] = ()) -> str:
    """Return the annotation for a field of an input; flags in filters may be criteria, too."""
    text = python_type(type_, given=True, enums=enums)
    if owner.endswith("FilterType") and type_ == "Boolean":
        return text.replace("bool", "bool | Mapping[str, Any]")
    return text


def _taken(name: str) -> str:
    """Return what may be given for an input: also an object that has such an input."""
    entity = name.removesuffix("CreateInput").removesuffix("UpdateInput")
    return f"{name} | {entity}" if entity != name and entity in NAME_OF_TYPE else name
