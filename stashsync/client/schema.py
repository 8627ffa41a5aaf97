"""The schema that a server reports of itself, and what to select of the results of its operations.

Types are written as GraphQL writes them: `[Scene!]!`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from stashsync.kinds import ENTITIES, Capabilities, Kind
from stashsync.kinds.registry import NAME_OF_TYPE
from stashsync.store.selections import reference, row_selection

INTROSPECTION: Final = (
    "query Schema { __schema { queryType { name } mutationType { name } types { kind name "
    "enumValues(includeDeprecated: true) { name } possibleTypes { name } "
    "inputFields { name type { ...T } } fields(includeDeprecated: true) "
    "{ name isDeprecated args { name type { ...T } } type { ...T } } } } } "
    "fragment T on __Type { kind name " + "ofType { kind name " * 6 + "}" * 7
)
ALIAS: Final = "__"
"""Between a type and a field, where a union has the field in several types."""
WHOLE_ROWS: Final = 1
"""How deep in a result objects are read whole; deeper ones are references: the id and the key."""


class SchemaField(Struct, frozen=True):
    """A field of an object, or an operation: its type, and its arguments by name."""

    type: str
    arguments: Mapping[str, str]
    deprecated: bool = False


class Type(Struct, frozen=True):
    """A named type: `kind` is GraphQL's word for what it is."""

    kind: str
    fields: Mapping[str, SchemaField]
    members: tuple[str, ...] = ()
    """The values of an enum, or the object types of a union or an interface."""


def named(type_: str) -> str:
    """Return the name in a type: `Scene` of `[Scene!]!`."""
    return type_.strip("[]!")


class Schema:
    """All types and operations of a server."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read the answer to the introspection query."""
        schema = data["__schema"]
        self.types = {each["name"]: _type(each) for each in schema["types"]}
        roots = {"query": schema["queryType"], "mutation": schema["mutationType"]}
        self.operations = {root: self.types[type_["name"]].fields for root, type_ in roots.items()}
        fields = {name: frozenset(each.fields) for name, each in self.types.items()}
        self.capabilities = Capabilities(
            inputs=fields,
            outputs=fields,
            mutations=frozenset(self.operations["mutation"]),
            queries=frozenset(self.operations["query"]),
        )

    def selection(self, type_: str, path: tuple[str, ...] = ()) -> str:
        """Return what to select of a result, in braces; "" of a scalar, and of a type in `path`.

        Objects of the library have what a first reading selects. Other objects have all fields that
        need no argument and are not deprecated. `path` are the types around this one.
        """
        name = named(type_)
        if self._is_leaf(name) or name in path:
            return ""
        if kind := kind_of(name):
            return f"{{ {self._of_kind(kind, len(path))} }}"
        members = self.types[name].members
        chosen = self._members(members, path) if members else self._fields(name, path)
        return f"{{ {' '.join(chosen)} }}" if chosen else ""

    def _is_leaf(self, name: str) -> bool:
        return self.types[name].kind in ("SCALAR", "ENUM")

    def _fields(self, name: str, path: tuple[str, ...], aliased: Iterable[str] = ()) -> list[str]:
        chosen = []
        for field, spec in self.types[name].fields.items():
            needs = any(argument.endswith("!") for argument in spec.arguments.values())
            inner = self.selection(spec.type, (*path, name))
            if not (spec.deprecated or needs) and (inner or self._is_leaf(named(spec.type))):
                alias = f"{name}{ALIAS}{field}: " if field in aliased else ""
                chosen.append(f"{alias}{field} {inner}".strip())
        return chosen

    def _of_kind(self, kind: Kind, depth: int) -> str:
        if not kind.has_id or not kind.mutations.update:
            return kind.everything(self.capabilities)
        whole = depth <= WHOLE_ROWS
        return (
            row_selection(kind, self.capabilities)
            if whole
            else reference(kind.name, self.capabilities)
        )

    def _members(self, names: Sequence[str], path: tuple[str, ...]) -> list[str]:
        """Return a fragment for each type; a field that they have in different types is aliased."""
        types: dict[str, set[str]] = {}
        for name in names:
            for field, spec in self.types[name].fields.items():
                types.setdefault(field, set()).add(spec.type)
        differing = [field for field, found in types.items() if len(found) > 1]
        return ["__typename"] + [
            f"... on {name} {self.selection(name, path)}"
            if kind_of(name)
            else f"... on {name} {{ {' '.join(self._fields(name, path, differing))} }}"
            for name in names
        ]


def kind_of(type_name: str) -> Kind | None:
    """Return the kind of objects of the library that have this GraphQL type."""
    name = NAME_OF_TYPE.get(type_name)
    return ENTITIES[name] if name is not None else None


def _type(reported: Mapping[str, Any]) -> Type:
    members = reported.get("enumValues") or reported.get("possibleTypes") or ()
    fields = reported.get("fields") or reported.get("inputFields") or ()
    return Type(
        reported["kind"],
        {
            each["name"]: SchemaField(
                _written(each["type"]),
                {argument["name"]: _written(argument["type"]) for argument in each.get("args", ())},
                each.get("isDeprecated", False),
            )
            for each in fields
        },
        tuple(each["name"] for each in members),
    )


def _written(type_: Mapping[str, Any]) -> str:
    if type_["kind"] == "NON_NULL":
        return f"{_written(type_['ofType'])}!"
    return f"[{_written(type_['ofType'])}]" if type_["kind"] == "LIST" else type_["name"]
