"""Query text from a kind and chosen fields.

Every text depends on its arguments alone and comes out the same each time: the server keeps parsed
documents by their text (docs/stash-behaviour.md#http). What varies goes into variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashsync.kinds import Capabilities, Kind


def selection(
    kind: Kind, fields: Iterable[str], server: Capabilities, extra: Iterable[str] = ()
) -> str:
    """Write the selection of an object to read `fields` (names in `kind.fields`).

    The id always comes first, then the fields in the kind's own order, then `extra`: selections
    as they stand, like "children { id }". A field that the server lacks is left out.

    Raises:
        KeyError: the kind has no such field.
    """
    return " ".join(dict.fromkeys(_parts(kind, set(fields), server, extra)))


def _parts(
    kind: Kind, wanted: set[str], server: Capabilities, extra: Iterable[str]
) -> Iterator[str]:
    yield "id"
    for unknown in sorted(wanted - kind.fields.keys() - {"id"}):
        raise KeyError(unknown)
    for name, spec in kind.fields.items():
        if name in wanted and server.has_output(kind.type_name, spec.output):
            yield spec.selection(server)
    yield from extra


def find_one(
    kind: Kind, fields: Iterable[str], server: Capabilities, extra: Iterable[str] = ()
) -> str:
    """Write the query for the id in `$id`: the object under the key `one`, or null."""
    chosen = selection(kind, fields, server, extra)
    return f"query FindOne($id: ID!) {{ one: {kind.find_one}(id: $id) {{ {chosen} }} }}"


def find_page(
    kind: Kind, fields: Iterable[str], server: Capabilities, extra: Iterable[str] = ()
) -> str:
    """Write the query for one page, under `found`: `count` of all that match, and `rows`.

    `$filter` is the page ({"page": 1, "per_page": 1000, "sort": "id"}), `$where` a filter of the
    kind, or null.
    """
    chosen = selection(kind, fields, server, extra)
    return (
        f"query FindPage($filter: FindFilterType, $where: {kind.filter_type}) {{ "
        f"found: {kind.find_many}(filter: $filter, {kind.filter_argument}: $where) {{ "
        f"count rows: {kind.plural} {{ {chosen} }} }} }}"
    )


def find_unpaged(
    kind: Kind, fields: Iterable[str], server: Capabilities, extra: Iterable[str] = ()
) -> str:
    """Write the query for all objects of a kind whose query has no pages, under `rows`."""
    chosen = selection(kind, fields, server, extra)
    return f"query FindUnpaged {{ rows: {kind.find_many} {{ {chosen} }} }}"


def find_by_ids(
    kind: Kind, fields: Iterable[str], server: Capabilities, extra: Iterable[str] = ()
) -> str:
    """Write the query for the ids in `$ids`, in that order, under `found` as in `find_page`.

    The server fails the whole query for one unknown id and takes an empty list for no condition
    (docs/stash-behaviour.md#find-by-ids): ask only for ids that are known to exist, and for at
    least one.
    """
    chosen = selection(kind, fields, server, extra)
    return (
        f"query FindByIds($ids: [ID!]) {{ found: {kind.find_many}(ids: $ids) {{ "
        f"count rows: {kind.plural} {{ {chosen} }} }} }}"
    )


def count(kind: Kind) -> str:
    """Write the query that counts what matches `$where`: `count` under the key `found`."""
    return (
        f"query Count($where: {kind.filter_type}) {{ "
        f"found: {kind.find_many}(filter: {{per_page: 0}}, {kind.filter_argument}: $where) "
        f"{{ count }} }}"
    )


def find_each(kind: Kind, chosen: Iterable[str], count: int) -> str:
    """Write the query for the ids in `$i0`, `$i1`, …: under `e0`, `e1`, … the object, or null.

    One unknown id leaves the others alone, unlike with `find_by_ids`. `chosen` are selections as
    they stand; they appear once, as a fragment.
    """
    numbers = range(count)
    declared = ", ".join([f"$i{n}: ID!" for n in numbers])
    lines = [f"  e{n}: {kind.find_one}(id: $i{n}) {{ ...Row }}" for n in numbers]
    return "\n".join([f"query FindEach({declared}) {{", *lines, "}", _fragment(kind, chosen)])


def find_for_each(kind: Kind, chosen: Iterable[str], count: int) -> str:
    """Write the query for the filters `$w0`, `$w1`, …: all `rows` under `n0`, `n1`, …."""
    numbers = range(count)
    declared = ", ".join([f"$w{n}: {kind.filter_type}" for n in numbers])
    lines = [
        f"  n{n}: {kind.find_many}({kind.filter_argument}: $w{n}, "
        f'filter: {{per_page: -1, sort: "id"}}) {{ rows: {kind.plural} {{ ...Row }} }}'
        for n in numbers
    ]
    return "\n".join([f"query FindForEach({declared}) {{", *lines, "}", _fragment(kind, chosen)])


def _fragment(kind: Kind, chosen: Iterable[str]) -> str:
    return f"fragment Row on {kind.type_name} {{ {' '.join(dict.fromkeys(['id', *chosen]))} }}"
