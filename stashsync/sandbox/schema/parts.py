"""Types and mutations beside those of kinds: parts, relations, histories, saved filters.

Source: docs/stash-behaviour.md#mutations
"""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Table, TypeField, each

ENUMS: dict[str, str] = {
    "FilterMode": "SCENES PERFORMERS STUDIOS GALLERIES SCENE_MARKERS MOVIES GROUPS TAGS IMAGES",
}

OBJECTS: Mapping[str, Table] = {
    "SceneGroup": {"group": "Group!", "scene_index": "Int"},
    "SceneMovie": {"movie": "Movie!", "scene_index": "Int"},
    "ScenePathsType": each(
        "String", "screenshot preview stream webp vtt sprite funscript interactive_heatmap caption"
    ),
    "SceneStreamEndpoint": {"url": "String!", **each("String", "mime_type label")},
    "VideoCaption": each("String!", "language_code caption_type"),
    "HistoryMutationResult": {"count": "Int!", "history": "[Time!]!"},
    "GalleryPathsType": each("String!", "cover preview"),
    "ImagePathsType": each("String", "thumbnail preview image"),
    "GroupDescription": {"group": "Group!", "description": "String"},
    "SavedFilter": {
        "id": "ID!",
        "mode": "FilterMode!",
        "name": "String!",
        "filter": TypeField("String!", deprecated="use find_filter and object_filter instead"),
        "find_filter": "SavedFindFilterType",
        **each("Map", "object_filter ui_options"),
    },
    "SavedFindFilterType": {
        **each("String", "q sort"),
        **each("Int", "page per_page"),
        "direction": "SortDirectionEnum",
    },
}

INPUTS: Mapping[str, Table] = {
    "SceneMergeInput": {
        "source": "[ID!]!",
        "destination": "ID!",
        "values": "SceneUpdateInput",
        **each("Boolean", "play_history o_history"),
    },
    "SceneGroupInput": {"group_id": "ID!", "scene_index": "Int"},
    "SceneMovieInput": {"movie_id": "ID!", "scene_index": "Int"},
    "SceneHashInput": each("String", "checksum oshash"),
    "GalleryAddInput": {"gallery_id": "ID!", "image_ids": "[ID!]!"},
    "GalleryRemoveInput": {"gallery_id": "ID!", "image_ids": "[ID!]!"},
    "GallerySetCoverInput": each("ID!", "gallery_id cover_image_id"),
    "GalleryResetCoverInput": {"gallery_id": "ID!"},
    "GroupDescriptionInput": {"group_id": "ID!", "description": "String"},
    "BulkUpdateGroupDescriptionsInput": {
        "groups": "[GroupDescriptionInput!]!",
        "mode": "BulkUpdateIdMode!",
    },
    "GroupSubGroupAddInput": {
        "containing_group_id": "ID!",
        "sub_groups": "[GroupDescriptionInput!]!",
        "insert_index": "Int",
    },
    "GroupSubGroupRemoveInput": {"containing_group_id": "ID!", "sub_group_ids": "[ID!]!"},
    "ReorderSubGroupsInput": {
        **each("ID!", "group_id insert_at_id"),
        "sub_group_ids": "[ID!]!",
        "insert_after": "Boolean",
    },
    "SaveFilterInput": {
        "id": "ID",
        "mode": "FilterMode!",
        "name": "String!",
        "find_filter": "FindFilterType",
        **each("Map", "object_filter ui_options"),
    },
    "DestroyFilterInput": {"id": "ID!"},
}

QUERIES: Table = {
    "findSceneByHash": TypeField("Scene", args={"input": "SceneHashInput!"}),
    "findScenesByPathRegex": TypeField("FindScenesResultType!", args={"filter": "FindFilterType"}),
    "findSavedFilter": TypeField("SavedFilter", args={"id": "ID!"}),
    "findSavedFilters": TypeField("[SavedFilter!]!", args={"mode": "FilterMode"}),
}

_ID: Table = {"id": "ID!"}
_TIMES: Table = {"id": "ID!", "times": "[Timestamp!]"}


def _flag(input_type: str) -> TypeField:
    return TypeField("Boolean!", args={"input": f"{input_type}!"})


MUTATIONS: Table = {
    "sceneMerge": TypeField("Scene", args={"input": "SceneMergeInput!"}),
    **each(
        TypeField("HistoryMutationResult!", args=_TIMES),
        "sceneAddO sceneDeleteO sceneAddPlay sceneDeletePlay",
    ),
    **each(TypeField("Int!", args=_ID), "sceneResetO sceneResetPlayCount"),
    **each(TypeField("Int!", args=_ID), "imageIncrementO imageDecrementO imageResetO"),
    "sceneIncrementO": TypeField("Int!", args=_ID, deprecated="Use sceneAddO instead"),
    "sceneDecrementO": TypeField("Int!", args=_ID, deprecated="Use sceneRemoveO instead"),
    "sceneIncrementPlayCount": TypeField("Int!", args=_ID, deprecated="Use sceneAddPlay instead"),
    "sceneSaveActivity": TypeField(
        "Boolean!", args={"id": "ID!", **each("Float", "resume_time playDuration")}
    ),
    "sceneResetActivity": TypeField(
        "Boolean!", args={"id": "ID!", **each("Boolean", "reset_resume reset_duration")}
    ),
    "addGalleryImages": _flag("GalleryAddInput"),
    "removeGalleryImages": _flag("GalleryRemoveInput"),
    "setGalleryCover": _flag("GallerySetCoverInput"),
    "resetGalleryCover": _flag("GalleryResetCoverInput"),
    "addGroupSubGroups": _flag("GroupSubGroupAddInput"),
    "removeGroupSubGroups": _flag("GroupSubGroupRemoveInput"),
    "reorderSubGroups": _flag("ReorderSubGroupsInput"),
    "saveFilter": TypeField("SavedFilter!", args={"input": "SaveFilterInput!"}),
    "destroySavedFilter": _flag("DestroyFilterInput"),
}
