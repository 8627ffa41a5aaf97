"""Lookups become filters that every supported release accepts, with the same meaning."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import parse
from graphql.execution.values import get_variable_values

from stashsync.client import StashClient
from stashsync.entities import Tag
from stashsync.errors import StashCapabilityError, StashFilterError
from stashsync.kinds import KINDS
from stashsync.kinds.capabilities import Capabilities
from stashsync.sandbox import Sandbox
from stashsync.store.criteria import CRITERIA
from stashsync.store.filter_facts import NEWEST
from stashsync.store.filter_schema import FilterSchema, read_type, recorded
from stashsync.store.filters import FilterCompiler, compile_filter, unwrap
from stashsync.unset import UNSET
from stashsync.wire.operations import BatchOperation
from stashsync.wire.transport import over_app
from tests.support.introspection import RELEASES, introspection, schema

SCENE, PERFORMER, TAG, STUDIO = (
    f"{name}FilterType" for name in ("Scene", "Performer", "Tag", "Studio")
)


def assert_valid(release: str, filter_type: str, made: Mapping[str, Any]) -> None:
    """Check a filter against the release's own schema."""
    query: Any = parse(f"query ($filter: {filter_type}) {{ __typename }}").definitions[0]
    given = {"filter": json.loads(json.dumps(made))}
    found = get_variable_values(schema(release), query.variable_definitions, given)
    assert not isinstance(found, list), f"{made}: {found}"  # a list is one of errors


# -- the texts, on all five releases -------------------------------------------------------------

TEXTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (SCENE, {"rating100__gte": 80}, {"rating100": {"value": 79, "modifier": "GREATER_THAN"}}),
    (SCENE, {"rating100__lt": 50}, {"rating100": {"value": 50, "modifier": "LESS_THAN"}}),
    (SCENE, {"rating100__null": True}, {"rating100": {"value": 0, "modifier": "IS_NULL"}}),
    (SCENE, {"rating100__null": False}, {"rating100": {"value": 0, "modifier": "NOT_NULL"}}),
    (PERFORMER, {"name__contains": "Jane"}, {"name": {"value": "Jane", "modifier": "INCLUDES"}}),
    (PERFORMER, {"name__exact": "Jane Doe"}, {"name": {"value": "Jane Doe", "modifier": "EQUALS"}}),
    (
        SCENE,
        {"date__between": ("2024-01-01", "2024-12-31")},
        {"date": {"value": "2024-01-01", "value2": "2024-12-31", "modifier": "BETWEEN"}},
    ),
    (
        SCENE,
        {"rating100__gte": 80, "organized": True, "title__contains": "test"},
        {
            "rating100": {"value": 79, "modifier": "GREATER_THAN"},
            "organized": True,
            "title": {"value": "test", "modifier": "INCLUDES"},
        },
    ),
    (SCENE, {"organized": False}, {"organized": False}),
    (
        SCENE,
        {"path__contains": "/media/"},
        {"path": {"value": "/media/", "modifier": "INCLUDES"}},
    ),
    (SCENE, {"title": "exact"}, {"title": {"value": "exact", "modifier": "EQUALS"}}),
    (
        SCENE,
        {"title__regex": r"S\d+"},
        {"title": {"value": r"S\d+", "modifier": "MATCHES_REGEX"}},
    ),
    (
        SCENE,
        {"rating100__between": (60, 90)},
        {"rating100": {"value": 60, "value2": 90, "modifier": "BETWEEN"}},
    ),
    (SCENE, {"studio__null": True}, {"studios": {"modifier": "IS_NULL"}}),
    (
        SCENE,
        {"title": {"value": "x", "modifier": "NOT_EQUALS"}},
        {"title": {"value": "x", "modifier": "NOT_EQUALS"}},
    ),
    (
        SCENE,
        {"performers_filter": {"name": {"value": "Jane", "modifier": "EQUALS"}}},
        {"performers_filter": {"name": {"value": "Jane", "modifier": "EQUALS"}}},
    ),
    (TAG, {"name": "Action"}, {"name": {"value": "Action", "modifier": "EQUALS"}}),
]


