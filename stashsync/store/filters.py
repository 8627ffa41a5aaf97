"""Django-style lookups as filters of the server.

    compile_filter("SceneFilterType", {"rating100__gte": 80, "studio__null": True})
      →  {"rating100": {"value": 79, "modifier": "GREATER_THAN"},
          "studios": {"modifier": "IS_NULL"}}

    name__lookup ─ which field? ─ which type of criterion? ─ its lookup ─ criteria ┐
    name=raw dict ─────────────── as it stands, but flags unwrapped ───────────────┤
    performers__name__contains ── performers_filter: {…}, compiled the same way ───┤
                                          levels joined by AND: one criterion a field ┘

The type of each field's criterion comes from facts about the supported releases, or from
introspection where the server is newer than those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stashsync.errors import StashCapabilityError, StashFilterError
from stashsync.kinds import Release, release_text
from stashsync.kinds.capabilities import OLDEST
from stashsync.store.criteria import CRITERIA, LOOKUPS, raw
from stashsync.store.filter_facts import NEWEST
from stashsync.store.filter_names import real_name, suggestion
from stashsync.store.filter_oddities import as_meant, ensure_both, joined
from stashsync.store.filter_schema import (
    LOGIC,
    FilterField,
    FilterSchema,
    FilterTable,
    introspect,
    recorded,
)
from stashsync.unset import UNSET

if TYPE_CHECKING:
    from stashsync.store.protocol import Client

Lookups = Mapping[str, Any]
Filter = dict[str, Any]


def compile_filter(
    filter_type: str,
    lookups: Lookups,
    *,
    schema: FilterSchema | None = None,
    release: Release | None = None,
) -> Filter:
    """Return the filter of a type ("SceneFilterType") that all of `lookups` must pass.

    A key is a field, a field and a lookup (`rating100__gte`), or a relation, a field of the related
    object and a lookup (`performers__name__contains`). Without a lookup a value must be equal; of a
    list of related objects all must be there; None means "has none". A dict is a criterion or a
    nested filter as the server takes it. AND, OR and NOT take further lookups.

    Raises:
        StashFilterError: a field, a lookup or a value that there is none of; it is a ValueError.
        StashCapabilityError: `release` lacks a field.
    """
    table = (schema or recorded())[filter_type]
    levels: list[Filter] = [{}]
    logic: Filter = {}
    nested: dict[str, dict[str, Any]] = {}
    for key, value in lookups.items():
        if key in LOGIC and table.logic:
            logic[key] = compile_filter(filter_type, _mapping(key, value), schema=schema,
                                        release=release)  # fmt: skip
            continue
        field, lookup, rest = _take_apart(table, key)
        _must_have(table, field, release)
        if rest or field.type in (schema or recorded()):
            further = {rest: value} if rest else _mapping(key, value)
            nested.setdefault(field.name, {}).update(further)
            continue
        by_hand = isinstance(value, Mapping)  # it goes as it was written
        for criterion in _criteria(key, field, lookup, value):
            meant = criterion if by_hand else as_meant(filter_type, field.name, criterion)
            _place(levels, filter_type, field, meant)
    for name, further in nested.items():
        inner = table.fields[name].type
        levels[0][name] = compile_filter(inner, further, schema=schema, release=release)
    return _joined(table, levels, logic)


def unwrap(filter_type: str, given: Mapping[str, Any]) -> Filter:
    """Return a filter as the server takes it, from one that was written by hand.

    Flags given as criteria (`{"organized": {"value": False, "modifier": "EQUALS"}}`) become what
    the schema wants, on every level; everything else stays as it is, known here or not.
    """
    table = recorded()[filter_type]
    result: Filter = {}
    for name, value in given.items():
        field = table.fields.get(name)
        inner = filter_type if name in LOGIC else field.type if field else ""
        if not isinstance(value, Mapping):
            result[name] = value
        elif inner in recorded():
            result[name] = unwrap(inner, value)
        else:
            result[name] = raw(inner, value)
    return result


class FilterCompiler:
    """Compiles filters for the server of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._schema: FilterSchema | None = None
        self._lock = asyncio.Lock()

    async def compile(self, filter_type: str, lookups: Lookups) -> Filter:
        """Compile a filter by what this server has; a newer server than known is asked once.

        Raises:
            StashFilterError, StashCapabilityError: as `compile_filter`.
            StashConnectionError, StashServerError: the server could not be asked what it has.
        """
        if not lookups:
            return {}
        server = await self._client.capabilities()
        release = server.release
        if release is not None and OLDEST <= release < NEWEST:
            return compile_filter(filter_type, lookups, release=release)
        async with self._lock:
            if self._schema is None:
                self._schema = await introspect(self._client.execute)
        if filter_type not in self._schema:
            raise server.lacks(filter_type)
        return compile_filter(filter_type, lookups, schema=self._schema)


