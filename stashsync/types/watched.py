"""A list that says when it was edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class WatchedList(list[str]):
    """A list of ids; `edited` is called after each edit in place."""

    edited: Callable[[], None] = staticmethod(lambda: None)


def _telling(name: str) -> Any:
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
    setattr(WatchedList, _name, _telling(_name))
