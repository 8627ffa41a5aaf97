"""The third value of a field: neither a value nor null, but not known or not managed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Never, NoReturn, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    # Type checkers narrow `is` where the right side is the member of an enum, and nowhere else.
    # At run time it is none: JSON encoders would write an enum's member down as its value.
    from collections.abc import Iterator
    from enum import Enum

    from typing_extensions import TypeIs

    class UnsetType(Enum):
        """The type of `UNSET`.

        Checkers let pass what is done with it as a list or an object, since that never returns:
        so `scene.tags.append(tag)` is checked as if `tags` were the list alone.
        """

        UNSET = "UNSET"

        def __bool__(self) -> Literal[False]: ...
        def __getattr__(self, name: str) -> Never: ...
        def __iter__(self) -> Iterator[Never]: ...
        def __len__(self) -> int: ...
        def __contains__(self, item: object) -> bool: ...
        def __getitem__(self, key: object) -> Never: ...
        def __setitem__(self, key: object, value: object) -> Never: ...
        def __delitem__(self, key: object) -> Never: ...
        def __lt__(self, other: object) -> bool: ...
        def __le__(self, other: object) -> bool: ...
        def __gt__(self, other: object) -> bool: ...
        def __ge__(self, other: object) -> bool: ...

    UNSET: Final = UnsetType.UNSET
else:
    _WAY_OUT = (
        "; the field was neither read nor set: `await store.populate(obj, [field])` reads it, and"
        " `is_set(obj.field)` tells"
    )

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

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"UNSET has no {name!r}{_WAY_OUT}", name=name, obj=self)

        def __len__(self) -> NoReturn:
            raise TypeError(f"UNSET has no length{_WAY_OUT}")

        # without `__iter__`, so that nothing takes it for iterable, loops and `in` come here, too
        def __getitem__(self, key: object) -> NoReturn:
            raise TypeError(f"UNSET has no members{_WAY_OUT}")

        def __setitem__(self, key: object, value: object) -> NoReturn:
            self[key]

        def __lt__(self, other: object) -> NoReturn:
            raise TypeError(f"UNSET is not comparable{_WAY_OUT}")

        __le__ = __gt__ = __ge__ = __lt__

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
