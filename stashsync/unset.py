"""The third value of a field: neither a value nor null, but not known or not managed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    # Type checkers narrow `is` where the right side is the member of an enum, and nowhere else.
    # At run time it is none: JSON encoders would write an enum's member down as its value.
    from enum import Enum

    from typing_extensions import TypeIs

    class UnsetType(Enum):
        """The type of `UNSET`."""

        UNSET = "UNSET"

        def __bool__(self) -> Literal[False]: ...

    UNSET: Final = UnsetType.UNSET
else:

    class UnsetType:
        """The type of `UNSET`: a falsy singleton that survives copying and pickling."""

        __slots__ = ()
        _instance: UnsetType | None = None

        def __new__(cls) -> UnsetType:
            """Return the one instance."""
            if cls._instance is None:
                cls._instance = super().__new__(cls)
            return cls._instance

        def __bool__(self) -> Literal[False]:
            return False

        def __repr__(self) -> str:
            return "UNSET"

        def __copy__(self) -> UnsetType:
            return self

        def __deepcopy__(self, memo: dict[int, Any]) -> UnsetType:
            return self

        def __reduce__(self) -> str:
            return "UNSET"

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            """Let pydantic models take `UNSET` itself and nothing like it."""
            from pydantic_core import core_schema  # pydantic is asked only by models

            return core_schema.is_instance_schema(cls)

    UNSET: Final = UnsetType()
    """A field that is not loaded, not managed and never sent."""


def is_set(value: T | UnsetType) -> TypeIs[T]:
    """Whether `value` is a value or null, rather than `UNSET`."""
    return not isinstance(value, UnsetType)


def without_unset(value: Any) -> Any:
    """Return JSON without the members of its objects and lists that are UNSET."""
    if isinstance(value, dict):
        return {name: without_unset(inner) for name, inner in value.items() if is_set(inner)}
    if isinstance(value, list | tuple):
        return [without_unset(inner) for inner in value if is_set(inner)]
    return value
