"""Output fields that follow from the kinds' tables: lists, related objects, counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stashsync.fields import (
    CustomFields,
    FarEnd,
    Memberships,
    NameSet,
    Ref,
    Refs,
    StashIds,
    TextList,
)
from stashsync.kinds import FieldSpec
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.custom_fields import custom_fields
from stashsync.sandbox.library.database import IN_IDS
from stashsync.sandbox.library.kinds import MOVIES
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.lists import Texts
from stashsync.sandbox.library.objects import OBJECTS, Objects
from stashsync.sandbox.library.registry import FIELDS, Args, Resolver
from stashsync.sandbox.library.resolvers import grouped
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.stash_ids import stash_ids

_ORDERS = {
    ("tag", "parents"): f"natural_key({OBJECTS['tag'].name_order}), link.rowid DESC",
    ("scene", "performers"): "link.performer_id",
    ("scene", "scene_markers"): "scene_markers.seconds",
    ("gallery", "performers"): "link.performer_id",
    ("gallery", "scenes"): "link.rowid",
    ("image", "performers"): "link.performer_id",
    ("image", "galleries"): "link.rowid",
    ("sceneMarker", "tags"): "natural_key(tags.name), tags.id DESC",
    ("studio", "children"): "link.id",
    ("studio", "groups"): "link.id",
    ("performer", "groups"): "groups.id",
}
"""SQL of the order of related objects, where that is not the order of their names.

Tags of markers ignore their sort_name (observed on v0.30-dev).
"""


def related_one(kind: Objects, column: str) -> Resolver:
    """Return the output field with the object whose id is in a column."""

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        found = kind.by_id(ctx.db, {row[column] for row in rows if row[column]})
        return [found.get(row[column]) for row in rows]

    return resolve


def memberships(links: Links, kind: Objects, name: str, extra: str) -> Resolver:
    """Return the output field with `{name: object, extra: value}` for each object at the far end.

    They are in the order of their places, or of their entry.
    """
    place = "order_index, rowid" if links.near == links.far else "rowid"
    sql = (
        f"SELECT {links.own}, {links.other}, {extra} FROM {links.table} "
        f"WHERE {links.own} {IN_IDS} ORDER BY {place}"
    )

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        lists = grouped(ctx, rows, sql)
        others = kind.by_id(ctx.db, {other for found in lists for other, _ in found})
        return [[{name: others[other], extra: value} for other, value in found] for found in lists]

    return resolve


def first_url(urls: Texts) -> Resolver:
    """Return the deprecated output field with the first address of the list."""

    def resolve(ctx: Context, rows: Sequence[Row], _: Args) -> list[Any]:
        found = urls.read_all(ctx.db, [row["id"] for row in rows])
        return [next(iter(found.get(row["id"], ())), None) for row in rows]

    return resolve


def _fields(kind: Objects) -> Iterator[tuple[str, Resolver]]:
    if "urls" in kind.lists:
        yield "url", first_url(kind.lists["urls"])
    if CustomFields in kind.meanings:
        yield "custom_fields", custom_fields(kind)
    if StashIds in kind.meanings:
        yield "stash_ids", stash_ids(kind)
    for spec in kind.kind.all_fields.values():
        if isinstance(spec.meaning, NameSet | TextList):
            yield spec.output, kind.lists[spec.input].resolver()
        elif isinstance(spec.meaning, Ref):
            yield spec.output, related_one(OBJECTS[spec.meaning.kind], spec.input)
        elif isinstance(spec.meaning, Memberships):
            far = OBJECTS[spec.meaning.kind]
            yield spec.output, memberships(kind[spec.name], far, far.stem, spec.meaning.extra)
        elif isinstance(spec.meaning, Refs | FarEnd):
            yield from _related(kind, spec, spec.meaning)


def _related(
    kind: Objects, spec: FieldSpec, meaning: Refs | FarEnd
) -> Iterator[tuple[str, Resolver]]:
    """Yield the related objects, and how many they are."""
    links, far, hierarchy = kind[spec.name], OBJECTS[meaning.kind], kind.hierarchy
    yield spec.output, links.resolver(far, _ORDERS.get((kind.kind.name, spec.name), ""))
    if hierarchy is None or meaning.kind == kind.kind.name:
        count = links.counter()
    else:
        count = links.deep_counter(hierarchy)
    yield f"{kind.singular(spec)}_count", count
    if far.kind.name == "group":
        yield "movies", links.resolver(MOVIES, _ORDERS.get((kind.kind.name, spec.name), ""))
        yield "movie_count", count


def enter_outputs() -> None:
    """Enter the output fields of every kind; what its own file has entered goes before."""
    for kind in (*OBJECTS.values(), MOVIES):
        FIELDS[kind.type_name] = {**dict(_fields(kind)), **FIELDS[kind.type_name]}
