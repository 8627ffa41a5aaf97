"""The sandbox's types are compared with the recorded introspection of six releases."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_scalar_type,
    validate_schema,
)

from stashsync.kinds import KINDS
from stashsync.sandbox.releases import RELEASES
from stashsync.sandbox.schema import schema_of
from tests.support.introspection import RECORDED, UNRECORDED, schema

MEDIA = [
    "Scene",
    "SceneMarker",
    "Gallery",
    "GalleryChapter",
    "Image",
    "Group",
    "Movie",
    "SavedFilter",
    "SavedFindFilterType",
    "GroupDescription",
    "SceneGroup",
    "SceneMovie",
    "VideoFile",
    "ImageFile",
    "GalleryFile",
    "BasicFile",
    "Folder",
    "Fingerprint",
    "VideoCaption",
    "ScenePathsType",
    "ImagePathsType",
    "GalleryPathsType",
    "SceneStreamEndpoint",
    "VisualFile",
    "Job",
    "JobStatus",
    "JobStatusUpdate",
    "LogEntry",
    "FilterMode",
    "StatsResultType",
    "Subscription",
    "FindScenesResultType",
    "FindImagesResultType",
    "FindGalleriesResultType",
    "FindGroupsResultType",
    "FindSceneMarkersResultType",
    "HistoryMutationResult",
    "FileFilterType",
    "FolderFilterType",
    "SceneMergeInput",
    "ScenesDestroyInput",
    "ImagesDestroyInput",
    "GalleryDestroyInput",
    "GroupDestroyInput",
    "GroupSubGroupAddInput",
    "ReorderSubGroupsInput",
    "GalleryAddInput",
    "SaveFilterInput",
    "ScanMetadataInput",
    "GenerateMetadataInput",
    "CleanMetadataInput",
] + [
    f"{before}{kind}{after}"
    for kind in ("Scene", "SceneMarker", "Gallery", "Image", "Group", "Movie")
    for before, after in (
        ("", "CreateInput"),
        ("", "UpdateInput"),
        ("Bulk", "UpdateInput"),
        ("", "FilterType"),
    )
]
"""Types, beside those of manifests, of which every recorded field has to exist, too."""

OF_FILES = {"FileFilterType", "FolderFilterType"}
"""Types that exist only where another filter uses them; files have no finds of their own."""

MEDIA_OPERATIONS = [
    "scenesUpdate",
    "sceneMerge",
    "sceneAddO",
    "sceneDeleteO",
    "sceneAddPlay",
    "sceneDeletePlay",
    "sceneResetO",
    "sceneResetPlayCount",
    "sceneSaveActivity",
    "sceneResetActivity",
    "sceneMarkersDestroy",
    "addGalleryImages",
    "removeGalleryImages",
    "setGalleryCover",
    "resetGalleryCover",
    "galleriesUpdate",
    "galleryChapterCreate",
    "galleryChapterUpdate",
    "galleryChapterDestroy",
    "imagesUpdate",
    "imagesDestroy",
    "imageIncrementO",
    "addGroupSubGroups",
    "removeGroupSubGroups",
    "reorderSubGroups",
    "groupsDestroy",
    "moviesDestroy",
    "saveFilter",
    "destroySavedFilter",
    "findSavedFilter",
    "findSavedFilters",
    "metadataScan",
    "metadataGenerate",
    "metadataClean",
    "metadataAutoTag",
    "optimiseDatabase",
    "stopJob",
    "stopAllJobs",
    "jobQueue",
    "findJob",
] + [
    name
    for kind, plural in (
        ("Scene", "Scenes"),
        ("SceneMarker", "SceneMarkers"),
        ("Gallery", "Galleries"),
        ("Image", "Images"),
        ("Group", "Groups"),
        ("Movie", "Movies"),
    )
    for own in (kind[0].lower() + kind[1:],)
    for name in (
        f"find{kind}",
        f"find{plural}",
        f"{own}Create",
        f"{own}Update",
        f"{own}Destroy",
        f"bulk{kind}Update",
    )
]
"""Operations, beside those of manifests, that have to exist if the release has them."""


def complete_types() -> list[str]:
    """Return the names of the types of which every recorded field has to exist."""
    names = [
        "FindFilterType",
        "StashID",
        "StashIDInput",
        "CustomFieldsInput",
        "BulkUpdateIds",
        *MEDIA,
    ]
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
    """Return the sandbox's schema of a release and the recorded one."""
    return schema_of(request.param), schema(RECORDED[request.param])


