"""The find queries: filters, free text, order, pages, ids (docs/stash-behaviour.md#finding).

The kinds with their sorts are entered in `kind_finds`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from msgspec import Struct, field

from stashsync.sandbox.library.conditions import Condition, all_of, any_of
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.database import IN_IDS, ids_param
from stashsync.sandbox.library.filters import filtered
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import LateRefusal, Refusal
from stashsync.sandbox.library.registry import Args, query
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.values import atoi, to_ids

_PAGE_SIZE = 25
_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_SEED_LIMIT = 2**64
_SPREAD = 2654435761

Total: TypeAlias = Callable[[Context, Condition], Any]
"""A sum over everything that a find matches, worked out where it is asked for."""


class Finds(Struct, frozen=True, dict=True):
    """How one kind is found.

    Attributes:
        searched: the columns that free text looks into.
        sorts: what may be sorted by, and the SQL for it.
        joined: SQL of what the searched columns need beside the kind's own table.
        totals: what else the answer has.
        usual_sort: what is sorted by where nothing is asked for; "" leaves them as they came.
        last_order: SQL of what decides among equals; left out, it is the name, the newest first.
    """

    kind: Objects
    searched: tuple[str, ...]
    sorts: Mapping[str, str]
    joined: str = ""
    totals: Mapping[str, Total] = field(default_factory=dict)
    usual_sort: str = "name"
    last_order: str = ""

    @cached_property
    def filter_name(self) -> str:
        """The argument with the criteria: "tag_filter"."""
        return f"{_snake(self.kind.type_name)}_filter"

    @cached_property
    def listed(self) -> str:
        """What the list is called in the answer."""
        return _snake(self.kind.type_plural)

    @cached_property
    def all_sorts(self) -> Mapping[str, str]:
        """What may be sorted by: what every kind has, and `sorts`."""
        kind = self.kind
        found = {name: f"{kind.table}.{name}" for name in ("id", "created_at", "updated_at")}
        if "name" in kind.words:
            found["name"] = f"natural_key({kind.name_order})"
        return {**found, **self.sorts}

    def answer(self, ctx: Context, args: Args) -> FindAnswer:
        """Return the page that was asked for, and how many there are in all."""
        ids = args.get("ids") or args.get(f"{self.kind.owner}s")
        if ids:
            count, rows = _by_ids(ctx, self.kind, ids)
            matched = Condition(
                f"{self.kind.table}.id {IN_IDS}", (ids_param(row["id"] for row in rows),)
            )
        else:
            try:
                matched = self.condition(ctx, args)
            except LateRefusal:
                _order(self, args.get("filter") or {})  # is looked at before the database is
                raise
            count, rows = _page(ctx, self, matched, args)
        found = FindAnswer({"count": count, self.listed: rows})
        found.totals = {name: (total, ctx, matched) for name, total in self.totals.items()}
        return found

    def condition(self, ctx: Context, args: Args) -> Condition:
        """Return what a find's criteria and free text come to."""
        text = (args.get("filter") or {}).get("q") or ""
        return all_of(
            (
                filtered(ctx, self.kind, args.get(self.filter_name) or {}),
                _free_text(self, text),
            )
        )


class FindAnswer(dict[str, Any]):
    """The answer of a find; sums are computed when they are read."""

    __slots__ = ("totals",)

    totals: dict[str, tuple[Total, Context, Condition]]

    def __missing__(self, name: str) -> Any:
        total, ctx, matched = self.totals[name]
        with ctx.db.lock:
            return self.setdefault(name, total(ctx, matched))


def enter_finds(finds: Finds, *, by_id: bool = True) -> None:
    """Enter the queries of a kind: many by filter, all, and one by id."""
    kind = finds.kind

    @query(f"find{kind.type_plural}")
    def find(ctx: Context, args: Args) -> FindAnswer:
        return finds.answer(ctx, args)

    @query(f"all{kind.type_plural}")
    def find_all(ctx: Context, _: Args) -> list[Row]:
        return kind.rows(ctx.db, f"ORDER BY {kind.order}")

    if by_id:

        @query(f"find{kind.type_name}")
        def find_one(ctx: Context, args: Args) -> Row | None:
            return kind.find(ctx.db, atoi(str(args["id"])))


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def _by_ids(ctx: Context, kind: Objects, ids: Sequence[Any]) -> tuple[int, list[Row]]:
    """Return the objects with these ids in this order; other arguments are ignored."""
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


