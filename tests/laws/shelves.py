"""The content of a sandbox as plain facts, and the wishes of a script as such facts.

A fact is one thing that can be edited by itself:

    ("value", "scene", "3", "title")     → "Harbour"
    ("key", "performer", "1", "lens")    → "macro"          one custom field
    ("one", "made", "3")                 → "2"              the studio of the scene 3
    ("pair", "tagged", "3", "7")         → True             the scene 3 bears the tag 7
    ("pair", "numbered", "3", "1")       → (4,)             and is number 4 in the group 1

In a wish objects stand for the ids: they may have none yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from stashsync.entities import Entity
from stashsync.kinds import ENTITIES
from stashsync.unset import UNSET
from stashsync.wire.exchange import GraphQLTransport

Fact = tuple[Any, ...]


@dataclass(frozen=True)
class Bond:
    """A relation and its two ends; `to_one` where the near end has at most one."""

    name: str
    near: str
    field: str
    far: str
    back: str
    to_one: bool = False
    extra: str = ""
    settable: bool = False
    """Whether the far end is saved by an input of its own, as a whole list."""


BONDS: Final = {
    bond.name: bond
    for bond in (
        Bond("tagged", "scene", "tags", "tag", "scenes"),
        Bond("cast", "scene", "performers", "performer", "scenes"),
        Bond("made", "scene", "studio", "studio", "scenes", to_one=True),
        Bond("shown", "scene", "galleries", "gallery", "scenes", settable=True),
        Bond("numbered", "scene", "groups", "group", "scenes", extra="scene_index"),
        Bond("labelled", "performer", "tags", "tag", "performers"),
        Bond("under", "tag", "parents", "tag", "children", settable=True),
        Bond("owned", "studio", "parent", "studio", "children", to_one=True),
        Bond("within", "group", "containing_groups", "group", "sub_groups",
             extra="description", settable=True),
    )
}  # fmt: skip

VALUES: Final = {
    "scene": ("title", "details", "rating100", "organized", "urls", "stash_ids"),
    "tag": ("description", "favorite", "aliases"),
    "studio": ("details", "rating100", "urls"),
    "performer": ("details", "gender", "aliases", "urls"),
    "group": ("synopsis", "duration", "urls"),
    "gallery": ("title", "urls"),
}
KINDS: Final = tuple(VALUES)


def plain(value: Any) -> Any:
    """Return a value for comparison: an empty text is null for the server."""
    if isinstance(value, list):
        pairs = [item for item in value if isinstance(item, dict)]
        return sorted((pair["endpoint"], pair["stash_id"]) for pair in pairs) if pairs else [*value]
    return "" if value is None else value


_SELECTIONS = {
    "scene": "title details rating100 organized urls stash_ids { endpoint stash_id } "
    "studio { id } tags { id } performers { id } galleries { id } "
    "groups { group { id } scene_index }",
    "tag": "description favorite aliases parents { id }",
    "studio": "details rating100 urls parent_studio { id }",
    "performer": "details gender alias_list urls custom_fields tags { id }",
    "group": "synopsis duration urls containing_groups { group { id } description }",
    "gallery": "title urls",
}
_DOCUMENT = "{{ {} }}".format(
    " ".join(
        f"{kind}: {ENTITIES[kind].find_many}(filter: {{per_page: -1}})"
        f" {{ found: {ENTITIES[kind].plural} {{ id {fields} }} }}"
        for kind, fields in _SELECTIONS.items()
    )
)


async def facts_of(transport: GraphQLTransport) -> dict[Fact, Any]:
    """Return all facts that the server holds."""
    answer = await transport.send(_DOCUMENT)
    facts: dict[Fact, Any] = {}
    for kind, found in answer.data_or_raise().items():
        for row in found["found"]:
            facts["there", kind, row["id"]] = True
            for name in VALUES[kind]:
                output = ENTITIES[kind].all_fields[name].output
                facts["value", kind, row["id"], name] = plain(row[output])
            for name, value in (row.get("custom_fields") or {}).items():
                facts["key", kind, row["id"], name] = value
            facts |= _bonds(kind, row)
    return facts


def _bonds(kind: str, row: dict[str, Any]) -> Iterator[tuple[Fact, Any]] | dict[Fact, Any]:
    facts: dict[Fact, Any] = {}
    for bond in BONDS.values():
        if bond.near != kind:
            continue
        value = row[ENTITIES[kind].all_fields[bond.field].output]
        if bond.to_one:
            facts["one", bond.name, row["id"]] = value["id"] if value else None
            continue
        for item in value:
            other = item["group"] if bond.extra else item
            shown = (item[bond.extra],) if bond.extra else True
            facts["pair", bond.name, row["id"], other["id"]] = shown
    return facts


def absent(fact: Fact) -> Any:
    """Return the value of a fact that the server does not have."""
    return None if fact[0] in ("one", "key") else False


def by_id(fact: Fact) -> Fact:
    """Return a fact with ids for objects."""
    return tuple(item.id if isinstance(item, Entity) else item for item in fact)


def same(wanted: Any, held: Any) -> bool:
    """Return whether the server holds what was wanted."""
    if isinstance(wanted, Entity):
        return bool(held == wanted.id)
    if isinstance(wanted, tuple):
        return isinstance(held, tuple) and (held[0] or None) == (wanted[0] or None)
    if isinstance(wanted, bool):
        return bool(held) == wanted
    return bool(plain(held) == plain(wanted))


def shown(fact: Fact, wanted: Any = None) -> Iterator[Any]:
    """Yield what the loaded fields of the objects in a fact show of it: one answer for each end."""
    form, *rest = fact
    if form == "value":
        _, entity, name = rest
        if (value := getattr(entity, name)) is not UNSET:
            yield plain(value)
    elif form == "key":
        _, entity, name = rest
        if entity.custom_fields is not UNSET:
            yield entity.custom_fields.get(name)
    elif form == "one":
        bond, entity = BONDS[rest[0]], rest[1]
        if (value := getattr(entity, bond.field)) is not UNSET:
            yield value.id if value else None
        if isinstance(wanted, Entity) and (members := getattr(wanted, bond.back)) is not UNSET:
            yield wanted.id if entity in members else None
    else:
        bond, near, far = BONDS[rest[0]], rest[1], rest[2]
        for owner, field, other in ((near, bond.field, far), (far, bond.back, near)):
            if (members := getattr(owner, field)) is not UNSET:
                yield _membership(members, other)


def _membership(members: list[Any], other: Entity) -> Any:
    for member in members:
        if isinstance(member, Entity):
            if member.id == other.id:
                return True
        elif member.group.id == other.id:
            extra = (
                member.scene_index
                if "scene_index" in type(member).model_fields
                else member.description
            )
            return (extra,)
    return False


def same_shown(wanted: Any, seen: Any) -> bool:
    """Compare like `same`, but at the far end of memberships only whether there is one."""
    if isinstance(wanted, tuple) and seen is True:
        return True
    if wanted is False or isinstance(wanted, bool):
        return bool(seen) == bool(wanted) or (seen == (None,) and wanted)
    return same(wanted, seen)


def fingerprint(value: Any) -> bytes:
    """Equal for equal inputs."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
