"""The namespace that the names and aliases of tags share, and those of studios.

Source: docs/stash-behaviour.md#names, docs/stash-behaviour.md#aliases
"""

from __future__ import annotations

from collections.abc import Iterable

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.edits import ListEdit
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal


def ensure_free(
    ctx: Context,
    kind: Objects,
    name: str,
    own_id: int | None = None,
    *,
    literal: bool = False,
) -> None:
    """Refuse a name or alias that another object has as its name or among its aliases.

    ASCII letters compare without regard to case, and `_` and `%` in the new name stand for any
    character and any text, unless it is to be taken literally. Of all that match, only the first
    by the order of names is looked at, so an object with such a name can be in its own way.
    `own_id` is the object that the name is for, None for a new one.
    """
    comparison = matching("name", name, literal=literal)
    first = f"SELECT id FROM {kind.table} WHERE {comparison} ORDER BY {kind.order} LIMIT 1"
    found = ctx.db.value(first, (name,))
    if found is not None and found != own_id:
        raise Refusal(f"{kind.word} with name '{name}' already exists")
    comparison = matching("alias", name, literal=literal)
    aliased = f"SELECT {kind.owner} FROM {kind.word}_aliases WHERE {comparison}"
    rows = kind.rows(ctx.db, f"WHERE id IN ({aliased}) ORDER BY {kind.order} LIMIT 1", (name,))
    if rows and rows[0]["id"] != own_id:
        raise Refusal(f"name '{name}' is used as alias for '{rows[0]['name']}'")


def matching(column: str, name: str, *, literal: bool = False) -> str:
    """Return SQL that compares a column with a name as LIKE does.

    Without wildcards that is an equality, for which there is an index; LIKE scans the table.
    """
    like = not literal and any(mark in name for mark in "_%\0")
    return f"{column} LIKE ?" if like else f"{column} = ? COLLATE NOCASE"


def without_repetitions(aliases: Iterable[str], name: str) -> list[str]:
    """Return the aliases without those that repeat another one or the name, letter case aside."""
    seen = {name.lower()}
    kept = []
    for alias in aliases:
        if alias.lower() not in seen:
            seen.add(alias.lower())
            kept.append(alias)
    return kept


def tidied(ctx: Context, edit: ListEdit[str], name: str) -> ListEdit[str]:
    """Return the change of aliases that is made: since 0.31 lists are freed of repetitions."""
    if edit.mode != "SET" or not ctx.rules.drops_duplicate_aliases:
        return edit
    return ListEdit(tuple(without_repetitions(edit.values, name)))