def described(type_: Any, known: bool = True) -> dict[str, Any]:
    """Return a type's fields with types, arguments and deprecation; or an enum's values.

    If the reasons of deprecations are not `known`, only whether a field is deprecated.
    """
    if isinstance(type_, GraphQLEnumType):
        return dict.fromkeys(type_.values)
    if isinstance(type_, GraphQLUnionType):
        return dict.fromkeys(member.name for member in type_.types)
    return {
        name: (
            str(field.type),
            {arg: str(argument.type) for arg, argument in getattr(field, "args", {}).items()},
            field.deprecation_reason if known else bool(field.deprecation_reason),
        )
        for name, field in type_.fields.items()
    }


def test_everything_the_sandbox_has_the_real_server_has_too(
    pair: tuple[GraphQLSchema, GraphQLSchema],
) -> None:
    """Every type, field, argument and nullability equals the recorded one."""
    ours, recorded = pair
    legacy: Any = recorded.type_map["Studio"]
    known = legacy.fields["movies"].deprecation_reason != UNRECORDED
    for name, type_ in ours.type_map.items():
        assert name in recorded.type_map
        if name.startswith("__") or is_scalar_type(type_):
            continue
        real = described(recorded.type_map[name], known)
        assert described(type_, known).items() <= real.items(), name
        if isinstance(type_, GraphQLObjectType):
            above = {interface.name for interface in recorded.type_map[name].interfaces}  # type: ignore[attr-defined]
            assert {interface.name for interface in type_.interfaces} == above, name
        if isinstance(type_, GraphQLEnumType):
            assert list(described(type_)) == list(real), name


def test_nothing_of_the_kinds_is_missing(pair: tuple[GraphQLSchema, GraphQLSchema]) -> None:
    """All recorded fields of all kinds, of their inputs and of their filters exist."""
    ours, recorded = pair
    for name in complete_types():
        if name not in recorded.type_map:
            assert name not in ours.type_map
            continue
        if name in OF_FILES and "files_filter" not in recorded.type_map["SceneFilterType"].fields:  # type: ignore[attr-defined]
            continue
        missing = described(recorded.type_map[name]).keys() - described(ours.type_map[name]).keys()
        assert missing == set(), name


def test_every_operation_on_the_kinds_is_there(
    pair: tuple[GraphQLSchema, GraphQLSchema],
) -> None:
    """Create, update, bulk update, destroy, merge and find exist if the release has them."""
    ours, recorded = pair
    names = ["tagsMerge", "performerMerge", *MEDIA_OPERATIONS]
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
    """Known differences between releases are checked without the recordings."""

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
    assert "custom_fields" not in fields("develop", "Tag")
    assert "custom_fields" in fields("0.31.0", "GroupUpdateInput")
    assert "CircumisedEnum" in schema_of("develop").type_map
    assert "CircumisedEnum" not in schema_of("0.31.1").type_map


def test_careers_are_years_first_and_dates_later() -> None:
    """The first builds of v0.31 had whole numbers; this is known second-hand only."""
    early, late = (schema_of(name).type_map["Performer"] for name in ("0.31.0", "0.31.1"))
    assert str(early.fields["career_start"].type) == "Int"  # type: ignore[attr-defined]
    assert str(late.fields["career_start"].type) == "String"  # type: ignore[attr-defined]


@pytest.mark.parametrize("release", RELEASES)
def test_every_schema_is_valid(release: str) -> None:
    """The rules of the specification hold, which a running sandbox does not check."""
    tried = GraphQLSchema(**{**schema_of(release).to_kwargs(), "assume_valid": False})
    assert validate_schema(tried) == []
