"""Arguments of the find queries: criteria, filters of each kind, paging, sorting."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from stashsync.sandbox.schema.tables import Table, TypeField, as_field, each, since

ENUMS: dict[str, str] = {
    "SortDirectionEnum": "ASC DESC",
    "CriterionModifier": (
        "EQUALS NOT_EQUALS GREATER_THAN LESS_THAN IS_NULL NOT_NULL INCLUDES_ALL INCLUDES "
        "EXCLUDES MATCHES_REGEX NOT_MATCHES_REGEX BETWEEN NOT_BETWEEN"
    ),
    "ResolutionEnum": (
        "VERY_LOW LOW R360P STANDARD WEB_HD STANDARD_HD FULL_HD QUAD_HD VR_HD FOUR_K FIVE_K "
        "SIX_K SEVEN_K EIGHT_K HUGE"
    ),
    "OrientationEnum": "LANDSCAPE PORTRAIT SQUARE",
}


def _criterion(value: str, *more: tuple[str, str]) -> dict[str, str]:
    return {"value": value, **dict(more), "modifier": "CriterionModifier!"}


_DUPLICATION: Table = since(
    "0.31.0",
    {
        "duplicated": TypeField("Boolean", deprecated="Use phash"),
        "distance": "Int",
        "phash": "Boolean",
    },
)
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
    "StashIDsCriterionInput": since(
        "0.31.0",
        {"endpoint": "String", "stash_ids": "[String]", "modifier": "CriterionModifier!"},
    ),
    "CustomFieldCriterionInput": since(
        "0.28.0", {"field": "String!", "value": "[Any!]", "modifier": "CriterionModifier!"}
    ),
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
        "duplicated": TypeField("Boolean", until="0.31.0"),
        "distance": TypeField("Int", until="0.31.0"),
    },
    "DuplicationCriterionInput": {
        **_DUPLICATION,
        **each(TypeField("Boolean", since="0.31.0"), "title url stash_id"),
    },
    "FileDuplicationCriterionInput": _DUPLICATION,
}


_NESTED = {
    "scenes_filter": "SceneFilterType",
    "images_filter": "ImageFilterType",
    "galleries_filter": "GalleryFilterType",
}
_CUSTOM_FIELDS: Table = {
    "custom_fields": TypeField("[CustomFieldCriterionInput!]", since="0.31.0"),
}
_STASH_IDS: Table = {
    "stash_id_endpoint": TypeField(
        "StashIDCriterionInput", deprecated="Use stash_ids_endpoint", deprecated_since="0.31.0"
    ),
    "stash_ids_endpoint": TypeField("StashIDsCriterionInput", since="0.31.0"),
}
_STAMPS = each("TimestampCriterionInput", "created_at updated_at")
_OF_MEDIA: Table = {
    **each("IntCriterionInput", "id file_count rating100 tag_count performer_count performer_age"),
    **each("StringCriterionInput", "title details code checksum path url"),
    "is_missing": "String",
    **each("Boolean", "organized performer_favorite"),
    **each("HierarchicalMultiCriterionInput", "studios tags performer_tags"),
    "performers": "MultiCriterionInput",
    "date": "DateCriterionInput",
    "performers_filter": "PerformerFilterType",
    "studios_filter": "StudioFilterType",
    "tags_filter": "TagFilterType",
    "files_filter": TypeField("FileFilterType", since="0.30.0"),
    **_CUSTOM_FIELDS,
    **_STAMPS,
}
"""What scenes, galleries and images can all be narrowed by."""
_OF_GROUPS: Table = {
    **each("StringCriterionInput", "name director synopsis url"),
    **each("IntCriterionInput", "duration rating100 tag_count"),
    **each("HierarchicalMultiCriterionInput", "studios tags"),
    "is_missing": "String",
    "performers": "MultiCriterionInput",
    "date": "DateCriterionInput",
    "scenes_filter": "SceneFilterType",
    "studios_filter": "StudioFilterType",
    **_STAMPS,
}
"""What groups can be narrowed by, by either name."""

FILTERS: dict[str, Table] = {
    "TagFilterType": {
        **each("TagFilterType", "AND OR NOT"),
        **each("StringCriterionInput", "name aliases description"),
        "sort_name": TypeField("StringCriterionInput", since="0.28.0"),
        "favorite": "Boolean",
        "is_missing": "String",
        **each(
            "IntCriterionInput",
            "scene_count image_count gallery_count performer_count studio_count "
            "movie_count group_count marker_count",
        ),
        "parents": "HierarchicalMultiCriterionInput",
        "children": "HierarchicalMultiCriterionInput",
        **each("IntCriterionInput", "parent_count child_count"),
        "ignore_auto_tag": "Boolean",
        **_STASH_IDS,
        "stash_id_endpoint": replace(as_field(_STASH_IDS["stash_id_endpoint"]), since="0.30.0"),
        "performers_filter": TypeField("PerformerFilterType", since="0.31.0"),
        "studios_filter": TypeField("StudioFilterType", since="0.31.0"),
        "groups_filter": TypeField("GroupFilterType", since="0.31.0"),
        "markers_filter": TypeField("SceneMarkerFilterType", since="0.31.0"),
        **_CUSTOM_FIELDS,
        **_NESTED,
        **_STAMPS,
    },
    "StudioFilterType": {
        **each("StudioFilterType", "AND OR NOT"),
        **each("StringCriterionInput", "name details url aliases"),
        "parents": "MultiCriterionInput",
        **_STASH_IDS,
        "organized": TypeField("Boolean", since="0.31.0"),
        "group_count": TypeField("IntCriterionInput", since="0.31.0"),
        "groups_filter": TypeField("GroupFilterType", since="0.31.0"),
        **_CUSTOM_FIELDS,
        "tags": "HierarchicalMultiCriterionInput",
        "is_missing": "String",
        **each(
            "IntCriterionInput",
            "rating100 scene_count image_count gallery_count tag_count child_count",
        ),
        "favorite": "Boolean",
        "ignore_auto_tag": "Boolean",
        **_NESTED,
        **_STAMPS,
    },
    "PerformerFilterType": {
        **each("PerformerFilterType", "AND OR NOT"),
        **each(
            "StringCriterionInput",
            "name disambiguation details ethnicity country eye_color measurements "
            "fake_tits tattoos piercings aliases url hair_color",
        ),
        "career_length": TypeField(
            "StringCriterionInput",
            deprecated="Use career_start and career_end",
            deprecated_since="0.31.0",
        ),
        **each(TypeField("DateCriterionInput", since="0.31.1"), "career_start career_end"),
        "marker_count": TypeField("IntCriterionInput", since="0.31.0"),
        "markers_filter": TypeField("SceneMarkerFilterType", since="0.31.0"),
        "filter_favorites": "Boolean",
        **each(
            "IntCriterionInput",
            "birth_year age height_cm tag_count scene_count image_count gallery_count "
            "play_count o_counter rating100 weight death_year",
        ),
        "penis_length": "FloatCriterionInput",
        "circumcised": "CircumcisionCriterionInput",
        "gender": "GenderCriterionInput",
        "is_missing": "String",
        "tags": "HierarchicalMultiCriterionInput",
        **_STASH_IDS,
        "studios": "HierarchicalMultiCriterionInput",
        "groups": TypeField("HierarchicalMultiCriterionInput", since="0.29.0"),
        "performers": "MultiCriterionInput",
        "ignore_auto_tag": "Boolean",
        **each("DateCriterionInput", "birthdate death_date"),
        "tags_filter": "TagFilterType",
        "custom_fields": TypeField("[CustomFieldCriterionInput!]", since="0.28.0"),
        **_NESTED,
        **_STAMPS,
    },
    "SceneFilterType": {
        **each("SceneFilterType", "AND OR NOT"),
        **_OF_MEDIA,
        **each(
            "IntCriterionInput",
            "o_counter framerate bitrate duration interactive_speed resume_time play_count "
            "play_duration",
        ),
        **each("StringCriterionInput", "director oshash video_codec audio_codec captions"),
        "phash": TypeField("StringCriterionInput", deprecated="Use phash_distance instead"),
        "phash_distance": "PhashDistanceCriterionInput",
        "interactive": "Boolean",
        "duplicated": TypeField(
            "PHashDuplicationCriterionInput", then=("0.31.0", "DuplicationCriterionInput")
        ),
        "resolution": "ResolutionCriterionInput",
        "orientation": "OrientationCriterionInput",
        "has_markers": "String",
        "groups": "HierarchicalMultiCriterionInput",
        "movies": TypeField("MultiCriterionInput", deprecated="use groups instead"),
        "galleries": "MultiCriterionInput",
        **_STASH_IDS,
        "stash_id_count": TypeField("IntCriterionInput", since="0.31.0"),
        "last_played_at": "TimestampCriterionInput",
        "galleries_filter": "GalleryFilterType",
        "movies_filter": TypeField("MovieFilterType", deprecated="use groups_filter instead"),
        "groups_filter": "GroupFilterType",
        "markers_filter": "SceneMarkerFilterType",
    },
    "GalleryFilterType": {
        **each("GalleryFilterType", "AND OR NOT"),
        **_OF_MEDIA,
        "image_count": "IntCriterionInput",
        "photographer": "StringCriterionInput",
        "has_chapters": "String",
        "is_zip": "Boolean",
        "average_resolution": "ResolutionCriterionInput",
        "scenes": "MultiCriterionInput",
        "scenes_filter": "SceneFilterType",
        "images_filter": "ImageFilterType",
        "folders_filter": TypeField("FolderFilterType", since="0.30.0"),
        "parent_folder": TypeField("HierarchicalMultiCriterionInput", since="0.31.0"),
    },
    "ImageFilterType": {
        **each("ImageFilterType", "AND OR NOT"),
        **_OF_MEDIA,
        "photographer": "StringCriterionInput",
        "o_counter": "IntCriterionInput",
        "resolution": "ResolutionCriterionInput",
        "orientation": "OrientationCriterionInput",
        "galleries": "MultiCriterionInput",
        "galleries_filter": "GalleryFilterType",
        "phash_distance": TypeField("PhashDistanceCriterionInput", since="0.31.0"),
    },
    "GroupFilterType": {
        **each("GroupFilterType", "AND OR NOT"),
        **_OF_GROUPS,
        "scene_count": TypeField("IntCriterionInput", since="0.31.0"),
        **_CUSTOM_FIELDS,
        **each("IntCriterionInput", "containing_group_count sub_group_count"),
        **each("HierarchicalMultiCriterionInput", "containing_groups sub_groups"),
        "o_counter": TypeField("IntCriterionInput", since="0.30.0"),
    },
    "MovieFilterType": {**each("MovieFilterType", "AND OR NOT"), **_OF_GROUPS},
    "SceneMarkerFilterType": {
        **each("HierarchicalMultiCriterionInput", "tags scene_tags"),
        **each("MultiCriterionInput", "performers scenes"),
        **each(
            "TimestampCriterionInput", "created_at updated_at scene_created_at scene_updated_at"
        ),
        "scene_date": "DateCriterionInput",
        "scene_filter": "SceneFilterType",
        "duration": TypeField("FloatCriterionInput", since="0.28.0"),
    },
    "FileFilterType": since(
        "0.29.0",
        {
            **each("FileFilterType", "AND OR NOT"),
            **each("StringCriterionInput", "path basename dir"),
            "parent_folder": "HierarchicalMultiCriterionInput",
            "zip_file": "MultiCriterionInput",
            **each("TimestampCriterionInput", "mod_time created_at updated_at"),
            "duplicated": TypeField(
                "PHashDuplicationCriterionInput", then=("0.31.0", "FileDuplicationCriterionInput")
            ),
            "hashes": "[FingerprintFilterInput!]",
            "video_file_filter": "VideoFileFilterInput",
            "image_file_filter": "ImageFileFilterInput",
            **each("IntCriterionInput", "scene_count image_count gallery_count"),
            "scenes_filter": "SceneFilterType",
            "images_filter": "ImageFilterType",
            "galleries_filter": "GalleryFilterType",
        },
    ),
    "FolderFilterType": since(
        "0.29.0",
        {
            **each("FolderFilterType", "AND OR NOT"),
            "path": "StringCriterionInput",
            "basename": TypeField("StringCriterionInput", since="0.31.0"),
            "parent_folder": "HierarchicalMultiCriterionInput",
            "zip_file": "MultiCriterionInput",
            **each("TimestampCriterionInput", "mod_time created_at updated_at"),
            "gallery_count": "IntCriterionInput",
            "files_filter": "FileFilterType",
            "galleries_filter": "GalleryFilterType",
        },
    ),
    "VideoFileFilterInput": since(
        "0.29.0",
        {
            "resolution": "ResolutionCriterionInput",
            "orientation": "OrientationCriterionInput",
            **each(
                "IntCriterionInput",
                "framerate bitrate duration interactive_speed",
            ),
            **each("StringCriterionInput", "format video_codec audio_codec captions"),
            "interactive": "Boolean",
        },
    ),
    "ImageFileFilterInput": since(
        "0.29.0",
        {
            "format": "StringCriterionInput",
            "resolution": "ResolutionCriterionInput",
            "orientation": "OrientationCriterionInput",
        },
    ),
    "FingerprintFilterInput": since(
        "0.29.0",
        {
            **each("String!", "type value"),
            "distance": "Int",
        },
    ),
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
