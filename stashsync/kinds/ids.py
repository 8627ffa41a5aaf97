"""Other names of fields: relations by id, and the names that the server has.

`scene.tag_ids = ["1", "2"]` is `scene.tags = [the tags with these ids]`; `studio.parent_studio` is
`studio.parent`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from stashsync.unset import UNSET, UnsetType

if TYPE_CHECKING:
    from typing import Self


V = TypeVar("V")


class WatchedList(list[str]):
    """A list of ids that calls `edited` after each edit in place."""

    edited: Callable[[], None] = staticmethod(lambda: None)


def _watched(name: str) -> Any:
    edit = getattr(list, name)

    def method(self: WatchedList, *args: Any, **options: Any) -> Any:
        result = edit(self, *args, **options)
        self.edited()
        return self if name.startswith("__i") else result

    method.__name__ = name
    method.__doc__ = edit.__doc__
    return method


for _name in (
    "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse",
    "__setitem__", "__delitem__", "__iadd__", "__imul__",
):  # fmt: skip
    setattr(WatchedList, _name, _watched(_name))


def with_id(owner: Any, model: Any, identifier: str) -> Any:
    """Return the object with this id from the owner's identity map, or a stub of it."""
    return model.from_row({"id": str(identifier)}, owner.identity_map)


class OtherName:
    """A further name of a field, or of a part of it.

    It is annotated, so that type checkers have it among the arguments of the class; when it runs
    it is no field.
    """

    def __init__(self, field: str) -> None:
        self.field = field


class IdsOf(OtherName):
    """The ids of the objects in a relation. Edits of the list write through."""

    @overload
    def __get__(self, owner: None, model: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: Any, model: type[Any]) -> list[str] | UnsetType: ...
    def __get__(self, owner: Any, model: type[Any]) -> Any:
        if owner is None:
            return self
        value = getattr(owner, self.field)
        if value is UNSET:
            return UNSET
        ids = WatchedList(member.id for member in value)
        seen = list(ids)

        def edited() -> None:
            """Repeat the edits of this list on the relation as it is by now."""
            now = [member.id for member in getattr(owner, self.field) or ()]
            if now == seen:
                now = list(ids)
            else:
                removed = set(seen).difference(ids)
                added = [id_ for id_ in ids if id_ not in seen and id_ not in now]
                now = [*(id_ for id_ in now if id_ not in removed), *added]
            self.__set__(owner, now)
            seen[:] = ids

        ids.edited = edited
        return ids

    def __set__(self, owner: Any, ids: Iterable[str] | UnsetType) -> None:
        if isinstance(ids, UnsetType):
            setattr(owner, self.field, UNSET)
            return
        if isinstance(ids, str) or not isinstance(ids, Iterable):
            raise ValueError(f"the ids of {self.field} are a list, which may be empty; not {ids!r}")
        target = type(owner).__relationships__[self.field].target
        known = {member.id: member for member in getattr(owner, self.field) or ()}
        setattr(
            owner,
            self.field,
            [known.get(str(id_)) or with_id(owner, target, id_) for id_ in list(ids)],
        )


class IdOf(OtherName):
    """The id of the object in a relation to one, or None."""

    @overload
    def __get__(self, owner: None, model: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: Any, model: type[Any]) -> str | None | UnsetType: ...
    def __get__(self, owner: Any, model: type[Any]) -> Any:
        if owner is None:
            return self
        value = getattr(owner, self.field)
        return value.id if value else value

    def __set__(self, owner: Any, identifier: str | None | UnsetType) -> None:
        if isinstance(identifier, str | int):
            target = type(owner).__relationships__[self.field].target
            before = getattr(owner, self.field)
            same = before and before.id == str(identifier)
            setattr(owner, self.field, before if same else with_id(owner, target, identifier))
        else:
            setattr(owner, self.field, identifier)


class NameOf(OtherName, Generic[V]):
    """The name that the server has for a field, where ours is another one."""

    @overload
    def __get__(self, owner: None, model: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: Any, model: type[Any]) -> V | UnsetType: ...
    def __get__(self, owner: Any, model: type[Any]) -> Any:
        return self if owner is None else getattr(owner, self.field)

    def __set__(self, owner: Any, value: V | UnsetType) -> None:
        setattr(owner, self.field, value)
