"""The find queries: filters, free text, order, pages, ids (behaviour: 1.2)."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stashsync.sandbox.library.conditions import Condition, every, some
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.filters import filtered
from stashsync.sandbox.library.kinds import PERFORMERS, STUDIOS, TAGS
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import Args, query
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import atoi, to_ids

_PAGE_SIZE = 25
_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_SEED_LIMIT = 2**64
_SPREAD = 2654435761
_NOT_KEPT = "NULL"
"""What objects are sorted by where that belongs to what is not kept here: all are alike."""


@dataclass(frozen=True, slots=True)
class Finds:
    """How one kind is found.

    Attributes:
        filter_name: the argument with the criteria ("tag_filter").
        searched: the columns that free text looks into, beside the aliases.
        sorts: what may be sorted by, and the SQL for it.
    """

    kind: Objects
    filter_name: str
    searched: tuple[str, ...]
    sorts: Mapping[str, str]


def _sorts(kind: Objects, absent: str, present: Mapping[str, str]) -> dict[str, str]:
    """The names that may be sorted by; `absent` are those of what is not kept here."""
    columns = {name: f"{kind.table}.{name}" for name in ("id", "created_at", "updated_at")}
    by_name = {"name": f"natural_key({kind.name_order})"}
    return dict.fromkeys(absent.split(), _NOT_KEPT) | columns | by_name | dict(present)


def _count(table: str, condition: str) -> str:
    return f"(SELECT COUNT(*) FROM {table} WHERE {condition})"


FINDS: Final = (
    Finds(
        TAGS,
        "tag_filter",
        ("tags.name", "tags.sort_name"),
        _sorts(
            TAGS,
            "galleries_count groups_count images_count movies_count scene_markers_count "
            "scenes_count scenes_duration",
            {
                "studios_count": _count("studios_tags", "tag_id = tags.id"),
                "performers_count": _count("performers_tags", "tag_id = tags.id"),
            },
        ),
    ),
    Finds(
        STUDIOS,
        "studio_filter",
        ("studios.name",),
        _sorts(
            STUDIOS,
            "galleries_count images_count scenes_count scenes_duration",
            {
                "child_count": _count("studios c", "c.parent_id = studios.id"),
                "rating": "studios.rating100",
                "tag_count": _count("studios_tags", "studio_id = studios.id"),
            },
        ),
    ),
    Finds(
        PERFORMERS,
        "performer_filter",
        ("performers.name",),
        _sorts(
            PERFORMERS,
            "galleries_count images_count last_o_at last_played_at o_counter play_count "
            "scenes_count scenes_duration",
            {
                "birthdate": "performers.birthdate",
                "career_length": "performers.career_length",
                "height": "performers.height_cm",
                "measurements": "performers.measurements",
                "penis_length": "performers.penis_length",
                "rating": "performers.rating100",
                "tag_count": _count("performers_tags", "performer_id = performers.id"),
                "weight": "performers.weight",
            },
        ),
    ),
)


def _enter(finds: Finds) -> None:
    kind = finds.kind

    @query(f"find{kind.type_name}")
    def find_one(ctx: Context, args: Args) -> Row | None:
        return kind.find(ctx.db, atoi(str(args["id"])))

    @query(f"find{kind.type_name}s")
    def find(ctx: Context, args: Args) -> dict[str, Any]:
        ids = args.get("ids") or args.get(f"{kind.word}_ids")
        count, rows = _by_ids(ctx, kind, ids) if ids else _by_filter(ctx, finds, args)
        return {"count": count, kind.table: rows}

    @query(f"all{kind.type_name}s")
    def find_all(ctx: Context, _: Args) -> list[Row]:
        return kind.rows(ctx.db, f"ORDER BY {kind.order}")


def _by_ids(ctx: Context, kind: Objects, ids: Sequence[Any]) -> tuple[int, list[Row]]:
    """The objects with these ids in this order; everything else that was asked is ignored.

    Raises:
        Refusal: one is no number, is there twice, or belongs to no object.
    """
    texts = [str(id_) for id_ in ids]
    if ctx.rules.names_duplicate_ids:
        _refuse_repeated([id_ for id_ in ids if isinstance(id_, str)])
    numbers = to_ids(texts, "converting ids")
    found = kind.by_id(ctx.db, numbers)
    rows = []
    for number in numbers:
        # A repeated id finds its object taken, on a real server as here.
        row = found.pop(number, None)
        if row is None:
            raise Refusal(f"{kind.word} with id {number} not found")
        rows.append(row)
    return len(rows), rows


def _refuse_repeated(texts: Sequence[str]) -> None:
    """Refuse an id that is there twice in the same letters; "1" and "01" are not seen as one."""
    seen = set()
    for text in texts:
        if text in seen:
            raise Refusal(f"validating ids: duplicate id found: {text}")
        seen.add(text)


def _by_filter(ctx: Context, finds: Finds, args: Args) -> tuple[int, list[Row]]:
    """One page of the objects that match, and how many match in all."""
    kind = finds.kind
    given = {name: value for name, value in (args.get("filter") or {}).items() if value is not None}
    order = _order(finds, given)
    where = every(
        (
            filtered(ctx, kind, args.get(finds.filter_name) or {}),
            _free_text(finds, given.get("q", "")),
        )
    )
    size, page = given.get("per_page", _PAGE_SIZE), max(1, given.get("page", 1))
    rest, params = f"WHERE {where.sql} ORDER BY {order}", where.params
    if size < 0:
        rows = kind.rows(ctx.db, rest, params)
        return len(rows), rows
    count = ctx.db.value(f"SELECT COUNT(*) FROM {kind.table} WHERE {where.sql}", params)
    limits = (size, min((page - 1) * size, 2**62))
    return count, kind.rows(ctx.db, f"{rest} LIMIT ? OFFSET ?", params + limits)


def _order(finds: Finds, given: Mapping[str, Any]) -> str:
    """The SQL of the order that was asked for; names decide among equals.

    Raises:
        Refusal: it may not be asked for.
    """
    sort = given.get("sort", "name")
    direction = "DESC" if given.get("direction") == "DESC" else "ASC"
    if sort == "random" or sort.startswith("random_"):
        expression = _shuffled(finds.kind, sort)
    elif sort in finds.sorts:
        expression = finds.sorts[sort]
    else:
        raise Refusal(f"invalid sort: {sort}")
    return f"{expression} {direction}, {finds.kind.order}"


def _shuffled(kind: Objects, sort: str) -> str:
    """The SQL of a shuffled order, the same for the same seed."""
    seed = sort.removeprefix("random").removeprefix("_")
    if sort == "random":
        seed = str(random.randrange(1, 2**31))
    if not (seed.isascii() and seed.isdigit() and int(seed) < _SEED_LIMIT):
        raise Refusal(f"invalid random seed: {seed}")
    number = int(seed) % 2**31
    return f"(({kind.table}.id + {number}) * {_SPREAD} % 4294967291 * {_SPREAD} % 4294967291)"


def _free_text(finds: Finds, text: str) -> Condition:
    """Words that must occur, `or` between alternatives, `-` before what must not, "phrases"."""
    kind = finds.kind
    columns = [*finds.searched, "alias"]
    conditions = []
    for alternatives, unwanted in _searches(text):
        like = f"%{alternatives[0]}%"
        if unwanted:
            conditions.append(
                every(Condition(f"COALESCE({name}, '') NOT LIKE ?", (like,)) for name in columns)
            )
        else:
            conditions.append(
                some(
                    Condition(f"{name} LIKE ?", (f"%{word}%",))
                    for word in alternatives
                    for name in columns
                )
            )
    if not conditions:
        return every(())
    inner = every(conditions)
    rows = (
        f"SELECT {kind.table}.id FROM {kind.table} "
        f"LEFT JOIN {kind.word}_aliases ON {kind.owner} = {kind.table}.id"
    )
    return Condition(f"{kind.table}.id IN ({rows} WHERE {inner.sql})", inner.params)


def _searches(text: str) -> list[tuple[list[str], bool]]:
    """What a free text asks for: alternatives of which one must occur, or one unwanted word."""
    found: list[tuple[list[str], bool]] = []
    joining = False
    for minus, phrase, word in _TOKEN.findall(text):
        if word.lower() == "or" and not minus and found and not joining:
            joining = True
            continue
        term = phrase or word
        if not term:
            continue
        if joining and not minus and not found[-1][1]:
            found[-1][0].append(term)
        else:
            found.append(([term], bool(minus)))
        joining = False
    return found


for _finds in FINDS:
    _enter(_finds)
