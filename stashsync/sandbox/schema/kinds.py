"""The types, queries and mutations of the kinds, derived from their tables.

Names, types and first releases of fields are taken from there. Written here is only what a real
server has of a kind beyond its fields, or lacks.

Source: docs/stash-behaviour.md#mutations
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from stashsync.fields import (
    Choice,
    Date,
    FarEnd,
    Flag,
    Integer,
    Meaning,
    Memberships,
    Name,
    Number,
    Opaque,
    Picture,
    Ref,
    Refs,
    Shown,
    StashIds,
    Text,
)
from stashsync.kinds import ENTITIES, FieldSpec, Kind
from stashsync.sandbox.releases import release_key
from stashsync.sandbox.schema.filters import FILTERS
from stashsync.sandbox.schema.tables import Table, TypeField, as_field, each, since

_URL = TypeField("String", deprecated="Use urls")
_OF_CLIENTS: Table = {"clientMutationId": "String"}
_DELETES: Table = {
    **each("Boolean", "delete_file delete_generated"),
    "destroy_file_entry": TypeField("Boolean", since="0.31.0"),
}
_FIND_ONE: Table = {"id": "ID!"}
_FIND_BY_CHECKSUM: Table = {"id": "ID", "checksum": "String"}
_IDS: Table = {"ids": "[ID!]!"}
_MANY = TypeField("[ID!]")


def _unsupported(what: str) -> TypeField:
    return TypeField("Int", deprecated=f"Unsupported - Use {what}")


class More(Struct, frozen=True):
    """What a server has of a kind beyond its fields, and what it lacks.

    Attributes:
        outputs: output fields.
        inputs: fields of both inputs.
        updates: fields of the update input.
        found: fields of a find's answer beside the count and the list.
        bulk: fields of the bulk input, or their other types.
        not_in_bulk: fields that the bulk input lacks.
        bulk_ids: the type of the bulk input's ids; None where there is no bulk update.
        find_one: the arguments of the query for one object; None where there is no such query.
        find_many: further arguments of the query for many.
        ids_since: the release since which many can be found by ids.
        finds: whether there are queries at all.
        has_all: whether there is a query for all.
        all_deprecated: the reason of its deprecation, "" for the usual one.
        update_all: whether there is a mutation that changes many, each in its own way.
        destroy: the input of the mutation that destroys one; None where it has an id alone.
        destroy_all: the input of the mutation that destroys many; None where it has ids alone.
        destroy_all_since: the release since which it is there; "" where it is not.
        deprecated: whether the mutations and the queries for one and many are.
    """

    outputs: Table = field(default_factory=dict)
    inputs: Table = field(default_factory=dict)
    updates: Table = field(default_factory=dict)
    found: Table = field(default_factory=dict)
    bulk: Table = field(default_factory=dict)
    not_in_bulk: tuple[str, ...] = ()
    bulk_ids: TypeField | None = _MANY
    find_one: Table | None = field(default_factory=lambda: _FIND_ONE)
    find_many: Table = field(default_factory=dict)
    ids_since: str | None = None
    finds: bool = True
    has_all: bool = True
    all_deprecated: str | None = ""
    update_all: bool = False
    destroy: Table | None = field(default_factory=lambda: _FIND_ONE)
    destroy_all: Table | None = None
    destroy_all_since: str | None = None
    deprecated: bool = False


_MEDIA = More(
    outputs={"url": _URL},
    inputs={"url": _URL},
    updates=_OF_CLIENTS,
    bulk={"url": _URL},
    update_all=True,
    find_one=_FIND_BY_CHECKSUM,
    destroy={"id": "ID!", **_DELETES},
    destroy_all={**_IDS, **_DELETES},
)
_SINGLE_URLS: Table = dict.fromkeys(("url", "twitter", "instagram"), _URL)
_YEAR = TypeField("Int", since="0.31.0", then=("0.31.1", "String"))
_CAREER: Table = {
    "career_length": TypeField(
        "String", deprecated="Use career_start and career_end", deprecated_since="0.31.0"
    ),
    "career_start": _YEAR,
    "career_end": _YEAR,
}
_STUDIO_URL: Table = {"url": replace(_URL, deprecated_since="0.30.0")}
_SCENE_MOVIES: Table = {"movies": TypeField("[SceneMovieInput!]", deprecated="Use groups")}

MORE: Mapping[str, More] = {
    "tag": More(not_in_bulk=("sort_name", "custom_fields")),
    "studio": More(
        outputs=_STUDIO_URL,
        inputs=_STUDIO_URL,
        not_in_bulk=("aliases", "custom_fields"),
        bulk_ids=TypeField("[ID!]!", since="0.30.0"),
    ),
    "performer": More(
        outputs={**_SINGLE_URLS, **_CAREER},
        inputs={**_SINGLE_URLS, **_CAREER},
        bulk=_OF_CLIENTS,
        find_many={"performer_ids": "[Int!]"},
        all_deprecated=None,
    ),
    "scene": replace(
        _MEDIA,
        outputs={"url": _URL, "movies": TypeField("[SceneMovie!]!", deprecated="Use groups")},
        inputs={"url": _URL, **_SCENE_MOVIES},
        updates={
            **_OF_CLIENTS,
            "o_counter": _unsupported("sceneIncrementO/sceneDecrementO"),
            "play_count": _unsupported("sceneIncrementPlayCount/sceneDecrementPlayCount"),
        },
        found=each("Float!", "duration filesize"),
        bulk={
            "url": _URL,
            "group_ids": "BulkUpdateIds",
            "movie_ids": TypeField("BulkUpdateIds", deprecated="Use group_ids"),
        },
        not_in_bulk=("resume_time", "play_duration", "groups", "movies", "o_counter", "play_count"),
        find_many={"scene_ids": "[Int!]"},
    ),
    "gallery": replace(
        _MEDIA,
        outputs={
            "url": _URL,
            "cover": "Image",
            "image": TypeField("Image!", args={"index": "Int!"}),
        },
        not_in_bulk=("title",),
        find_one=_FIND_ONE,
        destroy={**_IDS, **_DELETES},
        destroy_all_since="",
    ),
    "image": replace(
        _MEDIA,
        outputs={"url": _URL, "files": TypeField("[ImageFile!]!", deprecated="Use visual_files")},
        found=each("Float!", "megapixels filesize"),
        find_many={"image_ids": "[Int!]"},
    ),
    "group": More(
        bulk={**_OF_CLIENTS, **each(TypeField("String", since="0.31.0"), "date synopsis")},
        not_in_bulk=("aliases", "duration"),
        has_all=False,
    ),
    "movie": More(
        outputs={"url": _URL, "scene_count": TypeField("Int!", args={"depth": "Int"})},
        inputs={"url": _URL},
        bulk=_OF_CLIENTS,
        not_in_bulk=("aliases", "duration", "date", "synopsis", "url"),
        all_deprecated="Use findGroups instead",
        deprecated=True,
    ),
    "sceneMarker": More(
        not_in_bulk=("seconds", "end_seconds", "scene_id"),
        bulk_ids=TypeField("[ID!]", since="0.30.0"),
        find_one=None,
        ids_since="0.28.0",
        destroy=None,
        destroy_all_since="0.28.0",
    ),
    "galleryChapter": More(bulk_ids=None, finds=False, destroy=None, destroy_all_since=""),
}
"""What does not follow from the fields, by kind."""

_NOT_IN_BULK = (Name, Picture, StashIds, Opaque)
"""The meanings of what differs from object to object, which has no place in a bulk update."""

_BULK_TYPES = {
    "[String!]": "BulkUpdateStrings",
    "[ID!]": "BulkUpdateIds",
    "[GroupDescriptionInput!]": "BulkUpdateGroupDescriptionsInput",
}

OBJECTS: dict[str, Table] = {
    "StashID": {
        "endpoint": "String!",
        "stash_id": "String!",
        "updated_at": TypeField("Time!", since="0.28.0"),
    },
}
INPUTS: dict[str, Table] = {
    "StashIDInput": {
        "endpoint": "String!",
        "stash_id": "String!",
        "updated_at": TypeField("Time", since="0.28.0"),
    },
    "CustomFieldsInput": {
        "full": TypeField("Map", since="0.28.0"),
        "partial": TypeField("Map", since="0.28.0"),
        "remove": TypeField("[String!]", since="0.30.0"),
    },
    "BulkUpdateStrings": {"values": "[String!]", "mode": "BulkUpdateIdMode!"},
    "BulkUpdateIds": {"ids": "[ID!]", "mode": "BulkUpdateIdMode!"},
    "TagsMergeInput": {
        "source": "[ID!]!",
        "destination": "ID!",
        "values": TypeField("TagUpdateInput", since="0.31.0"),
    },
    "PerformerMergeInput": since(
        "develop", {"source": "[ID!]!", "destination": "ID!", "values": "PerformerUpdateInput"}
    ),
}
ENUMS: dict[str, str] = {"BulkUpdateIdMode": "SET ADD REMOVE"}
QUERIES: dict[str, str | TypeField] = {}
MUTATIONS: dict[str, str | TypeField] = {
    "tagsMerge": TypeField("Tag", args={"input": "TagsMergeInput!"}),
    "performerMerge": TypeField(
        "Performer!", since="develop", args={"input": "PerformerMergeInput!"}
    ),
}


def _since(spec: FieldSpec) -> str:
    return ".".join(str(part) for part in spec.since)


def _outputs(kind: Kind) -> Iterator[tuple[str, str | TypeField]]:
    """Yield the output fields; counts of what is related look deeper into a hierarchy."""
    yield "id", "ID!"
    deep = any(name in kind.all_fields for name in ("children", "sub_groups"))
    for spec in kind.all_fields.values():
        if not spec.reads:
            continue
        counts = isinstance(spec.meaning, Shown) and spec.output.endswith("_count")
        of_others = counts and spec.output not in ("parent_count", "child_count", "play_count")
        args = {"depth": "Int"} if deep and of_others else {}
        yield spec.output, TypeField(spec.output_type, since=_since(spec), args=args)
        if spec.output == "group_count":
            deprecated = "use group_count instead"
            yield "movie_count", TypeField("Int!", args=args, deprecated=deprecated)
        if spec.output == "groups" and isinstance(spec.meaning, FarEnd):
            yield "movies", TypeField("[Movie!]!", deprecated="use groups instead")
    yield from each("Time!", "created_at updated_at").items()


def _create(kind: Kind, more: More) -> Table:
    specs = (spec for spec in kind.all_fields.values() if spec.creates)
    return {s.input: TypeField(s.create_type, since=_since(s)) for s in specs} | dict(more.inputs)


def _update(kind: Kind, more: More) -> Table:
    specs = (spec for spec in kind.all_fields.values() if spec.updates)
    fields = {s.input: TypeField(s.update_type, since=_since(s)) for s in specs}
    return {"id": "ID!", **fields, **more.inputs, **more.updates}


def _bulk(kind: Kind, more: More, ids: TypeField) -> Table:
    left_out = {"id", *more.not_in_bulk}
    for spec in kind.all_fields.values():
        if isinstance(spec.meaning, _NOT_IN_BULK):
            left_out.add(spec.input)
    fields: dict[str, str | TypeField] = {"ids": ids}
    for name, given in {**_update(kind, more), **more.bulk}.items():
        if name not in left_out:
            known = as_field(given)
            type_ = _BULK_TYPES.get(known.type, known.type)
            fields[name] = replace(known, type=type_, since=_later(known.since, ids.since))
    return fields


def _later(first: str | None, other: str | None) -> str | None:
    """Return the release since which both are there; None where both always were."""
    return max((r for r in (first, other) if r is not None), key=release_key, default=None)


_CRITERIA: Mapping[type[Meaning], str] = {
    Text: "StringCriterionInput",
    Name: "StringCriterionInput",
    Integer: "IntCriterionInput",
    Number: "FloatCriterionInput",
    Date: "DateCriterionInput",
    Flag: "Boolean",
}


def _filter(kind: Kind) -> Table:
    """Return the filter of a kind that no server has yet."""
    fields: dict[str, str] = dict.fromkeys(("AND", "OR", "NOT"), kind.filter_type)
    fields |= dict.fromkeys(("created_at", "updated_at"), "TimestampCriterionInput")
    for spec in kind.fields.values():
        if type(spec.meaning) in _CRITERIA:
            fields[spec.input] = _CRITERIA[type(spec.meaning)]
        elif isinstance(spec.meaning, Ref):
            fields[f"{spec.name}s"] = "HierarchicalMultiCriterionInput"
        elif isinstance(spec.meaning, Refs):
            fields[spec.name] = "HierarchicalMultiCriterionInput"
    return fields


def _declare(kind: Kind, type_name: str, more: More) -> None:
    """Add everything that a kind brings to the tables above."""
    own = type_name[0].lower() + type_name[1:]
    plural = f"{type_name[:-1]}ies" if type_name.endswith("y") else f"{type_name}s"
    for spec in kind.fields.values():
        if isinstance(spec.meaning, Choice):
            ENUMS[spec.meaning.enum] = " ".join(spec.meaning.values)
    OBJECTS[type_name] = dict(_outputs(kind)) | dict(more.outputs)
    if kind.mutations.create:
        INPUTS[f"{type_name}CreateInput"] = _create(kind, more)
        _mutation(f"{own}Create", type_name, f"{type_name}CreateInput!", more)
    INPUTS[f"{type_name}UpdateInput"] = _update(kind, more)
    _mutation(f"{own}Update", type_name, f"{type_name}UpdateInput!", more)
    if more.update_all:
        many = f"{plural[0].lower()}{plural[1:]}Update"
        _mutation(many, f"[{type_name}]", f"[{type_name}UpdateInput!]!", more)
    if more.bulk_ids is not None:
        INPUTS[f"Bulk{type_name}UpdateInput"] = _bulk(kind, more, more.bulk_ids)
        result, argument = f"[{type_name}!]", f"Bulk{type_name}UpdateInput!"
        _mutation(f"bulk{type_name}Update", result, argument, more, more.bulk_ids.since)
    _declare_destroying(type_name, plural, more)
    if more.finds:
        _declare_finds(kind, type_name, plural, more)


def _mutation(name: str, result: str, argument: str, more: More, since: str | None = None) -> None:
    """Add a mutation with an input; that of a movie is deprecated by that of a group."""
    better = name.replace("movie", "group").replace("Movie", "Group")
    deprecated = f"Use {better} instead" if more.deprecated else None
    MUTATIONS[name] = TypeField(
        result, since=since, args={"input": argument}, deprecated=deprecated
    )


def _declare_destroying(type_name: str, plural: str, more: More) -> None:
    own, many = (f"{name[0].lower()}{name[1:]}Destroy" for name in (type_name, plural))
    better = "Use group{}Destroy instead" if more.deprecated else None
    if more.destroy is None:
        MUTATIONS[own] = TypeField("Boolean!", args={"id": "ID!"})
    else:
        INPUTS[f"{type_name}DestroyInput"] = more.destroy
        _mutation(own, "Boolean!", f"{type_name}DestroyInput!", more)
    if more.destroy_all_since == "":
        return
    if more.destroy_all is None:
        deprecated = better and better.format("s")
        since = more.destroy_all_since
        MUTATIONS[many] = TypeField("Boolean!", args=_IDS, since=since, deprecated=deprecated)
    else:
        INPUTS[f"{plural}DestroyInput"] = more.destroy_all
        _mutation(many, "Boolean!", f"{plural}DestroyInput!", more)


def _declare_finds(kind: Kind, type_name: str, plural: str, more: More) -> None:
    snake = kind.filter_argument.removesuffix("_filter").replace("group", type_name.lower())
    listed = kind.plural if type_name == kind.type_name else f"{snake}s"
    found = f"Find{plural}ResultType"
    OBJECTS[found] = {"count": "Int!", listed: f"[{type_name}!]!", **more.found}
    filter_type = f"{type_name}FilterType"
    if filter_type not in FILTERS:
        INPUTS[filter_type] = _filter(kind)
    args: Table = {
        f"{snake}_filter": filter_type,
        "filter": "FindFilterType",
        **more.find_many,
        "ids": TypeField("[ID!]", since=more.ids_since),
    }
    better = "Use find{} instead"
    deprecated = [better.format(name) if more.deprecated else None for name in ("Group", "Groups")]
    QUERIES[f"find{plural}"] = TypeField(f"{found}!", args=args, deprecated=deprecated[1])
    if more.find_one is not None:
        query = TypeField(type_name, args=more.find_one, deprecated=deprecated[0])
        QUERIES[f"find{type_name}"] = query
    if more.has_all:
        reason = better.format(plural) if more.all_deprecated == "" else more.all_deprecated
        QUERIES[f"all{plural}"] = TypeField(f"[{type_name}!]!", deprecated=reason)


def _movie(group: Kind) -> Kind:
    """Return the kind that groups were before: without relations among them."""
    lacks = ("performer_count", "sub_group_count", "o_counter", "custom_fields")

    def kept(fields: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
        return {
            name: spec
            for name, spec in fields.items()
            if not isinstance(spec.meaning, Memberships) and name not in lacks
        }

    return replace(group, fields=kept(group.fields), further=kept(group.further))


for _kind in ENTITIES.values():
    if _kind.mutations.update and _kind.mutations.update != _kind.mutations.create:
        _declare(_kind, _kind.type_name, MORE.get(_kind.name, More()))
_declare(_movie(ENTITIES["group"]), "Movie", MORE["movie"])