@pytest.mark.row("D10", "D11", "D12")
@pytest.mark.fault("11 flags", "11 names")
@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("filter_type", "lookups", "made"), TEXTS, ids=lambda item: str(item)[:40])
def test_every_filter_of_the_texts_is_valid_on_every_release(
    release: str, filter_type: str, lookups: dict[str, Any], made: dict[str, Any]
) -> None:
    """Filters that the server's schema rejects."""
    compiled = compile_filter(filter_type, lookups, release=RELEASES[release])
    assert compiled == made
    assert_valid(release, filter_type, compiled)


RAW = [
    {"rating100": {"value": 80, "modifier": "GREATER_THAN"}},
    {"organized": {"value": False, "modifier": "EQUALS"}},
    {
        "performers": {"value": ["1", "2"], "modifier": "INCLUDES_ALL"},
        "rating100": {"value": 80, "modifier": "GREATER_THAN"},
        "tags": {"value": ["3"], "modifier": "INCLUDES"},
    },
    {"NOT": {"performers_filter": {"filter_favorites": {"value": True, "modifier": "EQUALS"}}}},
]


@pytest.mark.row("B5")
@pytest.mark.fault("11 flags")
@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("given", RAW, ids=lambda item: str(item)[:40])
def test_raw_filters_of_the_texts_are_valid_once_their_flags_are_unwrapped(
    release: str, given: dict[str, Any]
) -> None:
    """Lookups take the same dicts, field by field."""
    for made in (unwrap(SCENE, given), compile_filter(SCENE, given)):
        assert_valid(release, SCENE, made)


@pytest.mark.row("B5")
@pytest.mark.fault("11 flags")
def test_a_flag_as_a_criterion_is_unwrapped_and_the_rest_left_alone() -> None:
    """Raw filters pass through; the server judges an unknown field."""
    given = {
        "organized": {"value": False, "modifier": "EQUALS"},
        "interactive": {"value": True, "modifier": "NOT_EQUALS"},
        "colour": {"value": 1, "modifier": "EQUALS"},
        "OR": {"organized": True},
    }
    assert unwrap(SCENE, given) == {
        "organized": False,
        "interactive": False,
        "colour": {"value": 1, "modifier": "EQUALS"},
        "OR": {"organized": True},
    }


# -- the facts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("release", RELEASES)
def test_the_facts_are_those_of_the_recorded_releases(release: str) -> None:
    """Each filter type, each field, each type and since when, on every release up to the newest.

    A newer server is known by introspection alone, and each of its criteria has lookups.
    """
    types = {item["name"]: item for item in introspection(release)["__schema"]["types"]}
    if RELEASES[release] >= NEWEST:
        asked = FilterSchema(read_type(types[name]) for name in recorded().tables)
        for table in asked.tables.values():
            assert {f.type for f in table.fields.values()} <= {
                *CRITERIA,
                *types,
                "[FingerprintFilterInput!]",
            }
            assert {f.type for f in table.fields.values() if "Criterion" in f.type} <= {*CRITERIA}
        return
    for table in recorded().tables.values():
        have = {n: f.type for n, f in table.fields.items() if f.since <= RELEASES[release]}
        found = types.get(table.name)
        real = read_type(found) if found else None
        assert have == ({n: f.type for n, f in real.fields.items()} if real else {}), table.name
        assert real is None or real.logic == table.logic
    known = set(recorded().tables) | {"FindFilterType", "SavedFindFilterType"}
    assert {name for name in types if name.endswith("FilterType")} <= known


SAMPLES: dict[str, list[Any]] = {
    "bool": [True, False],
    "text": ["plain", "two words", "a_b 100%", 'say "hi"', " edge"],
    "number": [3, -1],
}


