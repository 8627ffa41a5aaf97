"""The run-time base of the annotated classes that declare kinds.

A declaration holds annotations, docstrings and helper methods, and compiles to its `Kind` table.
It cannot be instantiated: `stashsync.entities.models` builds the pydantic class of the same name
on top of it when a script first asks for one, so that the engine and the sandbox, which only read
tables, load no object mapper (docs/adr/0018-declarations-and-entities.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from stashsync.fields import Value, Wrong
from stashsync.kinds.compiling import compile_kind
from stashsync.kinds.ids import OtherName
from stashsync.kinds.kind import Kind
from stashsync.kinds.mutations import NO_MUTATIONS


class Record:
    """Declare a typed part of an answer, such as the paths of a scene."""

    __plain_fields__: ClassVar[frozenset[str]] = frozenset()
    __kind_options__: ClassVar[dict[str, Any]] = {}
    __kind__: ClassVar[Kind | None] = None

    def __init_subclass__(cls, **options: Any) -> None:
        """Keep the class arguments, of which `kind` compiles the table."""
        super().__init_subclass__()
        for name, value in vars(cls).items():
            if isinstance(value, OtherName):  # annotated for type checkers: it is no field
                cls.__annotations__.pop(name, None)
        if "__kind__" not in vars(cls):  # a model built from a declaration brings its table along
            cls.__kind_options__ = options or {"plural": "", "mutations": NO_MUTATIONS}
            cls.__kind__ = None

    def __new__(cls, *_: Any, **__: Any) -> Any:
        """Refuse to make an object.

        Raises:
            TypeError: always.
        """
        raise TypeError(
            f"{cls.__module__}.{cls.__name__} only declares fields; "
            f"import {cls.__name__} from stashsync to make one"
        )

    @classmethod
    def kind(cls) -> Kind:
        """Return the table of this class, compiled on first use."""
        if cls.__kind__ is None:
            cls.__kind__ = compile_kind(cls, **cls.__kind_options__)
        return cls.__kind__

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[Wrong]:  # noqa: ARG003
        """Yield what is wrong among the desired values of one object.

        For what a single field cannot see: a death before a birth, an alias that is the name.
        Each path starts at a field.
        """
        yield from ()


class Entity(Record):
    """Declare a kind of object that has an id."""

    __plain_fields__: ClassVar[frozenset[str]] = frozenset({"id"})
