"""What one can ask of the find queries: criteria, filters of each kind, paging and sorting."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table

ENUMS: dict[str, tuple[str, ...]] = {
    "SortDirectionEnum": ("ASC", "DESC"),
    "CriterionModifier": (
        "EQUALS",
        "NOT_EQUALS",
        "GREATER_THAN",
        "LESS_THAN",
        "IS_NULL",
        "NOT_NULL",
        "INCLUDES_ALL",
        "INCLUDES",
        "EXCLUDES",
        "MATCHES_REGEX",
        "NOT_MATCHES_REGEX",
        "BETWEEN",
        "NOT_BETWEEN",
    ),
}


def _criterion(value: str, *more: tuple[str, str]) -> dict[str, str]:
    return {"value": value, **dict(more), "modifier": "CriterionModifier!"}


_CRITERIA: dict[str, Table] = {
    "StringCriterionInput": _criterion("String!"),
    "IntCriterionInput": _criterion("Int!", ("value2", "Int")),
    "FloatCriterionInput": _criterion("Float!", ("value2", "Float")),
    "TimestampCriterionInput": _criterion("String!", ("value2", "String")),
    "DateCriterionInput": _criterion("String!", ("value2", "String")),
    "MultiCriterionInput": {**_criterion("[ID!]"), "excludes": "[ID!]"},
    "HierarchicalMultiCriterionInput": {
        **_criterion("[ID!]"),
        "depth": "Int",
        "excludes": "[ID!]",
    },
    "GenderCriterionInput": _criterion("GenderEnum", ("value_list", "[GenderEnum!]")),
    "CircumcisionCriterionInput": _criterion("[CircumisedEnum!]"),
    "StashIDCriterionInput": {
        "endpoint": "String",
        "stash_id": "String",
        "modifier": "CriterionModifier!",
    },
    "CustomFieldCriterionInput": {
        "field": Field("String!", since="0.28.0"),
        "value": Field("[Any!]", since="0.28.0"),
        "modifier": Field("CriterionModifier!", since="0.28.0"),
    },
}


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "StringCriterionInput")


def _numbers(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "IntCriterionInput")


def _dates(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "DateCriterionInput")


_NESTED = {
    "scenes_filter": "SceneFilterType",
    "images_filter": "ImageFilterType",
    "galleries_filter": "GalleryFilterType",
}
_STAMPS = dict.fromkeys(("created_at", "updated_at"), "TimestampCriterionInput")


def _logic(name: str) -> dict[str, str]:
    return dict.fromkeys(("AND", "OR", "NOT"), name)


FILTERS: dict[str, Table] = {
    "TagFilterType": {
        **_logic("TagFilterType"),
        **_texts("name", "aliases", "description"),
        "sort_name": Field("StringCriterionInput", since="0.28.0"),
        "favorite": "Boolean",
        "is_missing": "String",
        **_numbers("scene_count", "image_count", "gallery_count", "performer_count"),
        **_numbers("studio_count", "movie_count", "group_count", "marker_count"),
        "parents": "HierarchicalMultiCriterionInput",
        "children": "HierarchicalMultiCriterionInput",
        **_numbers("parent_count", "child_count"),
        "ignore_auto_tag": "Boolean",
        "stash_id_endpoint": Field("StashIDCriterionInput", since="0.30.0"),
        **_NESTED,
        **_STAMPS,
    },
    "StudioFilterType": {
        **_logic("StudioFilterType"),
        **_texts("name", "details", "url", "aliases"),
        "parents": "MultiCriterionInput",
        "stash_id_endpoint": "StashIDCriterionInput",
        "tags": "HierarchicalMultiCriterionInput",
        "is_missing": "String",
        **_numbers("rating100", "scene_count", "image_count", "gallery_count"),
        **_numbers("tag_count", "child_count"),
        "favorite": "Boolean",
        "ignore_auto_tag": "Boolean",
        **_NESTED,
        **_STAMPS,
    },
    "PerformerFilterType": {
        **_logic("PerformerFilterType"),
        **_texts("name", "disambiguation", "details", "ethnicity", "country", "eye_color"),
        **_texts("measurements", "fake_tits", "career_length", "tattoos", "piercings"),
        **_texts("aliases", "url", "hair_color"),
        "filter_favorites": "Boolean",
        **_numbers("birth_year", "age", "height_cm", "tag_count", "scene_count"),
        **_numbers("image_count", "gallery_count", "play_count", "o_counter", "rating100"),
        **_numbers("weight", "death_year"),
        "penis_length": "FloatCriterionInput",
        "circumcised": "CircumcisionCriterionInput",
        "gender": "GenderCriterionInput",
        "is_missing": "String",
        "tags": "HierarchicalMultiCriterionInput",
        "stash_id_endpoint": "StashIDCriterionInput",
        "studios": "HierarchicalMultiCriterionInput",
        "groups": Field("HierarchicalMultiCriterionInput", since="0.29.0"),
        "performers": "MultiCriterionInput",
        "ignore_auto_tag": "Boolean",
        **_dates("birthdate", "death_date"),
        "tags_filter": "TagFilterType",
        "custom_fields": Field("[CustomFieldCriterionInput!]", since="0.28.0"),
        **_NESTED,
        **_STAMPS,
    },
}

INPUTS: Mapping[str, Table] = {
    "FindFilterType": {
        "q": "String",
        "page": "Int",
        "per_page": "Int",
        "sort": "String",
        "direction": "SortDirectionEnum",
    },
    **_CRITERIA,
    **FILTERS,
}