def samples(type_name: str, lookup: str) -> Iterator[Any]:
    """Values that the lookup takes."""
    if lookup in ("null", "notnull"):
        yield from (True, False)
        return
    values: list[Any]
    match type_name:
        case "Boolean" | "PHashDuplicationCriterionInput":
            values = [True]
        case "IntCriterionInput":
            values = [3, 80, 7]
        case "FloatCriterionInput":
            values = [1.5, 2, 9.25]
        case "DateCriterionInput":
            values = ["2024-02-29", "2023", "2022-05", date(2020, 1, 1)]
        case "TimestampCriterionInput":
            values = ["2024-01-01T00:00:00Z", datetime(2024, 5, 1, tzinfo=UTC)]
        case "MultiCriterionInput" | "HierarchicalMultiCriterionInput":
            values = ["1", 2, Tag(id="7", name="Lens")]
        case "GenderCriterionInput":
            values = ["FEMALE", "MALE"]
        case "CircumcisionCriterionInput":
            values = ["CUT", "UNCUT"]
        case "ResolutionCriterionInput":
            values = ["FULL_HD"]
        case "OrientationCriterionInput":
            values = ["PORTRAIT"]
        case "[CustomFieldCriterionInput!]":
            values = [{"mount": "E", "weight": [1, 2], "none": None}]
        case _:
            values = SAMPLES["text"]
    if lookup in ("in", "not_in"):
        yield from (values, values[:1], [])
        return
    if lookup in ("between", "not_between"):
        yield values[0], values[1]
        return
    yield from values


@pytest.mark.row("D12")
@pytest.mark.parametrize("release", [name for name in RELEASES if RELEASES[name] < NEWEST])
def test_every_lookup_of_every_field_is_valid(release: str) -> None:
    """Taken to its end: there is no field whose filters a release rejects."""
    count = 0
    for table in recorded().tables.values():
        for field in table.fields.values():
            if field.since > RELEASES[release] or field.type not in CRITERIA:
                continue
            for lookup in CRITERIA[field.type]:
                for value in samples(field.type, lookup):
                    if field.type == "OrientationCriterionInput" and value == []:
                        continue
                    key = f"{field.name}__{lookup}"
                    try:
                        made = compile_filter(table.name, {key: value}, release=RELEASES[release])
                    except StashFilterError as error:
                        if not re.search("one criterion a field|the server", error.message):
                            raise
                        continue
                    assert_valid(release, table.name, made)
                    count += 1
    assert count > 5000


