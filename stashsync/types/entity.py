"""What all entities are: pydantic models whose fields have a third value, `UNSET`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from stashsync.fields import Value, Wrong
from stashsync.types.kind import Kind, compile_kind


class Entity(BaseModel):
    """An object of the library. A subclass is compiled to its `Kind` when it is first asked for.

    Class arguments: `plural` is the manifest's section and the list's name in find results, `key`
    the fields that make an object itself, `shared_names` whether names and aliases of all objects
    of the kind must differ (tags and studios; behaviour 2.1, 2.2).
    """

    model_config = ConfigDict(
        extra="forbid", validate_assignment=True, defer_build=True, use_attribute_docstrings=True
    )

    __plain_fields__: ClassVar[frozenset[str]] = frozenset({"id"})
    __kind_options__: ClassVar[dict[str, Any]] = {}
    __kind__: ClassVar[Kind | None] = None

    id: str | None = None

    @classmethod
    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__()
        cls.__kind_options__ = options
        cls.__kind__ = None

    @classmethod
    def kind(cls) -> Kind:
        """The table of this class."""
        if cls.__kind__ is None:
            cls.__kind__ = compile_kind(cls, **cls.__kind_options__)
        return cls.__kind__

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[Wrong]:  # noqa: ARG003
        """What is wrong among the desired values of one object; each path starts at a field.

        For what a single field cannot see: a death before a birth, an alias that is the name.
        """
        yield from ()
