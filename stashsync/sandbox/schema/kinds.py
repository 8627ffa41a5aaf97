"""The types, queries and mutations of the kinds, derived from their tables.

What the tables say of a field (names, types, since when) is taken from there. Written here is
only what clients can ask of these kinds on any Stash beyond their settable fields: ids, time
stamps, counts, deprecated spellings (docs/stash-behaviour.md#mutations).
"""

from __future__ import annotations

from stashsync.fields import Choice
from stashsync.kinds import KINDS, FieldSpec, Kind
from stashsync.sandbox.releases import release_key
from stashsync.sandbox.schema.tables import Field, Table, as_field

_DEPTH = {"depth": "Int"}
_URLS = "Use urls"
_GROUPS = "use group_count instead"


def _counts(*names: str, movies: bool = True, deep: bool = True) -> dict[str, Field]:
    args = _DEPTH if deep else {}
    counts = {f"{name}_count": Field("Int!", args=args) for name in names}
    if movies:
        counts["movie_count"] = Field("Int!", args=args, deprecated=_GROUPS)
    return counts


_LEGACY = {
    "studio": {"url": Field("String", deprecated=_URLS, deprecated_since="0.30.0")},
    "performer": dict.fromkeys(("url", "twitter", "instagram"), Field("String", deprecated=_URLS)),
}
"""Single addresses, from before there was a list of them; both read and written."""

_OUTPUTS: dict[str, Table] = {
    "tag": {
        **_counts("scene", "scene_marker", "image", "gallery", "performer", "studio", "group"),
        "parent_count": "Int!",
        "child_count": "Int!",
    },
    "studio": {
        **_LEGACY["studio"],
        **_counts("scene", "image", "gallery", "performer", "group"),
        "o_counter": Field("Int", since="0.30.0"),
        "groups": "[Group!]!",
        "movies": Field("[Movie!]!", deprecated="use groups instead"),
    },
    "performer": {
        **_LEGACY["performer"],
        **_counts("scene", "image", "gallery", "group", "performer", deep=False),
        "o_counter": "Int",
        "scenes": "[Scene!]!",
        "groups": "[Group!]!",
        "movies": Field("[Movie!]!", deprecated="use groups instead"),
    },
}

_INPUTS: dict[str, Table] = {
    "tag": {"child_ids": "[ID!]"},
    "studio": _LEGACY["studio"],
    "performer": _LEGACY["performer"],
}

_NOT_IN_BULK = {"name", "sort_name", "image", "stash_ids"}
"""What differs from object to object has no place in a bulk update."""

_BULK: dict[str, tuple[Field, set[str], Table]] = {
    "tag": (Field("[ID!]"), set(), {}),
    "studio": (Field("[ID!]!", since="0.30.0"), {"aliases"}, {}),
    "performer": (Field("[ID!]"), set(), {"clientMutationId": "String"}),
}
"""Per kind: the type of `ids`, what else cannot be changed in bulk, what is there besides."""

_BULK_TYPES = {"[String!]": "BulkUpdateStrings", "[ID!]": "BulkUpdateIds"}

OBJECTS: dict[str, Table] = {
    "StashID": {
        "endpoint": "String!",
        "stash_id": "String!",
        "updated_at": Field("Time!", since="0.28.0"),
    },
}
INPUTS: dict[str, Table] = {
    "StashIDInput": {
        "endpoint": "String!",
        "stash_id": "String!",
        "updated_at": Field("Time", since="0.28.0"),
    },
    "CustomFieldsInput": {
        "full": Field("Map", since="0.28.0"),
        "partial": Field("Map", since="0.28.0"),
        "remove": Field("[String!]", since="0.30.0"),
    },
    "BulkUpdateStrings": {"values": "[String!]", "mode": "BulkUpdateIdMode!"},
    "BulkUpdateIds": {"ids": "[ID!]", "mode": "BulkUpdateIdMode!"},
    "TagsMergeInput": {
        "source": "[ID!]!",
        "destination": "ID!",
        "values": Field("TagUpdateInput", since="0.31.0"),
    },
    "PerformerMergeInput": {
        "source": Field("[ID!]!", since="develop"),
        "destination": Field("ID!", since="develop"),
        "values": Field("PerformerUpdateInput", since="develop"),
    },
}
ENUMS: dict[str, tuple[str, ...]] = {"BulkUpdateIdMode": ("SET", "ADD", "REMOVE")}
QUERIES: dict[str, str | Field] = {}
MUTATIONS: dict[str, str | Field] = {
    "tagsMerge": Field("Tag", args={"input": "TagsMergeInput!"}),
    "performerMerge": Field("Performer!", since="develop", args={"input": "PerformerMergeInput!"}),
}