# -- meaning -------------------------------------------------------------------------------------


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    ("lookups", "criterion"),
    [
        ({"rating100__gte": 79.5}, {"value": 79, "modifier": "GREATER_THAN"}),
        ({"rating100__lte": 79.5}, {"value": 80, "modifier": "LESS_THAN"}),
        ({"rating100__gt": 79.5}, {"value": 79, "modifier": "GREATER_THAN"}),
        ({"rating100__lt": 79.5}, {"value": 80, "modifier": "LESS_THAN"}),
        ({"rating100__lte": 80}, {"value": 81, "modifier": "LESS_THAN"}),
        ({"rating100__ne": 80}, {"value": 80, "modifier": "NOT_EQUALS"}),
        ({"rating100": None}, {"value": 0, "modifier": "IS_NULL"}),
        ({"rating100__in": [3, 2, 4]}, {"value": 2, "value2": 4, "modifier": "BETWEEN"}),
        ({"rating100": {"modifier": "IS_NULL"}}, {"value": 0, "modifier": "IS_NULL"}),
    ],
    ids=str,
)
def test_whole_numbers_are_counted(lookups: dict[str, Any], criterion: dict[str, Any]) -> None:
    """The server has no "greater or equal", so 80 and more is more than 79."""
    assert compile_filter(SCENE, lookups) == {"rating100": criterion}


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    ("lookups", "criterion"),
    [
        ({"date__gte": "2024"}, {"value": "2023-12-31", "modifier": "GREATER_THAN"}),
        ({"date__lte": "2024"}, {"value": "2025-01-01", "modifier": "LESS_THAN"}),
        ({"date__gt": "2024-02"}, {"value": "2024-02-29", "modifier": "GREATER_THAN"}),
        ({"date__lt": date(2024, 2, 1)}, {"value": "2024-02-01", "modifier": "LESS_THAN"}),
        ({"date": "2024-02"}, {"value": "2024-02-01", "value2": "2024-02-29",
                               "modifier": "BETWEEN"}),
        ({"date": "2024-02-03"}, {"value": "2024-02-03", "modifier": "EQUALS"}),
        ({"date__lte": "9999-12-31"}, {"value": "", "modifier": "NOT_NULL"}),
        ({"date__gte": "0001-01-01"}, {"value": "", "modifier": "NOT_NULL"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_partial_date_stands_for_all_its_days(
    lookups: dict[str, Any], criterion: dict[str, Any]
) -> None:
    """A criterion "up to 2024" includes its last day, "after February" begins in March."""
    assert compile_filter(SCENE, lookups) == {"date": criterion}


def test_several_criteria_of_one_field_stand_on_levels_of_their_own() -> None:
    """A filter has each field once a level, and one of AND, OR, NOT a level.

    Source: docs/stash-behaviour.md#criteria
    """
    made = compile_filter(
        SCENE, {"rating100__in": [1, 2, 9], "rating100__ne": 2, "NOT": {"organized": True}}
    )
    assert made == {
        "rating100": {"value": 1, "value2": 9, "modifier": "BETWEEN"},
        "AND": {
            "rating100": {"value": 3, "value2": 8, "modifier": "NOT_BETWEEN"},
            "AND": {
                "rating100": {"value": 2, "modifier": "NOT_EQUALS"},
                "NOT": {"organized": True},
            },
        },
    }


@pytest.mark.row("D11")
def test_related_objects_are_reached_by_names_in_a_row() -> None:
    """What can be asked of a performer can be asked of a scene's performers."""
    made = compile_filter(
        SCENE, {"performers__name__contains": "Jane", "performer__favorite": True, "tag": "5"}
    )
    assert made == {
        "performers_filter": {
            "name": {"value": "Jane", "modifier": "INCLUDES"},
            "filter_favorites": True,
        },
        "tags": {"value": ["5"], "modifier": "INCLUDES"},
    }


@pytest.mark.row("D10", "D12")
def test_relations_take_objects_and_ids() -> None:
    """A list without a lookup means all of its members, and `in` any of them."""
    lens, drone = Tag(id="7", name="Lens"), Tag(id="8", name="Drone")
    assert compile_filter(SCENE, {"tags": [lens, drone]})["tags"] == {
        "value": ["7", "8"], "modifier": "INCLUDES_ALL"}  # fmt: skip
    assert compile_filter(SCENE, {"tags__in": [lens, 8]})["tags"] == {
        "value": ["7", "8"], "modifier": "INCLUDES"}  # fmt: skip
    assert compile_filter(
        PERFORMER, {"gender__in": ["FEMALE", "NON_BINARY"], "favorite": True}
    ) == {
        "gender": {"value_list": ["FEMALE", "NON_BINARY"], "modifier": "INCLUDES"},
        "filter_favorites": True,
    }


@pytest.mark.parametrize(
    ("filter_type", "lookups", "words", "hint"),
    [
        (SCENE, {"ratting100__gte": 1}, "'ratting100'", "rating100"),
        (SCENE, {"rating100__gtee": 1}, "no lookup 'gtee'", "gte"),
        (SCENE, {"rating100__contains": 1}, "no lookup 'contains'", "between"),
        (SCENE, {"performers__nam": "x"}, "'nam'", "name"),
        (SCENE, {"studio__parent__name": "x"}, "does not look into 'parents'", "parents__in"),
        (SCENE, {"rating100__gte": "80"}, "rating100__gte wants a number", ""),
        (SCENE, {"rating100": 79.5}, "whole number", ""),
        (SCENE, {"organized": 1}, "wants True or False", ""),
        (SCENE, {"date__gte": "soon"}, "wants a date", ""),
        (SCENE, {"rating100__between": 5}, "two ends", ""),
        (SCENE, {"tags": Tag(id="0123456789abcdef" * 2, name="Lens")}, "save this one first", ""),
        (SCENE, {"tags": 1.5}, "ids or objects", ""),
        (SCENE, {"title": UNSET}, "UNSET", ""),
        (SCENE, {"title__contains": " "}, "something in it", ""),
        (SCENE, {"AND": {}, "OR": {}}, "room for one", "Nest"),
        (SCENE, {"OR": {"title": "x"}, "rating100__in": [1, 5]}, "only once", "AND"),
        (SCENE, {"performers_filter": "Jane"}, "as a dict", ""),
        (SCENE, {"rating100__in": range(0, 2000, 2)}, "at most 250", ""),
    ],
    ids=str,
)
def test_an_impossible_lookup_is_refused_with_a_way_out(
    filter_type: str, lookups: dict[str, Any], words: str, hint: str
) -> None:
    """Before anything is sent; the error is a ValueError too."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its words are compared below
        compile_filter(filter_type, lookups)
    assert isinstance(caught.value, StashFilterError)
    assert words in caught.value.message
    assert hint in caught.value.hint


def test_the_error_of_a_field_that_the_release_lacks_names_the_release_that_has_it() -> None:
    """The error is the same as for everything else that a server may lack."""
    with pytest.raises(StashCapabilityError, match=r"v0\.27\.2.*tags by 'sort_name'.*v0\.28\.0"):
        compile_filter(TAG, {"sort_name": "x"}, release=(0, 27, 2))


# -- on a server ---------------------------------------------------------------------------------


def found(lookups: dict[str, Any], release: str = "0.30.1", kind: str = "tag") -> list[str]:
    """Return the names that the sandbox finds among some tags or performers."""

    async def story() -> list[str]:
        sandbox = Sandbox(release=release)
        try:
            async with StashClient(over_app(sandbox.app)) as client:
                await client.execute_batch(
                    [
                        BatchOperation(f"{kind}Create", f"{kind.title()}CreateInput!", {"input": i})
                        for i in LIBRARY[kind]
                    ]
                )
                made = await FilterCompiler(client).compile(KINDS[kind].filter_type, lookups)
                rows = await client.find_all(KINDS[kind], ["name"], where=made)
                return [row["name"] for row in rows]
        finally:
            sandbox.close()

    return asyncio.run(story())


LIBRARY: dict[str, list[dict[str, Any]]] = {
    "tag": [
        {"name": "a_b", "favorite": True},
        {"name": "axb", "description": "both words, apart: wide lens"},
        {"name": "100% zoom"},
        {"name": "100 zoom", "description": "a lens wide open"},
        {"name": 'so-called "macro"'},
    ],
    "performer": [
        {"name": "Ada", "rating100": 79, "birthdate": "1990-05-05", "penis_length": 1.5},
        {"name": "Ben", "rating100": 80, "birthdate": "1991-01-01", "gender": "MALE"},
        {"name": "Cleo", "rating100": 81, "birthdate": "1991-12-31", "penis_length": 2.5},
        {"name": "Dee"},
    ],
}


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    ("lookups", "names"),
    [
        ({"name": "A_B"}, ["a_b"]),
        ({"name__ne": "a_b", "name__startswith": "A"}, ["axb"]),
        ({"name__contains": "0%"}, ["100% zoom"]),
        ({"name__contains": "_"}, ["a_b"]),
        ({"name__contains": '"Macro"'}, ['so-called "macro"']),
        ({"description__contains": "lens wide"}, ["100 zoom"]),
        ({"name__in": ["A_B", "100 ZOOM", "none"]}, ["a_b", "100 zoom"]),
        ({"name__in": []}, []),
        ({"name__endswith": "ZOOM"}, ["100% zoom", "100 zoom"]),
        ({"favorite": True}, ["a_b"]),
        ({"name__not_in": ["a_b", "axb"], "description__null": True},
         ["100% zoom", 'so-called "macro"']),
    ],
    ids=str,
)  # fmt: skip
def test_texts_mean_their_characters(lookups: dict[str, Any], names: list[str]) -> None:
    """The server's wildcards and its splitting of words have no effect."""
    assert found(lookups) == names


@pytest.mark.row("D10")
@pytest.mark.parametrize(
    ("lookups", "names"),
    [
        ({"rating100__gte": 80}, ["Ben", "Cleo"]),
        ({"rating100__lte": 80}, ["Ada", "Ben"]),
        ({"rating100__in": [79, 81]}, ["Ada", "Cleo"]),
        ({"rating100__null": True}, ["Dee"]),
        ({"birthdate__gte": "1991"}, ["Ben", "Cleo"]),
        ({"birthdate__lte": "1991-01"}, ["Ada", "Ben"]),
        ({"birthdate": "1991"}, ["Ben", "Cleo"]),
        ({"penis_length__gte": 1.5}, ["Ada", "Cleo"]),
        ({"penis_length__lte": 1.5}, ["Ada"]),
        ({"penis_length__in": [1.5, 2.5, 9]}, ["Ada", "Cleo"]),
        ({"gender__in": ["MALE"]}, ["Ben"]),
        ({"OR": {"name": "Dee"}, "name": "Ada"}, ["Ada", "Dee"]),
        ({"created_at__gte": "2001-01-01", "name": "Ada"}, ["Ada"]),
        ({"created_at__lte": "2001-01-01"}, []),
    ],
    ids=str,
)
def test_the_ends_of_a_range_are_included(lookups: dict[str, Any], names: list[str]) -> None:
    """`gte`, `lte`, `between` and `in` include their ends, for all types."""
    assert found(lookups, kind="performer") == names


def test_a_newer_server_is_asked_what_it_has() -> None:
    """A field that came after the recorded releases is known by introspection, once."""
    asked: list[str] = []

    class Newer:
        async def capabilities(self) -> Any:
            return Capabilities(inputs={}, outputs={}, mutations=frozenset(), release=NEWEST)

        async def execute(self, query: str) -> dict[str, Any]:
            asked.append(query)
            kind = {"kind": "INPUT_OBJECT", "name": "IntCriterionInput"}
            return {
                "t0": {"name": TAG, "inputFields": [{"name": "colour_count", "type": kind}]},
                "t1": None,
            }

    async def story() -> None:
        compiler = FilterCompiler(Newer())
        for _ in range(2):
            made = await compiler.compile(TAG, {"colour_count__gte": 2})
            assert made == {"colour_count": {"value": 1, "modifier": "GREATER_THAN"}}
        with pytest.raises(StashCapabilityError, match=SCENE):
            await compiler.compile(SCENE, {"title": "x"})
        with pytest.raises(StashFilterError):
            await compiler.compile(TAG, {"name": "x"})

    asyncio.run(story())
    assert len(asked) == 1


def test_introspection_of_the_newest_recorded_build_equals_the_facts() -> None:
    """Filters are then the same for a server known by introspection and one known by facts."""
    types = introspection("develop-2026-01-11")["__schema"]["types"]
    asked = FilterSchema(read_type(type_) for type_ in types if type_["name"] in recorded().tables)
    for lookups in ({"rating100__gte": 80}, {"studio__null": True}, {"organized": False}):
        assert compile_filter(SCENE, lookups, schema=asked) == compile_filter(SCENE, lookups)


def test_the_sandbox_of_a_newer_release_is_filtered_by_introspection() -> None:
    """End to end, on a release that the facts know nothing of."""
    assert found({"name": "A_B"}, release="0.31.0") == ["a_b"]
