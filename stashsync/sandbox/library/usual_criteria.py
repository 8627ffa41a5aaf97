"""The criteria that follow from the fields of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stashsync.fields import (
    Choice,
    CustomFields,
    Date,
    FarEnd,
    Flag,
    Integer,
    Meaning,
    Memberships,
    Name,
    Number,
    Ref,
    Refs,
    StashIds,
    Text,
)
from stashsync.sandbox.library.conditions import (
    Criterion,
    choice,
    date,
    flag,
    moment,
    number,
    text,
    text_list,
)
from stashsync.sandbox.library.filters import through
from stashsync.sandbox.library.kinds import (
    GROUPS,
    MOVIES,
)
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.missing import count
from stashsync.sandbox.library.objects import OBJECTS, Objects
from stashsync.sandbox.library.relation_criteria import (
    custom_fields_of,
    related,
    single,
    stash_id_at,
    stash_ids_at,
)

_PLAIN: Mapping[type[Meaning], Any] = {
    Name: text,
    Text: text,
    Flag: flag,
    Integer: number,
    Number: number,
    Choice: choice,
    Date: date,
}
"""How columns of a meaning are compared."""


def usual(kind: Objects) -> dict[str, Criterion]:
    """Return the criteria that follow from the fields of a kind."""
    return {
        "id": number(f"{kind.table}.id"),
        "created_at": moment(f"{kind.table}.created_at"),
        "updated_at": moment(f"{kind.table}.updated_at"),
        **dict(_of_columns(kind)),
        **dict(_of_relations(kind)),
    }


def _of_columns(kind: Objects) -> Iterator[tuple[str, Criterion]]:
    for spec in kind.of(*_PLAIN):
        yield spec.input, _PLAIN[type(spec.meaning)](f"{kind.table}.{spec.input}")
    for texts in kind.lists.values():
        yield {"url": "url", "alias": "aliases"}.get(texts.value, texts.table), text_list(texts)
    if StashIds in kind.meanings:
        yield "stash_id_endpoint", stash_id_at(kind)
        yield "stash_ids_endpoint", stash_ids_at(kind)
    if CustomFields in kind.meanings:
        yield "custom_fields", custom_fields_of(kind)


def _of_relations(kind: Objects) -> Iterator[tuple[str, Criterion]]:
    for spec in kind.kind.all_fields.values():
        meaning = spec.meaning
        if not isinstance(meaning, Ref | Refs | FarEnd | Memberships):
            continue
        far, links = OBJECTS[meaning.kind], kind[spec.name]
        if isinstance(meaning, Ref):
            held = f"(SELECT id, {spec.input} FROM {kind.table} WHERE {spec.input} IS NOT NULL)"
            present = Links(held, "id", spec.input, kind.table, far.table)
            yield f"{spec.name}s", related(present, far.hierarchy, single)
            yield f"{spec.name}s_filter", through(links, far)
            continue
        yield spec.name, related(links, far.hierarchy)
        yield f"{spec.name}_filter", through(links, far)
        yield f"{kind.singular(spec)}_count", count(links)
        if far is GROUPS:
            yield "movies", related(links)
            yield "movies_filter", through(links, MOVIES)
            yield "movie_count", count(links)


def with_image(kind: Objects) -> dict[str, str]:
    """Return the SQL of the objects that do not lack an image, for `missing`."""
    return {"image": f"SELECT id FROM {kind.table} WHERE image_blob IS NOT NULL"}
