"""What one can ask of the find queries: criteria, filters of each kind, paging and sorting."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table, each

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
    "ResolutionEnum": (
        "VERY_LOW",
        "LOW",
        "R360P",
        "STANDARD",
        "WEB_HD",
        "STANDARD_HD",
        "FULL_HD",
        "QUAD_HD",
        "VR_HD",
        "FOUR_K",
        "FIVE_K",
        "SIX_K",
        "SEVEN_K",
        "EIGHT_K",
        "HUGE",
    ),
    "OrientationEnum": ("LANDSCAPE", "PORTRAIT", "SQUARE"),
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
    "ResolutionCriterionInput": {
        "value": "ResolutionEnum!",
        "modifier": "CriterionModifier!",
    },
    "OrientationCriterionInput": {
        "value": "[OrientationEnum!]!",
    },
    "PhashDistanceCriterionInput": {
        "value": "String!",
        "modifier": "CriterionModifier!",
        "distance": "Int",
    },
    "PHashDuplicationCriterionInput": {
        "duplicated": "Boolean",
        "distance": "Int",
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
    "SceneFilterType": {
        **each("SceneFilterType", "AND OR NOT"),
        **each(
            "IntCriterionInput",
            "id file_count rating100 o_counter framerate bitrate duration tag_count "
            "performer_age performer_count interactive_speed resume_time play_count "
            "play_duration",
        ),
        **each(
            "StringCriterionInput",
            "title code details director oshash checksum path video_codec audio_codec url captions",
        ),
        "phash": Field("StringCriterionInput", deprecated="Use phash_distance instead"),
        "phash_distance": "PhashDistanceCriterionInput",
        **each("Boolean", "organized performer_favorite interactive"),
        "duplicated": "PHashDuplicationCriterionInput",
        "resolution": "ResolutionCriterionInput",
        "orientation": "OrientationCriterionInput",
        **each("String", "has_markers is_missing"),
        **each("HierarchicalMultiCriterionInput", "studios groups tags performer_tags"),
        "movies": Field("MultiCriterionInput", deprecated="use groups instead"),
        **each("MultiCriterionInput", "galleries performers"),
        "stash_id_endpoint": "StashIDCriterionInput",
        **each("TimestampCriterionInput", "last_played_at created_at updated_at"),
        "date": "DateCriterionInput",
        "galleries_filter": "GalleryFilterType",
        "performers_filter": "PerformerFilterType",
        "studios_filter": "StudioFilterType",
        "tags_filter": "TagFilterType",
        "movies_filter": Field("MovieFilterType", deprecated="use groups_filter instead"),
        "groups_filter": "GroupFilterType",
        "markers_filter": "SceneMarkerFilterType",
        "files_filter": Field("FileFilterType", since="0.30.0"),
    },
    "GalleryFilterType": {
        **each("GalleryFilterType", "AND OR NOT"),
        **each(
            "IntCriterionInput",
            "id file_count rating100 tag_count performer_count performer_age image_count",
        ),
        **each("StringCriterionInput", "title details checksum path url code photographer"),
        **each("String", "is_missing has_chapters"),
        **each("Boolean", "is_zip organized performer_favorite"),
        "average_resolution": "ResolutionCriterionInput",
        **each("MultiCriterionInput", "scenes performers"),
        **each("HierarchicalMultiCriterionInput", "studios tags performer_tags"),
        "date": "DateCriterionInput",
        **each("TimestampCriterionInput", "created_at updated_at"),
        "scenes_filter": "SceneFilterType",
        "images_filter": "ImageFilterType",
        "performers_filter": "PerformerFilterType",
        "studios_filter": "StudioFilterType",
        "tags_filter": "TagFilterType",
        "files_filter": Field("FileFilterType", since="0.30.0"),
        "folders_filter": Field("FolderFilterType", since="0.30.0"),
    },
    "ImageFilterType": {
        **each("ImageFilterType", "AND OR NOT"),
        **each("StringCriterionInput", "title details checksum path url code photographer"),
        **each(
            "IntCriterionInput",
            "id file_count rating100 o_counter tag_count performer_count performer_age",
        ),
        "date": "DateCriterionInput",
        **each("Boolean", "organized performer_favorite"),
        "resolution": "ResolutionCriterionInput",
        "orientation": "OrientationCriterionInput",
        "is_missing": "String",
        **each("HierarchicalMultiCriterionInput", "studios tags performer_tags"),
        **each("MultiCriterionInput", "performers galleries"),
        **each("TimestampCriterionInput", "created_at updated_at"),
        "galleries_filter": "GalleryFilterType",
        "performers_filter": "PerformerFilterType",
        "studios_filter": "StudioFilterType",
        "tags_filter": "TagFilterType",
        "files_filter": Field("FileFilterType", since="0.30.0"),
    },
    "GroupFilterType": {
        **each("GroupFilterType", "AND OR NOT"),
        **each("StringCriterionInput", "name director synopsis url"),
        **each(
            "IntCriterionInput",
            "duration rating100 tag_count containing_group_count sub_group_count",
        ),
        **each("HierarchicalMultiCriterionInput", "studios tags containing_groups sub_groups"),
        "is_missing": "String",
        "performers": "MultiCriterionInput",
        "date": "DateCriterionInput",
        **each("TimestampCriterionInput", "created_at updated_at"),
        "scenes_filter": "SceneFilterType",
        "studios_filter": "StudioFilterType",
        "o_counter": Field("IntCriterionInput", since="0.30.0"),
    },
    "MovieFilterType": {
        **each("MovieFilterType", "AND OR NOT"),
        **each("StringCriterionInput", "name director synopsis url"),
        **each("IntCriterionInput", "duration rating100 tag_count"),
        **each("HierarchicalMultiCriterionInput", "studios tags"),
        "is_missing": "String",
        "performers": "MultiCriterionInput",
        "date": "DateCriterionInput",
        **each("TimestampCriterionInput", "created_at updated_at"),
        "scenes_filter": "SceneFilterType",
        "studios_filter": "StudioFilterType",
    },
    "SceneMarkerFilterType": {
        **each("HierarchicalMultiCriterionInput", "tags scene_tags"),
        **each("MultiCriterionInput", "performers scenes"),
        **each(
            "TimestampCriterionInput", "created_at updated_at scene_created_at scene_updated_at"
        ),
        "scene_date": "DateCriterionInput",
        "scene_filter": "SceneFilterType",
        "duration": Field("FloatCriterionInput", since="0.28.0"),
    },
    "FileFilterType": {
        **each(Field("FileFilterType", since="0.29.0"), "AND OR NOT"),
        **each(Field("StringCriterionInput", since="0.29.0"), "path basename dir"),
        "parent_folder": Field("HierarchicalMultiCriterionInput", since="0.29.0"),
        "zip_file": Field("MultiCriterionInput", since="0.29.0"),
        **each(Field("TimestampCriterionInput", since="0.29.0"), "mod_time created_at updated_at"),
        "duplicated": Field("PHashDuplicationCriterionInput", since="0.29.0"),
        "hashes": Field("[FingerprintFilterInput!]", since="0.29.0"),
        "video_file_filter": Field("VideoFileFilterInput", since="0.29.0"),
        "image_file_filter": Field("ImageFileFilterInput", since="0.29.0"),
        **each(Field("IntCriterionInput", since="0.29.0"), "scene_count image_count gallery_count"),
        "scenes_filter": Field("SceneFilterType", since="0.29.0"),
        "images_filter": Field("ImageFilterType", since="0.29.0"),
        "galleries_filter": Field("GalleryFilterType", since="0.29.0"),
    },
    "FolderFilterType": {
        **each(Field("FolderFilterType", since="0.29.0"), "AND OR NOT"),
        "path": Field("StringCriterionInput", since="0.29.0"),
        "parent_folder": Field("HierarchicalMultiCriterionInput", since="0.29.0"),
        "zip_file": Field("MultiCriterionInput", since="0.29.0"),
        **each(Field("TimestampCriterionInput", since="0.29.0"), "mod_time created_at updated_at"),
        "gallery_count": Field("IntCriterionInput", since="0.29.0"),
        "files_filter": Field("FileFilterType", since="0.29.0"),
        "galleries_filter": Field("GalleryFilterType", since="0.29.0"),
    },
    "VideoFileFilterInput": {
        "resolution": Field("ResolutionCriterionInput", since="0.29.0"),
        "orientation": Field("OrientationCriterionInput", since="0.29.0"),
        **each(
            Field("IntCriterionInput", since="0.29.0"),
            "framerate bitrate duration interactive_speed",
        ),
        **each(
            Field("StringCriterionInput", since="0.29.0"), "format video_codec audio_codec captions"
        ),
        "interactive": Field("Boolean", since="0.29.0"),
    },
    "ImageFileFilterInput": {
        "format": Field("StringCriterionInput", since="0.29.0"),
        "resolution": Field("ResolutionCriterionInput", since="0.29.0"),
        "orientation": Field("OrientationCriterionInput", since="0.29.0"),
    },
    "FingerprintFilterInput": {
        **each(Field("String!", since="0.29.0"), "type value"),
        "distance": Field("Int", since="0.29.0"),
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
