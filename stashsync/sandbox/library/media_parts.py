"""What scenes, galleries, images and groups have in common: URLs, a studio, lists of related ids.

Parts         where a kind keeps them                           Parts(SCENES, SCENE_URLS, …)
read_create   what an input asks for, read before anything runs      Change(columns, urls, …)
write         the same carried out
enter_updates the mutations sceneUpdate, scenesUpdate, bulkSceneUpdate    enter_updates(PARTS, …)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.edits import Edit, bulk_ids_edit, ids_edit
from stashsync.sandbox.library.kinds import STUDIOS
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.lists import TextList, bulk_texts_edit, texts_edit
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, Resolver, mutation
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import to_ids, to_optional_id

_STUDIO = "converting studio id"


@dataclass(frozen=True, slots=True)
class Parts:
    """Where one kind keeps its URLs and its relations.

    Attributes:
        links: by the input's field ("tag_ids"), the relation that it sets.
    """

    kind: Objects
    urls: TextList
    links: Mapping[str, Links]


@dataclass(frozen=True, slots=True)
class Change:
    """What one input asks for; None, or not among the links, where it asks for nothing."""

    given: Args
    columns: dict[str, Any]
    urls: Edit[str] | None
    links: Sequence[tuple[Links, Edit[int]]]


def read_create(ctx: Context, parts: Parts, given: Args) -> Change:
    """What an input for a new object asks for; here null, and a blank studio, ask for nothing.

    Raises:
        Refusal: an id or a date cannot be read.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    return read_update(ctx, parts, {**asked, "studio_id": given.get("studio_id") or None})


def read_update(ctx: Context, parts: Parts, given: Args) -> Change:
    """What an input for one object asks for.

    Raises:
        Refusal: an id or a date cannot be read.
    """
    edits = ((links, ids_edit(given, field, _words(field))) for field, links in parts.links.items())
    return Change(
        given,
        _columns(ctx, parts, given),
        _listed(ctx, given, texts_edit(ctx, given, "urls")),
        [(links, edit) for links, edit in edits if edit is not None],
    )


def read_bulk(ctx: Context, parts: Parts, given: Args) -> Change:
    """What an input for many objects asks of each.

    Raises:
        Refusal: an id or a date cannot be read.
    """
    edits = (
        (links, bulk_ids_edit(given, field, _words(field))) for field, links in parts.links.items()
    )
    return Change(
        given,
        _columns(ctx, parts, given),
        _listed(ctx, given, bulk_texts_edit(ctx, given, "urls")),
        [(links, edit) for links, edit in edits if edit is not None],
    )


def write(ctx: Context, parts: Parts, id_: int, change: Change) -> None:
    """Make a change of a stored object without looking whether there is one.

    Raises:
        Panic: a flag is null.
        Refusal: something that it refers to does not exist.
    """
    parts.kind.update(ctx, id_, change.columns)
    write_lists(ctx, parts, id_, change)


def write_lists(ctx: Context, parts: Parts, id_: int, change: Change) -> None:
    """The part of a change that is not in the object's own row."""
    if change.urls:
        parts.urls.write(ctx.db, id_, change.urls.apply(parts.urls.read(ctx.db, id_)))
    for links, edit in change.links:
        links.change(ctx.db, id_, edit)


def enter_updates(
    parts: Parts,
    change_one: Callable[[Context, Args], Row],
    bulk_parts: Parts | None = None,
    *,
    looks_first: bool = False,
) -> None:
    """Enter the three ways to change what there is: one, each in its own way, many in one way.

    Args:
        change_one: carries out the input for one object; it is called in a transaction.
        bulk_parts: where the bulk update keeps more than the others.
        looks_first: the bulk update finds out whether an object is there before it changes it.
    """
    kind, many = parts.kind, bulk_parts or parts

    @mutation(f"{kind.word}Update")
    def update(ctx: Context, args: Args) -> Row:
        with ctx.db.transaction():
            return change_one(ctx, args["input"])

    @mutation(f"{kind.table}Update")
    def update_all(ctx: Context, args: Args) -> list[Row] | None:
        """One after another, all or none; an empty list gives null (observed on v0.30-dev)."""
        with ctx.db.transaction():
            return [change_one(ctx, given) for given in args["input"]] or None

    @mutation(f"bulk{kind.type_name}Update")
    def bulk_update(ctx: Context, args: Args) -> list[Row] | None:
        given = args["input"]
        ids = to_ids(given.get("ids"), "converting ids")
        change = read_bulk(ctx, many, given)
        with ctx.db.transaction():
            for id_ in ids:
                if looks_first:
                    kind.get(ctx.db, id_)
                write(ctx, many, id_, change)
            return _bulk_rows(ctx, kind, ids)


def _bulk_rows(ctx: Context, kind: Objects, ids: Sequence[int]) -> list[Row] | None:
    """The objects of a bulk update as they are after it; None of none.

    Raises:
        Refusal: one of them does not exist.
    """
    found = kind.by_id(ctx.db, ids)
    if any(id_ not in found for id_ in ids):
        raise Refusal("sql: no rows in result set")
    return [found[id_] for id_ in ids] or None


def studio_of(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
    """The studio as an output field."""
    found = STUDIOS.by_id(ctx.db, {row["studio_id"] for row in rows if row["studio_id"]})
    return [found.get(row["studio_id"]) for row in rows]


def first_url(urls: TextList) -> Resolver:
    """The deprecated single address: the first of the list."""

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        found = urls.read_all(ctx.db, [row["id"] for row in rows])
        return [next(iter(found.get(row["id"], ())), None) for row in rows]

    return resolve


def _words(field: str) -> str:
    return f"converting {field.replace('_', ' ')}"


def _columns(ctx: Context, parts: Parts, given: Args) -> dict[str, Any]:
    columns = parts.kind.columns(ctx, given)
    if "studio_id" in given:
        columns["studio_id"] = to_optional_id(given["studio_id"], _STUDIO)
    return columns


def _listed(ctx: Context, given: Args, urls: Edit[str] | None) -> Edit[str] | None:
    """The list, even null, goes before the deprecated single address, which replaces it."""
    if "urls" in given or "url" not in given:
        return urls
    return Edit(() if given["url"] is None else (ctx.word(given["url"]),))