_ALL_DEPRECATED = {
    "tag": "Use findTags instead",
    "studio": "Use findStudios instead",
    "performer": None,
}
_MORE_FIND_ARGS: dict[str, dict[str, str]] = {"performer": {"performer_ids": "[Int!]"}}


def _since(spec: FieldSpec) -> str:
    return ".".join(str(part) for part in spec.since)


def _object(kind: Kind) -> Table:
    fields: dict[str, str | Field] = {"id": "ID!"}
    for spec in kind.fields.values():
        fields[spec.output] = Field(spec.output_type, since=_since(spec))
        if spec.inverse is not None and spec.meaning.references() == kind.name:
            fields[spec.inverse.output or spec.inverse.name] = f"[{kind.type_name}!]!"
    return {**fields, "created_at": "Time!", "updated_at": "Time!", **_OUTPUTS[kind.name]}


def _create(kind: Kind) -> Table:
    fields = {s.input: Field(s.create_type, since=_since(s)) for s in kind.fields.values()}
    return {**fields, **_INPUTS[kind.name]}


def _update(kind: Kind) -> Table:
    fields = {s.input: Field(s.update_type, since=_since(s)) for s in kind.fields.values()}
    return {"id": "ID!", **fields, **_INPUTS[kind.name]}


def _bulk(kind: Kind) -> Table:
    ids, left_out, more = _BULK[kind.name]
    fields: dict[str, str | Field] = {**more, "ids": ids}
    for name, spec in _update(kind).items():
        if name == "id" or name in _NOT_IN_BULK or name in left_out:
            continue
        one = as_field(spec)
        fields[name] = Field(
            _BULK_TYPES.get(one.type, one.type),
            since=_later(one.since, ids.since),
            deprecated=one.deprecated,
            deprecated_since=one.deprecated_since,
        )
    return fields


def _later(one: str | None, other: str | None) -> str | None:
    """The release since which both are there; None where both always were."""
    return max((r for r in (one, other) if r is not None), key=release_key, default=None)


def _declare(kind: Kind) -> None:
    """Adds everything that this kind brings to the tables above."""
    type_name, plural = kind.type_name, kind.find_many.removeprefix("find")
    for spec in kind.fields.values():
        if isinstance(spec.meaning, Choice):
            ENUMS[spec.meaning.enum] = tuple(spec.meaning.values)
    bulk_since = _BULK[kind.name][0].since

    OBJECTS[type_name] = _object(kind)
    OBJECTS[f"Find{plural}ResultType"] = {"count": "Int!", kind.plural: f"[{type_name}!]!"}
    INPUTS[kind.create_input] = _create(kind)
    INPUTS[kind.update_input] = _update(kind)
    INPUTS[f"Bulk{type_name}UpdateInput"] = _bulk(kind)
    INPUTS[f"{type_name}DestroyInput"] = {"id": "ID!"}
    QUERIES[kind.find_one] = Field(type_name, args={"id": "ID!"})
    QUERIES[kind.find_many] = Field(
        f"Find{plural}ResultType!",
        args={
            kind.filter_argument: kind.filter_type,
            "filter": "FindFilterType",
            **_MORE_FIND_ARGS.get(kind.name, {}),
            "ids": "[ID!]",
        },
    )
    QUERIES[f"all{plural}"] = Field(f"[{type_name}!]!", deprecated=_ALL_DEPRECATED[kind.name])
    MUTATIONS[kind.create_mutation] = Field(type_name, args={"input": f"{kind.create_input}!"})
    MUTATIONS[kind.update_mutation] = Field(type_name, args={"input": f"{kind.update_input}!"})
    MUTATIONS[f"bulk{type_name}Update"] = Field(
        f"[{type_name}!]", since=bulk_since, args={"input": f"Bulk{type_name}UpdateInput!"}
    )
    MUTATIONS[f"{kind.name}Destroy"] = Field(
        "Boolean!", args={"input": f"{type_name}DestroyInput!"}
    )
    MUTATIONS[f"{kind.plural}Destroy"] = Field("Boolean!", args={"ids": "[ID!]!"})


# A kind that has no rules here is left out, as on a server whose release does not know it.
for _kind in KINDS.values():
    if _kind.name in _OUTPUTS:
        _declare(_kind)
