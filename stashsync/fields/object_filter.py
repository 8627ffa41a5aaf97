"""The criteria of a saved filter, which name objects.

    server:    tags: {value: {items: [{id: "3", label: Travel}], excluded: [], depth: 0},
                      modifier: INCLUDES_ALL}
    manifest:  tags: [Travel]                  or  tags: {value: {items: [Travel], …}, modifier: …}

The server keeps criteria as its pages write them and does not look into them. A member that is a
name in a manifest stands for `{id, label}` on the server; the label is what the pages show and is
not compared. Canonical values are what the server has, but that a name has the key `NAME` until the
planner turns it into an id. What is not in the form of those pages is kept as it is.

Source: docs/stash-behaviour.md#saved-filters
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from stashsync.fields.base import Json, Value
from stashsync.fields.lists import MEMBER_SCHEMA, one_name
from stashsync.fields.names import fold
from stashsync.fields.plain_json import JsonMap, json_of, same_json
from stashsync.fields.raw import Raw, RawList, RawMap, Wrong, describe, parse_each, parse_list

Path: TypeAlias = tuple[str | int, ...]
_LISTS: Final = ("items", "excluded")
AS_IS: Final = "as_is"
"""The key under which a criterion of another form than the pages' is kept as it is."""
NAME: Final = "name in a manifest"
"""The key of a member that is a name: one that no page writes."""


class Criterion(NamedTuple):
    """A criterion that names objects: their kind, and what a list of names alone stands for.

    `modifier` is "" where a list alone would not tell what kind is meant.
    """

    kind: str
    modifier: str = ""
    deep: bool = True


_ALL, _ANY = "INCLUDES_ALL", "INCLUDES"
CRITERIA: Final[Mapping[str, Criterion]] = {
    "tags": Criterion("tag", _ALL),
    "performer_tags": Criterion("tag", _ALL),
    "scene_tags": Criterion("tag", _ALL),
    "children": Criterion("tag", _ALL),
    "parents": Criterion("tag"),  # of a studio they are studios, in a list without depth
    "studios": Criterion("studio", _ANY),
    "performers": Criterion("performer", _ALL, deep=False),
    "groups": Criterion("group", _ANY),
    "movies": Criterion("group", _ANY),
    "containing_groups": Criterion("group", _ANY),
    "sub_groups": Criterion("group", _ANY),
}
_FLAT_PARENTS: Final = "studio"
FORM: Final = frozenset({*_LISTS, "id", "label", "value", "modifier", "depth"})
"""The keys within a criterion of the pages."""


class Lists(NamedTuple):
    """Where a criterion names objects of a kind: in these lists of its value, or in the value."""

    kind: str
    keys: tuple[str, ...]


