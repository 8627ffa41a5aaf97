"""Docstrings of the public client: errors, units and shapes.

A machine can check that they are there; whether they are true, a reader has to check.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import stashsync
from stashsync.entities import Record
from tests.support.docs_tools import tool

face = tool("client_face")
MEMBERS = [
    member for owner in face.ALL for member in face.members(owner) if member.doc or member.calls
]
CALLED = [member for member in MEMBERS if member.calls]

NUMBER = re.compile(r"\b(?:int|float|timedelta|Ttl)\b")
IDENTIFIER = re.compile(r"\bstr \| int\b")
UNITS = {
    "timeout": "seconds",
    "period": "seconds",
    "seconds": "[Ss]econds",
    "default_ttl": "seconds",
    "ttl": "seconds",
    "page": "from 1",
    "per_page": "how many|rows",
    "query_batch": "pages of",
    "batch_size": "one document",
    "populate_batch": "one document",
    "yield_batch": "looked at",
    "max_batch_size": "documents of at most",
}
"""What is to be read where a number of this name is taken."""
MEASURES = re.compile(
    r"0 to 100|0 to 1\b|from 1|seconds|bytes|pixels|bits a second|frames a second|centimetres"
    r"|kilograms|[Hh]ow (?:many|often)|number|counter"
)
"""What the description of a number has to have: a unit, a range, or what it counts."""


def named(value: Any) -> str:
    """Return the name of a call, with its class, for messages."""
    return f"{value.owner.__module__}.{value.owner.__name__}.{value.name}"


def whole(value: Any) -> str:
    """Return the docstring of a call, with that of its class, which has what its calls share."""
    return f"{value.doc}\n{inspect.cleandoc(value.owner.__doc__ or '')}"


def function_of(value: Any) -> Any:
    """Return the function of a call, without its overloads."""
    found = inspect.getattr_static(value.owner, value.name, None) or value.calls[0]
    return found.__func__ if isinstance(found, classmethod) else found


def raises(function: Any) -> bool:
    """Return whether the lines of a call raise an error, other than that of an abstract method."""
    if function.__code__.co_filename.startswith("<"):  # written by `dataclass`
        return False
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    thrown = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    return any("NotImplementedError" not in ast.unparse(item) for item in thrown)


def test_there_are_public_calls_to_check() -> None:
    """The tests below are not empty."""
    assert len(CALLED) > 200
    assert {item.owner for item in CALLED} >= {*face.CLIENT[1:2], *face.STORE, face.BASES[0]}


def test_everything_public_has_a_docstring() -> None:
    """Each method, property and class: a sentence, on one line, with its end."""
    silent = [
        named(member)
        for member in MEMBERS
        if not member.doc and member.name not in face.UNDERSCORED
    ]
    assert silent == []
    for item in [member for member in MEMBERS if member.doc]:
        first = item.doc.splitlines()[0]
        assert first.endswith((".", ":", ",")) or len(first) > 60, f"{named(item)}: {first}"
    assert [item.__name__ for item in face.ALL if not item.__doc__] == []


def test_every_exported_function_and_class_has_a_docstring() -> None:
    """Those of the engine included."""
    for name in stashsync.__all__:
        exported = getattr(stashsync, name)
        if inspect.isfunction(exported) or isinstance(exported, type):
            assert inspect.getdoc(exported), name


def test_the_docstring_of_what_sends_requests_names_its_errors() -> None:
    """Each coroutine and asynchronous loop has its `Raises:`, or its class has one for all."""
    silent = [
        named(item)
        for item in CALLED
        if inspect.iscoroutinefunction(function_of(item))
        or inspect.isasyncgenfunction(function_of(item))
        if not re.search(r"^Raises\b.*:$", whole(item), re.MULTILINE)
    ]
    assert silent == []


def test_the_docstring_of_what_raises_names_its_errors() -> None:
    """Where the lines of a call raise by themselves, its text has a `Raises:`."""
    silent = [
        named(item)
        for item in CALLED
        if raises(function_of(item)) and not re.search(r"^Raises\b.*:$", whole(item), re.MULTILINE)
    ]
    assert silent == []


def numbers() -> Iterator[tuple[Any, str]]:
    """Yield the parameters that take a number, with their calls."""
    for item in CALLED:
        for call in item.calls[-1:]:
            for parameter in inspect.signature(call).parameters.values():
                kind = str(parameter.annotation)
                is_number = NUMBER.search(kind) and not IDENTIFIER.search(kind)
                if is_number and not parameter.name.startswith("_"):
                    yield item, parameter.name


def test_numbers_have_units() -> None:
    """A parameter that takes a number is described by name, and with its unit if it has one."""
    found = list(numbers())
    assert len(found) > 30
    silent = [
        f"{named(item)}({name})"
        for item, name in found
        if f"`{name}`" not in whole(item) or not re.search(UNITS.get(name, ""), whole(item))
    ]
    assert silent == []


def fields(*words: str) -> Iterator[tuple[str, Any]]:
    """Return the fields of all entities that have one of these types."""
    kinds: list[type[Record]] = face.RECORDS
    for model in kinds:
        for spec in model.kind().all_fields.values():
            if spec.output_type.strip("[]!") in words:
                yield f"{model.__name__}.{spec.name}", spec


def test_fields_of_numbers_say_what_they_count() -> None:
    """Units, ranges, or what there is a number of."""
    found = list(fields("Int", "Int64", "Float"))
    assert len(found) > 40
    assert [name for name, spec in found if not MEASURES.search(spec.doc)] == []


def test_fields_of_times_say_how_they_are_written() -> None:
    """As RFC 3339, all of them; days may be less than a day."""
    found = list(fields("Time"))
    assert len(found) > 20
    assert [name for name, spec in found if "RFC 3339" not in spec.doc] == []


def test_every_field_has_a_docstring() -> None:
    """All fields of all kinds, parts included."""
    silent = [
        f"{model.__name__}.{spec.name}"
        for model in face.RECORDS
        for spec in model.kind().all_fields.values()
        if spec.name != "id" and not spec.doc.endswith(".")
    ]
    assert silent == []
