"""What a search gives: a page of objects, with a class for each kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Generic, TypeVar

from msgspec import Struct

from stashsync.kinds import ENTITIES

C = TypeVar("C")


class Found(Struct, Generic[C], frozen=True):
    """One page of objects, `items`, and the `count` of those on all pages."""

    count: int
    items: list[C]

    def __iter__(self) -> Iterator[C]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)


@cache
def result_class(name: str) -> type[Found[Any]]:
    """Return the class of the pages of a kind: `Found`, with the objects under its plural too."""
    kind = ENTITIES[name]
    nouns = kind.plural.replace("_", " ")

    def objects(self: Found[Any]) -> Any:
        return self.items

    objects.__doc__ = f"The {nouns} of this page."
    objects.__annotations__ = {"return": f"list[{kind.type_name}]"}
    namespace = {
        "__module__": "stashsync.client.kinds",
        "__doc__": f"One page of {nouns}, and how many there are on all pages.",
        kind.plural: property(objects),
    }
    return type(f"Find{kind.type_plural}Result", (Found,), namespace)
