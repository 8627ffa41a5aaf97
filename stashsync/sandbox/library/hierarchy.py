"""The hierarchy of tags: a directed graph without circles.

The check reads the graph as stored before the change, not the one that it would make. So an
edge cannot be reversed in one call, and a tag that is unrelated so far can become parent and child
at once. A real server does not come back from checking tags below such a circle; here every tag
is visited once, so that the answer is what it would be without going round.

Source: docs/stash-behaviour.md#hierarchy, docs/stash-behaviour.md#deletion
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from stashsync.sandbox.library.database import IN_IDS, Database, ids_param
from stashsync.sandbox.library.kinds import TAG_CHILDREN
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.refusals import Refusal

CHILDREN: Final = TAG_CHILDREN
PARENTS: Final = CHILDREN.reversed()

_DESCENDANT = "cannot apply tag {} as a parent of {} as it is already a descendant"
_ANCESTOR = "cannot apply tag {} as a child of {} as it is already an ancestor"


def ensure_no_circle(
    db: Database,
    id_: int,
    parents: Sequence[int],
    children: Sequence[int],
) -> None:
    """Refuse parents that are descendants of a stored tag, and children that are ancestors."""
    if parents:
        below = _ways(db, id_, CHILDREN)
        for parent in parents:
            if parent in below:
                words = _DESCENDANT.format(_named(db, parent), _named(db, id_))
                raise Refusal(f"{words} ({_drawn(db, below[parent])})")
    if children:
        above = _ways(db, id_, PARENTS)
        for child in children:
            if child in above:
                words = _ANCESTOR.format(_named(db, child), _named(db, id_))
                raise Refusal(f"{words} ({_drawn(db, above[child][::-1])})")


def ensure_no_circle_through_new(
    db: Database, parents: Iterable[int], children: Iterable[int]
) -> None:
    """Refuse a tag to be created between parents and children that are already above them."""
    below = CHILDREN.reach(db, list(children), -1)
    for parent in parents:
        if parent in below and db.value("SELECT 1 FROM tags WHERE id = ?", (parent,)):
            raise Refusal(_DESCENDANT.format(_named(db, parent), "tag"))


def _ways(db: Database, start: int, links: Links) -> dict[int, list[int]]:
    """Return a shortest path from a tag to every reachable one, itself included."""
    ways = {start: [start]}
    edge = [start]
    sql = (
        f"SELECT {links.own}, {links.other} FROM {links.table} "
        f"WHERE {links.own} {IN_IDS} ORDER BY {links.own}, {links.other}"
    )
    while edge:
        pairs = db.all(sql, (ids_param(edge),))
        edge = []
        for near, far in pairs:
            if far not in ways:
                ways[far] = [*ways[near], far]
                edge.append(far)
    return ways


def _name(db: Database, id_: int) -> str:
    return str(db.value("SELECT name FROM tags WHERE id = ?", (id_,)))


def _named(db: Database, id_: int) -> str:
    return f'"{_name(db, id_)}"'


def _drawn(db: Database, way: Iterable[int]) -> str:
    return "->".join(_name(db, id_) for id_ in way)