def _mapping(key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise StashFilterError(f"{key} wants a filter as a dict, not {value!r}")
    return value


def _take_apart(table: FilterTable, key: str) -> tuple[FilterField, str, str]:
    """Return the field of a key with its lookup, or with the rest of the key.

    Raises:
        StashFilterError: there is no such field.
    """
    name, _, rest = key.partition("__")
    real = real_name(table, name)
    related = next((n for n in (f"{name}_filter", f"{real}_filter") if n in table.fields), None)
    if not rest or rest in LOOKUPS:
        if real is None:
            hint = suggestion(name, table.fields)
            raise StashFilterError(f"{_what(table)} cannot be filtered by {name!r}", hint=hint)
        return table.fields[real], rest or "exact", ""
    first = rest.partition("__")[0]
    if real is not None and real.endswith("_filter"):
        return table.fields[real], "", rest
    if related is not None and first not in LOOKUPS:
        return table.fields[related], "", rest
    known: Iterable[str] = CRITERIA.get(table.fields[real].type, {}) if real else ()
    hint = suggestion(rest if real else name, dict.fromkeys(known) if real else table.fields)
    if real is None:
        raise StashFilterError(f"{_what(table)} cannot be filtered by {name!r}", hint=hint)
    if table.fields[real].type.endswith("MultiCriterionInput"):
        raise StashFilterError(
            f"{key}: the server does not look into {real!r}, it compares which objects they are",
            hint=f"Find those first, and ask for {real}__in=[...] with them.",
        )
    raise StashFilterError(f"{key}: there is no lookup {rest!r} of {real!r}", hint=hint)


def _must_have(table: FilterTable, field: FilterField, release: Release | None) -> None:
    if release is not None and release < field.since:
        raise StashCapabilityError(
            f"this server ({release_text(release)}) cannot filter {_what(table).lower()} by"
            f" {field.name!r}; that needs {release_text(field.since)} or later"
        )


def _criteria(key: str, field: FilterField, lookup: str, value: Any) -> list[Any]:
    """Return what must hold of the field, as criteria that the server takes."""
    lookups = CRITERIA.get(field.type)
    is_criterion = field.type == "Boolean" or field.type.endswith("CriterionInput")
    if lookup == "exact" and isinstance(value, Mapping) and is_criterion:
        return [raw(field.type, value)]
    if lookups is None:
        if lookup != "exact":
            raise StashFilterError(f"{key}: {field.type} is only taken as the server wants it")
        return [value]
    if value is UNSET:
        raise StashFilterError(f"{key} is UNSET: there is nothing to compare with")
    if lookup not in lookups:
        hint = f"There are: {', '.join(lookups)}."
        raise StashFilterError(f"{key}: there is no lookup {lookup!r} of {field.name!r}", hint=hint)
    try:
        return lookups[lookup](value)
    except StashFilterError as error:
        raise StashFilterError(f"{key} {error.message}", hint=error.hint) from None


def _place(levels: list[Filter], filter_type: str, field: FilterField, criterion: Any) -> None:
    """Put a criterion on the first level whose field is free, or has room for both."""
    name = field.name
    for level in levels:
        if name not in level:
            level[name] = criterion
            return
        both = joined(field.type, level[name], criterion)
        if both is not None:
            level[name] = both
            return
    ensure_both(filter_type, name, levels[0][name], criterion)
    levels.append({name: criterion})


def _joined(table: FilterTable, levels: list[Filter], logic: Filter) -> Filter:
    """Return all levels as one filter; the last one also has the wanted AND, OR or NOT."""
    if len(logic) > 1:
        raise StashFilterError(
            f"a filter has room for one of AND, OR and NOT, not for {' and '.join(logic)}",
            hint="Nest them: AND={'...': ..., 'NOT': {...}}.",
        )
    if "OR" in logic and len(levels) > 1:
        raise StashFilterError(
            "beside OR each field can be compared only once",
            hint="Put what must hold in any case on a level of its own: AND={'OR': {...}, ...}.",
        )
    if len(levels) > 1 and not table.logic:
        raise StashFilterError(f"{table.name} takes one criterion a field")
    result: Filter = {**levels[-1], **logic}
    for level in reversed(levels[:-1]):
        result = {**level, "AND": result}
    return result


def _what(table: FilterTable) -> str:
    """`SceneMarkerFilterType` in words: Scene markers."""
    name = table.name.removesuffix("Type").removesuffix("Input").removesuffix("Filter")
    words = "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()
    plural = f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"
    return plural.capitalize()
