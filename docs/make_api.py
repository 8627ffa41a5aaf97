"""Writes what the recorded releases of the server have, and the stubs of it.

    stashsync/wire/api.json            operations, inputs, results and enums, for the running client
    stashsync/client/operations.pyi    the signatures of all queries and mutations
    stashsync/types/api.pyi            inputs, results and enums as types
    docs/client/operations.md          the list of all queries and mutations

The recordings are in tests/data/introspection.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generated import DOCS, ROOT, main, with_part
from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, parse
from make_client_stubs import MARK as STUBS_MARK
from make_client_stubs import WIDTH, call

from stashsync.client.schema import Schema, kind_of, named
from stashsync.kinds.wire_names import snake_case
from stashsync.types.annotations import ELSEWHERE, member_type, python_type

RECORDINGS = ROOT / "tests" / "data" / "introspection"
PACKAGE = ROOT / "stashsync"
MARK = STUBS_MARK.replace("make_client_stubs", "make_api")
_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
ROOTS = {"query": "Queries", "mutation": "Mutations"}


@cache
def schemas() -> dict[str, Schema]:
    """Return the schema of each recorded release, the oldest first; builds come before the last."""
    found = {
        path.name.removesuffix(".json.gz"): Schema(json.loads(gzip.decompress(path.read_bytes())))
        for path in sorted(RECORDINGS.glob("*.json.gz"))
    }
    newest = max(filter(_VERSION.match, found), key=_release)
    return {name: found[name] for name in sorted(found, key=lambda name: _release(name, newest))}


def _release(name: str, newest: str = "") -> tuple[int, ...]:
    """Return what to sort releases by: a build without a number stands before the newest one."""
    numbered = _VERSION.match(name)
    if numbered:
        return (*map(int, numbered.groups()), 1)
    return (*_release(newest)[:3], 0)


def since(present: list[bool]) -> str:
    """Return the first numbered release that has something, "" where all have it."""
    if present[0]:
        return ""
    numbered = [name for name, has in zip(schemas(), present, strict=True) if has]
    return next((name for name in numbered if _VERSION.match(name)), numbered[0])


# -- the table -------------------------------------------------------------------------------------


def types_of(kind: str) -> dict[str, dict[str, str]]:
    """Return all types of a GraphQL kind, with the fields that any release has."""
    found: dict[str, dict[str, str]] = {}
    for schema in reversed(schemas().values()):
        for name, type_ in schema.types.items():
            if type_.kind == kind and not name.startswith("__") and name not in ROOT_TYPES:
                fields = found.setdefault(name, {})
                for field, spec in type_.fields.items():
                    fields.setdefault(field, spec.type)
    return dict(sorted(found.items()))


ROOT_TYPES = frozenset({"Query", "Mutation", "Subscription"})


def enums() -> dict[str, list[str]]:
    """Return the values of all enums, those of the newest release first."""
    found: dict[str, dict[str, None]] = {}
    for schema in reversed(schemas().values()):
        for name, type_ in schema.types.items():
            if type_.kind == "ENUM" and not name.startswith("__"):
                found.setdefault(name, {}).update(dict.fromkeys(type_.members))
    return {name: list(values) for name, values in sorted(found.items())}


def operations(root: str) -> dict[str, tuple[dict[str, str], str]]:
    """Return the arguments and results of all operations."""
    found: dict[str, tuple[dict[str, str], str]] = {}
    for schema in reversed(schemas().values()):
        for name, spec in schema.operations[root].items():
            arguments, _ = found.setdefault(name, ({}, spec.type))
            for argument, type_ in spec.arguments.items():
                arguments.setdefault(argument, type_)
    return dict(sorted(found.items()))


def unions() -> dict[str, list[str]]:
    """Return the object types of all unions and interfaces."""
    found: dict[str, dict[str, None]] = {}
    for schema in schemas().values():
        for name, type_ in schema.types.items():
            if type_.kind in ("UNION", "INTERFACE"):
                found.setdefault(name, {}).update(dict.fromkeys(type_.members))
    return {name: list(members) for name, members in sorted(found.items())}


def outputs() -> dict[str, dict[str, str]]:
    """Return the object types that are not objects of the library."""
    return {name: fields for name, fields in types_of("OBJECT").items() if not kind_of(name)}


def table() -> str:
    """Build `api.json`."""

    def entries(types: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        return {name: _entry(fields) for name, fields in types.items()}

    made: dict[str, Any] = {
        root: {
            name: f"{_entry(arguments)} -> {result}".lstrip()
            for name, (arguments, result) in operations(root).items()
        }
        for root in ROOTS
    }
    made["inputs"] = entries(types_of("INPUT_OBJECT"))
    made["outputs"] = entries(outputs())
    made["unions"] = {name: " ".join(members) for name, members in unions().items()}
    made["enums"] = {name: " ".join(values) for name, values in enums().items()}
    return json.dumps(made, indent=1) + "\n"


def _entry(fields: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{type_}" for name, type_ in fields.items())


def given_type(type_: str) -> str:
    """Return the annotation of an argument."""
    return python_type(type_, given=True, enums=enums())


# -- stubs -----------------------------------------------------------------------------------------


@cache
def always_read() -> dict[str, set[str]]:
    """Return the fields of each result type that every operation of every release reads."""
    found: dict[str, set[str]] = {}
    for schema in schemas().values():
        for root in ROOTS:
            for spec in schema.operations[root].values():
                text = schema.selection(spec.type)
                if text:
                    chosen = parse(text).definitions[0].selection_set
                    for name, fields in _selected(schema, named(spec.type), chosen):
                        found.setdefault(name, fields).intersection_update(fields)
    return found


def _selected(
    schema: Schema, name: str, chosen: SelectionSetNode
) -> Iterator[tuple[str, set[str]]]:
    if kind_of(name):
        return
    fields: set[str] = set()
    for selection in chosen.selections:
        if isinstance(selection, InlineFragmentNode):
            yield from _selected(
                schema, selection.type_condition.name.value, selection.selection_set
            )
        elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
            fields.add(selection.name.value)
            if selection.selection_set:
                inner = named(schema.types[name].fields[selection.name.value].type)
                yield from _selected(schema, inner, selection.selection_set)
    if fields:
        yield name, fields


def type_stubs() -> str:
    """Build the stub of `stashsync.types.api`."""
    types = [*types_of("INPUT_OBJECT").values(), *outputs().values()]
    used = {named(type_) for fields in types for type_ in fields.values()}
    used |= {name for members in unions().values() for name in members}
    given = {name.removesuffix("CreateInput").removesuffix("UpdateInput") for name in used}
    entities = {name for name in used | given if kind_of(name)}
    lines = [
        MARK,
        "",
        "from collections.abc import Mapping, Sequence",
        "from datetime import datetime",
        "from enum import StrEnum",
        "from typing import Any, NotRequired, TypeAlias, TypedDict",
        "",
        "from stashsync.entities import (",
        *(f"    {name}," for name in sorted(entities | {"Entity"})),
        ")",
        "from stashsync.kinds.enums import JobStatus as JobStatus",
        "from stashsync.kinds.enums import JobStatusUpdateType as JobStatusUpdateType",
        "",
        "Identifier: TypeAlias = str | int | Entity",
        '"""An id, or an object that has one."""',
    ]
    for name, values in enums().items():
        if name not in ELSEWHERE:
            lines += ["", f"class {name}(StrEnum):", f'    """The values of `{name}`."""', ""]
            lines += [f'    {value} = "{value}"' for value in values]
    for name, fields in types_of("INPUT_OBJECT").items():
        lines += ["", f"class {name}(TypedDict):", f'    """The input `{name}`."""', ""]
        needed = [
            schema.types[name].fields for schema in schemas().values() if name in schema.types
        ]
        for field, type_ in fields.items():
            required = all(
                fields_then[field].type.endswith("!") if field in fields_then else False
                for fields_then in needed
            )
            annotation = member_type(name, type_, enums=enums())
            lines.append(_member(field, annotation, required))
    for name, fields in outputs().items():
        lines += ["", f"class {name}(TypedDict):", f'    """A result of the type `{name}`."""', ""]
        always = always_read().get(name, set())
        lines += [
            _member(field, python_type(type_), field in always) for field, type_ in fields.items()
        ]
    for name, members in unions().items():
        line = f"{name}: TypeAlias = {' | '.join(members)}"
        first, *rest = members
        long = [
            f"{name}: TypeAlias = (",
            f"    {first}",
            *(f"    | {member}" for member in rest),
            ")",
        ]
        lines += ["", *([line] if len(line) <= WIDTH else long)]
        lines += [f'"""A result of the type `{name}`."""']
    public = {*types_of("INPUT_OBJECT"), *outputs(), *enums(), *unions(), "Identifier"}
    in_order = sorted(public, key=lambda name: (not name.isupper(), name))  # as ruff has it
    lines += ["", "__all__ = [", *(f'    "{name}",' for name in in_order), "]"]
    return "\n".join(lines) + "\n"


def _member(name: str, annotation: str, required: bool) -> str:
    return f"    {name}: {annotation if required else f'NotRequired[{annotation}]'}"


def operation_stubs() -> str:
    """Build the stub of `stashsync.client.operations`."""
    used: set[str] = set()
    body: list[str] = []
    for root, class_name in ROOTS.items():
        body += [
            "",
            f"class {class_name}(Operations):",
            f'    """The server\'s {"queries" if root == "query" else "mutations"}."""',
        ]
        for name, (arguments, result) in operations(root).items():
            annotations = {argument: given_type(type_) for argument, type_ in arguments.items()}
            gives = python_type(result)
            used.update(re.findall(r"\w+", f"{' '.join(annotations.values())} {gives}"))
            body += ["", *_operation(root, name, annotations, gives)]
    classes = {name for name in types_of("OBJECT") if kind_of(name)}
    kinds = used & classes
    known = {*types_of("INPUT_OBJECT"), *outputs(), *enums(), *unions(), "Identifier"} - ELSEWHERE
    return "\n".join(
        [
            MARK,
            "",
            "from collections.abc import Awaitable, Callable, Mapping, Sequence",
            "from datetime import datetime",
            "from typing import Any",
            "",
            "from stashsync.client.base import ClientBase",
            "from stashsync.entities import (",
            *(f"    {name}," for name in sorted(kinds)),
            ")",
            "from stashsync.types.api import (",
            *(f"    {name}," for name in sorted(used & known, key=str.lower)),
            ")",
            "",
            "class Operations:",
            '    """The operations of a server, see the module."""',
            "",
            "    def __init__(self, client: ClientBase) -> None: ...",
            "    def __getitem__(self, name: str) -> Callable[..., Awaitable[Any]]:",
            '        """Return an operation by the server\'s name, also one of a newer release."""',
            *body,
            "",
        ]
    )