def _page(ctx: Context, finds: Finds, where: Condition, args: Args) -> tuple[int, list[Row]]:
    """One page of the objects that match, and how many match in all."""
    kind = finds.kind
    given = {name: value for name, value in (args.get("filter") or {}).items() if value is not None}
    order = _order(finds, given)
    size, page = given.get("per_page", _PAGE_SIZE), max(1, given.get("page", 1))
    rest, params = f"WHERE {where.sql} ORDER BY {order}", where.params
    if size < 0:
        rows = kind.rows(ctx.db, rest, params)
        return len(rows), rows
    count = ctx.db.value(f"SELECT COUNT(*) FROM {kind.table} WHERE {where.sql}", params)
    limits = (size, min((page - 1) * size, 2**62))
    return count, kind.rows(ctx.db, f"{rest} LIMIT ? OFFSET ?", params + limits)


def _order(finds: Finds, given: Mapping[str, Any]) -> str:
    """Return the SQL of the order that was asked for; names decide among equals.

    Equal names are never equal for a real server: what was made later comes first, or last where
    the order of names is turned around (observed on v0.30-dev). Groups that differ in letter case
    alone are read by their names first, small letters before capitals, where nothing but names
    and counts is needed for the order.
    """
    sort = given.get("sort")
    if sort is None:  # null is as nothing; "" is no order that it knows
        sort = finds.usual_sort
    direction = "DESC" if given.get("direction") == "DESC" else "ASC"
    id_ = f"{finds.kind.table}.id"
    if not sort and not finds.usual_sort:
        return id_
    if sort == "random" or sort.startswith("random_"):
        expression = _shuffled(finds.kind, sort)
    elif sort in finds.all_sorts:
        expression = finds.all_sorts[sort]
    else:
        raise Refusal(f"invalid sort: {sort}")
    last = finds.last_order or finds.kind.order
    turned = "ASC" if direction == "DESC" else "DESC"
    named = expression.startswith("natural_key(")
    if finds.kind.word == "group" and (named or sort.endswith("_count")):
        name, way = finds.kind.name_order, turned if named else "DESC"
        first = "" if named else f"natural_key({name}), "
        return f"{expression} {direction}, {first}{name} {way}, {id_} {way}"
    if not named:
        return f"{expression} {direction}, {last}"
    if finds.kind.name_order:
        return f"{expression} {direction}, {id_} {turned}"
    untitled = f"CASE WHEN {expression} IS NULL THEN {last.rpartition(',')[0]} END"
    return f"{expression} {direction}, {untitled}, {id_} {turned}"


def _shuffled(kind: Objects, sort: str) -> str:
    """Return the SQL of a shuffled order, the same for the same seed."""
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
    columns = finds.searched
    conditions = []
    for alternatives, unwanted in _searches(text):
        like = f"%{alternatives[0]}%"
        if unwanted:
            conditions.append(
                all_of(Condition(f"COALESCE({name}, '') NOT LIKE ?", (like,)) for name in columns)
            )
        else:
            conditions.append(
                any_of(
                    Condition(f"{name} LIKE ?", (f"%{word}%",))
                    for word in alternatives
                    for name in columns
                )
            )
    if not conditions:
        return all_of(())
    inner = all_of(conditions)
    rows = f"SELECT {kind.table}.id FROM {kind.table} {finds.joined}"
    return Condition(f"{kind.table}.id IN ({rows} WHERE {inner.sql})", inner.params)


def _searches(text: str) -> list[tuple[list[str], bool]]:
    """Parse a free text: alternatives of which one must occur, or one unwanted word."""
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
    if joining:
        found.append((["or"], False))  # with nothing behind it, it is a word like others
    return found