class ObjectFilter(JsonMap):
    """The criteria of a saved filter, by their name."""

    inner_kinds: ClassVar[tuple[str, ...]] = ("tag", "studio", "performer", "group")
    """The kinds whose objects a value may name."""

    # -- in manifests ----------------------------------------------------------------------------

    def parse_entries(self, raw: RawMap) -> dict[str, Json]:
        entries = ((name, (name, inner)) for name, inner in raw.items())
        return dict(zip(raw, parse_each(entries, self._criterion), strict=True))

    def _criterion(self, entry: tuple[str, Raw]) -> Json:
        name, raw = entry
        known = CRITERIA.get(name)
        if known is None:
            return json_of(raw)
        if isinstance(raw, RawList) and known.modifier:
            return _short(known, parse_list(raw, _member))
        if not isinstance(raw, RawMap):
            short = f"write {name}: [one, two], or " if known.modifier else "write "
            form = f"{name}: {{modifier: {known.modifier or _ALL}, value: {{items: [one, two]}}}}"
            raise Wrong(f"a criterion is wanted here, not {describe(raw)}", short + form)
        if raw.keys() == {AS_IS}:
            return parse_each([(AS_IS, raw[AS_IS])], json_of)[0]
        values = parse_each(((key, (key, inner)) for key, inner in raw.items()), _part)
        return dict(zip(raw, values, strict=True))

    def json_schema(self) -> dict[str, Any]:
        member = {
            "type": "object",
            "properties": {"id": {"type": ["string", "number"]}, "label": MEMBER_SCHEMA},
            "required": ["id"],
            "additionalProperties": False,
        }
        members = {"type": "array", "items": {"anyOf": [MEMBER_SCHEMA, member]}}
        lists = {"type": "object", "properties": dict.fromkeys(_LISTS, members)}
        plain = {"type": ["string", "number", "boolean", "null"]}
        criterion = {
            "type": "object",
            "properties": {"value": {"anyOf": [members, lists, plain]}},
        }
        either = {"anyOf": [members, criterion]}
        properties = {
            name: either if known.modifier else criterion for name, known in CRITERIA.items()
        }
        return {"type": ["object", "null"], "properties": properties}

    def written(self, observed: Value) -> Value:
        """Return the value by ids, without labels and in an order that means nothing."""
        return {
            name: _replaced(name, criterion, lambda _, members: sorted(map(_bare, members)))
            for name, criterion in (observed or {}).items()
        }

    def named(
        self,
        value: Value,
        name_of: Callable[[str, str], str | None],
        *,
        short: bool = True,
        like: Value = None,
    ) -> Value:
        """Return the value as manifests have it.

        Args:
            value: canonical, with ids.
            name_of: gives the name by which manifests know an object, by kind and id; what has
                none stays as the server has it.
            short: whether a criterion that a list of names can stand for becomes one.
            like: a canonical value; members that it has too stand in its order, ahead of others.
        """
        order: dict[tuple[str, str], int] = {}
        for each in self.ids_in(like):
            order.setdefault(each, len(order))

        def names(kind: str, members: list[Json]) -> list[Json]:
            found = [(member["id"], name_of(kind, member["id"]) or member) for member in members]
            found.sort(key=lambda each: (order.get((kind, each[0]), len(order)), _order(each[1])))
            return [each for _, each in found]

        found: dict[str, Json] = {}
        for name, criterion in (value or {}).items():
            if name in CRITERIA and not _is_readable(name, criterion):
                found[name] = {AS_IS: criterion}
                continue
            written = _replaced(name, criterion, names)
            found[name] = self.shortest(name, written) if short else written
        return found

    def shortest(self, name: str, value: Json) -> Json:
        """Return a criterion as the list of names that can stand for it, or as it is."""
        known = CRITERIA.get(name)
        if known is None or not known.modifier or not isinstance(value, dict):
            return value
        lists = value.get("value")
        items = lists.get("items") if isinstance(lists, dict) else None
        return items if items and same_json(value, _short(known, items)) else value

    def alike(
        self, before: Value, after: Value, name_of: Callable[[str, str], str | None]
    ) -> tuple[Value, Value]:
        """Return two values as `named` does, each criterion in one form in both."""
        sides = [self.named(value, name_of) for value in (before, after)]
        whole = [self.named(value, name_of, short=False) for value in (before, after)]
        for name in sides[0].keys() & sides[1].keys():
            if not all(isinstance(side[name], list) for side in sides):
                for side, other in zip(sides, whole, strict=True):
                    side[name] = other[name]
        return sides[0], sides[1]

    # -- the objects that a value names ----------------------------------------------------------

    def kind_in(self, name: str, *, flat: bool) -> str | None:
        """Return the kind that a criterion names: `flat`, in a list without depth."""
        known = CRITERIA.get(name)
        return None if known is None else _kind(name, known, flat=flat)

    def names_in(self, value: Value) -> Iterator[tuple[str, str, str]]:
        """Yield every object that a desired value names: criterion, kind and name."""
        return (
            (name, kind, member[NAME]) for name, kind, member in _members(value) if NAME in member
        )

    def ids_in(self, value: Value) -> Iterator[tuple[str, str]]:
        """Yield the kind and the id, or the placeholder, of every object that a value names."""
        return ((kind, member["id"]) for _, kind, member in _members(value) if "id" in member)

    def resolve(self, value: Value, of: Callable[[str, str, str], tuple[str, str] | None]) -> Value:
        """Return a desired value with ids for names.

        Args:
            value: the desired value.
            of: gives the id and the label, by criterion, kind and name; None where it reported
                that there is none.
        """

        def resolved(name: str, kind: str, member: Json) -> Json:
            if NAME not in member:
                return member
            found = of(name, kind, member[NAME])
            return member if found is None else {"id": found[0], "label": found[1]}

        return _each(value, resolved)

    def rename(self, value: Value, of: Callable[[str, str], str | None]) -> Value:
        """Return a desired value with other names in it, by kind and name; None takes one out."""

        def renamed(kind: str, members: list[Json]) -> list[Json]:
            names = [of(kind, each[NAME]) if NAME in each else "" for each in members]
            return [
                {NAME: name} if name else each
                for name, each in zip(names, members, strict=True)
                if name is not None
            ]

        return value and {
            name: _replaced(name, criterion, renamed) for name, criterion in value.items()
        }

    def exchange(
        self,
        value: Value,
        of: Callable[[str, str], str | None],
        labels: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ) -> Value:
        """Return a value with other ids in it, none twice; where `of` gives None, one stays.

        `labels` has new labels, by the kind and the new id.
        """

        def exchanged(kind: str, members: list[Json]) -> list[Json]:
            news = [of(kind, member["id"]) if "id" in member else None for member in members]
            if not any(news):
                return members
            found = [
                {**member, "id": new, **_labelled(labels.get((kind, new)))} if new else member
                for member, new in zip(members, news, strict=True)
            ]
            return list({_bare(member): member for member in reversed(found)}.values())[::-1]

        return value and {
            name: _replaced(name, criterion, exchanged) for name, criterion in value.items()
        }

    def same(self, value: Value, other: Value) -> bool:
        return same_json(self.written(value), self.written(other))