def listed() -> str:
    """Build the list of all operations for their page."""
    lines: list[str] = []
    for root, class_name in ROOTS.items():
        lines += ["", f"### `client.{class_name.lower()}`", ""]
        lines += ["| name | arguments | result | since |", "|---|---|---|---|"]
        for name, (arguments, result) in operations(root).items():
            present = [name in schema.operations[root] for schema in schemas().values()]
            given = ", ".join(
                f"`{snake_case(argument)}`" + ("" if type_.endswith("!") else "?")
                for argument, type_ in arguments.items()
            )
            row = [f"`{snake_case(name)}`", given, f"`{result}`", since(present)]
            lines.append(f"| {' | '.join(row)} |".replace("|  |", "| |"))
    return "\n".join([*lines, "", "`?` marks an argument that may be left out.", ""])


def _operation(root: str, name: str, arguments: Mapping[str, str], gives: str) -> Iterator[str]:
    specs = [schema.operations[root].get(name) for schema in schemas().values()]
    types = operations(root)[name][0]
    first = [argument for argument in arguments if types[argument].endswith("!")]
    given = [f"{snake_case(argument)}: {arguments[argument]}" for argument in first]
    given += ["*"]
    given += [
        f"{snake_case(argument)}: {arguments[argument]} = ..."
        for argument in arguments
        if argument not in first
    ]
    given += ["return_fields: str | None = None"]
    yield from call(f"    async def {snake_case(name)}(", ["self", *given], gives)
    notes = [f"Since {text}." for text in [since([spec is not None for spec in specs])] if text]
    if specs[-1] is None:
        notes.append("Not in the newest release.")
    elif specs[-1].deprecated:
        notes.append("Deprecated by the server.")
    yield " ".join([f'        """Call `{name}`.', *notes]) + '"""'


def pages() -> dict[Path, str]:
    """Return the files of this script."""
    page = DOCS / "client" / "operations.md"
    return {
        page: with_part(page.read_text(encoding="utf-8"), "operations", listed()),
        PACKAGE / "wire" / "api.json": table(),
        PACKAGE / "types" / "api.pyi": type_stubs(),
        PACKAGE / "client" / "operations.pyi": operation_stubs(),
    }


if __name__ == "__main__":
    main(pages())
