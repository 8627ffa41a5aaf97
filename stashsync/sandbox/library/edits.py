"""Changes of a list: SET replaces it, ADD and REMOVE change members.

Source: docs/stash-behaviour.md#mutations
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from msgspec import Struct

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.values import atoi, to_ids

T = TypeVar("T", int, str)


class ListEdit(Struct, Generic[T], frozen=True):
    """One change of a list: mode SET, ADD or REMOVE."""

    values: tuple[T, ...]
    mode: str = "SET"

    def apply(self, existing: Iterable[T]) -> list[T]:
        """Return the list after the change; SET keeps repetitions, the others make none."""
        if self.mode == "SET":
            return list(self.values)
        kept = list(existing)
        if self.mode == "REMOVE":
            return [value for value in kept if value not in self.values]
        return kept + [value for value in dict.fromkeys(self.values) if value not in kept]

    def stored(self, existing: Sequence[T]) -> list[T]:
        """Return the list as it is stored: what ADD has twice and the list lacks is there twice."""
        if self.mode == "ADD":
            return list(existing) + [value for value in self.values if value not in existing]
        return self.apply(existing)


def ids_edit(given: Any, what: str, *, bulk: bool) -> ListEdit[int]:
    """Return the change that a list of ids, or in bulk `{ids, mode}`, stands for.

    The refusal of an id that is no number begins with `what`; in bulk it has the whole list.
    """
    if not bulk:
        return ListEdit(tuple(to_ids(given, what)))
    texts = [str(text) for text in given.get("ids") or ()]
    try:
        ids = tuple(map(atoi, texts))
    except Refusal as refusal:
        shown = " ".join(texts)
        raise Refusal(f"{what}: converting ids [[{shown}]]: {refusal.message}") from None
    return ListEdit(ids, given["mode"])


def texts_edit(ctx: Context, given: Any, *, bulk: bool) -> ListEdit[str]:
    """Return the change that a list of text, or in bulk `{values, mode}`, stands for."""
    values = (given.get("values") if bulk else given) or ()
    return ListEdit(tuple(map(ctx.word, values)), given["mode"] if bulk else "SET")
