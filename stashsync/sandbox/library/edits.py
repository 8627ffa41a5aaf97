"""Changes of a list: replaced as a whole, added to, or taken from.

Source: docs/stash-behaviour.md#mutations
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.values import atoi, to_ids

T = TypeVar("T", int, str)


@dataclass(frozen=True, slots=True)
class Edit(Generic[T]):
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


def ids_edit(given: Mapping[str, Any], field: str, what: str, *, bulk: bool) -> Edit[int] | None:
    """Return the change that a list of ids, or `{ids, mode}`, stands for; None for no change."""
    if not bulk:
        return Edit(tuple(to_ids(given[field], what))) if field in given else None
    change = given.get(field)
    if change is None:
        return None
    texts = [str(text) for text in change.get("ids") or ()]
    try:
        ids = tuple(map(atoi, texts))
    except Refusal as refusal:
        shown = " ".join(texts)
        raise Refusal(f"{what}: converting ids [[{shown}]]: {refusal.message}") from None
    return Edit(ids, change["mode"])


def texts_edit(
    ctx: Context, given: Mapping[str, Any], field: str, *, bulk: bool
) -> Edit[str] | None:
    """Return the change that a list of text, or `{values, mode}`, stands for; None for none."""
    if not bulk:
        return Edit(tuple(map(ctx.word, given[field] or ()))) if field in given else None
    change = given.get(field)
    if change is None:
        return None
    return Edit(tuple(map(ctx.word, change.get("values") or ())), change["mode"])
