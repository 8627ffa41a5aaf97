"""The sandbox's types against those that real servers of five releases told of themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLSchema, build_client_schema, is_scalar_type

from stashsync.sandbox.schema import schema_of
from stashsync.types import KINDS
from tests.shared import shared

RECORDED = {
    "0.27.2": "v0.27.2",
    "0.28.1": "v0.28.1",
    "0.29.3": "v0.29.3",
    "0.30.1": "v0.30.1",
    "develop": "develop-2026-01-11",
}

OTHER_KINDS = {
    "Studio": {"groups", "movies"},
    "Performer": {"scenes", "groups", "movies"},
    **{
        f"{name}FilterType": {"scenes_filter", "images_filter", "galleries_filter"}
        for name in ("Tag", "Studio", "Performer")
    },
}
"""Fields that need scenes, groups, images or galleries; they come with those."""


def complete_types() -> list[str]:
    """The types of which every recorded field has to be there."""
    names = ["FindFilterType", "StashID", "StashIDInput", "CustomFieldsInput", "BulkUpdateIds"]
    for kind in KINDS.values():
        names += [
            kind.type_name,
            kind.create_input,
            kind.update_input,
            kind.filter_type,
            f"Bulk{kind.type_name}UpdateInput",
            f"{kind.type_name}DestroyInput",
        ]
    return names


@pytest.fixture(scope="module", params=RECORDED)
def pair(request: pytest.FixtureRequest) -> tuple[GraphQLSchema, GraphQLSchema]:
    """Our schema of a release and the recorded one."""
    path = shared(f"stash/introspection/{RECORDED[request.param]}.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    return schema_of(request.param), build_client_schema(told.get("data", told))


def described(type_: Any) -> dict[str, Any]:
    """A type's fields: type, arguments with theirs, reason of deprecation; or an enum's values."""
    if isinstance(type_, GraphQLEnumType):
        return dict.fromkeys(type_.values)
    return {
        name: (
            str(field.type),
            {arg: str(one.type) for arg, one in getattr(field, "args", {}).items()},
            field.deprecation_reason,
        )
        for name, field in type_.fields.items()
    }


def test_everything_the_sandbox_has_the_real_server_has_too(
    pair: tuple[GraphQLSchema, GraphQLSchema],
) -> None:
    """Every type, field, argument and nullability is the recorded one, and nothing is added."""
    ours, recorded = pair
    for name, type_ in ours.type_map.items():
        assert name in recorded.type_map
        if name.startswith("__") or is_scalar_type(type_):
            continue
        real = described(recorded.type_map[name])
        assert described(type_).items() <= real.items(), name
        if isinstance(type_, GraphQLEnumType):
            assert list(described(type_)) == list(real), name


def test_nothing_of_the_kinds_is_missing(pair: tuple[GraphQLSchema, GraphQLSchema]) -> None:
    """All fields of the three kinds and their inputs are there, but those of other kinds."""
    ours, recorded = pair
    for name in complete_types():
        if name not in recorded.type_map:
            assert name not in ours.type_map
            continue
        missing = described(recorded.type_map[name]).keys() - described(ours.type_map[name]).keys()
        assert missing == OTHER_KINDS.get(name, set()), name


def test_every_operation_on_the_kinds_is_there(
    pair: tuple[GraphQLSchema, GraphQLSchema],
) -> None:
    """Create, update, bulk update, destroy, merge and find, where the release has them."""
    ours, recorded = pair
    names = ["tagsMerge", "performerMerge"]
    for kind in KINDS.values():
        names += [
            kind.create_mutation,
            kind.update_mutation,
            f"bulk{kind.type_name}Update",
            f"{kind.name}Destroy",
            f"{kind.plural}Destroy",
            kind.find_one,
            kind.find_many,
        ]
    for root in ("Query", "Mutation"):
        real = recorded.type_map[root].fields.keys() & set(names)  # type: ignore[attr-defined]
        assert real == ours.type_map[root].fields.keys() & set(names)  # type: ignore[attr-defined]


def test_releases_differ_where_the_real_ones_do() -> None:
    """The switch removes what a release lacks, told without the recordings."""

    def fields(release: str, name: str) -> set[str]:
        type_: Any = schema_of(release).type_map.get(name)
        return set(type_.fields) if type_ else set()

    assert "sort_name" not in fields("0.27.2", "Tag")
    assert "sort_name" in fields("0.28.1", "TagCreateInput")
    assert "custom_fields" not in fields("0.27.2", "PerformerUpdateInput")
    assert fields("0.28.1", "CustomFieldsInput") == {"full", "partial"}
    assert fields("0.30.1", "CustomFieldsInput") == {"full", "partial", "remove"}
    assert "urls" not in fields("0.29.3", "Studio")
    assert "urls" in fields("0.30.1", "StudioUpdateInput")
    assert not fields("0.29.3", "BulkStudioUpdateInput")
    assert "performerMerge" not in fields("0.30.1", "Mutation")
    assert "performerMerge" in fields("develop", "Mutation")
    assert "values" not in fields("develop", "TagsMergeInput")
    assert "values" in fields("0.31.0", "TagsMergeInput")
