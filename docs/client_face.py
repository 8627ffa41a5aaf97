"""The public classes of the client library, and the public names of each.

Both are collected from the code, so that none is forgotten. `make_client_reference.py` makes the
reference of them, and tests check their docstrings and types.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, get_overloads

import stashsync
from stashsync.client.entities import EntitiesMixin
from stashsync.client.found import Found
from stashsync.client.jobs import LogEntry
from stashsync.entities import Entity, Record
from stashsync.entities.models import model_of
from stashsync.entities.tracked import ClassValue, Tracked
from stashsync.kinds.helpers import Hierarchy
from stashsync.kinds.ids import IdOf, IdsOf, NameOf
from stashsync.kinds.registry import MODULES
from stashsync.store.cached import Cached
from stashsync.store.population import Population
from stashsync.wire.subscriptions import Subscription

UNDERSCORED: Final = frozenset({"_received_fields", "_is_new"})
"""Public in spite of the underscore: scripts use these names."""

CLIENT: Final[list[type[Any]]] = [
    owner
    for owner in stashsync.StashClient.__mro__
    if issubclass(owner, EntitiesMixin.__mro__[1]) and owner.__name__ != "ClientBase"
]
"""The base classes of the client."""
STORE: Final[list[type[Any]]] = [stashsync.StashEntityStore, Population, Cached]
RECORDS: Final = [model_of(name) for name in MODULES]
"""Everything that is read: objects with an id, and their parts."""
RESULTS: Final[list[type[Any]]] = [
    Found,
    stashsync.BatchOperation,
    stashsync.BatchResult,
    stashsync.CacheStats,
    Subscription,
    LogEntry,
    Hierarchy,
]
"""Further arguments and results of calls."""
BASES: Final[list[type[Any]]] = [Entity, Record, Tracked]
"""The bases of every class of objects."""
ALL: Final = [stashsync.StashContext, *CLIENT, *STORE, *BASES, *RECORDS, *RESULTS]


class Member(NamedTuple):
    """A public name of a class: a method, a property, a value.

    `calls` are its signatures, several where it is overloaded. A member that is not called has none
    and may have a `type`.
    """

    owner: type[Any]
    name: str
    doc: str
    calls: tuple[Callable[..., Any], ...] = ()
    type: str = ""
    of_class: bool = False


def members(owner: type[Any]) -> Iterator[Member]:
    """Yield what the class itself defines, in its order, without inherited members and fields."""
    init = vars(owner).get("__init__")
    if init is not None and not issubclass(owner, Record) and owner.__doc__:
        yield Member(owner, owner.__name__, inspect.cleandoc(owner.__doc__), (init,))
    for name, value in _own(owner).items():
        if not name.startswith("_") or name in UNDERSCORED or isinstance(value, ClassValue):
            yield from _member(owner, name, value)


def _own(owner: type[Any]) -> dict[str, Any]:
    """Return what a class defines, together with the declaration that it is built from."""
    declarations = [
        base for base in owner.__mro__[1:2] if base.__module__.startswith("stashsync.kinds")
    ]
    return {**(vars(declarations[0]) if declarations else {}), **vars(owner)}


def _member(owner: type[Any], name: str, value: Any) -> Iterator[Member]:
    types = inspect.get_annotations(owner)
    function = value.__func__ if isinstance(value, classmethod) else value
    doc = inspect.getdoc(function) or ""
    if inspect.isfunction(function):
        calls = tuple(get_overloads(function)) or (function,)
        yield Member(owner, name, doc, calls, of_class=isinstance(value, classmethod))
    elif isinstance(value, property):
        kind = inspect.get_annotations(value.fget)["return"] if value.fget else ""
        yield Member(owner, name, doc, type=str(kind))
    elif isinstance(value, IdOf):
        yield Member(owner, name, f"The id of `{value.field}`.", type="str | None | UnsetType")
    elif isinstance(value, IdsOf):
        yield Member(owner, name, f"The ids of `{value.field}`.", type="list[str] | UnsetType")
    elif isinstance(value, NameOf):
        kind = f"{type_of(owner, value.field)} | UnsetType"
        yield Member(owner, name, f"The server's name of `{value.field}`.", type=kind)
    elif isinstance(value, ClassValue):
        yield Member(owner, name, "", of_class=True)
    elif inspect.ismemberdescriptor(value):
        yield Member(owner, name, "", type=str(types.get(name, "")))
    elif name.isupper():
        yield Member(owner, name, "", type=type(value).__name__, of_class=True)


def type_of(model: type[Any], name: str) -> str:
    """Return `str | None` for `Annotated[str | None | UnsetType, …]`."""
    for base in model.__mro__:
        text = inspect.get_annotations(base).get(name)
        if text is not None:
            inner = ast.parse(text, mode="eval").body
            while isinstance(inner, ast.Subscript) and ast.unparse(inner.value) == "Annotated":
                inner = inner.slice.elts[0] if isinstance(inner.slice, ast.Tuple) else inner.slice
            return ast.unparse(inner).removesuffix(" | UnsetType")
    raise LookupError(f"{model.__name__} has no {name}")


def fields_of(model: type[Record]) -> list[str]:
    """List the fields of a class of objects, those of its bases first, without `id`."""
    return [name for name in model.kind().all_fields if name != "id"]
