"""The fields of Query: what is found, in which order, on which page.

Lists leave out what was deleted or merged into another; looked up by id, these are still there,
with `deleted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.stash_box.contents import BoxRow, Contents

Condition: TypeAlias = Callable[[BoxRow, Any], bool]

_COLUMNS: Final = {
    "CREATED_AT": "created",
    "UPDATED_AT": "updated",
    "BIRTHDATE": "birth_date",
    "DEATHDATE": "death_date",
}
"""What is sorted by; the others are fields by their own names."""
_USUAL_PAGE: Final = 25


def _names(row: BoxRow) -> list[str]:
    return [row["name"], *row["aliases"]]


def _within(value: str, texts: Iterable[str]) -> bool:
    return any(value.lower() in text.lower() for text in texts)


def _parent(row: BoxRow, criterion: Mapping[str, Any]) -> bool:
    found = row["parent"]["id"] if row["parent"] else None
    ids, modifier = criterion["value"], criterion["modifier"]
    match modifier:
        case "EQUALS" | "INCLUDES":
            return found in (ids[:1] if modifier == "EQUALS" else ids)
        case "NOT_EQUALS" | "EXCLUDES":
            return found not in (ids[:1] if modifier == "NOT_EQUALS" else ids)
        case "IS_NULL":
            return found is None
        case "NOT_NULL":
            return found is not None
    return True


CONDITIONS: Final[Mapping[str, Condition]] = {
    "name": lambda row, value: _within(value, [row["name"]]),
    "names": lambda row, value: _within(value, _names(row)),
    "alias": lambda row, value: _within(value, row["aliases"]),
    "url": lambda row, value: any(url["url"] == value for url in row["urls"]),
    "category_id": lambda row, value: (
        row["category"] is not None and row["category"]["id"] == value
    ),
    "parent": _parent,
    "has_parent": lambda row, value: (row["parent"] is not None) is value,
}
"""The criteria of a query by name; an empty text is none."""


class BoxRoot:
    """The root of one request.

    Args:
        user: who asks; None without a key, and then every field is refused.
    """

    def __init__(self, contents: Contents, user: BoxRow | None) -> None:
        self._contents = contents
        self._user = user

    def query(self, field: str, args: dict[str, Any]) -> Any:
        """Answer a field of Query."""
        if self._user is None:
            raise Refusal("not authorized")
        contents = self._contents
        match field:
            case "me":
                return self._user
            case "version":
                return dict.fromkeys(("hash", "build_time"), "") | {
                    "build_type": "OFFICIAL",
                    "version": "v0.7.0",
                }
            case "queryTagCategories":
                found = sorted(contents.categories, key=lambda row: str(row["name"]))
                return {"count": len(found), "tag_categories": found}
            case "queryTags" | "queryStudios" | "queryPerformers":
                plural = field.removeprefix("query").lower()
                return _page(plural, getattr(contents, plural), args["input"])
            case "findTagOrAlias":
                rows = contents.tags
                return _named(rows, args["name"]) or _named(rows, args["name"], "aliases")
            case _:
                return self._find(field, args)

    def mutate(self, field: str, args: dict[str, Any]) -> Any:  # noqa: ARG002
        """Answer a field of Mutation, of which there is none."""
        raise Refusal("not authorized")

    def _find(self, field: str, args: Mapping[str, Any]) -> BoxRow | None:
        """Return the one object that an id, or else a name, is of."""
        contents = self._contents
        rows = {
            "findTag": contents.tags,
            "findTagCategory": contents.categories,
            "findStudio": contents.studios,
            "findPerformer": contents.performers,
        }[field]
        wanted = args.get("id")
        if wanted is not None:
            return next((row for row in rows if row["id"] == wanted), None)
        return _named(rows, args.get("name"))


def _named(rows: Iterable[BoxRow], name: str | None, field: str = "name") -> BoxRow | None:
    """Return the row that has the name, or the alias, in whatever case."""
    if name is None:
        return None
    for row in rows:
        texts = [row[field]] if isinstance(row[field], str) else row[field]
        if not row["deleted"] and name.lower() in (text.lower() for text in texts):
            return row
    return None


def _page(plural: str, rows: Iterable[BoxRow], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of those that are there and fit; texts of no length are no criteria."""
    wanted = [(CONDITIONS[name], value) for name, value in asked.items()
              if name in CONDITIONS and value not in (None, "")]  # fmt: skip
    found = [
        row
        for row in rows
        if not row["deleted"] and all(condition(row, value) for condition, value in wanted)
    ]
    sort = str(asked["sort"])
    column = _COLUMNS.get(sort, sort.lower())
    found.sort(
        key=lambda row: (row[column] is None, row[column] or ""),
        reverse=asked["direction"] == "DESC",
    )
    size = asked["per_page"] if asked["per_page"] > 0 else _USUAL_PAGE
    first = (max(asked["page"], 1) - 1) * size
    return {"count": len(found), plural: found[first : first + size]}