# -- the form of the pages ------------------------------------------------------------------------


def lists_of(name: str, criterion: Json) -> Lists | None:
    """Return where a criterion names objects; None where it does not, or in an unknown form."""
    known = CRITERIA.get(name)
    value = criterion.get("value") if known is not None and isinstance(criterion, dict) else None
    if known is None or not isinstance(value, dict | list):
        return None
    keys = tuple(key for key in _LISTS if key in value) if isinstance(value, dict) else ()
    lists = [value[key] for key in keys] if isinstance(value, dict) else [value]
    if not lists or not all(
        isinstance(each, list) and all(map(_is_member, each)) for each in lists
    ):
        return None
    return Lists(_kind(name, known, flat=not keys), keys)


def _kind(name: str, known: Criterion, *, flat: bool) -> str:
    return _FLAT_PARENTS if flat and name == "parents" else known.kind


def _is_member(member: Json) -> bool:
    if not isinstance(member, dict):
        return False
    id_, label = member.get("id"), member.get("label", "")
    with_id = member.keys() <= {"id", "label"} and isinstance(id_, str) and isinstance(label, str)
    return (with_id and id_ != "") or member.keys() == {NAME}


def _is_readable(name: str, criterion: Json) -> bool:
    """Whether a known criterion is read again as what it is."""
    if not isinstance(criterion, dict) or criterion.keys() == {AS_IS}:
        return False
    value = criterion.get("value")
    has_lists = isinstance(value, list) or (
        isinstance(value, dict) and not value.keys().isdisjoint(_LISTS)
    )
    return not has_lists or lists_of(name, criterion) is not None


def _replaced(name: str, criterion: Json, change: Callable[[str, list[Json]], list[Json]]) -> Json:
    """Return a criterion with other members."""
    lists = lists_of(name, criterion)
    if lists is None:
        return criterion
    value = criterion["value"]
    if lists.keys:
        value = {**value, **{key: change(lists.kind, value[key]) for key in lists.keys}}
    else:
        value = change(lists.kind, value)
    return {**criterion, "value": value}


def _each(value: Value, change: Callable[[str, str, Json], Json]) -> Value:
    def changed(name: str) -> Callable[[str, list[Json]], list[Json]]:
        return lambda kind, members: [change(name, kind, each) for each in members]

    return value and {
        name: _replaced(name, criterion, changed(name)) for name, criterion in value.items()
    }


def _members(value: Value) -> Iterator[tuple[str, str, Json]]:
    for name, criterion in (value or {}).items():
        lists = lists_of(name, criterion)
        if lists is not None:
            inner = criterion["value"]
            for members in [inner[key] for key in lists.keys] or [inner]:
                yield from ((name, lists.kind, member) for member in members)


def _order(member: Json) -> tuple[bool, str, str]:
    """Put names first, as people look for them."""
    text = member if isinstance(member, str) else str(member["id"])
    return not isinstance(member, str), fold(text), text


def _labelled(label: str | None) -> dict[str, str]:
    return {} if label is None else {"label": label}


def _bare(member: Json) -> str:
    return str(member["id"] if "id" in member else member[NAME])


# -- members as manifests have them ---------------------------------------------------------------


def _part(entry: tuple[str, Raw]) -> Json:
    """Read an entry of a criterion that names objects."""
    key, raw = entry
    if key == "value" and isinstance(raw, RawList):
        return parse_list(raw, _member)
    if key == "value" and isinstance(raw, RawMap):
        values = parse_each(((key, (key, inner)) for key, inner in raw.items()), _list)
        return dict(zip(raw, values, strict=True))
    return json_of(raw)


def _list(entry: tuple[str, Raw]) -> Json:
    key, raw = entry
    if key not in _LISTS:
        return json_of(raw)
    if not isinstance(raw, RawList):
        raise Wrong(f"a list is wanted here, not {describe(raw)}", "write [one, two]")
    return parse_list(raw, _member)


def _member(raw: Raw) -> Json:
    """Read a name, or what the server has where no name means the object."""
    if not isinstance(raw, RawMap):
        return {NAME: one_name(raw)}
    member = {key: inner if inner is None else str(inner) for key, inner in json_of(raw).items()}
    if not _is_member(member) or NAME in member:
        raise Wrong("a member is a name, or {id, label}", "write the name alone")
    return member


def _short(known: Criterion, members: list[Json]) -> Json:
    """Return what a list of members alone stands for: what the server's pages begin with."""
    depth = {"depth": 0} if known.deep else {}
    return {"value": {"items": members, "excluded": [], **depth}, "modifier": known.modifier}
